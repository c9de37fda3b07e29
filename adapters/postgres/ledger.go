package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
)

const (
	ofAccount = ` WHERE account = (SELECT id FROM accounts WHERE number = $1) `

	ledgerAccount = `
SELECT ` + accountFields + `, a.payer, ` + personFields + `, a.tariff_group, a.rural, a.heating,
    a.stove, a.rooms, a.residents, a.households, a.price_category, a.voltage, a.since, a.unified
FROM accounts a WHERE a.number = $1`

	ledgerMeters = `SELECT ` + meterFields + ` FROM meters m` + ofAccount + `ORDER BY m.id`

	ledgerReadings = `SELECT ` + readingFields + ` FROM meters m` + latestReadings + ofAccount + `ORDER BY r.at DESC, r.register`

	ledgerStatements = `SELECT body FROM statements` + ofAccount + `ORDER BY period`

	ledgerDocuments = `SELECT body FROM documents` + ofAccount + `ORDER BY period, kind`

	ledgerPayments = `SELECT reference, paid_on, kopecks, period, way FROM payments` + ofAccount + `AND refunded_on IS NULL ORDER BY paid_on, reference`

	ledgerBenefits = `SELECT kind, valid_from, valid_to, kopecks FROM benefits` + ofAccount + `ORDER BY valid_from, kind`

	ledgerNotice = `SELECT sent, after FROM restriction_notices` + ofAccount + `AND withdrawn IS NULL ORDER BY sent DESC LIMIT 1`
)

// Ledger implements bill.Ledgers, in one snapshot.
func (d *DB) Ledger(ctx context.Context, number billing.AccountNumber) (l bill.Ledger, found bool, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		var b pgx.Batch
		d.queueLedger(&b, number, &l, &found)
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil || !found {
		return bill.Ledger{}, false, wrap("read ledger", err)
	}
	l.Consumer.Plan = planOf(l.Account.Meters)
	for _, m := range l.Account.Meters {
		l.Contract.Power += m.Power
	}
	if l.Contract.Power == 0 {
		l.Contract.Power = billing.DefaultPower
	}
	return l, true, nil
}

func (d *DB) queueLedger(b *pgx.Batch, number billing.AccountNumber, l *bill.Ledger, found *bool) {
	b.Queue(ledgerAccount, number.Full()).QueryRow(func(row pgx.Row) error {
		err := d.scanLedger(row, l)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		*found = err == nil
		return err
	})
	queueList(b, ledgerMeters, number, &l.Account.Meters, scanMeter)
	b.Queue(ledgerReadings, number.Full(), historyDepth).Query(func(rows pgx.Rows) error { return collectReadings(rows, &l.Readings) })
	queueList(b, ledgerStatements, number, &l.Statements, scanBody[bill.Statement])
	queueList(b, ledgerDocuments, number, &l.Documents, scanBody[bill.Document])
	queueList(b, ledgerPayments, number, &l.Payments, scanPayment)
	queueList(b, ledgerBenefits, number, &l.Benefits, scanBenefit)
	b.Queue(ledgerNotice, number.Full()).QueryRow(func(row pgx.Row) error {
		var sent, after time.Time
		err := row.Scan(&sent, &after)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		l.Notice = &bill.Notice{Sent: dateOf(&sent), After: dateOf(&after)}
		return err
	})
}

// queueList reads what belongs to an account into a list.
func queueList[T any](b *pgx.Batch, sql string, number billing.AccountNumber, list *[]T, scan pgx.RowToFunc[T]) {
	b.Queue(sql, number.Full()).Query(func(rows pgx.Rows) (err error) {
		*list, err = pgx.CollectRows(rows, scan)
		return err
	})
}

func (d *DB) scanLedger(row pgx.Row, l *bill.Ledger) error {
	var since *time.Time
	var kept keptPerson
	a, p, c, k := &l.Account, &l.Payer, &l.Consumer, &l.Contract
	err := row.Scan(&a.Number, &a.Territory, &a.Legal, &a.Closed, &a.House, &a.Flat,
		(*string)(&p.Kind), &kept.body, &kept.key,
		(*string)(&c.Group), &c.Rural, &c.Heating, (*string)(&c.Stove), &c.Rooms, &c.Residents, &c.Households,
		&k.Category, (*string)(&k.Voltage), &since, &k.Unified)
	if err != nil {
		return err
	}
	c.Territory, k.Number, k.Since = a.Territory, a.Number, dateOf(since)
	kept.number = a.Number.Full()
	who, err := d.person(kept)
	p.Name, p.Address, p.Phone, p.Email, p.TaxID = who.Name, who.Address, who.Phone, who.Email, who.TaxID
	return err
}

// scanBody reads a statement or a document.
func scanBody[T any](row pgx.CollectableRow) (t T, err error) {
	var body []byte
	if err := row.Scan(&body); err != nil {
		return t, err
	}
	if err := json.Unmarshal(body, &t); err != nil {
		// The cause may quote the body.
		return t, errors.New("a statement that was stored cannot be read")
	}
	return t, nil
}

func scanPayment(row pgx.CollectableRow) (p bill.Payment, err error) {
	var on time.Time
	var period *time.Time
	err = row.Scan(&p.ID, &on, (*int64)(&p.Sum), &period, &p.Way)
	p.Date = dateOf(&on)
	if period != nil {
		p.Period = billing.Period{Year: period.Year(), Month: period.Month()}
	}
	return p, err
}

func scanBenefit(row pgx.CollectableRow) (x bill.Benefit, err error) {
	var from time.Time
	var to *time.Time
	err = row.Scan((*string)(&x.Kind), &from, &to, (*int64)(&x.Monthly))
	x.Validity = tariff.Validity{From: dateOf(&from), To: dateOf(to)}
	return x, err
}

// dateOf is a date of a table, zero for NULL.
func dateOf(t *time.Time) calendar.Date {
	if t == nil {
		return calendar.Date{}
	}
	return calendar.DateOf(*t, time.UTC)
}

// planOf is the plan of the first meter that is in service.
func planOf(meters []billing.Meter) tariff.Plan {
	for _, m := range meters {
		if p := tariff.PlanOf(m.Registers); p != 0 && m.OutOfServiceSince.IsZero() {
			return p
		}
	}
	return tariff.OneRate
}

const (
	addStatement = `
INSERT INTO statements (account, period, body) SELECT id, $2, $3 FROM accounts WHERE number = $1 ON CONFLICT DO NOTHING`

	addDocument = `
INSERT INTO documents (account, kind, period, issued, body)
SELECT id, $2, $3, $4, $5 FROM accounts WHERE number = $1 ON CONFLICT DO NOTHING`

	addPayment = `
INSERT INTO payments (account, reference, paid_on, kopecks, period, way)
SELECT id, $2, $3, $4, $5, $6 FROM accounts WHERE number = $1 ON CONFLICT DO NOTHING`
)

// queueStatement adds a statement; one of the same month that is there already
// stays.
func queueStatement(b *pgx.Batch, number billing.AccountNumber, s bill.Statement) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write statement of %s: %w", s.Period, err)
	}
	b.Queue(addStatement, number.Full(), monthOf(s.Period), body)
	return nil
}

// queueDocument adds a document; one of the same kind and month stays.
func queueDocument(b *pgx.Batch, number billing.AccountNumber, d *bill.Document) error {
	body, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("write %s of %s: %w", d.Kind, d.Period, err)
	}
	b.Queue(addDocument, number.Full(), string(d.Kind), monthOf(d.Period), d.Issued.At(0, time.UTC), body)
	return nil
}

// queuePayment adds a payment; one with the same reference stays.
func queuePayment(b *pgx.Batch, number billing.AccountNumber, p bill.Payment) {
	var period *time.Time
	if !p.Period.IsZero() {
		month := monthOf(p.Period)
		period = &month
	}
	b.Queue(addPayment, number.Full(), p.ID, p.Date.At(0, time.UTC), int64(p.Sum), period, p.Way)
}

var _ bill.Ledgers = (*DB)(nil)
