package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// Who closes a repetition holds this until it is closed: else two cases could be
// closed at one moment, each as a repetition of the other, and none be answered.
const lockRepetitions = `SELECT pg_advisory_xact_lock(hashtextextended('repetitions', 37))`

// repeats refuses a repetition that is none.
func (d *DB) repeats(ctx context.Context, tx pgx.Tx, c *caseRow, a *registry.Act) error {
	if _, err := tx.Exec(ctx, lockRepetitions); err != nil {
		return fmt.Errorf("lock repetitions: %w", err)
	}
	other, found, err := one(ctx, tx, d.scanCase, findCase, a.Do.Other.String())
	switch {
	case err != nil:
		return err
	case !found:
		return life.HasOther.Err()
	}
	return registry.Repeats(c.sender(), other.sender(), a.By)
}

// sender is a case with what tells whose it is.
func (c *caseRow) sender() *registry.Record {
	return &registry.Record{Case: c.Case, Conversation: c.conversation, Account: c.account}
}
