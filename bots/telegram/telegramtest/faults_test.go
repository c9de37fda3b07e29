package telegramtest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

func TestFaultsAnswerInTelegramsWords(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	send := object{"chat_id": 1001, "text": "x"}
	b.srv.Fault(telegramtest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 7})
	r := b.call("sendMessage", send)
	if r.Status != 429 || r.Parameters.RetryAfter != 7 || r.Description != "Too Many Requests: retry after 7" {
		t.Errorf("got %+v", r)
	}
	b.srv.Fault(telegramtest.Fault{Code: 403})
	b.refused("sendMessage", send, 403, "Forbidden: bot was blocked by the user")
	b.srv.Fault(telegramtest.Fault{Code: 400, Description: "Bad Request: can't parse entities: odd"})
	b.refused("sendMessage", send, 400, "Bad Request: can't parse entities: odd")
	b.srv.Fault(telegramtest.Fault{Code: 502})
	resp, err := http.Post(b.url("sendMessage"), "application/json", strings.NewReader(`{"chat_id":1001,"text":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != 502 || !strings.Contains(resp.Header.Get("Content-Type"), "text/html") || !strings.Contains(string(page), "<h1>502 Bad Gateway</h1>") {
		t.Errorf("got %d %s", resp.StatusCode, page)
	}
	if n := len(c.Messages()); n != 1 {
		t.Errorf("%d messages, want none of the refused ones", n)
	}
	b.must("sendMessage", send)
}

func TestFaultsChooseTheirCalls(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	b.talking(1001, maria)
	b.talking(1002, maria)
	remove := b.srv.Fault(telegramtest.Fault{Method: "sendMessage", Chat: 1002, After: 1, Times: 2, Code: 500, Description: "Internal Server Error"})
	var got []int
	for range 5 {
		b.must("sendMessage", object{"chat_id": 1001, "text": "x"})
		b.must("sendChatAction", object{"chat_id": 1002, "action": "typing"})
		got = append(got, b.call("sendMessage", object{"chat_id": 1002, "text": "x"}).Status)
	}
	if fmt.Sprint(got) != "[200 500 500 200 200]" {
		t.Errorf("got %v", got)
	}
	remove()
	remove = b.srv.Fault(telegramtest.Fault{Times: -1, Code: 403})
	for range 3 {
		b.refused("getMe", nil, 403, "Forbidden: bot was blocked by the user")
	}
	remove()
	b.must("getMe", nil)
	b.srv.Fault(telegramtest.Fault{Times: -1, Code: 403})
	b.srv.ClearFaults()
	b.must("getMe", nil)
}

func TestHeldFloodWaitCountsTheImpatient(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	b.talking(1001, maria)
	b.talking(1002, maria)
	b.srv.Fault(telegramtest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 1, Hold: true})
	send := object{"chat_id": 1001, "text": "x"}
	start := time.Now()
	for b.call("sendMessage", send).Status == 429 {
		b.must("sendMessage", object{"chat_id": 1002, "text": "x"}) // other chats go on
	}
	if wait := time.Since(start); wait < 900*time.Millisecond {
		t.Errorf("held for %v", wait)
	}
	if s := b.srv.Stats(); s.Impatient == 0 {
		t.Error("nobody was counted as impatient")
	}
}

func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		effect telegramtest.Effect
		done   bool
	}{
		{telegramtest.Hang, false},
		{telegramtest.HangAfter, true},
		{telegramtest.Reset, false},
		{telegramtest.ResetAfter, true},
		{telegramtest.Cut, true},
	} {
		t.Run(fmt.Sprint(x.effect), func(t *testing.T) {
			t.Parallel()
			b := open(t, telegramtest.Config{})
			c := b.talking(1001, maria)
			b.srv.Fault(telegramtest.Fault{Method: "sendMessage", Effect: x.effect, Delay: 20 * time.Millisecond})
			if r, err := b.try("sendMessage", object{"chat_id": 1001, "text": "x"}); err == nil {
				t.Fatalf("got an answer: %+v", r)
			}
			if done := len(c.Messages()) == 2; done != x.done {
				t.Errorf("carried out: %v, want %v", done, x.done)
			}
			call, err := b.srv.AwaitCall(soon(t), func(c telegramtest.Call) bool { return c.Method == "sendMessage" })
			if err != nil || call.Effect != x.done || call.Lost != x.done {
				t.Errorf("journal has %+v, %v", call, err)
			}
			b.must("sendMessage", object{"chat_id": 1001, "text": "y"})
		})
	}
}

func TestSlowAnswer(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	b.srv.Fault(telegramtest.Fault{Effect: telegramtest.Slow, Delay: 30 * time.Millisecond})
	start := time.Now()
	b.must("getMe", nil)
	if d := time.Since(start); d < 30*time.Millisecond {
		t.Errorf("answered after %v", d)
	}
}

func TestOutage(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	h := listen(t, nil)
	b.hook(h, nil)
	b.srv.Outage(true)
	c := b.srv.Customer(1001, maria)
	c.Say("в тишину")
	if _, err := b.try("getMe", nil); err == nil {
		t.Error("answered in an outage")
	}
	if n := len(b.srv.Attempts()); n != 0 {
		t.Errorf("%d deliveries in an outage", n)
	}
	b.srv.Outage(false)
	if d := h.await(t, 1)[0]; d.Text != "в тишину" {
		t.Errorf("got %+v", d)
	}
	b.must("getMe", nil)
}

func TestCopiesOfEveryUpdate(t *testing.T) {
	t.Parallel()
	for _, d := range []telegramtest.Delivery{
		{Copies: 2, Concurrent: true, Jitter: time.Millisecond},
		{Copies: 2, Later: time.Millisecond},
	} {
		b := open(t, telegramtest.Config{})
		h := listen(t, nil)
		b.hook(h, nil)
		b.srv.Deliver(d)
		c := b.srv.Customer(1001, maria)
		for i := range 5 {
			c.Say(fmt.Sprint(i))
		}
		count := map[int64]int{}
		for _, x := range h.await(t, 15) {
			count[x.ID]++
		}
		for id, n := range count {
			if n != 3 {
				t.Errorf("%+v: update %d came %d times", d, id, n)
			}
		}
		if len(count) != 5 {
			t.Errorf("%+v: got %v", d, count)
		}
	}
	b := open(t, telegramtest.Config{})
	b.srv.Deliver(telegramtest.Delivery{Copies: 1})
	b.srv.Customer(1001, maria).Say("x")
	if u := b.updates(nil); len(u) != 2 || u[0]["update_id"] != u[1]["update_id"] {
		t.Errorf("by polling: %v", u)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	h := listen(t, func(w http.ResponseWriter, d delivery) {
		if d.ID%7 == 0 {
			w.WriteHeader(500)
		}
	})
	b.srv.Deliver(telegramtest.Delivery{Jitter: time.Millisecond})
	var all sync.WaitGroup
	for id := range int64(8) {
		all.Go(func() {
			c := b.srv.Customer(3000+id, maria)
			for i := range 10 {
				c.Say(fmt.Sprint(i))
				if _, err := b.try("sendMessage", object{"chat_id": c.ID(), "text": "ответ", "reply_markup": buttons("Да")}); err != nil {
					t.Error(err)
				}
				if p, err := c.Press("Да"); err != nil {
					t.Error(err)
				} else if i == 5 {
					p.Again()
				}
				_ = c.String()
			}
		})
	}
	b.hook(h, nil)
	all.Wait()
	b.must("deleteWebhook", nil)
	b.hook(listen(t, nil), nil)
	if err := b.srv.AwaitDrained(soon(t)); err != nil {
		t.Fatal(err)
	}
	if s := b.srv.Stats(); s.Messages != 80 {
		t.Errorf("stats %+v", s)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Second: time.Second})
	h := listen(t, func(w http.ResponseWriter, _ delivery) { w.WriteHeader(500) })
	b.srv.Fault(telegramtest.Fault{Method: "getMe", Effect: telegramtest.Hang})
	ended := make(chan error, 2)
	go func() { _, err := b.try("getUpdates", object{"timeout": 50}); ended <- err }()
	go func() { _, err := b.try("getMe", nil); ended <- err }()
	time.Sleep(20 * time.Millisecond)
	b.hook(h, nil) // ends the poll with a 409
	b.srv.Customer(1001, maria).Say("x")
	h.await(t, 2)
	start := time.Now()
	if err := b.srv.Close(); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("closing took %v", d)
	}
	errs := errors.Join(<-ended, <-ended)
	if errs == nil {
		t.Error("the hanging call got an answer")
	}
}
