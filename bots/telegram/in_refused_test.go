package telegram_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"okoshko/bots/telegram"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

func (w *world) post(secret, body string) *http.Response {
	w.t.Helper()
	resp, err := w.tryPost(secret, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp
}

func (w *world) tryPost(secret, body string) (*http.Response, error) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(soon(w.t), http.MethodPost, w.hook, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp, nil
}

func TestSecretIsAskedForFirst(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil)
	good := `{"update_id":5,"message":{"message_id":1,"from":{"id":1},"chat":{"id":1,"type":"private"},"date":1,"text":"a"}}`
	for _, secret := range []string{"", "x", w.bot.Secret() + "x", strings.ToUpper(w.bot.Secret()), w.srv.Token()} {
		for _, body := range []string{good, "{broken", ""} {
			if resp := w.post(secret, body); resp.StatusCode != http.StatusForbidden {
				t.Errorf("secret of %d bytes: status %d", len(secret), resp.StatusCode)
			}
		}
	}
	if len(w.engine.taken()) != 0 || len(w.aside.all()) != 0 {
		t.Error("something was looked at without the secret")
	}
	if resp := w.post(w.bot.Secret(), good); resp.StatusCode != http.StatusOK || len(w.engine.taken()) != 1 {
		t.Errorf("with the secret: status %d", resp.StatusCode)
	}
}

func TestWhatCannotBeReadIsPutAside(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil)
	bodies := []string{
		"", "{broken", "[]", "null", "\xff\xfe", `{"update_id":"x"}`, `{"message":{}}`,
		`{"update_id":77,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"text":5}}`,
		`{"update_id":78,"message":{"text":"` + strings.Repeat("я", 1<<20) + `"}}`,
	}
	for range 2 { // a redelivery is kept once
		for _, body := range bodies {
			if resp := w.post(w.bot.Secret(), body); resp.StatusCode != http.StatusOK {
				t.Errorf("%.40q: status %d", body, resp.StatusCode)
			}
		}
	}
	all := w.aside.all()
	if len(all) != len(bodies) {
		t.Fatalf("%d casualties, want %d", len(all), len(bodies))
	}
	if all[7].ID != "tg:7000000001:77" || len(all[8].Payload) != 64<<10 {
		t.Errorf("casualties %q, %d bytes", all[7].ID, len(all[8].Payload))
	}
	for _, c := range all {
		if strings.Contains(c.Cause, "broken") || c.ID == "" {
			t.Errorf("casualty %q: %q", c.ID, c.Cause)
		}
	}
}

func TestUpdateAboveTheServersLimit(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil)
	huge := strings.Repeat("x", 5<<20)
	if resp := w.post(w.bot.Secret(), huge); resp.StatusCode != http.StatusOK {
		t.Errorf("status %d", resp.StatusCode)
	}
	if all := w.aside.all(); len(all) != 1 {
		t.Errorf("%d casualties", len(all))
	}
	// Whoever has no secret is refused or cut off, and leaves nothing.
	if resp, err := w.tryPost("wrong", huge); err == nil && resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("without the secret: status %d", resp.StatusCode)
	}
	if all := w.aside.all(); len(all) != 1 {
		t.Errorf("%d casualties", len(all))
	}
}

func TestQuarantineAwayAsksAgain(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil)
	w.aside.fail = fault.New(fault.Unavailable, "postgres is away")
	resp := w.post(w.bot.Secret(), "{broken")
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
}

func TestPanicIsPutAside(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		c := w.customer(1)
		w.engine.set(func(e *engine) {
			e.fail = func(ev dialog.Event) error {
				if ev.Text == "бум" {
					panic("бум")
				}
				return nil
			}
		})
		c.Say("бум")
		c.Say("дальше")
		if ev := w.one(); ev.Text != "дальше" {
			t.Errorf("event %+v", ev)
		}
		if all := w.aside.all(); len(all) != 1 || all[0].Conversation != "tg:1" {
			t.Errorf("casualties %+v", all)
		}
	})
}
