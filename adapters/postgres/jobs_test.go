package postgres_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
)

// clock is one that a test moves.
type clock struct{ now atomic.Pointer[time.Time] }

func newClock(at time.Time) *clock {
	c := &clock{}
	c.now.Store(&at)
	return c
}

func (c *clock) Now() time.Time { return *c.now.Load() }

func (c *clock) advance(d time.Duration) {
	at := c.Now().Add(d)
	c.now.Store(&at)
}

// work runs the queue until the test ends.
func work(t *testing.T, d *postgres.DB, w postgres.Work) {
	t.Helper()
	jobs, err := d.Jobs(w)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- jobs.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

func TestRunOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	replicas := []*postgres.DB{pgtest.Connect(t, url), pgtest.Connect(t, url)}
	var runs, reported atomic.Int64
	together(8, func(i int) {
		ran, err := replicas[i%2].RunOnce(t.Context(), "reminders", "2026-11-20", func(context.Context) error {
			runs.Add(1)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if ran {
			reported.Add(1)
		}
	})
	if runs.Load() != 1 || reported.Load() != 1 {
		t.Errorf("ran %d times, reported %d times", runs.Load(), reported.Load())
	}
	d, boom := replicas[0], errors.New("boom")
	ran, err := d.RunOnce(t.Context(), "reminders", "2026-11-21", func(context.Context) error { return boom })
	if ran || !errors.Is(err, boom) {
		t.Errorf("a run that failed: %v, %v", ran, err)
	}
	if ran, err := d.RunOnce(t.Context(), "reminders", "2026-11-21", func(context.Context) error { return nil }); !ran || err != nil {
		t.Errorf("after the failure: %v, %v", ran, err)
	}
}

// Runs are forgotten when nobody would catch them up any more.
func TestOldRunsAreDropped(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db, conn := pgtest.Connect(t, url), pgtest.Conn(t, url)
	ran, err := db.RunOnce(t.Context(), "sweep", "2026-11-20", func(context.Context) error { return nil })
	if err != nil || !ran {
		t.Fatal(ran, err)
	}
	for _, row := range []struct {
		before time.Duration
		left   int
	}{{-time.Hour, 1}, {time.Hour, 0}} {
		if _, err := db.DropRuns(t.Context(), time.Now().Add(row.before)); err != nil {
			t.Fatal(err)
		}
		if n := count(t, conn, `SELECT count(*) FROM job_runs`); n != row.left {
			t.Errorf("runs before %s are dropped: %d left", row.before, n)
		}
	}
}
