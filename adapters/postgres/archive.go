package postgres

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// What stands at or below a tombstone's floor belongs to an erased life of the
// conversation and is left out.
const (
	saveMessages = `
INSERT INTO messages (conversation, revision, n, at, kind, body)
SELECT e.* FROM unnest($1::text[], $2::bigint[], $3::int[], $4::timestamptz[], $5::text[], $6::bytea[])
    AS e (conversation, revision, n, at, kind, body)
WHERE NOT EXISTS (SELECT FROM tombstones t
    WHERE t.conversation = e.conversation COLLATE "C" AND e.revision <= t.floor)
ON CONFLICT DO NOTHING`

	saveConversations = `
INSERT INTO conversations AS old (conversation, revision, state, seen, holder,
    cursor_revision, cursor_n, tail_revision, tail_n, archived_revision, archived_n, prompt, due)
SELECT r.* FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::text[], $5::text[],
        $6::bigint[], $7::int[], $8::bigint[], $9::int[], $10::bigint[], $11::int[], $12::text[], $13::timestamptz[])
    AS r (conversation, revision, state, seen, holder,
        cursor_revision, cursor_n, tail_revision, tail_n, archived_revision, archived_n, prompt, due)
WHERE NOT EXISTS (SELECT FROM tombstones t
    WHERE t.conversation = r.conversation COLLATE "C" AND r.revision <= t.floor)
ON CONFLICT (conversation) DO UPDATE SET
    revision = EXCLUDED.revision, state = EXCLUDED.state, seen = EXCLUDED.seen, holder = EXCLUDED.holder,
    cursor_revision = EXCLUDED.cursor_revision, cursor_n = EXCLUDED.cursor_n,
    tail_revision = EXCLUDED.tail_revision, tail_n = EXCLUDED.tail_n,
    archived_revision = EXCLUDED.archived_revision, archived_n = EXCLUDED.archived_n,
    prompt = EXCLUDED.prompt, due = EXCLUDED.due
WHERE (old.revision, old.cursor_revision, old.cursor_n, old.archived_revision, old.archived_n)
    <= (EXCLUDED.revision, EXCLUDED.cursor_revision, EXCLUDED.cursor_n, EXCLUDED.archived_revision, EXCLUDED.archived_n)`
)

// Save implements turn.Archive: everything or nothing is saved. The record's
// Archived position becomes that of its last entry.
func (d *DB) Save(ctx context.Context, chapters []turn.Chapter) error {
	if len(chapters) == 0 {
		return nil
	}
	messages, records := columnsOf(chapters)
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(shareSave, int64(saveLock))
		m := messages
		switch marks := m.marks; {
		case len(marks.what) > 0:
			b.Queue(saveCounted, m.conversation, m.revision, m.n, m.at, m.kind, m.body,
				marks.conversation, marks.revision, marks.n, marks.at, marks.what, marks.of)
		case len(m.at) > 0:
			b.Queue(saveMessages, m.conversation, m.revision, m.n, m.at, m.kind, m.body)
		}
		r := records
		b.Queue(saveConversations, r.conversation, r.revision, r.state, r.seen, r.holder,
			r.cursor.revision, r.cursor.n, r.tail.revision, r.tail.n, r.archived.revision, r.archived.n, r.prompt, r.due)
		return tx.SendBatch(ctx, &b).Close()
	})
	return wrap("save conversations", err)
}

// messageColumns and recordColumns are rows turned on their side: one
// statement with an array for each column is the quickest way to insert rows
// some of which may be there.
type messageColumns struct {
	conversation []string
	revision     []int64
	n            []int32
	at           []time.Time
	kind         []string
	body         [][]byte
	marks        markColumns
}

type recordColumns struct {
	conversation           []string
	revision               []int64
	state                  [][]byte
	seen, holder           []string
	cursor, tail, archived positions
	prompt                 []string
	due                    []*time.Time
}

type positions struct {
	revision []int64
	n        []int32
}

func (p *positions) add(at turn.Position) {
	p.revision = append(p.revision, at.Revision)
	p.n = append(p.n, int32(at.N))
}

// columnsOf orders the chapters by name, so that two replicas never wait for
// each other's rows in a circle, and keeps the newest record of each: a
// statement may touch a row only once.
func columnsOf(chapters []turn.Chapter) (m messageColumns, r recordColumns) {
	chapters = slices.Clone(chapters)
	slices.SortStableFunc(chapters, func(a, b turn.Chapter) int {
		return cmp.Or(cmp.Compare(a.Conversation, b.Conversation), cmp.Compare(a.Revision, b.Revision),
			comparePositions(a.Cursor, b.Cursor))
	})
	for i, c := range chapters {
		archived := c.Archived
		for _, e := range c.Entries {
			m.conversation = append(m.conversation, string(c.Conversation))
			m.revision = append(m.revision, e.Position.Revision)
			m.n = append(m.n, int32(e.Position.N))
			m.at = append(m.at, e.At)
			m.kind = append(m.kind, string(e.Kind))
			m.body = append(m.body, filled(e.Body))
			m.marks.add(string(c.Conversation), e)
			if archived.Before(e.Position) {
				archived = e.Position
			}
		}
		if i+1 < len(chapters) && chapters[i+1].Conversation == c.Conversation {
			continue
		}
		r.conversation = append(r.conversation, string(c.Conversation))
		r.revision = append(r.revision, c.Revision)
		r.state = append(r.state, filled(c.State))
		r.seen = append(r.seen, c.Seen)
		r.holder = append(r.holder, c.Holder)
		r.cursor.add(c.Cursor)
		r.tail.add(c.Tail)
		r.archived.add(archived)
		r.prompt = append(r.prompt, c.Prompt)
		r.due = append(r.due, optional(c.Due))
	}
	return m, r
}

func comparePositions(a, b turn.Position) int {
	return cmp.Or(cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.N, b.N))
}

// filled keeps a nil slice from becoming NULL.
func filled(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// optional turns the zero time into NULL.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

const (
	recordFields = `conversation, revision, state, seen, holder, cursor_revision, cursor_n,
    tail_revision, tail_n, archived_revision, archived_n, prompt, due`

	findRecord = `SELECT ` + recordFields + ` FROM conversations WHERE conversation = $1`
	findFloor  = `SELECT floor FROM tombstones WHERE conversation = $1`

	listOwing = `SELECT ` + recordFields + ` FROM conversations
WHERE owes AND conversation > $1 ORDER BY conversation LIMIT $2`

	listEntries = `SELECT revision, n, kind, at, body FROM messages
WHERE conversation = $1 AND (revision, n) > ($2, $3) ORDER BY revision, n LIMIT $4`

	listEntriesBefore = `SELECT revision, n, kind, at, body FROM messages
WHERE conversation = $1 AND (revision, n) < ($2, $3) ORDER BY revision DESC, n DESC LIMIT $4`
)

// Find implements turn.Archive. For a conversation that was erased and has not
// been saved since, the record is not found but carries the revision above
// which a new life must begin.
func (d *DB) Find(ctx context.Context, c chat.Conversation) (turn.Record, bool, error) {
	r, found, err := one(ctx, d.pool, scanRecord, findRecord, string(c))
	if err != nil || found {
		return r, found, wrap("find conversation", err)
	}
	floor, _, err := one(ctx, d.pool, pgx.RowTo[int64], findFloor, string(c))
	return turn.Record{Conversation: c, Revision: floor}, false, wrap("find tombstone", err)
}

// Entries implements turn.Archive.
func (d *DB) Entries(ctx context.Context, c chat.Conversation, after turn.Position, limit int) ([]turn.Entry, error) {
	list, err := many(ctx, d.pool, scanEntry, listEntries, string(c), after.Revision, after.N, limit)
	return list, wrap("list entries", err)
}

// EntriesBefore implements turn.Archive.
func (d *DB) EntriesBefore(ctx context.Context, c chat.Conversation, before turn.Position, limit int) ([]turn.Entry, error) {
	if before == (turn.Position{}) {
		before.Revision = math.MaxInt64
	}
	list, err := many(ctx, d.pool, scanEntry, listEntriesBefore, string(c), before.Revision, before.N, limit)
	slices.Reverse(list)
	return list, wrap("list earlier entries", err)
}

// Owing implements turn.Archive.
func (d *DB) Owing(ctx context.Context, after chat.Conversation, limit int) ([]turn.Record, error) {
	list, err := many(ctx, d.pool, scanRecord, listOwing, string(after), limit)
	return list, wrap("list conversations that owe", err)
}

func scanRecord(row pgx.CollectableRow) (r turn.Record, err error) {
	var due *time.Time
	err = row.Scan(&r.Conversation, &r.Revision, &r.State, &r.Seen, &r.Holder, &r.Cursor.Revision, &r.Cursor.N,
		&r.Tail.Revision, &r.Tail.N, &r.Archived.Revision, &r.Archived.N, &r.Prompt, &due)
	if due != nil {
		r.Due = due.UTC()
	}
	return r, err
}

func scanEntry(row pgx.CollectableRow) (e turn.Entry, err error) {
	err = row.Scan(&e.Position.Revision, &e.Position.N, &e.Kind, &e.At, &e.Body)
	e.At = e.At.UTC()
	return e, err
}
