package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
)

const (
	lockMeter = `SELECT ` + meterFields + `, ` + accountFields + `
FROM meters m JOIN accounts a ON a.id = m.account WHERE m.id = $1 FOR UPDATE OF m`

	meterReadings = `SELECT ` + readingFields + ` FROM meters m` + latestReadings + ` WHERE m.id = $1`

	nextReceipt = `SELECT nextval('receipts')`

	// Of one source, a register has one reading a month (V11): the one that
	// was there is kept aside.
	replaceReading = `
WITH replaced AS (
    DELETE FROM readings WHERE meter = $1 AND register = $2 AND period = $3 AND source = $4 RETURNING *
) INSERT INTO replaced_readings SELECT replaced.*, $5, $6 FROM replaced`

	addReading = `
INSERT INTO readings (meter, register, period, source, value, at, rollover, high, receipt_year, receipt, effect, conversation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

	listSent = `SELECT ` + readingFields + `, a.number, m.serial, coalesce(r.receipt_year, 0), coalesce(r.receipt, 0)
FROM readings r JOIN meters m ON m.id = r.meter JOIN accounts a ON a.id = m.account
WHERE r.conversation = $1 ORDER BY r.at DESC, r.meter, r.register LIMIT $2`
)

// submission is what the effect of SubmitReadings keeps as its result.
type submission struct {
	Judgement billing.Judgement
	Receipt   billing.Receipt
}

// SubmitReadings carries out an effect: it judges the entries for one meter,
// under the meter's lock and by what is known at that moment, and stores the
// readings if the judgement accepts. A reading of the same month and source is
// replaced and kept aside (V11). The receipt is zero if the judgement does not
// accept; a refusal is a result, and the result of an effect never changes.
func (d *DB) SubmitReadings(ctx context.Context, e dialog.Effect, meter billing.MeterID, entries []billing.Entry, asEntered bool) (billing.Judgement, billing.Receipt, error) {
	s, err := once(ctx, d, e, "submit readings", func(tx pgx.Tx) (s submission, err error) {
		in := billing.Intake{At: e.At, Zone: d.zone, AsEntered: asEntered}
		if in.Account, in.Meter, err = lockedMeter(ctx, tx, meter); err != nil {
			return s, err
		}
		// Read only now: the lock made everybody before us visible.
		if in.History, err = many(ctx, tx, scanReading, meterReadings, meter, historyDepth); err != nil {
			return s, fmt.Errorf("read history: %w", err)
		}
		s.Judgement = in.Judge(entries...)
		readings := in.Readings(s.Judgement)
		if len(readings) == 0 {
			return s, nil
		}
		s.Receipt.Year = e.At.In(d.zone).Year()
		if err := tx.QueryRow(ctx, nextReceipt).Scan(&s.Receipt.Sequence); err != nil {
			return s, fmt.Errorf("take receipt number: %w", err)
		}
		return s, d.storeReadings(ctx, tx, e, s.Receipt, readings)
	})
	return s.Judgement, s.Receipt, err
}

// lockedMeter returns nothing for a meter that does not exist: the judgement
// knows what to say to that.
func lockedMeter(ctx context.Context, tx pgx.Tx, id billing.MeterID) (a billing.Account, m billing.Meter, err error) {
	var s meterRow
	places := append(s.fields(&m), &a.Number, &a.Territory, &a.Legal, &a.Closed, &a.House, &a.Flat)
	err = tx.QueryRow(ctx, lockMeter, id).Scan(places...)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, m, nil
	}
	if err != nil {
		return a, m, fmt.Errorf("lock meter: %w", err)
	}
	if m, err = s.complete(m); err != nil {
		return a, m, err
	}
	a.Meters = []billing.Meter{m}
	return a, m, nil
}

func (d *DB) storeReadings(ctx context.Context, tx pgx.Tx, e dialog.Effect, receipt billing.Receipt, readings []billing.Reading) error {
	var b pgx.Batch
	for _, r := range readings {
		month, source := monthOf(r.Period), r.Source.String()
		b.Queue(replaceReading, r.Meter, r.Register, month, source, e.ID, d.now())
		b.Queue(addReading, r.Meter, r.Register, month, source, int64(r.Value), r.At, r.Rollover, r.High,
			receipt.Year, receipt.Sequence, e.ID, string(e.Conversation))
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("store readings: %w", err)
	}
	return nil
}

// Sent is a reading that a customer sent from a conversation.
type Sent struct {
	billing.Reading
	Account billing.AccountNumber
	Serial  billing.MeterSerial
	Receipt billing.Receipt
}

// SentReadings lists what counts of the readings that a conversation sent,
// newest first.
func (d *DB) SentReadings(ctx context.Context, c chat.Conversation, limit int) ([]Sent, error) {
	list, err := many(ctx, d.pool, func(row pgx.CollectableRow) (sent Sent, err error) {
		var s readingRow
		places := append(s.fields(), (*string)(&sent.Account), (*string)(&sent.Serial), &sent.Receipt.Year, &sent.Receipt.Sequence)
		if err := row.Scan(places...); err != nil {
			return sent, err
		}
		sent.Reading = s.reading()
		return sent, nil
	}, listSent, string(c), limit)
	return list, wrap("list sent readings", err)
}

// Replaced is a reading that counted once.
type Replaced struct {
	billing.Reading
	By string // effect
	At time.Time
}

const listReplaced = `SELECT ` + readingFields + `, r.superseded_by, r.superseded_at
FROM replaced_readings r WHERE r.meter = $1 ORDER BY r.superseded_at DESC, r.register LIMIT $2`

// ReplacedReadings lists the readings of a meter that were replaced, the last
// one to be replaced first.
func (d *DB) ReplacedReadings(ctx context.Context, meter billing.MeterID, limit int) ([]Replaced, error) {
	list, err := many(ctx, d.pool, func(row pgx.CollectableRow) (old Replaced, err error) {
		var s readingRow
		if err := row.Scan(append(s.fields(), &old.By, &old.At)...); err != nil {
			return old, err
		}
		old.Reading, old.At = s.reading(), old.At.UTC()
		return old, nil
	}, listReplaced, meter, limit)
	return list, wrap("list replaced readings", err)
}
