package billing_test

import (
	"encoding/json"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/fault"
)

func TestPeriodAt(t *testing.T) {
	t.Parallel()
	second := time.Second
	midnight26 := local(2026, time.November, 26, 0)
	midnight1 := local(2026, time.December, 1, 0)
	for _, tc := range []struct {
		name  string
		at    time.Time
		legal bool
		want  string
	}{
		{"the 1st", local(2026, time.November, 1, 0), false, "2026-11"},
		{"the 25th at 23:59:59", midnight26.Add(-second), false, "2026-11"},
		{"the 26th at midnight", midnight26, false, "2026-12"},
		{"the last second of the month", midnight1.Add(-second), false, "2026-12"},
		{"the year turns", local(2026, time.December, 31, 12), false, "2027-01"},
		{"still the 25th in UTC", time.Date(2026, 11, 25, 19, 0, 0, 0, time.UTC), false, "2026-12"},
		{"legal on the 1st", midnight1, true, "2026-11"},
		{"legal to the end of the 1st", midnight1.Add(24*time.Hour - second), true, "2026-11"},
		{"legal on the 2nd", midnight1.Add(24 * time.Hour), true, "2026-12"},
		{"legal on the 26th", midnight26, true, "2026-11"},
		{"legal on New Year's day", local(2027, time.January, 1, 10), true, "2026-12"},
	} {
		if got := billing.PeriodAt(tc.at, zone, tc.legal).String(); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestPeriodArithmetic(t *testing.T) {
	t.Parallel()
	nov := billing.Period{Year: 2026, Month: time.November}
	for n := -30; n <= 30; n++ {
		p := nov.Add(n)
		if p.Sub(nov) != n || p.Month < 1 || p.Month > 12 || p.Before(nov) != (n < 0) {
			t.Errorf("add %d: got %v", n, p)
		}
	}
}

func TestPeriodText(t *testing.T) {
	t.Parallel()
	type state struct{ P, None billing.Period }
	want := state{P: billing.Period{Year: 2026, Month: time.November}}
	text, err := json.Marshal(want)
	if err != nil || string(text) != `{"P":"2026-11","None":""}` {
		t.Fatalf("got %s, %v", text, err)
	}
	var got state
	if err := json.Unmarshal(text, &got); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, bad := range []string{"2026-13", "2026-00", "11.2026", "2026-11-24", "x"} {
		if _, err := billing.ParsePeriod(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for z := billing.ZoneSingle; z <= billing.ZoneHalfPeak; z++ {
		if billing.ParseZone(z.String()) != z {
			t.Errorf("zone %v does not come back", z)
		}
	}
	for s := billing.SourceCustomer; s <= billing.SourceInstallation; s++ {
		if billing.ParseSource(s.String()) != s {
			t.Errorf("source %v does not come back", s)
		}
	}
	if billing.ParseZone("x") != billing.ZoneUnknown || billing.ParseSource("unknown") != 0 {
		t.Error("unknown names must be unknown")
	}
	if billing.SourceEstimate.Actual() || !billing.SourceRemote.Actual() || billing.Source(0).Actual() {
		t.Error("an estimate is not actual, a polled value is")
	}
	for _, n := range []int{0, 4} {
		if billing.Registers(n) != nil {
			t.Errorf("%d zones have registers", n)
		}
	}
}
