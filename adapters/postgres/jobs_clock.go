package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// movedClock makes the queue live by the program's clock. The queue knows such
// a clock from its own tests alone, but asks it wherever a job is stamped, falls
// due or is tried again; keeper sees to what counts as stuck or as old. A clock
// that jumps forward thus makes jobs under way look stuck: they may be run
// twice, which every job must bear anyway.
type movedClock struct{ now func() time.Time }

func (c movedClock) Now() time.Time { return c.now() }

func (c movedClock) NowOrNil() *time.Time {
	now := c.now().UTC()
	return &now
}

var _ rivertype.TimeGenerator = movedClock{}

// queueDriver is how the queue reaches the database.
func (d *DB) queueDriver() riverdriver.Driver[pgx.Tx] {
	if d.clock == nil {
		return riverpgxv5.New(d.pool)
	}
	return movedDriver{riverpgxv5.New(d.pool), d.clock}
}

// movedDriver hands the queue a keeper.
type movedDriver struct {
	*riverpgxv5.Driver
	now func() time.Time
}

func (d movedDriver) GetExecutor() riverdriver.Executor {
	return keeper{d.Driver.GetExecutor(), d.now}
}

// keeper does the queue's housekeeping by the clock that stamped the jobs. The
// queue itself reckons by the machine's: where the program's is behind, it would
// take every job under way for stuck and every finished one for old, and where
// it is ahead, find neither before the machine has caught up.
type keeper struct {
	riverdriver.Executor
	now func() time.Time
}

// moved is the same distance from the program's time as a moment from the machine's.
func (k keeper) moved(at time.Time) time.Time { return k.now().Add(-time.Since(at)) }

// JobGetStuck implements riverdriver.Executor, as do all below.
func (k keeper) JobGetStuck(ctx context.Context, p *riverdriver.JobGetStuckParams) ([]*rivertype.JobRow, error) {
	moved := *p
	moved.StuckHorizon = k.moved(p.StuckHorizon)
	return k.Executor.JobGetStuck(ctx, &moved)
}

func (k keeper) JobRescueMany(ctx context.Context, p *riverdriver.JobRescueManyParams) (*struct{}, error) {
	moved := *p
	moved.StuckHorizon = k.moved(p.StuckHorizon)
	return k.Executor.JobRescueMany(ctx, &moved)
}

func (k keeper) JobDeleteBefore(ctx context.Context, p *riverdriver.JobDeleteBeforeParams) (int, error) {
	moved := *p
	moved.CancelledFinalizedAtHorizon = k.moved(p.CancelledFinalizedAtHorizon)
	moved.CompletedFinalizedAtHorizon = k.moved(p.CompletedFinalizedAtHorizon)
	moved.DiscardedFinalizedAtHorizon = k.moved(p.DiscardedFinalizedAtHorizon)
	return k.Executor.JobDeleteBefore(ctx, &moved)
}

func (k keeper) QueueDeleteExpired(ctx context.Context, p *riverdriver.QueueDeleteExpiredParams) ([]string, error) {
	moved := *p
	moved.UpdatedAtHorizon = k.moved(p.UpdatedAtHorizon)
	return k.Executor.QueueDeleteExpired(ctx, &moved)
}
