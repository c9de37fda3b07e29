package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"okoshko/core/fault"
	"okoshko/core/notice"
)

const (
	nameNotice = `SELECT nextval(pg_get_serial_sequence('notices', 'id'))`
	putNotice  = `INSERT INTO notices (id, kind, way, body, sealed, at) VALUES ($1, $2, $3, $4, $5, $6)`
	tryNotice  = `
UPDATE notices SET tries = tries + 1 WHERE id = $1 AND settled_at IS NULL RETURNING body, sealed`
	settleNotice = `UPDATE notices SET settled_at = $2, why = $3, body = NULL WHERE id = $1 AND settled_at IS NULL`
	dropNotices  = `DELETE FROM notices WHERE settled_at < $1`
)

// noticeTries is how often a notice is tried: with the queue's growing pauses
// about half a day.
const noticeTries = 14

// Notify sends a notice, once the transaction that it belongs to stands.
func (d *DB) Notify(ctx context.Context, n notice.Notice) error {
	return wrap("notify", pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return d.notify(ctx, tx, n) }))
}

// notify adds a notice to the transaction, and the job that sends it.
func (d *DB) notify(ctx context.Context, tx pgx.Tx, n notice.Notice) error {
	var id int64
	if err := tx.QueryRow(ctx, nameNotice).Scan(&id); err != nil {
		return fmt.Errorf("name notice: %w", err)
	}
	plain, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("encode notice: %w", err)
	}
	body, sealed, err := d.seal(plain, noticeLabel(id))
	if err != nil {
		return fmt.Errorf("seal notice: %w", err)
	}
	if _, err := tx.Exec(ctx, putNotice, id, string(n.Kind), string(n.Way()), body, sealed, d.now()); err != nil {
		return fmt.Errorf("add notice: %w", err)
	}
	if _, err := d.jobs.InsertTx(ctx, tx, noticeArgs{id}, nil); err != nil {
		return fmt.Errorf("queue notice: %w", err)
	}
	return nil
}

// DropNotices forgets those that were settled before an instant and returns
// their number.
func (d *DB) DropNotices(ctx context.Context, before time.Time) (int64, error) {
	return d.exec(ctx, "drop notices", dropNotices, before)
}

func noticeLabel(id int64) string { return "notice/" + strconv.FormatInt(id, 10) }

// noticeArgs names a notice.
type noticeArgs struct {
	Notice int64 `json:"notice"`
}

func (noticeArgs) Kind() string { return "send_notice" }

func (noticeArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: noticeTries} }

type noticeWorker struct {
	river.WorkerDefaults[noticeArgs]
	db   *DB
	work Work
}

// tooLate is why a notice was not sent that nobody needs any more.
const tooLate = "too_late"

// Work sends the notice. A crash between its sending and the note of it sends it
// twice, under the same ID.
func (w *noticeWorker) Work(ctx context.Context, job *river.Job[noticeArgs]) error {
	id := job.Args.Notice
	n, found, err := w.take(ctx, id)
	switch {
	case err != nil:
		return err
	case !found: // settled by an earlier try
		return nil
	case !n.Until.IsZero() && w.db.now().After(n.Until):
		return w.settle(ctx, id, tooLate)
	}
	err = w.work.Notice(ctx, noticeLabel(id), n)
	switch {
	case err == nil:
		return w.settle(ctx, id, "")
	case !final(err) && job.Attempt < job.MaxAttempts:
		return err
	}
	if failed := w.settle(ctx, id, fault.Of(err).String()); failed != nil {
		return failed
	}
	return river.JobCancel(err)
}

func (w *noticeWorker) take(ctx context.Context, id int64) (n notice.Notice, found bool, err error) {
	var sealed bool
	body, found, err := one(ctx, w.db.pool, func(row pgx.CollectableRow) (b []byte, err error) {
		err = row.Scan(&b, &sealed)
		return b, err
	}, tryNotice, id)
	if err != nil || !found {
		return n, false, wrap("find notice", err)
	}
	plain, err := w.db.unseal(body, sealed, noticeLabel(id))
	if err != nil {
		return n, false, wrap("open notice", err)
	}
	if err := json.Unmarshal(plain, &n); err != nil {
		return n, false, wrap("read notice", err)
	}
	return n, true, nil
}

func (w *noticeWorker) settle(ctx context.Context, id int64, why string) error {
	_, err := w.db.exec(ctx, "settle notice", settleNotice, id, w.db.now(), why)
	return err
}
