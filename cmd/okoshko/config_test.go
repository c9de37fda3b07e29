package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/fault"
)

// repositoryConfig is the commented file that stands for the defaults.
const repositoryConfig = "../../config.yaml"

// revealed returns every key with its full value.
func revealed(c Config) map[string]string {
	values := map[string]string{}
	for _, k := range c.keys() {
		values[k.path] = k.text()
		if hidden, ok := k.value.Interface().(interface{ Reveal() string }); ok {
			values[k.path] = hidden.Reveal()
		}
	}
	return values
}

func load(t *testing.T, yaml string, environ ...string) (Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, environ)
}

func TestRepositoryConfigIsTheDefaults(t *testing.T) {
	t.Parallel()
	c, err := Load(repositoryConfig, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(revealed(Default()), revealed(c)); diff != "" {
		t.Errorf("config.yaml (-defaults +file):\n%s", diff)
	}
	for _, k := range c.keys() {
		if c.origin[k.path] == "" {
			t.Errorf("config.yaml leaves %s out", k.path)
		}
	}
}

func TestRepositoryConfigExplainsEveryKey(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(repositoryConfig)
	if err != nil {
		t.Fatal(err)
	}
	isKey, isComment := regexp.MustCompile(`^( *)[a-z_]+:`), regexp.MustCompile(`^( *)# \S`)
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		key := isKey.FindStringSubmatch(line)
		if key == nil {
			continue
		}
		if comment := isComment.FindStringSubmatch(lines[i-1]); comment == nil || comment[1] != key[1] {
			t.Errorf("config.yaml:%d: no comment stands above %q", i+1, line)
		}
	}
}

// other is a second valid text for every kind of key, so that a test can tell
// that it arrived.
func other(k key) string {
	switch k.path {
	case "http.trusted_proxies":
		return "10.0.0.0/8, ::1"
	case "http.body_limit":
		return "8MiB"
	case "http.listen", "admin.listen":
		return "127.0.0.1:7777"
	case "telegram.mode":
		return "webhook"
	case "company.zone":
		return "Europe/Moscow"
	case "log.level":
		return "ERROR"
	case "log.format":
		return "json"
	case "http.public_url", "webchat.page_url":
		return "https://chat.example"
	case "jobs.tidy", "jobs.payments":
		return "40 4 * * 1"
	case "dialogs.reminder":
		return "7m0s"
	case "dialogs.expiry":
		return "3h0m0s"
	case "postgres.statement_timeout":
		return "1s"
	case "jobs.partitions":
		return "30 4 * * 1"
	case "postgres.url":
		return "postgres://u:p@h/d"
	case "redis.url":
		return "redis://u:p@h"
	case "smtp.url":
		return "smtp://u:p@h"
	case "smtp.from", "company.mail", "company.mail_personal_data", "company.mail_business":
		return "post@other.example"
	case "company.payee.inn":
		return "0000123468"
	case "company.payee.kpp":
		return "000201001"
	case "company.payee.account":
		return "40702810100000000202"
	case "company.payee.bic":
		return "041000777"
	case "company.payee.corresp":
		return "30101810200000000778"
	case "sms.url", "payment.url":
		return "https://other.example/v1"
	case "telegram.policy":
		return PolicyStrict
	case "telegram.proxy":
		return "socks5://u:p@h:1"
	case "telegram.webhook_url", "telegram.api_url", "company.site":
		return "https://other.example/path"
	case "telegram.token":
		return "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
	case "desk.hours":
		return "Mon 09:00-10:00"
	case "desk.handling", "limits.same_appeal":
		return "9m0s"
	case "webchat.origins":
		return "https://a.example, https://b.example:8443"
	case "webchat.identity_secret":
		return strings.Repeat("s", shortestSecret)
	case "data.key":
		return "k1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))
	}
	if k.value.Kind() == reflect.Int {
		return "77"
	}
	return "other"
}

func TestEveryKeyHasAVariable(t *testing.T) {
	t.Parallel()
	start := Default()
	seen := map[string]string{}
	for _, k := range start.keys() {
		name, text := variable(k.path), other(k)
		if seen[name] != "" {
			t.Errorf("%s sets both %s and %s", name, seen[name], k.path)
		}
		seen[name] = k.path
		c, err := Load("", []string{name + "=" + text, "HOME=/", "OKOSHKOX=1"})
		if err != nil {
			t.Errorf("%s=%s: %v", name, text, err)
		}
		want := revealed(Default())
		want[k.path] = text
		if diff := cmp.Diff(want, revealed(c)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	// The names that the outside contract fixes.
	for _, name := range strings.Fields(`OKOSHKO_HTTP_LISTEN OKOSHKO_ADMIN_LISTEN OKOSHKO_DATA_DIR OKOSHKO_DATA_KEY
		OKOSHKO_POSTGRES_URL OKOSHKO_REDIS_URL OKOSHKO_TELEGRAM_TOKEN OKOSHKO_TELEGRAM_API_URL OKOSHKO_TELEGRAM_MODE
		OKOSHKO_TELEGRAM_WEBHOOK_URL OKOSHKO_TELEGRAM_WEBHOOK_SECRET OKOSHKO_TELEGRAM_PROXY OKOSHKO_SMTP_URL`) {
		if seen[name] == "" {
			t.Errorf("%s sets nothing", name)
		}
	}
}

func TestVariableWinsOverFile(t *testing.T) {
	t.Parallel()
	c, err := load(t, `
http:
  listen: 127.0.0.1:1
  trusted_proxies: [10.0.0.0/8, "::1"]
admin: {listen: ""}
limits:
telegram:
  token: # nothing here keeps the default
company:
  name:
    ru: |-
      Две
      строки
`, "OKOSHKO_HTTP_LISTEN=127.0.0.1:2", "OKOSHKO_ADMIN_LISTEN=")
	if err != nil {
		t.Fatal(err)
	}
	want := revealed(Default())
	want["http.listen"], want["http.trusted_proxies"] = "127.0.0.1:2", "10.0.0.0/8, ::1"
	want["admin.listen"], want["company.name.ru"] = "", "Две\nстроки"
	if diff := cmp.Diff(want, revealed(c)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		yaml    string
		environ []string
		says    []string
	}{
		"unknown key":      {"http:\n  lisen: x\n", nil, []string{`config.yaml:2: the key http.lisen is unknown; did you mean http.listen?`}},
		"unknown block":    {"telegramm:\n  token: x\n", nil, []string{`config.yaml:1: the key telegramm is unknown; did you mean telegram?`}},
		"far from any":     {"zzzzzzzzzzzzzzzz: 1\n", nil, []string{`the key zzzzzzzzzzzzzzzz is unknown.`}},
		"unknown variable": {"", []string{"OKOSHKO_TELEGRAM_TOKN=123"}, []string{`OKOSHKO_TELEGRAM_TOKN is unknown; did you mean OKOSHKO_TELEGRAM_TOKEN?`}},
		"twice":            {"log:\n  level: info\n  level: warn\n", nil, []string{"config.yaml:3: this is not YAML"}},
		"not YAML":         {"log: [\n", nil, []string{"this is not YAML"}},
		"two documents":    {"log: {level: info}\n---\nlog: {level: warn}\n", nil, []string{"one document"}},
		"value for block":  {"log: info\n", nil, []string{"config.yaml:1: log must be a block of keys"}},
		"not a mapping":    {"- log\n", nil, []string{"the file must be a block of keys"}},
		"block for value":  {"log:\n  level: {a: b}\n", nil, []string{"log.level (OKOSHKO_LOG_LEVEL) must be a plain value"}},
		"list for value":   {"log:\n  level: [a]\n", nil, []string{"log.level (OKOSHKO_LOG_LEVEL) must be one value, not a list"}},
		"alias":            {"log:\n  level: &a info\n  format: *a\n", nil, []string{"log.level (OKOSHKO_LOG_LEVEL) must be a plain value", "log.format (OKOSHKO_LOG_FORMAT) must be a plain value"}},
		"everything at once": {"limits:\n  guest_tries_per_hour: many\ndialogs:\n  expiry: 3\n", []string{"OKOSHKO_LOG_LEVEL=loud", "OKOSHKO_HTTP_BODY_LIMIT=4 mice", "OKOSHKO_TELEGRAM_MODE=push"}, []string{
			"guest_tries_per_hour (OKOSHKO_LIMITS_GUEST_TRIES_PER_HOUR) must be a whole number",
			"dialogs.expiry (OKOSHKO_DIALOGS_EXPIRY) must be a length of time such as",
			"log.level (OKOSHKO_LOG_LEVEL) must be debug, info, warn or error.",
			"http.body_limit (OKOSHKO_HTTP_BODY_LIMIT) must be a size such as 512KiB or 4MiB.",
			`telegram.mode (OKOSHKO_TELEGRAM_MODE) must be webhook or polling, not "push".`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, row.yaml, row.environ...)
			if err == nil || !fault.Is(err, fault.Invalid) {
				t.Fatalf("got %v, want an Invalid error", err)
			}
			if lines := strings.Count(err.Error(), "\n") + 1; lines != len(row.says) {
				t.Errorf("%d problems, want %d:\n%v", lines, len(row.says), err)
			}
			for _, want := range row.says {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("missing %q in:\n%v", want, err)
				}
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "absent.yaml"), nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("an absent file: %v", err)
	}
}
