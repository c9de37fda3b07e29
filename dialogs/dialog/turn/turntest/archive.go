package turntest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

func compare(a, b chat.Conversation) int { return cmp.Compare(a, b) }

// Dirty implements turn.Backlog.
func (r *Replica) Dirty(ctx context.Context, limit int) (out []chat.Conversation, err error) {
	err = r.call(ctx, "Dirty", "", func(_ *Memory, l *live) {
		if l.archiver != r.name && time.Now().Before(l.archives) {
			return
		}
		l.archiver, l.archives = r.name, time.Now().Add(turn.LeaseFor)
		out = slices.Sorted(maps.Keys(l.dirty))
		out = out[:min(limit, len(out))]
	})
	return out, err
}

// Read implements turn.Backlog.
func (r *Replica) Read(ctx context.Context, cs []chat.Conversation) (out []turn.Chapter, err error) {
	err = r.call(ctx, "Read", "", func(_ *Memory, l *live) {
		for _, c := range cs {
			had := l.rows[c]
			if had == nil {
				delete(l.dirty, c)
				continue
			}
			chapter := turn.Chapter{Record: had.Record}
			for _, e := range had.log {
				if had.Archived.Before(e.Position) {
					chapter.Entries = append(chapter.Entries, e)
				}
			}
			out = append(out, chapter)
		}
	})
	return out, err
}

// Archived implements turn.Backlog.
func (r *Replica) Archived(ctx context.Context, saved []turn.Chapter, before time.Time) error {
	return r.call(ctx, "Archived", "", func(_ *Memory, l *live) {
		for _, chapter := range saved {
			had := l.rows[chapter.Conversation]
			if had == nil {
				continue
			}
			if n := len(chapter.Entries); n > 0 && had.Archived.Before(chapter.Entries[n-1].Position) {
				had.Archived = chapter.Entries[n-1].Position
			}
			had.log = slices.DeleteFunc(had.log, func(e turn.Entry) bool {
				old := e.At.Before(before) && !had.Archived.Before(e.Position) && (!had.unsent() || !had.Cursor.Before(e.Position))
				if old && had.floor.Before(e.Position) {
					had.floor = e.Position
				}
				return old
			})
			last := had.Archived
			if n := len(had.log); n > 0 {
				last = had.log[n-1].Position
			}
			if had.Revision == chapter.Revision && had.Cursor == chapter.Cursor && !had.Archived.Before(last) {
				delete(l.dirty, chapter.Conversation)
			}
		}
	})
}

// Evict implements turn.Backlog.
func (r *Replica) Evict(ctx context.Context, c chat.Conversation, before time.Time) (ok bool, err error) {
	err = r.call(ctx, "Evict", c, func(_ *Memory, l *live) {
		had := l.rows[c]
		if had == nil || had.unsent() || !had.Due.IsZero() || l.dirty[c] || had.changed.After(before) {
			return
		}
		ok = true
		l.forget(c)
	})
	return ok, err
}

// Save implements turn.Archive.
func (r *Replica) Save(ctx context.Context, chapters []turn.Chapter) error {
	return r.call(ctx, "Save", "", func(m *Memory, _ *live) {
		for _, chapter := range chapters {
			m.save(chapter)
		}
	})
}

func (m *Memory) save(chapter turn.Chapter) {
	c, record := chapter.Conversation, chapter.Record
	floor := m.erased[c]
	for _, e := range chapter.Entries {
		if e.Position.Revision > floor {
			m.messages[c] = insert(m.messages[c], e)
		}
		if record.Archived.Before(e.Position) {
			record.Archived = e.Position
		}
	}
	old, known := m.rows[c]
	newer := record.Revision > old.Revision ||
		record.Revision == old.Revision && !record.Cursor.Before(old.Cursor) && !record.Archived.Before(old.Archived)
	if record.Revision > floor && (!known || newer) {
		m.rows[c] = record
	}
}

// Find implements turn.Archive.
func (r *Replica) Find(ctx context.Context, c chat.Conversation) (record turn.Record, found bool, err error) {
	err = r.call(ctx, "Find", c, func(m *Memory, _ *live) {
		if record, found = m.rows[c]; !found {
			record = turn.Record{Conversation: c, Revision: m.erased[c]}
		}
	})
	return record, found, err
}

// Entries implements turn.Archive.
func (r *Replica) Entries(ctx context.Context, c chat.Conversation, after turn.Position, limit int) (out []turn.Entry, err error) {
	err = r.call(ctx, "Entries", c, func(m *Memory, _ *live) {
		for _, e := range m.messages[c] {
			if after.Before(e.Position) && len(out) < limit {
				out = append(out, e)
			}
		}
	})
	return out, err
}

// EntriesBefore implements turn.Archive.
func (r *Replica) EntriesBefore(ctx context.Context, c chat.Conversation, before turn.Position, limit int) (out []turn.Entry, err error) {
	err = r.call(ctx, "EntriesBefore", c, func(m *Memory, _ *live) { out = ahead(m.messages[c], before, limit) })
	return out, err
}

// Owing implements turn.Archive.
func (r *Replica) Owing(ctx context.Context, after chat.Conversation, limit int) (out []turn.Record, err error) {
	err = r.call(ctx, "Owing", "", func(m *Memory, _ *live) {
		for _, c := range slices.Sorted(maps.Keys(m.rows)) {
			record := m.rows[c]
			if c > after && len(out) < limit && (record.Cursor.Before(record.Tail) || !record.Due.IsZero()) {
				out = append(out, record)
			}
		}
	})
	return out, err
}

// Marks returns the port beside the archive.
func (r *Replica) Marks() turn.Marks { return marks{r} }

type marks struct{ r *Replica }

// Mark implements turn.Marks.
func (k marks) Mark(ctx context.Context) (mark, server string, err error) {
	err = k.r.call(ctx, "Marks.Mark", "", func(m *Memory, _ *live) { mark, server = m.mark, m.owner })
	return mark, server, err
}

// NewMark implements turn.Marks.
func (k marks) NewMark(ctx context.Context, mark, server string) (now string, err error) {
	err = k.r.call(ctx, "NewMark", "", func(m *Memory, _ *live) {
		if m.mark == mark {
			m.marks++
			m.mark, m.owner = "g"+strconv.Itoa(m.marks), server
		}
		now = m.mark
	})
	return now, err
}

// Put implements turn.Quarantine.
func (r *Replica) Put(ctx context.Context, c turn.Casualty) error {
	return r.call(ctx, "Put", c.Conversation, func(m *Memory, _ *live) {
		if _, there := m.quarantine[c.ID]; !there {
			m.quarantine[c.ID] = c
		}
	})
}
