package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"okoshko/core/visit"
)

// job is something that is done by the calendar. Its schedule only starts a
// scan: each run is a row in PostgreSQL, so restarts and replicas neither skip
// nor repeat one.
type job struct {
	name     string
	schedule func(JobsConfig) string
	// window is how late a missed run is still worth doing.
	window time.Duration
	run    func(ctx context.Context, h tools, now time.Time) error
}

// How long things are kept.
const (
	// looseFile is the age at which a file goes that never arrived whole, or
	// that no message names.
	looseFile = 24 * time.Hour
	// made is how long the paper of a bill stays in the chat of the site; it can be
	// made anew at any time.
	made = 60 * 24 * time.Hour
	// casualtyLife is how long quarantined events wait for somebody to look.
	casualtyLife = 90 * 24 * time.Hour
	// settledNotice is how long it is known that a letter or text message was
	// sent, or why not.
	settledNotice = 90 * 24 * time.Hour
	// looked is how long it is known who was shown what of an account (spec §3.1).
	looked = 3 * 365 * 24 * time.Hour
	// ran is how long it is known that a job has run: longer than any window.
	ran = 30 * 24 * time.Hour
	// silentVisitor is how long a visitor of the web chat is known who says
	// nothing.
	silentVisitor = 24 * time.Hour
)

// jobs is the table of scheduled jobs; the schedules are in the configuration.
var jobs = []job{
	{
		name: "partitions", window: 7 * 24 * time.Hour,
		schedule: func(c JobsConfig) string { return c.Partitions },
		run:      func(ctx context.Context, h tools, now time.Time) error { return h.db.EnsurePartitions(ctx, now) },
	},
	{
		name: "tidy", window: 24 * time.Hour,
		schedule: func(c JobsConfig) string { return c.Tidy },
		run: func(ctx context.Context, h tools, now time.Time) error {
			if _, err := h.db.SweepFiles(ctx, now.Add(-looseFile), uploaded, brought, enclosing); err != nil {
				return err
			}
			if _, err := h.db.SweepFiles(ctx, now.Add(-made), madePrefix); err != nil {
				return err
			}
			if _, err := h.db.DropVisitors(ctx, now.Add(-silentVisitor)); err != nil {
				return err
			}
			if _, err := h.db.DropNotices(ctx, now.Add(-settledNotice)); err != nil {
				return err
			}
			if _, err := h.db.TidyLinks(ctx, now, now.Add(-looked)); err != nil {
				return err
			}
			if _, err := h.db.TidyVisits(ctx, now, now.Add(-visit.KeepVisitors)); err != nil {
				return err
			}
			if _, err := h.db.DropRuns(ctx, now.Add(-ran)); err != nil {
				return err
			}
			if _, err := h.db.DropCasualties(ctx, now.Add(-casualtyLife)); err != nil {
				return err
			}
			if _, err := h.db.PruneAudit(ctx); err != nil {
				return err
			}
			if err := h.db.ResealSeconds(ctx); err != nil {
				return err
			}
			if _, err := h.db.ResealPersons(ctx); err != nil {
				return err
			}
			if _, err := h.db.ResealCases(ctx); err != nil {
				return err
			}
			_, err := h.files.Rewrap(ctx) // a data key that was replaced is not needed after that
			return err
		},
	},
	{
		name: "dialogs", window: 24 * time.Hour,
		schedule: func(c JobsConfig) string { return c.Tidy },
		run: func(ctx context.Context, h tools, now time.Time) error {
			_, _, err := h.db.DropDialogs(ctx, now.AddDate(0, -h.keepDialogs, 0), uploaded, brought)
			return err
		},
	},
	{
		name: "payments", window: time.Hour,
		schedule: func(c JobsConfig) string { return c.Payments },
		run: func(ctx context.Context, h tools, now time.Time) error {
			if h.till == nil {
				return nil
			}
			return h.till.lookUp(ctx, now)
		},
	},
}

// tools are what jobs work with.
type tools struct {
	*stores
	till *till // nil: nobody takes payments
	// keepDialogs is for how many months it is kept what was said (spec §3.1).
	keepDialogs int
}

// scheduler runs the table on the program's clock.
type scheduler struct {
	tools   tools
	now     func() time.Time
	log     *slog.Logger
	metrics *metrics
	zone    *time.Location
	next    []time.Time
	plans   []cron.Schedule
}

// scanEvery is how often the scheduler looks at its clock.
const scanEvery = time.Second

func newScheduler(c Config, h tools, now func() time.Time, log *slog.Logger, m *metrics) (*scheduler, error) {
	zone, err := c.Company.Location()
	if err != nil {
		return nil, err
	}
	s := &scheduler{tools: h, now: now, log: log, metrics: m, zone: zone, next: make([]time.Time, len(jobs))}
	for _, j := range jobs {
		plan, err := cron.ParseStandard(j.schedule(c.Jobs))
		if err != nil {
			return nil, fmt.Errorf("schedule of job %s: %w", j.name, err)
		}
		s.plans = append(s.plans, plan)
	}
	return s, nil
}

// Run scans until the context ends.
func (s *scheduler) Run(ctx context.Context) error {
	tick := time.NewTicker(scanEvery)
	defer tick.Stop()
	for {
		for i := range jobs {
			if now := s.now(); !now.Before(s.next[i]) {
				s.scan(ctx, i, now)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// scan does the latest run of a job that is due and not done, if it is not too
// late for it. Runs before that are of no use any more: each looks at now.
func (s *scheduler) scan(ctx context.Context, i int, now time.Time) {
	j, local := &jobs[i], now.In(s.zone)
	due := s.plans[i].Next(local.Add(-j.window))
	for next := s.plans[i].Next(due); !next.After(local); next = s.plans[i].Next(next) {
		due = next
	}
	s.next[i] = s.plans[i].Next(local)
	if due.After(local) {
		return
	}
	period := due.UTC().Format(time.RFC3339)
	ran, err := s.tools.db.RunOnce(ctx, j.name, period, func(ctx context.Context) error { return j.run(ctx, s.tools, now) })
	switch {
	case err != nil:
		s.next[i] = now.Add(time.Minute)
		s.metrics.jobs.WithLabelValues(j.name, "failed").Inc()
		s.log.Warn("job put off", "job", j.name, "period", period, "error", err)
	case ran:
		s.metrics.jobs.WithLabelValues(j.name, "done").Inc()
		s.log.Info("job done", "job", j.name, "period", period)
	}
}
