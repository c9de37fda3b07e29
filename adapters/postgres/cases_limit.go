package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/dialogs/dialog"
)

const (
	// Filings of one conversation follow one another: whoever counts them holds
	// this until his own stands beside them. Others' conversations may share it by
	// chance, and wait a moment.
	lockFilings = `SELECT pg_advisory_xact_lock(hashtextextended($1, 36))`

	filedSince = `SELECT ` + caseFields + ` WHERE c.conversation = $1 AND c.registered_at > $2 ORDER BY c.id DESC LIMIT $3`

	// mostCounted is how many filings are looked at for a twin where their number
	// has no limit.
	mostCounted = 50
)

// limit refuses what a conversation files beyond its limits: a registry.TwinError
// or ErrMany.
func (d *DB) limit(ctx context.Context, tx pgx.Tx, e dialog.Effect, f registry.Filing) error {
	back := f.Limits.Back()
	if back == 0 || e.Conversation == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, lockFilings, string(e.Conversation)); err != nil {
		return fmt.Errorf("lock filings: %w", err)
	}
	rows, err := many(ctx, tx, d.scanCase, filedSince, string(e.Conversation), e.At.Add(-back), max(f.Limits.Hourly, mostCounted))
	if err != nil {
		return fmt.Errorf("count filings: %w", err)
	}
	before := make([]life.Case, len(rows))
	for i := range rows {
		before[i] = rows[i].Case
	}
	return f.Limits.Check(e.At, f.Category, f.Answers.One(appeal.Body), before)
}
