package postgres

import (
	"context"
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
	said := map[readingKey]billing.Reading{}
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
func listsOf(said map[readingKey]billing.Reading) []any {
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
