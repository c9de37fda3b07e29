package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
)

// What is stuck and what is old is reckoned by the clock that stamped the jobs,
// whatever the machine's shows: the queue itself reckons by the machine's.
func TestHousekeepingLivesByTheProgramsClock(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, clock := range map[string]func() time.Time{
		"the machine's": nil,
		"behind":        func() time.Time { return time.Now().Add(-100 * day) },
		"ahead":         func() time.Time { return time.Now().Add(100 * day) },
		"stands":        func() time.Time { return noon },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.URL(t)
			queue := pgtest.Connect(t, url, func(c *postgres.Config) { c.Now = clock }).Housekeeping()
			conn := pgtest.Conn(t, url)
			now := time.Now()
			if clock != nil {
				now = clock()
			}
			add := func(id int, state, stamp string, ago time.Duration) {
				exec(t, conn, `INSERT INTO river_job (id, state, kind, args, max_attempts, `+stamp+`) VALUES ($1, $2::text::river_job_state, 'k', '{}', 3, $3)`,
					id, state, now.Add(-ago))
			}
			add(1, "running", "attempted_at", 10*time.Minute)
			add(2, "running", "attempted_at", 0)
			add(3, "completed", "finalized_at", 2*day)
			add(4, "completed", "finalized_at", time.Hour)
			exec(t, conn, `INSERT INTO river_queue (name, updated_at) VALUES ('old', $1), ('new', $2)`, now.Add(-2*day), now)

			minute, yesterday := time.Now().Add(-time.Minute), time.Now().Add(-day) // as the queue says it
			stuck, err := queue.JobGetStuck(t.Context(), &riverdriver.JobGetStuckParams{Max: 10, StuckHorizon: minute})
			must(t, err)
			if len(stuck) != 1 || stuck[0].ID != 1 {
				t.Errorf("%d jobs are stuck instead of the first", len(stuck))
			}
			_, err = queue.JobRescueMany(t.Context(), &riverdriver.JobRescueManyParams{
				ID: []int64{1, 2}, Error: [][]byte{[]byte("{}"), []byte("{}")}, FinalizedAt: []*time.Time{nil, nil},
				ScheduledAt: []time.Time{now, now}, State: []string{"retryable", "retryable"}, StuckHorizon: minute,
			})
			must(t, err)
			_, err = queue.JobDeleteBefore(t.Context(), &riverdriver.JobDeleteBeforeParams{
				CompletedDoDelete: true, CompletedFinalizedAtHorizon: yesterday, Max: 10,
			})
			must(t, err)
			_, err = queue.QueueDeleteExpired(t.Context(), &riverdriver.QueueDeleteExpiredParams{Max: 10, UpdatedAtHorizon: yesterday})
			must(t, err)
			rows, err := conn.Query(t.Context(), `SELECT id || ' ' || state FROM river_job UNION ALL SELECT name FROM river_queue ORDER BY 1`)
			must(t, err)
			left, err := pgx.CollectRows(rows, pgx.RowTo[string])
			must(t, err)
			if diff := cmp.Diff([]string{"1 retryable", "2 running", "4 completed", "new"}, left); diff != "" {
				t.Errorf("left (-want +got):\n%s", diff)
			}
		})
	}
}
