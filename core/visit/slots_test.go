package visit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/visit"
	"okoshko/core/visit/demo"
)

func plan(t testing.TB, office, service string) visit.Plan {
	t.Helper()
	p, served := demo.Directory().Plan(office, service, calendar.Published(), zone)
	if !served {
		t.Fatalf("office %s does not serve %s", office, service)
	}
	return p
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// show writes what a day offers: "10:00 10:15×2 …" or why it offers nothing.
func show(d visit.Day) string {
	if d.Why != "" {
		return strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Why, d.Calendar, d.Reasons["ru"]))
	}
	var list []string
	for _, s := range d.Slots {
		text := s.Start.In(zone).Format("15:04")
		if n := len(s.Windows); n > 1 {
			text += fmt.Sprintf("×%d", n)
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

// The days of spec §2.9 and §5.2.
func TestDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, office, service, now, date, want string }{
		{
			"40 % of 16 are left for walk-ins, spread", "06", "charges", "2026-11-25 12:00", "2026-11-26",
			"10:00 10:15 10:45 11:15 11:30 12:00 12:30 12:45 13:15 13:45",
		},
		{
			"the last one ends at closing", "06", "meter", "2026-11-25 12:00", "2026-11-26",
			"10:00 10:20 11:00 11:40 12:00 12:40 13:20 13:40",
		},
		{
			"the grid starts anew after a break", "08", "account", "2026-11-26 12:00", "2026-11-27",
			"09:00×2 09:30 10:00 10:30 11:00 11:30×2 12:00 12:30 13:45 14:15 14:45×2 15:15 15:45 16:15",
		},
		{
			"an hour earlier before a holiday", "06", "charges", "2026-11-02 12:00", "2026-11-03",
			"10:00 10:15 10:45 11:15 11:30 12:00 12:30 12:45",
		},
		{"closed for repairs", "06", "charges", "2026-11-27 12:00", "2026-12-01", "closed exception ремонт в здании администрации"},
		{"until the 15th", "06", "charges", "2026-12-10 12:00", "2026-12-15", "closed exception ремонт в здании администрации"},
		{"open again", "06", "account", "2026-12-10 12:00", "2026-12-17", "10:00 10:30 11:30 12:30 13:00"},
		{"the last Thursday", "07", "charges", "2026-11-20 12:00", "2026-11-26", "closed sanitary"},
		{"the last Thursday that is worked", "07", "charges", "2026-12-20 12:00", "2026-12-24", "closed sanitary"},
		{"a holiday", "01", "charges", "2026-11-02 12:00", "2026-11-04", "closed holiday"},
		{"a day that is always closed", "05", "charges", "2026-11-26 12:00", "2026-11-27", "closed usual"},
		{"yesterday", "06", "charges", "2026-11-27 09:00", "2026-11-26", "over usual"},
		{"an hour ahead at least", "06", "charges", "2026-11-26 12:15", "2026-11-26", "13:15 13:45"},
		{"a minute later", "06", "charges", "2026-11-26 12:16", "2026-11-26", "13:45"},
		{"too late", "06", "charges", "2026-11-26 12:46", "2026-11-26", "over usual"},
		{"two weeks ahead", "06", "account", "2026-12-03 23:59", "2026-12-17", "10:00 10:30 11:30 12:30 13:00"},
		{"and a day", "06", "account", "2026-12-02 12:00", "2026-12-17", "too_far usual"},
		{"a working Saturday has the hours of a Monday", "06", "account", "2027-02-18 12:00", "2027-02-20", "closed replaced"},
	} {
		if got := show(plan(t, c.office, c.service).Day(day(t, c.date), at(t, c.now), nil)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
}

// Windows receive by what they serve; one that is busy at a time does not then.
func TestDayByWindow(t *testing.T) {
	t.Parallel()
	now, date := at(t, "2026-11-26 12:00"), day(t, "2026-11-28")
	if got := show(plan(t, "01", "statement").Day(date, now, nil)); !strings.HasPrefix(got, "09:00×2 09:20 09:40 10:00 10:20 10:40×2") {
		t.Errorf("two windows for organisations: %s", got)
	}
	p := plan(t, "06", "charges")
	date = day(t, "2026-12-17")
	now = at(t, "2026-12-16 12:00")
	busy := []visit.Busy{{1, at(t, "2026-12-17 10:10"), at(t, "2026-12-17 10:50")}, {2, at(t, "2026-12-17 11:15"), at(t, "2026-12-17 11:30")}}
	if got := show(p.Day(date, now, busy)); got != "11:15 11:30 12:00 12:30 12:45 13:15 13:45" {
		t.Errorf("from 10:10 to 10:50 it is busy: %s", got)
	}
	// Five long visits take 60 % of the day and more, whatever lies between them.
	busy = nil
	for _, start := range []string{"10:00", "10:30", "11:30", "12:30", "13:00"} {
		from := at(t, "2026-12-17 "+start)
		busy = append(busy, visit.Busy{Window: 1, Start: from, End: from.Add(30 * time.Minute)})
	}
	if got := show(p.Day(date, now, busy[:4])); got != "11:15 12:00 13:15 13:45" {
		t.Errorf("half of the day is taken: %s", got)
	}
	if got := show(p.Day(date, now, busy)); got != "full usual" {
		t.Errorf("the rest is for walk-ins: %s", got)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	p, now := plan(t, "06", "charges"), at(t, "2026-11-26 09:30")
	for _, c := range []struct {
		start string
		want  visit.Refusal
	}{
		{"2026-11-26 10:45", ""},
		{"2026-11-26 10:30", visit.Taken}, // left for walk-ins
		{"2026-11-26 10:50", visit.Taken}, // no slot begins then
		{"2026-11-26 10:15", visit.TooSoon},
		{"2026-11-25 10:15", visit.OfficeClosed}, // a Wednesday
		{"2026-11-24 10:15", visit.TooSoon},
		{"2026-12-01 10:00", visit.OfficeClosed},
		{"2026-12-17 10:00", visit.TooFar},
	} {
		s, refused := p.Judge(at(t, c.start), now, nil)
		if refused != c.want || (refused == "") != (len(s.Windows) == 1) {
			t.Errorf("%s: %q %v, want %q", c.start, refused, s, c.want)
		}
	}
	for _, c := range []struct{ office, service string }{{"99", "charges"}, {"06", "cake"}, {"06", "contract"}, {"biz", "charges"}} {
		if _, served := demo.Directory().Plan(c.office, c.service, calendar.Published(), zone); served {
			t.Errorf("office %s serves %s", c.office, c.service)
		}
	}
}

// In the night in which clocks go forward, 02:30 is 03:30: the opening that ends
// then and the one that begins at 03:00 do not receive at the same time.
func TestDayOfAClockChange(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip(err)
	}
	o := &visit.Office{Windows: 1, Audience: "both"}
	o.Week[time.Sunday] = []calendar.Span{{From: 60, To: 150}, {From: 180, To: 300}}
	p := visit.Plan{
		Office: o, Service: visit.Service{Length: 30 * time.Minute}, Rules: visit.Rules{Days: 14},
		Hours: o.Hours(calendar.Published(), berlin), Windows: []int{1},
	}
	var got []string
	for _, s := range p.Day(day(t, "2026-03-29"), at(t, "2026-03-28 12:00"), nil).Slots {
		got = append(got, s.Start.In(berlin).Format("15:04"))
	}
	if want := "01:00 01:30 03:00 03:30 04:00 04:30"; strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", got, want)
	}
}
