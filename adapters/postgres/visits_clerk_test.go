package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/visit"
)

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
	over := func(c chat.Conversation, want string) {
		t.Helper()
		past, err := l.PastVisits(t.Context(), c, l.now())
		must(t, err)
		var got []string
		for _, v := range past {
			got = append(got, string(v.Status))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s is told that its visits are %q, want %q", c, got, want)
		}
	}
	over("tg:1", "served")
	over("tg:2", "")
	over("tg:3", "")
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
	l.setClock(t, "2026-11-27 10:30")
	over("tg:2", "arrived") // and nobody has marked what became of it
	l.setClock(t, "2026-12-27 10:30")
	over("tg:1", "")
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
