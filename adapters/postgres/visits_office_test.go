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
	"okoshko/core/privacy"
	"okoshko/core/visit"
)

// crier hears what conversations are told of their visits.
type crier struct {
	mu   sync.Mutex
	told []string
}

func (c *crier) cry(_ context.Context, n visit.News) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	text := fmt.Sprintf("%s: %s, %s in %s", n.Booking.Conversation, n.Kind, n.Booking.Start.In(n.Zone).Format("01-02 15:04"), n.Office.Code)
	if !n.Was.IsZero() {
		text += n.Was.In(n.Zone).Format(", was 01-02 15:04")
	}
	c.told = append(c.told, text)
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
	if n := p.had[0]; n.Kind != "visit_rescheduled" || n.Phone != late.Phone || n.Facts["time"] != "17.12.2026 10:00" || n.Facts["was"] != "26.11.2026 13:45" {
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

// The day of a clerk: who was booked arrives, is called and served; who does not
// come is missed; who walks in waits without a window.
func TestADayInTheOffice(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-25 09:00")
	clerk := l.clerk(t)
	a := l.mustBook(t, "tg:1", order(t, "06", "charges", "2026-11-26 10:00", 1))
	b := l.mustBook(t, "tg:2", order(t, "06", "charges", "2026-11-26 10:15", 2))
	seen := map[int64]visit.Status{a.ID: visit.Booked, b.ID: visit.Booked}
	mark := func(id int64, s visit.Status, window int) error {
		v, err := l.MarkVisit(t.Context(), clerk, visit.Mark{Office: "06", Visit: id, From: seen[id], To: s, Window: window})
		if err == nil {
			seen[id] = v.Status
		}
		if err == nil && v.Status != s {
			t.Errorf("it became %s, not %s", v.Status, s)
		}
		return err
	}
	if err := mark(a.ID, visit.Arrived, 0); !errors.Is(err, visit.ErrStep) {
		t.Errorf("a day too early: %v", err)
	}
	l.setClock(t, "2026-11-26 09:55")
	for _, step := range []struct {
		id     int64
		status visit.Status
		window int
		want   error
	}{
		{99, visit.Arrived, 0, visit.ErrUnknown},
		{a.ID, visit.Called, 1, visit.ErrStep},
		{b.ID, visit.NoShow, 0, visit.ErrStep}, // he may still come
		{a.ID, visit.Arrived, 0, nil},
		{a.ID, visit.Called, 2, visit.ErrWindow},
		{a.ID, visit.Called, 1, nil},
		{a.ID, visit.Served, 0, nil},
		{a.ID, visit.Called, 0, visit.ErrWindow},
		{a.ID, visit.Called, 1, nil}, // a slip
		{a.ID, visit.Served, 0, nil},
		{a.ID, visit.Cancelled, 0, visit.ErrStep},
	} {
		if err := mark(step.id, step.status, step.window); !errors.Is(err, step.want) || (err == nil) != (step.want == nil) {
			t.Errorf("%s: %v, want %v", step.status, err, step.want)
		}
	}
	petrov := visit.WalkIn{Office: "06", Service: "other", Name: privacy.NewPersonName("Петров Пётр")}
	w, err := l.AddWalkIn(t.Context(), clerk, "click-01", petrov)
	if err != nil || w.Code == "" || w.Status != visit.Arrived {
		t.Fatalf("walk-in: %+v, %v", w, err)
	}
	if again, err := l.AddWalkIn(t.Context(), clerk, "click-01", petrov); err != nil || again.ID != w.ID || again.Code != w.Code {
		t.Errorf("sent twice: %+v, %v", again, err)
	}
	for _, wrong := range []struct {
		visit.WalkIn
		want error
	}{
		{visit.WalkIn{Office: "06", Service: "contract"}, visit.ErrUnknown}, // which it does not serve
		{visit.WalkIn{Office: "99", Service: "other"}, visit.ErrUnknown},
		{visit.WalkIn{Office: "06", Service: "other", Window: 2}, visit.ErrWindow},
	} {
		if _, err := l.AddWalkIn(t.Context(), clerk, "click-02", wrong.WalkIn); !errors.Is(err, wrong.want) {
			t.Errorf("%+v: %v", wrong.WalkIn, err)
		}
	}
	seen[w.ID] = visit.Arrived
	must(t, mark(w.ID, visit.Called, 1))
	l.setClock(t, "2026-11-26 10:30")
	must(t, mark(b.ID, visit.NoShow, 0))
	must(t, mark(b.ID, visit.Arrived, 0)) // late
	if done, err := l.CancelBooking(t.Context(), l.effect("tg:2"), b.ID); err != nil || done.Refused != visit.Started {
		t.Errorf("he is there already: %+v, %v", done, err)
	}
	d, err := l.OfficeDay(t.Context(), "06", calendar.Date{Year: 2026, Month: 11, Day: 26})
	must(t, err)
	var list []string
	for _, v := range d.Bookings {
		list = append(list, fmt.Sprintf("%s %s %d %d", v.Name.Listed(), v.Status, v.Window, v.CalledTo))
	}
	want := "Петров П. called 0 1, Иванова А. П. served 1 1, Иванова А. П. arrived 1 0"
	if got := strings.Join(list, ", "); got != want || len(d.Day.Hours) != 1 || d.Office.Windows != 1 {
		t.Errorf("the day: %s, want %s; %+v", got, want, d.Day)
	}
	for _, c := range []struct {
		office string
		date   calendar.Date
	}{{"99", d.Day.Date}, {"06", calendar.Date{Month: 1, Day: 1}}, {"06", d.Day.Date.Add(4_000_000)}} {
		if _, err := l.OfficeDay(t.Context(), c.office, c.date); !errors.Is(err, visit.ErrUnknown) {
			t.Errorf("office %s on %s: %v", c.office, c.date, err)
		}
	}
	if _, err := l.edit(t, clerk, "06", visit.Reopening{First: calendar.Date{Month: 1, Day: 1}}); !errors.Is(err, visit.ErrNoClosure) {
		t.Errorf("a closure of the year 0: %v", err)
	}
	lines, err := l.ListAudit(t.Context(), audit.Filter{About: fmt.Sprintf("visit/%d", a.ID), Limit: 9})
	if err != nil || len(lines) != 5 || lines[0].Before["status"] != "called" || lines[0].Staff != clerk.Staff {
		t.Errorf("the audit: %+v, %v", lines, err)
	}
}

// Two clerks at once: the second one hears what has become of the visit, and by
// whom; a visit of another office is none of theirs.
func TestTwoClerks(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-25 09:00")
	clerk := l.clerk(t)
	a := l.mustBook(t, "tg:1", order(t, "06", "charges", "2026-11-26 10:00", 1))
	l.setClock(t, "2026-11-26 10:05")
	m := visit.Mark{Office: "06", Visit: a.ID, From: visit.Booked, To: visit.Arrived}
	_, err := l.MarkVisit(t.Context(), clerk, m)
	must(t, err)
	m.To = visit.NoShow
	_, err = l.MarkVisit(t.Context(), clerk, m)
	var changed *visit.ChangedError
	if !errors.As(err, &changed) || changed.Status != visit.Arrived || changed.By != "Ольга" {
		t.Errorf("the second hears %v, %+v", err, changed)
	}
	m.Office, m.From = "07", visit.Arrived
	if _, err := l.MarkVisit(t.Context(), clerk, m); !errors.Is(err, visit.ErrUnknown) {
		t.Errorf("from another office: %v", err)
	}
	if _, err := l.LookAtVisit(t.Context(), clerk, "07", a.ID); !errors.Is(err, visit.ErrUnknown) {
		t.Errorf("looked at from another office: %v", err)
	}
	if v, err := l.LookAtVisit(t.Context(), clerk, "06", a.ID); err != nil || v.Name.IsZero() || v.Phone.IsZero() {
		t.Errorf("looked at: %+v, %v", v, err)
	}
	lines, err := l.ListAudit(t.Context(), audit.Filter{Act: audit.VisitLook, Limit: 9})
	if err != nil || len(lines) != 1 || lines[0].Subject != fmt.Sprintf("visit/%d", a.ID) {
		t.Errorf("the audit: %+v, %v", lines, err)
	}
	day := calendar.Date{Year: 2026, Month: 11, Day: 26}
	for said, want := range map[string]int{a.Code: 1, a.Phone.Reveal(): 1, a.Phone.Reveal()[8:]: 1, a.Phone.Reveal()[1:]: 1, "00": 0} {
		found, err := l.SeekVisits(t.Context(), "06", day.Add(-1), day.Add(1), said)
		if err != nil || len(found) != want {
			t.Errorf("%q: %+v, %v", said, found, err)
		}
	}
}

// Who comes for an account is who it belongs to, and is forgotten like others.
func TestHoldersAreNamed(t *testing.T) {
	t.Parallel()
	l := newOffice(t, "2026-11-25 09:00")
	l.link(t, "tg:1", "0145201372", l.send(t, "tg:1", "0145201372"))
	o := order(t, "06", "charges", "2026-11-26 10:00", 1)
	o.Link, o.Name, o.Phone = l.links(t, "tg:1")[0].ID, privacy.PersonName{}, privacy.Phone{}
	v := l.mustBook(t, "tg:1", o)
	day := calendar.Date{Year: 2026, Month: 11, Day: 26}
	name := func() string {
		t.Helper()
		d, err := l.OfficeDay(t.Context(), "06", day)
		must(t, err)
		if len(d.Bookings) != 1 || d.Bookings[0].ID != v.ID {
			t.Fatalf("the day: %+v", d.Bookings)
		}
		return d.Bookings[0].Name.Listed()
	}
	if got := name(); got != "Соколова М. И." {
		t.Errorf("whom to call: %q", got)
	}
	l.setClock(t, "2026-12-27 09:00")
	if got := name(); got != "" {
		t.Errorf("a month later it is known that %s came", got)
	}
}
