package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
)

// What the fixed accounts of the demo are charged by, and until when they have
// paid (spec §5.1).
//
//go:embed demo_bills.tsv
var demoBills string

// demoBilled is the last month of the demo that was billed; its first one is a
// year before, or that of the contract.
var demoBilled = billing.Period{Year: 2026, Month: time.October}

// demoPrompt is how many days before the due date the demo's customers pay.
const demoPrompt = 3

const (
	setCharging = `
UPDATE accounts SET rural = $2, stove = $3, rooms = $4, residents = $5, households = $6, payer = $7,
    price_category = $8, voltage = $9, since = $10, unified = $11
WHERE number = $1 AND demo AND since IS NULL`

	addBenefit = `
INSERT INTO benefits (account, kind, valid_from, kopecks)
SELECT id, $2, $3, $4 FROM accounts WHERE number = $1 ON CONFLICT DO NOTHING`

	addNotice = `
INSERT INTO restriction_notices (account, sent, after)
SELECT id, $2, $3 FROM accounts WHERE number = $1 ON CONFLICT DO NOTHING`
)

// demoLedger is a line of the data with the account that it is about.
type demoLedger struct {
	bill.Ledger
	readings []billing.Reading
	paid     billing.Period // the last month that was paid; zero: none
}

// readLedgers reads the data and issues a year of statements by the readings
// of the accounts.
func readLedgers(accounts []demoAccount, zone *time.Location) ([]demoLedger, error) {
	lines, err := readTable(demoBills)
	if err != nil {
		return nil, err
	}
	byNumber := map[string]*demoAccount{}
	for i := range accounts {
		byNumber[accounts[i].field["account"]] = &accounts[i]
	}
	issuer := bill.Issuer{Pricer: charge.Pricer{Book: prices.Book()}, Days: calendar.Published(), Zone: zone}
	list := make([]demoLedger, 0, len(lines))
	for _, f := range lines {
		a := byNumber[f["account"]]
		if a == nil {
			return nil, fmt.Errorf("bills of account %s, which the demo does not have", f["account"])
		}
		l, err := a.ledger(f)
		if err == nil {
			err = l.issue(issuer)
		}
		if err == nil {
			err = l.document(issuer)
		}
		if err != nil {
			return nil, fmt.Errorf("bills of account %s: %w", a.field["nn"], err)
		}
		list = append(list, l)
	}
	return list, nil
}

// ledger puts a line of the data and its account together.
func (a *demoAccount) ledger(f map[string]string) (l demoLedger, err error) {
	number := func(column string) int {
		n, err2 := strconv.Atoi(f[column])
		err = errors.Join(err, err2)
		return n
	}
	date := func(column string) calendar.Date {
		if f[column] == "" {
			return calendar.Date{}
		}
		d, err2 := calendar.ParseDate(f[column])
		err = errors.Join(err, err2)
		return d
	}
	// In memory the account's one meter is number 1; in the database it has an
	// identity of its own.
	meter := a.meter
	meter.ID = 1
	for _, r := range a.readings {
		r.Meter = meter.ID
		l.readings = append(l.readings, r)
	}
	l.Account = billing.Account{
		Number: billing.AccountNumber(f["account"]), Territory: a.field["territory"], Meters: []billing.Meter{meter},
	}
	l.Payer.Kind = debt.Payer(f["payer"])
	l.Contract = bill.Contract{
		Number: l.Account.Number, Since: date("since"), Unified: f["unified"], Category: number("category"),
		Voltage: tariff.Voltage(f["voltage"]), Power: max(meter.Power, billing.DefaultPower),
	}
	l.Consumer = charge.Consumer{
		Group: tariff.Group(a.field["group"]), Rural: f["rural"] == "true", Plan: tariff.PlanOf(meter.Registers),
		Territory: a.field["territory"], Heating: a.field["heating"] == "yes", Stove: tariff.Stove(f["stove"]),
		Rooms: number("rooms"), Residents: number("residents"), Households: number("households"),
	}
	if f["subsidy"] != "" {
		sum, err2 := money.ParseKopecks(f["subsidy"])
		err = errors.Join(err, err2)
		l.Benefits = []bill.Benefit{{
			Validity: tariff.Validity{From: calendar.Date{Year: demoBilled.Year, Month: time.January, Day: 1}},
			Kind:     bill.Subsidy, Monthly: sum,
		}}
	}
	if sent := date("notice_sent"); !sent.IsZero() {
		l.Notice = &bill.Notice{Sent: sent, After: date("notice_after")}
	}
	if f["paid"] != "" {
		p, err2 := billing.ParsePeriod(f["paid"])
		l.paid, err = p, errors.Join(err, err2)
	}
	return l, err
}

// issue adds the statements and their payments, month by month, as they came:
// what is not paid bears penalties.
func (l *demoLedger) issue(issuer bill.Issuer) error {
	if l.Contract.Category > 1 {
		return nil // Charged by the hour: see document.
	}
	for p := l.first(); !demoBilled.Before(p); p = p.Add(1) {
		s, err := issuer.Issue(&l.Ledger, p, l.readings)
		if err != nil {
			return err
		}
		l.Statements = append(l.Statements, s)
		if l.paid.Before(p) {
			continue
		}
		if err := l.pay(l.Latest(), issuer.Days); err != nil {
			return err
		}
	}
	return nil
}

// first is the first month of the demo in which the contract was in force.
func (l *demoLedger) first() billing.Period {
	p := demoBilled.Add(1 - demoHistory)
	if since := (billing.Period{Year: l.Contract.Since.Year, Month: l.Contract.Since.Month}); p.Before(since) {
		p = since
	}
	return p
}

// pay pays a statement in time, a business in parts.
func (l *demoLedger) pay(s *bill.Statement, days *calendar.Production) error {
	add := func(part int, on calendar.Date, sum money.Kopecks) {
		if sum > 0 {
			l.Payments = append(l.Payments, bill.Payment{
				Payment: debt.Payment{ID: fmt.Sprintf("demo-%s-%d", s.Period, part), Date: on, Sum: sum, Period: s.Period}, Way: "bank",
			})
		}
	}
	if l.Payer.Kind != debt.Business {
		add(1, s.Due.Add(-demoPrompt), s.Charged()+s.Fine)
		return nil
	}
	parts, err := l.Installments(s, days)
	for i, part := range parts {
		add(i+1, part.Due, part.Sum)
	}
	return err
}

// add stores what is not stored yet.
func (l *demoLedger) add(ctx context.Context, tx pgx.Tx) error {
	number, c := l.Account.Number, l.Consumer
	var b pgx.Batch
	b.Queue(setCharging, number.Full(), c.Rural, string(c.Stove), c.Rooms, c.Residents, c.Households, string(l.Payer.Kind),
		l.Contract.Category, string(l.Contract.Voltage), l.Contract.Since.At(0, time.UTC), l.Contract.Unified)
	for _, s := range l.Statements {
		if err := queueStatement(&b, number, s); err != nil {
			return err
		}
	}
	for i := range l.Documents {
		if err := queueDocument(&b, number, &l.Documents[i]); err != nil {
			return err
		}
	}
	for _, p := range l.Payments {
		queuePayment(&b, number, p)
	}
	for _, x := range l.Benefits {
		b.Queue(addBenefit, number.Full(), string(x.Kind), x.From.At(0, time.UTC), int64(x.Monthly))
	}
	if n := l.Notice; n != nil {
		b.Queue(addNotice, number.Full(), n.Sent.At(0, time.UTC), n.After.At(0, time.UTC))
	}
	return tx.SendBatch(ctx, &b).Close()
}
