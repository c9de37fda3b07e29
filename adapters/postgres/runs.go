package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	tryRun  = `SELECT pg_try_advisory_xact_lock(hashtextextended($1 || '/' || $2, 0))`
	findRun = `SELECT true FROM job_runs WHERE job = $1 AND period = $2`
	addRun  = `INSERT INTO job_runs (job, period, at) VALUES ($1, $2, $3)`
	dropRun = `DELETE FROM job_runs WHERE at < $1`
)

// RunOnce runs a scheduled job for a period unless it has been run for it, on
// whatever replica. ran is false if it has, or if another replica is at it now.
// A run that fails, or dies with its replica, leaves no trace: the next tick
// may try again. A period is a text that sorts by time, such as 2026-11-20.
//
// The run holds a connection of the pool and must not last longer than a
// statement of the database may stand still (half a minute); long work belongs
// into the queue.
func (d *DB) RunOnce(ctx context.Context, job, period string, run func(ctx context.Context) error) (ran bool, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		mine, _, err := one(ctx, tx, pgx.RowTo[bool], tryRun, job, period)
		if err != nil || !mine {
			return err
		}
		done, _, err := one(ctx, tx, pgx.RowTo[bool], findRun, job, period)
		if err != nil || done {
			return err
		}
		if err := run(ctx); err != nil {
			return fmt.Errorf("run: %w", err)
		}
		ran = true
		_, err = tx.Exec(ctx, addRun, job, period, d.now())
		return err
	})
	return ran && err == nil, wrap("run job "+job, err)
}

// DropRuns forgets runs of scheduled jobs before an instant, and returns their
// number. It must lie before the longest window in which a run is caught up, or
// that run would be made again.
func (d *DB) DropRuns(ctx context.Context, before time.Time) (int64, error) {
	return d.exec(ctx, "drop runs", dropRun, before)
}
