package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
)

const (
	orderFields = `o.number, coalesce(a.number, ''), coalesce(o.case_number, ''), o.kopecks, o.state, o.at, o.changed_at, o.until, o.page`
	ofOrders    = ` FROM payment_orders o LEFT JOIN accounts a ON a.id = o.account `

	payable = `
SELECT a.id, a.number, NOT a.legal AND NOT a.closed FROM links l JOIN accounts a ON a.id = l.account
WHERE l.id = $1 AND l.conversation = $2 AND l.used_at > $3`

	putOrder = `
INSERT INTO payment_orders (number, conversation, account, case_number, kopecks, state, at, until, changed_at, looked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $7)`

	openOrder = `
WITH o AS (UPDATE payment_orders SET page = $2 WHERE number = $1 RETURNING *)
SELECT ` + orderFields + ` FROM o LEFT JOIN accounts a ON a.id = o.account`

	findOrder = `
SELECT ` + orderFields + ofOrders + `WHERE o.number = $1 AND o.conversation = $2`

	// The newest that can still be made, of one conversation and account.
	openOrders = `
SELECT ` + orderFields + ` FROM payment_orders o JOIN accounts a ON a.id = o.account
WHERE a.number = $2 AND o.conversation = $1 AND o.state = 'started' AND o.page <> '' AND o.until > $3
ORDER BY o.at DESC LIMIT 1`

	lookAtOrders = `
WITH o AS (UPDATE payment_orders SET looked_at = $1 WHERE number IN (
    SELECT number FROM payment_orders WHERE state = 'started' AND looked_at <= $2
    ORDER BY looked_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING *) SELECT ` + orderFields + ` FROM o LEFT JOIN accounts a ON a.id = o.account`

	lockOrder = `
SELECT ` + orderFields + `, o.account, o.conversation` + ofOrders + `WHERE o.number = $1 FOR UPDATE OF o`
	moveOrder = `UPDATE payment_orders SET state = $2, changed_at = $3 WHERE number = $1`

	// The key of payments makes a second credit impossible besides.
	creditPayment = `
INSERT INTO payments (account, reference, paid_on, kopecks, way) VALUES ($1, $2, $3, $4, 'online')`
	takeBack = `UPDATE payments SET refunded_on = $3 WHERE account = $1 AND reference = $2 AND refunded_on IS NULL`

	orderOwner = `SELECT conversation FROM payment_orders WHERE number = $1 AND conversation IS NOT NULL`
)

// The effects of reports belong to no conversation: its erasure must not make
// them look undone.
const ofPayments = chat.Conversation("payments")

func scanOrder(row pgx.CollectableRow) (p payment.Payment, err error) {
	return scanOrderWith(row)
}

// scanOrderWith reads a payment, and what the query has after it.
func scanOrderWith(row pgx.CollectableRow, more ...any) (p payment.Payment, err error) {
	var number string
	err = row.Scan(append([]any{
		(*string)(&p.Number), (*string)(&p.Account), &number, (*int64)(&p.Sum), (*string)(&p.State), &p.At, &p.Moved, &p.Until, &p.Page,
	}, more...)...)
	if err != nil {
		return p, err
	}
	p.At, p.Moved, p.Until = p.At.UTC(), p.Moved.UTC(), p.Until.UTC()
	if number != "" {
		err = p.Case.UnmarshalText([]byte(number))
	}
	return p, err
}

// StartPayment starts a payment by the right of a link; Refused if there is no
// such link, or if what it leads to is not paid online: a closed account, and an
// organisation's, which pays from its own account at its bank (ГК РФ, ст. 861).
// What a case orders is paid by the right of the case: see startCasePayment.
func (d *DB) StartPayment(ctx context.Context, e dialog.Effect, w payment.Wish) (payment.Opened, error) {
	return once(ctx, d, e, "start payment", func(tx pgx.Tx, last *pgx.Batch) (done payment.Opened, err error) {
		var account int64
		var may bool
		now := d.now().UTC().Truncate(time.Microsecond) // as the table keeps it
		if !w.Case.IsZero() {
			return d.startCasePayment(ctx, tx, last, e.Conversation, w.Case, now)
		}
		p := payment.Payment{Number: payment.NewNumber(), Sum: w.Sum, State: payment.Started, At: now, Moved: now, Until: now.Add(payment.Life)}
		_, found, err := one(ctx, tx, func(row pgx.CollectableRow) (bool, error) {
			return true, row.Scan(&account, (*string)(&p.Account), &may)
		}, payable, w.Link, string(e.Conversation), people.UsedSince(now))
		switch {
		case err != nil:
			return done, fmt.Errorf("find link: %w", err)
		case !found || !may || payment.Check(w.Sum) != nil:
			return payment.Opened{Refused: true}, nil
		}
		last.Queue(putOrder, string(p.Number), string(e.Conversation), account, nil, int64(p.Sum), string(p.State), p.At, p.Until)
		return payment.Opened{Payment: p}, nil
	})
}

// OpenPayment keeps the page of a payment and returns how it stands now: it may
// have been made before its page was known here. The error is NotFound.
func (d *DB) OpenPayment(ctx context.Context, n payment.Number, page string) (payment.Payment, error) {
	p, found, err := one(ctx, d.pool, scanOrder, openOrder, string(n), page)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "no such payment")
	}
	return p, wrap("open payment", err)
}

// Payment returns a payment that was started in a conversation; false if none of
// that number was.
func (d *DB) Payment(ctx context.Context, c chat.Conversation, n payment.Number) (payment.Payment, bool, error) {
	p, found, err := one(ctx, d.pool, scanOrder, findOrder, string(n), string(c))
	return p, found, wrap("find payment", err)
}

// UnpaidPayment returns the newest payment of a link that can still be made.
func (d *DB) UnpaidPayment(ctx context.Context, l people.Link, now time.Time) (payment.Payment, bool, error) {
	p, found, err := one(ctx, d.pool, scanOrder, openOrders, string(l.Conversation), l.Account.Full(), now)
	return p, found, wrap("find open payment", err)
}

// QuietPayments returns payments of which nobody was heard since an instant, at
// most so many; each is returned to one caller, and again after another while.
func (d *DB) QuietPayments(ctx context.Context, since time.Time, most int) ([]payment.Payment, error) {
	list, err := many(ctx, d.pool, scanOrder, lookAtOrders, d.now(), since, most)
	return list, wrap("list quiet payments", err)
}

// ReportPayment takes what the provider says of a payment, once for an id of the
// report: the payment moves, the ledger of its account with it, and the
// conversation is told, in one transaction. The error is NotFound for a number
// that was never started, and leaves nothing behind.
func (d *DB) ReportPayment(ctx context.Context, id string, r payment.Report) (payment.Reported, error) {
	e := dialog.Effect{ID: "payment/" + id, Conversation: ofPayments, At: d.now()}
	return once(ctx, d, e, "report payment", func(tx pgx.Tx, last *pgx.Batch) (done payment.Reported, err error) {
		var account *int64
		var owner *string
		p, found, err := one(ctx, tx, func(row pgx.CollectableRow) (p payment.Payment, err error) {
			return scanOrderWith(row, &account, &owner)
		}, lockOrder, string(r.Number))
		switch {
		case err != nil:
			return done, fmt.Errorf("lock payment: %w", err)
		case !found:
			return done, fault.New(fault.NotFound, "no such payment")
		}
		done.Before = p.State
		done.State, done.Verdict = p.Judge(r)
		if done.State == done.Before {
			return done, nil
		}
		if !p.Case.IsZero() { // it stands in no ledger
			err = d.moveCasePayment(ctx, tx, &p, done.State)
		} else {
			last.Queue(moveOrder, string(p.Number), string(done.State), d.now())
		}
		if err != nil {
			return done, err
		}
		on := calendar.DateOf(d.paidAt(p, r), d.zone).At(0, time.UTC)
		switch {
		case account == nil:
		case done.State == payment.Paid:
			last.Queue(creditPayment, account, string(p.Number), on, int64(p.Sum))
		case done.Before == payment.Paid:
			last.Queue(takeBack, account, string(p.Number), on)
		}
		if owner == nil || done.State == payment.Expired && p.Page == "" { // nobody there, or nobody has seen its page
			return done, nil
		}
		if _, err := d.jobs.InsertTx(ctx, tx, paymentArgs{Number: string(p.Number), State: string(done.State)}, nil); err != nil {
			return done, fmt.Errorf("queue news of payment: %w", err)
		}
		return done, nil
	})
}

// paidAt is when a report came about. A provider's clock that says what cannot be
// moves no payment into another month.
func (d *DB) paidAt(p payment.Payment, r payment.Report) time.Time {
	if now := d.now(); r.At.Before(p.At) || r.At.After(now) {
		return now
	}
	return r.At
}

// paymentArgs name a payment and the state that its conversation is told of.
type paymentArgs struct {
	Number string `json:"number"`
	State  string `json:"state"`
}

func (paymentArgs) Kind() string { return "tell_payment" }

type paymentWorker struct {
	river.WorkerDefaults[paymentArgs]
	db   *DB
	work Work
}

// Work tells the conversation, unless it was erased meanwhile.
func (w *paymentWorker) Work(ctx context.Context, job *river.Job[paymentArgs]) error {
	owner, found, err := one(ctx, w.db.pool, pgx.RowTo[string], orderOwner, job.Args.Number)
	if err != nil || !found {
		return wrap("find payment", err)
	}
	return w.work.Payment(ctx, payment.News{
		Conversation: chat.Conversation(owner), Number: payment.Number(job.Args.Number), State: payment.State(job.Args.State),
	})
}
