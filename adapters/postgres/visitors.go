package postgres

import (
	"context"
	"time"

	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/fault"
)

const (
	addVisitor   = `INSERT INTO visitors (conversation, token, subject, at) VALUES ($1, $2, nullif($3, ''), $4)`
	findVisitor  = `SELECT conversation, coalesce(subject, ''), spoke_at IS NOT NULL FROM visitors WHERE token = $1`
	visitorSpoke = `
INSERT INTO visitors AS old (conversation, token, subject, at, spoke_at) VALUES ($1, $2, nullif($3, ''), $4, $4)
ON CONFLICT (conversation) DO UPDATE SET spoke_at = EXCLUDED.spoke_at WHERE old.spoke_at IS NULL`
	nameVisitor = `UPDATE visitors SET subject = $2 WHERE conversation = $1 AND coalesce(subject, $2) = $2`
	dropSilent  = `
WITH silent AS (SELECT conversation FROM visitors WHERE spoke_at IS NULL AND at < $1 FOR UPDATE),
    swept AS (DELETE FROM files WHERE conversation IN (SELECT conversation FROM silent))
DELETE FROM visitors WHERE conversation IN (SELECT conversation FROM silent)`
)

var _ people.Visitors = (*DB)(nil)

// AddVisitor implements customer.Visitors.
func (d *DB) AddVisitor(ctx context.Context, v people.Visitor, now time.Time) error {
	_, err := d.exec(ctx, "add visitor", addVisitor, string(v.Conversation), v.Token[:], v.Subject, now)
	return err
}

// FindVisitor implements customer.Visitors.
func (d *DB) FindVisitor(ctx context.Context, token people.VisitorToken) (v people.Visitor, err error) {
	v.Token = token
	err = d.pool.QueryRow(ctx, findVisitor, token[:]).Scan(&v.Conversation, &v.Subject, &v.Spoke)
	return v, wrap("find visitor", err)
}

// VisitorSpoke implements customer.Visitors.
func (d *DB) VisitorSpoke(ctx context.Context, v people.Visitor, now time.Time) error {
	_, err := d.exec(ctx, "keep visitor", visitorSpoke, string(v.Conversation), v.Token[:], v.Subject, now)
	return err
}

// NameVisitor implements customer.Visitors.
func (d *DB) NameVisitor(ctx context.Context, c chat.Conversation, subject string) error {
	named, err := d.exec(ctx, "name visitor", nameVisitor, string(c), subject)
	if err == nil && named == 0 {
		err = fault.New(fault.Conflict, "name visitor: he is somebody else")
	}
	return err
}

// DropVisitors forgets visitors who came before a time and never said anything,
// with what they may have uploaded. It returns their number.
func (d *DB) DropVisitors(ctx context.Context, before time.Time) (int64, error) {
	return d.exec(ctx, "drop silent visitors", dropSilent, before)
}
