package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/billing/exchange"
)

// importRows are readings of a file, column by column: many of them travel as a few
// lists.
const importRows = `
    unnest($1::bigint[], $2::text[], $3::date[], $4::text[], $5::bigint[], $6::timestamptz[], $7::boolean[], $8::boolean[])
    AS said (meter, register, period, source, value, at, rollover, high)`

const (
	// keepChanged keeps aside what a file is about to change.
	keepChanged = `
INSERT INTO replaced_readings (meter, register, period, source, value, at, rollover, high, receipt_year, receipt, conversation, superseded_at)
SELECT r.meter, r.register, r.period, r.source, r.value, r.at, r.rollover, r.high, r.receipt_year, r.receipt, r.conversation, $9
FROM readings r JOIN ` + importRows + ` USING (meter, register, period, source)
WHERE ` + readingDiffers

	readingDiffers = `(r.value, r.at, r.rollover, r.high) IS DISTINCT FROM (said.value, said.at, said.rollover, said.high)`

	// What is changed has no receipt any more: its slip names other figures.
	importReadings = `
INSERT INTO readings AS r (meter, register, period, source, value, at, rollover, high)
SELECT meter, register, period, source, value, at, rollover, high FROM ` + importRows + `
ON CONFLICT (meter, register, period, source) DO UPDATE SET
    value = EXCLUDED.value, at = EXCLUDED.at, rollover = EXCLUDED.rollover, high = EXCLUDED.high,
    receipt_year = NULL, receipt = NULL, conversation = NULL
WHERE (r.value, r.at, r.rollover, r.high) IS DISTINCT FROM (EXCLUDED.value, EXCLUDED.at, EXCLUDED.rollover, EXCLUDED.high)
RETURNING xmax = 0` // of a row that was there xmax is this transaction
)

// readingKey is what the table allows once.
type readingKey struct {
	meter            billing.MeterID
	register, source string
	period           billing.Period
}

// saveReadings stores the readings that the lines add or change. Of two lines about
// the same reading the later counts.
func (i *importing) saveReadings(ctx context.Context) error {
	said := map[readingKey]exchange.Reading{}
	i.keep(func(r *exchange.Row) error {
		if r.Reading == nil {
			return nil
		}
		m := &i.accounts[r.Number].meters[r.Serial].is
		if err := exchange.Fits(m, *r.Reading); err != nil {
			return err
		}
		reading := *r.Reading
		reading.Meter, reading.At = m.ID, reading.At.Truncate(time.Microsecond) // as the table keeps it
		said[readingKey{m.ID, reading.Register, reading.Source.String(), reading.Period}] = reading
		return nil
	})
	if len(said) == 0 {
		return nil
	}
	lists := listsOf(said)
	if _, err := i.tx.Exec(ctx, keepChanged, append(slices.Clone(lists), i.d.now())...); err != nil {
		return err
	}
	fresh, err := many(ctx, i.tx, pgx.RowTo[bool], importReadings, lists...)
	for _, added := range fresh {
		if added {
			i.done.Readings.Added++
		} else {
			i.done.Readings.Changed++
		}
	}
	i.done.Readings.Same += len(said) - len(fresh)
	return err
}

// listsOf are the arguments of importRows.
func listsOf(said map[readingKey]exchange.Reading) []any {
	n := len(said)
	meters, registers, periods, sources := make([]int64, 0, n), make([]string, 0, n), make([]time.Time, 0, n), make([]string, 0, n)
	values, at, rollovers, highs := make([]int64, 0, n), make([]time.Time, 0, n), make([]bool, 0, n), make([]bool, 0, n)
	for key, r := range said {
		meters, registers = append(meters, int64(key.meter)), append(registers, key.register)
		periods, sources = append(periods, monthOf(key.period)), append(sources, key.source)
		values, at = append(values, int64(r.Value)), append(at, r.At)
		rollovers, highs = append(rollovers, r.Rollover), append(highs, r.High)
	}
	return []any{meters, registers, periods, sources, values, at, rollovers, highs}
}

// Exported counts what was written.
type Exported struct{ Accounts, Meters, Readings int }

// exportPage is how many accounts are read at a time.
const exportPage = 500

const (
	pageRegister = `SELECT ` + registerFields + ` FROM accounts a WHERE a.number > $1 ORDER BY a.number LIMIT $2`

	pageMeters = `SELECT m.account, ` + meterFields + ` FROM meters m WHERE m.account = ANY($1) ORDER BY m.id`

	pageReadings = `SELECT ` + readingFields + ` FROM readings r WHERE r.meter = ANY($1) ORDER BY r.meter, r.register, r.period, r.source`

	newReadings = `
SELECT a.number, m.serial, ` + readingFields + `
FROM readings r JOIN meters m ON m.id = r.meter JOIN accounts a ON a.id = m.account
WHERE r.at >= $1 ORDER BY r.at, a.number, m.id, r.register`
)

// ExportRegister writes every account with its meters and readings as they stand at
// one moment, so that importing them makes the same register.
func (d *DB) ExportRegister(ctx context.Context, w *exchange.Writer) (done Exported, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		for last := ""; ; {
			page, err := many(ctx, tx, d.scanRegister, pageRegister, last, exportPage)
			if err != nil || len(page) == 0 {
				return err
			}
			if err := exportAccounts(ctx, tx, w, page, &done); err != nil {
				return err
			}
			last = page[len(page)-1].was.Number.Full()
		}
	})
	return done, wrap("export register", errors.Join(err, w.Flush()))
}

func exportAccounts(ctx context.Context, tx pgx.Tx, w *exchange.Writer, page []*knownAccount, done *Exported) error {
	owners := make([]int64, 0, len(page))
	for _, k := range page {
		owners = append(owners, k.id)
	}
	meters := map[int64][]billing.Meter{}
	ids := make([]int64, 0, len(page))
	if err := eachMeter(ctx, tx, pageMeters, owners, func(owner int64, m billing.Meter) {
		meters[owner] = append(meters[owner], m)
		ids = append(ids, int64(m.ID))
	}); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, pageReadings, ids)
	if err != nil {
		return err
	}
	var list []exchange.Reading
	if err := collectReadings(rows, &list); err != nil {
		return err
	}
	readings := map[billing.MeterID][]exchange.Reading{}
	for _, r := range list {
		readings[r.Meter] = append(readings[r.Meter], r)
	}
	for _, k := range page {
		if err := w.Account(&k.was); err != nil {
			return err
		}
		done.Accounts++
		for _, m := range meters[k.id] {
			if err := exportMeter(w, k.was.Number, &m, readings[m.ID]); err != nil {
				return err
			}
			done.Meters, done.Readings = done.Meters+1, done.Readings+len(readings[m.ID])
		}
	}
	return nil
}

func exportMeter(w *exchange.Writer, n billing.AccountNumber, m *billing.Meter, readings []exchange.Reading) error {
	if err := w.Meter(n, m); err != nil {
		return err
	}
	for i := range readings {
		if err := w.Reading(n, m.Serial, &readings[i]); err != nil {
			return err
		}
	}
	return nil
}

// ExportReadings writes the readings that were taken from a moment on, the oldest
// first: what the supplier's billing does not have yet.
func (d *DB) ExportReadings(ctx context.Context, w *exchange.Writer, from time.Time) (done Exported, err error) {
	rows, err := d.pool.Query(ctx, newReadings, from)
	if err != nil {
		return done, wrap("export readings", err)
	}
	var n billing.AccountNumber
	var serial billing.MeterSerial
	var row readingRow
	_, err = pgx.ForEachRow(rows, append([]any{(*string)(&n), (*string)(&serial)}, row.fields()...), func() error {
		r := row.reading()
		done.Readings++
		return w.Reading(n, serial, &r)
	})
	return done, wrap("export readings", errors.Join(err, w.Flush()))
}
