package term_test

import (
	"slices"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

// walk is the oracle: it goes from day to day, and asks of each only whether it
// is worked.
func walk(t *testing.T, from calendar.Date, n int, unit calendar.Unit) calendar.Date {
	t.Helper()
	worked := func(d calendar.Date) bool {
		working, err := calendar.Published().Working(d)
		if err != nil {
			t.Skip("beyond the calendar")
		}
		return working
	}
	d := from
	switch unit {
	case calendar.WorkingDays:
		for n > 0 {
			if d = d.Add(1); worked(d) {
				n--
			}
		}
		return d
	case calendar.CalendarDays:
		for range n {
			d = d.Add(1)
		}
	case calendar.Months:
		for range n {
			month := d.Month
			for d.Month == month {
				d = d.Add(1)
			}
		} // the first of the month
		for month := d.Month; d.Day < from.Day && d.Add(1).Month == month; {
			d = d.Add(1)
		}
	}
	for !worked(d) {
		d = d.Add(1)
	}
	return d
}

// earlier is the smaller of two days.
func earlier(a, b calendar.Date) calendar.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// Deadlines are those of the oracle for any term, law and extension, received at
// any minute.
func FuzzDeadline(f *testing.F) {
	f.Add(30_000, 3, uint8(0), 0, uint8(0), 10, uint8(0), true)
	f.Add(1_000_000, 20, uint8(0), 3, uint8(1), 0, uint8(0), false)
	f.Add(500_000, 1, uint8(1), 6, uint8(2), 5, uint8(1), false)
	f.Fuzz(func(t *testing.T, minute, n int, unit uint8, legal int, legalUnit uint8, more int, moreUnit uint8, add bool) {
		const minutes = 3 * 365 * 24 * 60 // of the published years
		if minute < 0 || minute >= minutes || n < 1 || n > 60 || legal < 0 || legal > 60 || more < 0 || more > 60 {
			return
		}
		units := []calendar.Unit{calendar.CalendarDays, calendar.WorkingDays, calendar.Months}
		received := at("2025-01-01 00:00").Add(time.Duration(minute) * time.Minute)
		first := calendar.DateOf(received, zone)
		p := term.Policy{Clock: term.Answer, Company: calendar.Term{N: n, Unit: units[unit%3]}, How: term.Total}
		want, law := walk(t, first, n, p.Company.Unit), calendar.Date{Year: 9999, Month: 1, Day: 1}
		if legal > 0 {
			p.Legal = calendar.Term{N: legal, Unit: units[legalUnit%3]}
			law = walk(t, first, legal, p.Legal.Unit)
		}
		want = earlier(want, law)
		d, err := counter.Due(p, received, calendar.Term{})
		if err != nil || d.Last != want || !d.At.Equal(want.Add(1).At(0, zone)) {
			t.Fatalf("%s + %s, by law %s: %s (%v), want %s", first, p.Company, p.Legal, d.Last, err, want)
		}
		if d.Why[len(d.Why)-1].To != want {
			t.Errorf("the explanation ends on %s, not on %s", d.Why[len(d.Why)-1].To, want)
		}
		list, err := demo.Terms().Alerts(d, counter)
		if err != nil && !d.Last.Before(day("2027-12-01")) {
			return // the alert after the breach lies in an unknown year
		}
		for i, a := range list {
			if a.At.Before(received) || i > 0 && a.At.Before(list[i-1].At) || a.Mark.Breach() != !a.At.Before(d.At) {
				t.Errorf("%s at %s of %s…%s", a.Mark, a.At, received, d.At)
			}
		}
		if more == 0 {
			return
		}
		p.Extension = calendar.Term{N: more, Unit: units[moreUnit%3]}
		from := first
		if add {
			p.How, from = term.Add, want
		}
		longer := earlier(walk(t, from, more, p.Extension.Unit), law)
		e, err := counter.Extend(p, d, received)
		if want.Before(longer) != (err == nil) || err == nil && e.Last != longer {
			t.Errorf("%s extended by %s: %s (%v), want %s", want, p.Extension, e.Last, err, longer)
		}
	})
}

// A clock that stands still loses no day and gives none away: what is left after
// the answer is what was left before the question.
func FuzzResume(f *testing.F) {
	f.Add(30_000, 1, 600, 9000)
	f.Fuzz(func(t *testing.T, minute, n, asked, answered int) {
		const minutes = 2 * 365 * 24 * 60
		if minute < 0 || minute >= minutes || n < 1 || n > 20 || asked < 0 || asked > 60_000 || answered < asked || answered > 100_000 {
			return
		}
		p := term.Policy{Clock: term.Direction, Company: calendar.Term{N: n, Unit: calendar.WorkingDays}}
		from := at("2025-01-01 00:00").Add(time.Duration(minute) * time.Minute)
		d, err := counter.Due(p, from, calendar.Term{})
		if err != nil {
			t.Fatal(err)
		}
		question, answer := from.Add(time.Duration(asked)*time.Minute), from.Add(time.Duration(answered)*time.Minute)
		got, err := counter.Resume(p, d, question, answer)
		if err != nil {
			t.Fatal(err)
		}
		// The oracle counts the working days before the question that are used up.
		used := 0
		start, askedOn := calendar.DateOf(from, zone), calendar.DateOf(question, zone)
		for day := start.Add(1); day.Before(askedOn); day = day.Add(1) {
			if working, _ := calendar.Published().Working(day); working {
				used++
			}
		}
		want := d.Last
		if !d.Late(question) {
			if resumed := walk(t, calendar.DateOf(answer, zone), max(n-used, 1), calendar.WorkingDays); want.Before(resumed) {
				want = resumed
			}
		}
		if got.Last != want {
			t.Errorf("from %s, %d days, asked %s, answered %s: %s, want %s", start, n, askedOn, calendar.DateOf(answer, zone), got.Last, want)
		}
	})
}

// Whatever an administrator writes into a row is refused as Invalid, or holds.
func FuzzTables(f *testing.F) {
	f.Add("answer", "question", "В-1", "fl", "3 calendar_days", "10 working_days", "закон", "10 calendar_days", "add", "80%", "keeper supervisor")
	f.Add("contact", "", "", "both", "24 hours", "", "", "", "", "+1", "assignee")
	f.Fuzz(func(t *testing.T, clock, kind, category, audience, company, legal, law, more, how, mark, receivers string) {
		tables := demo.TermTables()
		tables[0].Rows = append(slices.Clone(tables[0].Rows),
			[]string{"2026-01-01", clock, kind, category, audience, "", company, legal, law, law, more, how})
		tables[1].Rows = append(slices.Clone(tables[1].Rows), []string{"2026-01-01", clock, mark, receivers})
		b, err := term.New(tables)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v is %v", err, fault.Of(err))
			}
			return
		}
		received := at("2026-03-03 10:00")
		p, ok := b.Policy(term.Clock(clock), term.Subject{Kind: appeal.Kind(kind), Category: category, Audience: knowledge.Audience(audience)}, day("2026-03-03"))
		if !ok {
			return
		}
		d, err := counter.Due(p, received, calendar.Term{})
		if err != nil {
			return // beyond the calendar
		}
		if d.At.Before(received) || len(d.Why) == 0 {
			t.Errorf("%s ends at %s, before it begins", p.ID(), d.At)
		}
		if e, err := counter.Extend(p, d, received); err == nil && !d.At.Before(e.At) {
			t.Errorf("%s extended from %s to %s", p.ID(), d.At, e.At)
		}
	})
}
