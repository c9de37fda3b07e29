package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/chat"
	people "okoshko/core/customer"
	"okoshko/core/payment"
)

const ordersOfCase = `SELECT ` + orderFields + ofOrders + `WHERE o.case_number = $1 ORDER BY o.at, o.number`

// moveCasePayment moves a payment for a case. Whoever moves one holds its case
// afterwards, and whoever ends a case looks at its payments while he holds it: so
// one of the two sees that money has to go back.
func (d *DB) moveCasePayment(ctx context.Context, tx pgx.Tx, p *payment.Payment, to payment.State) error {
	now := d.now()
	if _, err := tx.Exec(ctx, moveOrder, string(p.Number), string(to), now); err != nil {
		return fmt.Errorf("move payment: %w", err)
	}
	row, found, err := one(ctx, tx, d.scanCase, lockCase, p.Case.String())
	if err != nil || !found {
		return err
	}
	return d.mindMoney(ctx, tx, &row, now)
}

// mindMoney gives the keepers of a case the work of giving money back as long as
// some has to go (R-5.1.3-f), and writes to them when it begins.
func (d *DB) mindMoney(ctx context.Context, tx pgx.Tx, c *caseRow, at time.Time) error {
	made, err := many(ctx, tx, scanOrder, ordersOfCase, c.Number.String())
	if err != nil {
		return fmt.Errorf("list payments of case: %w", err)
	}
	if !slices.ContainsFunc(made, func(p payment.Payment) bool { return p.Owed(&c.Case, made) }) {
		_, err := tx.Exec(ctx, settleTasks, c.id, []string{string(life.ToRefund)}, at, 0)
		return err
	}
	role := string(life.KeeperOf(c.Kind))
	given, err := tx.Exec(ctx, addTask, c.id, string(life.ToRefund), 0, "", role, at)
	if err != nil || given.RowsAffected() == 0 {
		return err
	}
	_, err = d.jobs.InsertTx(ctx, tx, mailArgs{c.Number.String(), len(c.History), string(life.ToRefund), role, ""}, nil)
	return err
}

// startCasePayment starts a payment for the service that a case of the customer's
// orders, with the price that stands with the case. While one can still be made it
// is that one: whoever presses twice, or in two chats, has one page.
func (d *DB) startCasePayment(ctx context.Context, tx pgx.Tx, last *pgx.Batch, c chat.Conversation, n appeal.Number, now time.Time) (payment.Opened, error) {
	row, found, err := one(ctx, tx, d.scanCase, lockOwnCase, string(c), people.UsedSince(now), n.String())
	switch {
	case err != nil:
		return payment.Opened{}, fmt.Errorf("lock case: %w", err)
	case !found:
		return payment.Opened{Refused: true, Why: payment.NoCase}, nil
	}
	made, err := many(ctx, tx, scanOrder, ordersOfCase, n.String())
	if err != nil {
		return payment.Opened{}, fmt.Errorf("list payments of case: %w", err)
	}
	if why := payment.Bar(&row.Case, made); why != "" {
		return payment.Opened{Refused: true, Why: why}, nil
	}
	for _, p := range made {
		if p.State == payment.Started && now.Before(p.Until) {
			return payment.Opened{Payment: p}, nil
		}
	}
	p := payment.Payment{
		Number: payment.NewNumber(), Case: n, Sum: row.Price, State: payment.Started, At: now, Moved: now, Until: now.Add(payment.Life),
	}
	last.Queue(putOrder, string(p.Number), string(c), nil, n.String(), int64(p.Sum), string(p.State), p.At, p.Until)
	return payment.Opened{Payment: p}, nil
}

// PaymentsOfCase returns the payments of a case, the oldest first.
func (d *DB) PaymentsOfCase(ctx context.Context, n appeal.Number) ([]payment.Payment, error) {
	list, err := many(ctx, d.pool, scanOrder, ordersOfCase, n.String())
	return list, wrap("list payments of case", err)
}
