package webchat_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gofiber/fiber/v2"

	"okoshko/bots/webchat"
	"okoshko/bots/webchat/webtest"
	"okoshko/core/billing"
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
	live   *live
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
	h.live = &live{Replica: stores, tickets: map[string]string{}}
	c := webchat.Config{
		Origins: []string{page}, Upload: 1 << 20, Messages: 60000, MaxSockets: 100,
		Address:  func(*fiber.Ctx) netip.Addr { return netip.AddrFrom4([4]byte{127, 0, 0, 1}) },
		Visitors: h.people, Live: h.live, Files: noFiles{},
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

// browser is that of a visitor, "" for a new one.
func (h *host) browser(visitor string) *webtest.Browser {
	return &webtest.Browser{Base: h.url, Origin: page, Language: "ru", Visitor: visitor}
}

// tab is a page that is connected, and fails the test when the server breaks
// the protocol.
func (h *host) tab() *webtest.Tab {
	h.t.Helper()
	tab := webtest.NewTab(*h.browser(""), func(err error) { h.t.Error(err) })
	if err := tab.Connect(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(tab.Cut)
	return tab
}

// line is one socket; what goes wrong with it ends the test.
type line struct {
	*webtest.Line
	t       *testing.T
	visitor string
}

// dial opens a socket for a visitor, "" for a new one.
func (h *host) dial(visitor string) *line {
	h.t.Helper()
	b := h.browser(visitor)
	l, err := b.Dial(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = l.Close() })
	return &line{l, h.t, b.Visitor}
}

func (l *line) say(raw string) {
	l.t.Helper()
	if err := l.Say(raw); err != nil {
		l.t.Fatal(err)
	}
}

// next reads a frame. closed is the code of a close frame instead.
func (l *line) next() (f webtest.Frame, closed ws.StatusCode) {
	l.t.Helper()
	_ = l.SetReadDeadline(time.Now().Add(time.Minute))
	f, err := l.Next()
	var end webtest.Closed
	if errors.As(err, &end) {
		return f, ws.StatusCode(end)
	}
	if err != nil {
		l.t.Fatalf("read a frame: %v", err)
	}
	return f, 0
}

// until reads up to a frame of a kind and returns it, with those before it.
func (l *line) until(kind string) (found webtest.Frame, before []webtest.Frame) {
	l.t.Helper()
	_ = l.SetReadDeadline(time.Now().Add(time.Minute))
	found, before, err := l.Until(kind)
	if err != nil {
		l.t.Fatal(err)
	}
	return found, before
}

// hello begins the delivery and returns the backlog.
func (l *line) hello(after string) (live webtest.Frame, backlog []webtest.Frame) {
	l.t.Helper()
	_ = l.SetReadDeadline(time.Now().Add(time.Minute))
	live, backlog, err := l.Hello(after)
	if err != nil {
		l.t.Fatal(err)
	}
	return live, backlog
}

// live adds tickets to stores in memory, and may lose hints.
type live struct {
	*turntest.Replica
	mu      sync.Mutex
	tickets map[string]string
	deaf    atomic.Bool
	anew    atomic.Pointer[func()]
}

func (l *live) Subscribe(ctx context.Context, do func(turn.Hint), anew func()) error {
	l.anew.Store(&anew)
	return l.Replica.Subscribe(ctx, func(h turn.Hint) {
		if !l.deaf.Load() {
			do(h)
		}
	}, anew)
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
	word map[chat.Conversation][]billing.AccountNumber
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

func (p *people) AddVisitor(_ context.Context, v customer.Visitor, _ time.Time) error {
	return p.do(func() {
		if p.all == nil {
			p.all = map[customer.VisitorToken]customer.Visitor{}
		}
		p.all[v.Token] = v
	})
}

func (p *people) Vouch(_ context.Context, c chat.Conversation, accounts []billing.AccountNumber, _ time.Time) error {
	return p.do(func() {
		if p.word == nil {
			p.word = map[chat.Conversation][]billing.AccountNumber{}
		}
		p.word[c] = accounts
	})
}

// vouched are the accounts of the only conversation that was vouched for.
func (p *people) vouched() []billing.AccountNumber {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, accounts := range p.word {
		return accounts
	}
	return nil
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

func (p *people) VisitorSpoke(context.Context, customer.Visitor, time.Time) error {
	return p.do(func() {})
}

func (p *people) NameVisitor(_ context.Context, c chat.Conversation, subject string) (err error) {
	away := p.do(func() {
		for k, v := range p.all {
			switch {
			case v.Conversation != c:
			case v.Subject != "" && v.Subject != subject:
				err = fault.New(fault.Conflict, "he is another customer")
			default:
				v.Subject = subject
				p.all[k] = v
			}
		}
	})
	return errors.Join(away, err)
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
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}
