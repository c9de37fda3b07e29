package term_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

var (
	zone    = time.FixedZone("UTC+5", 5*60*60) // of the demo's company
	counter = term.Counter{Days: calendar.Published(), Zone: zone}
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// at reads a local time.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func policy(t *testing.T, c term.Clock, s term.Subject) term.Policy {
	t.Helper()
	p, ok := demo.Terms().Policy(c, s, day("2026-11-27"))
	if !ok {
		t.Fatalf("no policy of %s for %+v", c, s)
	}
	return p
}

var question, complaint = term.Subject{Kind: appeal.Question}, term.Subject{Kind: appeal.Complaint}

// The vectors of spec §2.9: a question, its extension, a complaint, the direction's
// day; received at any hour of the day.
func TestVectors(t *testing.T) {
	t.Parallel()
	for received, want := range map[string][]string{
		//            1 working day  3 calendar    3 + 10        20 calendar
		"2026-11-03": {"2026-11-05", "2026-11-06", "2026-11-16", "2026-11-23"},
		"2026-11-20": {"2026-11-23", "2026-11-23", "2026-12-03", "2026-12-10"},
		"2026-12-25": {"2026-12-28", "2026-12-28", "2027-01-11", "2027-01-14"},
		"2026-12-30": {"2027-01-11", "2027-01-11", "2027-01-21", "2027-01-19"},
		"2027-02-19": {"2027-02-20", "2027-02-24", "2027-03-09", "2027-03-11"},
		"2027-04-29": {"2027-04-30", "2027-05-04", "2027-05-14", "2027-05-19"},
	} {
		for _, hour := range []string{"00:00", "12:34", "23:59"} {
			moment := at(received + " " + hour)
			ask := policy(t, term.Answer, question)
			var got []string
			for _, p := range []term.Policy{policy(t, term.Direction, question), ask, {}, policy(t, term.Answer, complaint)} {
				var d term.Deadline
				var err error
				if p.Clock == "" {
					if d, err = counter.Due(ask, moment, calendar.Term{}); err == nil {
						d, err = counter.Extend(ask, d, moment)
					}
				} else {
					d, err = counter.Due(p, moment, calendar.Term{})
				}
				if err != nil {
					t.Fatal(err)
				}
				if want := d.Last.Add(1).At(0, zone); !d.At.Equal(want) || d.Late(want.Add(-time.Nanosecond)) || !d.Late(want) {
					t.Errorf("%s + %s is late from %s, want the end of its last day", received, p.Clock, d.At)
				}
				got = append(got, d.Last.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("received on %s at %s (-want +got):\n%s", received, hour, diff)
			}
		}
	}
}

// The other reading of A2: ten days in all.
func TestExtensionInTotal(t *testing.T) {
	t.Parallel()
	p := policy(t, term.Answer, question)
	p.How = term.Total
	for received, want := range map[string]string{
		"2026-11-03": "2026-11-13", "2026-11-20": "2026-11-30", "2026-12-25": "2027-01-11", "2026-12-30": "",
		"2027-02-19": "2027-03-01", "2027-04-29": "2027-05-11",
	} {
		moment := at(received + " 10:00")
		first, err := counter.Due(p, moment, calendar.Term{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := counter.Extend(p, first, moment)
		switch {
		case want == "" && !errors.Is(err, term.ErrNoExtension):
			t.Errorf("%s: extended to %s (%v), the first term ends no sooner", received, d.Last, err)
		case want != "" && (err != nil || d.Last.String() != want):
			t.Errorf("%s: extended to %s (%v), want %s", received, d.Last, err, want)
		}
	}
}

// Which rule holds, by how closely it fits and by its day.
func TestPolicy(t *testing.T) {
	t.Parallel()
	person, company := knowledge.Individuals, knowledge.Companies
	for _, c := range []struct {
		clock term.Clock
		term.Subject
		company, legal string
	}{
		{term.Answer, term.Subject{Kind: appeal.Question, Category: "В-1", Audience: person}, "3 calendar_days", ""},
		{term.Answer, term.Subject{Kind: appeal.Review, Category: "О-2", Audience: person}, "3 calendar_days", ""},
		{term.Answer, term.Subject{Kind: appeal.Complaint, Category: "Ж-1", Audience: person}, "20 calendar_days", ""},
		{term.Answer, term.Subject{Kind: appeal.Complaint, Category: "Ж-5", Audience: person}, "20 calendar_days", "3 working_days"},
		{term.Answer, term.Subject{Kind: appeal.Complaint, Category: "Ж-5", Audience: company}, "20 calendar_days", ""},
		{term.Answer, term.Subject{Kind: appeal.Complaint, Category: "Ж-6", Audience: person}, "20 calendar_days", "10 calendar_days"},
		{term.Answer, term.Subject{Kind: appeal.Application, Category: "З-6"}, "3 working_days", ""},
		{term.Contact, term.Subject{Kind: appeal.Application, Category: "З-1", Channel: "tg"}, "2 working_days", ""},
		{term.Direction, term.Subject{Kind: appeal.Complaint}, "1 working_days", ""},
		{term.Content, term.Subject{}, "1 working_days", ""},
	} {
		p := policy(t, c.clock, c.Subject)
		legal := ""
		if !p.Legal.IsZero() {
			legal = p.Legal.String()
		}
		if p.Company.String() != c.company || legal != c.legal {
			t.Errorf("%s of %+v: %s, by law %q; want %s, %q", c.clock, c.Subject, p.Company, legal, c.company, c.legal)
		}
	}
	if _, ok := demo.Terms().Policy(term.Contact, question, day("2026-11-27")); ok {
		t.Error("a question has a first contact")
	}
	if _, ok := demo.Terms().Policy(term.Answer, question, day("2012-11-27")); ok {
		t.Error("a rule holds before its day")
	}
}

// What articles quote is what cases are given.
func TestQuoted(t *testing.T) {
	t.Parallel()
	got, err := demo.Terms().Quoted(day("2026-11-27"))
	if err != nil || got != appeal.DefaultTerms {
		t.Errorf("articles quote %+v, cases get %+v (%v)", appeal.DefaultTerms, got, err)
	}
	if _, err := demo.Terms().Quoted(day("2012-11-27")); !fault.Is(err, fault.NotFound) {
		t.Errorf("before all rules: %v", err)
	}
}

// A new row holds from its day, a clock can be switched off, a channel can have
// a rule of its own.
func TestVersions(t *testing.T) {
	t.Parallel()
	tables := demo.TermTables()
	tables[0].Rows = append(slices.Clone(tables[0].Rows),
		[]string{"2027-01-01", "answer", "question", "", "both", "", "2 working_days", "", "", "", "", ""},
		[]string{"2026-01-01", "answer", "question", "", "both", "tg", "24 hours", "", "", "", "", ""},
		[]string{"2027-01-01", "answer", "question", "", "both", "tg", "", "", "", "", "", ""})
	b, err := term.New(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ day, channel, want string }{
		{"2026-12-31", "web", "3 calendar_days"}, {"2027-01-01", "web", "2 working_days"}, {"2026-12-31", "tg", "24 hours"}, {"2027-01-01", "tg", ""},
	} {
		p, ok := b.Policy(term.Answer, term.Subject{Kind: appeal.Question, Channel: c.channel}, day(c.day))
		if ok != (c.want != "") || ok && p.Company.String() != c.want {
			t.Errorf("on %s by %s: %s, %t; want %q", c.day, c.channel, p.Company, ok, c.want)
		}
	}
	p, _ := b.Policy(term.Answer, term.Subject{Kind: appeal.Question, Channel: "tg"}, day("2026-12-31"))
	if p.ID() != "2026-01-01/answer/question//both/tg" {
		t.Errorf("the version is called %s", p.ID())
	}
	d, err := counter.Due(p, at("2026-12-31 22:00"), calendar.Term{})
	if err != nil || !d.At.Equal(at("2027-01-01 22:00")) || d.Last != day("2027-01-01") {
		t.Errorf("24 hours from New Year's Eve end at %s (%v)", d.At.In(zone), err)
	}
}

// Every date says how it was found.
func TestWhy(t *testing.T) {
	t.Parallel()
	steps := func(d term.Deadline) string {
		var list []string
		for _, r := range d.Why {
			list = append(list, string(r.Step)+" "+r.From.String()+"→"+r.To.String())
		}
		return strings.Join(list, ", ")
	}
	due := func(s term.Subject, from string, own calendar.Term) term.Deadline {
		d, err := counter.Due(policy(t, term.Answer, s), at(from), own)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	extended, err := counter.Extend(policy(t, term.Answer, question), due(question, "2026-11-20 10:00", calendar.Term{}), at("2026-11-20 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	damage := term.Subject{Kind: appeal.Complaint, Category: "Ж-6", Audience: knowledge.Individuals}
	service := term.Subject{Kind: appeal.Application, Category: "З-8"}
	for name, c := range map[string]struct {
		term.Deadline
		want string
	}{
		"moved": {due(complaint, "2026-12-18 10:00", calendar.Term{}), "calendar_days 2026-12-18→2027-01-07, moved 2027-01-07→2027-01-11"},
		"plain": {due(complaint, "2026-11-03 10:00", calendar.Term{}), "calendar_days 2026-11-03→2026-11-23"},
		"law": {
			due(damage, "2026-11-20 10:00", calendar.Term{}),
			"calendar_days 2026-11-20→2026-11-30, legal_smaller 2026-12-10→2026-11-30",
		},
		"extended": {extended, "calendar_days 2026-11-20→2026-11-23, extended_add 2026-11-23→2026-12-03"},
		"own": {
			due(service, "2026-11-20 10:00", calendar.Term{N: 1, Unit: calendar.Months}),
			"own 0000-00-00→0000-00-00, months 2026-11-20→2026-12-20, moved 2026-12-20→2026-12-21",
		},
		"at once": {
			due(service, "2026-11-20 10:00", calendar.Term{N: 0, Unit: calendar.WorkingDays}),
			"own 0000-00-00→0000-00-00, working_days 2026-11-20→2026-11-20",
		},
	} {
		if got := strings.ReplaceAll(steps(c.Deadline), "-0001-11-30", "0000-00-00"); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

// An extension never goes beyond the law, and a complaint has none (R-5.2.11-d).
func TestNoExtension(t *testing.T) {
	t.Parallel()
	p := policy(t, term.Answer, question)
	received := at("2026-11-03 10:00")
	for legal, want := range map[string]string{"5 calendar_days": "2026-11-09", "3 calendar_days": "", "30 calendar_days": "2026-11-16"} {
		var err error
		if p.Legal, err = calendar.ParseTerm(legal); err != nil {
			t.Fatal(err)
		}
		first, err := counter.Due(p, received, calendar.Term{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := counter.Extend(p, first, received)
		if want == "" != errors.Is(err, term.ErrNoExtension) || want != "" && d.Last.String() != want {
			t.Errorf("with %s by law it is extended to %s (%v), want %q", legal, d.Last, err, want)
		}
	}
	p = policy(t, term.Answer, complaint)
	first, err := counter.Due(p, received, calendar.Term{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := counter.Extend(p, first, received); !errors.Is(err, term.ErrNoExtension) || !fault.Is(err, fault.Conflict) {
		t.Errorf("a complaint is extended: %v", err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		table int
		row   []string
		says  string
	}{
		{0, []string{"2027-01-01", "tea", "", "", "both", "", "1 hours", "", "", "", "", ""}, "clock"},
		{0, []string{"2027-01-01", "answer", "wish", "", "both", "", "1 hours", "", "", "", "", ""}, "kind"},
		{0, []string{"2027-01-01", "answer", "", "", "all", "", "1 hours", "", "", "", "", ""}, "audience"},
		{0, []string{"2027-01-01", "answer", "", "", "both", "", "1 week", "", "", "", "", ""}, "no term"},
		{0, []string{"2027-01-01", "answer", "", "", "both", "", "1 hours", "1 hours", "", "", "", ""}, "names its law"},
		{0, []string{"2027-01-01", "answer", "", "", "both", "", "1 hours", "", "", "", "1 working_days", ""}, "add or total"},
		{0, []string{"2027-01-01", "answer", "", "", "both", "", "1 hours", "", "", "", "1 hours", "add"}, "in days"},
		{0, []string{"2027-01-01", "contact", "", "", "both", "", "1 hours", "", "", "", "1 working_days", "add"}, "only the term of an answer"},
		{0, []string{"2013-01-01", "content", "", "", "both", "", "1 hours", "", "", "", "", ""}, "stands twice"},
		{1, []string{"2027-01-01", "answer", "breach", "nobody"}, "none of"},
		{1, []string{"2027-01-01", "answer", "breach", ""}, "nobody"},
		{1, []string{"2027-01-01", "answer", "100%", "keeper"}, "no mark"},
		{1, []string{"2027-01-01", "answer", "+0", "keeper"}, "no mark"},
		{1, []string{"2013-01-01", "answer", "breach", "keeper"}, "stands twice"},
	} {
		tables := demo.TermTables()
		tables[c.table].Rows = append(slices.Clone(tables[c.table].Rows), c.row)
		if _, err := term.New(tables); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.row, err, c.says)
		}
	}
}

// A year that nobody has published is an error, never a guess.
func TestUnpublished(t *testing.T) {
	t.Parallel()
	if _, err := counter.Due(policy(t, term.Answer, complaint), at("2027-12-20 10:00"), calendar.Term{}); !errors.Is(err, calendar.ErrUnpublished) {
		t.Errorf("%v", err)
	}
}
