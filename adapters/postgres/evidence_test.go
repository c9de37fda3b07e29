package postgres_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

func TestEvidenceIsTiedToTheReading(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	m := meterOf(t, d)
	keep := func(e dialog.Effect, number billing.AccountNumber, n int) []string {
		kept, err := d.KeepEvidence(t.Context(), e, number, make([]chat.File, n))
		if err != nil || len(kept.IDs) != n {
			t.Fatalf("%d files kept, %v", len(kept.IDs), err)
		}
		return kept.IDs
	}
	mine := keep(effect("tg:1", 1), plain, 2)
	others := slices.Concat(keep(effect("tg:2", 1), plain, 1), keep(effect("tg:1", 2), "0203118468", 1))
	s := submission(m, 14000)
	s.Evidence = slices.Concat(mine, others)
	conn := pgtest.Conn(t, url)
	tied := func(receipt int) int {
		return count(t, conn, `SELECT count(*) FROM evidence WHERE receipt = $1`, receipt)
	}
	if done := submit(t, d, effect("tg:1", 3), s); done.Refused == 0 || count(t, conn, `SELECT count(receipt) FROM evidence`) != 0 {
		t.Errorf("a refused submission: %+v", done)
	}
	s.Entries = t1(14920)
	submit(t, d, effect("tg:1", 4), s)
	if n := tied(2); n != 2 { // the refusal took a number, too
		t.Errorf("%d of the two files that are the conversation's and the account's are tied", n)
	}
	submit(t, d, effect("tg:1", 5), s) // The first receipt keeps them.
	if tied(2) != 2 || tied(3) != 0 {
		t.Error("another submission took the evidence over")
	}
	s.Evidence = []string{"kept1"}
	if _, err := d.SubmitReadings(t.Context(), effect("tg:1", 6), s); !fault.Is(err, fault.Invalid) {
		t.Errorf("a name that was never given: %v", err)
	}
}

// keepEvidence attaches files to the plain account, three times: the effect is
// repeated, the files are attached once.
func keepEvidence(t *testing.T, d *postgres.DB, e dialog.Effect, files ...chat.File) {
	t.Helper()
	for range 3 {
		kept, err := d.KeepEvidence(t.Context(), e, plain, files)
		if len(kept.IDs) != len(files) || err != nil {
			t.Fatalf("%d files, %v", len(kept.IDs), err)
		}
	}
}

// shelf stores files as the real store does, as far as the queue can tell.
type shelf struct {
	db     *postgres.DB
	mu     sync.Mutex
	stored map[string]string // content by name
}

func (s *shelf) put(ctx context.Context, f postgres.File, r io.Reader) (string, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	s.stored[f.Name] = string(body)
	s.mu.Unlock()
	id := "file-of-" + f.Owner
	if err := s.db.AddFile(ctx, id, f.Owner, f.Conversation); err != nil {
		return "", err
	}
	return id, s.db.FinishFile(ctx, id, int64(len(body)), "k", nil, nil)
}

func TestEvidenceIsFetched(t *testing.T) {
	t.Parallel()
	url, c := pgtest.URL(t), newClock(noon)
	d := pgtest.Connect(t, url, func(cfg *postgres.Config) { cfg.Now = c.Now })
	must(t, d.LoadDemo(t.Context()))
	conn := pgtest.Conn(t, url)
	store := &shelf{db: d, stored: map[string]string{}}
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
		Store: store.put,
	})
	keepEvidence(t, d, effect("tg:1", 5),
		chat.File{ID: "photo", Name: "a.jpg"}, chat.File{ID: "gone", Name: "b.jpg"}, chat.File{ID: "flaky", Name: "c.jpg"})
	settled := func(n int) func() bool {
		return func() bool {
			return count(t, conn, `SELECT count(*) FROM evidence WHERE file IS NOT NULL OR failure <> ''`) == n
		}
	}
	eventually(t, settled(2))
	eventually(t, func() bool {
		return count(t, conn, `SELECT count(*) FROM river_job WHERE cardinality(errors) = 1`) == 2
	})
	c.advance(time.Hour) // The third is tried again when its pause is over.
	eventually(t, settled(3))
	for name, want := range map[string]string{"a.jpg": "file-of-evidence/1", "b.jpg": "not_found", "c.jpg": "file-of-evidence/3"} {
		if n := count(t, conn, `SELECT count(*) FROM evidence WHERE name = $1 AND coalesce(file, '') || failure = $2`, name, want); n != 1 {
			t.Errorf("%s is not %s", name, want)
		}
	}
	if diff := cmp.Diff(map[string]string{"a.jpg": "tg:photo", "c.jpg": "tg:flaky"}, store.stored); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A conversation is erased while its file is on the way: nothing stays of it.
func TestAFileThatComesAfterTheErasure(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	conn := pgtest.Conn(t, url)
	store := &shelf{db: d, stored: map[string]string{}}
	asked, erased := make(chan struct{}), make(chan struct{})
	fetched := sync.OnceFunc(func() { close(asked) }) // a try that failed is made again
	work(t, d, postgres.Work{
		Fetch: func(ctx context.Context, _, _ string) (io.ReadCloser, error) {
			fetched()
			<-erased
			return io.NopCloser(strings.NewReader("late")), nil
		},
		Store: store.put,
	})
	keepEvidence(t, d, effect("tg:1", 5), chat.File{ID: "photo", Name: "a.jpg"})
	<-asked
	must(t, d.Erase(t.Context(), "tg:1", 0, "customer", "request"))
	close(erased)
	eventually(t, func() bool {
		return count(t, conn, `SELECT count(*) FROM river_job WHERE state = 'completed'`) == 1
	})
	if n := count(t, conn, `SELECT count(*) FROM files`); n != 0 || len(store.stored) != 1 {
		t.Errorf("%d files are left of %d", n, len(store.stored))
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
