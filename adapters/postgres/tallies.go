package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/dialogs/dialog/turn"
)

const (
	// saveCounted saves messages and counts the marks of those that were not
	// there yet: a batch that is saved again counts nothing.
	saveCounted = `
WITH saved AS (` + saveMessages + ` RETURNING messages.conversation, messages.revision, messages.n),
counted AS (
    SELECT m.what, m.of, count(*) AS times, min(m.at) AS first_at, max(m.at) AS last_at
    FROM unnest($7::text[], $8::bigint[], $9::int[], $10::timestamptz[], $11::text[], $12::text[])
        AS m (conversation, revision, n, at, what, of)
    JOIN saved s ON s.conversation = m.conversation COLLATE "C" AND s.revision = m.revision AND s.n = m.n
    GROUP BY m.what, m.of ORDER BY m.what, m.of)
INSERT INTO tallies AS old (what, of, times, first_at, last_at) SELECT what, of, times, first_at, last_at FROM counted
ON CONFLICT (what, of) DO UPDATE SET times = old.times + EXCLUDED.times,
    first_at = least(old.first_at, EXCLUDED.first_at), last_at = greatest(old.last_at, EXCLUDED.last_at)`

	listTallies = `SELECT of, times, first_at, last_at FROM tallies WHERE what = $1 ORDER BY times DESC, last_at DESC LIMIT $2`
)

// markColumns are the marks of messages, turned on their side.
type markColumns struct {
	conversation []string
	revision     []int64
	n            []int32
	at           []time.Time
	what, of     []string
}

func (m *markColumns) add(c string, e turn.Entry) {
	for _, mark := range e.Marks() {
		m.conversation = append(m.conversation, c)
		m.revision = append(m.revision, e.Position.Revision)
		m.n = append(m.n, int32(e.Position.N))
		m.at = append(m.at, e.At)
		m.what, m.of = append(m.what, mark.What), append(m.of, mark.Of)
	}
}

// Tally is how often something was marked.
type Tally struct {
	Of          string
	Times       int64
	First, Last time.Time
}

// Tallies returns what was marked most often.
func (d *DB) Tallies(ctx context.Context, what string, limit int) ([]Tally, error) {
	list, err := many(ctx, d.pool, func(row pgx.CollectableRow) (t Tally, err error) {
		err = row.Scan(&t.Of, &t.Times, &t.First, &t.Last)
		t.First, t.Last = t.First.UTC(), t.Last.UTC()
		return t, err
	}, listTallies, what, limit)
	return list, wrap("list tallies", err)
}
