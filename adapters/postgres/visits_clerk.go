package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

const (
	listDay = `SELECT ` + visitFields + ` WHERE v.office = $1 AND v.day = $2 AND (v.status <> 'held' OR v.held_until > $3)
ORDER BY v.starts_at, v.window_number, v.id`
	listDays = `SELECT ` + visitFields + ` WHERE v.office = $1 AND v.day BETWEEN $2 AND $3 AND v.status NOT IN ('held', 'cancelled')
ORDER BY v.starts_at, v.id`
	officeVisit = `SELECT ` + visitFields + ` WHERE v.id = $1 AND v.office = $2 AND v.status <> 'held'`
	takeVisit   = officeVisit + ` FOR UPDATE OF v`
	listHolders = `SELECT a.number, ` + personFields + ` FROM accounts a WHERE a.number = ANY ($1)`

	stepVisit = `UPDATE visits SET status = $2, called_to = nullif($3, 0) WHERE id = $1`
	// lastHand is who has changed a visit last, "" if no member of staff.
	lastHand = `
SELECT coalesce(s.name, '') FROM visit_changes c LEFT JOIN staff s ON s.id = c.staff WHERE c.visit = $1 ORDER BY c.id DESC LIMIT 1`
	addWalkIn = `
INSERT INTO visits (id, office, service, day, starts_at, ends_at, status, called_to, body, sealed, code, walk_in, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, 0), $9, $10, $11, true, $5)`
	forgetVisitors = `UPDATE visits SET body = NULL, phone_digest = NULL WHERE body IS NOT NULL AND ends_at < $1`
	dropOldHolds   = `DELETE FROM visits WHERE status = 'held' AND held_until < $1`
)

// OfficesNow returns the offices as they stand now.
func (d *DB) OfficesNow(ctx context.Context) (*visit.Directory, error) {
	offices, err := d.officesNow(ctx, d.pool)
	if err != nil {
		return nil, wrap("read offices", err)
	}
	return offices.Directory, nil
}

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
	day.Office, day.Zone = o, o.Hours(offices.days, d.zone).Zone
	day.Day = o.Day(date, offices.days, d.zone)
	for _, s := range offices.Services("") {
		if len(o.Serving(s)) > 0 {
			day.Services = append(day.Services, s)
		}
	}
	if day.Bookings, err = many(ctx, d.pool, d.scanVisit, listDay, office, date.String(), d.now()); err == nil {
		err = d.nameHolders(ctx, day.Bookings)
	}
	return day, wrap("read day of office", err)
}

// SeekVisits returns the visits of an office on some days that somebody means
// who says a code, or a phone or its end, the earliest first.
func (d *DB) SeekVisits(ctx context.Context, office string, first, last calendar.Date, said string) ([]visit.Booking, error) {
	list, err := many(ctx, d.pool, d.scanVisit, listDays, office, first.String(), last.String())
	if err == nil {
		err = d.nameHolders(ctx, list)
	}
	return slices.DeleteFunc(list, func(v visit.Booking) bool { return !v.Answers(said) }), wrap("seek visits", err)
}

// LookAtVisit returns a visit of an office, for its visitor's name and phone to
// be read; that is written down first. The error is visit.ErrUnknown.
func (d *DB) LookAtVisit(ctx context.Context, by audit.Entry, office string, id int64) (v visit.Booking, err error) {
	v, found, err := one(ctx, d.pool, d.scanVisit, officeVisit, id, office)
	switch {
	case err != nil:
		return v, wrap("look at visit", err)
	case !found:
		return v, visit.ErrUnknown
	}
	by.Act, by.Subject = audit.VisitLook, visitLabel(id)
	if err := d.Audit(ctx, by); err != nil {
		return visit.Booking{}, err
	}
	list := []visit.Booking{v}
	err = d.nameHolders(ctx, list)
	return list[0], wrap("look at visit", err)
}

// nameHolders enters, as who comes to visits for accounts, who the accounts
// belong to: nobody is asked for a name that we know. Like the names of others
// they are forgotten when a visit is cancelled, and after visit.KeepVisitors.
func (d *DB) nameHolders(ctx context.Context, list []visit.Booking) error {
	unnamed := func(v visit.Booking) bool {
		return v.Account != "" && v.Name.IsZero() && v.Status != visit.Held && v.Status != visit.Cancelled &&
			v.End.After(d.now().Add(-visit.KeepVisitors))
	}
	var numbers []string
	for _, v := range list {
		if unnamed(v) {
			numbers = append(numbers, v.Account.Full())
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	rows, err := d.pool.Query(ctx, listHolders, numbers)
	if err != nil {
		return fmt.Errorf("list holders: %w", err)
	}
	holders := map[billing.AccountNumber]person{}
	var kept keptPerson
	_, err = pgx.ForEachRow(rows, []any{&kept.number, &kept.body, &kept.key}, func() error {
		p, err := d.person(kept)
		holders[billing.AccountNumber(kept.number)] = p
		return err
	})
	if err != nil {
		return fmt.Errorf("list holders: %w", err)
	}
	for i, v := range list {
		if p, found := holders[v.Account]; found && unnamed(v) {
			list[i].Name, list[i].Phone = p.Name, p.Phone
		}
	}
	return nil
}

// MarkVisit makes of a visit what its status allows (visit.Booking.Steps). by
// says who did it, and from where. The error is visit.ErrUnknown, ErrStep,
// ErrWindow or a *visit.ChangedError.
func (d *DB) MarkVisit(ctx context.Context, by audit.Entry, m visit.Mark) (v visit.Booking, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		var found bool
		if v, found, err = one(ctx, tx, d.scanVisit, takeVisit, m.Visit, m.Office); err != nil {
			return err
		}
		offices, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		o, known := offices.Office(m.Office)
		if !found || !known {
			return visit.ErrUnknown
		}
		if v.Status != m.From {
			hand, _, err := one(ctx, tx, pgx.RowTo[string], lastHand, v.ID)
			if err != nil {
				return err
			}
			return &visit.ChangedError{Status: v.Status, By: hand}
		}
		if !slices.Contains(v.Steps(d.now(), o.Hours(offices.days, d.zone).Zone), m.To) {
			return fmt.Errorf("from %s to %s: %w", v.Status, m.To, visit.ErrStep)
		}
		if m.To == visit.Called && (m.Window < 1 || m.Window > o.Windows) {
			return visit.ErrWindow
		}
		v.Status, v.CalledTo = m.To, calledTo(v, m.To, m.Window)
		var b pgx.Batch
		b.Queue(stepVisit, v.ID, string(m.To), v.CalledTo)
		d.queueNote(&b, v, by.Staff)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		by.Act, by.Subject = audit.VisitStep, visitLabel(v.ID)
		by.Before, by.After = map[string]string{"status": string(m.From)}, map[string]string{"status": string(m.To)}
		return d.audit(ctx, tx, by)
	})
	return v, wrap("mark visit", err)
}

// calledTo is the window that a visitor is at, or was served at.
func calledTo(v visit.Booking, s visit.Status, window int) int {
	switch s {
	case visit.Called:
		return window
	case visit.Served:
		return v.CalledTo
	}
	return 0
}

// AddWalkIn takes in somebody who comes without a booking; what is sent twice
// under one ID is one visitor. The error is visit.ErrWindow, or visit.ErrUnknown
// for an office or a service that is not there, or that the office does not
// serve.
func (d *DB) AddWalkIn(ctx context.Context, by audit.Entry, id string, w visit.WalkIn) (visit.Booking, error) {
	e := dialog.Effect{ID: fmt.Sprintf("walk_in/%d/%s", by.Staff, id), At: d.now()}
	return once(ctx, d, e, "add walk-in", func(tx pgx.Tx, last *pgx.Batch) (v visit.Booking, err error) {
		if _, err := tx.Exec(ctx, lockOffice, w.Office); err != nil {
			return v, err
		}
		plan, served, err := d.planNow(ctx, tx, w.Office, w.Service)
		switch {
		case err != nil:
			return v, err
		case !served:
			return v, visit.ErrUnknown
		case w.Window < 0 || w.Window > plan.Office.Windows:
			return v, visit.ErrWindow
		}
		now := d.now().UTC().Truncate(time.Microsecond)
		v = visit.Booking{
			Office: w.Office, Service: w.Service, Start: now, End: now.Add(plan.Service.Length), Status: visit.Arrived,
			CalledTo: w.Window, Name: w.Name, WalkIn: true,
		}
		if w.Window > 0 {
			v.Status = visit.Called
		}
		var b pgx.Batch
		var placed []placed
		queuePlaced(&b, w.Office, now, now, &placed)
		b.Queue(nextVisit).QueryRow(func(row pgx.Row) error { return row.Scan(&v.ID) })
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return v, err
		}
		if v.Code, err = newCode(placed); err != nil {
			return v, err
		}
		body, sealed, err := d.sealVisitor(v.ID, visitor{Name: w.Name})
		if err != nil {
			return v, err
		}
		last.Queue(addWalkIn, v.ID, w.Office, w.Service, plan.Today(now).String(), v.Start, v.End, string(v.Status), v.CalledTo, body, sealed, v.Code)
		d.queueNote(last, v, by.Staff)
		by.Act, by.Subject, by.After = audit.WalkIn, visitLabel(v.ID), map[string]string{"office": w.Office, "service": w.Service}
		return v, d.audit(ctx, tx, by)
	})
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
