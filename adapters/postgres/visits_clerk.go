package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
	"okoshko/core/visit"
)

const (
	listDay = `SELECT ` + visitFields + ` WHERE v.office = $1 AND v.day = $2 AND (v.status <> 'held' OR v.held_until > $3)
ORDER BY v.starts_at, v.window_number, v.id`
	takeVisit = `SELECT ` + visitFields + ` WHERE v.id = $1 AND v.status <> 'held' FOR UPDATE OF v`
	stepVisit = `UPDATE visits SET status = $2, called_to = nullif($3, 0) WHERE id = $1`
	addWalkIn = `
INSERT INTO visits (id, office, service, day, starts_at, ends_at, status, body, sealed, code, walk_in, at)
VALUES ($1, $2, $3, $4, $5, $6, 'arrived', $7, $8, $9, true, $5)`
	forgetVisitors = `UPDATE visits SET body = NULL, phone_digest = NULL WHERE body IS NOT NULL AND ends_at < $1`
	dropOldHolds   = `DELETE FROM visits WHERE status = 'held' AND held_until < $1`
)

// OfficeDay returns a day of an office with all its visits. The error is
// visit.ErrUnknown for an office or a day that is not there.
func (d *DB) OfficeDay(ctx context.Context, office string, date calendar.Date) (day visit.OfficeDay, err error) {
	offices, err := d.officesNow(ctx, d.pool)
	if err != nil {
		return day, wrap("read day of office", err)
	}
	o, found := offices.Office(office)
	if !found || !known(date) {
		return day, visit.ErrUnknown
	}
	day.Office, day.Day = o, o.Day(date, offices.days, d.zone)
	day.Bookings, err = many(ctx, d.pool, d.scanVisit, listDay, office, date.String(), d.now())
	return day, wrap("read day of office", err)
}

// MarkVisit makes of a visit what its status allows (visit.Status.Steps);
// window is where a visitor is called to, else 0. by says who did it, and from
// where. The error is visit.ErrUnknown, ErrStep or ErrWindow.
func (d *DB) MarkVisit(ctx context.Context, by audit.Entry, id int64, s visit.Status, window int) (v visit.Booking, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		var found bool
		if v, found, err = one(ctx, tx, d.scanVisit, takeVisit, id); err != nil {
			return err
		}
		if !found {
			return visit.ErrUnknown
		}
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		o, known := offices.Office(v.Office)
		if !known {
			return visit.ErrUnknown
		}
		if err := d.allowed(v, s, window, o, o.Hours(offices.days, d.zone).Zone); err != nil {
			return err
		}
		by.Before = map[string]string{"status": string(v.Status)}
		v.Status, v.CalledTo = s, calledTo(v, s, window)
		var b pgx.Batch
		b.Queue(stepVisit, v.ID, string(s), v.CalledTo)
		d.queueNote(&b, v, by.Staff)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		by.Act, by.After = audit.VisitStep, map[string]string{"status": string(s)}
		by.Subject = visitLabel(v.ID)
		return d.audit(ctx, tx, by)
	})
	return v, wrap("mark visit", err)
}

// allowed says why a visit cannot be made that now. Nobody arrives on another
// day, or is missed before he was to come.
func (d *DB) allowed(v visit.Booking, s visit.Status, window int, o *visit.Office, zone *time.Location) error {
	now := d.now()
	switch {
	case !slices.Contains(v.Status.Steps(), s):
		return fmt.Errorf("from %s to %s: %w", v.Status, s, visit.ErrStep)
	case calendar.DateOf(v.Start, zone) != calendar.DateOf(now, zone) && s != visit.NoShow,
		s == visit.NoShow && now.Before(v.Start):
		return fmt.Errorf("too early or too late for %s: %w", s, visit.ErrStep)
	case s == visit.Called && (window < 1 || window > o.Windows):
		return visit.ErrWindow
	}
	return nil
}

// calledTo is the window that a visitor is at, or was served at.
func calledTo(v visit.Booking, s visit.Status, window int) int {
	switch s {
	case visit.Called:
		if v.Status == visit.Served { // taken back
			return v.CalledTo
		}
		return window
	case visit.Served:
		return v.CalledTo
	}
	return 0
}

// AddWalkIn takes in somebody who comes without a booking: he waits until a
// window calls him. The name may be empty. The error is visit.ErrUnknown for an
// office or a service that is not there, or that the office does not serve.
func (d *DB) AddWalkIn(ctx context.Context, by audit.Entry, office, service string, name privacy.PersonName) (v visit.Booking, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockOffice, office); err != nil {
			return err
		}
		plan, served, err := d.planNow(ctx, tx, office, service)
		if err != nil {
			return err
		}
		if !served {
			return visit.ErrUnknown
		}
		now := d.now().UTC().Truncate(time.Microsecond)
		v = visit.Booking{
			Office: office, Service: service, Start: now, End: now.Add(plan.Service.Length), Status: visit.Arrived,
			Name: name, WalkIn: true,
		}
		var b pgx.Batch
		var placed []placed
		queuePlaced(&b, office, now, now, &placed)
		b.Queue(nextVisit).QueryRow(func(row pgx.Row) error { return row.Scan(&v.ID) })
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		if v.Code, err = newCode(placed); err != nil {
			return err
		}
		body, sealed, err := d.sealVisitor(v.ID, visitor{Name: name})
		if err != nil {
			return err
		}
		b = pgx.Batch{}
		b.Queue(addWalkIn, v.ID, office, service, plan.Today(now).String(), v.Start, v.End, body, sealed, v.Code)
		d.queueNote(&b, v, by.Staff)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		by.Act, by.Subject, by.After = audit.WalkIn, visitLabel(v.ID), map[string]string{"office": office, "service": service}
		return d.audit(ctx, tx, by)
	})
	return v, wrap("add walk-in", err)
}

// officesNow returns the offices as they stand now.
func (d *DB) officesNow(ctx context.Context, q querier) (*officesAt, error) {
	version, _, err := one(ctx, q, pgx.RowTo[int64], findContentVersion)
	if err != nil {
		return nil, fmt.Errorf("find version: %w", err)
	}
	return d.officesOf(ctx, q, version)
}

// TidyVisits forgets who came to visits that ended before an instant, slots that
// were held too long, and wishes for days that are over. It returns the number
// of visits that nobody's name stands in any more.
func (d *DB) TidyVisits(ctx context.Context, now, before time.Time) (int64, error) {
	if _, err := d.exec(ctx, "drop holds", dropOldHolds, now); err != nil {
		return 0, err
	}
	if _, err := d.exec(ctx, "drop wishes", dropOldWish, calendar.DateOf(now, d.zone).Add(-1).String()); err != nil {
		return 0, err
	}
	return d.exec(ctx, "forget visitors", forgetVisitors, before)
}
