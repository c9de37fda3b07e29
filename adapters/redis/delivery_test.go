package redis_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog/turn"
)

func TestDeliveryMovesTheCursorOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		a := h.replica(t)
		const c = "tg:1"
		mustCommit(t, a, said(c, 0, 2), turn.WonDelivery)
		steps := []struct {
			p          turn.Position
			mine, more bool
		}{{at(1, 1), true, true}, {at(1, 1), false, false}, {at(1, 2), true, false}, {at(1, 2), false, false}}
		for _, step := range steps {
			if mine, more := deliver(t, a, c, step.p); mine != step.mine || more != step.more {
				t.Errorf("delivery of %s: mine %v, more %v", step.p, mine, more)
			}
		}
		snap := load(t, a, c)
		if snap.Revision != 1 || snap.Cursor != at(1, 2) || snap.Prompt != "foreign 1-2" {
			t.Errorf("record is %+v", snap.Record)
		}
		if diff := cmp.Diff([]string{"1-0", "1-1", "1-2", "1-3", "1-4"}, positions(log(t, a, c))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOnlyTheHolderDelivers(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		a, b := h.replica(t), h.replica(t)
		const c = "tg:1"
		mustCommit(t, a, said(c, 0, 1), turn.WonDelivery)
		mustCommit(t, b, said(c, 1, 1), turn.Won)
		if mine, _ := deliver(t, b, c, at(1, 1)); mine {
			t.Error("a stranger recorded a delivery")
		}
		if mine, err := b.Renew(t.Context(), c); err != nil || mine {
			t.Errorf("a stranger renewed the lease: %v", err)
		}
		if err := b.Hold(t.Context(), c, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		mustCommit(t, a, said(c, 2, 1), turn.WonBehind)
		if mine, more := deliver(t, a, c, at(1, 1)); !mine || !more {
			t.Errorf("the holder's delivery: mine %v, more %v", mine, more)
		}
	})
}

func TestALeaseIsTakenOverWhenItRunsOutThoughOthersCommit(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		a, b := h.replica(t), h.replica(t)
		const c = "tg:1"
		mustCommit(t, a, said(c, 0, 1), turn.WonDelivery)
		now, base := noon.Add(turn.LeaseFor), int64(1)
		if _, ok, err := b.Claim(t.Context(), c, now); err != nil || ok {
			t.Fatalf("claimed under another's lease: %v", err)
		}
		begun := time.Now()
		eventually(t, "take-over", func() bool {
			mustCommit(t, b, said(c, base, 1), turn.Won) // must not prolong a's lease
			base++
			now = now.Add(time.Minute)
			deliverable, ok, err := b.Claim(t.Context(), c, now)
			if err != nil {
				t.Fatal(err)
			}
			return ok && deliverable
		})
		if took := time.Since(begun); took < turn.LeaseFor/2 {
			t.Errorf("taken over after %s already", took)
		}
		if mine, _ := deliver(t, a, c, at(1, 1)); mine {
			t.Error("the old holder recorded a delivery")
		}
		unsent, err := b.Unsent(t.Context(), c, 1000)
		if err != nil || int64(len(unsent)) != base {
			t.Errorf("%d unsent of %d, %v", len(unsent), base, err)
		}
		if mine, _ := deliver(t, b, c, at(1, 1)); !mine {
			t.Error("the new holder may not")
		}
	})
}

func TestUnsentIsBoundedAndInOrder(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const c = "tg:1"
		mustCommit(t, s, said(c, 0, 1), turn.WonDelivery)
		for base := int64(1); base < 150; base++ { // more than a page of the log
			mustCommit(t, s, said(c, base, 1), turn.WonBehind)
		}
		deliver(t, s, c, at(1, 1))
		for limit, want := range map[int]int{2: 2, 1000: 149} {
			got, err := s.Unsent(t.Context(), c, limit)
			if err != nil || len(got) != want || got[0].Position != at(2, 1) {
				t.Errorf("limit %d: %d replies, %v", limit, len(got), err)
			}
		}
	})
}

func TestAHoldOutlastsCommits(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const c = "tg:1"
		mustCommit(t, s, said(c, 0, 1), turn.WonDelivery)
		until := noon.Add(time.Minute)
		if err := s.Hold(t.Context(), c, until); err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, said(c, 1, 1), turn.Won)
		if isDue(t, s, c, until.Add(-time.Millisecond)) || !isDue(t, s, c, until) {
			t.Error("it is not due at the end of the hold")
		}
		if deliverable, ok, err := s.Claim(t.Context(), c, until); err != nil || !ok || !deliverable {
			t.Errorf("claim after the hold: %v, %v, %v", deliverable, ok, err)
		}
	})
}

func TestAReplyThatTheCustomerHasWrittenBelowIsNoPrompt(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		const c = "tg:1"
		mustCommit(t, s, said(c, 0, 1), turn.WonDelivery)
		mustCommit(t, s, said(c, 1, 1), turn.WonBehind)
		deliver(t, s, c, at(1, 1))
		if p := load(t, s, c).Prompt; p != "" {
			t.Errorf("prompt is %q", p)
		}
		deliver(t, s, c, at(2, 1))
		if p := load(t, s, c).Prompt; p != "foreign 2-1" {
			t.Errorf("prompt is %q", p)
		}
	})
}

func TestAgenda(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s := h.replica(t)
		ctx := t.Context()
		const c = "tg:1"
		commit := said(c, 0, 0)
		commit.Due = noon.Add(time.Minute)
		mustCommit(t, s, commit, turn.Won)
		if isDue(t, s, c, noon.Add(59*time.Second)) || !isDue(t, s, c, noon.Add(time.Minute)) {
			t.Error("it is not due at its timer")
		}
		now := noon.Add(time.Hour)
		if waited, err := s.OldestDue(ctx, now); err != nil || waited != 59*time.Minute {
			t.Errorf("the oldest waits %s, %v", waited, err)
		}
		for i, want := range []bool{true, false} {
			if _, ok, err := s.Claim(ctx, c, now); err != nil || ok != want {
				t.Errorf("claim %d: %v, %v", i, ok, err)
			}
		}
		if !isDue(t, s, c, now.Add(turn.LeaseFor)) {
			t.Error("a claim that nobody settles is lost")
		}
		mustCommit(t, s, said(c, 1, 0), turn.Won) // owes nothing any more
		if err := s.Settle(ctx, c, now, time.Hour); err != nil {
			t.Fatal(err)
		}
		if isDue(t, s, c, noon.Add(time.Hour-time.Microsecond)) || !isDue(t, s, c, noon.Add(time.Hour)) {
			t.Error("it is not due for eviction an hour after its change")
		}
		due := map[chat.Conversation]time.Time{c: noon.Add(2 * time.Hour), "tg:unknown": noon, "tg:2": noon.Add(-time.Second)}
		if err := s.Schedule(ctx, due); err != nil {
			t.Fatal(err)
		}
		got, err := s.Due(ctx, noon.Add(time.Hour), 10)
		if diff := cmp.Diff([]chat.Conversation{"tg:2", "tg:unknown", c}, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		if deliverable, ok, err := s.Claim(ctx, "tg:unknown", noon); err != nil || !ok || deliverable {
			t.Errorf("claim of an unknown one: %v, %v, %v", deliverable, ok, err)
		}
		if err := s.Settle(ctx, "tg:unknown", noon, time.Hour); err != nil {
			t.Fatal(err)
		}
		if isDue(t, s, "tg:unknown", noon.Add(9*time.Hour)) {
			t.Error("an unknown one stays on the agenda")
		}
	})
}
