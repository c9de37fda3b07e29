package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"okoshko/core/chat"
)

// eraseGap is how far above the archived revision the floor of a tombstone
// lies. The live store is ahead of the archive by what was said within a few
// seconds, so nothing that is under way can reach it.
const eraseGap = 1 << 20

// Saves share an advisory lock that an erasure takes alone: a save is over
// before the erasure deletes, or begins after it and sees the tombstone.
const (
	saveLock  = 0x6f6b2073617665 // "ok save"
	shareSave = `SELECT pg_advisory_xact_lock_shared($1)`
	lockSaves = `SELECT pg_advisory_xact_lock($1)`
)

const (
	putTombstone = `
INSERT INTO tombstones AS old (conversation, floor, at)
VALUES ($1, coalesce((SELECT revision FROM conversations WHERE conversation = $1), 0) + $2, $3)
ON CONFLICT (conversation) DO UPDATE
SET floor = greatest(old.floor + $2, EXCLUDED.floor), at = EXCLUDED.at`

	putErasure = `INSERT INTO erasures (conversation, at, actor, reason, messages, files) VALUES ($1, $2, $3, $4, $5, $6)`
)

var (
	eraseFiles    = `DELETE FROM files WHERE conversation = $1`
	eraseMessages = `DELETE FROM messages WHERE conversation = $1`
	eraseRest     = []string{
		`DELETE FROM conversations WHERE conversation = $1`,
		`DELETE FROM quarantine WHERE conversation = $1`,
		`DELETE FROM file_links WHERE conversation = $1`,
		`DELETE FROM visitors WHERE conversation = $1`,
		`DELETE FROM handoffs WHERE conversation = $1`,
		`DELETE FROM links WHERE conversation = $1`,
		`UPDATE links SET carried_from = '' WHERE carried_from = $1`,
		`DELETE FROM tickets WHERE conversation = $1`,
		`DELETE FROM codes WHERE conversation = $1`,
		`DELETE FROM vouched WHERE conversation = $1`,
		`DELETE FROM visit_wishes WHERE conversation = $1`,
		`DELETE FROM visits WHERE conversation = $1 AND status = 'held'`,
		`UPDATE visits SET conversation = NULL, account = NULL, body = NULL, phone_digest = NULL,
			status = CASE WHEN status IN ('booked', 'moved') THEN 'cancelled' ELSE status END WHERE conversation = $1`,
		`UPDATE consents SET conversation = NULL, action = '', withdrawn_at = coalesce(withdrawn_at, now()) WHERE conversation = $1`,
		`UPDATE payment_orders SET conversation = NULL WHERE conversation = $1`,
		`UPDATE looks SET conversation = NULL WHERE conversation = $1`,
		`UPDATE effects SET result = NULL WHERE conversation = $1`,
		`UPDATE evidence SET conversation = NULL, name = '', foreign_id = '' WHERE conversation = $1`,
		`UPDATE readings SET conversation = NULL WHERE conversation = $1`,
		`UPDATE replaced_readings SET conversation = NULL WHERE conversation = $1`,
	}
)

// Erase removes everything that was said in a conversation, and its files, and
// writes the act and the tombstone, in one transaction. Readings and payments stay
// with their account, for the law asks for them, but nothing leads from them to the
// conversation any more, nor from its registered cases, which are counted for ever:
// what is still owed is withdrawn, and what he wrote and was answered is forgotten.
// That somebody agreed to something, and was shown an
// account, is kept without who. Actor and reason are for the act: a member of staff or
// "customer", and a short constant. Erasing again is allowed.
//
// Afterwards the caller deletes the conversation from the live store.
func (d *DB) Erase(ctx context.Context, c chat.Conversation, actor, reason string) error {
	if c == "" {
		return errors.New("erase: no conversation named")
	}
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockSaves, int64(saveLock)); err != nil {
			return fmt.Errorf("wait for saves: %w", err)
		}
		now := d.now()
		if _, err := tx.Exec(ctx, putTombstone, string(c), int64(eraseGap), now); err != nil {
			return fmt.Errorf("put tombstone: %w", err)
		}
		files, err := tx.Exec(ctx, eraseFiles, string(c))
		if err != nil {
			return fmt.Errorf("delete files: %w", err)
		}
		messages, err := tx.Exec(ctx, eraseMessages, string(c))
		if err != nil {
			return fmt.Errorf("delete messages: %w", err)
		}
		if err := d.forgetCases(ctx, tx, c); err != nil {
			return fmt.Errorf("forget cases: %w", err)
		}
		for _, sql := range eraseRest {
			if _, err := tx.Exec(ctx, sql, string(c)); err != nil {
				return fmt.Errorf("delete the rest: %w", err)
			}
		}
		_, err = tx.Exec(ctx, putErasure, string(c), now, actor, reason, messages.RowsAffected(), files.RowsAffected())
		return err
	})
	return wrap("erase conversation", err)
}
