package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"okoshko/bots/console"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
)

// counter is a server with a customer who has called for a person.
func counter(t *testing.T, adjust ...func(*Config)) (*server, *telegramtest.Customer, chat.Conversation) {
	t.Helper()
	s := startServer(t, adjust...)
	c := s.emulator.Customer(1001, telegramtest.Profile{First: "Мария", Language: "ru"})
	c.Say("не пришёл счёт")
	c.Say("оператор")
	hear(t, c, "специалист")
	return s, c, "tg:1001"
}

// hear waits until the customer is shown a text.
func hear(t *testing.T, c *telegramtest.Customer, part string) telegramtest.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m, err := c.AwaitText(ctx, part)
	if err != nil {
		t.Fatalf("%q is not said: %v\n%s", part, err, c)
	}
	return m
}

// log returns the entries of a conversation, newest last.
func (k *clerk) log(t *testing.T, c chat.Conversation) []map[string]any {
	t.Helper()
	page, err := k.must("GET", "/conversations/"+string(c)+"/log", nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	list, _ := page["entries"].([]any)
	for _, one := range list {
		e, _ := one.(map[string]any)
		out = append(out, e)
	}
	return out
}

// Two who reach for one customer: one has him, the other is told who, and
// cannot speak.
func TestConsoleHolder(t *testing.T) {
	t.Parallel()
	s, customer, c := counter(t)
	anna, pavel := arrive(t, s, 0), arrive(t, s, 1)
	id, err := pavel.handoff(c)
	if err != nil {
		t.Fatal(err)
	}
	if status, said, _ := pavel.ask("POST", "/conversations/"+string(c)+"/say", map[string]string{"id": "message-1", "text": "а"}); status != http.StatusConflict || said["error"] != "not_holder" {
		t.Errorf("said to one who waits: %d %v", status, said)
	}
	taken, err := anna.must("POST", "/handoffs/"+id+"/take", nil)
	if err != nil || taken["state"] != "held" || taken["topic"] != "оператор" {
		t.Fatalf("taken %v, %v", taken, err)
	}
	status, said, err := pavel.ask("POST", "/handoffs/"+id+"/take", nil)
	by, _ := said["by"].(map[string]any)
	if err != nil || status != http.StatusConflict || said["error"] != "taken" || by["name"] != "Анна" {
		t.Errorf("taken twice: %d %v, %v", status, said, err)
	}
	for _, path := range []string{"/handoffs/" + id + "/close", "/handoffs/" + id + "/return", "/conversations/" + string(c) + "/typing"} {
		if status, said, _ := pavel.ask("POST", path, map[string]string{}); status != http.StatusConflict || said["error"] != "not_holder" {
			t.Errorf("%s by another: %d %v", path, status, said)
		}
	}
	first, err1 := anna.must("POST", "/conversations/"+string(c)+"/say", map[string]string{"id": "message-1", "text": "Здравствуйте!"})
	again, err2 := anna.must("POST", "/conversations/"+string(c)+"/say", map[string]string{"id": "message-1", "text": "Здравствуйте!"})
	if err1 != nil || err2 != nil || first["position"] != again["position"] {
		t.Errorf("one message twice: %v, %v (%v, %v)", first, again, err1, err2)
	}
	hear(t, customer, "Здравствуйте!")
	if err := anna.change(c, "close"); err != nil {
		t.Fatal(err)
	}
	hear(t, customer, "завершил разговор")
	if status, said, _ := anna.ask("POST", "/handoffs/"+id+"/take", nil); status != http.StatusConflict || said["error"] != "closed" {
		t.Errorf("taken when closed: %d %v", status, said)
	}
	said2 := 0
	for _, m := range customer.Messages() {
		if m.Text == "Здравствуйте!" {
			said2++
		}
	}
	if said2 != 1 {
		t.Errorf("the customer reads it %d times", said2)
	}
	kinds := ""
	for _, e := range anna.log(t, c) {
		if e["kind"] == "event" {
			kinds += fmt.Sprint(e["did"], " ")
		}
	}
	if kinds != "called taken closed " {
		t.Errorf("the log tells of %q", kinds)
	}
}

// A message that could not be delivered says why, and a retry truly sends it,
// once however often it is pressed.
func TestConsoleRetry(t *testing.T) {
	t.Parallel()
	s, customer, c := counter(t)
	anna := arrive(t, s, 0)
	if err := anna.change(c, "take"); err != nil {
		t.Fatal(err)
	}
	hear(t, customer, "подключился")
	customer.Block()
	// What becomes of the first is known after the second was said.
	s.emulator.Fault(telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.Slow, Delay: time.Second})
	if _, err := anna.must("POST", "/conversations/"+string(c)+"/say", map[string]string{"id": "message-0", "text": "Сейчас посмотрю"}); err != nil {
		t.Fatal(err)
	}
	said, err := anna.must("POST", "/conversations/"+string(c)+"/say", map[string]string{"id": "message-1", "text": "Счёт отправлен"})
	if err != nil {
		t.Fatal(err)
	}
	position := said["position"]
	fate := func() (string, string) {
		for _, e := range anna.log(t, c) {
			if e["position"] == position {
				d, _ := e["delivery"].(map[string]any)
				return fmt.Sprint(d["state"]), fmt.Sprint(d["why"])
			}
		}
		return "missing", ""
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) { state, _ := fate(); return state == "failed", nil }); err != nil {
		state, _ := fate()
		t.Fatalf("the message is %s", state)
	}
	if _, why := fate(); why != "blocked" {
		t.Errorf("it failed because of %q", why)
	}
	customer.Unblock()
	first, err1 := anna.must("POST", "/conversations/"+string(c)+"/retry", map[string]any{"position": position})
	again, err2 := anna.must("POST", "/conversations/"+string(c)+"/retry", map[string]any{"position": position})
	if err1 != nil || err2 != nil || first["position"] != again["position"] || first["position"] == position {
		t.Errorf("retried to %v and %v (%v, %v)", first, again, err1, err2)
	}
	hear(t, customer, "Счёт отправлен")
	if status, said, _ := anna.ask("POST", "/conversations/"+string(c)+"/retry", first); status != http.StatusConflict || said["error"] != "not_failed" {
		t.Errorf("retried what has arrived: %d %v", status, said)
	}
}

// Files of both sides are handed out by where they stand in the log, to be
// saved; what nobody has called about stays closed.
func TestConsoleFiles(t *testing.T) {
	t.Parallel()
	s, customer, c := counter(t)
	anna := arrive(t, s, 0)
	if err := anna.change(c, "take"); err != nil {
		t.Fatal(err)
	}
	if _, err := customer.SendPhoto(photo(), "вот он"); err != nil {
		t.Fatal(err)
	}
	if err := anna.say(c, "document", "Ваш счёт"); err != nil {
		t.Fatal(err)
	}
	hear(t, customer, "Ваш счёт")
	names := map[string]string{}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := eventually(ctx, func() (bool, error) {
		for _, e := range anna.log(t, c) {
			files, _ := e["files"].([]any)
			if m, ok := e["message"].(map[string]any); ok {
				files, _ = m["f"].([]any)
			}
			for _, f := range files {
				one, _ := f.(map[string]any)
				names[fmt.Sprint(e["kind"])] = fmt.Sprint(one["i"])
			}
		}
		return len(names) == 2, nil
	})
	if err != nil {
		t.Fatalf("the log has %v", names)
	}
	for kind, name := range names {
		req := httptest.NewRequest("GET", console.Path+"/files/"+name, nil)
		req.Header.Set("Cookie", anna.cookie)
		resp, err := s.app.Test(req, 30_000)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		saved := strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment")
		if err != nil || resp.StatusCode != http.StatusOK || !saved || len(raw) == 0 {
			t.Errorf("%s %s: %d, %d bytes, to be saved: %v, %v", kind, name, resp.StatusCode, len(raw), saved, err)
		}
	}
	for _, path := range []string{"/files/tg:1001/1-0.0", "/files/tg:2002/1-0.0", "/files/x", "/conversations/tg:2002/log"} {
		if got := knock(t, s, "GET", path, "Cookie", anna.cookie); got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
}

// earlyConn gives out what was read with the handshake first.
type earlyConn struct {
	net.Conn
	early io.Reader
}

func (c earlyConn) Read(p []byte) (int, error) { return c.early.Read(p) }

// The page is told at once: that somebody calls, that he writes.
func TestConsoleLive(t *testing.T) {
	t.Parallel()
	s, customer, c := counter(t)
	anna := arrive(t, s, 0)
	address := "ws" + strings.TrimPrefix(s.url(t), "http") + console.Path + "/live"
	dial := func(origin, cookie string) (net.Conn, error) {
		d := ws.Dialer{Header: ws.HandshakeHeaderHTTP{"Origin": {origin}, "Cookie": {cookie}}}
		conn, early, _, err := d.Dial(t.Context(), address)
		if err == nil && early != nil { // frames that came with the handshake
			return earlyConn{conn, early}, nil
		}
		return conn, err
	}
	for what, origin := range map[string]string{"another site": "https://evil.example", "a sandbox": "null"} {
		if conn, err := dial(origin, anna.cookie); err == nil {
			_ = conn.Close()
			t.Errorf("%s may listen", what)
		}
	}
	if conn, err := dial(s.url(t), ""); err == nil {
		_ = conn.Close()
		t.Error("a stranger may listen")
	}
	conn, err := dial(s.url(t), anna.cookie)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	frames := make(chan map[string]any, 100)
	go func() {
		defer close(frames)
		for {
			raw, err := wsutil.ReadServerText(conn)
			if err != nil {
				return
			}
			var f map[string]any
			if json.Unmarshal(raw, &f) == nil {
				frames <- f
			}
		}
	}()
	wait := func(fits func(map[string]any) bool, what string) {
		t.Helper()
		for deadline := time.After(patience); ; {
			select {
			case f, ok := <-frames:
				if !ok {
					t.Fatalf("closed before %s", what)
				}
				if fits(f) {
					return
				}
			case <-deadline:
				t.Fatalf("not told of %s", what)
			}
		}
	}
	wait(func(f map[string]any) bool { return f["t"] == "queue" }, "the queue")
	if err := anna.change(c, "take"); err != nil {
		t.Fatal(err)
	}
	wait(func(f map[string]any) bool { return f["t"] == "queue" }, "the taking")
	customer.Say("вы тут?")
	wait(func(f map[string]any) bool {
		return f["t"] == "conversation" && f["c"] == string(c) && f["position"] != ""
	}, "the message")
	if err := anna.leave(); err != nil {
		t.Fatal(err)
	}
}

// The accounts of staff are kept from the command line; passwords are typed.
func TestStaffCommand(t *testing.T) {
	t.Parallel()
	environ := onStores(t)
	for _, c := range []struct {
		stdin, args, says string
		code              int
	}{
		{"", "staff", "usage", exitUsage},
		{"", "staff dance", "usage", exitUsage},
		{"long enough\n", "staff add olga", "--name", exitUsage},
		{"long enough\n", "staff add Ольга --name О", "no login", exitUsage},
		{"short\n", "staff add olga --name Ольга", "password", exitUsage},
		{"long enough\n", "staff add olga --name Ольга", "olga can sign in", 0},
		{"long enough\n", "staff add olga --name Ольга", "taken", exitFailed},
		{"other words\n", "staff reset olga", "changed", 0},
		{"", "staff disable olga", "disabled", 0},
		{"", "staff list", "olga                     disabled  Ольга (operator)", 0},
		{"", "staff enable olga", "active", 0},
		{"", "staff disable nobody", "nobody", exitFailed},
		{"", "staff change olga --roles operator,admin --name Оля", "Оля (operator, admin)", 0},
		{"", "staff change olga --roles root", "root", exitUsage},
		{"", "staff change olga --teams none", "no such team", exitFailed},
		{"", "staff roles", "admin                  staff.see, staff.keep, audit.see, schedule.see, schedule.keep, tables.see, tables.keep, quarantine.see, quarantine.keep (with a second factor)", 0},
		{"", "staff reset-second olga", "no second factor", 0},
		{"", "staff sign-out olga", "over", 0},
		{"", "staff audit", `roles: "operator" -> "operator, admin"`, 0},
		{"", "staff audit --lines 0", "--lines", exitUsage},
		{"", "staff audit olga", "usage", exitUsage},
		{"", "staff audit --verify", "ok    7 lines", 0},
		{"", "staff audit --verify --mark 1:ab", "hexadecimal", exitUsage},
	} {
		code, out, said := run(t, environ, c.stdin, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(out+said, c.says) {
			t.Errorf("okoshko %s: exit code %d, said %q", c.args, code, out+said)
		}
		if strings.Contains(out+said, "long enough") {
			t.Errorf("okoshko %s: shows the password", c.args)
		}
	}
}
