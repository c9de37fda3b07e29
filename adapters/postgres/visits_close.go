package postgres

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/notice"
	"okoshko/core/visit"
)

const (
	listExpected = `SELECT ` + visitFields + `
WHERE v.office = $1 AND v.day BETWEEN $2 AND $3 AND v.status IN ('booked', 'moved') ORDER BY v.starts_at, v.id`
	lockExpected = listExpected + ` FOR UPDATE OF v`

	// holdsWithin are of nobody yet who would have to be told.
	dropHoldsWithin = `DELETE FROM visits WHERE office = $1 AND day BETWEEN $2 AND $3 AND status = 'held'`

	addException = `
INSERT INTO office_exceptions (office, first_day, last_day, hours, reason_ru, reason_en) VALUES ($1, $2, $3, $4, $5, $6)`
	dropException = `DELETE FROM office_exceptions WHERE office = $1 AND first_day = $2 RETURNING last_day::text, hours`
)

// PreviewClosure returns what AddClosure would change, and changes nothing. The
// error is visit.ErrPeriod, ErrOverlaps or ErrNoClosure.
func (d *DB) PreviewClosure(ctx context.Context, c visit.Closure) (i visit.Impact, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		directory, err := d.officesNow(ctx, tx)
		if err == nil {
			i, _, err = d.impact(ctx, tx, directory, c, listExpected)
		}
		return err
	})
	return i, wrap("preview closure", err)
}

// AddClosure changes an office's hours on some days. Visits that cannot take
// place are moved to the next free slot, as visit.Moved, or called off if there
// is none; each customer is told in his conversation, and by a text message if
// his phone is known. by says who did it. Errors are those of PreviewClosure.
func (d *DB) AddClosure(ctx context.Context, by audit.Entry, c visit.Closure) (i visit.Impact, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockOffice, c.Office); err != nil {
			return err
		}
		directory, err := d.officesNow(ctx, tx)
		if err != nil {
			return err
		}
		var placed []placed
		if i, placed, err = d.impact(ctx, tx, directory, c, lockExpected); err != nil {
			return err
		}
		if err := d.closeOffice(ctx, tx, by, directory, c, i, placed); err != nil {
			return err
		}
		by.Act, by.Subject, by.After = audit.ClosureAdd, "office/"+c.Office, map[string]string{
			"first": c.First.String(), "last": c.Last.String(), "hours": spansText(c.Spans), "visits": fmt.Sprint(len(i.Hit)),
		}
		return d.audit(ctx, tx, by)
	})
	return i, wrap("add closure", err)
}

// impact reads the visits that an office expects, and what is taken, and
// computes what a closure changes.
func (d *DB) impact(ctx context.Context, tx pgx.Tx, directory *visit.Directory, c visit.Closure, list string) (visit.Impact, []placed, error) {
	judge := func(expected []visit.Booking, busy []visit.Busy) (visit.Impact, error) {
		return directory.Impact(c, expected, busy, d.now(), d.visits.Rules, d.visits.days, d.zone)
	}
	if i, err := judge(nil, nil); err != nil { // before days are read that may be none
		return i, nil, err
	}
	expected, err := many(ctx, tx, d.scanVisit, list, c.Office, c.First.String(), c.Last.String())
	if err != nil {
		return visit.Impact{}, nil, fmt.Errorf("list visits: %w", err)
	}
	var b pgx.Batch
	var placed []placed
	first, last := c.First.At(0, d.zone), c.Last.Add(visit.ReseatDays).At(0, d.zone)
	queuePlaced(&b, c.Office, first, last, &placed)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return visit.Impact{}, nil, fmt.Errorf("list visits: %w", err)
	}
	i, err := judge(expected, busy(placed, "", d.now()))
	return i, placed, err
}

// closeOffice enters the exception and moves or calls off what it hits.
func (d *DB) closeOffice(ctx context.Context, tx pgx.Tx, by audit.Entry, directory *visit.Directory, c visit.Closure, i visit.Impact, placed []placed) error {
	var b pgx.Batch
	b.Queue(addException, c.Office, c.First.String(), c.Last.String(), spansText(c.Spans), c.Reasons["ru"], cmp.Or(c.Reasons["en"], c.Reasons["ru"]))
	b.Queue(dropHoldsWithin, c.Office, c.First.String(), c.Last.String())
	for _, h := range i.Hit {
		v, news := h.Booking, visit.Rescheduled
		plan, _ := d.plan(directory, c.Office, v.Service)
		if h.Window > 0 {
			v.Window, v.Start, v.End, v.Status = h.Window, h.To.Start, h.To.End, visit.Moved
			if err := d.queueMove(&b, plan, &v, placed, by.Staff); err != nil {
				return err
			}
			placed = append(placed, taken(v))
			if err := d.remind(ctx, tx, v, plan.Hours.Zone); err != nil {
				return err
			}
		} else {
			news = visit.CalledOff
			v.Status, v.Code, v.Sequence = visit.Cancelled, "", v.Sequence+1
			b.Queue(cancelVisit, v.ID)
			d.queueNote(&b, v, by.Staff)
		}
		if err := d.tell(ctx, tx, v, news, d.now()); err != nil {
			return err
		}
		if err := d.textOf(ctx, tx, v, h.Booking, plan, news); err != nil {
			return err
		}
	}
	return tx.SendBatch(ctx, &b).Close()
}

func taken(v visit.Booking) placed {
	return placed{ID: v.ID, Window: v.Window, Start: v.Start, End: v.End, Status: v.Status, Code: v.Code}
}

// visitNotices are the kinds of text messages.
var visitNotices = map[visit.Tidings]notice.Kind{visit.Rescheduled: "visit_rescheduled", visit.CalledOff: "visit_called_off"}

// textOf sends a text message of a visit that was moved or called off, if the
// visitor's phone is known: a chat on a page is not looked at every day.
func (d *DB) textOf(ctx context.Context, tx pgx.Tx, v, was visit.Booking, p visit.Plan, news visit.Tidings) error {
	if v.Phone.IsZero() {
		return nil
	}
	const clock = "02.01.2006 15:04"
	lang := cmp.Or(v.Lang, "ru")
	return d.notify(ctx, tx, notice.Notice{
		Kind: visitNotices[news], Phone: v.Phone, Lang: lang, Until: was.Start,
		Facts: map[string]string{
			"office": p.Office.Names[lang], "was": was.Start.In(p.Hours.Zone).Format(clock),
			"time": v.Start.In(p.Hours.Zone).Format(clock), "code": v.Code,
		},
	})
}

// RemoveClosure takes a closure back; visits that were moved stay where they
// are. The error is visit.ErrNoClosure if none of the office begins on that day.
func (d *DB) RemoveClosure(ctx context.Context, by audit.Entry, office string, first calendar.Date) error {
	return wrap("remove closure", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockOffice, office); err != nil {
			return err
		}
		if !known(first) {
			return visit.ErrNoClosure
		}
		var last, hours string
		gone, err := tx.Query(ctx, dropException, office, first.String())
		if err != nil {
			return err
		}
		dropped, err := pgx.ForEachRow(gone, []any{&last, &hours}, func() error { return nil })
		if err != nil {
			return err
		}
		if dropped.RowsAffected() == 0 {
			return visit.ErrNoClosure
		}
		if err := d.freed(ctx, tx, d.zone, d.now(), office); err != nil {
			return err
		}
		by.Act, by.Subject = audit.ClosureRemove, "office/"+office
		by.Before = map[string]string{"first": first.String(), "last": last, "hours": hours}
		return d.audit(ctx, tx, by)
	}))
}

// known reports whether the server knows a day of that year.
func known(d calendar.Date) bool { return d.Year > 0 && d.Year < 10_000 }

// spansText writes hours as calendar.ParseSpans reads them.
func spansText(spans []calendar.Span) string {
	list := make([]string, len(spans))
	for i, s := range spans {
		list[i] = s.From.String() + "-" + s.To.String()
	}
	return strings.Join(list, " ")
}
