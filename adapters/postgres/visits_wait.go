package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

const (
	wishFields  = `id, office, service, first_day, last_day, language, since`
	listWishes  = `SELECT ` + wishFields + ` FROM visit_wishes WHERE conversation = $1 AND last_day >= $2 ORDER BY since, id`
	countWishes = `SELECT count(*) FROM visit_wishes WHERE conversation = $1 AND last_day >= $2`
	addWish     = `
INSERT INTO visit_wishes (conversation, office, service, first_day, last_day, language, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING RETURNING id`
	dropWish    = `DELETE FROM visit_wishes WHERE id = $1 AND conversation = $2`
	dropOldWish = `DELETE FROM visit_wishes WHERE last_day < $1`
	isAwaited   = `SELECT EXISTS (SELECT FROM visit_wishes WHERE office = $1)`

	// listAwaiting leaves out who is about to book something else.
	listAwaiting = `
SELECT ` + wishFields + `, conversation FROM visit_wishes w
WHERE office = $1 AND last_day >= $2
  AND NOT EXISTS (SELECT FROM visits v WHERE v.conversation = w.conversation AND v.status = 'held' AND v.held_until > $3)
ORDER BY since, id`
	dropWorn = `DELETE FROM visits WHERE status = 'held' AND (office = $1 OR conversation = $3) AND held_until <= $2`
)

// scanWish reads the fields of a wish, and more if there are more.
func scanWish(row pgx.CollectableRow, more ...any) (w visit.Waiting, err error) {
	var first, last time.Time
	err = row.Scan(append([]any{&w.ID, &w.Office, &w.Service, &first, &last, &w.Lang, &w.Since}, more...)...)
	w.First, w.Last, w.Since = calendar.DateOf(first, time.UTC), calendar.DateOf(last, time.UTC), w.Since.UTC()
	return w, err
}

// JoinWaiting puts a conversation on the waiting list. As soon as there is a free
// slot on one of the days, the one who waits longest is offered it: it is held
// for him for Rules.Offer, and he has left the list.
func (d *DB) JoinWaiting(ctx context.Context, e dialog.Effect, w visit.Wish) (visit.WaitOutcome, error) {
	return once(ctx, d, e, "join waiting list", func(tx pgx.Tx, _ *pgx.Batch) (done visit.WaitOutcome, err error) {
		plan, served, err := d.planNow(ctx, tx, w.Office, w.Service)
		if err != nil {
			return done, err
		}
		if !served {
			done.Refused = visit.NotServed
			return done, nil
		}
		today := plan.Today(d.now())
		if w.First.Before(today) {
			w.First = today
		}
		if _, err := tx.Exec(ctx, lockVisitor, string(e.Conversation)); err != nil {
			return done, fmt.Errorf("lock visitor: %w", err)
		}
		n, _, err := one(ctx, tx, pgx.RowTo[int], countWishes, string(e.Conversation), today.String())
		switch {
		case err != nil:
			return done, fmt.Errorf("count wishes: %w", err)
		case w.Last.Before(w.First) || w.Last.Before(today):
			done.Refused = visit.TooSoon
		case w.Last.Sub(today) > plan.Rules.Days:
			done.Refused = visit.TooFar
		case n >= plan.Rules.Waiting:
			done.Refused = visit.TooMany
		}
		if done.Refused != "" {
			return done, nil
		}
		id, added, err := one(ctx, tx, pgx.RowTo[int64], addWish,
			string(e.Conversation), w.Office, w.Service, w.First.String(), w.Last.String(), w.Lang, e.At)
		switch {
		case err != nil:
			return done, fmt.Errorf("add wish: %w", err)
		case !added:
			done.Refused = visit.Waited
			return done, nil
		}
		done.Waiting = visit.Waiting{ID: id, Wish: w, Since: e.At}
		// What is held now may be free when it is not booked by then.
		zone, now := plan.Hours.Zone, d.now()
		return done, errors.Join(d.freed(ctx, tx, zone, now, w.Office), d.freed(ctx, tx, zone, now.Add(plan.Rules.Hold), w.Office))
	})
}

// LeaveWaiting takes a conversation's wish off the waiting list; false if there
// is none of that ID.
func (d *DB) LeaveWaiting(ctx context.Context, e dialog.Effect, id int64) (bool, error) {
	return once(ctx, d, e, "leave waiting list", func(tx pgx.Tx, _ *pgx.Batch) (bool, error) {
		dropped, err := tx.Exec(ctx, dropWish, id, string(e.Conversation))
		return dropped.RowsAffected() > 0, err
	})
}

// WaitingFor returns what a conversation waits for, the oldest wish first.
func (d *DB) WaitingFor(ctx context.Context, c chat.Conversation, now time.Time) ([]visit.Waiting, error) {
	list, err := many(ctx, d.pool, func(row pgx.CollectableRow) (visit.Waiting, error) { return scanWish(row) }, listWishes, string(c), calendar.DateOf(now, d.zone).String())
	return list, wrap("list wishes", err)
}

// planNow finds a plan by the tables as they stand now.
func (d *DB) planNow(ctx context.Context, q querier, office, service string) (visit.Plan, bool, error) {
	offices, err := d.officesNow(ctx, q)
	if err != nil {
		return visit.Plan{}, false, err
	}
	plan, served := d.plan(offices, office, service)
	return plan, served, nil
}

// freed promises that those who wait for a slot of the offices are offered what
// will be free at an instant; in quiet hours, at their end.
func (d *DB) freed(ctx context.Context, tx pgx.Tx, zone *time.Location, at time.Time, offices ...string) error {
	slices.Sort(offices)
	for _, office := range slices.Compact(offices) {
		awaited, _, err := one(ctx, tx, pgx.RowTo[bool], isAwaited, office)
		if err != nil {
			return fmt.Errorf("look for wishes: %w", err)
		}
		if !awaited {
			continue
		}
		due := &river.InsertOpts{ScheduledAt: calendar.Awake(at, zone)}
		if _, err := d.jobs.InsertTx(ctx, tx, offerArgs{office}, due); err != nil {
			return fmt.Errorf("queue offer: %w", err)
		}
	}
	return nil
}

// offerArgs names an office with slots that somebody waits for.
type offerArgs struct {
	Office string `json:"office"`
}

func (offerArgs) Kind() string { return "offer_slots" }

type offerWorker struct {
	river.WorkerDefaults[offerArgs]
	db *DB
}

// Work offers what is free in the office to those who wait, the one first who
// waits longest. Doing it twice offers nothing twice.
func (w *offerWorker) Work(ctx context.Context, job *river.Job[offerArgs]) error {
	d := w.db
	return wrap("offer slots", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return d.offer(ctx, tx, job.Args.Office) }))
}

// awaiting is a wish and whose it is.
type awaiting struct {
	visit.Waiting
	conversation string
}

func (d *DB) offer(ctx context.Context, tx pgx.Tx, office string) error {
	if _, err := tx.Exec(ctx, lockOffice, office); err != nil {
		return fmt.Errorf("lock office: %w", err)
	}
	now := d.now()
	list, err := many(ctx, tx, func(row pgx.CollectableRow) (a awaiting, err error) {
		a.Waiting, err = scanWish(row, &a.conversation)
		return a, err
	}, listAwaiting, office, calendar.DateOf(now, time.UTC).Add(-1).String(), now)
	if err != nil || len(list) == 0 {
		return err
	}
	var b pgx.Batch
	var placed []placed
	queuePlaced(&b, office, now, now.AddDate(0, 0, visit.MostAhead()), &placed)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("list visits: %w", err)
	}
	taken := busy(placed, "", now)
	offered := map[string]bool{} // one slot at a time for one conversation
	for _, a := range list {
		plan, served, err := d.planNow(ctx, tx, office, a.Service)
		if err != nil {
			return err
		}
		if served && calendar.Quiet(now, plan.Hours.Zone) { // it comes late
			return d.freed(ctx, tx, plan.Hours.Zone, now, office)
		}
		if !served || offered[a.conversation] {
			continue
		}
		slot, window := plan.Between(a.First, a.Last, now, taken)
		if window == 0 {
			continue
		}
		taken = append(taken, visit.Busy{Window: window, Start: slot.Start, End: slot.End})
		offered[a.conversation] = true
		if err := d.offerSlot(ctx, tx, a, plan, slot, window); err != nil {
			return err
		}
	}
	return nil
}

// offerSlot holds a slot for somebody who waits, takes him off the list and
// promises to tell him.
func (d *DB) offerSlot(ctx context.Context, tx pgx.Tx, a awaiting, plan visit.Plan, slot visit.Slot, window int) error {
	now := d.now()
	id, _, err := one(ctx, tx, pgx.RowTo[int64], nextVisit)
	if err != nil {
		return fmt.Errorf("name visit: %w", err)
	}
	v := visit.Booking{
		ID: id, Conversation: chat.Conversation(a.conversation), Office: a.Office, Service: a.Service, Window: window,
		Start: slot.Start, End: slot.End, Status: visit.Held, Until: now.Add(plan.Rules.Offer), Lang: a.Lang,
	}
	var b pgx.Batch
	b.Queue(dropWorn, a.Office, now, a.conversation)
	if err := d.queueVisit(&b, plan, v, nil, nil); err != nil {
		return err
	}
	b.Queue(dropWish, a.ID, a.conversation)
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("hold slot: %w", err)
	}
	if err := d.tell(ctx, tx, v, visit.Offered, now); err != nil {
		return err
	}
	return d.freed(ctx, tx, plan.Hours.Zone, v.Until, a.Office)
}
