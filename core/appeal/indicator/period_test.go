package indicator_test

import (
	"errors"
	"testing"
	"time"

	"okoshko/core/appeal/indicator"
	"okoshko/core/calendar"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][2]string{
		"2026-11": {"2026-11-01", "2026-12-01"},
		"2026-12": {"2026-12-01", "2027-01-01"},
		"2026-Q1": {"2026-01-01", "2026-04-01"},
		"2026-Q4": {"2026-10-01", "2027-01-01"},
		"2026":    {"2026-01-01", "2027-01-01"},
	} {
		p, err := indicator.ParsePeriod(s)
		if err != nil || p.String() != s || p.First().String() != want[0] || p.After().String() != want[1] {
			t.Errorf("%s: %v from %s up to %s, %v", s, p, p.First(), p.After(), err)
		}
	}
	for _, s := range []string{"", "26", "2026-", "2026-13", "2026-00", "2026-1", "2026-Q0", "2026-Q5", "2026-Q", "2026-Q11", "0001", "9999", "2026-11-01", "+026", "٢٠٢٦", "2026-q1"} {
		if p, err := indicator.ParsePeriod(s); !errors.Is(err, indicator.ErrPeriod) {
			t.Errorf("%q: %v, %v", s, p, err)
		}
	}
	zone := time.FixedZone("UTC+5", 5*60*60)
	s := indicator.Period{Year: 2026, Month: time.December}.Span(zone)
	if want := time.Date(2026, 11, 30, 19, 0, 0, 0, time.UTC); !s.From.Equal(want) {
		t.Errorf("December begins at %v", s.From)
	}
	if want := time.Date(2026, 12, 31, 19, 0, 0, 0, time.UTC); !s.To.Equal(want) {
		t.Errorf("December ends at %v", s.To)
	}
}

// What a reader chooses from goes back over the New Year, without a gap.
func TestPeriodsOfADay(t *testing.T) {
	t.Parallel()
	var got []string
	for _, p := range indicator.Periods(calendar.Date{Year: 2027, Month: time.January, Day: 31}) {
		got = append(got, p.String())
	}
	want := []string{
		"2027-01", "2026-12", "2026-11", "2026-10", "2026-09", "2026-08", "2027-Q1", "2026-Q4", "2026-Q3", "2026-Q2", "2027", "2026",
	}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %s, want %s", i, got[i], want[i])
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2026", "2026-11", "2026-Q4", "-", "2026-Q"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := indicator.ParsePeriod(s)
		if err == nil && (p.String() != s || !p.First().Before(p.After())) {
			t.Errorf("%q is read as %q, %s to %s", s, p, p.First(), p.After())
		}
	})
}
