package telegram_test

import (
	"testing"
	"time"

	"okoshko/bots/telegram"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

func TestFates(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	tests := []struct {
		name  string
		fault telegramtest.Fault
		fate  turn.Fate
		why   string
		after time.Duration
	}{
		{"429", telegramtest.Fault{Code: 429, RetryAfter: 17}, turn.Later, "too many requests", 17 * time.Second},
		{"blocked", telegramtest.Fault{Code: 403}, turn.Refused, "blocked", 0},
		{"deactivated", telegramtest.Fault{Code: 403, Description: "Forbidden: user is deactivated"}, turn.Refused, "deactivated", 0},
		{"chat not found", telegramtest.Fault{Code: 400}, turn.Refused, "chat not found", 0},
		{"malformed", telegramtest.Fault{Code: 400, Description: "Bad Request: BUTTON_DATA_INVALID"}, turn.Refused, "malformed", 0},
		{"502 in HTML", telegramtest.Fault{Code: 502}, turn.Later, "status 502", 0},
		{"500 in JSON", telegramtest.Fault{Code: 500, Description: "Internal Server Error"}, turn.Later, "status 500", 0},
		{"token revoked", telegramtest.Fault{Code: 401, Description: "Unauthorized"}, turn.Later, "status 401", 0},
		{"reset", telegramtest.Fault{Effect: telegramtest.Reset}, turn.Later, "connection", 0},
		{"reset after effect", telegramtest.Fault{Effect: telegramtest.ResetAfter}, turn.Later, "connection", 0},
		{"cut", telegramtest.Fault{Effect: telegramtest.Cut}, turn.Later, "", 0},
		{"silence", telegramtest.Fault{Effect: telegramtest.Hang, Delay: 2 * time.Second}, turn.Later, "timeout", 0},
		{"silence after effect", telegramtest.Fault{Effect: telegramtest.HangAfter, Delay: 2 * time.Second}, turn.Later, "timeout", 0},
	}
	for _, tt := range tests {
		w.srv.ClearFaults()
		calls := w.srv.Stats().Calls
		tt.fault.Method = "sendMessage"
		w.srv.Fault(tt.fault)
		if tt.fault.Delay > 0 {
			w.bot.CallWithin(tt.fault.Delay / 4)
		}
		r := w.send(c, say(tt.name), "")
		w.bot.CallWithin(5 * time.Second)
		if r.Fate != tt.fate || tt.why != "" && r.Why != tt.why || tt.after > 0 && r.After != tt.after || r.Fate == turn.Later && r.After <= 0 {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if made := w.srv.Stats().Calls - calls; made != 1 {
			t.Errorf("%s: %d calls", tt.name, made)
		}
		w.sent(c, say("цел"), "")
	}
	blocked := w.customer(2)
	blocked.Block()
	if r := w.send(blocked, say("x"), ""); r.Fate != turn.Refused || r.Why != "blocked" {
		t.Errorf("blocked: %+v", r)
	}
	if r := w.send(w.srv.Customer(3, maria), say("x"), ""); r.Fate != turn.Refused || r.Why != "chat not found" {
		t.Errorf("never started: %+v", r)
	}
	if r := w.bot.Send(t.Context(), turn.Parcel{Conversation: "web:1", Message: say("x")}); r.Fate != turn.Refused {
		t.Errorf("another channel's: %+v", r)
	}
}

func TestMarkupThatIsRefused(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c := w.customer(1)
	w.srv.Fault(telegramtest.Fault{Method: "sendMessage", Code: 400, Description: "Bad Request: can't parse entities: Unsupported start tag"})
	m := chat.Message{Blocks: []chat.Block{{Spans: []chat.Span{{Text: "<b>", Bold: true}, {Text: "там", Link: "https://example.org"}}}}}
	w.sent(c, m, "")
	if got := c.Last(); got.Text != "<b>там (https://example.org)" || len(got.Entities) != 0 {
		t.Errorf("as plain text: %+v", got)
	}
	m = say("Ссылка")
	m.Choices = []chat.Choice{{Label: "Открыть", Link: "http://nowhere/x"}, {Token: "m", Label: "Меню"}}
	w.sent(c, m, "")
	if got := c.Last(); got.Text != "Ссылка\nОткрыть" || len(got.Inline) != 1 {
		t.Errorf("a link that is no button: %+v", got)
	}
}

func TestBackOffDoublesPerChatAndEnds(t *testing.T) {
	t.Parallel()
	w := quiet(t, nil)
	c, other := w.customer(1), w.customer(2)
	remove := w.srv.Fault(telegramtest.Fault{Chat: 1, Times: -1, Code: 500})
	var last time.Duration
	for range 8 {
		last = w.send(c, say("x"), "").After
	}
	if last < 14*time.Millisecond || last > 20*time.Millisecond { // the test's longest
		t.Errorf("after eight failures: %v", last)
	}
	w.sent(other, say("y"), "")
	remove()
	w.sent(c, say("x"), "")
	w.srv.Fault(telegramtest.Fault{Chat: 1, Code: 500})
	if r := w.send(c, say("x"), ""); r.After > time.Millisecond {
		t.Errorf("after a success: %v", r.After)
	}
}

func TestTooManyRequestsForTheWholeBot(t *testing.T) {
	t.Parallel()
	w := open(t, telegram.Polling, nil).ready()
	c := w.customer(1)
	m := say("?")
	m.Choices = []chat.Choice{{Token: "y", Label: "Да"}}
	w.sent(c, m, "")
	w.srv.Fault(telegramtest.Fault{Method: "answerCallbackQuery", Code: 429, RetryAfter: 30})
	if _, err := c.Press("Да"); err != nil {
		t.Fatal(err)
	}
	w.until("the bot is held", func() bool { return w.status().HeldSeconds > 0 })
	calls := w.srv.Stats().Messages
	if r := w.send(c, say("x"), ""); r.Fate != turn.Later || r.After < 20*time.Second || w.srv.Stats().Messages != calls {
		t.Errorf("report %+v", r)
	}
}
