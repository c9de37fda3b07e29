package turn

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// The generation mark shows a live store that was wiped, rolled back or failed
// over: it stands in every partition of the store and beside the archive,
// there together with the identity of the server's data. Where the two differ,
// a new generation begins: every conversation is compared with the archive at
// its next load, and the agenda is filled again.

// generation is what this replica knows of the live store's.
type generation struct {
	mark    atomic.Pointer[string]
	doubts  atomic.Int64  // how often something may have been lost
	settled atomic.Int64  // how many of those a comparison has settled
	turn    chan struct{} // holds one token: who compares
	begun   atomic.Int64  // comparisons so far
	ended   int64         // the number of the last one that has ended, its error
	err     error         // and the server that it found; guarded by turn
	server  string
}

// suspected reports whether the store has to be compared before it is believed.
func (g *generation) suspected() bool { return g.doubts.Load() > g.settled.Load() }

func (e *Engine) currentMark() string {
	if m := e.generation.mark.Load(); m != nil {
		return *m
	}
	return ""
}

func (e *Engine) watchMark(ctx context.Context) (bool, error) { return false, e.refreshMark(ctx) }

// refreshMark makes the store's and the archive's marks agree. Of many turns
// that ask at once one compares; a comparison that began after a call is the
// answer to it.
func (e *Engine) refreshMark(ctx context.Context) error {
	g := &e.generation
	asked := g.begun.Load()
	select {
	case g.turn <- struct{}{}:
		defer func() { <-g.turn }()
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, ctx.Err())
	}
	if g.ended > asked {
		return g.err
	}
	number := g.begun.Add(1)
	err := e.compareMarks(ctx)
	if ctx.Err() == nil { // the end of one caller is no answer to the others
		g.ended, g.err = number, err
	}
	return err
}

func (e *Engine) compareMarks(ctx context.Context) error {
	g := &e.generation
	doubts := g.doubts.Load()
	live, server, err := e.Conversations.Mark(ctx)
	if err != nil {
		return fmt.Errorf("read the store's generation: %w", err)
	}
	mark, owner, err := e.Marks.Mark(ctx)
	switch {
	case err != nil && live != "" && (g.server == "" || server == g.server):
		// The archive is away, and nothing has happened to the store since we
		// last looked: what it says itself must do.
		g.mark.Store(&live)
		g.settled.Store(doubts)
		return nil
	case err != nil:
		g.doubts.Add(1)
		return fault.Wrap(fault.Unavailable, fmt.Errorf("read the archive's generation: %w", err))
	case live != mark || mark == "" || server != owner:
		if mark, err = e.beginGeneration(ctx, live, mark, owner, server); err != nil {
			g.doubts.Add(1)
			return err
		}
	}
	g.server = server
	g.mark.Store(&mark)
	g.settled.Store(doubts)
	return nil
}

// beginGeneration marks the store anew. The agenda is filled before: a store
// that carries its mark has nothing to catch up on, whoever died on the way.
func (e *Engine) beginGeneration(ctx context.Context, live, mark, owner, server string) (string, error) {
	if server != owner || mark == "" || live != "" {
		var err error
		if mark, err = e.Marks.NewMark(ctx, mark, server); err != nil {
			return "", fault.Wrap(fault.Unavailable, fmt.Errorf("begin a generation: %w", err))
		}
	}
	if err := e.fillAgenda(ctx); err != nil {
		return "", err
	}
	if err := e.Conversations.SetMark(ctx, mark); err != nil {
		return "", fmt.Errorf("mark the store: %w", err)
	}
	e.log.Info("live store is of a new generation", "generation", mark)
	return mark, nil
}

// owingPage is how many conversations are read from the archive at a time.
const owingPage = 1000

// fillAgenda makes due again whatever the archive knows to owe something.
func (e *Engine) fillAgenda(ctx context.Context) error {
	var after chat.Conversation
	for {
		owing, err := e.Archive.Owing(ctx, after, owingPage)
		if err != nil {
			return fault.Wrap(fault.Unavailable, fmt.Errorf("list what is owed: %w", err))
		}
		if len(owing) == 0 {
			return nil
		}
		due := make(map[chat.Conversation]time.Time, len(owing))
		now := e.now()
		for _, r := range owing {
			at := r.Due
			if r.Cursor.Before(r.Tail) || at.IsZero() {
				at = now
			}
			due[r.Conversation] = at
			after = r.Conversation
		}
		if err := e.Agenda.Schedule(ctx, due); err != nil {
			return fmt.Errorf("fill the agenda: %w", err)
		}
	}
}
