package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// What the present key has not sealed, page by page: what names a row, the label
// that it is sealed under, what is sealed, and the key.
const (
	staleCases = `
SELECT id, revision, number, body, secret, key FROM cases WHERE id > $1 AND $2 >= 0 AND key <> $3 ORDER BY id LIMIT $4`
	resealCase = `UPDATE cases SET body = $4, secret = $5, key = $6 WHERE id = $1 AND revision = $2 AND key = $3`
	staleLines = `
SELECT h.case_id, h.n, c.number || '#' || h.n, h.body, h.secret, h.key FROM case_history h JOIN cases c ON c.id = h.case_id
WHERE (h.case_id, h.n) > ($1, $2) AND h.key <> $3 ORDER BY h.case_id, h.n LIMIT $4`
	resealLine   = `UPDATE case_history SET body = $4, secret = $5, key = $6 WHERE case_id = $1 AND n = $2 AND key = $3`
	staleReplies = `
SELECT case_id, n, id, body, NULL::bytea, key FROM case_replies WHERE (case_id, n) > ($1, $2) AND key <> $3
ORDER BY case_id, n LIMIT $4`
	resealReply = `UPDATE case_replies SET body = $4, key = $6 WHERE case_id = $1 AND n = $2 AND key = $3 AND $5::bytea IS NULL`

	casesPage = 500
)

// staleRow is a row that another key has sealed, or none.
type staleRow struct {
	ID           int64
	N            int
	Label        string
	Body, Secret []byte
	Key          string
}

// ResealCases seals cases, their history and answers under the present data key,
// so that one that was replaced is not needed any more. It returns how many rows
// it has sealed; it may be stopped at any time and begun again. A case that changes
// meanwhile is left to its change.
func (d *DB) ResealCases(ctx context.Context) (n int, err error) {
	if d.sealer == nil {
		return 0, nil
	}
	for _, t := range []struct{ stale, reseal string }{
		{staleCases, resealCase}, {staleLines, resealLine}, {staleReplies, resealReply},
	} {
		var last staleRow
		for {
			page, err := many(ctx, d.pool, pgx.RowToStructByPos[staleRow], t.stale, last.ID, last.N, d.sealer.Current(), casesPage)
			if err != nil {
				return n, wrap("list sealed cases", err)
			}
			var b pgx.Batch
			for _, r := range page {
				if err := d.queueReseal(&b, t.reseal, r); err != nil {
					return n, wrap("reseal case", err)
				}
				last = r
			}
			if err := d.pool.SendBatch(ctx, &b).Close(); err != nil {
				return n, wrap("reseal cases", err)
			}
			n += len(page)
			if len(page) < casesPage {
				break
			}
		}
	}
	return n, nil
}

func (d *DB) queueReseal(b *pgx.Batch, sql string, r staleRow) error {
	again := func(kept []byte, label string) ([]byte, error) {
		if kept == nil {
			return nil, nil
		}
		plain, err := d.unseal(kept, r.Key != "", label)
		if err != nil {
			return nil, fmt.Errorf("open: %w", err)
		}
		kept, _, err = d.sealUnder(plain, label)
		return kept, err
	}
	body, err := again(r.Body, caseLabel(r.Label))
	if err != nil {
		return err
	}
	secret, err := again(r.Secret, secretLabel(r.Label))
	if err != nil {
		return err
	}
	b.Queue(sql, r.ID, r.N, r.Key, body, secret, d.sealer.Current())
	return nil
}
