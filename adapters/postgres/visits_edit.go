package postgres

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/visit"
)

const (
	listExpected = `SELECT ` + visitFields + `
WHERE v.office = $1 AND v.day >= $2 AND v.status IN ('booked', 'moved') ORDER BY v.starts_at, v.id`
	lockExpected = listExpected + ` FOR UPDATE OF v`

	// What is held is of nobody yet who would have to be told.
	dropHoldsWithin = `
DELETE FROM visits WHERE office = $1 AND status = 'held' AND (held_until <= $4 OR day BETWEEN $2 AND $3)`
	rewindow = `UPDATE visits SET window_number = $2 WHERE id = $1`

	findRevision = `SELECT revision FROM offices WHERE code = $1`
	saveOffice   = `UPDATE offices SET revision = revision + 1, hours = $2, sanitary = $3, windows = $4 WHERE code = $1`

	dropExceptions = `DELETE FROM office_exceptions WHERE office = $1`
	addException   = `
INSERT INTO office_exceptions (office, first_day, last_day, hours, reason_ru, reason_en) VALUES ($1, $2, $3, $4, $5, $6)`
	dropWindows = `DELETE FROM office_windows WHERE office = $1`
	addWindow   = `
INSERT INTO office_windows (office, number, services, first_day, last_day)
VALUES ($1, $2, $3, nullif($4, '')::date, nullif($5, '')::date)`
	dropShuttings = `DELETE FROM office_shuttings WHERE office = $1`
	addShutting   = `
INSERT INTO office_shuttings (office, number, first_day, last_day, hours, reason_ru, reason_en)
VALUES ($1, $2, $3, $4, $5, $6, $7)`
)

// OfficeSchedule returns the schedule of an office as it stands. The error is
// visit.ErrUnknown for one that is not there.
func (d *DB) OfficeSchedule(ctx context.Context, office string) (s visit.Schedule, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		s, err = d.scheduleOf(ctx, tx, offices, office)
		return err
	})
	return s, wrap("read schedule", err)
}

func (d *DB) scheduleOf(ctx context.Context, tx pgx.Tx, offices *officesAt, code string) (s visit.Schedule, err error) {
	o, known := offices.Office(code)
	if !known {
		return s, visit.ErrUnknown
	}
	s = visit.Schedule{Directory: offices.Directory, Office: o, Days: offices.days, Company: d.zone}
	s.Revision, _, err = one(ctx, tx, pgx.RowTo[int64], findRevision, code)
	return s, err
}

// PreviewEdit returns what SaveEdit would do now, and of which revision of the
// office's schedule; it changes nothing. The error is one of those of
// visit.Edit.
func (d *DB) PreviewEdit(ctx context.Context, office string, e visit.Edit) (i visit.Impact, revision int64, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		if revision, _, err = one(ctx, tx, pgx.RowTo[int64], findRevision, office); err != nil {
			return err
		}
		here, _, err := d.here(ctx, tx, offices, office, listExpected)
		if err == nil {
			_, i, err = offices.Impact(office, e, here)
		}
		return err
	})
	return i, revision, wrap("preview edit", err)
}

// SaveEdit changes an office's schedule, if it still has the revision that the
// editor has seen, and returns the new one. Visits that cannot take place go to
// another window at their time, or are moved to the next free slot, as
// visit.Moved, or called off if there is none; each customer whose time changes
// is told in his conversation, and by a text message if his phone is known. by
// says who did it. The error is one of those of visit.Edit, visit.ErrStale too.
func (d *DB) SaveEdit(ctx context.Context, by audit.Entry, office string, revision int64, e visit.Edit) (i visit.Impact, saved int64, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockOffice, office); err != nil {
			return err
		}
		if saved, _, err = one(ctx, tx, pgx.RowTo[int64], findRevision, office); err != nil {
			return err
		}
		if saved != revision {
			return visit.ErrStale
		}
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		here, placed, err := d.here(ctx, tx, offices, office, lockExpected)
		if err != nil {
			return err
		}
		before, _ := offices.Office(office)
		after, impact, err := offices.Impact(office, e, here)
		if err != nil {
			return err
		}
		i, saved = impact, revision+1
		if err := d.writeOffice(ctx, tx, after); err != nil {
			return err
		}
		if err := d.reseat(ctx, tx, by, offices, office, i, placed); err != nil {
			return err
		}
		if err := d.freed(ctx, tx, d.zone, d.now(), office); err != nil {
			return err
		}
		return d.audit(ctx, tx, noted(e.Note(before), by, office, i))
	})
	return i, saved, wrap("save edit", err)
}

// noted completes the line of an edit.
func noted(line, by audit.Entry, office string, i visit.Impact) audit.Entry {
	line.Staff, line.Address, line.Reason, line.Subject = by.Staff, by.Address, by.Reason, "office/"+office
	if line.After == nil {
		line.After = map[string]string{}
	}
	line.After["visits"] = strconv.Itoa(len(i.Hit))
	return line
}

// here reads what an office's visits are judged by.
func (d *DB) here(ctx context.Context, tx pgx.Tx, offices *officesAt, office, list string) (visit.Here, []placed, error) {
	now := d.now()
	h := visit.Here{Now: now, Days: offices.days, Company: d.zone}
	today := calendar.DateOf(now, time.UTC).Add(-1)
	var err error
	if h.Expected, err = many(ctx, tx, d.scanVisit, list, office, today.String()); err != nil {
		return h, nil, fmt.Errorf("list visits: %w", err)
	}
	last := now
	for _, b := range h.Expected {
		if b.End.After(last) {
			last = b.End
		}
	}
	var b pgx.Batch
	var placed []placed
	queuePlaced(&b, office, now, last.AddDate(0, 0, visit.ReseatDays), &placed)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return h, nil, fmt.Errorf("list visits: %w", err)
	}
	h.Busy = busy(placed, "", now)
	return h, placed, nil
}

// writeOffice stores what can be edited of an office.
func (d *DB) writeOffice(ctx context.Context, tx pgx.Tx, o *visit.Office) error {
	day := func(d calendar.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.String()
	}
	var b pgx.Batch
	b.Queue(dropExceptions, o.Code)
	b.Queue(dropWindows, o.Code)
	b.Queue(dropShuttings, o.Code)
	b.Queue(saveOffice, o.Code, o.Week.String(), calendar.DaysText(o.Sanitary), o.Windows)
	for _, e := range o.Exceptions {
		b.Queue(addException, o.Code, e.First.String(), e.Last.String(), calendar.SpansText(e.Spans), e.Reasons["ru"], cmp.Or(e.Reasons["en"], e.Reasons["ru"]))
	}
	for _, w := range o.Special {
		b.Queue(addWindow, o.Code, w.Number, strings.Join(w.Services, " "), day(w.First), day(w.Last))
	}
	for _, s := range o.Shut {
		b.Queue(addShutting, o.Code, s.Window, s.First.String(), s.Last.String(), calendar.SpansText(s.Spans), s.Reasons["ru"], cmp.Or(s.Reasons["en"], s.Reasons["ru"]))
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write office: %w", err)
	}
	return nil
}
