package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/appeal"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

const (
	// awayAfter is how long after his last sign of life somebody still counts
	// as present: three beats of the console.
	awayAfter = 45 * time.Second
	// abandonedAfter is when a dialog may be taken from a holder who has gone.
	abandonedAfter = 10 * time.Minute
	// handledAtLeast and handledAtMost are how many dialogs that have ended say
	// how long one lasts.
	handledAtLeast = 5
	handledAtMost  = 50
)

const (
	// Changes of a hand-off follow one another: whoever makes one holds its row.
	lockOpenHandoff = `SELECT id FROM handoffs WHERE conversation = $1 AND closed_at IS NULL FOR UPDATE`

	addHandoff = `
INSERT INTO handoffs (conversation, called_at) VALUES ($1, $2)
ON CONFLICT (conversation) WHERE closed_at IS NULL DO NOTHING RETURNING id`

	addChange = `
WITH counted AS (UPDATE handoffs SET changes = changes + 1 WHERE id = $1 RETURNING changes)
INSERT INTO handoff_changes (handoff, n, did, staff, at) SELECT $1, changes, $2, $3, $4 FROM counted RETURNING n`

	// Place of a hand-off that waits, staff at the desk, and the median length
	// of the dialogs that ended last, in seconds.
	findStanding = `
SELECT (SELECT count(*) FROM handoffs w WHERE w.closed_at IS NULL AND w.holder IS NULL
            AND (w.called_at, w.id) <= (h.called_at, h.id) AND h.holder IS NULL AND h.closed_at IS NULL),
       (SELECT count(*) FROM staff WHERE NOT disabled AND seen_at > now() - make_interval(secs => $2)),
       (SELECT CASE WHEN count(*) >= $3 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY lasted) END
        FROM (SELECT extract(epoch FROM closed_at - taken_at) AS lasted FROM handoffs
              WHERE taken_at IS NOT NULL AND closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT $4) ended)
FROM handoffs h WHERE h.id = $1`

	// Whoever takes a hand-off holds its row: what waits here is taken or free.
	lockWaiting = `
SELECT id FROM handoffs WHERE id = $1 AND conversation = $2 AND closed_at IS NULL AND holder IS NULL FOR UPDATE`
	fileHandoff = `UPDATE handoffs SET closed_at = $2, case_number = $3 WHERE id = $1`

	closeHandoff = `UPDATE handoffs SET closed_at = $2 WHERE id = $1`

	// A dialog is free, or its holder has left it.
	takeHandoff = `
UPDATE handoffs SET holder = $2, taken_at = coalesce(taken_at, $3)
WHERE id = $1 AND closed_at IS NULL AND (holder IS NULL OR holder <> $2 AND EXISTS (SELECT FROM staff s
    WHERE s.id = holder AND coalesce(s.seen_at, '-infinity') < now() - make_interval(secs => $4)))
RETURNING id`

	endHandoff = `UPDATE handoffs SET closed_at = $3 WHERE id = $1 AND holder = $2 AND closed_at IS NULL RETURNING id`

	handoffFields = `h.id, h.conversation, h.called_at, h.closed_at IS NOT NULL, h.holder, coalesce(s.name, '')
FROM handoffs h LEFT JOIN staff s ON s.id = h.holder`

	findHandoff  = `SELECT ` + handoffFields + ` WHERE h.id = $1`
	listHandoffs = `SELECT ` + handoffFields + ` WHERE h.closed_at IS NULL ORDER BY h.called_at, h.id LIMIT $1`

	latestHandoff = `SELECT ` + handoffFields + ` WHERE h.conversation = $1 ORDER BY h.id DESC LIMIT 1`

	listChanges = `
SELECT c.handoff, c.n, h.conversation, c.did, c.staff, coalesce(s.name, ''), c.at, CASE WHEN c.did = 'filed' THEN h.case_number ELSE '' END
FROM handoff_changes c JOIN handoffs h ON h.id = c.handoff LEFT JOIN staff s ON s.id = c.staff
WHERE c.handoff = $1 ORDER BY c.n`
)

// CallDesk implements operator.Desk.
func (d *DB) CallDesk(ctx context.Context, e dialog.Effect) (desk.Standing, error) {
	return once(ctx, d, e, "call the desk", func(tx pgx.Tx, _ *pgx.Batch) (s desk.Standing, err error) {
		id, added, err := one(ctx, tx, pgx.RowTo[int64], addHandoff, string(e.Conversation), d.now())
		switch {
		case err != nil:
			return s, fmt.Errorf("add hand-off: %w", err)
		case added:
			err = d.change(ctx, tx, id, desk.Called, nil)
		default:
			if id, err = lockOpen(ctx, tx, e.Conversation); err == nil && id == 0 { // it has just been closed
				err = fault.New(fault.Unavailable, "the hand-off has just ended")
			}
		}
		if err != nil {
			return s, err
		}
		if s, err = standing(ctx, tx, id); err != nil {
			return s, err
		}
		s.Again = !added
		return s, nil
	})
}

// LeaveDesk implements operator.Desk.
func (d *DB) LeaveDesk(ctx context.Context, e dialog.Effect) (desk.Standing, error) {
	return once(ctx, d, e, "leave the desk", func(tx pgx.Tx, _ *pgx.Batch) (s desk.Standing, err error) {
		if s.Handoff, err = lockOpen(ctx, tx, e.Conversation); err != nil || s.Handoff == 0 {
			return s, err
		}
		if _, err := tx.Exec(ctx, closeHandoff, s.Handoff, d.now()); err != nil {
			return s, fmt.Errorf("close hand-off: %w", err)
		}
		return s, d.change(ctx, tx, s.Handoff, desk.Left, nil)
	})
}

// waiting locks a hand-off of the conversation that nobody has taken; false for any
// other.
func waiting(ctx context.Context, tx pgx.Tx, c chat.Conversation, handoff int64) (bool, error) {
	if handoff == 0 {
		return false, nil
	}
	_, found, err := one(ctx, tx, pgx.RowTo[int64], lockWaiting, handoff, string(c))
	return found, err
}

// file ends a hand-off that waits: its customer has filed a case instead.
func (d *DB) file(ctx context.Context, tx pgx.Tx, handoff int64, n appeal.Number) error {
	if _, err := tx.Exec(ctx, fileHandoff, handoff, d.now(), n.String()); err != nil {
		return fmt.Errorf("file hand-off: %w", err)
	}
	return d.change(ctx, tx, handoff, desk.Filed, nil)
}

// lockOpen returns the conversation's open hand-off, 0 if it has none.
func lockOpen(ctx context.Context, tx pgx.Tx, c chat.Conversation) (int64, error) {
	id, _, err := one(ctx, tx, pgx.RowTo[int64], lockOpenHandoff, string(c))
	return id, err
}

// change notes a step and queues the job that brings it into the conversation.
func (d *DB) change(ctx context.Context, tx pgx.Tx, id int64, did desk.Did, by *int64) error {
	if _, err := tx.Exec(ctx, addChange, id, string(did), by, d.now()); err != nil {
		return fmt.Errorf("note change: %w", err)
	}
	if _, err := d.jobs.InsertTx(ctx, tx, handoffArgs{id}, nil); err != nil {
		return fmt.Errorf("queue change: %w", err)
	}
	return nil
}

func standing(ctx context.Context, tx pgx.Tx, id int64) (desk.Standing, error) {
	s := desk.Standing{Handoff: id}
	var typical *float64
	err := tx.QueryRow(ctx, findStanding, id, awayAfter.Seconds(), handledAtLeast, handledAtMost).Scan(&s.Place, &s.Present, &typical)
	if err != nil {
		return s, fmt.Errorf("find place: %w", err)
	}
	if typical != nil {
		s.Typical = time.Duration(*typical * float64(time.Second))
	}
	return s, nil
}

// TakeHandoff gives a dialog to a member of staff: one that waits, or one whose
// holder has been away for ten minutes. Of many who try, one has it; taking
// one's own again changes nothing. The error is desk.ErrClosed, a
// desk.TakenError that names who was first, or NotFound.
func (d *DB) TakeHandoff(ctx context.Context, id, staff int64) (h desk.Handoff, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		_, taken, err := one(ctx, tx, pgx.RowTo[int64], takeHandoff, id, staff, d.now(), abandonedAfter.Seconds())
		if err != nil {
			return err
		}
		if taken {
			if err := d.change(ctx, tx, id, desk.Taken, &staff); err != nil {
				return err
			}
		}
		if h, err = getHandoff(ctx, tx, id); err != nil {
			return err
		}
		switch {
		case h.State == desk.Closed:
			return desk.ErrClosed
		case h.Holder == nil || h.Holder.ID != staff:
			return takenBy(h)
		}
		return nil
	})
	return h, wrap("take hand-off", err)
}

func takenBy(h desk.Handoff) error {
	if h.Holder == nil {
		return desk.ErrTaken
	}
	return &desk.TakenError{By: *h.Holder}
}

// EndHandoff ends a dialog that the member of staff holds; did is desk.Returned
// or desk.Ended. The error is desk.ErrNotHolder, desk.ErrClosed or NotFound.
func (d *DB) EndHandoff(ctx context.Context, id, staff int64, did desk.Did) (h desk.Handoff, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		_, ended, err := one(ctx, tx, pgx.RowTo[int64], endHandoff, id, staff, d.now())
		if err != nil {
			return err
		}
		if ended {
			if err := d.change(ctx, tx, id, did, &staff); err != nil {
				return err
			}
		}
		if h, err = getHandoff(ctx, tx, id); err != nil || ended {
			return err
		}
		if h.State == desk.Closed {
			return desk.ErrClosed
		}
		return desk.ErrNotHolder
	})
	return h, wrap("end hand-off", err)
}

func getHandoff(ctx context.Context, q querier, id int64) (desk.Handoff, error) {
	h, found, err := one(ctx, q, scanHandoff, findHandoff, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "no such hand-off")
	}
	return h, err
}

// Handoffs lists the open hand-offs, the oldest call first.
func (d *DB) Handoffs(ctx context.Context, limit int) ([]desk.Handoff, error) {
	list, err := many(ctx, d.pool, scanHandoff, listHandoffs, limit)
	return list, wrap("list hand-offs", err)
}

// LatestHandoff returns the conversation's latest hand-off, if it ever had one.
func (d *DB) LatestHandoff(ctx context.Context, c chat.Conversation) (desk.Handoff, bool, error) {
	h, found, err := one(ctx, d.pool, scanHandoff, latestHandoff, string(c))
	return h, found, wrap("find hand-off", err)
}

// Changes lists what happened to a hand-off, in its order.
func (d *DB) Changes(ctx context.Context, id int64) ([]desk.Change, error) {
	list, err := many(ctx, d.pool, scanChange, listChanges, id)
	return list, wrap("list changes", err)
}

func scanHandoff(row pgx.CollectableRow) (h desk.Handoff, err error) {
	var closed bool
	var holder *int64
	var name string
	err = row.Scan(&h.ID, &h.Conversation, &h.Since, &closed, &holder, &name)
	h.Since, h.State = h.Since.UTC(), desk.Waiting
	if h.Holder = member(holder, name); h.Holder != nil {
		h.State = desk.Held
	}
	if closed {
		h.State = desk.Closed
	}
	return h, err
}

func scanChange(row pgx.CollectableRow) (c desk.Change, err error) {
	var staff *int64
	var name string
	var number string
	err = row.Scan(&c.Handoff, &c.Number, &c.Conversation, &c.Did, &staff, &name, &c.At, &number)
	if err == nil && number != "" {
		err = c.Case.UnmarshalText([]byte(number))
	}
	c.At, c.By = c.At.UTC(), member(staff, name)
	return c, err
}

func member(id *int64, name string) *desk.Member {
	if id == nil {
		return nil
	}
	return &desk.Member{ID: *id, Name: name}
}

// handoffArgs names a hand-off that has changed.
type handoffArgs struct {
	Handoff int64 `json:"handoff"`
}

func (handoffArgs) Kind() string { return "handoff_changed" }

type handoffWorker struct {
	river.WorkerDefaults[handoffArgs]
	db   *DB
	work Work
}

// Work brings every change of the hand-off into its conversation, in their
// order; the conversation drops those that it has had.
func (w *handoffWorker) Work(ctx context.Context, job *river.Job[handoffArgs]) error {
	changes, err := w.db.Changes(ctx, job.Args.Handoff)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if err := w.work.Desk(ctx, c); err != nil {
			return fmt.Errorf("tell the conversation: %w", err)
		}
	}
	return nil
}
