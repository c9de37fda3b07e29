package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/core/fault"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog"
)

func effectOf(c chat.Conversation, n int) dialog.Effect {
	return dialog.Effect{ID: fmt.Sprintf("%s/1/%d", c, n), Conversation: c, At: time.Now()}
}

func call(t *testing.T, d *postgres.DB, c chat.Conversation, n int) desk.Standing {
	t.Helper()
	s, err := d.CallDesk(t.Context(), effectOf(c, n))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func hire(t *testing.T, d *postgres.DB, login, name string) desk.Member {
	t.Helper()
	card := staff.Card{Name: name, Roles: []staff.Role{staff.Operator}}
	a, err := d.AddStaff(t.Context(), audit.Entry{}, login, "hash", false, card)
	if err != nil {
		t.Fatal(err)
	}
	return a.Member
}

// A place is kept however often the customer calls, and moves up when those
// before him are served or leave.
func TestQueue(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	first, second := call(t, d, "tg:1", 1), call(t, d, "tg:2", 1)
	if first.Place != 1 || second.Place != 2 || second.Again || second.Present != 0 || second.Typical != 0 {
		t.Errorf("stand at %+v and %+v", first, second)
	}
	if again := call(t, d, "tg:2", 2); !again.Again || again.Place != 2 || again.Handoff != second.Handoff {
		t.Errorf("called again: %+v", again)
	}
	if repeated := call(t, d, "tg:2", 1); repeated != second {
		t.Errorf("the same effect gave %+v, then %+v", second, repeated)
	}
	left, err := d.LeaveDesk(t.Context(), effectOf("tg:1", 2))
	if err != nil || left.Handoff != first.Handoff {
		t.Errorf("left %+v, %v", left, err)
	}
	anna := hire(t, d, "anna", "Анна")
	if err := d.Seen(t.Context(), anna.ID); err != nil {
		t.Fatal(err)
	}
	if s := call(t, d, "tg:2", 3); s.Place != 1 || s.Present != 1 {
		t.Errorf("after the first has left: %+v", s)
	}
	if _, err := d.TakeHandoff(t.Context(), second.Handoff, anna.ID); err != nil {
		t.Fatal(err)
	}
	if s := call(t, d, "tg:2", 4); s.Place != 0 || !s.Again {
		t.Errorf("while he is served: %+v", s)
	}
	if nobody, err := d.LeaveDesk(t.Context(), effectOf("tg:9", 1)); err != nil || nobody != (desk.Standing{}) {
		t.Errorf("who never called left %+v, %v", nobody, err)
	}
	h, found, err := d.LatestHandoff(t.Context(), "tg:2")
	want := desk.Handoff{ID: second.Handoff, Conversation: "tg:2", State: desk.Held, Since: h.Since, Holder: &anna}
	if diff := cmp.Diff(want, h); err != nil || !found || diff != "" {
		t.Errorf("latest (-want +got) %v, %v:\n%s", found, err, diff)
	}
}

// Fifty who reach for one dialog: one has it, all others learn who.
func TestRacingTakes(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	replicas := []*postgres.DB{pgtest.Connect(t, url), pgtest.Connect(t, url)}
	id := call(t, replicas[0], "tg:1", 1).Handoff
	const racers = 50
	staff := make([]desk.Member, racers)
	for i := range staff {
		staff[i] = hire(t, replicas[0], fmt.Sprintf("staff%d", i), fmt.Sprintf("Имя %d", i))
		if err := replicas[0].Seen(t.Context(), staff[i].ID); err != nil {
			t.Fatal(err)
		}
	}
	var winner atomic.Int64
	var named [racers]int64
	together(racers, func(i int) {
		_, err := replicas[i%2].TakeHandoff(t.Context(), id, staff[i].ID)
		var taken *desk.TakenError
		switch {
		case err == nil:
			if !winner.CompareAndSwap(0, staff[i].ID) {
				t.Error("two have it")
			}
			named[i] = staff[i].ID
		case errors.As(err, &taken) && fault.Is(err, fault.Conflict):
			named[i] = taken.By.ID
		default:
			t.Error(err)
		}
	})
	for i, who := range named {
		if who != winner.Load() || who == 0 {
			t.Errorf("%d was told %d, the winner is %d", i, who, winner.Load())
		}
	}
	changes, err := replicas[0].Changes(t.Context(), id)
	if err != nil || len(changes) != 2 || changes[1].Did != desk.Taken || changes[1].By.ID != winner.Load() {
		t.Errorf("changes: %+v, %v", changes, err)
	}
}

// Only the holder ends a dialog, once; one whose holder has gone can be taken.
func TestHolder(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d, ctx := pgtest.Connect(t, url), t.Context()
	anna, pavel := hire(t, d, "anna", "Анна"), hire(t, d, "pavel", "Павел")
	id := call(t, d, "tg:1", 1).Handoff
	if err := d.Seen(ctx, anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.EndHandoff(ctx, id, anna.ID, desk.Ended); !errors.Is(err, desk.ErrNotHolder) {
		t.Errorf("closed before it was taken: %v", err)
	}
	for range 2 { // twice is once
		if _, err := d.TakeHandoff(ctx, id, anna.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.EndHandoff(ctx, id, pavel.ID, desk.Ended); !errors.Is(err, desk.ErrNotHolder) {
		t.Errorf("closed by another: %v", err)
	}
	if _, err := d.TakeHandoff(ctx, id, pavel.ID); !errors.Is(err, desk.ErrTaken) {
		t.Errorf("taken from one who is there: %v", err)
	}
	exec(t, pgtest.Conn(t, url), `UPDATE staff SET seen_at = now() - interval '11 minutes' WHERE id = $1`, anna.ID)
	if h, err := d.TakeHandoff(ctx, id, pavel.ID); err != nil || h.Holder.ID != pavel.ID {
		t.Errorf("taken from one who has gone: %+v, %v", h, err)
	}
	if _, err := d.EndHandoff(ctx, id, anna.ID, desk.Returned); !errors.Is(err, desk.ErrNotHolder) {
		t.Errorf("ended by who has lost it: %v", err)
	}
	if h, err := d.EndHandoff(ctx, id, pavel.ID, desk.Returned); err != nil || h.State != desk.Closed {
		t.Errorf("returned: %+v, %v", h, err)
	}
	if _, err := d.EndHandoff(ctx, id, pavel.ID, desk.Returned); !errors.Is(err, desk.ErrClosed) {
		t.Errorf("returned twice: %v", err)
	}
	if _, err := d.TakeHandoff(ctx, id, anna.ID); !errors.Is(err, desk.ErrClosed) {
		t.Errorf("taken when closed: %v", err)
	}
	if _, err := d.TakeHandoff(ctx, 999, anna.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("taken what never was: %v", err)
	}
	if list, err := d.Handoffs(ctx, 10); err != nil || len(list) != 0 {
		t.Errorf("still open: %+v, %v", list, err)
	}
	if s := call(t, d, "tg:1", 2); s.Again || s.Handoff == id || s.Place != 1 {
		t.Errorf("called anew: %+v", s)
	}
}

// What the length of dialogs is said to be is the median of those that ended,
// once there are enough.
func TestTypical(t *testing.T) {
	t.Parallel()
	now := newClock(time.Now())
	d := pgtest.Open(t, func(c *postgres.Config) { c.Now = now.Now })
	anna := hire(t, d, "anna", "Анна")
	for i, minutes := range []int{4, 100, 6, 2, 8} {
		if s := call(t, d, "tg:last", i+1); s.Typical != 0 {
			t.Errorf("said after %d dialogs: %v", i, s.Typical)
		}
		id := call(t, d, chat.Conversation(fmt.Sprintf("tg:%d", i)), 1).Handoff
		if _, err := d.TakeHandoff(t.Context(), id, anna.ID); err != nil {
			t.Fatal(err)
		}
		now.advance(time.Duration(minutes) * time.Minute)
		if _, err := d.EndHandoff(t.Context(), id, anna.ID, desk.Ended); err != nil {
			t.Fatal(err)
		}
	}
	if s := call(t, d, "tg:last", 9); s.Typical != 6*time.Minute {
		t.Errorf("typical %v", s.Typical)
	}
}

// Each change reaches its conversation through the queue, in order, and is told
// again after a failure.
func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	told := make(chan desk.Change, 100)
	var failures atomic.Int64
	work(t, d, postgres.Work{Desk: func(_ context.Context, c desk.Change) error {
		if failures.Add(1) == 1 {
			return fault.New(fault.Unavailable, "the live store is away")
		}
		told <- c
		return nil
	}})
	anna := hire(t, d, "anna", "Анна")
	id := call(t, d, "tg:1", 1).Handoff
	if _, err := d.TakeHandoff(t.Context(), id, anna.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.EndHandoff(t.Context(), id, anna.ID, desk.Ended); err != nil {
		t.Fatal(err)
	}
	last := 0
	for last < 3 {
		select {
		case c := <-told:
			if c.Number > last+1 {
				t.Fatalf("told of change %d after %d", c.Number, last)
			}
			last = max(last, c.Number)
		case <-t.Context().Done():
			t.Fatal("not told")
		case <-time.After(time.Minute):
			t.Fatalf("told of %d changes", last)
		}
	}
}

// An erased conversation leaves the desk; what was looked at stays known.
func TestEraseAtDesk(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d, conn := pgtest.Connect(t, url), pgtest.Conn(t, url)
	call(t, d, "tg:1", 1)
	if err := d.Audit(t.Context(), audit.Entry{Act: audit.Look, Conversation: "tg:1", Address: "10.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Erase(t.Context(), "tg:1", 0, "customer", "asked"); err != nil {
		t.Fatal(err)
	}
	if n := count(t, conn, `SELECT count(*) FROM handoffs`) + count(t, conn, `SELECT count(*) FROM handoff_changes`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if n := count(t, conn, `SELECT count(*) FROM audit WHERE did = 'look'`); n != 1 {
		t.Errorf("%d lines of the audit are left", n)
	}
}
