package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

const (
	putCasualty = `
INSERT INTO quarantine (id, conversation, at, cause, payload, sealed) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING`
	listCasualties = `SELECT id, conversation, at, cause FROM quarantine ORDER BY at DESC, id LIMIT $1`
	findPayload    = `SELECT payload, sealed FROM quarantine WHERE id = $1`
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

// Payload returns the event of a casualty as it came; the look at it is for
// the caller to audit. The error is NotFound for an unknown ID.
func (d *DB) Payload(ctx context.Context, id string) ([]byte, error) {
	var sealed bool
	payload, found, err := one(ctx, d.pool, func(row pgx.CollectableRow) (p []byte, err error) {
		err = row.Scan(&p, &sealed)
		return p, err
	}, findPayload, id)
	switch {
	case err != nil:
		return nil, wrap("find casualty", err)
	case !found:
		return nil, fault.New(fault.NotFound, "find casualty: no such event")
	}
	payload, err = d.unseal(payload, sealed, payloadLabel(id))
	return payload, wrap("open casualty", err)
}

// DropCasualties forgets those from before an instant and returns their number.
func (d *DB) DropCasualties(ctx context.Context, before time.Time) (int64, error) {
	return d.exec(ctx, "drop casualties", dropCasualties, before)
}

func payloadLabel(id string) string { return "quarantine/" + id }
