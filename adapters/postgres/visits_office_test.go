package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/visit"
)

// crier hears what conversations are told of their visits.
type crier struct {
	mu   sync.Mutex
	told []string
	ids  map[string]bool
}

func (c *crier) cry(_ context.Context, n visit.News) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := fmt.Sprintf("%s: %s, %s in %s", n.Booking.Conversation, n.Kind, n.Booking.Start.In(n.Zone).Format("01-02 15:04"), n.Office.Code)
	if !n.Was.IsZero() {
		text += n.Was.In(n.Zone).Format(", was 01-02 15:04")
	}
	// A job whose end is not noted before its server stops is done again: told twice
	// is told once, as the hand of the program takes it.
	if id := fmt.Sprintf("%d/%d/%s", n.Booking.ID, n.Booking.Sequence, n.Kind); !c.ids[id] {
		c.told = append(c.told, text)
		if c.ids == nil {
			c.ids = map[string]bool{}
		}
		c.ids[id] = true
	}
	return nil
}

func (c *crier) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.told)
	slices.Sort(list)
	return list
}

// hears waits until exactly that has been told, in whatever order.
func (c *crier) hears(t *testing.T, want ...string) {
	t.Helper()
	slices.Sort(want)
	eventually(t, func() bool { return len(c.heard()) >= len(want) })
	if got := c.heard(); !slices.Equal(got, want) {
		t.Errorf("told:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// news starts the queue, waits until exactly that has been told since the test
// began, and stops it: a queue that sees its clock jump takes long to believe it.
func (l *linker) news(t *testing.T, c *crier, p *postman, want ...string) {
	t.Helper()
	jobs, err := l.Jobs(postgres.Work{Visit: c.cry, Notice: p.send})
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- jobs.Run(ctx) }()
	c.hears(t, want...)
	l.settled(t)
	stop()
	must(t, <-done)
	if len(c.heard()) != len(want) {
		t.Errorf("told besides: %s", c.heard())
	}
}

// settled waits until the queue has nothing to do before an instant.
func (l *linker) settled(t *testing.T) {
	t.Helper()
	eventually(t, func() bool {
		return count(t, l.conn, `SELECT count(*) FROM river_job WHERE state NOT IN ('completed', 'discarded', 'cancelled') AND scheduled_at <= $1`, l.now()) == 0
	})
}

func (l *linker) setClock(t *testing.T, now string) {
	t.Helper()
	l.after.Store(int64(at(t, now).Sub(noon)))
}

// clerk is who works in the office.
func (l *linker) clerk(t *testing.T) audit.Entry {
	t.Helper()
	return audit.Entry{Staff: hire(t, l.DB, "clerk", "Ольга").ID, Address: "192.0.2.7"}
}

// edit saves an edit of the schedule as it stands.
func (l *linker) edit(t *testing.T, by audit.Entry, office string, e visit.Edit) (visit.Impact, error) {
	t.Helper()
	s, err := l.OfficeSchedule(t.Context(), office)
	must(t, err)
	i, _, err := l.SaveEdit(t.Context(), by, office, s.Revision, e)
	return i, err
}

// Reminders go out on the program's clock; those of a visit that was moved or
// cancelled do not.
func TestVisitsAreRemindedOf(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-23 09:00")
	var c crier
	var p postman
	l.mustBook(t, "tg:1", order(t, "01", "charges", "2026-11-26 14:00", 1))
	moved := l.mustBook(t, "tg:2", order(t, "01", "charges", "2026-11-26 14:00", 2))
	gone := l.mustBook(t, "tg:3", order(t, "01", "charges", "2026-11-26 14:15", 3))
	done, err := l.MoveBooking(t.Context(), l.effect("tg:2"), visit.Choice{Office: "01", Service: "charges", Start: at(t, "2026-11-27 09:00"), Moving: moved.ID})
	if err != nil || done.Refused != "" {
		t.Fatalf("move: %+v, %v", done, err)
	}
	if done, err := l.CancelBooking(t.Context(), l.effect("tg:3"), gone.ID); err != nil || done.Refused != "" {
		t.Fatalf("cancel: %+v, %v", done, err)
	}
	l.setClock(t, "2026-11-25 14:00")
	l.news(t, &c, &p, "tg:1: tomorrow, 11-26 14:00 in 01")
	l.setClock(t, "2026-11-26 12:00")
	all := []string{"tg:1: tomorrow, 11-26 14:00 in 01", "tg:1: soon, 11-26 14:00 in 01", "tg:2: tomorrow, 11-27 09:00 in 01"}
	l.news(t, &c, &p, all...)
	l.setClock(t, "2026-11-27 08:30")
	l.news(t, &c, &p, all...)
}

// Closing an office moves its visits and tells their customers; what is held
// there is free; a slot that nobody can be moved to calls the visit off.
func TestClosure(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	var c crier
	var p postman
	clerk := l.clerk(t)
	late := l.mustBook(t, "tg:1", order(t, "06", "charges", "2026-11-26 13:45", 1))
	early := l.mustBook(t, "web:2", order(t, "06", "charges", "2026-11-26 10:00", 2))
	choice := visit.Choice{Office: "06", Service: "charges", Start: at(t, "2026-11-26 13:15")}
	if done, err := l.HoldSlot(t.Context(), l.effect("tg:3"), choice); err != nil || done.Refused != "" {
		t.Fatalf("hold: %+v, %v", done, err)
	}
	day := calendar.Date{Year: 2026, Month: 11, Day: 26}
	closure := visit.Closure{Exception: visit.Exception{
		First: day, Last: day, Spans: []calendar.Span{{From: 600, To: 780}}, Reasons: map[string]string{"ru": "нет света"},
	}}
	preview, _, err := l.PreviewEdit(t.Context(), "06", closure)
	if err != nil || len(preview.Hit) != 1 || preview.Hit[0].Booking.ID != late.ID || len(preview.Days) != 1 {
		t.Fatalf("preview: %+v, %v", preview, err)
	}
	if n := count(t, l.conn, `SELECT count(*) FROM visits WHERE status = 'moved'`); n != 0 {
		t.Error("a preview moves visits")
	}
	did, err := l.edit(t, clerk, "06", closure)
	if err != nil || len(did.Hit) != 1 || !did.Hit[0].To.Start.Equal(preview.Hit[0].To.Start) {
		t.Fatalf("closed: %+v, %v", did, err)
	}
	l.news(t, &c, &p, "tg:1: rescheduled, 12-17 10:00 in 06, was 11-26 13:45")
	if n := p.had[0]; n.Kind != "visit_rescheduled" || n.Phone != late.Phone || n.Facts["time"] != "2026-12-17T10:00:00+05:00" || n.Facts["was"] != "2026-11-26T13:45:00+05:00" {
		t.Errorf("the text message: %+v %v", n, n.Facts)
	}
	list, err := l.Bookings(t.Context(), "tg:1", l.now())
	if err != nil || len(list) != 1 || list[0].Status != visit.Moved || list[0].Sequence != 1 || list[0].Code == "" {
		t.Errorf("moved: %+v, %v", list, err)
	}
	if got := l.free(t, "tg:9", "06", "charges", "2026-11-26"); got != "10:15 10:45 11:15 11:30 12:00 12:30 12:45" {
		t.Errorf("the day is shorter now: %s", got)
	}
	if done := l.book(t, "tg:3", order(t, "06", "charges", "2026-11-26 13:15", 3)); done.Refused != visit.Taken {
		t.Errorf("what was held there: %+v", done)
	}
	if done, err := l.ConfirmBooking(t.Context(), l.effect("tg:1"), late.ID); err != nil || done.Booking.Status != visit.Booked || !done.Booking.Confirmed {
		t.Errorf("it suits him: %+v, %v", done, err)
	}
	if _, err := l.edit(t, clerk, "06", closure); !errors.Is(err, visit.ErrOverlaps) {
		t.Errorf("twice: %v", err)
	}
	if _, err := l.edit(t, clerk, "06", visit.Reopening{First: day}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.edit(t, clerk, "06", visit.Reopening{First: day}); !errors.Is(err, visit.ErrNoClosure) {
		t.Errorf("taken back twice: %v", err)
	}
	if got := l.free(t, "tg:9", "06", "charges", "2026-11-26"); !strings.HasSuffix(got, "13:15 13:45") {
		t.Errorf("open again: %s", got)
	}
	// All of the 17th is somebody's, and the days after are holidays.
	exec(t, l.conn, `INSERT INTO visits (office, service, window_number, day, starts_at, ends_at, status, at)
		SELECT '06', 'charges', 1, d, d + time '05:30', d + time '09:00', 'booked', now()
		FROM generate_series(timestamp '2026-12-17', '2026-12-29', '1 day') d`)
	closure.Spans = nil
	if _, err := l.edit(t, clerk, "06", closure); err != nil {
		t.Fatal(err)
	}
	l.news(t, &c, &p, "tg:1: rescheduled, 12-17 10:00 in 06, was 11-26 13:45", "web:2: called_off, 11-26 10:00 in 06, was 11-26 10:00")
	if list, err := l.Bookings(t.Context(), "web:2", l.now()); err != nil || len(list) != 0 {
		t.Errorf("called off: %+v, %v (%d)", list, err, early.ID)
	}
	lines, err := l.ListAudit(t.Context(), audit.Filter{About: "office/06", Limit: 9})
	if err != nil || len(lines) != 3 || lines[1].Act != audit.ClosureRemove || lines[2].After["visits"] != "1" {
		t.Errorf("the audit: %+v, %v", lines, err)
	}
}

// Whoever waits longest is offered what is free, by day; if he does not take it,
// the next one.
func TestWaitingList(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 09:00")
	var c crier
	var p postman
	day := calendar.Date{Year: 2026, Month: 11, Day: 26}
	var first visit.Booking
	for i, start := range strings.Fields("10:00 10:15 10:45 11:15 11:30 12:00 12:30 12:45 13:15 13:45") {
		b := l.mustBook(t, chat.Conversation(fmt.Sprintf("tg:2%d", i)), order(t, "06", "charges", "2026-11-26 "+start, 20+i))
		if i == 0 {
			first = b
		}
	}
	if got := l.free(t, "tg:1", "06", "charges", "2026-11-26"); got != "full" {
		t.Fatalf("the day is %s", got)
	}
	join := func(c chat.Conversation, w visit.Wish) visit.WaitOutcome {
		t.Helper()
		done, err := l.JoinWaiting(t.Context(), l.effect(c), w)
		must(t, err)
		return done
	}
	wish := visit.Wish{Office: "06", Service: "charges", First: day, Last: day, Lang: "ru"}
	if done := join("tg:1", wish); done.Refused != "" || done.Waiting.ID == 0 {
		t.Fatalf("join: %+v", done)
	}
	if done := join("tg:1", wish); done.Refused != visit.Waited {
		t.Errorf("twice: %+v", done)
	}
	l.wait(time.Minute)
	second := join("tg:2", wish)
	for _, w := range []struct {
		change func(*visit.Wish)
		want   visit.Refusal
	}{
		{func(w *visit.Wish) { w.Office = "99" }, visit.NotServed},
		{func(w *visit.Wish) { w.Last = day.Add(-9); w.First = w.Last }, visit.TooSoon},
		{func(w *visit.Wish) { w.First, w.Last = w.Last, w.First.Add(-1) }, visit.TooSoon},
		{func(w *visit.Wish) { w.Last = day.Add(30) }, visit.TooFar},
	} {
		other := wish
		w.change(&other)
		if done := join("tg:3", other); done.Refused != w.want {
			t.Errorf("%+v: %q, want %q", other, done.Refused, w.want)
		}
	}
	l.news(t, &c, &p) // nothing is free
	if done, err := l.CancelBooking(t.Context(), l.effect("tg:20"), first.ID); err != nil || done.Refused != "" {
		t.Fatalf("cancel: %+v, %v", done, err)
	}
	l.news(t, &c, &p, "tg:1: offered, 11-26 10:00 in 06")
	if got := l.free(t, "tg:1", "06", "charges", "2026-11-26"); got != "10:00" {
		t.Errorf("free for whom it is offered: %s", got)
	}
	if got := l.free(t, "tg:2", "06", "charges", "2026-11-26"); got != "full" {
		t.Errorf("free for others: %s", got)
	}
	if list, err := l.WaitingFor(t.Context(), "tg:1", l.now()); err != nil || len(list) != 0 {
		t.Errorf("he still waits: %+v, %v", list, err)
	}
	if list, err := l.WaitingFor(t.Context(), "tg:2", l.now()); err != nil || len(list) != 1 || list[0].ID != second.Waiting.ID || list[0].First != day {
		t.Errorf("the next one: %+v, %v", list, err)
	}
	l.wait(31 * time.Minute) // he does not answer
	l.news(t, &c, &p, "tg:1: offered, 11-26 10:00 in 06", "tg:2: offered, 11-26 10:00 in 06")
	if done := l.book(t, "tg:2", order(t, "06", "charges", "2026-11-26 10:00", 2)); done.Refused != "" {
		t.Errorf("he takes it: %+v", done)
	}
	third := join("tg:3", wish)
	if left, err := l.LeaveWaiting(t.Context(), l.effect("tg:1"), third.Waiting.ID); err != nil || left {
		t.Errorf("somebody else's wish: %v, %v", left, err)
	}
	if left, err := l.LeaveWaiting(t.Context(), l.effect("tg:3"), third.Waiting.ID); err != nil || !left {
		t.Errorf("he leaves: %v, %v", left, err)
	}
}

// Nobody is offered anything at night.
func TestNobodyIsOfferedAnythingAtNight(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-24 20:30")
	var c crier
	var p postman
	day := calendar.Date{Year: 2026, Month: 11, Day: 26}
	l.setClock(t, "2026-11-24 23:00")
	if _, err := l.JoinWaiting(t.Context(), l.effect("tg:1"), visit.Wish{Office: "06", Service: "charges", First: day, Last: day}); err != nil {
		t.Fatal(err)
	}
	l.news(t, &c, &p)
	l.setClock(t, "2026-11-25 09:00")
	l.news(t, &c, &p, "tg:1: offered, 11-26 10:00 in 06")
}
