package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

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
// is carried out after it, in one round trip with the keeping of the result.
//
// A refusal by the rules is a result. An error of act leaves nothing behind,
// so that the effect may be tried again.
func once[R any](ctx context.Context, d *DB, e dialog.Effect, name string, act func(tx pgx.Tx, last *pgx.Batch) (R, error)) (result R, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, claimEffect, e.ID, string(e.Conversation), e.At)
		if err != nil {
			return fmt.Errorf("claim effect: %w", err)
		}
		if tag.RowsAffected() == 0 {
			stored, found, err := one(ctx, tx, pgx.RowTo[[]byte], findEffect, e.ID)
			switch {
			case err != nil:
				return fmt.Errorf("find effect: %w", err)
			case !found || stored == nil:
				return ErrErased
			}
			return json.Unmarshal(stored, &result)
		}
		var last pgx.Batch
		if result, err = act(tx, &last); err != nil {
			return err
		}
		raw, err := json.Marshal(result)
		if err != nil {
			return fmt.Errorf("encode result: %w", err)
		}
		last.Queue(keepResult, e.ID, raw)
		if err := tx.SendBatch(ctx, &last).Close(); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		return nil
	})
	if err != nil {
		var none R
		return none, wrap(name, err)
	}
	return result, nil
}
