package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/billing/exchange"
)

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
	var list []billing.Reading
	if err := collectReadings(rows, &list); err != nil {
		return err
	}
	readings := map[billing.MeterID][]billing.Reading{}
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

func exportMeter(w *exchange.Writer, n billing.AccountNumber, m *billing.Meter, readings []billing.Reading) error {
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
