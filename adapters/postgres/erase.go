package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/chat"
)

// eraseGap is how far the floor of a tombstone lies above every revision that is
// known: the archive's, the live store's, and the clock's milliseconds, from which a
// conversation begins that neither knew a moment ago (turn.Engine). So nothing that
// is under way can reach it.
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
VALUES ($1, greatest((SELECT revision FROM conversations WHERE conversation = $1), $4) + $2, $3)
ON CONFLICT (conversation) DO UPDATE
SET floor = greatest(old.floor + $2, EXCLUDED.floor), at = EXCLUDED.at`

	putErasure = `
INSERT INTO erasures (conversation, at, actor, reason, messages, files) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`

	listErasures = `
SELECT id, at, actor, reason, messages, files FROM erasures WHERE conversation = $1 ORDER BY id DESC`

	// Of a conversation, in the order of Kept's fields.
	countKept = `
SELECT (SELECT count(*) FROM messages WHERE conversation = $1), (SELECT count(*) FROM files WHERE conversation = $1),
    (SELECT count(*) FROM links WHERE conversation = $1), (SELECT count(*) FROM cases WHERE conversation = $1),
    (SELECT count(*) FROM visits WHERE conversation = $1),
    EXISTS (SELECT FROM conversations WHERE conversation = $1)`
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
// account, is kept without who. live is the revision at which the live store has the
// conversation, 0 if it has not. Actor and reason are for the act and the audit, which
// names the act by its number: a member of staff or "customer", and a short constant.
// Erasing again is allowed.
//
// Afterwards the caller deletes the conversation from the live store.
func (d *DB) Erase(ctx context.Context, c chat.Conversation, live int64, actor, reason string) error {
	if c == "" {
		return errors.New("erase: no conversation named")
	}
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockSaves, int64(saveLock)); err != nil {
			return fmt.Errorf("wait for saves: %w", err)
		}
		now := d.now()
		if _, err := tx.Exec(ctx, putTombstone, string(c), int64(eraseGap), now, max(live, now.UnixMilli())); err != nil {
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
		number, _, err := one(ctx, tx, pgx.RowTo[int64], putErasure, string(c), now, actor, reason, messages.RowsAffected(), files.RowsAffected())
		if err != nil {
			return fmt.Errorf("write act: %w", err)
		}
		return d.audit(ctx, tx, audit.Entry{
			Act: audit.Erasure, Subject: strconv.FormatInt(number, 10), Reason: reason,
			After: map[string]string{
				"by": actor, "messages": strconv.FormatInt(messages.RowsAffected(), 10), "files": strconv.FormatInt(files.RowsAffected(), 10),
			},
		})
	})
	return wrap("erase conversation", err)
}

// Act is what is written down of an erasure (order of Роскомнадзор № 179 of
// 28.10.2022): when, who did it and why, and how much of what was said is gone.
type Act struct {
	Number          int64
	At              time.Time
	Actor, Reason   string
	Messages, Files int64
}

// Erasures returns the acts of a conversation, the newest first.
func (d *DB) Erasures(ctx context.Context, c chat.Conversation) ([]Act, error) {
	list, err := many(ctx, d.pool, pgx.RowToStructByPos[Act], listErasures, string(c))
	return list, wrap("list erasures", err)
}

// Kept is how much is kept of a conversation.
type Kept struct {
	Messages, Files, Links, Cases, Visits int64
	// Known: it has been archived, and was not erased since.
	Known bool
}

// Kept counts what an erasure would find.
func (d *DB) Kept(ctx context.Context, c chat.Conversation) (Kept, error) {
	k, _, err := one(ctx, d.pool, pgx.RowToStructByPos[Kept], countKept, string(c))
	return k, wrap("count what is kept", err)
}
