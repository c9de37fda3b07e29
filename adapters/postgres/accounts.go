package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
)

// historyDepth is how many readings of a register are judged by: a year of
// months, and some taken by inspectors in between.
const historyDepth = 18

// To ask for an account that does not exist is as much work as for one that
// does, so that the time of the answer tells a guesser nothing: any account
// that there is is read in its place and thrown away.
const (
	chosen = `
WITH chosen AS (
    (SELECT id, true AS found FROM accounts WHERE number = $1)
    UNION ALL
    (SELECT id, false FROM accounts ORDER BY id LIMIT 1)
    LIMIT 1
) `
	accountFields = `a.number, a.territory, a.legal, a.closed, a.house, a.flat`
	meterFields   = `m.id, m.serial, m.digits, m.zones, m.power, m.remote, m.hourly, m.verified_until, m.out_of_service_since`
	readingFields = `r.meter, r.register, r.period, r.source, r.value, r.at, r.rollover, r.high`

	findAccount = chosen + `SELECT chosen.found, ` + accountFields + ` FROM chosen JOIN accounts a USING (id)`
	findMeter   = `
SELECT ` + meterFields + `, ` + accountFields + ` FROM meters m JOIN accounts a ON a.id = m.account WHERE m.id = $1 AND a.number = $2`
	listMeters = chosen + `SELECT ` + meterFields + ` FROM chosen JOIN meters m ON m.account = chosen.id ORDER BY m.id`

	// latestReadings follows a FROM that names a meter m.
	latestReadings = `
CROSS JOIN LATERAL unnest(m.zones) WITH ORDINALITY AS z (zone, k)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.meter = m.id AND r.register = 'T' || z.k AND r.source <> 'estimate'
    ORDER BY r.period DESC LIMIT $2
) r`
)

// Account implements customer.Directory: an account with its meters. It is one
// round trip, and the same work whether the account exists or not.
func (d *DB) Account(ctx context.Context, number billing.AccountNumber) (a billing.Account, found bool, err error) {
	var b pgx.Batch
	queueAccount(&b, number, &a, &found)
	if err := d.pool.SendBatch(ctx, &b).Close(); err != nil {
		return billing.Account{}, false, wrap("find account", err)
	}
	if !found {
		return billing.Account{}, false, nil
	}
	return a, true, nil
}

// Intake implements readings.Meters: an account with one of its meters, and the
// meter's actual readings of the last year or more, in no order.
func (d *DB) Intake(ctx context.Context, number billing.AccountNumber, meter billing.MeterID) (in billing.Intake, err error) {
	var b pgx.Batch
	queueMeter(&b, findMeter, number, meter, &in)
	queueHistory(&b, meter, &in.History)
	if err := d.pool.SendBatch(ctx, &b).Close(); err != nil {
		return billing.Intake{}, wrap("read intake", err)
	}
	if !in.Meter.Exists() { // or it is another's
		return billing.Intake{}, nil
	}
	return in, nil
}

// queueMeter reads the account and the meter into in, nothing for a meter that
// does not exist or is another account's: the judgement knows what to say to
// that. What the query returns beside them goes into more.
func queueMeter(b *pgx.Batch, query string, number billing.AccountNumber, id billing.MeterID, in *billing.Intake, more ...any) {
	b.Queue(query, id, number.Full()).QueryRow(func(row pgx.Row) error {
		var a billing.Account
		var m billing.Meter
		var s meterRow
		into := append(s.fields(&m), &a.Number, &a.Territory, &a.Legal, &a.Closed, &a.House, &a.Flat)
		switch err := row.Scan(append(into, more...)...); {
		case errors.Is(err, pgx.ErrNoRows):
			return nil
		case err != nil:
			return err
		}
		m, err := s.complete(m)
		if err != nil {
			return err
		}
		a.Meters = []billing.Meter{m}
		in.Account, in.Meter = a, m
		return nil
	})
}

// queueAccount reads into a; what is there without found is another's.
func queueAccount(b *pgx.Batch, number billing.AccountNumber, a *billing.Account, found *bool) {
	b.Queue(findAccount, number.Full()).QueryRow(func(row pgx.Row) error {
		err := row.Scan(found, &a.Number, &a.Territory, &a.Legal, &a.Closed, &a.House, &a.Flat)
		if errors.Is(err, pgx.ErrNoRows) { // A database without any account.
			return nil
		}
		return err
	})
	b.Queue(listMeters, number.Full()).Query(func(rows pgx.Rows) (err error) {
		a.Meters, err = pgx.CollectRows(rows, scanMeter)
		return err
	})
}

// queueHistory reads the latest readings of a meter's registers.
func queueHistory(b *pgx.Batch, meter billing.MeterID, history *[]billing.Reading) {
	b.Queue(meterReadings, meter, historyDepth).Query(func(rows pgx.Rows) error { return collectReadings(rows, history) })
}

// collectReadings reads rows of readingFields.
func collectReadings(rows pgx.Rows, list *[]billing.Reading) error {
	var row readingRow
	*list = make([]billing.Reading, 0, historyDepth)
	_, err := pgx.ForEachRow(rows, row.fields(), func() error {
		*list = append(*list, row.reading())
		return nil
	})
	return err
}

func scanMeter(row pgx.CollectableRow) (m billing.Meter, err error) {
	var s meterRow
	if err := row.Scan(s.fields(&m)...); err != nil {
		return m, err
	}
	return s.complete(m)
}

// meterRow takes the columns of a meter that the core has in another form.
type meterRow struct {
	zones      []string
	verified   *time.Time
	outOfOrder *time.Time
}

// fields are the places for meterFields.
func (s *meterRow) fields(m *billing.Meter) []any {
	return []any{
		&m.ID, (*string)(&m.Serial), &m.Digits, &s.zones, (*int64)(&m.Power), &m.Remote, &m.Hourly, &s.verified, &s.outOfOrder,
	}
}

func (s *meterRow) complete(m billing.Meter) (billing.Meter, error) {
	for i, name := range s.zones {
		zone := billing.ParseZone(name)
		if zone == billing.ZoneUnknown {
			return m, fmt.Errorf("meter %d has an unknown zone", m.ID)
		}
		m.Registers = append(m.Registers, billing.Register{Name: fmt.Sprintf("T%d", i+1), Zone: zone})
	}
	if s.verified != nil {
		m.VerifiedUntil = s.verified.UTC()
	}
	if s.outOfOrder != nil {
		m.OutOfServiceSince = s.outOfOrder.UTC()
	}
	return m, nil
}

// readingRow takes the columns of a reading as they stand in the table.
type readingRow struct {
	billing.Reading
	period time.Time
	source string
}

// fields are the places for readingFields.
func (s *readingRow) fields() []any {
	return []any{&s.Meter, &s.Register, &s.period, &s.source, (*int64)(&s.Value), &s.At, &s.Rollover, &s.High}
}

func (s *readingRow) reading() billing.Reading {
	r := s.Reading
	r.At = r.At.UTC()
	r.Period = billing.Period{Year: s.period.Year(), Month: s.period.Month()}
	r.Source = billing.ParseSource(s.source)
	return r
}

// monthOf is a period as the date that stands for it in tables.
func monthOf(p billing.Period) time.Time {
	return time.Date(p.Year, p.Month, 1, 0, 0, 0, 0, time.UTC)
}
