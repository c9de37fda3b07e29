package turn

import (
	"context"
	"fmt"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
)

// The generation mark shows a live store that was wiped, rolled back or failed
// over: it stands in every partition of the store and beside the archive,
// there together with the identity of the server's data. Where the two differ,
// a new generation begins: every conversation is compared with the archive at
// its next load, and the agenda is filled again.

func (e *Engine) currentMark() string {
	if m := e.mark.Load(); m != nil {
		return *m
	}
	return ""
}

func (e *Engine) watchMark(ctx context.Context) (bool, error) { return false, e.refreshMark(ctx) }

// refreshMark makes the store's and the archive's marks agree.
func (e *Engine) refreshMark(ctx context.Context) error {
	live, server, err := e.Conversations.Mark(ctx)
	if err != nil {
		return fmt.Errorf("read the store's generation: %w", err)
	}
	mark, owner, err := e.Marks.Mark(ctx)
	if err != nil {
		if live != "" { // the archive is away: what the store itself says must do
			e.mark.Store(&live)
			return nil
		}
		return fault.Wrap(fault.Unavailable, fmt.Errorf("read the archive's generation: %w", err))
	}
	if live != "" && live == mark && server == owner {
		e.mark.Store(&mark)
		e.suspect.Store(false)
		return nil
	}
	return e.beginGeneration(ctx, live, mark, owner, server)
}

func (e *Engine) beginGeneration(ctx context.Context, live, mark, owner, server string) error {
	fresh := mark
	if server != owner || mark == "" || live != "" {
		var err error
		if fresh, err = e.Marks.NewMark(ctx, mark, server); err != nil {
			return fault.Wrap(fault.Unavailable, fmt.Errorf("begin a generation: %w", err))
		}
	}
	if err := e.Conversations.SetMark(ctx, fresh); err != nil {
		return fmt.Errorf("mark the store: %w", err)
	}
	e.log.Info("live store is of a new generation", "generation", fresh)
	if err := e.fillAgenda(ctx); err != nil {
		return err
	}
	e.mark.Store(&fresh)
	e.suspect.Store(false)
	return nil
}

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
