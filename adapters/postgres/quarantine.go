package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

const (
	putCasualty = `
INSERT INTO quarantine (id, conversation, at, cause, payload, sealed) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING`
	listCasualties = `SELECT id, conversation, at, cause FROM quarantine ORDER BY at DESC, id LIMIT $1`
	findCasualty   = `SELECT id, conversation, at, cause, payload, sealed FROM quarantine WHERE id = $1`
	dropCasualty   = `DELETE FROM quarantine WHERE id = $1`
	dropCasualties = `DELETE FROM quarantine WHERE at < $1`
)

// Put implements turn.Quarantine. The payload is sealed if the database was
// opened with a Sealer.
func (d *DB) Put(ctx context.Context, c turn.Casualty) error {
	payload, sealed, err := d.seal(c.Payload, payloadLabel(c.ID))
	if err != nil {
		return wrap("seal casualty", err)
	}
	_, err = d.exec(ctx, "put casualty", putCasualty, c.ID, string(c.Conversation), c.At, c.Cause, payload, sealed)
	return err
}

// Casualties lists the newest ones, without their payloads.
func (d *DB) Casualties(ctx context.Context, limit int) ([]turn.Casualty, error) {
	list, err := many(ctx, d.pool, func(row pgx.CollectableRow) (c turn.Casualty, err error) {
		err = row.Scan(&c.ID, &c.Conversation, &c.At, &c.Cause)
		c.At = c.At.UTC()
		return c, err
	}, listCasualties, limit)
	return list, wrap("list casualties", err)
}

// Casualty returns one with its payload, the event as it came; the look at that is
// for the caller to audit. The error is NotFound for an unknown ID.
func (d *DB) Casualty(ctx context.Context, id string) (turn.Casualty, error) {
	var sealed bool
	c, found, err := one(ctx, d.pool, func(row pgx.CollectableRow) (c turn.Casualty, err error) {
		err = row.Scan(&c.ID, &c.Conversation, &c.At, &c.Cause, &c.Payload, &sealed)
		c.At = c.At.UTC()
		return c, err
	}, findCasualty, id)
	switch {
	case err != nil:
		return c, wrap("find casualty", err)
	case !found:
		return c, fault.New(fault.NotFound, "find casualty: no such event")
	}
	c.Payload, err = d.unseal(c.Payload, sealed, payloadLabel(id))
	return c, wrap("open casualty", err)
}

// DropCasualty forgets one and writes down by whom, and why. The error is NotFound
// for one that is not there any more.
func (d *DB) DropCasualty(ctx context.Context, by audit.Entry, id string) error {
	return wrap("drop casualty", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, dropCasualty, id)
		if err == nil && tag.RowsAffected() == 0 {
			err = fault.New(fault.NotFound, "no such event")
		}
		if err != nil {
			return err
		}
		return d.audit(ctx, tx, by)
	}))
}

// DropCasualties forgets those from before an instant and returns their number.
func (d *DB) DropCasualties(ctx context.Context, before time.Time) (int64, error) {
	return d.exec(ctx, "drop casualties", dropCasualties, before)
}

func payloadLabel(id string) string { return "quarantine/" + id }
