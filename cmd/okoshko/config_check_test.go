package main

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// TestValidate breaks one key at a time.
func TestValidate(t *testing.T) {
	t.Parallel()
	key32 := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for _, row := range []struct{ path, text string }{
		{"http.listen", "8080"},
		{"http.listen", "127.0.0.1:99999"},
		{"http.trusted_proxies", "10.0.0.0/8,proxy"},
		{"http.body_limit", "1KiB"},
		{"http.body_limit", "9999999GiB"},
		{"admin.listen", "127.0.0.1"},
		{"admin.listen", "127.0.0.1:8080"},
		{"data.dir", ""},
		{"data.key", "k1"},
		{"data.key", "k1:c2hvcnQ="},
		{"data.key", "K1:" + key32},
		{"data.key", "k1:" + key32 + ",k1:" + key32},
		{"postgres.url", "mysql://user:topsecret@host/db"},
		{"postgres.max_connections", "0"},
		{"postgres.statement_timeout", "1h"},
		{"redis.url", "redis://:topsecret@host/db"},
		{"telegram.token", "topsecret"},
		{"telegram.token", "123:topsecret/../"},
		{"telegram.api_url", "api.telegram.org"},
		{"telegram.api_url", "https://api.telegram.org/bot"},
		{"telegram.mode", ""},
		{"telegram.webhook_url", "http://bot.example.org/telegram/webhook"},
		{"telegram.webhook_url", "https://"},
		{"telegram.webhook_secret", "topsecret!"},
		{"telegram.proxy", "ftp://user:topsecret@host"},
		{"telegram.policy", "lax"},
		{"webchat.origins", "*"},
		{"webchat.origins", "https://a.example/"},
		{"webchat.origins", "https://*.example"},
		{"webchat.origins", "a.example"},
		{"webchat.identity_secret", "topsecret"},
		{"webchat.messages_per_minute", "0"},
		{"smtp.url", "smtp://"},
		{"smtp.from", "nobody"},
		{"sms.url", "http://sms.example/v1"},
		{"company.zone", "Asia/Starogorsk"},
		{"company.zone", ""},
		{"company.hours.en", " "},
		{"company.site", "example.org"},
		{"company.mail_business", "biz@"},
		{"company.keep_dialogs", "0"},
		{"company.keep_appeals", "121"},
		{"limits.guest_tries_per_hour", "0"},
		{"dialogs.reminder", "25h"},
		{"dialogs.reminder", "12h"},
		{"dialogs.expiry", "13h"},
		{"http.public_url", "chat.example"},
		{"webchat.page_url", "chat.example"},
		{"webchat.page_url", "https://chat.example/#top"},
		{"jobs.partitions", "at night"},
		{"log.format", "xml"},
	} {
		_, err := Load("", []string{variable(row.path) + "=" + row.text})
		if err == nil {
			t.Errorf("%s: %q passed", row.path, row.text)
			continue
		}
		if !strings.HasPrefix(err.Error(), row.path+" ("+variable(row.path)+") ") {
			t.Errorf("%s: the message names another key:\n%v", row.path, err)
		}
		if strings.Contains(err.Error(), "topsecret") || strings.Contains(err.Error(), key32) {
			t.Errorf("%s: the message quotes a secret:\n%v", row.path, err)
		}
	}
	for _, good := range []string{
		"OKOSHKO_TELEGRAM_WEBHOOK_URL=http://127.0.0.1:8080/telegram/webhook",
		"OKOSHKO_TELEGRAM_WEBHOOK_URL=http://localhost/telegram/webhook",
		"OKOSHKO_TELEGRAM_WEBHOOK_URL=http://[::1]:1/telegram/webhook",
		"OKOSHKO_HTTP_LISTEN=:0",
		"OKOSHKO_ADMIN_LISTEN=",
		"OKOSHKO_TELEGRAM_TOKEN=123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
		"OKOSHKO_POSTGRES_URL=postgres:///okoshko?host=/var/run/postgresql",
	} {
		if _, err := Load("", []string{good}); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	if _, err := Load("", []string{"OKOSHKO_TELEGRAM_API_URL=http://127.0.0.1:9000", "OKOSHKO_TELEGRAM_TOKEN=sampleToken"}); err != nil {
		t.Errorf("an emulator's token: %v", err)
	}
}

func TestValidateLiveDemandsTheKey(t *testing.T) {
	t.Parallel()
	c := Default()
	if err := c.ValidateLive(); err == nil || !strings.Contains(err.Error(), "OKOSHKO_DATA_KEY") {
		t.Errorf("without a key: %v", err)
	}
	c, err := Load("", []string{"OKOSHKO_DATA_KEY=" + other(key{path: "data.key"})})
	if err != nil || c.ValidateLive() != nil {
		t.Errorf("with a key: %v, %v", err, c.ValidateLive())
	}
}

func TestDataKeys(t *testing.T) {
	t.Parallel()
	raw := []string{strings.Repeat("n", 32), strings.Repeat("o", 32)}
	encode := func(i int) string { return base64.StdEncoding.EncodeToString([]byte(raw[i])) }
	c, err := Load("", []string{"OKOSHKO_DATA_KEY=new:" + encode(0) + ", old:" + encode(1)})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := c.Data.Keys()
	if err != nil || len(keys) != 2 {
		t.Fatalf("got %v, %v", keys, err)
	}
	for i, id := range []string{"new", "old"} {
		if keys[i].ID != id || keys[i].Key.Reveal() != raw[i] {
			t.Errorf("key %d is %s", i, keys[i].ID)
		}
	}
}

func TestPrintHidesSecrets(t *testing.T) {
	t.Parallel()
	c, err := load(t, "telegram:\n  token: 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw\n",
		"OKOSHKO_POSTGRES_URL=postgres://user:topsecret@db:5432/okoshko", "OKOSHKO_REDIS_URL=redis+cluster://:topsecret@a:1,b:2")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := c.Print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"http.listen: 127.0.0.1:8080\n",
		"http.body_limit: 4MiB\n",
		"data.key: \n",
		"postgres.url: postgres://db:5432/okoshko  (OKOSHKO_POSTGRES_URL)\n",
		"redis.url: redis+cluster://a:1,b:2  (OKOSHKO_REDIS_URL)\n",
		"config.yaml:2)\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in:\n%s", want, out.String())
		}
	}
	for _, secret := range []string{"topsecret", "AAHdq"} {
		if strings.Contains(out.String(), secret) || strings.Contains(fmt.Sprintf("%+v %#v", c, c), secret) {
			t.Errorf("%s was printed:\n%s", secret, out.String())
		}
	}
}
