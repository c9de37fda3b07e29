package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// ErrErased says that the conversation of an effect was erased after it was
// carried out: what became of it is not known any more. It is Denied.
var ErrErased error = &fault.Error{Kind: fault.Denied, Key: "conversation_erased"}

const (
	claimEffect = `INSERT INTO effects (id, conversation, at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`
	findEffect  = `SELECT result FROM effects WHERE id = $1`
	keepResult  = `UPDATE effects SET result = $2 WHERE id = $1`
)

// once carries out an effect: act runs in a transaction and what it returns is
// stored in the same transaction as the effect's result. If the effect was
// carried out before, its stored result is returned and act does not run; if
// another transaction is at it, once waits for its end. What act leaves in last
// is carried out after it, in one round trip with the keeping of the result and
// the commit.
//
// A refusal by the rules is a result. An error of act leaves nothing behind,
// so that the effect may be tried again.
func once[R any](ctx context.Context, d *DB, e dialog.Effect, name string, act func(tx pgx.Tx, last *pgx.Batch) (R, error)) (R, error) {
	return onceAfter(ctx, d, e, name, func(*pgx.Batch) {}, act)
}

// onceAfter is once for an effect that knows beforehand what it has to read:
// read queues it into the round trip that begins the transaction, so that the
// whole effect is two. What it has read means nothing until act runs.
func onceAfter[R any](ctx context.Context, d *DB, e dialog.Effect, name string, read func(first *pgx.Batch),
	act func(tx pgx.Tx, last *pgx.Batch) (R, error),
) (result R, err error) {
	err = d.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		var claimed bool
		var first, last pgx.Batch
		first.BeginTx(pgx.TxOptions{})
		first.Queue(claimEffect, e.ID, string(e.Conversation), e.At).Exec(func(tag pgconn.CommandTag) error {
			claimed = tag.RowsAffected() > 0
			return nil
		})
		read(&first)
		begun := conn.SendBatch(ctx, &first)
		tx, committed := begun.Tx(), false
		defer func() {
			if !committed {
				_ = tx.Rollback(ctx) // a connection that cannot is thrown away
			}
		}()
		if err := begun.Close(); err != nil {
			return fmt.Errorf("claim effect: %w", err)
		}
		if !claimed {
			return findResult(ctx, tx, e, &result)
		}
		if result, err = act(tx, &last); err != nil {
			return err
		}
		raw, err := json.Marshal(result)
		if err != nil {
			return fmt.Errorf("encode result: %w", err)
		}
		last.Queue(keepResult, e.ID, raw)
		last.Queue("commit")
		if err := conn.SendBatch(ctx, &last).Close(); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		committed = true
		return nil
	})
	if err != nil {
		var none R
		return none, wrap(name, err)
	}
	return result, nil
}

// findResult reads what became of an effect that was carried out before.
func findResult(ctx context.Context, tx pgx.Tx, e dialog.Effect, result any) error {
	stored, found, err := one(ctx, tx, pgx.RowTo[[]byte], findEffect, e.ID)
	switch {
	case err != nil:
		return fmt.Errorf("find effect: %w", err)
	case !found || stored == nil:
		return ErrErased
	}
	return json.Unmarshal(stored, result)
}
