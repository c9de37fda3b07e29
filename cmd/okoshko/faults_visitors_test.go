package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"okoshko/bots/webchat/webtest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// webHabits are how the visitors of the site's chat behave, beside habits.
type webHabits struct {
	// copies is how often each message is sent at once.
	copies int
	// tabs is how many pages each has open; he acts in all of them.
	tabs int
	// polls is the share of visitors whose sockets are blocked.
	polls float64
	// hop is the share of acts before which the line is cut; every new line
	// goes to a replica by chance.
	hop float64
	// burst is the share of rounds that begin with some messages at once.
	burst float64
	// frail: connections break after some kilobytes, in the middle of whatever
	// is under way.
	frail bool
	// call is the share of rounds in which he calls a person instead.
	call float64
}

// visitor is a person of the crowd who submits readings in the chat of the
// site, again and again.
type visitor struct {
	home         household
	conversation chat.Conversation
	rng          *rand.Rand
	habits       habits
	web          webHabits
	patience     time.Duration
	tabs         []*webtest.Tab
	told         [][]webtest.Message // by tab, in order
	acts         []act
	restarts     int
	rounds       int
	served       int // rounds with a person that ended as they should

	mu    sync.Mutex
	wrong []string // what the server may not do
}

// act is a wait for an answer that came.
type act struct{ from, to time.Time }

// newVisitor opens a visitor's pages and keeps them open until ctx ends.
func (tr *trial) newVisitor(ctx context.Context, home household, n int, s setting) *visitor {
	tr.t.Helper()
	v := &visitor{
		home: home, rng: rand.New(rand.NewPCG(tr.seed, uint64(n)+1e6)), habits: s.habits, web: s.web, patience: s.patience,
	}
	b := webtest.Browser{
		Base: tr.site(0), Language: "ru",
		Header: http.Header{"X-Forwarded-For": {fmt.Sprintf("10.1.%d.%d", n/250, n%250)}},
	}
	if _, err := b.Session(ctx); err != nil {
		tr.t.Fatal(err)
	}
	known, err := tr.db.FindVisitor(ctx, sha256.Sum256([]byte(b.Visitor)))
	if err != nil {
		tr.t.Fatal(err)
	}
	v.conversation = known.Conversation
	if s.web.frail {
		frail := frailDialer(rand.New(rand.NewPCG(tr.seed, uint64(n)+2e6)))
		b.NetDial, b.HTTP = frail, &http.Client{Transport: &http.Transport{DialContext: frail}}
	}
	polls := v.rng.Float64() < s.web.polls
	for i := range max(1, s.web.tabs) {
		tab := webtest.NewTab(b, v.complain)
		tab.Copies, tab.Patient = s.web.copies, true
		chance := rand.New(rand.NewPCG(tr.seed, uint64(n*10+i)+3e6))
		base := func() string { return tr.site(chance.IntN(len(tr.replicas))) }
		if polls {
			two := sync.Mutex{} // polls go beside messages
			alone := base
			base = func() string { two.Lock(); defer two.Unlock(); return alone() }
			tr.pages.Go(func() { tab.StayByPolls(ctx, base) })
		} else {
			tr.pages.Go(func() { tab.Stay(ctx, base) })
		}
		v.tabs, v.told = append(v.tabs, tab), append(v.told, nil)
	}
	return v
}

// site is the address of a replica.
func (tr *trial) site(n int) string { return "http://127.0.0.1:" + strconv.Itoa(tr.replicas[n].port) }

func (v *visitor) complain(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.wrong = append(v.wrong, err.Error())
}

// live submits readings until ctx ends.
func (v *visitor) live(ctx context.Context) {
	for ; ctx.Err() == nil; v.rounds++ {
		var err error
		if v.rng.Float64() < v.web.call {
			err = v.call(ctx)
		} else {
			err = v.round(ctx, v.rounds%differentValues)
		}
		if err != nil && ctx.Err() == nil {
			v.restarts++
			_ = v.do(ctx, step{"restart", func() error { return v.say("отмена") }, ""})
		}
	}
}

// round is one submission, from the menu to the receipt.
func (v *visitor) round(ctx context.Context, n int) error {
	if v.rng.Float64() < v.web.burst {
		tab := v.tab()
		for range 2 + v.rng.IntN(4) {
			v.tell(tab, webtest.Message{"t": "say", "text": "меню"})
		}
		if err := v.acknowledged(tab); err != nil {
			return err
		}
	}
	for _, s := range v.home.reading(n, v.say, v.press) {
		if err := v.pause(ctx); err != nil {
			return err
		}
		if v.rng.Float64() < v.web.hop {
			v.tabs[v.rng.IntN(len(v.tabs))].Cut()
		}
		if err := v.do(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// call asks for a person, tells him some things and waits until he gives the
// dialog back.
func (v *visitor) call(ctx context.Context) error {
	steps := []step{
		{"call", func() error { return v.say("оператор") }, "подключился специалист"},
		{"tell", func() error {
			for i := range 3 {
				_ = v.say(fmt.Sprintf("Вопрос %d", i))
			}
			return nil
		}, "вернул вас боту"},
	}
	for _, s := range steps {
		if err := v.do(ctx, s); err != nil {
			return err
		}
	}
	v.served++
	return nil
}

// tab is one of his pages.
func (v *visitor) tab() int { return v.rng.IntN(len(v.tabs)) }

func (v *visitor) say(text string) error {
	v.tell(v.tab(), webtest.Message{"t": "say", "text": text})
	return nil
}

func (v *visitor) tell(tab int, m webtest.Message) {
	v.tabs[tab].Tell(m)
	v.told[tab] = append(v.told[tab], m)
}

// press presses the newest button of that name, and again, in any page, if that
// is the habit.
func (v *visitor) press(label string) error {
	first := v.tab()
	if v.tabs[first].After() != v.tabs[0].After() { // it may show an older button of that name
		return errBehind
	}
	m, err := v.tabs[first].Press(label, 0)
	if err != nil {
		return err
	}
	v.told[first] = append(v.told[first], m)
	if v.rng.Float64() >= v.habits.insist {
		return nil
	}
	again := v.tab()
	v.tell(again, webtest.Message{"t": "press", "token": m["token"], "on": m["on"]})
	// Had he said something else meanwhile, the press would bring the question
	// up again.
	return v.acknowledged(again)
}

var errBehind = errors.New("the page is behind")

// acknowledged waits until a page owes nothing: what another page sends might
// overtake it.
func (v *visitor) acknowledged(tab int) error {
	ctx, cancel := context.WithTimeout(context.Background(), v.patience)
	defer cancel()
	return v.tabs[tab].Await(ctx, func(v *webtest.View) bool { return v.Owed == 0 })
}

// do acts and waits, in the first page, for the words that belong to it.
func (v *visitor) do(ctx context.Context, s step) error {
	ctx, cancel := context.WithTimeout(ctx, v.patience)
	defer cancel()
	page, began := v.tabs[0], time.Now()
	before, err := turn.ParsePosition(page.After())
	if err != nil {
		return err
	}
	for err := s.do(); err != nil; err = s.do() { // the button may be on its way to that page
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
	if err := page.Await(ctx, func(v *webtest.View) bool { return answeredAfter(v.Entries, before, s.hears) }); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	v.acts = append(v.acts, act{began, time.Now()})
	return nil
}

// answeredAfter reports whether the bot has said something after a position.
func answeredAfter(entries []webtest.Entry, before turn.Position, words string) bool {
	for i := len(entries) - 1; i >= 0; i-- {
		p, err := turn.ParsePosition(entries[i].Position)
		if err != nil || !before.Before(p) {
			return false
		}
		if entries[i].Message != nil && strings.Contains(entries[i].Words(), words) {
			return true
		}
	}
	return false
}

func (v *visitor) pause(ctx context.Context) error {
	if v.habits.think > 0 {
		select {
		case <-time.After(time.Duration(v.rng.Int64N(int64(v.habits.think)))):
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// frailDialer makes connections that break after some kilobytes, often in the
// middle of a frame. The first bytes are the handshake's: some break there.
func frailDialer(chance *rand.Rand) func(ctx context.Context, network, address string) (net.Conn, error) {
	var mu sync.Mutex
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		return &frailConn{Conn: conn, in: 100 + chance.IntN(20_000), out: 100 + chance.IntN(4_000)}, nil
	}
}

// frailConn carries so many bytes each way.
type frailConn struct {
	net.Conn
	in, out int // of its reader and of its writer
}

var errFrail = errors.New("the network broke")

// Read implements net.Conn.
func (c *frailConn) Read(b []byte) (int, error) {
	if c.in <= 0 {
		return 0, c.snap()
	}
	n, err := c.Conn.Read(b[:min(len(b), c.in)])
	c.in -= n
	return n, err
}

// Write implements net.Conn.
func (c *frailConn) Write(b []byte) (int, error) {
	if len(b) <= c.out {
		n, err := c.Conn.Write(b)
		c.out -= n
		return n, err
	}
	n, _ := c.Conn.Write(b[:c.out])
	c.out = 0
	return n, c.snap()
}

// snap ends the connection as a network does that is gone: without a word.
func (c *frailConn) snap() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
	return errFrail
}
