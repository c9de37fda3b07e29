package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

const (
	linkFields = `l.conversation, l.id, a.number, l.name, l.active, l.since, l.used_at, l.confirmed_at, l.carried_from`

	listLinks = `
SELECT ` + linkFields + ` FROM links l JOIN accounts a ON a.id = l.account
WHERE l.conversation = $1 AND l.used_at > $2 ORDER BY l.since, l.id`

	linkHolds = `
SELECT EXISTS (SELECT FROM links l JOIN accounts a ON a.id = l.account
    WHERE l.id = $1 AND l.conversation = $2 AND a.number = $3 AND l.used_at > $4)`

	findHolder = chosen + `
SELECT chosen.found, ` + accountFields + `, ` + personFields + `, coalesce(
    (SELECT p.kopecks FROM payments p WHERE p.account = a.id AND p.refunded_on IS NULL ORDER BY p.paid_on DESC, p.reference DESC LIMIT 1), 0)
FROM chosen JOIN accounts a USING (id)`
)

var (
	_ people.Links    = (*DB)(nil)
	_ people.Registry = (*DB)(nil)
	_ people.Consents = (*DB)(nil)
)

// Links implements customer.Links.
func (d *DB) Links(ctx context.Context, c chat.Conversation, now time.Time) ([]people.Link, error) {
	list, err := many(ctx, d.pool, scanLink, listLinks, string(c), people.UsedSince(now))
	return list, wrap("list links", err)
}

func scanLink(row pgx.CollectableRow) (l people.Link, err error) {
	var confirmed *time.Time
	err = row.Scan((*string)(&l.Conversation), &l.ID, (*string)(&l.Account), &l.Name, &l.Active, &l.Since, &l.Used, &confirmed, (*string)(&l.From))
	l.Since, l.Used = l.Since.UTC(), l.Used.UTC()
	if confirmed != nil {
		l.Confirmed = confirmed.UTC()
	}
	return l, err
}

// LinkedLedger returns the ledger of the account that a link is the right to;
// false if the link does not hold any more.
func (d *DB) LinkedLedger(ctx context.Context, l people.Link) (bill.Ledger, bool, error) {
	holds, _, err := one(ctx, d.pool, pgx.RowTo[bool], linkHolds,
		l.ID, string(l.Conversation), l.Account.Full(), people.UsedSince(d.now()))
	if err != nil || !holds {
		return bill.Ledger{}, false, wrap("look for link", err)
	}
	return d.Ledger(ctx, l.Account)
}

// Holder implements customer.Registry. It is one round trip, and the same work
// whether the account exists or not.
func (d *DB) Holder(ctx context.Context, number billing.AccountNumber) (h people.Holder, found bool, err error) {
	var b pgx.Batch
	b.Queue(findHolder, number.Full()).QueryRow(func(row pgx.Row) error {
		a := &h.Account
		var kept keptPerson
		err := row.Scan(&found, (*string)(&a.Number), &a.Territory, &a.Legal, &a.Closed, &a.House, &a.Flat,
			&kept.body, &kept.key, (*int64)(&h.Paid))
		if errors.Is(err, pgx.ErrNoRows) { // a database without any account
			return nil
		}
		if err != nil {
			return err
		}
		kept.number = a.Number.Full()
		who, err := d.person(kept) // of the account that stands in for one that is not there, too
		h.Phone, h.Email, h.TaxID = who.Phone, who.Email, who.TaxID
		return err
	})
	b.Queue(listMeters, number.Full()).Query(func(rows pgx.Rows) (err error) {
		h.Account.Meters, err = pgx.CollectRows(rows, scanMeter)
		return err
	})
	if err := d.pool.SendBatch(ctx, &b).Close(); err != nil {
		return people.Holder{}, false, wrap("find holder", err)
	}
	if !found {
		return people.Holder{}, false, nil
	}
	return h, true, nil
}

const (
	listVouched = `
SELECT a.number FROM vouched v JOIN accounts a ON a.id = v.account
WHERE v.conversation = $1 AND v.at > $2 ORDER BY a.id`
	dropVouched = `DELETE FROM vouched WHERE conversation = $1`
	addVouched  = `INSERT INTO vouched (conversation, account, at) SELECT $1, id, $3 FROM accounts WHERE number = ANY($2)`

	// vouchedFor is how long a page's word for an account is good.
	vouchedFor = 12 * time.Hour
)

// Vouch implements customer.Visitors: it keeps the accounts that the page has
// vouched for, instead of those before. One that does not exist is left out.
func (d *DB) Vouch(ctx context.Context, c chat.Conversation, accounts []billing.AccountNumber, now time.Time) error {
	numbers := make([]string, len(accounts))
	for i, a := range accounts {
		numbers[i] = a.Full()
	}
	return wrap("vouch", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(dropVouched, string(c))
		b.Queue(addVouched, string(c), numbers, now)
		return tx.SendBatch(ctx, &b).Close()
	}))
}

// Vouched returns the accounts that the page around the chat has vouched for
// lately.
func (d *DB) Vouched(ctx context.Context, c chat.Conversation, now time.Time) ([]billing.AccountNumber, error) {
	list, err := many(ctx, d.pool, pgx.RowTo[string], listVouched, string(c), now.Add(-vouchedFor))
	if err != nil {
		return nil, wrap("list vouched", err)
	}
	out := make([]billing.AccountNumber, len(list))
	for i, number := range list {
		out[i] = billing.AccountNumber(number)
	}
	return out, nil
}

const (
	listConsents = `
SELECT purpose, version, hash, language, conversation, at FROM consents
WHERE conversation = $1 AND withdrawn_at IS NULL ORDER BY at`
	withdrawConsent = `
UPDATE consents SET withdrawn_at = $3 WHERE conversation = $1 AND purpose = $2 AND withdrawn_at IS NULL`
	addConsent = `
INSERT INTO consents (conversation, purpose, version, hash, language, channel, action, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// Consents implements customer.Consents.
func (d *DB) Consents(ctx context.Context, c chat.Conversation) ([]people.Given, error) {
	list, err := many(ctx, d.pool, func(row pgx.CollectableRow) (g people.Given, err error) {
		err = row.Scan((*string)(&g.Purpose), &g.Version, &g.Hash, &g.Lang, (*string)(&g.Of), &g.At)
		g.At = g.At.UTC()
		return g, err
	}, listConsents, string(c))
	return list, wrap("list consents", err)
}

// Consent gives a consent or withdraws it. Who withdraws that of linking is
// linked to nothing any more.
func (d *DB) Consent(ctx context.Context, e dialog.Effect, g people.Given) (struct{}, error) {
	return once(ctx, d, e, "consent", func(_ pgx.Tx, last *pgx.Batch) (none struct{}, err error) {
		if g.Withdraw {
			last.Queue(withdrawConsent, string(e.Conversation), string(g.Purpose), e.At)
			if g.Purpose == people.ForLinking {
				last.Queue(dropLinks, string(e.Conversation))
				last.Queue(dropCodes, string(e.Conversation))
				last.Queue(dropVouched, string(e.Conversation))
				last.Queue(dropTicket, string(e.Conversation))
			}
			return none, nil
		}
		queueConsent(last, e, g)
		return none, nil
	})
}

// queueConsent adds a consent in place of the one before.
func queueConsent(b *pgx.Batch, e dialog.Effect, g people.Given) {
	c := string(e.Conversation)
	b.Queue(withdrawConsent, c, string(g.Purpose), e.At)
	b.Queue(addConsent, c, string(g.Purpose), g.Version, g.Hash, g.Lang, e.Conversation.Channel(), e.ID, e.At)
}

const (
	addShown = `
INSERT INTO looks (account, conversation, channel, what, at)
SELECT account, conversation, $3, $4, $5 FROM links WHERE id = $1 AND conversation = $2`
	useLinked = `UPDATE links SET used_at = greatest(used_at, $3) WHERE id = $1 AND conversation = $2`
	dropShown = `DELETE FROM looks WHERE at < $1`
)

// Look notes that a customer is shown something of his account, before he is,
// and that his link is in use; false if he has no such link.
func (d *DB) Look(ctx context.Context, e dialog.Effect, link int64, what string) (bool, error) {
	return once(ctx, d, e, "look", func(tx pgx.Tx, last *pgx.Batch) (bool, error) {
		noted, err := tx.Exec(ctx, addShown, link, string(e.Conversation), e.Conversation.Channel(), what, e.At)
		if err != nil {
			return false, fmt.Errorf("note look: %w", err)
		}
		last.Queue(useLinked, link, string(e.Conversation), e.At)
		return noted.RowsAffected() > 0, nil
	})
}

// TidyLinks ends links that were not used for a year, forgets codes and words of
// the site that are worn out, and looks older than an instant. It returns the
// number of links that have ended.
func (d *DB) TidyLinks(ctx context.Context, now, looks time.Time) (int64, error) {
	for _, step := range []struct {
		sql    string
		before time.Time
	}{{dropWornCodes, now}, {dropWornTickets, now}, {dropWornWords, now.Add(-vouchedFor)}, {dropShown, looks}} {
		if _, err := d.exec(ctx, "tidy links", step.sql, step.before); err != nil {
			return 0, err
		}
	}
	ended, err := d.exec(ctx, "end links", endLinks, people.UsedSince(now))
	if err != nil {
		return 0, err
	}
	_, err = d.exec(ctx, "activate links", activateAny)
	return ended, err
}
