package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/visit"
)

const (
	findVisit = `SELECT ` + visitFields + ` WHERE v.id = $1`
	// findWas is when a visit was to begin before its last move.
	findWas = `
SELECT starts_at FROM visit_changes WHERE visit = $1 AND sequence < $2 ORDER BY sequence DESC, id DESC LIMIT 1`
)

// newsArgs names what a conversation is to be told of a visit, as of one of its
// changes: a later change makes it void.
type newsArgs struct {
	Visit    int64         `json:"visit"`
	Sequence int           `json:"sequence"`
	News     visit.Tidings `json:"news"`
}

func (newsArgs) Kind() string { return "tell_visit" }

// tell promises that the conversation of a visit is told something of it.
func (d *DB) tell(ctx context.Context, tx pgx.Tx, v visit.Booking, news visit.Tidings, at time.Time) error {
	_, err := d.jobs.InsertTx(ctx, tx, newsArgs{v.ID, v.Sequence, news}, &river.InsertOpts{ScheduledAt: at})
	if err != nil {
		return fmt.Errorf("queue news of visit: %w", err)
	}
	return nil
}

// remind promises the reminders of a visit that was booked or moved just now.
func (d *DB) remind(ctx context.Context, tx pgx.Tx, v visit.Booking, zone *time.Location) error {
	for _, r := range visit.Reminders(d.now(), v.Start, zone) {
		if err := d.tell(ctx, tx, v, r.Kind, r.At); err != nil {
			return err
		}
	}
	return nil
}

type newsWorker struct {
	river.WorkerDefaults[newsArgs]
	db   *DB
	work Work
}

// Work tells the conversation, unless the visit has changed since, is over, or
// nobody's any more.
func (w *newsWorker) Work(ctx context.Context, job *river.Job[newsArgs]) error {
	d, args := w.db, job.Args
	v, found, err := one(ctx, d.pool, d.scanVisit, findVisit, args.Visit)
	if err != nil || !found {
		return wrap("find visit", err)
	}
	now := d.now()
	if v.Conversation == "" || v.Sequence != args.Sequence || !now.Before(v.Start) || !holds(v, args.News, now) {
		return nil
	}
	offices, err := d.officesNow(ctx, d.pool)
	if err != nil {
		return wrap("find office of visit", err)
	}
	plan, served := d.plan(offices, v.Office, v.Service)
	if !served {
		return wrap("find office of visit", visit.ErrUnknown)
	}
	n := visit.News{
		Kind: args.News, Booking: v, Office: plan.Office, Service: plan.Service, Zone: plan.Hours.Zone, At: now,
	}
	if args.News == visit.Rescheduled || args.News == visit.CalledOff {
		was, _, err := one(ctx, d.pool, pgx.RowTo[time.Time], findWas, v.ID, v.Sequence)
		if err != nil {
			return wrap("find when a visit was", err)
		}
		n.Was = was.UTC()
	}
	return w.work.Visit(ctx, n)
}

// holds reports whether there is still something to tell.
func holds(v visit.Booking, news visit.Tidings, now time.Time) bool {
	switch news {
	case visit.Offered:
		return v.Status == visit.Held && now.Before(v.Until)
	case visit.Rescheduled:
		return v.Status == visit.Moved
	case visit.CalledOff:
		return v.Status == visit.Cancelled
	default: // a reminder
		return v.Status.Expected()
	}
}
