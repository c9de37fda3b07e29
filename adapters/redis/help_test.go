package redis_test

import (
	"strconv"
	"testing"
	"time"

	"okoshko/adapters/redis"
	"okoshko/adapters/redis/redistest"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

// noon is the program's clock in tests: not the machine's.
var noon = time.Date(2026, 3, 24, 12, 0, 0, 0, time.UTC)

const mark = "generation"

// house is a Redis of some kind for one test, and how its replicas use it.
type house struct {
	config redis.Config
	force  bool
}

// replica opens one more store on the house.
func (h house) replica(t testing.TB) *redis.Store {
	t.Helper()
	s := redistest.Connect(t, h.config)
	if h.force {
		s.ForcePipeline()
	}
	return s
}

// everywhere runs a test against every kind of Redis, and both ways to it.
func everywhere(t *testing.T, test func(t *testing.T, h house)) {
	t.Parallel()
	for name, build := range houses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := build(t)
			if err := h.replica(t).SetMark(t.Context(), mark); err != nil {
				t.Fatal(err)
			}
			test(t, h)
		})
	}
}

// said is a commit of n replies above base, to what the customer wrote.
func said(c chat.Conversation, base int64, n int) turn.Commit {
	revision := base + 1
	commit := turn.Commit{
		Conversation: c, Base: base, Revision: revision, State: []byte("state " + strconv.FormatInt(revision, 10)),
		Seen: strconv.FormatInt(revision, 10) + " event\n", Now: noon, InChat: true, Mark: mark,
		Entries: []turn.Entry{{Position: turn.Position{Revision: revision}, Kind: turn.Came, At: noon, Body: []byte("in")}},
	}
	for i := range n {
		commit.Tail = turn.Position{Revision: revision, N: i + 1}
		commit.Entries = append(commit.Entries, turn.Entry{Position: commit.Tail, Kind: turn.Said, At: noon, Body: []byte("out")})
	}
	return commit
}

func mustCommit(t *testing.T, s *redis.Store, c turn.Commit, want turn.Verdict) {
	t.Helper()
	got, err := s.Commit(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if got.Verdict != want {
		t.Fatalf("commit of revision %d: verdict %d, want %d", c.Revision, got.Verdict, want)
	}
}

func deliver(t *testing.T, s *redis.Store, c chat.Conversation, p turn.Position) (mine, more bool) {
	t.Helper()
	mine, more, err := s.Delivered(t.Context(), turn.Delivery{
		Conversation: c, Position: p, Prompt: "foreign " + p.String(), Now: noon,
		Receipt: turn.Entry{Kind: turn.Receipt, At: noon, Body: []byte("receipt of " + p.String())},
	})
	if err != nil {
		t.Fatal(err)
	}
	return mine, more
}

func load(t *testing.T, s *redis.Store, c chat.Conversation) turn.Snapshot {
	t.Helper()
	snap, err := s.Load(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// log returns the live log, as the archiver reads it before anything is
// archived.
func log(t *testing.T, s *redis.Store, c chat.Conversation) []turn.Entry {
	t.Helper()
	chapters, err := s.Read(t.Context(), []chat.Conversation{c})
	if err != nil {
		t.Fatal(err)
	}
	if len(chapters) == 0 {
		return nil
	}
	return chapters[0].Entries
}

func positions(entries []turn.Entry) []string {
	out := make([]string, 0, len(entries))
	for _, e := range entries {
		out = append(out, e.Position.String())
	}
	return out
}

func at(revision int64, n int) turn.Position { return turn.Position{Revision: revision, N: n} }

// isDue reports whether the conversation is due at a time.
func isDue(t *testing.T, s *redis.Store, c chat.Conversation, now time.Time) bool {
	t.Helper()
	due, err := s.Due(t.Context(), now, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		if d == c {
			return true
		}
	}
	return false
}

// eventually polls until something holds: a lease that runs out on the
// server's clock gives no event.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: did not happen", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
