package postgres

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

const (
	// A new key begins after the last step that was used of the one before: a
	// code opens nothing twice, whatever key it is of.
	beginSecond = `
INSERT INTO second_factors (staff, pending, body, sealed, step)
VALUES ($1, true, $2, $3, coalesce((SELECT step FROM second_factors WHERE staff = $1 AND NOT pending), 0))
ON CONFLICT (staff, pending) DO UPDATE SET body = EXCLUDED.body, sealed = EXCLUDED.sealed, step = EXCLUDED.step`
	findSecond    = `SELECT body, sealed FROM second_factors WHERE staff = $1 AND pending = $2`
	spendStep     = `UPDATE second_factors SET step = $3 WHERE staff = $1 AND pending = $2 AND step < $3`
	dropConfirmed = `DELETE FROM second_factors WHERE staff = $1 AND NOT pending`
	confirmSecond = `UPDATE second_factors SET pending = false WHERE staff = $1 AND pending`
	dropSeconds   = `DELETE FROM second_factors WHERE staff = $1`

	dropRecovery  = `DELETE FROM recovery_codes WHERE staff = $1`
	addRecovery   = `INSERT INTO recovery_codes (staff, hash) SELECT $1, unnest($2::bytea[])`
	spendRecovery = `DELETE FROM recovery_codes WHERE staff = $1 AND hash = $2`
	countRecovery = `SELECT count(*)::int FROM recovery_codes WHERE staff = $1`

	eachSecond   = `SELECT staff, pending, body, sealed FROM second_factors ORDER BY staff, pending FOR UPDATE`
	resealSecond = `UPDATE second_factors SET body = $3, sealed = $4 WHERE staff = $1 AND pending = $2`
)

func secondLabel(id int64) string { return "second/" + strconv.FormatInt(id, 10) }

// BeginSecond keeps a key that is to become the account's second factor once a
// code of it is entered.
func (d *DB) BeginSecond(ctx context.Context, id int64, key []byte) error {
	body, sealed, err := d.seal(key, secondLabel(id))
	if err == nil {
		_, err = d.pool.Exec(ctx, beginSecond, id, body, sealed)
	}
	return wrap("begin second factor", err)
}

// SecondKey returns the key of an account's second factor, or of the one that
// is pending, and whether there is one.
func (d *DB) SecondKey(ctx context.Context, id int64, pending bool) ([]byte, bool, error) {
	type row struct {
		Body   []byte
		Sealed bool
	}
	r, found, err := one(ctx, d.pool, pgx.RowToStructByPos[row], findSecond, id, pending)
	if err != nil || !found {
		return nil, false, wrap("find second factor", err)
	}
	key, err := d.unseal(r.Body, r.Sealed, secondLabel(id))
	return key, err == nil, wrap("open second factor", err)
}

// SpendStep uses a time step of the second factor; false if it, or a later one,
// was used before. Of two who use one at once, one is told true.
func (d *DB) SpendStep(ctx context.Context, id, step int64) (bool, error) {
	n, err := d.exec(ctx, "use second factor", spendStep, id, false, step)
	return n == 1, err
}

// ConfirmSecond makes the pending key the account's second factor, by a step of
// it, with new recovery codes; sessions are over. The error is Conflict
// (used) if the step was used, or nothing is pending any more.
func (d *DB) ConfirmSecond(ctx context.Context, by audit.Entry, id, step int64, hashes [][]byte) (staff.Account, error) {
	by.Act = audit.SecondOn
	return d.changeStaff(ctx, by, id, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, spendStep, id, true, step)
		if err == nil && tag.RowsAffected() == 0 {
			err = &fault.Error{Kind: fault.Conflict, Key: "used"}
		}
		if err != nil {
			return err
		}
		for _, sql := range []string{dropConfirmed, confirmSecond, endSessions} {
			if _, err := tx.Exec(ctx, sql, id); err != nil {
				return err
			}
		}
		return putRecovery(ctx, tx, id, hashes)
	})
}

// DropSecond takes an account's second factor away, with its recovery codes;
// sessions are over.
func (d *DB) DropSecond(ctx context.Context, by audit.Entry, id int64) (staff.Account, error) {
	by.Act = audit.SecondOff
	return d.changeStaff(ctx, by, id, func(tx pgx.Tx) error {
		for _, sql := range []string{dropSeconds, dropRecovery, endSessions} {
			if _, err := tx.Exec(ctx, sql, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetRecovery replaces the recovery codes of an account by their hashes.
func (d *DB) SetRecovery(ctx context.Context, by audit.Entry, id int64, hashes [][]byte) error {
	by.Act = audit.RecoveryNew
	_, err := d.changeStaff(ctx, by, id, func(tx pgx.Tx) error { return putRecovery(ctx, tx, id, hashes) })
	return err
}

func putRecovery(ctx context.Context, tx pgx.Tx, id int64, hashes [][]byte) error {
	if _, err := tx.Exec(ctx, dropRecovery, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, addRecovery, id, hashes)
	return err
}

// SpendRecovery uses a recovery code by its hash; false if there is none such.
// Of two who use one at once, one is told true.
func (d *DB) SpendRecovery(ctx context.Context, id int64, hash []byte) (bool, error) {
	n, err := d.exec(ctx, "use recovery code", spendRecovery, id, hash)
	return n == 1, err
}

// RecoveryLeft counts the recovery codes that an account has not used.
func (d *DB) RecoveryLeft(ctx context.Context, id int64) (int, error) {
	n, _, err := one(ctx, d.pool, pgx.RowTo[int], countRecovery, id)
	return n, wrap("count recovery codes", err)
}

// ResealSeconds seals every second factor under the present data key, so that
// one that was replaced is not needed any more.
func (d *DB) ResealSeconds(ctx context.Context) error {
	return wrap("reseal second factors", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		type row struct {
			Staff   int64
			Pending bool
			Body    []byte
			Sealed  bool
		}
		list, err := many(ctx, tx, pgx.RowToStructByPos[row], eachSecond)
		if err != nil {
			return err
		}
		for _, r := range list {
			key, err := d.unseal(r.Body, r.Sealed, secondLabel(r.Staff))
			if err != nil {
				return fmt.Errorf("open: %w", err)
			}
			body, sealed, err := d.seal(key, secondLabel(r.Staff))
			if err != nil {
				return fmt.Errorf("seal: %w", err)
			}
			if _, err := tx.Exec(ctx, resealSecond, r.Staff, r.Pending, body, sealed); err != nil {
				return err
			}
		}
		return nil
	}))
}
