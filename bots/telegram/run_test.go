package telegram_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/bots/telegram"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
)

func TestSetup(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world) {
		w.until("the menus are set", func() bool {
			menu := w.srv.Customer(5, telegramtest.Profile{Language: "en"}).Commands()
			return len(menu) == 1 && menu[0].Description == "Menu"
		})
		ru, en := w.srv.Customer(4, maria).Commands(), w.srv.Customer(5, telegramtest.Profile{Language: "en"}).Commands()
		if len(ru) != 1 || ru[0].Description != "Меню" || len(en) != 1 || en[0].Description != "Menu" {
			t.Errorf("menus %+v, %+v", ru, en)
		}
		s := w.status()
		if !s.Reachable || s.Username != w.srv.Username() || s.Mode != w.cfg.Mode || s.LastError != "" {
			t.Errorf("status %+v", s)
		}
		if w.cfg.Mode == telegram.Webhook {
			call, err := w.srv.AwaitCall(soon(t), func(c telegramtest.Call) bool { return c.Method == "setWebhook" })
			if err != nil || call.Params["secret_token"] != w.bot.Secret() || len(w.bot.Secret()) != 64 ||
				call.Params["allowed_updates"] == "" || call.Params["url"] != w.hook {
				t.Errorf("webhook %+v, %v", call.Params, err)
			}
		}
	})
}

func TestTelegramUnreachableAtStart(t *testing.T) {
	t.Parallel()
	for _, mode := range []telegram.Mode{telegram.Webhook, telegram.Polling} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := open(t, mode, nil)
			w.srv.Outage(true)
			w.run()
			w.until("it has been tried", func() bool { return w.status().LastError == "connection" })
			c := w.srv.Customer(1, maria)
			c.Start("")
			w.until("it has been tried more than once", func() bool { return w.meter.count("connection") > 3 })
			if s := w.status(); s.Reachable || s.Ready {
				t.Errorf("status %+v", s)
			}
			if n := w.log.count("step=getMe"); n > 1 {
				t.Errorf("logged %d times:\n%s", n, w.log)
			}
			w.srv.Outage(false)
			if ev := w.one(); ev.Text != "/start" {
				t.Errorf("event %+v", ev)
			}
			w.until("it is well", func() bool { return w.status().Username != "" && w.status().Reachable })
		})
	}
}

func TestWebhookThatWasTakenAwayIsSetAgain(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Webhook, nil).ready()
	resp, err := http.Post(w.srv.URL()+"/bot"+w.srv.Token()+"/deleteWebhook", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	w.srv.Customer(1, maria).Start("")
	if ev := w.one(); ev.Text != "/start" {
		t.Errorf("event %+v", ev)
	}
}

func TestPollingEndsWhatForbidsIt(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Polling, nil).ready()
	w.srv.Fault(telegramtest.Fault{Method: "getUpdates", Code: 409, Description: "Conflict: terminated by other getUpdates request"})
	w.srv.Fault(telegramtest.Fault{Method: "getUpdates", Code: 502, Times: 2})
	w.srv.Customer(1, maria).Start("")
	if ev := w.one(); ev.Text != "/start" {
		t.Errorf("event %+v", ev)
	}
}

// lease is one name for two replicas.
type lease struct {
	mu     sync.Mutex
	holder string
	until  time.Time
}

type side struct {
	*lease
	name string
}

func (s side) Lease(_ context.Context, _ string, d time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.holder != s.name && time.Now().Before(s.until) {
		return false, nil
	}
	s.holder, s.until = s.name, time.Now().Add(d)
	return true, nil
}

func TestOneReplicaPolls(t *testing.T) {
	t.Parallel()
	l := &lease{}
	w := open(t, telegram.Polling, func(c *telegram.Config) { c.Poller = side{l, "a"} })
	cfg := w.cfg
	cfg.Poller = side{l, "b"}
	second, err := telegram.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	second.Hasten()
	ctx, cancel := context.WithCancel(context.Background())
	var first sync.WaitGroup
	first.Go(func() { _ = w.bot.Run(ctx, w.engine) })
	w.until("the first polls", func() bool { return w.status().Polling })
	other, stop := context.WithCancel(context.Background())
	var rest sync.WaitGroup
	rest.Go(func() { _ = second.Run(other, w.engine) })
	defer func() { stop(); rest.Wait() }()
	c := w.customer(1)
	w.drained()
	if second.Status().(telegram.Status).Polling {
		t.Error("both poll")
	}
	cancel()
	first.Wait()
	c.Say("кому?")
	w.drained()
	if !second.Status().(telegram.Status).Polling {
		t.Error("the second has not taken over")
	}
	if w.log.count("somebody else polls") > 0 {
		t.Errorf("they fought:\n%s", w.log)
	}
}

func TestTokenShowsNowhere(t *testing.T) {
	t.Parallel()
	for _, mode := range []telegram.Mode{telegram.Webhook, telegram.Polling} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := open(t, mode, nil)
			w.bot.CallWithin(30 * time.Millisecond)
			c := w.customer(1)
			w.files["a"] = []byte("a")
			var said strings.Builder
			for _, f := range []telegramtest.Fault{
				{Effect: telegramtest.Reset, Times: 8},
				{Effect: telegramtest.Cut, Times: 8},
				{Code: 502, Times: 8},
				{Effect: telegramtest.Hang, Delay: 60 * time.Millisecond, Times: 4},
				{Code: 401, Description: "Unauthorized " + w.srv.Token(), Times: 6},
				{Code: 400, Description: "Bad Request: " + w.srv.Token(), Times: 6},
			} {
				w.srv.Fault(f)
			}
			w.run()
			for range 20 {
				fmt.Fprintln(&said, w.send(c, say("x"), ""), w.send(c, chat.Message{Files: []chat.File{{ID: "a"}}}, ""))
				_, err := w.bot.Fetch(t.Context(), "nothing")
				fmt.Fprintln(&said, err)
				status, _ := json.Marshal(w.bot.Status())
				fmt.Fprintln(&said, string(status))
			}
			w.srv.Outage(true)
			_, failed := w.bot.Fetch(t.Context(), "nothing")
			fmt.Fprintln(&said, failed, w.send(c, say("x"), ""))
			w.srv.Outage(false)
			fmt.Fprintf(&said, "%v %+v %#v", w.cfg, w.cfg, w.cfg)
			idle, err := telegram.New(w.cfg) // printing one that runs is a race
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&said, "%v %+v", idle, idle)
			all := said.String() + w.log.String()
			for _, secret := range []string{w.srv.Token(), strings.Split(w.srv.Token(), ":")[1], w.bot.Secret()} {
				if i := strings.Index(all, secret); i >= 0 {
					t.Errorf("a secret shows: …%s…", all[max(0, i-80):i])
				}
			}
			if !strings.Contains(all, "connection") || !strings.Contains(all, "502") {
				t.Error("the faults did not show either")
			}
		})
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	good := quiet(t, nil).cfg
	for name, spoil := range map[string]func(*telegram.Config){
		"token":   func(c *telegram.Config) { c.Token = privacy.NewSecret("secret words") },
		"address": func(c *telegram.Config) { c.APIURL = "api.telegram.org" },
		"mode":    func(c *telegram.Config) { c.Mode = "" },
		"secret":  func(c *telegram.Config) { c.WebhookSecret = c.Token },
		"proxy":   func(c *telegram.Config) { c.Proxy = privacy.NewURL("ftp://user:secret@host") },
		"clock":   func(c *telegram.Config) { c.Now = nil },
	} {
		bad := good
		spoil(&bad)
		_, err := telegram.New(bad)
		if !fault.Is(err, fault.Invalid) || strings.Contains(fmt.Sprint(err), "secret words") || strings.Contains(fmt.Sprint(err), "user") && name == "proxy" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOneBadUpdateOfABatch: it is put aside, the others are taken, and all are
// confirmed by one offset that is not repeated.
func TestOneBadUpdateOfABatch(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var offsets []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !strings.HasSuffix(r.URL.Path, "/getUpdates") {
			_, _ = fmt.Fprint(w, `{"ok":true,"result":true}`)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		offsets = append(offsets, r.FormValue("offset"))
		if len(offsets) > 1 {
			_, _ = fmt.Fprint(w, `{"ok":true,"result":[]}`)
			return
		}
		var list []string
		for i, text := range []string{`"раз"`, `{"not":"a text"}`, `"два"`} {
			list = append(list, `{"update_id":`+strconv.Itoa(500+i)+`,"message":{"message_id":1,"from":{"id":1},`+
				`"chat":{"id":1,"type":"private"},"date":1,"text":`+text+`}}`)
		}
		_, _ = fmt.Fprint(w, `{"ok":true,"result":[`+strings.Join(list, ",")+`]}`)
	}))
	t.Cleanup(srv.Close)
	w := open(t, telegram.Polling, func(c *telegram.Config) { c.APIURL = srv.URL }).run()
	w.until("the offset has been sent", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(offsets) > 2
	})
	mu.Lock()
	defer mu.Unlock()
	if offsets[0] != "0" || offsets[1] != "503" || offsets[2] != "0" {
		t.Errorf("offsets %v", offsets[:3])
	}
	if got := w.engine.taken(); len(got) != 2 || got[0].Text != "раз" || got[1].Text != "два" {
		t.Errorf("taken %+v", got)
	}
	if all := w.aside.all(); len(all) != 1 || all[0].ID != "tg:7000000001:501" {
		t.Errorf("casualties %+v", all)
	}
}

// TestOffsetWaitsForTheWholeBatch: while a store is away nothing is confirmed.
func TestOffsetWaitsForTheWholeBatch(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Polling, nil).ready()
	c := w.customer(1)
	away := true
	tried := 0
	w.engine.set(func(e *engine) {
		e.fail = func(dialog.Event) error {
			if tried++; away {
				return fault.New(fault.Unavailable, "redis is away")
			}
			return nil
		}
	})
	c.Say("раз")
	w.until("it has been tried", func() bool {
		w.engine.mu.Lock()
		defer w.engine.mu.Unlock()
		return tried > 3
	})
	if w.srv.Pending() != 1 {
		t.Errorf("%d updates pending", w.srv.Pending())
	}
	w.engine.set(func(*engine) { away = false })
	if ev := w.one(); ev.Text != "раз" {
		t.Errorf("event %+v", ev)
	}
}

func TestAnswersOfPressesAreNotWaitedFor(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Polling, nil)
	w.bot.CallWithin(300 * time.Millisecond)
	w.ready()
	c := w.customer(1)
	m := say("?")
	m.Choices = []chat.Choice{{Token: "y", Label: "Да"}}
	w.sent(c, m, "")
	w.srv.Fault(telegramtest.Fault{Method: "answerCallbackQuery", Effect: telegramtest.Hang})
	p, err := c.Press("Да")
	if err != nil {
		t.Fatal(err)
	}
	c.Say("дальше")
	w.drained()
	if got := w.engine.taken(); len(got) != 2 {
		t.Errorf("taken %+v", got)
	}
	select {
	case <-p.Answered():
		t.Error("the answer did not hang")
	default:
	}
}

func TestLateAnswerIsSwallowed(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Polling, nil).ready()
	c := w.customer(1)
	m := say("?")
	m.Choices = []chat.Choice{{Token: "y", Label: "Да"}}
	w.sent(c, m, "")
	w.srv.Fault(telegramtest.Fault{
		Method: "answerCallbackQuery", Code: 400,
		Description: "Bad Request: query is too old and response timeout expired or query ID is invalid",
	})
	if _, err := c.Press("Да"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.srv.AwaitCall(soon(t), func(c telegramtest.Call) bool { return c.Method == "answerCallbackQuery" }); err != nil {
		t.Fatal(err)
	}
	w.sent(c, say("дальше"), "")
	if w.log.count("level=ERROR") != 0 || w.status().LastError != "" {
		t.Errorf("it left a trace: %+v\n%s", w.status(), w.log)
	}
}
