package telegramtest_test

import (
	"testing"
	"time"

	"okoshko/bots/telegram/telegramtest"
)

func TestPollingRedeliversUntilTheOffsetConfirms(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.srv.Customer(1001, maria)
	first, second := c.Say("раз"), c.Say("два")
	if second.Update != first.Update+1 {
		t.Fatalf("update ids %d, %d are not sequential", first.Update, second.Update)
	}
	for range 2 {
		if got := b.updates(nil); len(got) != 2 {
			t.Fatalf("got %d updates, want both again", len(got))
		}
	}
	if c.Messages()[0].Delivered {
		t.Error("delivered before it was confirmed")
	}
	got := b.updates(object{"offset": second.Update})
	if len(got) != 1 || int64(got[0]["update_id"].(float64)) != second.Update {
		t.Fatalf("got %v, want the second update", got)
	}
	if m := c.Messages(); !m[0].Delivered || m[1].Delivered {
		t.Error("the offset must confirm the first message and only it")
	}
	if got := b.updates(object{"offset": second.Update + 1}); len(got) != 0 {
		t.Fatalf("got %v after all was confirmed", got)
	}
}

func TestPollingLimitAndNegativeOffset(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.srv.Customer(1001, maria)
	var last int64
	for range 5 {
		last = c.Say("x").Update
	}
	if got := b.updates(object{"limit": 2}); len(got) != 2 {
		t.Errorf("limit 2 gave %d", len(got))
	}
	got := b.updates(object{"offset": -2})
	if len(got) != 2 || int64(got[1]["update_id"].(float64)) != last {
		t.Errorf("offset -2 gave %v", got)
	}
	if b.srv.Pending() != 2 {
		t.Errorf("pending %d, want 2: a negative offset forgets the older ones", b.srv.Pending())
	}
}

func TestPollingGivesOneUpdateToAHastyRepeat(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.srv.Customer(1001, maria)
	first := c.Say("раз").Update
	c.Say("два")
	if n := len(b.updates(object{"offset": first})); n != 2 {
		t.Fatalf("got %d updates", n)
	}
	if n := len(b.updates(object{"offset": first})); n != 1 {
		t.Errorf("got %d updates for the same offset at once, want 1", n)
	}
}

func TestLongPollWaitsAndWakes(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Second: time.Second})
	c := b.srv.Customer(1001, maria)
	got := make(chan []object)
	go func() { got <- b.updates(object{"timeout": 50}) }()
	select {
	case list := <-got:
		t.Fatalf("the poll did not wait: %v", list)
	case <-time.After(50 * time.Millisecond):
	}
	c.Say("привет")
	select {
	case list := <-got:
		if len(list) != 1 {
			t.Errorf("got %v", list)
		}
	case <-time.After(time.Minute):
		t.Fatal("the poll did not wake")
	}
}

func TestSecondPollerEndsTheFirst(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Second: time.Second})
	first := make(chan reply)
	go func() { first <- b.call("getUpdates", object{"timeout": 50}) }()
	deadline := time.After(time.Minute)
	for {
		b.updates(object{"timeout": 0})
		select {
		case r := <-first:
			if r.Code != 409 || r.Description != "Conflict: terminated by other getUpdates request; "+
				"make sure that only one bot instance is running" {
				t.Errorf("got %d %s", r.Code, r.Description)
			}
			return
		case <-deadline:
			t.Fatal("the first poller was not ended")
		default:
		}
	}
}

func TestPollingIsRefusedWhileAWebhookIsSet(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	b.must("setWebhook", object{"url": "http://127.0.0.1:9/x"})
	b.refused("getUpdates", nil, 409, "Conflict: can't use getUpdates method while webhook is active; "+
		"use deleteWebhook to delete the webhook first")
	b.must("deleteWebhook", nil)
	b.updates(nil)
}

func TestAllowedUpdatesStayUntilChanged(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{})
	c := b.talking(1001, maria)
	b.updates(object{"allowed_updates": []string{"callback_query"}})
	c.Say("не придёт")
	if got := b.updates(nil); len(got) != 0 {
		t.Errorf("got %v, want nothing: messages are not allowed", got)
	}
	b.updates(object{"allowed_updates": []string{}})
	c.Say("придёт")
	if got := b.updates(nil); len(got) != 1 {
		t.Errorf("got %d updates after the default was restored", len(got))
	}
}

func TestExpiredUpdatesAreDropped(t *testing.T) {
	t.Parallel()
	b := open(t, telegramtest.Config{Second: 100 * time.Microsecond})
	c := b.talking(1001, maria)
	b.must("sendMessage", object{"chat_id": 1001, "text": "?", "reply_markup": buttons("Да")})
	if _, err := c.Press("Да"); err != nil {
		t.Fatal(err)
	}
	c.Say("жду")
	time.Sleep(20 * time.Millisecond) // 150 s of Telegram's last 15 ms here
	got := b.updates(nil)
	if len(got) != 1 || got[0]["message"] == nil {
		t.Errorf("got %v, want the message alone: a press lives for 150 s", got)
	}
}
