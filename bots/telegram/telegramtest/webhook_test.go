package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

// hook is a bot's webhook whose answers a test decides.
type hook struct {
	*httptest.Server
	mu   sync.Mutex
	seen []delivery
	more chan struct{}
}

type delivery struct {
	ID     int64
	Text   string
	Press  string
	Secret string
}

func listen(t *testing.T, answer func(w http.ResponseWriter, d delivery)) *hook {
	h := &hook{more: make(chan struct{}, 1000)}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var u struct {
			ID      int64 `json:"update_id"`
			Message struct {
				Text string `json:"text"`
			} `json:"message"`
			Press struct {
				ID   string `json:"id"`
				Data string `json:"data"`
			} `json:"callback_query"`
		}
		if err := json.Unmarshal(body, &u); err != nil {
			t.Errorf("update %s: %v", body, err)
		}
		d := delivery{u.ID, u.Message.Text + u.Press.Data, u.Press.ID, r.Header.Get("X-Telegram-Bot-Api-Secret-Token")}
		h.mu.Lock()
		h.seen = append(h.seen, d)
		h.mu.Unlock()
		h.more <- struct{}{}
		if answer != nil {
			answer(w, d)
		}
	}))
	t.Cleanup(h.Close)
	return h
}

// await returns the first n deliveries.
func (h *hook) await(t *testing.T, n int) []delivery {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		h.mu.Lock()
		seen := append([]delivery(nil), h.seen...)
		h.mu.Unlock()
		if len(seen) >= n {
			return seen
		}
		select {
		case <-h.more:
		case <-deadline:
			t.Fatalf("%d deliveries, want %d: %v", len(seen), n, seen)
		}
	}
}

func (b bot) hook(h *hook, more object) {
	b.t.Helper()
	params := object{"url": h.URL + "/telegram/webhook"}
	for k, v := range more {
		params[k] = v
	}
	b.must("setWebhook", params)
}

func TestWebhookCarriesTheSecret(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	h := listen(t, nil)
	b.hook(h, object{"secret_token": "s-_9"})
	b.srv.Customer(1001, maria).Say("привет")
	if d := h.await(t, 1)[0]; d.Secret != "s-_9" || d.Text != "привет" {
		t.Errorf("got %+v", d)
	}
	if err := b.srv.AwaitDrained(soon(t)); err != nil {
		t.Error(err)
	}
}

func TestWebhookRepeatsTheSameUpdateUntilItIsTaken(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Second: 5 * time.Millisecond})
	var mu sync.Mutex
	fails := 3
	h := listen(t, func(w http.ResponseWriter, _ delivery) {
		mu.Lock()
		defer mu.Unlock()
		if fails--; fails >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	b.hook(h, nil)
	c := b.srv.Customer(1001, maria)
	c.Say("раз")
	c.Say("два")
	seen := h.await(t, 5)
	want := []string{"раз", "раз", "раз", "раз", "два"}
	for i, d := range seen {
		if d.Text != want[i] || (i < 4 && d.ID != seen[0].ID) {
			t.Fatalf("got %v", seen)
		}
	}
	attempts := b.srv.Attempts()
	for i, least := range []time.Duration{0, 2, 4} {
		gap := attempts[i+1].At.Sub(attempts[i].At)
		if least *= 5 * time.Millisecond; gap < least {
			t.Errorf("retry %d after %v, want at least %v", i+1, gap, least)
		}
	}
	if err := b.srv.AwaitDrained(soon(t)); err != nil {
		t.Fatal(err)
	}
	if m := c.Messages(); !m[0].Delivered || !m[1].Delivered {
		t.Error("not delivered after the 2xx")
	}
	if got := b.srv.Stats(); got.Retries != 3 || got.Attempts != 5 {
		t.Errorf("stats %+v", got)
	}
}

func TestWebhookHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	first := true
	h := listen(t, func(w http.ResponseWriter, _ delivery) {
		if first {
			w.Header().Set("Retry-After", "80")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		first = false
	})
	b.hook(h, nil)
	b.srv.Customer(1001, maria).Say("раз")
	h.await(t, 2)
	if err := b.srv.AwaitDrained(soon(t)); err != nil {
		t.Fatal(err)
	}
	a := b.srv.Attempts()
	if gap := a[1].At.Sub(a[0].At); gap < 80*time.Millisecond {
		t.Errorf("tried again after %v, want 80 of the server's seconds", gap)
	}
}

func TestOneLaneWaitsTheOthersGoOn(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "?", "reply_markup": buttons("Да")})
	release := make(chan struct{})
	h := listen(t, func(_ http.ResponseWriter, d delivery) {
		if d.Text == "долго" {
			<-release
		}
	})
	b.hook(h, nil)
	c.Say("долго")
	h.await(t, 1)
	c.Say("после")
	if _, err := c.Press("Да"); err != nil {
		t.Fatal(err)
	}
	b.srv.Customer(1002, maria).Say("другой чат")
	texts := fmt.Sprint(h.await(t, 3)[1:])
	if !strings.Contains(texts, "d:Да") || !strings.Contains(texts, "другой чат") || strings.Contains(texts, "после") {
		t.Errorf("while one chat waits, got %s", texts)
	}
	close(release)
	if last := h.await(t, 4)[3]; last.Text != "после" {
		t.Errorf("got %v last", last)
	}
}

func TestMaxConnections(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	var mu sync.Mutex
	now, most := 0, 0
	h := listen(t, func(http.ResponseWriter, delivery) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		now--
		mu.Unlock()
	})
	b.hook(h, object{"max_connections": 2})
	for id := range int64(12) {
		b.srv.Customer(2000+id, maria).Say("x")
	}
	if err := b.srv.AwaitDrained(soon(t)); err != nil {
		t.Fatal(err)
	}
	if most != 2 {
		t.Errorf("%d requests at once, want 2", most)
	}
}

func TestWebhookAnswerMayHoldOneCall(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "?", "reply_markup": buttons("Да")})
	h := listen(t, func(w http.ResponseWriter, d delivery) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(object{"method": "answerCallbackQuery", "callback_query_id": d.Press, "text": "уже отвечено"})
	})
	b.hook(h, nil)
	p, err := c.Press("Да")
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.Await(soon(t))
	if err != nil || a.Text != "уже отвечено" {
		t.Fatalf("got %+v, %v", a, err)
	}
	call, err := b.srv.AwaitCall(soon(t), func(c telegramtest.Call) bool { return c.InAnswer })
	if err != nil || call.Method != "answerCallbackQuery" || call.Chat != 1001 || !call.Effect {
		t.Errorf("journal has %+v, %v", call, err)
	}
}

func TestSetWebhookChecks(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	refuse := func(params object, text string) {
		t.Helper()
		b.refused("setWebhook", params, 400, "Bad Request: "+text)
	}
	refuse(object{"url": "http://example.org/x"}, "bad webhook: An HTTPS URL must be provided for webhook")
	refuse(object{"url": "https://example.org:8080/x"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	local := "http://127.0.0.1:9/x"
	refuse(object{"url": local, "secret_token": "a:b"}, "secret token contains unallowed characters")
	refuse(object{"url": local, "secret_token": "a.b"}, "secret token contains unallowed characters")
	refuse(object{"url": local, "secret_token": strings.Repeat("a", 257)}, "secret token is too long")
	b.must("setWebhook", object{"url": local, "secret_token": strings.Repeat("a", 256), "max_connections": 7, "allowed_updates": []string{"message"}})
	info := b.must("getWebhookInfo", nil)
	if info["url"] != local || info["max_connections"] != 7.0 || fmt.Sprint(info["allowed_updates"]) != "[message]" {
		t.Errorf("got %v", info)
	}
	b.must("setWebhook", object{"url": ""})
	if info := b.must("getWebhookInfo", nil); info["url"] != "" {
		t.Errorf("an empty url must remove the webhook: %v", info)
	}
}

func TestDropPendingUpdatesAndSwitching(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.srv.Customer(1001, maria)
	c.Say("старое")
	h := listen(t, nil)
	b.hook(h, object{"drop_pending_updates": true})
	c.Say("новое")
	if d := h.await(t, 1)[0]; d.Text != "новое" {
		t.Errorf("got %q", d.Text)
	}
	if err := b.srv.AwaitDrained(soon(t)); err != nil {
		t.Fatal(err)
	}
	b.must("deleteWebhook", nil)
	c.Say("опросом")
	if got := b.updates(nil); len(got) != 1 {
		t.Errorf("got %v by polling", got)
	}
}

func TestWebhookInfoTellsTheLastError(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	h := listen(t, func(w http.ResponseWriter, _ delivery) { w.WriteHeader(500) })
	b.hook(h, nil)
	b.srv.Customer(1001, maria).Say("x")
	h.await(t, 2)
	info := b.must("getWebhookInfo", nil)
	if info["last_error_message"] != "Wrong response from the webhook: 500 Internal Server Error" || info["pending_update_count"] != 1.0 {
		t.Errorf("got %v", info)
	}
}

func TestWebhookRequestIsBounded(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{WebhookTimeout: 30 * time.Millisecond})
	release := make(chan struct{})
	h := listen(t, func(http.ResponseWriter, delivery) { <-release })
	t.Cleanup(func() { close(release) })
	b.hook(h, nil)
	b.srv.Customer(1001, maria).Say("x")
	h.await(t, 2)
	if info := b.must("getWebhookInfo", nil); info["last_error_message"] != "Read timeout expired" {
		t.Errorf("got %v", info)
	}
}

func TestPressExpiresInItsLane(t *testing.T) {
	t.Parallel()
	// A press lives for 1.5 s here, in which any machine tries it three times.
	b := open(t, telegramtest.Config{Second: 10 * time.Millisecond})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "?", "reply_markup": buttons("Да")})
	h := listen(t, func(w http.ResponseWriter, _ delivery) { w.WriteHeader(500) })
	b.hook(h, nil)
	if _, err := c.Press("Да"); err != nil {
		t.Fatal(err)
	}
	if err := b.srv.AwaitDrained(soon(t)); err != nil {
		t.Fatal(err)
	}
	if got := b.srv.Stats(); got.Dropped != 1 || got.Retries < 2 {
		t.Errorf("stats %+v, want retries and then one dropped press", got)
	}
}

func TestGoneForADayRemovesTheWebhook(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Second: time.Microsecond})
	h := listen(t, func(w http.ResponseWriter, _ delivery) { w.WriteHeader(http.StatusGone) })
	b.hook(h, nil)
	for b.must("getWebhookInfo", nil)["url"] != "" {
		b.srv.Customer(1001, maria).Say("x")
		if t.Context().Err() != nil {
			t.Fatal("still there")
		}
	}
}
