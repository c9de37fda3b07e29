package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/golang-jwt/jwt/v5"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
	"okoshko/core/privacy"
)

// replicas starts two servers on the same stores.
func replicas(t *testing.T) (a, b *server) {
	t.Helper()
	database, live := pgtest.URL(t), redistest.URL(t)
	shared := func(c *Config) {
		c.Postgres.URL, c.Redis.URL = privacy.NewURL(database), privacy.NewURL(live)
		c.Data.Key = privacy.NewSecret("k1:" + strings.Repeat("A", 43) + "=")
		c.WebChat.MessagesPerMinute = 60000
	}
	return startServer(t, shared), startServer(t, shared)
}

// open returns a client that is connected.
func open(t *testing.T, s *server) *webClient {
	t.Helper()
	c := newWebClient(t, s.url(t))
	c.mustConnect()
	t.Cleanup(c.cut)
	return c
}

func (c *webClient) mustConnect() {
	c.t.Helper()
	if err := c.connect(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// await waits until something holds of the client.
func (c *webClient) await(what string, holds func() bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 20*time.Second)
	defer cancel()
	if err := eventually(ctx, func() (bool, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return holds(), nil
	}); err != nil {
		c.t.Fatalf("%s: %v; entries %+v, byes %v", what, err, c.entries, c.byes)
	}
}

// texts is what the client shows.
func (c *webClient) texts() []string {
	var out []string
	for _, e := range c.entries {
		if e.Message != nil {
			out = append(out, e.Message.Plain())
		} else {
			out = append(out, e.Text)
		}
	}
	return out
}

func (c *webClient) greet() {
	c.t.Helper()
	c.say(map[string]any{"t": "say", "text": "меню"})
	c.await("the menu", func() bool { return len(c.entries) >= 2 && len(c.order) == 0 })
}

func TestWebOnTwoReplicas(t *testing.T) {
	t.Parallel()
	a, b := replicas(t)
	first := open(t, a)
	first.greet()
	tab := newWebClient(t, b.url(t)) // a second tab, on the other replica
	tab.visitor = first.visitor
	tab.mustConnect()
	t.Cleanup(tab.cut)
	tab.await("the last page", func() bool { return slices.Equal(tab.texts(), first.texts()) })
	first.say(map[string]any{"t": "say", "text": "передать показания"})
	first.await("the question", func() bool { return len(first.entries) >= 4 })
	tab.await("what was said in the first tab", func() bool { return slices.Equal(tab.texts(), first.texts()) })
	// The first loses its line and misses the rest; it comes back elsewhere.
	first.cut()
	tab.say(map[string]any{"t": "say", "text": "отмена"})
	tab.await("the answer", func() bool { return len(tab.entries) >= 6 })
	first.base = b.url(t)
	first.mustConnect()
	first.await("what it missed", func() bool { return slices.Equal(tab.texts(), first.texts()) })
	if first.resets+tab.resets > 0 {
		t.Error("a client was reset")
	}
}

func TestWebMessagesSurviveABrokenLine(t *testing.T) {
	t.Parallel()
	c := open(t, startServer(t))
	c.cut()
	c.say(map[string]any{"t": "say", "text": "меню"}) // with nobody to hear it
	c.mustConnect()
	c.await("the menu, once", func() bool { return len(c.entries) == 2 && len(c.order) == 0 })
}

func TestWebResetAfterALoss(t *testing.T) {
	t.Parallel()
	c := open(t, startServer(t))
	c.greet()
	c.cut()
	last := c.after
	c.after = "99999999999999-7" // as if the store had lost what was shown
	c.mustConnect()
	c.await("a reset", func() bool { return c.resets == 1 && c.after == last && len(c.entries) == 2 })
}

func TestWebStopSendsEverybodyAway(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	c := open(t, s)
	c.greet()
	c.mu.Lock()
	line := c.line
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	s.chat.Close(ctx)
	<-line.ended
	if !slices.Equal(c.byes, []string{"restart"}) {
		t.Errorf("byes %v", c.byes)
	}
	if err := c.connect(t.Context()); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a socket during the stop: %v", err)
	}
}

func TestWebByPolls(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	c := newWebClient(t, s.url(t))
	var session webSession
	if _, err := c.post(t.Context(), "/chat/session", map[string]any{}, &session); err != nil {
		t.Fatal(err)
	}
	c.visitor = session.Visitor
	poll := func(wait int) {
		var answer struct{ Frames []json.RawMessage }
		if _, err := c.post(t.Context(), "/chat/poll", map[string]any{"after": c.after, "wait": wait}, &answer); err != nil {
			t.Error(err)
		}
		for _, f := range answer.Frames {
			c.hear(f)
		}
	}
	poll(0)
	heard := make(chan struct{})
	go func() { defer close(heard); poll(25) }() // before anything is said
	send := map[string]any{"frames": []any{map[string]any{"t": "say", "id": "message-1", "text": "меню"}}}
	for range 2 {
		var answer struct{ Frames []json.RawMessage }
		if _, err := c.post(t.Context(), "/chat/send", send, &answer); err != nil {
			t.Fatal(err)
		}
		if len(answer.Frames) != 1 || !strings.Contains(string(answer.Frames[0]), `"ack"`) {
			t.Errorf("answer %s", answer.Frames)
		}
	}
	<-heard
	poll(0)
	if len(c.entries) != 2 || c.entries[0].ID != "message-1" {
		t.Errorf("entries %+v", c.entries)
	}
}

func TestWebFilesAreTheVisitorsOwn(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	a, b := open(t, s), open(t, s)
	a.greet()
	b.greet()
	id, err := a.upload(t.Context(), "../счётчик.exe", photo())
	if err != nil {
		t.Fatal(err)
	}
	status, content, header := a.get("/chat/files/" + id)
	if status != http.StatusOK || !bytes.Equal(content, photo()) ||
		!strings.HasPrefix(header.Get("Content-Disposition"), "attachment") || header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("own file: %d, %v", status, header)
	}
	if status, _, _ := b.get("/chat/files/" + id); status != http.StatusNotFound {
		t.Errorf("another's file: %d", status)
	}
	var answer struct{ Frames []webFrame }
	send := map[string]any{"frames": []any{map[string]any{"t": "files", "id": "message-2", "files": []string{id}}}}
	if _, err := b.post(t.Context(), "/chat/send", send, &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Frames) != 1 || answer.Frames[0].Error != "unknown_file" {
		t.Errorf("another's file was taken: %+v", answer.Frames)
	}
	if _, err := a.upload(t.Context(), "page.html", []byte("<script>alert(1)</script>")); err == nil || !strings.Contains(err.Error(), "415") {
		t.Errorf("a script was taken: %v", err)
	}
	if _, err := a.upload(t.Context(), "big.pdf", append([]byte("%PDF-1.7\n"), make([]byte, largestUpload)...)); err == nil {
		t.Error("a file over the limit was taken")
	}
}

func (c *webClient) get(path string) (int, []byte, http.Header) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.visitor) // a download of the own site carries no Origin
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, content, response.Header
}

func TestWebRefusesStrangers(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	c := open(t, s)
	request := func(origin, visitor string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+"/chat/poll", strings.NewReader(`{"wait":0}`))
		if err != nil {
			t.Fatal(err)
		}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		r.Header.Set("Authorization", "Bearer "+visitor)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	for _, origin := range []string{"", "null", "*", "https://evil.example", c.base + ".evil.example", "http://localhost:1@evil.example"} {
		if status := request(origin, c.visitor); status != http.StatusForbidden {
			t.Errorf("origin %q: %d", origin, status)
		}
	}
	if status := request(c.origin(), c.visitor); status != http.StatusOK {
		t.Errorf("own origin: %d", status)
	}
	for _, visitor := range []string{"", "x", strings.Repeat("A", 43)} {
		if status := request(c.origin(), visitor); status != http.StatusUnauthorized {
			t.Errorf("token %q: %d", visitor, status)
		}
	}
	ticket := c.session.Ticket // used up
	dialer := ws.Dialer{Protocols: []string{"okoshko.v1"}, Header: ws.HandshakeHeaderHTTP{"Origin": []string{c.origin()}}}
	if _, _, _, err := dialer.Dial(t.Context(), strings.Replace(c.base, "http", "ws", 1)+"/chat/socket?ticket="+ticket); err == nil {
		t.Error("a ticket was good twice")
	}
}

func TestWebIdentity(t *testing.T) {
	t.Parallel()
	secret := strings.Repeat("s", 32)
	s := startServer(t, func(c *Config) { c.WebChat.IdentitySecret = privacy.NewSecret(secret) })
	sign := func(method jwt.SigningMethod, key any, id, subject string, life time.Duration) string {
		token, err := jwt.NewWithClaims(method, jwt.RegisteredClaims{
			ID: id, Subject: subject, ExpiresAt: jwt.NewNumericDate(time.Now().Add(life)),
		}).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	client := newWebClient(t, s.url(t))
	session := func(visitor, identity string) (webSession, int) {
		var out webSession
		status, _ := client.post(t.Context(), "/chat/session", map[string]any{"visitor": visitor, "identity": identity}, &out)
		return out, status
	}
	good := sign(jwt.SigningMethodHS256, []byte(secret), "1", "customer-7", time.Minute)
	first, status := session("", good)
	if status != http.StatusOK || first.Visitor == "" {
		t.Fatalf("a good word: %d", status)
	}
	for name, token := range map[string]string{
		"used before":      good,
		"unsigned":         sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "2", "customer-7", time.Minute),
		"another key":      sign(jwt.SigningMethodHS256, []byte(strings.Repeat("x", 32)), "3", "customer-7", time.Minute),
		"another method":   sign(jwt.SigningMethodHS512, []byte(secret), "4", "customer-7", time.Minute),
		"worn out":         sign(jwt.SigningMethodHS256, []byte(secret), "5", "customer-7", -time.Minute),
		"good for an hour": sign(jwt.SigningMethodHS256, []byte(secret), "6", "customer-7", time.Hour),
		"nobody":           sign(jwt.SigningMethodHS256, []byte(secret), "7", "", time.Minute),
		"without an ID":    sign(jwt.SigningMethodHS256, []byte(secret), "", "customer-7", time.Minute),
	} {
		if _, status := session("", token); status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, status)
		}
	}
	if again, _ := session(first.Visitor, sign(jwt.SigningMethodHS256, []byte(secret), "8", "customer-7", time.Minute)); again.Visitor != "" {
		t.Error("the same customer was made anew")
	}
	if other, _ := session(first.Visitor, sign(jwt.SigningMethodHS256, []byte(secret), "9", "customer-8", time.Minute)); other.Visitor == "" {
		t.Error("another customer at the same computer was given the first one's conversation")
	}
}

func TestWebGarbageEndsTheLine(t *testing.T) {
	t.Parallel()
	c := open(t, startServer(t))
	c.greet()
	c.mu.Lock()
	line := c.line
	for range 30 {
		_ = wsutil.WriteClientText(line, []byte(`{"t":"dance"}`))
	}
	c.mu.Unlock()
	<-line.ended
	if !slices.Equal(c.byes, []string{"limit"}) {
		t.Errorf("byes %v", c.byes)
	}
	c.mustConnect() // and nothing else has happened
	c.say(map[string]any{"t": "say", "text": "меню"})
	c.await("an answer", func() bool { return len(c.entries) >= 4 && len(c.order) == 0 })
}
