package webchat_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"okoshko/bots/webchat"
	"okoshko/bots/webchat/webtest"
	"okoshko/dialogs/dialog/turn/turntest"
)

func sayFrame(id, text string) string {
	return fmt.Sprintf(`{"t":"say","id":%q,"text":%q}`, id, text)
}

func TestAMessageIsTakenOnce(t *testing.T) {
	t.Parallel()
	l := start(t).dial("")
	if live, backlog := l.hello(""); len(backlog) != 0 || live.Position != "" || live.More {
		t.Errorf("a new conversation: %+v after %+v", live, backlog)
	}
	l.say(sayFrame("message-1", "/poke"))
	l.say(sayFrame("message-1", "/poke"))
	l.say(`{"t":"ping"}`)
	_, before := l.until("pong")
	acks, positions, entries := 0, map[string]bool{}, 0
	for _, f := range before {
		switch f.T {
		case "ack":
			acks++
			positions[f.Position] = true
		case "entry":
			entries++
			if f.Kind == "in" && (f.ID != "message-1" || f.Text != "/poke") {
				t.Errorf("what came is shown as %+v", f)
			}
		}
	}
	if acks != 2 || len(positions) != 1 {
		t.Errorf("%d acks at %v", acks, positions)
	}
	for ; entries < 2; entries++ {
		l.until("entry")
	}
	l.say(sayFrame("message-2", "/poke"))
	for range 2 {
		if f, _ := l.until("entry"); f.ID == "message-1" {
			t.Error("the first message came twice")
		}
	}
}

// Whoever comes back names the last position that he has.
func TestResume(t *testing.T) {
	t.Parallel()
	h := start(t)
	l := h.dial("")
	l.hello("")
	var seen []string
	talk := func(n int) {
		for i := range n {
			l.say(sayFrame(fmt.Sprintf("message-%d-%d", len(seen), i), "/poke"))
			for range 2 {
				f, _ := l.until("entry")
				seen = append(seen, f.Position)
			}
		}
	}
	talk(3)
	for from := range seen {
		live, missed := h.dial(l.visitor).hello(seen[from])
		if len(missed) != len(seen)-from-1 || live.Position != seen[len(seen)-1] {
			t.Errorf("after %s: %d entries, live at %s", seen[from], len(missed), live.Position)
		}
		for i, f := range missed {
			if f.Position != seen[from+1+i] {
				t.Errorf("after %s: %s in place of %s", seen[from], f.Position, seen[from+1+i])
			}
		}
	}
	// A position that was never given, as if the store had lost what was shown:
	// everything begins anew.
	live, page := h.dial(l.visitor).hello("99999999-1")
	if page[0].T != "reset" || len(page) != len(seen)+1 || live.Position != seen[len(seen)-1] {
		t.Errorf("after an unknown position: %+v, live %+v", page, live)
	}
}

// A client that is far behind gets the last page, and pages on from there.
func TestPages(t *testing.T) {
	t.Parallel()
	h := start(t)
	visitor, first := h.longTalk(150, "/poke")
	live, all := h.dial(visitor).hello("")
	if len(all) == 0 || len(all) > 50 || !live.More {
		t.Fatalf("the last page has %d entries, more: %v", len(all), live.More)
	}
	l := h.dial(visitor)
	if _, behind := l.hello(first); behind[0].T != "reset" || len(behind) > 51 {
		t.Errorf("far behind: %d frames, %s first", len(behind), behind[0].T)
	}
	oldest, count, more := all[0].Position, len(all), true
	for more {
		l.say(`{"t":"page","before":"` + oldest + `"}`)
		p, _ := l.until("page")
		if len(p.Entries) == 0 || len(p.Entries) > 50 {
			t.Fatalf("a page of %d", len(p.Entries))
		}
		oldest, count, more = p.Entries[0].Position, count+len(p.Entries), p.More
	}
	if oldest != first || count != 300 {
		t.Errorf("%d entries from %s, want 300 from %s", count, oldest, first)
	}
}

// longTalk has a visitor send so many messages, and returns him and the
// position of the first.
func (h *host) longTalk(n int, text string) (visitor, first string) {
	h.t.Helper()
	b := h.browser("")
	if _, err := b.Session(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i < n; i += 50 {
		var frames []webtest.Message
		for j := i; j < min(n, i+50); j++ {
			frames = append(frames, webtest.Say(fmt.Sprintf("message-%d", j), text))
		}
		answers, err := b.Send(h.t.Context(), frames...)
		if err != nil || len(answers) != len(frames) {
			h.t.Fatalf("%d of %d answered, %v", len(answers), len(frames), err)
		}
		for _, f := range answers {
			if f.T != "ack" {
				h.t.Fatalf("%+v", f)
			}
		}
		if first == "" {
			first = answers[0].Position
		}
	}
	return b.Visitor, first
}

// Tabs of one visitor show the same; those of others nothing of it.
func TestTabs(t *testing.T) {
	t.Parallel()
	h := start(t)
	first := h.dial("")
	first.hello("")
	second, stranger := h.dial(first.visitor), h.dial("")
	second.hello("")
	stranger.hello("")
	first.say(sayFrame("message-1", "/poke"))
	for range 2 {
		a, _ := first.until("entry")
		b, _ := second.until("entry")
		if a.Position != b.Position || a.Text != b.Text {
			t.Errorf("%+v in one tab, %+v in the other", a, b)
		}
	}
	stranger.say(`{"t":"ping"}`)
	if _, heard := stranger.until("pong"); len(heard) > 0 {
		t.Errorf("a stranger heard %+v", heard)
	}
}

func TestTheWire(t *testing.T) {
	t.Parallel()
	h := start(t)
	largest := `{"t":"say","id":"message-1","text":"` + strings.Repeat("a", 64<<10-40) + `"}`
	largest += strings.Repeat(" ", 64<<10-len(largest))
	mask := func(f ws.Frame) ws.Frame { return ws.MaskFrame(f) }
	part := func(op ws.OpCode, fin bool, text string) ws.Frame { return mask(ws.NewFrame(op, fin, []byte(text))) }
	for name, row := range map[string]struct {
		frames []ws.Frame
		said   string // the frame that answers
		closed ws.StatusCode
	}{
		"64 KiB":            {[]ws.Frame{part(ws.OpText, true, largest)}, "nack", 0},
		"a byte more":       {[]ws.Frame{part(ws.OpText, true, largest+" ")}, "", ws.StatusMessageTooBig},
		"in parts":          {[]ws.Frame{part(ws.OpText, false, `{"t":"pi`), part(ws.OpContinuation, true, `ng"}`)}, "pong", 0},
		"a ping in between": {[]ws.Frame{part(ws.OpText, false, `{"t":`), part(ws.OpPing, true, "x"), part(ws.OpContinuation, true, `"ping"}`)}, "control pong", 0},
		"too much in parts": {[]ws.Frame{part(ws.OpText, false, largest), part(ws.OpContinuation, true, "a")}, "", ws.StatusMessageTooBig},
		"a part of nothing": {[]ws.Frame{part(ws.OpContinuation, true, "{}")}, "", ws.StatusProtocolError},
		"unmasked":          {[]ws.Frame{ws.NewTextFrame([]byte(`{"t":"ping"}`))}, "", ws.StatusProtocolError},
		"binary":            {[]ws.Frame{part(ws.OpBinary, true, `{"t":"ping"}`)}, "", ws.StatusUnsupportedData},
		"not UTF-8":         {[]ws.Frame{part(ws.OpText, true, "\xff\xfe")}, "", ws.StatusInvalidFramePayloadData},
		"a ping":            {[]ws.Frame{part(ws.OpPing, true, "are you there")}, "control pong", 0},
		"a letter in parts": {[]ws.Frame{part(ws.OpText, false, "{\"t\":\"say\",\"id\":\"message-1\",\"text\":\"\xd0"), part(ws.OpContinuation, true, "\xbf\"}")}, "ack", 0},
		"a text in a text":  {[]ws.Frame{part(ws.OpText, false, "x"), part(ws.OpText, true, "y")}, "", ws.StatusProtocolError},
		"a ping too large":  {[]ws.Frame{part(ws.OpPing, true, strings.Repeat("x", 126))}, "", ws.StatusProtocolError},
		"reserved bits":     {[]ws.Frame{mask(ws.Frame{Header: ws.Header{Fin: true, Rsv: ws.Rsv(true, true, true), OpCode: ws.OpText}})}, "", ws.StatusProtocolError},
		"a close":           {[]ws.Frame{mask(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusGoingAway, "")))}, "", ws.StatusNormalClosure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := h.dial("")
			l.t = t
			if err := l.Put(row.frames...); err != nil {
				t.Fatal(err)
			}
			if f, closed := l.next(); f.T != row.said || closed != row.closed {
				t.Errorf("said %+v, closed with %d; want %q, %d", f, closed, row.said, row.closed)
			}
		})
	}
	await(t, "sockets are left", func() bool { return h.chat.Status().Sockets <= 5 }) // those that were answered
}

// A client that is down, or reads nothing, is given up when too much waits for
// him; nobody else notices.
func TestASlowReader(t *testing.T) {
	t.Parallel()
	h := start(t)
	visitor, _ := h.longTalk(60, strings.Repeat("я", 4000))
	slow := h.dial(visitor)
	if err := slow.Conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	for range 55 { // about 0.2 MB each
		slow.say(`{"t":"page","before":""}`)
	}
	await(t, "the slow reader was not given up", func() bool { return h.meter.closed("slow") == 1 })
	other := h.dial("")
	other.hello("")
	other.say(sayFrame("message-1", "/poke"))
	other.until("ack")
	_ = slow.Close()
	await(t, "his socket stands", func() bool { return h.chat.Status().Sockets == 1 })
}

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("messages", func(t *testing.T) {
		t.Parallel()
		l := start(t, func(c *webchat.Config) { c.Messages = 15 }).dial("")
		for i := range 6 {
			l.say(sayFrame(fmt.Sprintf("message-%d", i), "/poke"))
			if f, _ := l.next(); (f.T == "nack") != (i == 5) || f.T == "nack" && (f.Error != "too_many" || f.Retry == 0) {
				t.Errorf("the %d. message: %+v", i+1, f)
			}
		}
	})
	t.Run("garbage", func(t *testing.T) {
		t.Parallel()
		h := start(t)
		l := h.dial("")
		l.hello("")
		l.say(sayFrame("message-0", "/poke"))
		l.until("ack")
		for i := range 11 {
			l.say([]string{"garbage", `{"t":"dance"}`}[i%2])
		}
		f, _ := l.until("bye")
		if _, closed := l.next(); f.Error != "limit" || f.Retry == 0 || closed != ws.StatusGoingAway {
			t.Errorf("%+v, closed with %d", f, closed)
		}
		back := h.dial(l.visitor) // and nothing else has happened
		back.hello("")
		back.say(sayFrame("message-1", "/poke"))
		back.until("ack")
	})
	t.Run("frames", func(t *testing.T) {
		t.Parallel()
		l := start(t).dial("")
		go func() {
			for range 500 {
				if l.Say(`{"t":"ping"}`) != nil {
					return
				}
			}
		}()
		if f, _ := l.until("bye"); f.Error != "limit" {
			t.Errorf("%+v", f)
		}
	})
	t.Run("tabs", func(t *testing.T) {
		t.Parallel()
		h := start(t)
		first := h.dial("")
		first.hello("") // or the server may meet the others before it
		for range 15 {
			h.dial(first.visitor).hello("")
		}
		if f, _ := h.dial(first.visitor).next(); f.T != "bye" || f.Error != "limit" {
			t.Errorf("the 17. tab: %+v", f)
		}
	})
	t.Run("sockets", func(t *testing.T) {
		t.Parallel()
		h := start(t, func(c *webchat.Config) { c.MaxSockets = 2 })
		h.dial("").hello("")
		second := h.dial("")
		if _, err := h.browser("").Dial(t.Context()); webtest.Status(err) != http.StatusServiceUnavailable {
			t.Errorf("the third socket: %v", err)
		}
		_ = second.Close()
		await(t, "the place was not given back", func() bool { return h.chat.Status().Sockets == 1 })
		h.dial("").hello("")
	})
}

// A press names a message and a choice that it has; anything else is refused.
func TestForgedPresses(t *testing.T) {
	t.Parallel()
	h := start(t)
	tab := h.tab()
	tab.Say("/poke")
	waitFor(t, tab, "the answer", answered)
	on := tab.View().Entries[1].Position
	for name, press := range map[string]webtest.Message{
		"a choice that was not offered": {"t": "press", "id": "message-1", "token": "a:1.1:.send", "on": on},
		"on what the customer said":     {"t": "press", "id": "message-2", "token": "c:menu", "on": tab.View().Entries[0].Position},
	} {
		answers, err := tab.Send(t.Context(), press)
		if err != nil || len(answers) != 1 || answers[0].T != "nack" || answers[0].Error != "invalid" {
			t.Errorf("%s: %+v, %v", name, answers, err)
		}
	}
	if got := tab.View().Entries; len(got) != 2 {
		t.Errorf("a forged press stands in the log: %+v", got)
	}
}

func TestUploadsAreLimited(t *testing.T) {
	t.Parallel()
	b := start(t).browser("")
	if _, err := b.Session(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i := range 21 {
		_, err := b.Upload(t.Context(), "photo.jpg", []byte("x"))
		if limited := webtest.Status(err) == http.StatusTooManyRequests; limited != (i == 20) {
			t.Errorf("upload %d: %v", i+1, err)
		}
	}
}

// While a store is away messages are put off, and taken when it is back.
func TestStoresAway(t *testing.T) {
	t.Parallel()
	h := start(t)
	l := h.dial("")
	l.hello("")
	h.people.set(true)
	l.say(sayFrame("message-1", "/poke"))
	if f, _ := l.until("ack"); f.ID != "message-1" {
		t.Errorf("%+v", f)
	}
	if s, err := h.browser(l.visitor).Session(t.Context()); err != nil || s.Visitor != "" { // he was here lately
		t.Errorf("a known visitor was made anew: %v", err)
	}
	var refused *webtest.Refusal
	_, err := h.browser("").Session(t.Context())
	if !errors.As(err, &refused) || refused.Status != http.StatusServiceUnavailable || refused.Code != "unavailable" {
		t.Errorf("a newcomer: %v", err)
	}
	h.people.set(false)
	h.stores.Trouble(func(turntest.Call) turntest.Trouble { return turntest.Refused })
	l.say(sayFrame("message-2", "/poke"))
	if f, _ := l.until("nack"); f.Error != "unavailable" || f.Retry == 0 {
		t.Errorf("%+v", f)
	}
	h.stores.Trouble(nil)
	l.say(sayFrame("message-2", "/poke"))
	l.until("ack")
}
