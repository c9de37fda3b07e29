package indicator_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/indicator"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/staff"
)

var (
	zone  = time.FixedZone("UTC+5", 5*60*60)
	start = time.Date(2026, 11, 2, 9, 0, 0, 0, zone)
	year  = indicator.Span{From: start, To: start.AddDate(1, 0, 0)}
)

func TestCount(t *testing.T) {
	t.Parallel()
	days := func(k appeal.Kind, took, due int, extended bool, rating int) indicator.Case {
		day := 24 * time.Hour
		return indicator.Case{
			Kind: k, Registered: start, Answered: start.Add(time.Duration(took) * day), Due: start.Add(time.Duration(due) * day),
			Extended: extended, Rating: rating,
		}
	}
	cases := []indicator.Case{
		days(appeal.Question, 1, 3, false, 5), days(appeal.Question, 2, 3, false, 4), days(appeal.Question, 3, 3, false, 0),
		days(appeal.Question, 12, 13, true, 4), days(appeal.Complaint, 20, 20, false, 1),
		{Kind: appeal.Complaint, Registered: start, Due: start.Add(time.Hour), Extended: true}, // unanswered and late
		{Kind: appeal.Application, Registered: start, Due: start.Add(time.Hour)},
	}
	got := indicator.Count(slices.Values(cases), year, indicator.ByKind)
	want := []indicator.Row{
		{Group: "application", InTime: indicator.Share{Whole: 1}},
		{Group: "complaint", InTime: indicator.Share{Whole: 2}, Answered: 1, Median: 480 * time.Hour, Tenth: 480 * time.Hour, Rated: 1, Stars: 1},
		{Group: "question", InTime: indicator.Share{Part: 3, Whole: 4}, Answered: 4, Extended: 1, Median: 48 * time.Hour, Tenth: 288 * time.Hour, Rated: 3, Stars: 13},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n, ok := got[2].InTime.PerMille(); n != 750 || !ok {
		t.Errorf("%d of a thousand", n)
	}
	if n, ok := got[2].Rating(); n != 433 || !ok {
		t.Errorf("%d hundredths of a star", n)
	}
	if _, ok := (indicator.Share{}).PerMille(); ok || len(indicator.Count(slices.Values(cases[:0]), year, indicator.ByKind)) != 0 {
		t.Error("a share of nothing")
	}
	if _, ok := (&indicator.Row{}).Rating(); ok {
		t.Error("a rating by nobody")
	}
}

// A case is settled once: what was said of a month stays true whatever is answered
// after it, and months add up to their quarter.
func TestSettledOnce(t *testing.T) {
	t.Parallel()
	lots := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // the same cases every time
	quarter := indicator.Period{Year: 2026, Quarter: 4}
	months := []indicator.Span{}
	for m := time.October; m <= time.December; m++ {
		months = append(months, indicator.Period{Year: 2026, Month: m}.Span(zone))
	}
	now, owed := make([]indicator.Case, 300), make([]indicator.Case, 300)
	for i := range now {
		at := quarter.First().At(0, zone).Add(time.Duration(lots.IntN(60*24)) * time.Hour)
		c := indicator.Case{Registered: at, Due: at.AddDate(0, 0, 3), Answered: at.Add(time.Duration(1+lots.IntN(7*24)) * time.Hour)}
		now[i], owed[i] = c, c
		if !c.Answered.Before(c.Due) && c.Answered.After(months[0].To) {
			owed[i].Answered = time.Time{}
		}
	}
	all := func(indicator.Case) string { return "" }
	count := func(cases []indicator.Case, s indicator.Span) indicator.Row {
		return indicator.Count(slices.Values(cases), s, all)[0]
	}
	if before, after := count(owed, months[0]).InTime, count(now, months[0]).InTime; before != after || before.Part == before.Whole {
		t.Errorf("October had %+v, and now has %+v", before, after)
	}
	var sum indicator.Share
	for _, m := range months {
		s := count(now, m).InTime
		sum.Part, sum.Whole = sum.Part+s.Part, sum.Whole+s.Whole
	}
	if whole := count(now, quarter.Span(zone)).InTime; sum != whole || whole.Whole != len(now) {
		t.Errorf("the months have %+v, the quarter %+v of %d", sum, whole, len(now))
	}
}

// Ranks are those of the definition: the least value that half, or nine of ten,
// of the answers do not exceed.
func TestRanks(t *testing.T) {
	t.Parallel()
	lots := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same numbers every time
	for n := 1; n < 60; n++ {
		var cases []indicator.Case
		var took []time.Duration
		for range n {
			d := time.Duration(lots.IntN(30)) * time.Hour
			took = append(took, d)
			cases = append(cases, indicator.Case{Registered: start, Answered: start.Add(d), Due: start.Add(time.Hour)})
		}
		least := func(share int) time.Duration {
			best := time.Duration(1 << 62)
			for _, d := range took {
				within := 0
				for _, o := range took {
					if o <= d {
						within++
					}
				}
				if within*100 >= share*n {
					best = min(best, d)
				}
			}
			return best
		}
		r := indicator.Count(slices.Values(cases), year, indicator.ByKind)[0]
		if r.Median != least(50) || r.Tenth != least(90) {
			t.Errorf("of %d: %s and %s, want %s and %s", n, r.Median, r.Tenth, least(50), least(90))
		}
	}
}

// A case counts from the promise that the customer had in the end.
func TestOf(t *testing.T) {
	t.Parallel()
	m := &life.Machine{Forms: demo.Book(), Routes: demo.Routes(), Terms: demo.Terms(), Counter: term.Counter{Days: calendar.Published(), Zone: zone}}
	c := life.Case{Number: appeal.Number{Kind: appeal.Question, Year: 2026, Serial: 1}, Kind: appeal.Question, Category: "В-0", State: life.Draft}
	customer := life.Actor{Roles: []staff.Role{life.Customer}}
	reception := life.Actor{Staff: 1, Roles: []staff.Role{staff.ReceptionSpecialist}}
	var err error
	for _, e := range []struct {
		by   life.Actor
		do   life.Do
		days int
	}{
		{customer, life.Do{Event: life.Register}, 0},
		{reception, life.Do{Event: life.Answer, Reply: "r"}, 1},
		{customer, life.Do{Event: life.Reopen}, 5},
		{reception, life.Do{Event: life.Answer, Reply: "r"}, 6},
		{customer, life.Do{Event: life.Rate, Rating: 4}, 6},
	} {
		if _, ok := indicator.Of(&c); ok != (c.State == life.Answered) {
			t.Errorf("%s counts: %t", c.State, ok)
		}
		if c, _, err = m.Apply(c, e.do, e.by, start.AddDate(0, 0, e.days)); err != nil {
			t.Fatal(err)
		}
	}
	got, ok := indicator.Of(&c)
	if !ok || got.Answered.Sub(got.Registered) != 24*time.Hour || got.Rating != 4 || !got.Answered.Before(got.Due) {
		t.Errorf("%+v", got)
	}
}

func TestFresh(t *testing.T) {
	t.Parallel()
	counter := term.Counter{Days: calendar.Published(), Zone: zone}
	friday := time.Date(2026, 11, 20, 18, 0, 0, 0, zone)
	pages := []indicator.Page{
		{friday, friday.Add(time.Hour)},    // at once
		{friday, friday.AddDate(0, 0, 3)},  // on Monday
		{friday, friday.AddDate(0, 0, 4)},  // on Tuesday: late
		{Changed: friday},                  // not yet
		{Changed: friday.AddDate(0, 0, 4)}, // not yet, and in time on Tuesday
	}
	for _, c := range []struct {
		day  int
		want indicator.Share
	}{{4, indicator.Share{Part: 2, Whole: 4}}, {6, indicator.Share{Part: 2, Whole: 5}}, {1, indicator.Share{Part: 2, Whole: 3}}} {
		got, err := indicator.Fresh(slices.Values(pages), demo.Terms(), counter, friday.AddDate(0, 0, c.day))
		if err != nil || got != c.want {
			t.Errorf("after %d days: %+v (%v), want %+v", c.day, got, err, c.want)
		}
	}
}
