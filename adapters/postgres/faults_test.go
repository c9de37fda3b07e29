package postgres_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// A replica loses its connection at every stage of the transaction, and the
// effect is tried until it is through: one fact, one receipt.
func TestASubmissionThatIsKilledAndRepeated(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url, atNoon, func(c *postgres.Config) { c.URL = privacy.NewURL(url + "&application_name=victim") })
	if err := d.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := meterOf(t, d)
	killer := pgtest.Conn(t, url)
	watcher := pgtest.Conn(t, url)
	const victims = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND state <> 'idle' AND query ~ $1 AND pid <> pg_backend_pid()`

	// Held up by a lock on what the statement writes, killed while it waits.
	for i, stage := range []struct{ table, statement string }{
		{"effects", "INSERT INTO effects"},
		{"meters", "FOR UPDATE OF m"},
		{"replaced_readings", "INSERT INTO replaced_readings"},
		{"effects", "UPDATE effects"},
	} {
		e := effect("tg:1", i+1)
		blocker := pgtest.Conn(t, url)
		if strings.HasPrefix(stage.statement, "UPDATE") {
			// Only at the end: a trigger that waits for an advisory lock.
			exec(t, blocker, `CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
				'BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END'`)
			exec(t, blocker, `CREATE TRIGGER hold BEFORE UPDATE ON effects FOR EACH ROW EXECUTE FUNCTION hold()`)
			exec(t, blocker, `SELECT pg_advisory_lock(42)`)
		} else {
			exec(t, blocker, `BEGIN`)
			exec(t, blocker, `LOCK TABLE `+stage.table+` IN ACCESS EXCLUSIVE MODE`)
		}
		failed := make(chan error, 1)
		go func() {
			_, err := d.SubmitReadings(t.Context(), e, submission(m, 14920))
			failed <- err
		}()
		eventually(t, func() bool { return count(t, watcher, waitingForLocks) == 1 })
		exec(t, killer, victims, stage.statement)
		if err := <-failed; !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v is no reason to repeat", stage.statement, err)
		}
		exec(t, blocker, `ROLLBACK`)
		exec(t, blocker, `SELECT pg_advisory_unlock_all()`)
		if done := submit(t, d, e, submission(m, 14920)); done.Slip.Receipt == "" {
			t.Errorf("%s: repeated in vain", stage.statement)
		}
	}
	if n := count(t, watcher, `SELECT count(*) FROM readings WHERE conversation = 'tg:1'`); n != 1 {
		t.Errorf("%d readings count", n)
	}
	// Each effect replaced the one before.
	if n := count(t, watcher, `SELECT count(*) FROM replaced_readings`); n != 3 {
		t.Errorf("%d readings were replaced", n)
	}
}

// The connections are cut at random while many submit; everybody repeats until
// told. Commits whose answer was lost are among them.
func TestConnectionsCutAtRandom(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	m := meterOf(t, d)
	const people, each = 6, 12
	var lost, through atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	cutter := pgtest.Conn(t, url)
	done := make(chan error, 1)
	go func() {
		// On a machine so busy that no submission fits between two cuts, the
		// cuts grow rarer until one does.
		const often = 10 * time.Millisecond
		for pause, seen := often, int64(0); ctx.Err() == nil; pause += often {
			if now := through.Load(); now > seen {
				pause, seen = often, now
			}
			_, err := cutter.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid() AND random() < 0.5`)
			if err != nil {
				done <- err
				return
			}
			time.Sleep(pause)
		}
		done <- nil
	}()
	receipts := make([]map[string]bool, people)
	together(people, func(i int) {
		receipts[i] = map[string]bool{}
		for form := range each {
			e := effect(chat.Conversation(rune('a'+i)), form)
			for deadline := time.Now().Add(time.Minute); ; {
				done, err := d.SubmitReadings(t.Context(), e, submission(m, 14920))
				if err == nil {
					receipts[i][done.Slip.Receipt] = true
					through.Add(1)
					break
				}
				lost.Add(1)
				if !fault.Is(err, fault.Unavailable) || time.Now().After(deadline) {
					t.Errorf("not to be repeated: %v", err)
					return
				}
			}
		}
	})
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if lost.Load() == 0 {
		t.Error("nothing was cut: the test proves nothing")
	}
	watcher := pgtest.Conn(t, url)
	replaced := count(t, watcher, `SELECT count(*) FROM replaced_readings`)
	live := count(t, watcher, `SELECT count(*) FROM readings WHERE receipt IS NOT NULL`)
	effects := count(t, watcher, `SELECT count(*) FROM effects WHERE result IS NOT NULL`)
	if live != 1 || replaced+live != people*each || effects != people*each {
		t.Errorf("%d facts and %d effects of %d submissions", replaced+live, effects, people*each)
	}
	for i := range receipts {
		if len(receipts[i]) != each {
			t.Errorf("%d got %d receipts", i, len(receipts[i]))
		}
	}
	t.Logf("%d calls were cut", lost.Load())
}

func TestAServerThatIsAway(t *testing.T) {
	t.Parallel()
	nowhere := "postgres://okoshko:s3cret@/x?host=" + filepath.Join(t.TempDir(), "none")
	_, err := postgres.Open(t.Context(), postgres.Config{URL: privacy.NewURL(nowhere)})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("open: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "s3cret") {
		t.Errorf("the error shows the password: %v", err)
	}
	d, err := postgres.Open(t.Context(), postgres.Config{URL: privacy.NewURL(nowhere), Lazy: true})
	if err != nil {
		t.Fatalf("open lazily: %v", err)
	}
	defer d.Close()
	if err := d.Ping(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("ping: %v", err)
	}
	if _, _, err := d.Find(t.Context(), "tg:1"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("find: %v", err)
	}
	if err := d.Migrate(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("migrate: %v", err)
	}
	if _, err := postgres.Open(t.Context(), postgres.Config{URL: privacy.NewURL("postgres://u:s3cret@h:port/")}); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("a malformed address: %v", err)
	}
}

func TestStatementsEndInTime(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url, func(c *postgres.Config) { c.StatementTimeout = 100 * time.Millisecond })
	blocker := pgtest.Conn(t, url)
	exec(t, blocker, `BEGIN`)
	exec(t, blocker, `LOCK TABLE conversations`)
	if _, _, err := d.Find(t.Context(), "tg:1"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("find: %v", err)
	}
}

// Values of rows must not reach logs through errors.
func TestErrorsShowNoValues(t *testing.T) {
	t.Parallel()
	d := demo(t)
	_, err := d.KeepEvidence(t.Context(), effect("tg:1", 1), "0999999999", []chat.File{{ID: "f"}})
	if !fault.Is(err, fault.NotFound) || strings.Contains(err.Error(), "0999999999") {
		t.Errorf("an unknown account: %v", err)
	}
	must(t, d.AddFile(t.Context(), "secret-id", "", ""))
	err = d.AddFile(t.Context(), "secret-id", "", "")
	var server *postgres.ServerError
	if !errors.As(err, &server) || server.Code != "23505" || !fault.Is(err, fault.Conflict) || strings.Contains(err.Error(), "secret-id") {
		t.Errorf("a conflict: %v", err)
	}
	// The server's own message quotes such a value.
	err = d.Put(t.Context(), casualty("bad\x00id"))
	if err == nil || strings.Contains(err.Error(), "bad") {
		t.Errorf("a text that cannot be kept: %v", err)
	}
}
