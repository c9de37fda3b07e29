package term_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
)

// While the customer is asked the direction's day stands still (spec §1.6, A4).
func TestResume(t *testing.T) {
	t.Parallel()
	p := policy(t, term.Direction, question)
	for _, c := range []struct{ from, asked, answered, want string }{
		{"2026-11-03 10:00", "2026-11-03 11:00", "2026-11-03 12:00", "2026-11-05"}, // the same day: nothing changes
		{"2026-11-03 10:00", "2026-11-03 11:00", "2026-11-10 12:00", "2026-11-11"}, // the whole day is left
		{"2026-11-03 10:00", "2026-11-05 11:00", "2026-11-06 12:00", "2026-11-09"}, // asked on the day itself
		{"2026-11-03 10:00", "2026-11-06 11:00", "2026-11-10 12:00", "2026-11-05"}, // it was late already
		{"2026-11-03 10:00", "2026-11-03 11:00", "2026-12-30 12:00", "2027-01-11"},
	} {
		d, err := counter.Due(p, at(c.from), calendar.Term{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := counter.Resume(p, d, at(c.asked), at(c.answered))
		if err != nil || got.Last.String() != c.want {
			t.Errorf("from %s, asked %s, answered %s: %s (%v), want %s", c.from, c.asked, c.answered, got.Last, err, c.want)
		}
	}
	p.Company = calendar.Term{N: 3, Unit: calendar.WorkingDays}
	d, err := counter.Due(p, at("2026-11-03 10:00"), calendar.Term{}) // until 09.11
	if err != nil {
		t.Fatal(err)
	}
	// 5 November is used up, two days are left.
	if got, err := counter.Resume(p, d, at("2026-11-06 10:00"), at("2026-11-16 10:00")); err != nil || got.Last != day("2026-11-18") {
		t.Errorf("two days left of three end on %s (%v)", got.Last, err)
	}
}

// Other units move by whole days, and end on a working one.
func TestResumeCalendarDays(t *testing.T) {
	t.Parallel()
	p := policy(t, term.Answer, question)
	d, err := counter.Due(p, at("2026-11-03 10:00"), calendar.Term{}) // until Friday, 06.11
	if err != nil {
		t.Fatal(err)
	}
	// The 5th and the 6th are left: the 11th and the 12th.
	if got, err := counter.Resume(p, d, at("2026-11-05 10:00"), at("2026-11-10 10:00")); err != nil || got.Last != day("2026-11-12") {
		t.Errorf("two days left end on %s (%v)", got.Last, err)
	}
	if got, err := counter.Resume(p, d, at("2026-11-06 10:00"), at("2026-11-13 10:00")); err != nil || got.Last != day("2026-11-16") {
		t.Errorf("one day left ends on %s (%v), want the Monday after", got.Last, err)
	}
}

// The breach is the deadline itself to the last bit, and rules of a later day
// replace those before.
func TestAlertRules(t *testing.T) {
	t.Parallel()
	tables := demo.TermTables()
	later := [][]string{{"2027-01-01", "answer", "breach", "supervisor"}, {"2027-01-01", "answer", "+2", "supervisor"}}
	tables[1].Rows = slices.Concat(later, tables[1].Rows) // in any order
	b, err := term.New(tables)
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]int{"2026-12-31 10:00": 4, "2027-01-01 10:00": 2} {
		d, err := counter.Due(policy(t, term.Answer, question), at(from).Add(7), calendar.Term{})
		if err != nil {
			t.Fatal(err)
		}
		list, err := b.Alerts(d, counter)
		if err != nil || len(list) != want {
			t.Fatalf("from %s: %v (%v), want %d", from, list, err, want)
		}
		for _, a := range list {
			if a.Mark.Share == 100 && !a.At.Equal(d.At) {
				t.Errorf("the breach is told at %s, it is at %s", a.At, d.At)
			}
		}
	}
}

func TestAlerts(t *testing.T) {
	t.Parallel()
	d, err := counter.Due(policy(t, term.Answer, question), at("2026-11-20 12:00"), calendar.Term{}) // until 23.11, 24:00
	if err != nil {
		t.Fatal(err)
	}
	list, err := demo.Terms().Alerts(d, counter)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		got = append(got, a.Mark.String()+" "+a.At.In(zone).Format("02.01 15:04")+" "+string(a.To[len(a.To)-1]))
	}
	want := []string{"50% 22.11 06:00 assignee", "80% 23.11 07:12 keeper", "breach 24.11 00:00 supervisor", "+1 25.11 00:00 supervisor"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list[1].Mark.Breach() || !list[2].Mark.Breach() || !list[3].Mark.Breach() {
		t.Error("which of them are breaches")
	}
}
