package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/billing"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/fault"
)

const (
	numberedAs   = `SELECT id FROM accounts WHERE number = $1`
	accountLinks = `
SELECT ` + linkFields + ` FROM links l JOIN accounts a ON a.id = l.account
WHERE l.account = $1 AND l.used_at > $2 ORDER BY l.since, l.id`
	endLink = `
WITH ended AS (DELETE FROM links WHERE id = $1 RETURNING id, conversation, account)
SELECT e.id, e.conversation, e.account, a.number FROM ended e JOIN accounts a ON a.id = e.account`
)

// AccountLinks returns the links to an account that hold, the oldest first, and
// whether there is such an account.
func (d *DB) AccountLinks(ctx context.Context, n billing.AccountNumber, now time.Time) ([]people.Link, bool, error) {
	id, found, err := one(ctx, d.pool, pgx.RowTo[int64], numberedAs, n.Full())
	if err != nil || !found {
		return nil, false, wrap("find account", err)
	}
	list, err := many(ctx, d.pool, scanLink, accountLinks, id, people.UsedSince(now))
	return list, true, wrap("list links", err)
}

// EndLink ends a link for one of the staff: the chat's codes and words of the site
// for the account go with it, the chat is told, and the audit says who did it and
// why. The error is NotFound if there is no such link.
func (d *DB) EndLink(ctx context.Context, link int64, by audit.Entry) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		l, number, err := d.dropLink(ctx, tx, link)
		if err != nil {
			return err
		}
		var after pgx.Batch
		if err := d.endedLink(ctx, tx, &after, l, people.EndedByStaff); err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, &after).Close(); err != nil {
			return err
		}
		by.Act, by.Conversation, by.Subject = audit.LinkEnd, l.Conversation, number.Masked()
		by.Before = map[string]string{"channel": chat.Conversation(l.Conversation).Channel()}
		return d.audit(ctx, tx, by)
	})
	return wrap("end link", err)
}

func (d *DB) dropLink(ctx context.Context, tx pgx.Tx, link int64) (l gone, n billing.AccountNumber, err error) {
	l, found, err := one(ctx, tx, func(row pgx.CollectableRow) (l gone, err error) {
		err = row.Scan(&l.ID, &l.Conversation, &l.Account, (*string)(&n))
		return l, err
	}, endLink, link)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "no such link")
	}
	return l, n, err
}
