package redis_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/redis"
	"okoshko/adapters/redis/redistest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// The numbers are on the disks of those who run this: they never change.
func TestPartitionsAreFixedForEver(t *testing.T) {
	t.Parallel()
	for c, want := range map[chat.Conversation]int{"": 5, "tg:1": 9, "tg:123456789": 1, "web:Иван": 20} {
		if got := redis.Partition(c); got != want {
			t.Errorf("%q is in partition %d, want %d", c, got, want)
		}
	}
}

func TestACommitIsLoadedAsItWasMade(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const c = "tg:1"
		if snap := load(t, s, c); snap.Found || snap.Mark != mark || snap.Conversation != c {
			t.Errorf("before the first commit: %+v", snap)
		}
		commit := said(c, 0, 2)
		commit.Holder, commit.Due = "anna", noon.Add(time.Hour)
		mustCommit(t, s, commit, turn.WonDelivery)
		want := turn.Snapshot{Found: true, Mark: mark, Record: turn.Record{
			Conversation: c, Revision: 1, State: commit.State, Seen: commit.Seen, Holder: "anna",
			Tail: at(1, 2), Due: commit.Due,
		}}
		if diff := cmp.Diff(want, load(t, s, c)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(commit.Entries, log(t, s, c)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOfTwoReplicasOneCommits(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		const c, rounds = "tg:1", 20
		replicas := []*redis.Store{h.replica(t), h.replica(t)}
		for base := range int64(rounds) {
			var won atomic.Int64
			var racers sync.WaitGroup
			for _, s := range replicas {
				racers.Go(func() {
					v, err := s.Commit(t.Context(), said(c, base, 1))
					if err != nil {
						t.Error(err)
					}
					if v.By != "" {
						won.Add(1)
					}
				})
			}
			racers.Wait()
			if won.Load() != 1 {
				t.Fatalf("revision %d was committed %d times", base+1, won.Load())
			}
		}
		if n := len(log(t, replicas[0], c)); n != 2*rounds {
			t.Errorf("the log has %d entries, want %d", n, 2*rounds)
		}
	})
}

func TestACommitOfAnotherGenerationChangesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		if err := s.SetMark(t.Context(), "next"); err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, said("tg:1", 0, 1), turn.OtherMark)
		if load(t, s, "tg:1").Found {
			t.Error("it was written")
		}
	})
}

func TestHostileNamesAndBytesSurvive(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		for _, name := range []string{"tg:1\n2", "web:{7}:x}", "web:\x00\xff", "web:' .. 'x", "web:" + strings.Repeat("ы", 300), "*", "tg:1 2"} {
			c := chat.Conversation(name)
			commit := said(c, 0, 1)
			commit.State, commit.Seen = []byte("\x00\r\n$-1\r\n\xfe\n"), "1 tg:\x00'\"\\ event\n"
			commit.Entries[0].Body = []byte("\xff\r\n*3\r\n{}")
			mustCommit(t, s, commit, turn.WonDelivery)
			snap := load(t, s, c)
			if string(snap.State) != string(commit.State) || snap.Seen != commit.Seen {
				t.Errorf("%q: loaded %q, %q", name, snap.State, snap.Seen)
			}
			if diff := cmp.Diff(commit.Entries, log(t, s, c)); diff != "" {
				t.Errorf("%q: %s", name, diff)
			}
			if !isDue(t, s, c, noon.Add(turn.LeaseFor)) {
				t.Errorf("%q is not due", name)
			}
			if err := s.Erase(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			if load(t, s, c).Found || isDue(t, s, c, noon.Add(time.Hour)) {
				t.Errorf("%q was not erased", name)
			}
		}
		if err := s.Rewrite(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestACommitUnderWayFailsAfterErasure(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		mustCommit(t, s, said("tg:1", 0, 1), turn.WonDelivery)
		if err := s.Erase(t.Context(), "tg:1"); err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, said("tg:1", 1, 1), turn.Moved)
	})
}

// Deleted is not gone: the log of the server's disk says it still, until it is
// written anew.
func TestWhatWasErasedLeavesTheDisk(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s := redistest.Connect(t, server.Config())
	dir := os.DirFS(filepath.Dir(server.Config().Addrs[0]))
	onDisk := func() (found bool) {
		err := fs.WalkDir(dir, ".", func(path string, _ fs.DirEntry, err error) error {
			if content, unread := fs.ReadFile(dir, path); unread == nil { // a log may go meanwhile
				found = found || bytes.Contains(content, []byte("only she would say that"))
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if err := s.SetMark(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	commit := said("tg:1", 0, 1)
	commit.Entries[0].Body = []byte("only she would say that")
	mustCommit(t, s, commit, turn.WonDelivery)
	if err := s.Erase(t.Context(), "tg:1"); err != nil {
		t.Fatal(err)
	}
	if !onDisk() {
		t.Fatal("the log does not hold what was said: this test cannot fail")
	}
	for range 2 { // the second waits for the first
		if err := s.Rewrite(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(time.Minute); onDisk(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the log holds it still")
		}
	}
}

func TestARestoredConversationGoesOnAboveAllItsPositions(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const c = "tg:1"
		r := turn.Record{
			Conversation: c, Revision: 1000, State: []byte("old"), Seen: "7 x\n", Holder: "anna", Prompt: "9",
			Cursor: at(7, 1), Tail: at(7, 2), Archived: at(7, 4), Due: noon.Add(time.Hour),
		}
		unsent := []turn.Entry{{Position: at(7, 2), Kind: turn.Said, At: noon, Body: []byte("late")}}
		for i, want := range []bool{true, false} { // the second finds another base
			if done, err := s.Restore(t.Context(), 0, r, unsent, mark); err != nil || done != want {
				t.Fatalf("restore %d: %v, %v", i, done, err)
			}
		}
		if diff := cmp.Diff(turn.Snapshot{Record: r, Found: true, Mark: mark}, load(t, s, c)); diff != "" {
			t.Error(diff)
		}
		if deliverable, ok, err := s.Claim(t.Context(), c, noon); err != nil || !ok || !deliverable {
			t.Fatalf("claim: deliver %v, ok %v, %v", deliverable, ok, err)
		}
		got, err := s.Unsent(t.Context(), c, 10)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(unsent, got); diff != "" {
			t.Error(diff)
		}
		deliver(t, s, c, at(7, 2))
		mustCommit(t, s, said(c, 1000, 1), turn.WonDelivery)
		if diff := cmp.Diff([]string{"1000-1", "1001-0", "1001-1"}, positions(log(t, s, c))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestARestoreKeepsWhatTheLogHolds(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const c = "tg:1"
		mustCommit(t, s, said(c, 0, 1), turn.WonDelivery)
		r := load(t, s, c).Record
		r.Revision, r.Tail = 500, at(3, 1)
		newer := []turn.Entry{
			{Position: at(1, 1), Kind: turn.Said, At: noon, Body: []byte("another")},
			{Position: at(3, 1), Kind: turn.Said, At: noon, Body: []byte("newer")},
		}
		if done, err := s.Restore(t.Context(), 1, r, newer, "other"); err != nil || done {
			t.Fatalf("restored in another generation: %v, %v", done, err)
		}
		if done, err := s.Restore(t.Context(), 1, r, newer, mark); err != nil || !done {
			t.Fatalf("restore: %v, %v", done, err)
		}
		var got []string
		for _, e := range log(t, s, c) {
			got = append(got, e.Position.String()+" "+string(e.Body))
		}
		if diff := cmp.Diff([]string{"1-0 in", "1-1 out", "3-1 newer"}, got); diff != "" {
			t.Error(diff)
		}
		r.State, r.Revision = nil, 900
		if done, err := s.Restore(t.Context(), 500, r, nil, mark); err != nil || !done {
			t.Fatalf("new life: %v, %v", done, err)
		}
		if got := log(t, s, c); len(got) != 0 {
			t.Errorf("a new life begins with %v", positions(got))
		}
	})
}

func TestAMarkIsOneInEveryPartition(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		got, server, err := s.Mark(t.Context())
		if err != nil || got != mark || server == "" {
			t.Errorf("mark %q of server %q, %v", got, server, err)
		}
		_, again, _ := s.Mark(t.Context())
		if again != server {
			t.Errorf("server %q became %q", server, again)
		}
	})
}

func FuzzCommit(f *testing.F) {
	f.Add("tg:1", "state", "1 event\n", "body", "anna")
	f.Add("", "", "", "", "")
	f.Add("a\r\n", "\x00", "{}", "*1\r\n", "\n")
	s := redistest.Open(f)
	if err := s.SetMark(context.Background(), mark); err != nil {
		f.Fatal(err)
	}
	var n atomic.Int64
	f.Fuzz(func(t *testing.T, name, state, seen, body, holder string) {
		c := chat.Conversation(strconv.FormatInt(n.Add(1), 10) + name)
		commit := said(c, 0, 1)
		commit.State, commit.Seen, commit.Holder, commit.Entries[1].Body = []byte(state), seen, holder, []byte(body)
		mustCommit(t, s, commit, turn.WonDelivery)
		snap := load(t, s, c)
		if string(snap.State) != state || snap.Seen != seen || snap.Holder != holder {
			t.Errorf("loaded %q, %q, %q", snap.State, snap.Seen, snap.Holder)
		}
		if got := log(t, s, c); len(got) != 2 || string(got[1].Body) != body {
			t.Errorf("the log is %q", got)
		}
	})
}
