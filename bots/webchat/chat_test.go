package webchat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gofiber/fiber/v2"

	"okoshko/bots/webchat"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

// host is the web channel on a real port, with the real engine on stores in
// memory.
type host struct {
	t      *testing.T
	url    string
	chat   *webchat.Chat
	engine *turn.Engine
	stores *turntest.Replica
	meter  *meter
	people *people
}

func start(t *testing.T, adjust ...func(*webchat.Config)) *host {
	t.Helper()
	stores := turntest.NewMemory().Replica()
	log := slog.New(slog.DiscardHandler)
	engine := turn.New(turntest.Book(&turntest.Desk{}), turn.Ports{
		Conversations: stores, Outbox: stores, Agenda: stores, Backlog: stores, Archive: stores,
		Marks: stores.Marks(), Quarantine: stores, History: stores,
		Readers: map[string]chat.Caps{webchat.Name: webchat.Caps},
	}, time.Now, log, silent{})
	h := &host{t: t, engine: engine, stores: stores, meter: &meter{counts: map[string]int{}}, people: &people{}}
	c := webchat.Config{
		Origins: []string{page}, Upload: 1 << 20, Messages: 60000, MaxSockets: 100,
		Address:  func(*fiber.Ctx) netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 0, 1}) },
		Visitors: h.people, Live: &live{Replica: stores, tickets: map[string]string{}}, Files: noFiles{},
		Engine: engine, Log: log, Now: time.Now, Meter: h.meter,
	}
	for _, f := range adjust {
		f(&c)
	}
	h.chat = webchat.New(c)
	h.listen()
	return h
}

// page is the origin that the clients stand on.
const page = "https://supplier.example"

func (h *host) listen() {
	h.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(h.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.Server().KeepHijackedConns = true
	h.chat.Mount(app)
	ctx, stop := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	parts.Go(func() { _ = h.engine.Run(ctx) })
	parts.Go(func() { _ = h.chat.Run(ctx) })
	parts.Go(func() { _ = app.Listener(listener) })
	h.t.Cleanup(func() {
		goodbye, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		h.chat.Close(goodbye)
		stop()
		if err := app.Shutdown(); err != nil {
			h.t.Error(err)
		}
		parts.Wait()
	})
	h.url = "http://" + listener.Addr().String()
}

// session is the answer to a browser that comes.
type session struct{ Visitor, Ticket, Position string }

func (h *host) session(visitor string) session {
	h.t.Helper()
	var s session
	if status := h.post("/chat/session", "", map[string]any{"visitor": visitor, "language": "ru"}, &s); status != http.StatusOK {
		h.t.Fatalf("session: %d", status)
	}
	if s.Visitor == "" {
		s.Visitor = visitor
	}
	return s
}

func (h *host) post(path, visitor string, body, answer any) (status int) {
	h.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+path, bytes.NewReader(raw))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Origin", page)
	r.Header.Set("Authorization", "Bearer "+visitor)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		h.t.Errorf("%s: %v", path, err)
	}
	return response.StatusCode
}

// line is one socket.
type line struct {
	net.Conn
	t       *testing.T
	visitor string
	in      io.Reader
}

// dial opens a socket for a visitor, "" for a new one.
func (h *host) dial(visitor string) *line {
	h.t.Helper()
	s := h.session(visitor)
	l, err := h.socket(s)
	if err != nil {
		h.t.Fatal(err)
	}
	return l
}

func (h *host) socket(s session) (*line, error) {
	d := ws.Dialer{
		Protocols: []string{webchat.Subprotocol}, Timeout: 10 * time.Second,
		Header: ws.HandshakeHeaderHTTP{"Origin": []string{page}},
	}
	conn, early, _, err := d.Dial(h.t.Context(), strings.Replace(h.url, "http", "ws", 1)+"/chat/socket?ticket="+s.Ticket)
	if err != nil {
		return nil, err
	}
	l := &line{Conn: conn, t: h.t, visitor: s.Visitor, in: conn}
	if early != nil {
		l.in = io.MultiReader(early, conn)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	return l, nil
}

func (l *line) say(raw string) {
	l.t.Helper()
	l.put(ws.MaskFrame(ws.NewTextFrame([]byte(raw))))
}

func (l *line) put(frames ...ws.Frame) {
	l.t.Helper()
	for _, f := range frames {
		if err := ws.WriteFrame(l.Conn, f); err != nil {
			l.t.Fatal(err)
		}
	}
}

// frame is what the server says.
type frame struct {
	T, ID, Position, Kind, Text, Error string
	Retry                              int `json:"retry_after"`
	More                               bool
	Entries                            []frame
	Message                            *chat.Message
}

// next reads a frame. closed is the code of a close frame instead.
func (l *line) next() (f frame, closed ws.StatusCode) {
	l.t.Helper()
	_ = l.SetReadDeadline(time.Now().Add(20 * time.Second))
	for {
		got, err := ws.ReadFrame(l.in)
		if err != nil {
			l.t.Fatalf("read a frame: %v", err)
		}
		switch got.Header.OpCode {
		case ws.OpClose:
			code, _ := ws.ParseCloseFrameData(got.Payload)
			return f, code
		case ws.OpText:
			if err := json.Unmarshal(got.Payload, &f); err != nil {
				l.t.Fatalf("frame %s: %v", got.Payload, err)
			}
			return f, 0
		case ws.OpPong:
			return frame{T: "control pong", Text: string(got.Payload)}, 0
		}
	}
}

// until reads up to a frame of a kind and returns it, with those before it.
func (l *line) until(kind string) (found frame, before []frame) {
	l.t.Helper()
	for {
		f, closed := l.next()
		if closed != 0 {
			l.t.Fatalf("closed with %d before a %s", closed, kind)
		}
		if f.T == kind {
			return f, before
		}
		before = append(before, f)
	}
}

// hello begins the delivery and returns the backlog.
func (l *line) hello(after string) (live frame, backlog []frame) {
	l.t.Helper()
	l.say(`{"t":"hello","after":"` + after + `"}`)
	return l.until("live")
}

// live adds tickets to stores in memory.
type live struct {
	*turntest.Replica
	mu      sync.Mutex
	tickets map[string]string
}

func (l *live) PutTicket(_ context.Context, name, value string, _ time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, taken := l.tickets[name]; taken {
		return false, nil
	}
	l.tickets[name] = value
	return true, nil
}

func (l *live) TakeTicket(_ context.Context, name string) (string, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	value, ok := l.tickets[name]
	delete(l.tickets, name)
	return value, ok, nil
}

// people keeps visitors in memory.
type people struct {
	mu   sync.Mutex
	all  map[customer.VisitorToken]customer.Visitor
	away bool
}

func (p *people) set(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

func (p *people) do(change func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		return fault.New(fault.Unavailable, "the database is away")
	}
	change()
	return nil
}

func (p *people) AddVisitor(_ context.Context, k customer.VisitorToken, v customer.Visitor, _ time.Time) error {
	return p.do(func() {
		if p.all == nil {
			p.all = map[customer.VisitorToken]customer.Visitor{}
		}
		p.all[k] = v
	})
}

func (p *people) FindVisitor(_ context.Context, k customer.VisitorToken) (v customer.Visitor, err error) {
	known := false
	if err := p.do(func() { v, known = p.all[k] }); err != nil {
		return v, err
	}
	if !known {
		return v, fault.New(fault.NotFound, "no such visitor")
	}
	return v, nil
}

func (p *people) VisitorSpoke(context.Context, chat.Conversation, time.Time) error {
	return p.do(func() {})
}

func (p *people) NameVisitor(context.Context, chat.Conversation, string) error {
	return p.do(func() {})
}

// noFiles is a store without files.
type noFiles struct{}

var errNoFile = fault.New(fault.NotFound, "no such file")

func (noFiles) Upload(context.Context, chat.Conversation, string, io.Reader) (chat.File, error) {
	return chat.File{}, errNoFile
}

func (noFiles) Find(context.Context, chat.Conversation, string) (chat.File, bool, error) {
	return chat.File{}, false, errNoFile
}

func (noFiles) Open(context.Context, chat.Conversation, string) (chat.File, io.ReadCloser, error) {
	return chat.File{}, nil, errNoFile
}

// meter counts byes.
type meter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (*meter) Sockets(int)          {}
func (*meter) Frame(string, string) {}

func (m *meter) Closed(why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[why]++
}

func (m *meter) closed(why string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counts[why]
}

// silent is a meter that nobody reads.
type silent struct{}

func (silent) Turn(string, string, time.Duration)    {}
func (silent) Conflict()                             {}
func (silent) Sent(string, string, time.Duration)    {}
func (silent) Command(string, string, time.Duration) {}
func (silent) Swept(int)                             {}
func (silent) Archived(int)                          {}

// await polls until it is so: a counter tells nobody that it has changed.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}
