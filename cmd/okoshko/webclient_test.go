package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// webClient is a client of bots/webchat/protocol.md, strict where a browser is
// lenient: what the server may not say fails the test.
type webClient struct {
	t        testing.TB
	base     string // http://host:port
	visitor  string
	language string
	session  webSession

	mu      sync.Mutex
	line    *webLine
	entries []webEntry      // shown, in order
	after   string          // the last position
	acked   map[string]bool // messages that are acknowledged
	toasts  map[string]string
	order   []string // messages that wait for their ack, in order
	owed    map[string]map[string]any
	resets  int
	byes    []string
}

type webSession struct {
	Visitor, Ticket, Position string
	Heartbeat                 int
}

// webFrame is a frame of the server, of any kind.
type webFrame struct {
	T string `json:"t"`
	webEntry
	Toast   string     `json:"toast"`
	Error   string     `json:"error"`
	Retry   int        `json:"retry_after"`
	More    bool       `json:"more"`
	Who     string     `json:"who"`
	To      string     `json:"to"`
	Entries []webEntry `json:"entries"`
}

type webEntry struct {
	Position string        `json:"position"`
	Kind     string        `json:"kind"`
	At       time.Time     `json:"at"`
	Message  *chat.Message `json:"message"`
	By       string        `json:"by"`
	ID       string        `json:"id"`
	Text     string        `json:"text"`
	Files    []chat.File   `json:"files"`
	Did      string        `json:"did"`
}

// webLine is one socket.
type webLine struct {
	io.ReadWriteCloser
	ended chan struct{}
}

func newWebClient(t testing.TB, base string) *webClient {
	return &webClient{
		t: t, base: base, language: "ru", acked: map[string]bool{}, toasts: map[string]string{}, owed: map[string]map[string]any{},
	}
}

// origin is the page that the client stands on.
func (c *webClient) origin() string { return c.base }

// post sends a request as the widget does.
func (c *webClient) post(ctx context.Context, path string, body, answer any) (status int, err error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(raw))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	return c.do(r, answer)
}

func (c *webClient) do(r *http.Request, answer any) (status int, err error) {
	r.Header.Set("Origin", c.origin())
	if c.visitor != "" {
		r.Header.Set("Authorization", "Bearer "+c.visitor)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode >= 300 {
		return response.StatusCode, fmt.Errorf("%s %s: %d %s", r.Method, r.URL.Path, response.StatusCode, raw)
	}
	return response.StatusCode, json.Unmarshal(raw, answer)
}

// connect opens a session and a socket, says hello and what is owed.
func (c *webClient) connect(ctx context.Context) error {
	var s webSession
	if _, err := c.post(ctx, "/chat/session", map[string]any{"visitor": c.visitor, "language": c.language}, &s); err != nil {
		return err
	}
	if s.Visitor != "" {
		if c.visitor != "" {
			return errors.New("a known visitor was made anew")
		}
		c.visitor = s.Visitor
	}
	dialer := ws.Dialer{Protocols: []string{"okoshko.v1"}, Header: ws.HandshakeHeaderHTTP{"Origin": []string{c.origin()}}}
	conn, buffered, shake, err := dialer.Dial(ctx, strings.Replace(c.base, "http", "ws", 1)+"/chat/socket?ticket="+s.Ticket)
	if err != nil {
		return fmt.Errorf("open socket: %w", err)
	}
	if shake.Protocol != "okoshko.v1" {
		return fmt.Errorf("subprotocol %q", shake.Protocol)
	}
	line := &webLine{conn, make(chan struct{})}
	var in io.Reader = conn
	if buffered != nil {
		in = io.MultiReader(buffered, conn)
	}
	c.mu.Lock()
	c.session, c.line = s, line
	c.write(map[string]any{"t": "hello", "after": c.after})
	for _, id := range c.order {
		c.write(c.owed[id])
	}
	c.mu.Unlock()
	go c.listen(line, in)
	return nil
}

// cut ends the socket without a word.
func (c *webClient) cut() {
	c.mu.Lock()
	line := c.line
	c.line = nil
	c.mu.Unlock()
	if line != nil {
		_ = line.Close()
		<-line.ended
	}
}

// say sends a message, twice, and again after every reconnection until it is
// acknowledged.
func (c *webClient) say(frame map[string]any) string {
	id := "m-" + rand.Text()
	frame["id"] = id
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order, c.owed[id] = append(c.order, id), frame
	c.write(frame)
	c.write(frame)
	return id
}

// write sends a frame, if there is a line. The caller holds mu.
func (c *webClient) write(frame map[string]any) {
	if c.line == nil {
		return
	}
	raw, err := json.Marshal(frame)
	if err != nil {
		panic(err)
	}
	_ = wsutil.WriteClientText(c.line, raw) // a line that broke is noticed by its reader
}

func (c *webClient) listen(line *webLine, in io.Reader) {
	defer close(line.ended)
	for {
		raw, err := wsutil.ReadServerText(struct {
			io.Reader
			io.Writer
		}{in, line})
		if err != nil {
			return
		}
		c.hear(raw)
	}
}

// hear takes a frame in, and holds the server to the protocol.
func (c *webClient) hear(raw []byte) {
	var f webFrame
	if err := json.Unmarshal(raw, &f); err != nil {
		c.t.Errorf("frame %s: %v", raw, err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch f.T {
	case "entry":
		c.enter(f.webEntry)
	case "reset":
		c.resets++
		c.entries, c.after = nil, ""
	case "ack":
		if f.Toast != "" {
			c.toasts[f.ID] = f.Toast
		}
		c.acked[f.ID] = true
		delete(c.owed, f.ID)
		for i, id := range c.order {
			if id == f.ID {
				c.order = append(c.order[:i:i], c.order[i+1:]...)
				break
			}
		}
	case "nack":
		c.t.Errorf("refused: %s", raw)
	case "bye":
		c.byes = append(c.byes, f.Error)
	case "live", "page", "typing", "seen", "pong":
	default:
		c.t.Errorf("frame %s", raw)
	}
}

// enter appends an entry: the server sends each once a connection, in order.
func (c *webClient) enter(e webEntry) {
	p, err := turn.ParsePosition(e.Position)
	last, _ := turn.ParsePosition(c.after)
	switch {
	case err != nil:
		c.t.Errorf("position %q: %v", e.Position, err)
	case !last.Before(p):
		c.t.Errorf("entry %s after %s", e.Position, c.after)
	default:
		c.entries, c.after = append(c.entries, e), e.Position
	}
}

// upload stores a file and returns its ID.
func (c *webClient) upload(ctx context.Context, name string, content []byte) (string, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return "", err
	}
	if _, err := part.Write(content); err != nil {
		return "", err
	}
	if err := form.Close(); err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/chat/files", &b)
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	var answer struct{ ID string }
	_, err = c.do(r, &answer)
	return answer.ID, err
}
