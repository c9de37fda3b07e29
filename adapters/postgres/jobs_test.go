package postgres_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/chat"
	"okoshko/core/fault"
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

func evidence(t *testing.T, d *postgres.DB) []postgres.Evidence {
	t.Helper()
	list, err := d.ListEvidence(t.Context(), "0145201372", 10)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEvidenceIsFetched(t *testing.T) {
	t.Parallel()
	d := demo(t)
	var mu sync.Mutex
	stored := map[string]string{}
	var broken atomic.Int64
	work(t, d, postgres.Work{
		Fetch: func(_ context.Context, channel, foreignID string) (io.ReadCloser, error) {
			switch {
			case foreignID == "gone":
				return nil, fault.New(fault.NotFound, "no such file")
			case foreignID == "flaky" && broken.Add(1) == 1:
				return nil, errors.New("reset by peer")
			}
			return io.NopCloser(strings.NewReader(channel + ":" + foreignID)), nil
		},
		Store: func(ctx context.Context, f postgres.File, r io.Reader) (string, error) {
			body, err := io.ReadAll(r)
			if err != nil {
				return "", err
			}
			id := "file-of-" + f.Owner
			mu.Lock()
			stored[f.Name] = string(body)
			mu.Unlock()
			if err := d.AddFile(ctx, id, f.Owner, string(f.Conversation)); err != nil {
				return "", err
			}
			return id, d.FinishFile(ctx, id, int64(len(body)), "k", nil, nil)
		},
	})
	e := effect("tg:1", 5)
	files := []chat.File{{ID: "photo", Name: "a.jpg"}, {ID: "gone", Name: "b.jpg"}, {ID: "flaky", Name: "c.jpg"}}
	for range 3 { // The effect is repeated; the files are attached once.
		n, err := d.KeepEvidence(t.Context(), e, "0145201372", files)
		if n != 3 || err != nil {
			t.Fatalf("%d files, %v", n, err)
		}
	}
	eventually(t, func() bool {
		settled := 0
		for _, e := range evidence(t, d) {
			if e.File != "" || e.Failure != "" {
				settled++
			}
		}
		return settled == 3
	})
	want := []postgres.Evidence{
		{ID: 3, Name: "c.jpg", File: "file-of-evidence/3"},
		{ID: 2, Name: "b.jpg", Failure: "not_found"},
		{ID: 1, Name: "a.jpg", File: "file-of-evidence/1"},
	}
	if diff := cmp.Diff(want, evidence(t, d)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"a.jpg": "tg:photo", "c.jpg": "tg:flaky"}, stored); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A refused transaction leaves no job behind, and one that is rolled back none
// either: the queue is part of it.
func TestAFailedEffectLeavesNoJob(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url)
	_, err := d.KeepEvidence(t.Context(), effect("tg:1", 5), "0145201372", []chat.File{{ID: "f"}})
	if !fault.Is(err, fault.NotFound) {
		t.Fatalf("an account that does not exist: %v", err)
	}
	conn := pgtest.Conn(t, url)
	if jobs, effects := count(t, conn, `SELECT count(*) FROM river_job`), count(t, conn, `SELECT count(*) FROM effects`); jobs+effects != 0 {
		t.Errorf("%d jobs and %d effects are left", jobs, effects)
	}
}

func TestTimersObeyTheProgramsClock(t *testing.T) {
	t.Parallel()
	c := newClock(noon)
	d := pgtest.Open(t, func(cfg *postgres.Config) { cfg.Now = c.Now })
	type call struct {
		Conversation chat.Conversation
		Timer        string
		Revision     int64
	}
	calls := make(chan call, 10)
	work(t, d, postgres.Work{Wake: func(_ context.Context, conversation chat.Conversation, timer string, revision int64) error {
		calls <- call{conversation, timer, revision}
		return nil
	}})
	for range 2 {
		must(t, d.WakeAt(t.Context(), "tg:1", "expiry", 7, noon.Add(48*time.Hour)))
	}
	must(t, d.WakeAt(t.Context(), "tg:2", "now", 3, noon))
	if got := <-calls; got != (call{"tg:2", "now", 3}) {
		t.Fatalf("first came %v", got)
	}
	select {
	case got := <-calls:
		t.Fatalf("%v came two days early", got)
	default:
	}
	c.advance(49 * time.Hour)
	select {
	case got := <-calls:
		if got != (call{"tg:1", "expiry", 7}) {
			t.Errorf("got %v", got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the timer never came")
	}
	// A timer of the past is sent at once; the doubled one never comes again.
	must(t, d.WakeAt(t.Context(), "tg:3", "late", 1, noon))
	if got := <-calls; got != (call{"tg:3", "late", 1}) {
		t.Errorf("got %v", got)
	}
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
	if last, found, err := d.LastRun(t.Context(), "reminders"); last != "2026-11-20" || !found || err != nil {
		t.Errorf("last run %q, %v, %v", last, found, err)
	}
	if ran, err := d.RunOnce(t.Context(), "reminders", "2026-11-21", func(context.Context) error { return nil }); !ran || err != nil {
		t.Errorf("after the failure: %v, %v", ran, err)
	}
	if _, found, err := d.LastRun(t.Context(), "other"); found || err != nil {
		t.Errorf("a job that never ran: %v, %v", found, err)
	}
}
