package postgres

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
)

const (
	addLine = `
INSERT INTO audit (at, staff, did, conversation, subject, before, after, reason, address)
VALUES ($1, nullif($2, 0), $3, $4, $5, coalesce($6::jsonb, '{}'), coalesce($7::jsonb, '{}'), $8, $9)`

	listLines = `
SELECT a.id, a.at, coalesce(a.staff, 0), coalesce(s.name, ''), a.did, a.conversation, a.subject, a.before, a.after, a.reason, a.address
FROM audit a LEFT JOIN staff s ON s.id = a.staff
WHERE ($1 = 0 OR a.staff = $1) AND ($2 = '' OR a.did = $2) AND ($3 = '' OR a.conversation = $3 OR a.subject = $3)
  AND ($4::timestamptz IS NULL OR a.at >= $4) AND ($5::timestamptz IS NULL OR a.at < $5) AND ($6 = 0 OR a.id < $6)
ORDER BY a.id DESC LIMIT $7`

	chainLines = `
SELECT id, (extract(epoch FROM at) * 1000000)::bigint, coalesce(staff, 0), did, conversation, subject,
       before::text, after::text, reason, address, hash
FROM audit WHERE id > $1 ORDER BY id LIMIT $2`
	chainHead = `SELECT number, hash FROM audit_head`
	chainBase = `SELECT number, hash FROM audit_base`

	// lastOld is the last line before which, as itself, all are older than three
	// years at $1 (spec §3.1); nothing while there is none.
	lastOld = `
SELECT id, hash FROM audit
WHERE id = (SELECT min(id) FROM audit WHERE at > $1::timestamptz - interval '3 years') - 1`
	moveBase = `UPDATE audit_base SET number = $1, hash = $2`
	dropOld  = `DELETE FROM audit WHERE id <= $1`
)

// chainPage is how many lines are checked at a time.
const chainPage = 5000

// Audit writes a line of the audit by itself.
func (d *DB) Audit(ctx context.Context, e audit.Entry) error {
	return wrap("write audit", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return d.audit(ctx, tx, e) }))
}

// audit writes a line in the transaction of what it speaks of. It is the last
// thing that a transaction does: others wait for the end of the chain until
// the commit.
func (d *DB) audit(ctx context.Context, tx pgx.Tx, e audit.Entry) error {
	_, err := tx.Exec(ctx, addLine, d.now(), e.Staff, string(e.Act), e.Conversation, e.Subject, fields(e.Before), fields(e.After), e.Reason, e.Address)
	return wrap("write audit", err)
}

// queueAudit is audit in the last round trip of a transaction.
func (d *DB) queueAudit(b *pgx.Batch, e audit.Entry) {
	b.Queue(addLine, d.now(), e.Staff, string(e.Act), e.Conversation, e.Subject, fields(e.Before), fields(e.After), e.Reason, e.Address)
}

// fields keeps an empty map apart from JSON's null.
func fields(m map[string]string) any {
	if len(m) == 0 {
		return nil
	}
	return m
}

// ListAudit lists lines, the newest first.
func (d *DB) ListAudit(ctx context.Context, f audit.Filter) ([]audit.Entry, error) {
	var from, to any
	if !f.From.IsZero() {
		from = f.From
	}
	if !f.To.IsZero() {
		to = f.To
	}
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[audit.Entry], listLines,
		f.Staff, string(f.Act), f.About, from, to, f.Below, f.Limit)
	return list, wrap("list audit", err)
}

// CheckAudit goes along the whole chain, as it stands at one moment, and
// returns its end. What is wrong stands in the check.
func (d *DB) CheckAudit(ctx context.Context, c *audit.Check) (end audit.Mark, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		head, _, err := one(ctx, tx, pgx.RowToStructByPos[audit.Mark], chainHead)
		if err != nil {
			return fmt.Errorf("find the end: %w", err)
		}
		base, _, err := one(ctx, tx, pgx.RowToStructByPos[audit.Mark], chainBase)
		if err != nil {
			return fmt.Errorf("find the beginning: %w", err)
		}
		c.Begin(base)
		for last := base.Number; ; {
			lines, err := many(ctx, tx, pgx.RowToStructByPos[audit.Line], chainLines, last, chainPage)
			if err != nil {
				return err
			}
			for _, l := range lines {
				c.Add(l)
				last = l.Number
			}
			if len(lines) < chainPage {
				end = c.End(head)
				return nil
			}
		}
	})
	return end, wrap("check audit", err)
}

// PruneAudit deletes the lines that are older than three years (spec §3.1), writes
// down that it has, and returns how many they were. The last of them stays as the
// mark after which the chain begins; younger ones the database lets nobody delete.
func (d *DB) PruneAudit(ctx context.Context) (gone int64, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		last, found, err := one(ctx, tx, pgx.RowToStructByPos[audit.Mark], lastOld, d.now())
		if err != nil || !found {
			return err
		}
		if err := d.audit(ctx, tx, audit.Entry{Act: audit.AuditPrune, After: map[string]string{"last": strconv.FormatInt(last.Number, 10)}, Address: audit.Schedule}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, moveBase, last.Number, last.Hash); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, dropOld, last.Number)
		gone = tag.RowsAffected()
		return err
	})
	return gone, wrap("prune audit", err)
}
