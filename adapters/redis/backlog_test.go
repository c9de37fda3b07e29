package redis_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/redis"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

func dirty(t *testing.T, s *redis.Store) []chat.Conversation {
	t.Helper()
	cs, err := s.Dirty(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

func TestTheBacklogIsCopiedTrimmedAndEvicted(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		ctx := t.Context()
		const c = "tg:1"
		mustCommit(t, s, said(c, 0, 2), turn.WonDelivery)
		deliver(t, s, c, at(1, 1))
		if diff := cmp.Diff([]chat.Conversation{c}, dirty(t, s)); diff != "" {
			t.Fatal(diff)
		}
		chapters, err := s.Read(ctx, []chat.Conversation{c, "tg:unknown"})
		if err != nil || len(chapters) != 1 || len(chapters[0].Entries) != 4 {
			t.Fatalf("read %+v, %v", chapters, err)
		}
		deliver(t, s, c, at(1, 2)) // a change that is not in the chapter
		later := noon.Add(time.Second)
		if err := s.Archived(ctx, chapters, later); err != nil {
			t.Fatal(err)
		}
		if len(dirty(t, s)) != 1 {
			t.Error("a change between reading and noting was forgotten")
		}
		if snap := load(t, s, c); snap.Archived != at(1, 3) {
			t.Errorf("archived up to %s", snap.Archived)
		}
		if gone, err := s.Evict(ctx, c, later); err != nil || gone {
			t.Errorf("evicted while dirty, %v", err)
		}
		for range 2 { // noted twice is noted once
			if chapters, err = s.Read(ctx, []chat.Conversation{c}); err != nil {
				t.Fatal(err)
			}
			if err := s.Archived(ctx, chapters, later); err != nil {
				t.Fatal(err)
			}
		}
		if got := dirty(t, s); len(got) != 0 {
			t.Errorf("%v stays dirty", got)
		}
		if gone, err := s.Evict(ctx, c, noon.Add(-time.Second)); err != nil || gone {
			t.Errorf("evicted too early, %v", err)
		}
		if gone, err := s.Evict(ctx, c, noon); err != nil || !gone {
			t.Errorf("not evicted, %v", err)
		}
		if load(t, s, c).Found || isDue(t, s, c, noon.Add(48*time.Hour)) {
			t.Error("something of it stays")
		}
	})
}

func TestTrimmingKeepsWhatIsUnsentOrYoung(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const c = "tg:1"
		mustCommit(t, s, said(c, 0, 2), turn.WonDelivery)
		chapters, err := s.Read(t.Context(), []chat.Conversation{c})
		if err != nil {
			t.Fatal(err)
		}
		for before, want := range map[time.Time]int{noon: 2, noon.Add(time.Second): 2} {
			if err := s.Archived(t.Context(), chapters, before); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Unsent(t.Context(), c, 10); err != nil || len(got) != want {
				t.Errorf("%d unsent, %v", len(got), err)
			}
		}
		deliver(t, s, c, at(1, 1))
		deliver(t, s, c, at(1, 2))
		if diff := cmp.Diff([]string{"1-3", "1-4"}, positions(log(t, s, c))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEvictionSparesWhatOwes(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		timer := said("tg:timer", 0, 0)
		timer.Due = noon.Add(time.Hour)
		mustCommit(t, s, timer, turn.Won)
		mustCommit(t, s, said("tg:unsent", 0, 1), turn.WonDelivery)
		cs := []chat.Conversation{"tg:timer", "tg:unsent"}
		chapters, err := s.Read(t.Context(), cs)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Archived(t.Context(), chapters, noon); err != nil {
			t.Fatal(err)
		}
		for _, c := range cs {
			if gone, err := s.Evict(t.Context(), c, noon.Add(time.Hour)); err != nil || gone {
				t.Errorf("%s was evicted, %v", c, err)
			}
		}
	})
}

func TestOneReplicaArchivesAPartition(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		a, b := h.replica(t), h.replica(t)
		for i := range 40 {
			mustCommit(t, a, said(chat.Conversation(fmt.Sprint("tg:", i)), 0, 0), turn.Won)
		}
		if got := dirty(t, a); len(got) != 40 {
			t.Fatalf("%d are dirty", len(got))
		}
		if got := dirty(t, b); len(got) != 0 {
			t.Errorf("another replica is given %v", got)
		}
		if got, err := a.Dirty(t.Context(), 3); err != nil || len(got) != 3 {
			t.Errorf("limit 3 gives %v, %v", got, err)
		}
	})
}
