package turntest

import (
	"context"
	"slices"
	"strconv"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// settle sets when the conversation is due, by the rule of turn.Conversations.
func (l *live) settle(r *row, now time.Time, idle time.Duration) {
	due := r.changed.Add(idle)
	if !r.Due.IsZero() && r.Due.Before(due) {
		due = r.Due
	}
	if r.unsent() {
		at := now
		if left := time.Until(r.lease); r.holder != "" && left > 0 {
			at = now.Add(left)
		}
		if r.hold.After(at) {
			at = r.hold
		}
		if at.Before(due) {
			due = at
		}
	}
	l.due[r.Conversation] = due
}

func (l *live) change(r *row, now time.Time) {
	r.changed = now
	l.dirty[r.Conversation] = true
	l.settle(r, now, turn.KeepFor)
}

// Load implements turn.Conversations.
func (r *Replica) Load(ctx context.Context, c chat.Conversation) (s turn.Snapshot, err error) {
	err = r.call(ctx, "Load", c, func(_ *Memory, l *live) {
		s = turn.Snapshot{Record: turn.Record{Conversation: c}, Mark: l.mark}
		if had := l.rows[c]; had != nil {
			s = turn.Snapshot{Record: had.Record, Found: true, Mark: had.mark}
		}
	})
	return s, err
}

// Commit implements turn.Conversations.
func (r *Replica) Commit(ctx context.Context, c turn.Commit) (made turn.Committed, err error) {
	err = r.call(ctx, "Commit", c.Conversation, func(m *Memory, l *live) {
		if made.Verdict = l.commit(r.name, c); made.Verdict == turn.Moved || made.Verdict == turn.OtherMark {
			return
		}
		m.commits++
		made.By = strconv.Itoa(m.commits)
		l.rows[c.Conversation].by, made.Prompt = made.By, l.rows[c.Conversation].Prompt
		if c.Followed && len(c.Entries) > 0 {
			m.hint(turn.Hint{Conversation: c.Conversation, Position: c.Entries[len(c.Entries)-1].Position, Kind: turn.NewEntry})
		}
	})
	return made, err
}

func (l *live) commit(who string, c turn.Commit) turn.Verdict {
	if l.mark != c.Mark {
		return turn.OtherMark
	}
	had := l.rows[c.Conversation]
	if had == nil {
		had = &row{Record: turn.Record{Conversation: c.Conversation}}
	}
	if had.Revision != c.Base || c.After != "" && had.by != c.After {
		return turn.Moved
	}
	l.rows[c.Conversation] = had
	before := had.unsent()
	had.Revision, had.State, had.Seen, had.Holder, had.Due, had.mark = c.Revision, c.State, c.Seen, c.Holder, c.Due, c.Mark
	had.log = append(had.log, c.Entries...)
	if c.InChat {
		had.Prompt, had.covered = "", c.Revision
	}
	verdict := turn.Won
	if c.Tail != (turn.Position{}) {
		had.Tail = c.Tail
		if !before || had.holder == who {
			had.holder, had.lease = who, time.Now().Add(turn.LeaseFor)
			verdict = turn.WonDelivery
			if before {
				verdict = turn.WonBehind
			}
		}
	}
	l.change(had, c.Now)
	return verdict
}

// Restore implements turn.Conversations.
func (r *Replica) Restore(ctx context.Context, base int64, record turn.Record, unsent []turn.Entry, mark string) (ok bool, err error) {
	err = r.call(ctx, "Restore", record.Conversation, func(_ *Memory, l *live) {
		had := l.rows[record.Conversation]
		if had == nil {
			had = &row{}
		}
		if l.mark != mark || had.Revision != base {
			return
		}
		ok = true
		next := &row{Record: record, mark: mark, log: had.log, covered: had.covered, floor: had.floor}
		if len(record.State) == 0 {
			next.log, next.floor = nil, turn.Position{}
		} else {
			if next.floor.Before(record.Archived) {
				next.floor = record.Archived
			}
			next.holder, next.lease, next.hold = had.holder, had.lease, had.hold
			if next.Cursor.Before(had.Cursor) {
				next.Cursor, next.Prompt = had.Cursor, had.Prompt
			}
		}
		for _, e := range unsent {
			if n := len(next.log); n == 0 || next.log[n-1].Position.Before(e.Position) {
				next.log = append(next.log, e)
			}
		}
		l.rows[record.Conversation] = next
		next.changed = had.changed
		l.dirty[record.Conversation] = true
		l.due[record.Conversation] = time.Time{}
	})
	return ok, err
}

// Mark implements turn.Conversations. Replica's own Marks is the other.
func (r *Replica) Mark(ctx context.Context) (mark, server string, err error) {
	err = r.call(ctx, "Mark", "", func(m *Memory, l *live) { mark, server = l.mark, strconv.Itoa(m.server) })
	return mark, server, err
}

// SetMark implements turn.Conversations.
func (r *Replica) SetMark(ctx context.Context, mark string) error {
	return r.call(ctx, "SetMark", "", func(_ *Memory, l *live) { l.mark = mark })
}

// Unsent implements turn.Outbox.
func (r *Replica) Unsent(ctx context.Context, c chat.Conversation, limit int) (out []turn.Entry, err error) {
	err = r.call(ctx, "Unsent", c, func(_ *Memory, l *live) {
		had := l.rows[c]
		if had == nil {
			return
		}
		for _, e := range had.log {
			if e.Kind == turn.Said && had.Cursor.Before(e.Position) && !had.Tail.Before(e.Position) && len(out) < limit {
				out = append(out, e)
			}
		}
	})
	return out, err
}

// Delivered implements turn.Outbox.
func (r *Replica) Delivered(ctx context.Context, d turn.Delivery) (mine, more bool, err error) {
	err = r.call(ctx, "Delivered", d.Conversation, func(m *Memory, l *live) {
		had := l.rows[d.Conversation]
		if had == nil || had.holder != r.name || !had.Cursor.Before(d.Position) {
			return
		}
		had.Cursor = d.Position
		if d.Position.Revision >= had.covered && d.Prompt != "" {
			had.Prompt = d.Prompt
		}
		d.Receipt.Position = turn.Position{Revision: had.Revision, N: 1}
		if n := len(had.log); n > 0 && had.log[n-1].Position.Revision == had.Revision {
			d.Receipt.Position.N = had.log[n-1].Position.N + 1
		}
		had.log = append(had.log, d.Receipt)
		if had.Holder != "" {
			m.hint(turn.Hint{Conversation: d.Conversation, Position: d.Receipt.Position, Kind: turn.NewReceipt})
		}
		mine, more = true, had.unsent()
		had.lease = time.Now().Add(turn.LeaseFor)
		if !more {
			had.holder = ""
		}
		l.change(had, d.Now)
	})
	return mine, more, err
}

// Renew implements turn.Outbox.
func (r *Replica) Renew(ctx context.Context, c chat.Conversation) (mine bool, err error) {
	err = r.call(ctx, "Renew", c, func(_ *Memory, l *live) {
		if had := l.rows[c]; had != nil && had.holder == r.name {
			mine, had.lease = true, time.Now().Add(turn.LeaseFor)
		}
	})
	return mine, err
}

// Hold implements turn.Outbox.
func (r *Replica) Hold(ctx context.Context, c chat.Conversation, until time.Time) error {
	return r.call(ctx, "Hold", c, func(_ *Memory, l *live) {
		if had := l.rows[c]; had != nil && had.holder == r.name {
			had.holder, had.hold = "", until
			due := until
			if !had.Due.IsZero() && had.Due.Before(due) {
				due = had.Due
			}
			l.due[c] = due
		}
	})
}

// Due implements turn.Agenda.
func (r *Replica) Due(ctx context.Context, now time.Time, limit int) (out []chat.Conversation, err error) {
	err = r.call(ctx, "Due", "", func(_ *Memory, l *live) {
		for c, at := range l.due {
			if !at.After(now) {
				out = append(out, c)
			}
		}
		slices.SortFunc(out, func(a, b chat.Conversation) int {
			if d := l.due[a].Compare(l.due[b]); d != 0 {
				return d
			}
			return compare(a, b)
		})
		out = out[:min(limit, len(out))]
	})
	return out, err
}

// Claim implements turn.Agenda.
func (r *Replica) Claim(ctx context.Context, c chat.Conversation, now time.Time) (deliver, ok bool, err error) {
	err = r.call(ctx, "Claim", c, func(_ *Memory, l *live) {
		at, listed := l.due[c]
		if !listed || at.After(now) {
			return
		}
		had := l.rows[c]
		if had != nil && had.unsent() && had.holder != "" && had.holder != r.name && time.Now().Before(had.lease) {
			l.due[c] = now.Add(time.Until(had.lease))
			return
		}
		ok = true
		l.due[c] = now.Add(turn.LeaseFor)
		if had != nil && had.unsent() && !had.hold.After(now) {
			deliver = true
			had.holder, had.lease = r.name, time.Now().Add(turn.LeaseFor)
		}
	})
	return deliver, ok, err
}

// Settle implements turn.Agenda.
func (r *Replica) Settle(ctx context.Context, c chat.Conversation, now time.Time, idle time.Duration) error {
	return r.call(ctx, "Settle", c, func(_ *Memory, l *live) {
		if had := l.rows[c]; had != nil {
			l.settle(had, now, idle)
		} else {
			delete(l.due, c)
		}
	})
}

// Schedule implements turn.Agenda.
func (r *Replica) Schedule(ctx context.Context, due map[chat.Conversation]time.Time) error {
	return r.call(ctx, "Schedule", "", func(_ *Memory, l *live) {
		for c, at := range due {
			if old, listed := l.due[c]; !listed || at.Before(old) {
				l.due[c] = at
			}
		}
	})
}
