package billing_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/billing"
)

// Six months of 210, 195, 220, 205, 198 and 214 kWh are 207 on average, so one
// month may use 621 unasked (spec §2.1).
func TestAverageOfSixMonths(t *testing.T) {
	t.Parallel()
	value := billing.KWh(10_000)
	history := []billing.Reading{reading("T1", time.April, value)}
	for i, used := range []billing.KWh{210, 195, 220, 205, 198, 214} {
		value += used
		history = append([]billing.Reading{reading("T1", time.May+time.Month(i), value)}, history...)
	}
	in := intake(1, 5, history...)
	in.At = local(2026, time.November, 23, 9) // 30 days after 24.10: m is 1.
	b := in.Baseline("T1")
	want := billing.Baseline{
		Known: true, Previous: history[0], Days: 30, Limit: 621, Possible: 10_800, Average: 207,
	}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for used, c := range map[billing.KWh]billing.Case{
		621: billing.CaseNormal, 622: billing.CaseHigh, 10_800: billing.CaseHigh, 10_801: billing.CaseAbsurd,
	} {
		if j := in.Judge(entries(value + used)...); j.Case != c {
			t.Errorf("used %d: got %v, want %v", used, j.Case, c)
		}
	}
}

func TestBaselineLooksAtActualReadings(t *testing.T) {
	t.Parallel()
	estimate := reading("T1", time.October, 20_000)
	estimate.Source = billing.SourceEstimate
	replaced := reading("T1", time.September, 50) // a new meter's first value, no rollover
	over := reading("T1", time.September, 50)
	over.Rollover = true
	old := reading("T1", time.August, 10)
	old.At, old.Period = local(2024, time.August, 24, 12), billing.Period{Year: 2024, Month: time.August}
	other := reading("T2", time.October, 777)
	stranger := reading("T1", time.October, 778)
	stranger.Meter = 2
	for _, tc := range []struct {
		name     string
		history  []billing.Reading
		previous billing.KWh
		average  billing.KWh
	}{
		{"an estimate is never the base", []billing.Reading{estimate, reading("T1", time.August, 9_000)}, 9_000, 0},
		{"other registers and meters do not count", []billing.Reading{other, stranger, reading("T1", time.August, 9)}, 9, 0},
		{"a gap is spread over its months", []billing.Reading{reading("T1", time.June, 1_000), reading("T1", time.October, 1_400)}, 1_400, 100},
		{"a fall starts anew", []billing.Reading{reading("T1", time.August, 9_000), replaced, reading("T1", time.October, 250)}, 250, 200},
		{"a rollover does not", []billing.Reading{reading("T1", time.August, 99_950), over, reading("T1", time.October, 250)}, 250, 150},
		{"older than a year does not count", []billing.Reading{old, reading("T1", time.September, 5_000), reading("T1", time.October, 5_100)}, 5_100, 100},
		{"only old", []billing.Reading{old}, 10, 0},
	} {
		in := intake(1, 5, tc.history...)
		b := in.Baseline("T1")
		if !b.Known || b.Previous.Value != tc.previous || b.Average != tc.average {
			t.Errorf("%s: got %+v", tc.name, b)
		}
	}
}

func TestSwapTable(t *testing.T) {
	t.Parallel()
	two := intake(2, 5, reading("T1", time.October, 8200), reading("T2", time.October, 3000))
	three := intake(3, 6, reading("T1", time.October, 4120), reading("T2", time.October, 6030), reading("T3", time.October, 8455))
	unread := intake(2, 5, reading("T1", time.October, 8200))
	asEntered := two
	asEntered.AsEntered = true
	for _, tc := range []struct {
		name   string
		in     billing.Intake
		values []billing.KWh
		want   string // the offered entries, empty if no swap is offered
		c      billing.Case
	}{
		{"the vector", two, []billing.KWh{3120, 8450}, "T1=8450 T2=3120", billing.CaseSwapped},
		{"zero after the swap", two, []billing.KWh{3000, 8200}, "T1=8200 T2=3000", billing.CaseSwapped},
		{"right as they are", two, []billing.KWh{8300, 3100}, "", billing.CaseNormal},
		{"no order helps", two, []billing.KWh{3120, 4}, "", billing.CaseLower},
		{"nine digits come first", two, []billing.KWh{3120, 845_000}, "", billing.CaseDigits},
		{"declined", asEntered, []billing.KWh{3120, 8450}, "", billing.CaseLower},
		{"two of three", three, []billing.KWh{4200, 8600, 6100}, "T1=4200 T2=6100 T3=8600", billing.CaseSwapped},
		{"round of three", three, []billing.KWh{8600, 4200, 6100}, "T1=4200 T2=6100 T3=8600", billing.CaseSwapped},
		{"an unread register proves nothing", unread, []billing.KWh{3120, 8450}, "", billing.CaseLower},
	} {
		j := tc.in.Judge(entries(tc.values...)...)
		if got := entriesOf(j.Swap); got != tc.want || j.Case != tc.c {
			t.Errorf("%s: got %v, swap %q (%+v)", tc.name, j.Case, got, j.Lines)
		}
		if tc.want == "" {
			continue
		}
		if j.Action != billing.Offer {
			t.Errorf("%s: got %v", tc.name, j.Action)
		}
		if again := tc.in.Judge(j.Swap...); again.Case == billing.CaseSwapped || again.Action == billing.Refuse {
			t.Errorf("%s: the swapped values are not right: %+v", tc.name, again)
		}
	}
}

// Asked register by register, a value that may belong to another register is
// left open; what cannot be a swap is said at once.
func TestJudgeOneByOne(t *testing.T) {
	t.Parallel()
	in := intake(2, 5, reading("T1", time.October, 8200), reading("T2", time.October, 3000))
	for _, tc := range []struct {
		name    string
		entries []billing.Entry
		action  billing.Action
		c       billing.Case
		missing []string
		line    billing.Action
	}{
		{"nothing yet", nil, billing.Ask, 0, []string{"T1", "T2"}, 0},
		{"good", []billing.Entry{{Register: "T1", Value: 8300}}, billing.Ask, 0, []string{"T2"}, billing.Accept},
		{"night first", []billing.Entry{{Register: "T2", Value: 3100}}, billing.Ask, 0, []string{"T1"}, billing.Accept},
		{"perhaps swapped", []billing.Entry{{Register: "T1", Value: 3120}}, billing.Ask, 0, []string{"T2"}, billing.Ask},
		{"lower at once", []billing.Entry{{Register: "T1", Value: 812}}, billing.Refuse, billing.CaseLower, []string{"T2"}, billing.Refuse},
		{"total at once", []billing.Entry{{Register: "T1", Value: 11450}}, billing.Refuse, billing.CaseTotal, []string{"T2"}, billing.Refuse},
		{"digits at once", []billing.Entry{{Register: "T1", Value: 82005}, {Register: "T1", Value: 820_055}}, billing.Offer, billing.CaseDigits, []string{"T2"}, billing.Offer},
		{"below zero is no rollover", []billing.Entry{{Register: "T1", Value: -3}}, billing.Refuse, billing.CaseLower, []string{"T2"}, billing.Refuse},
		{"zero at once", []billing.Entry{{Register: "T1", Value: 8200}}, billing.Confirm, billing.CaseZero, []string{"T2"}, billing.Confirm},
		{"zero confirmed", []billing.Entry{{Register: "T1", Value: 8200, Confirmed: billing.CaseZero}}, billing.Ask, 0, []string{"T2"}, billing.Accept},
		{"unknown register", []billing.Entry{{Register: "T9", Value: 1}}, billing.Ask, 0, []string{"T1", "T2"}, 0},
	} {
		j := in.Judge(tc.entries...)
		if j.Action != tc.action || j.Case != tc.c || !cmp.Equal(j.Missing, tc.missing) {
			t.Errorf("%s: got %v %v, missing %v", tc.name, j.Action, j.Case, j.Missing)
		}
		if len(j.Lines) > 0 && j.Lines[0].Action != tc.line {
			t.Errorf("%s: line says %v", tc.name, j.Lines[0].Action)
		}
	}
}

// A zone that was never read has no part in a total: a high value is asked
// about (V3) instead of being taken for TΣ.
func TestNoTotalOfUnreadZones(t *testing.T) {
	t.Parallel()
	half := intake(2, 5, reading("T1", time.October, 8200))
	if j := half.Judge(entries(9800)...); j.Case != billing.CaseHigh || j.Action != billing.Confirm {
		t.Errorf("got %v %v", j.Action, j.Case)
	}
	whole := intake(2, 5, reading("T1", time.October, 8200), reading("T2", time.October, 900))
	if j := whole.Judge(entries(9800)...); j.Case != billing.CaseTotal || j.Action != billing.Refuse {
		t.Errorf("got %v %v", j.Action, j.Case)
	}
}

// Of several doubtful values the most urgent one decides, and confirming one
// leaves the other to be confirmed.
func TestJudgeConfirmsEach(t *testing.T) {
	t.Parallel()
	in := intake(2, 5, reading("T1", time.October, 8200), reading("T2", time.October, 3000))
	es := entries(8200, 4000)
	j := in.Judge(es...)
	if j.Action != billing.Confirm || j.Case != billing.CaseZero || j.Register != "T1" {
		t.Fatalf("got %v %v %s", j.Action, j.Case, j.Register)
	}
	es[0].Confirmed = billing.CaseZero
	if j = in.Judge(es...); j.Action != billing.Confirm || j.Case != billing.CaseHigh || j.Register != "T2" {
		t.Fatalf("got %v %v %s", j.Action, j.Case, j.Register)
	}
	if got := in.Readings(j); got != nil {
		t.Fatalf("readings of what is not accepted: %v", got)
	}
	es[1].Confirmed = billing.CaseHigh
	if j = in.Judge(es...); j.Action != billing.Accept {
		t.Fatalf("got %v %v %s", j.Action, j.Case, j.Register)
	}
	want := []billing.Reading{
		{Meter: 1, Register: "T1", Value: 8200, At: in.At, Source: billing.SourceCustomer, Period: j.Period},
		{Meter: 1, Register: "T2", Value: 4000, At: in.At, Source: billing.SourceCustomer, Period: j.Period, High: true},
	}
	if diff := cmp.Diff(want, in.Readings(j)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	es[1].Value = 9000 // Another value than the one confirmed: 6000 kWh is high as well,
	es[1].Confirmed = billing.CaseZero
	if j = in.Judge(es...); j.Action == billing.Accept {
		t.Errorf("a yes to another case was taken: %+v", j)
	}
}

func TestJudgeMarksRollover(t *testing.T) {
	t.Parallel()
	in := intake(1, 5, reading("T1", time.October, 99850))
	j := in.Judge(billing.Entry{Register: "T1", Value: 120, Confirmed: billing.CaseRollover})
	got := in.Readings(j)
	if len(got) != 1 || !got[0].Rollover || got[0].High || j.Lines[0].Used != 270 {
		t.Errorf("got %+v, %+v", got, j)
	}
}

func TestJudgeDigitsAndFraction(t *testing.T) {
	t.Parallel()
	in := intake(1, 5, reading("T1", time.October, 14712))
	j := in.Judge(entries(1_472_056)...)
	if l := j.Line("T1"); j.Case != billing.CaseDigits || l.Truncated != 14720 || l.Options[0] != billing.OptionTruncate {
		t.Errorf("got %+v", j)
	}
	if j.Line("T2") != nil {
		t.Error("a line for a register that the meter does not have")
	}
	for value, want := range map[billing.KWh]billing.KWh{147205: 14720, 14720567: 14720, 114720: 11472, 999_999: 99_999} {
		if j := in.Judge(entries(value)...); j.Action != billing.Offer || j.Lines[0].Truncated != want {
			t.Errorf("%d: got %v, offered %d, want %d", value, j.Action, j.Lines[0].Truncated, want)
		}
	}
	// Leading zeros are often left out: 012420,56 typed without its comma.
	wide := intake(1, 6, reading("T1", time.October, 12210))
	if j := wide.Judge(entries(1_242_056)...); j.Lines[0].Truncated != 12420 {
		t.Errorf("offered %d", j.Lines[0].Truncated)
	}
	j = in.Judge(billing.Entry{Register: "T1", Value: 14800, Fraction: true})
	if j.Action != billing.Accept || !j.Remarks.Has(billing.CaseFraction) {
		t.Errorf("got %+v", j)
	}
	// The fraction excuses nothing: the whole part is judged like any other.
	j = in.Judge(billing.Entry{Register: "T1", Value: 99_999, Fraction: true})
	if j.Case != billing.CaseAbsurd || !j.Remarks.Has(billing.CaseFraction) {
		t.Errorf("got %+v", j)
	}
}

func TestJudgeRepeatedInPeriod(t *testing.T) {
	t.Parallel()
	first, second := reading("T1", time.November, 14900), reading("T1", time.November, 14950)
	first.At, second.At = local(2026, time.November, 20, 9), local(2026, time.November, 21, 9)
	in := intake(1, 5, second, reading("T1", time.October, 14712), first)
	j := in.Judge(entries(14850)...)
	b := j.Lines[0].Baseline
	if j.Action != billing.Accept || !j.Remarks.Has(billing.CaseRepeated) || b.Earlier.Value != 14950 || b.Previous.Value != 14712 {
		t.Errorf("got %+v", j)
	}
	// After the 25th it is another period: the one of November is the base.
	in.At = local(2026, time.November, 26, 9)
	j = in.Judge(entries(14850)...)
	if j.Case != billing.CaseLower || j.Remarks.Has(billing.CaseRepeated) || !j.Remarks.Has(billing.CaseNextPeriod) {
		t.Errorf("got %+v", j)
	}
	// A message of the 25th that is judged late still replaces November's.
	december := reading("T1", time.December, 15100)
	december.At = local(2026, time.November, 27, 9)
	in.History, in.At = append(in.History, december), local(2026, time.November, 25, 23)
	j = in.Judge(entries(14850)...)
	if j.Action != billing.Accept || !j.Remarks.Has(billing.CaseRepeated) || j.Lines[0].Baseline.Earlier.Value != 14950 {
		t.Errorf("got %+v", j)
	}
}

func TestJudgeControlReading(t *testing.T) {
	t.Parallel()
	control := reading("T1", time.November, 14900)
	control.Source = billing.SourceControl
	for _, tc := range []struct {
		name    string
		at      time.Time
		value   billing.KWh
		c       billing.Case
		remark  bool
		offered billing.Option
	}{
		{"lower than the inspector's", local(2026, time.November, 22, 9), 14850, billing.CaseLower, true, billing.OptionDispute},
		{"higher, before the entry", local(2026, time.November, 20, 9), 14950, billing.CaseNormal, false, ""},
		{"higher, newer than the entry", local(2026, time.November, 25, 9), 14950, billing.CaseNormal, true, ""},
		{"lower, newer than the entry", local(2026, time.November, 25, 9), 14850, billing.CaseLower, true, billing.OptionDispute},
	} {
		control.At = tc.at
		own := reading("T1", time.November, 14860)
		own.At = local(2026, time.November, 19, 9)
		in := intake(1, 5, reading("T1", time.October, 14712), own, control)
		j := in.Judge(entries(tc.value)...)
		l := j.Lines[0]
		if j.Case != tc.c || j.Remarks.Has(billing.CaseControl) != tc.remark || !j.Remarks.Has(billing.CaseRepeated) {
			t.Errorf("%s: got %+v", tc.name, j)
		}
		if tc.offered != "" && l.Options[len(l.Options)-1] != tc.offered {
			t.Errorf("%s: options %v", tc.name, l.Options)
		}
	}
}

func TestJudgeClosedAndUnserved(t *testing.T) {
	t.Parallel()
	closed := intake(1, 5, reading("T1", time.October, 1))
	closed.Account.Closed = true
	closed.Meter.Remote = true // V16 comes before V14.
	none := intake(1, 5)
	none.Meter = billing.Meter{}
	for name, in := range map[string]billing.Intake{"closed": closed, "no meter": none} {
		if j := in.Judge(entries(5)...); j.Action != billing.Refuse || j.Case != billing.CaseClosed || len(j.Lines) != 0 {
			t.Errorf("%s: got %+v", name, j)
		}
	}
	broken := intake(1, 5, reading("T1", time.October, 100))
	for since, want := range map[time.Time]bool{
		broken.At: true, broken.At.Add(-time.Hour): true, broken.At.Add(time.Hour): false,
	} {
		broken.Meter.OutOfServiceSince = since
		if j := broken.Judge(entries(150)...); j.Action != billing.Accept || j.Remarks.Has(billing.CaseUnverified) != want {
			t.Errorf("out of service since %v: got %+v", since, j)
		}
	}
	last := intake(1, 5, reading("T1", time.October, 100))
	last.Meter.VerifiedUntil = day(2026, time.November, 24) // The last good day is today.
	if j := last.Judge(entries(150)...); j.Remarks.Has(billing.CaseUnverified) {
		t.Errorf("verification ends with its last day: got %+v", j)
	}
	fresh := intake(2, 5)
	if j := fresh.Judge(entries(150, 20)...); j.Action != billing.Accept || j.Used != 0 || j.Lines[0].Baseline.Known {
		t.Errorf("first reading: got %+v", j)
	}
}

// A value that passes both the average's limit and nothing else: the permitted
// power wins (V4 before V1).
func TestPowerWinsOverAverage(t *testing.T) {
	t.Parallel()
	in := intake(1, 6, reading("T1", time.September, 10_000), reading("T1", time.October, 14_500))
	in.Meter.Power = 5_000
	if j := in.Judge(entries(14_500 + 5*24*31)...); j.Action != billing.Accept {
		t.Errorf("got %+v", j)
	}
	if j := in.Judge(entries(14_500 + 5*24*31 + 1)...); j.Case != billing.CaseAbsurd {
		t.Errorf("got %+v", j)
	}
}
