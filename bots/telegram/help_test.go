package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/telegram"
	"okoshko/bots/telegram/telegramtest"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/words"
)

var maria = telegramtest.Profile{Language: "ru", First: "Мария", Phone: "79120000000"}

// world is a bot beside an emulator, with fakes for everything of ours.
type world struct {
	t      *testing.T
	srv    *telegramtest.Server
	bot    *telegram.Bot
	engine *engine
	aside  *quarantine
	files  files
	meter  *meter
	log    *lines
	cfg    telegram.Config
	hook   string // the webhook's address
}

// open starts a bot; change may alter its configuration. It does not run yet.
func open(t *testing.T, mode telegram.Mode, change func(*telegram.Config)) *world {
	t.Helper()
	srv := telegramtest.New(telegramtest.Config{Second: time.Millisecond})
	if err := srv.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = srv.Close() })
	w := &world{t: t, srv: srv, engine: &engine{}, aside: &quarantine{}, files: files{}, meter: &meter{}, log: &lines{}}
	w.cfg = telegram.Config{
		Token: privacy.NewSecret(srv.Token()), APIURL: srv.URL(), Mode: mode,
		Quarantine: w.aside, Files: w.files, Log: slog.New(slog.NewTextHandler(w.log, nil)), Now: time.Now, Meter: w.meter,
		Commands: func(lang words.Lang) []dialog.SlashCommand {
			return []dialog.SlashCommand{{Name: "menu", Description: map[words.Lang]string{words.RU: "Меню", words.EN: "Menu"}[lang]}}
		},
	}
	var ln net.Listener
	if mode == telegram.Webhook {
		var err error
		if ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		w.hook = "http://" + ln.Addr().String() + telegram.Route
		w.cfg.WebhookURL = w.hook
	}
	if change != nil {
		change(&w.cfg)
	}
	var err error
	if w.bot, err = telegram.New(w.cfg); err != nil {
		t.Fatal(err)
	}
	w.bot.Hasten()
	if ln != nil {
		w.serve(ln)
	}
	return w
}

func (w *world) serve(ln net.Listener) {
	app := fiber.New(fiber.Config{
		DisableStartupMessage: true, Immutable: true, BodyLimit: 4 << 20,
		ErrorHandler: func(c *fiber.Ctx, err error) error {
			if errors.Is(err, fiber.ErrRequestEntityTooLarge) && w.bot.TooLarge(c) {
				return nil
			}
			return fiber.DefaultErrorHandler(c, err)
		},
	})
	w.bot.Mount(app, w.engine)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = app.Listener(ln)
	}()
	w.t.Cleanup(func() {
		_ = ln.Close() // Shutdown alone misses a server that has not begun yet
		_ = app.ShutdownWithTimeout(time.Second)
		<-done
	})
}

// run starts the bot's background work until the test ends.
func (w *world) run() *world {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := w.bot.Run(ctx, w.engine); err != nil {
			w.t.Errorf("run: %v", err)
		}
	}()
	w.t.Cleanup(func() {
		cancel()
		<-done
	})
	return w
}

// ready runs the bot and waits until Telegram knows about it.
func (w *world) ready() *world {
	w.t.Helper()
	w.run()
	w.until("the bot is set up", func() bool { return w.status().Ready })
	return w
}

func (w *world) status() telegram.Status { return w.bot.Status().(telegram.Status) }

// until waits for something that has no event of its own.
func (w *world) until(what string, fits func() bool) {
	w.t.Helper()
	for limit := time.Now().Add(time.Minute); !fits(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			w.t.Fatalf("waited in vain until %s; log:\n%s", what, w.log)
		}
	}
}

// drained waits until every update has been confirmed.
func (w *world) drained() {
	w.t.Helper()
	if err := w.srv.AwaitDrained(soon(w.t)); err != nil {
		w.t.Fatalf("%v\n%s", err, w.log)
	}
}

// customer is somebody who has started the bot; what that caused is forgotten.
func (w *world) customer(id int64) *telegramtest.Customer {
	w.t.Helper()
	c := w.srv.Customer(id, maria)
	c.Start("")
	if w.status().Ready {
		w.drained()
	}
	w.engine.forget()
	return c
}

func (w *world) send(c *telegramtest.Customer, m chat.Message, replaces string) turn.Report {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return w.bot.Send(ctx, turn.Parcel{
		Conversation: chat.Conversation(fmt.Sprintf("tg:%d", c.ID())), Message: m, Replaces: replaces,
	})
}

// sent is send that must succeed.
func (w *world) sent(c *telegramtest.Customer, m chat.Message, replaces string) turn.Report {
	w.t.Helper()
	r := w.send(c, m, replaces)
	if r.Fate != turn.Sent || r.Foreign == "" {
		w.t.Fatalf("report %+v; log:\n%s", r, w.log)
	}
	return r
}

func say(lines ...string) chat.Message {
	var m chat.Message
	for _, l := range lines {
		m.Blocks = append(m.Blocks, chat.Para(l))
	}
	return m
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// engine records events and says yes.
type engine struct {
	mu     sync.Mutex
	events []dialog.Event
	seen   map[string]bool
	toast  string
	fail   func(dialog.Event) error
}

func (e *engine) Take(_ context.Context, ev dialog.Event) (turn.Ack, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail != nil {
		if err := e.fail(ev); err != nil {
			return turn.Ack{}, err
		}
	}
	if e.seen[ev.ID] {
		return turn.Ack{Toast: e.toast}, nil
	}
	if e.seen == nil {
		e.seen = map[string]bool{}
	}
	e.seen[ev.ID] = true
	e.events = append(e.events, ev)
	return turn.Ack{Toast: e.toast}, nil
}

func (e *engine) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = nil
}

func (e *engine) taken() []dialog.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]dialog.Event(nil), e.events...)
}

func (e *engine) set(change func(*engine)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e)
}

// one returns the only event.
func (w *world) one() dialog.Event {
	w.t.Helper()
	w.drained()
	all := w.engine.taken()
	if len(all) != 1 {
		w.t.Fatalf("%d events, want one: %+v", len(all), all)
	}
	return all[0]
}

type quarantine struct {
	mu   sync.Mutex
	list []turn.Casualty
	fail error
}

func (q *quarantine) Put(_ context.Context, c turn.Casualty) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fail != nil {
		return q.fail
	}
	for _, old := range q.list {
		if old.ID == c.ID {
			return nil
		}
	}
	q.list = append(q.list, c)
	return nil
}

func (q *quarantine) all() []turn.Casualty {
	q.mu.Lock()
	defer q.mu.Unlock()
	return append([]turn.Casualty(nil), q.list...)
}

// files are what we send, by ID.
type files map[string][]byte

func (f files) Open(_ context.Context, id string) (chat.File, io.ReadCloser, error) {
	data, ok := f[id]
	if !ok {
		return chat.File{}, nil, fault.New(fault.NotFound, "no such file")
	}
	return chat.File{ID: id, Name: id, Size: int64(len(data))}, io.NopCloser(bytes.NewReader(data)), nil
}

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lines) count(part string) int { return strings.Count(l.String(), part) }

// meter counts how calls ended.
type meter struct {
	mu    sync.Mutex
	calls map[string]int
}

func (*meter) Update(_, _ string) {}

func (m *meter) Call(_, result string, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.calls == nil {
		m.calls = map[string]int{}
	}
	m.calls[result]++
}

func (m *meter) count(result string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls[result]
}

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

func atNoon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
