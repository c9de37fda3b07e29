package postgres_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/core/fault"
)

// What comes at one moment, by two replicas, does not pass the limits side by side:
// of many the hour's number is registered, of the same text one.
func TestFilingLimits(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 12:00")
	replicas := []*postgres.DB{b.DB, pgtest.Connect(t, b.url, func(c *postgres.Config) { c.Now = b.now })}
	limits := registry.Limits{Hourly: 3, Twins: 10 * time.Minute}
	race := func(c chat.Conversation, text func(i int) string) (made, twins, many int64) {
		var counts [3]atomic.Int64
		together(12, func(i int) {
			f := filing(appeal.Question)
			f.Limits, f.Answers = limits, f.Answers.With(appeal.Body, text(i))
			_, err := replicas[i%2].RegisterCase(t.Context(), b.click(c), f)
			switch {
			case err == nil:
				counts[0].Add(1)
			case errors.Is(err, registry.ErrTwin):
				counts[1].Add(1)
			case errors.Is(err, registry.ErrMany):
				counts[2].Add(1)
			default:
				t.Error(err)
			}
		})
		return counts[0].Load(), counts[1].Load(), counts[2].Load()
	}
	if made, twins, many := race("tg:1", func(i int) string { return fmt.Sprintf("Вопрос %d", i) }); made != 3 || twins != 0 || many != 9 {
		t.Errorf("of twelve questions %d are made, %d are twins, %d too many", made, twins, many)
	}
	if made, twins, many := race("tg:2", func(int) string { return "Вопрос" }); made != 1 || twins != 11 || many != 0 {
		t.Errorf("of one question twelve times %d are made, %d are twins, %d too many", made, twins, many)
	}
	b.set(t, "2026-11-20 13:01")
	if made, twins, many := race("tg:1", func(int) string { return "Позже" }); made != 1 || twins != 11 || many != 0 {
		t.Errorf("an hour later %d are made, %d are twins, %d too many", made, twins, many)
	}
	f := filing(appeal.Question)
	f.Limits = limits
	f.Answers = f.Answers.With(appeal.Body, "Вопрос")
	var same *registry.TwinError
	b.set(t, "2026-11-20 12:05") // a message that was sent before came late
	if _, err := b.RegisterCase(t.Context(), b.click("tg:2"), f); !errors.As(err, &same) || same.Number.IsZero() || !fault.Is(err, fault.Conflict) {
		t.Errorf("the same again: %v", err)
	}
}

// A customer files a case instead of waiting while somebody of the staff takes his
// call: either he has left, and nobody has him, or he is served, and his case stands
// all the same.
func TestFilingRacesTaking(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 21:30")
	anna := b.people["reception"].Staff
	left := 0
	for i := range 12 {
		c := chat.Conversation(fmt.Sprintf("tg:%d", i))
		f := filing(appeal.Question)
		f.Handoff = call(t, b.DB, c, 1).Handoff
		var done registry.Filed
		var filed, taken error
		e := b.click(c)
		together(2, func(n int) {
			if n == 0 {
				done, filed = b.RegisterCase(t.Context(), e, f)
				return
			}
			_, taken = b.TakeHandoff(t.Context(), f.Handoff, anna)
		})
		if filed != nil || done.Number.IsZero() || done.LeftDesk == (taken == nil) || done.LeftDesk && !errors.Is(taken, desk.ErrClosed) {
			t.Fatalf("filed %+v, %v; taken: %v", done, filed, taken)
		}
		again, err := b.RegisterCase(t.Context(), e, f)
		if err != nil || again.Number != done.Number || again.LeftDesk != done.LeftDesk {
			t.Errorf("the same effect again: %+v, %v", again, err)
		}
		changes, err := b.Changes(t.Context(), f.Handoff)
		must(t, err)
		want := desk.Change{Did: desk.Taken}
		if done.LeftDesk {
			left++
			want = desk.Change{Did: desk.Filed, Case: done.Number}
		}
		if last := changes[len(changes)-1]; len(changes) != 2 || last.Did != want.Did || last.Case != want.Case {
			t.Errorf("%d changes, the last %+v", len(changes), changes[len(changes)-1])
		}
	}
	t.Logf("%d of 12 left", left)
}

// A case takes nobody out of the queue but its own author, and him only while he
// waits.
func TestFilingLeavesOthersWaiting(t *testing.T) {
	t.Parallel()
	b := newBureau(t, "2026-11-20 21:30")
	mine, other := call(t, b.DB, "tg:1", 1), call(t, b.DB, "tg:2", 1)
	for _, c := range []struct {
		name    string
		handoff int64
		left    bool
	}{
		{"another's", other.Handoff, false},
		{"none", 0, false},
		{"nobody's", 999, false},
		{"his own", mine.Handoff, true},
		{"once more", mine.Handoff, false},
	} {
		f := filing(appeal.Question)
		f.Handoff = c.handoff
		done, err := b.RegisterCase(t.Context(), b.click("tg:1"), f)
		if err != nil || done.LeftDesk != c.left {
			t.Errorf("%s: %+v, %v", c.name, done, err)
		}
	}
	if list, err := b.Handoffs(t.Context(), 10); err != nil || len(list) != 1 || list[0].ID != other.Handoff {
		t.Errorf("still waiting: %+v, %v", list, err)
	}
}
