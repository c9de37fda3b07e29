package postgres

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
)

const (
	// The receipt's number is taken after the lock, so that of one meter the later
	// receipt has the higher one. A refusal, and a repeat, leave a gap.
	lockMeter = `SELECT locked.*, nextval('receipts') FROM (` + findMeter + ` FOR UPDATE OF m) locked`

	meterReadings = `SELECT ` + readingFields + ` FROM meters m` + latestReadings + ` WHERE m.id = $1`

	// Of one source, a register has one reading a month (V11): the one that
	// was there is kept aside. Whoever writes holds the meter's lock.
	saveReading = `
WITH kept AS (
    INSERT INTO replaced_readings (meter, register, period, source, value, at, rollover, high,
        receipt_year, receipt, conversation, superseded_by, superseded_at)
    SELECT meter, register, period, source, value, at, rollover, high, receipt_year, receipt, conversation, $10, $12
    FROM readings WHERE meter = $1 AND register = $2 AND period = $3 AND source = $4
) INSERT INTO readings (meter, register, period, source, value, at, rollover, high, receipt_year, receipt, conversation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (meter, register, period, source) DO UPDATE SET
    value = EXCLUDED.value, at = EXCLUDED.at, rollover = EXCLUDED.rollover, high = EXCLUDED.high,
    receipt_year = EXCLUDED.receipt_year, receipt = EXCLUDED.receipt, conversation = EXCLUDED.conversation`

	// A slip is proof also of what was replaced later.
	listSent = `
WITH sent AS (
    SELECT receipt_year, receipt, at, period, meter, register, value FROM readings
    WHERE conversation = $1 AND receipt IS NOT NULL
    UNION ALL
    SELECT receipt_year, receipt, at, period, meter, register, value FROM replaced_readings
    WHERE conversation = $1 AND receipt IS NOT NULL
), latest AS (
    SELECT DISTINCT receipt FROM sent ORDER BY receipt DESC LIMIT $2
)
SELECT s.receipt_year, s.receipt, s.at, a.number, s.period, s.register, m.zones[substr(s.register, 2)::int], s.value
FROM latest JOIN sent s USING (receipt) JOIN meters m ON m.id = s.meter JOIN accounts a ON a.id = m.account
ORDER BY s.receipt DESC, s.register`
)

// SubmitReadings implements readings.Desk: it judges the entries under the
// meter's lock, by what is known at that moment, and stores the readings if the
// judgement accepts. A reading of the same month and source is replaced and
// kept aside (V11). What the submission names as evidence is tied to its
// receipt, as far as the same conversation has attached it to the same account.
func (d *DB) SubmitReadings(ctx context.Context, e dialog.Effect, s billing.Submission) (billing.Accepted, error) {
	evidence, err := evidenceIDs(s.Evidence)
	if err != nil {
		return billing.Accepted{}, fmt.Errorf("submit readings: %w", err)
	}
	// As the table will keep it.
	s.At = s.At.UTC().Truncate(time.Microsecond)
	in := billing.Intake{At: s.At, Zone: d.zone, AsEntered: s.AsEntered}
	receipt := billing.Receipt{Year: s.At.In(d.zone).Year()}
	lock := func(first *pgx.Batch) {
		queueMeter(first, lockMeter, s.Account, s.Meter, &in, &receipt.Sequence)
		// Read after the lock: each statement sees what was committed before it
		// began, so also what the lock has waited for.
		queueHistory(first, s.Meter, &in.History)
	}
	return onceAfter(ctx, d, e, "submit readings", lock, func(_ pgx.Tx, last *pgx.Batch) (done billing.Accepted, err error) {
		j := in.Judge(s.Entries...)
		if j.Action != billing.Accept {
			// Nothing decides where a register has no entry: the meter that the
			// customer read is not there any more.
			done.Refused = cmp.Or(j.Case, billing.CaseClosed)
			return done, nil
		}
		done.Slip = slipOf(s, j, receipt)
		d.queueReadings(last, e.Conversation, receipt, in.Readings(j))
		if len(evidence) > 0 {
			last.Queue(tieEvidence, receipt.Sequence, evidence, string(e.Conversation), s.Meter)
		}
		return done, nil
	})
}

func slipOf(s billing.Submission, j billing.Judgement, receipt billing.Receipt) billing.Slip {
	slip := billing.Slip{Receipt: receipt.String(), At: s.At, Account: s.Account, Period: j.Period}
	for _, l := range j.Lines {
		slip.Lines = append(slip.Lines, billing.SlipLine{Register: l.Register.Name, Zone: l.Register.Zone, Value: l.Entry.Value})
	}
	return slip
}

func (d *DB) queueReadings(b *pgx.Batch, c chat.Conversation, receipt billing.Receipt, readings []billing.Reading) {
	for _, r := range readings {
		b.Queue(saveReading, r.Meter, r.Register, monthOf(r.Period), r.Source.String(), int64(r.Value), r.At, r.Rollover, r.High,
			receipt.Year, receipt.Sequence, string(c), d.now())
	}
}

// sentRow is a line of a slip with what the slip begins with.
type sentRow struct {
	receipt billing.Receipt
	at      time.Time
	account billing.AccountNumber
	period  time.Time
	line    billing.SlipLine
}

func scanSent(row pgx.CollectableRow) (s sentRow, err error) {
	var zone string
	err = row.Scan(&s.receipt.Year, &s.receipt.Sequence, &s.at, (*string)(&s.account), &s.period,
		&s.line.Register, &zone, (*int64)(&s.line.Value))
	s.line.Zone = billing.ParseZone(zone)
	return s, err
}

// SentReadings implements readings.Sent: what was replaced later is among the
// slips.
func (d *DB) SentReadings(ctx context.Context, c chat.Conversation, limit int) ([]billing.Slip, error) {
	rows, err := many(ctx, d.pool, scanSent, listSent, string(c), limit)
	if err != nil {
		return nil, wrap("list sent readings", err)
	}
	var slips []billing.Slip
	for i, r := range rows {
		if i == 0 || r.receipt != rows[i-1].receipt {
			slips = append(slips, billing.Slip{
				Receipt: r.receipt.String(), At: r.at.UTC(), Account: r.account,
				Period: billing.Period{Year: r.period.Year(), Month: r.period.Month()},
			})
		}
		last := &slips[len(slips)-1]
		last.Lines = append(last.Lines, r.line)
	}
	return slips, nil
}
