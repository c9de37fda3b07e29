package turntest

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// History holds a live store to turn.History and turn.Hints.
func History(t *testing.T, open OpenLive) {
	t.Helper()
	run(t, open, map[string]func(*pair){
		"from a position, from before it, and the end": func(p *pair) {
			p.commit(p.a, said(anna, 0, 7, 2), turn.WonDelivery)
			p.commit(p.a, said(anna, 7, 8, 1), turn.WonBehind)
			p.from(at(7, 1), 10, at(0, 0), at(7, 1), at(7, 2), at(8, 0), at(8, 1))
			p.from(at(7, 3), 1, at(0, 0), at(8, 0))
			p.from(at(9, 0), 10, at(0, 0))
			p.ahead(at(0, 0), 2, at(8, 0), at(8, 1))
			p.ahead(at(8, 0), 10, at(7, 0), at(7, 1), at(7, 2))
			p.ahead(at(7, 0), 10)
		},
		"an unknown conversation is not found": func(p *pair) {
			s, err := p.b.From(p.Context(), anna, at(1, 0), 10)
			p.must(err)
			if s.Found || len(s.Entries) > 0 {
				p.Errorf("found %+v", s)
			}
		},
		"what was trimmed lies at the floor and below": func(p *pair) {
			p.commit(p.a, said(anna, 0, 1, 0), turn.Won)
			p.commit(p.a, said(anna, 1, 2, 0), turn.Won)
			p.must(p.a.Archived(p.Context(), []turn.Chapter{p.read(anna)}, noon.Add(time.Hour)))
			p.commit(p.a, said(anna, 2, 3, 0), turn.Won)
			p.from(at(1, 0), 10, at(2, 0), at(3, 0))
			p.ahead(at(0, 0), 10, at(3, 0))
		},
		"of a conversation that was restored the archive knows more": func(p *pair) {
			record := turn.Record{
				Conversation: anna, Revision: 9, State: []byte(`{"v":1}`),
				Cursor: at(4, 1), Tail: at(5, 1), Archived: at(6, 0),
			}
			unsent := []turn.Entry{{Position: at(5, 1), Kind: turn.Said, At: noon, Body: []byte(`{"m":{}}`)}}
			ok, err := p.a.Restore(p.Context(), 0, record, unsent, "g1")
			p.must(err)
			if !ok {
				p.Fatal("not restored")
			}
			p.commit(p.a, said(anna, 9, 10, 0), turn.Won)
			p.from(at(5, 1), 10, at(6, 0), at(10, 0))
		},
		"the newest positions of many": func(p *pair) {
			p.commit(p.a, said(anna, 0, 3, 2), turn.WonDelivery)
			newest, err := p.b.Newest(p.Context(), []chat.Conversation{boris, anna})
			p.must(err)
			if !slices.Equal(newest, []turn.Position{{}, at(3, 2)}) {
				p.Errorf("newest %v", newest)
			}
		},
		"a commit and a delivery that are followed hint at every replica": func(p *pair) {
			ears := p.listen()
			c := followed(said(anna, 0, 3, 1))
			c.Holder = "7"
			p.commit(p.a, c, turn.WonDelivery)
			p.delivered(p.a, anna, at(3, 1), "", true, false)
			p.must(p.a.Publish(p.Context(), turn.Hint{Conversation: boris, Position: at(1, 2), Kind: turn.SeenBy, By: "Анна Ивановна"}))
			for _, want := range []turn.Hint{
				{Conversation: anna, Position: at(3, 1), Kind: turn.NewEntry},
				{Conversation: anna, Position: at(3, 2), Kind: turn.NewReceipt},
				{Conversation: boris, Position: at(1, 2), Kind: turn.SeenBy, By: "Анна Ивановна"},
			} {
				ears.await(p, want)
			}
		},
		"a commit that is refused hints at nothing": func(p *pair) {
			ears := p.listen()
			p.commit(p.a, followed(said(anna, 5, 6, 1)), turn.Moved)
			p.commit(p.a, followed(said(anna, 0, 1, 0)), turn.Won)
			ears.only(p, turn.Hint{Conversation: anna, Position: at(1, 0), Kind: turn.NewEntry})
		},
		"what nobody follows hints at nothing": func(p *pair) {
			ears := p.listen()
			p.commit(p.a, said(anna, 0, 3, 1), turn.WonDelivery)
			p.delivered(p.a, anna, at(3, 1), "", true, false)
			p.commit(p.a, followed(said(anna, 3, 4, 0)), turn.Won)
			ears.only(p, turn.Hint{Conversation: anna, Position: at(4, 0), Kind: turn.NewEntry})
		},
	})
}

func (p *pair) from(pos turn.Position, limit int, floor turn.Position, want ...turn.Position) {
	p.Helper()
	s, err := p.b.From(p.Context(), anna, pos, limit)
	p.must(err)
	if !s.Found || s.Mark != "g1" || s.Floor != floor {
		p.Errorf("found %v, mark %q, floor %s, want %s", s.Found, s.Mark, s.Floor, floor)
	}
	p.same(s.Entries, want)
}

func (p *pair) ahead(pos turn.Position, limit int, want ...turn.Position) {
	p.Helper()
	s, err := p.b.Ahead(p.Context(), anna, pos, limit)
	p.must(err)
	p.same(s.Entries, want)
}

func (p *pair) same(entries []turn.Entry, want []turn.Position) {
	p.Helper()
	var got []turn.Position
	for _, e := range entries {
		got = append(got, e.Position)
	}
	if !slices.Equal(got, want) {
		p.Errorf("read %v, want %v", got, want)
	}
}

// ears keep the hints that a replica was given.
type ears struct {
	mu    sync.Mutex
	heard []turn.Hint
	begun atomic.Int64
}

// listen subscribes the second replica, and returns when it hears.
func (p *pair) listen() *ears {
	p.Helper()
	e := &ears{}
	ctx, cancel := context.WithCancel(context.WithoutCancel(p.Context()))
	ended := make(chan error, 1)
	go func() {
		ended <- p.b.Subscribe(ctx, func(h turn.Hint) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.heard = append(e.heard, h)
		}, func() { e.begun.Add(1) })
	}()
	p.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			p.Error(err)
		}
	})
	for _, c := range []chat.Conversation{anna, boris} { // on a cluster these are two subscriptions
		p.until("it hears of "+string(c), func() bool {
			p.must(p.a.Publish(p.Context(), turn.Hint{Conversation: c, Kind: turn.Typing, By: "probe"}))
			return e.count(c) > 0
		})
	}
	if e.begun.Load() == 0 {
		p.Error("it hears, and was not told that it begins to")
	}
	return e
}

// count is how often something was heard of a conversation.
func (e *ears) count(c chat.Conversation) (n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range e.heard {
		if h.Conversation == c {
			n++
		}
	}
	return n
}

func (e *ears) await(p *pair, want turn.Hint) {
	p.Helper()
	p.until("hint", func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return slices.Contains(e.heard, want)
	})
}

// only waits for a hint and sees that no other news were told.
func (e *ears) only(p *pair, want turn.Hint) {
	p.Helper()
	e.await(p, want)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range e.heard {
		if (h.Kind == turn.NewEntry || h.Kind == turn.NewReceipt) && h != want {
			p.Errorf("hint %+v", h)
		}
	}
}

func followed(c turn.Commit) turn.Commit {
	c.Followed = true
	return c
}

// until polls: the news come over a network.
func (p *pair) until(what string, so func() bool) {
	p.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !so() {
		if time.Now().After(deadline) {
			p.Fatalf("%s: did not happen", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
