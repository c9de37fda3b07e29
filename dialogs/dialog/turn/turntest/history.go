package turntest

import (
	"context"
	"slices"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// From implements turn.History.
func (r *Replica) From(ctx context.Context, c chat.Conversation, p turn.Position, limit int) (s turn.Stretch, err error) {
	err = r.call(ctx, "From", c, func(_ *Memory, l *live) {
		had := l.rows[c]
		if had == nil {
			return
		}
		s = turn.Stretch{Found: true, Mark: had.mark, Floor: had.floor}
		for _, e := range had.log {
			if !e.Position.Before(p) && had.floor.Before(e.Position) && len(s.Entries) < limit {
				s.Entries = append(s.Entries, e)
			}
		}
	})
	return s, err
}

// Ahead implements turn.History.
func (r *Replica) Ahead(ctx context.Context, c chat.Conversation, p turn.Position, limit int) (s turn.Stretch, err error) {
	err = r.call(ctx, "Ahead", c, func(_ *Memory, l *live) {
		had := l.rows[c]
		if had == nil {
			return
		}
		whole := slices.DeleteFunc(slices.Clone(had.log), func(e turn.Entry) bool { return !had.floor.Before(e.Position) })
		s = turn.Stretch{Found: true, Mark: had.mark, Floor: had.floor, Entries: ahead(whole, p, limit)}
	})
	return s, err
}

// ahead returns the last entries before a position, or of all.
func ahead(log []turn.Entry, p turn.Position, limit int) (out []turn.Entry) {
	for _, e := range log {
		if p == (turn.Position{}) || e.Position.Before(p) {
			out = append(out, e)
		}
	}
	return out[max(0, len(out)-limit):]
}

// Newest implements turn.History.
func (r *Replica) Newest(ctx context.Context, cs []chat.Conversation) (out []turn.Position, err error) {
	err = r.call(ctx, "Newest", "", func(_ *Memory, l *live) {
		for _, c := range cs {
			var p turn.Position
			if had := l.rows[c]; had != nil && len(had.log) > 0 {
				p = had.log[len(had.log)-1].Position
			}
			out = append(out, p)
		}
	})
	return out, err
}

// Publish implements turn.Hints.
func (r *Replica) Publish(ctx context.Context, h turn.Hint) error {
	return r.call(ctx, "Publish", h.Conversation, func(m *Memory, _ *live) { m.hint(h) })
}

// Subscribe implements turn.Hints.
func (r *Replica) Subscribe(ctx context.Context, do func(turn.Hint), anew func()) error {
	r.m.mu.Lock()
	r.m.told, r.m.anew = append(r.m.told, do), append(r.m.anew, anew)
	r.m.mu.Unlock()
	anew()
	<-ctx.Done()
	return nil
}

// hint tells everybody at once; whoever is told must not block.
func (m *Memory) hint(h turn.Hint) {
	for _, do := range m.told {
		do(h)
	}
}
