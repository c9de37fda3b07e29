package calendar_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

func day(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The vectors of spec §2.9.
func TestDue(t *testing.T) {
	t.Parallel()
	p := calendar.Published()
	terms := []calendar.Term{
		{N: 1, Unit: calendar.WorkingDays},
		{N: 3, Unit: calendar.WorkingDays},
		{N: 3, Unit: calendar.CalendarDays},
		{N: 10, Unit: calendar.CalendarDays},
		{N: 20, Unit: calendar.CalendarDays},
	}
	for received, want := range map[string][]string{
		"2026-11-03": {"2026-11-05", "2026-11-09", "2026-11-06", "2026-11-13", "2026-11-23"},
		"2026-11-20": {"2026-11-23", "2026-11-25", "2026-11-23", "2026-11-30", "2026-12-10"},
		"2026-12-25": {"2026-12-28", "2026-12-30", "2026-12-28", "2027-01-11", "2027-01-14"},
		"2026-12-30": {"2027-01-11", "2027-01-13", "2027-01-11", "2027-01-11", "2027-01-19"},
		"2027-02-19": {"2027-02-20", "2027-02-25", "2027-02-24", "2027-03-01", "2027-03-11"},
		"2027-04-29": {"2027-04-30", "2027-05-05", "2027-05-04", "2027-05-11", "2027-05-19"},
	} {
		var got []string
		for _, term := range terms {
			due, err := p.Due(day(t, received), term)
			if err != nil {
				t.Fatalf("%s + %v: %v", received, term, err)
			}
			got = append(got, due.Date.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("received on %s (-want +got):\n%s", received, diff)
		}
	}
}

// An extension counts from the first due date (spec §1.6, A2).
func TestExtension(t *testing.T) {
	t.Parallel()
	p := calendar.Published()
	for received, want := range map[string]string{
		"2026-11-03": "2026-11-16", "2026-11-20": "2026-12-03", "2026-12-25": "2027-01-11",
		"2026-12-30": "2027-01-21", "2027-02-19": "2027-03-09", "2027-04-29": "2027-05-14",
	} {
		first, err := p.Due(day(t, received), calendar.Term{N: 3, Unit: calendar.CalendarDays})
		if err != nil {
			t.Fatal(err)
		}
		due, err := p.Due(first.Date, calendar.Term{N: 10, Unit: calendar.CalendarDays})
		if err != nil || due.Date.String() != want {
			t.Errorf("%s: extended to %s (%v), want %s", received, due.Date, err, want)
		}
	}
}

func TestDueExplainsItself(t *testing.T) {
	t.Parallel()
	due, err := calendar.Published().Due(day(t, "2026-11-20"), calendar.Term{N: 1, Unit: calendar.CalendarDays})
	if err != nil {
		t.Fatal(err)
	}
	if due.Moved.String() != "2026-11-21" || due.Date.String() != "2026-11-23" {
		t.Errorf("%+v: a term that ends on a Saturday moves to Monday and says so", due)
	}
}

// Spec §2.9: computed by month, the sums are the published 247.
func TestWorkingDaysOfMonths(t *testing.T) {
	t.Parallel()
	p := calendar.Published()
	for year, want := range map[int][]int{
		2026: {15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22},
		2027: {15, 19, 22, 22, 19, 21, 22, 22, 22, 21, 20, 22},
	} {
		got := make([]int, 12)
		for d := (calendar.Date{Year: year, Month: 1, Day: 1}); d.Year == year; d = d.Add(1) {
			if working, err := p.Working(d); err != nil {
				t.Fatal(err)
			} else if working {
				got[d.Month-1]++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d (-want +got):\n%s", year, diff)
		}
	}
	total := 0
	for d := (calendar.Date{Year: 2025, Month: 1, Day: 1}); d.Year == 2025; d = d.Add(1) {
		if working, _ := p.Working(d); working {
			total++
		}
	}
	if total != 247 {
		t.Errorf("2025 has %d working days, published are 247", total)
	}
}

func TestUnpublishedYearIsNotGuessed(t *testing.T) {
	t.Parallel()
	_, err := calendar.Published().Due(day(t, "2027-12-30"), calendar.Term{N: 3, Unit: calendar.WorkingDays})
	if !errors.Is(err, calendar.ErrUnpublished) {
		t.Errorf("got %v", err)
	}
}

func desk(t *testing.T) calendar.Hours {
	t.Helper()
	week, err := calendar.ParseWeek("Mon-Fri 08:00-12:00 13:00-20:00; Sat 09:00-15:00")
	if err != nil {
		t.Fatal(err)
	}
	return calendar.Hours{Week: week, Production: calendar.Published(), Zone: zone}
}

func TestHours(t *testing.T) {
	t.Parallel()
	h := desk(t)
	h.Exceptions = map[calendar.Date][]calendar.Span{day(t, "2027-01-09"): {}}
	for date, want := range map[string]string{
		"2026-11-24": "[08:00–12:00 13:00–20:00]", // Tuesday
		"2026-11-28": "[09:00–15:00]",             // Saturday
		"2026-11-29": "[]",
		"2026-11-03": "[08:00–12:00 13:00–19:00]", // short
		"2026-11-04": "[]",                        // holiday
		"2026-05-09": "[]",                        // holiday on a Saturday
		"2026-12-31": "[]",                        // a weekday off
		"2027-02-20": "[08:00–12:00 13:00–19:00]", // works as a Monday, and short
		"2027-02-22": "[]",
		"2027-01-09": "[]", // by exception
	} {
		if got := spans(h.On(day(t, date))); got != want {
			t.Errorf("%s: open %s, want %s", date, got, want)
		}
	}
}

// Spec §2.9: a sanitary "last Thursday" is the last Thursday that is worked.
func TestSanitaryDay(t *testing.T) {
	t.Parallel()
	h := desk(t)
	h.Sanitary = []time.Weekday{time.Thursday}
	var got []string
	for d := day(t, "2026-01-01"); d.Year < 2028; d = d.Add(1) {
		if spans, why := h.Explain(d); why == calendar.Cleaning {
			if len(spans) > 0 {
				t.Errorf("%s is open while it is cleaned", d)
			}
			got = append(got, d.String())
		}
	}
	want := []string{
		"2026-01-29", "2026-02-26", "2026-03-26", "2026-04-30", "2026-05-28", "2026-06-25",
		"2026-07-30", "2026-08-27", "2026-09-24", "2026-10-29", "2026-11-26",
		"2026-12-24", // the 31st is off
		"2027-01-28", "2027-02-25", "2027-03-25", "2027-04-29", "2027-05-27", "2027-06-24",
		"2027-07-29", "2027-08-26", "2027-09-30", "2027-10-28", "2027-11-25", "2027-12-30",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHoursExplainThemselves(t *testing.T) {
	t.Parallel()
	h := desk(t)
	h.Sanitary = []time.Weekday{time.Thursday}
	h.Exceptions = map[calendar.Date][]calendar.Span{day(t, "2026-11-04"): {{From: 9 * 60, To: 12 * 60}}}
	for date, want := range map[string]calendar.Why{
		"2026-11-24": calendar.Usual,
		"2026-11-29": calendar.Usual, // a Sunday, closed as ever
		"2026-11-03": calendar.Shortened,
		"2026-11-04": calendar.Excepted, // open on a holiday
		"2026-12-31": calendar.OnHoliday,
		"2027-01-02": calendar.OnHoliday, // a holiday on a Saturday
		"2027-01-03": calendar.Usual,     // on a Sunday, when it is closed anyway
		"2027-02-20": calendar.Shortened, // works as a Monday, and short
		"2025-11-01": calendar.Shortened,
		"2026-11-26": calendar.Cleaning,
	} {
		if _, why := h.Explain(day(t, date)); why != want {
			t.Errorf("%s: %s, want %s", date, why, want)
		}
	}
	h.Production = h.Production.With(years(t, "year 2024 ПП РФ 1314 от 10.08.2023\nmove 06.01=10.05 07.01=31.12 27.04=29.04 02.11=30.04 28.12=30.12\ntotal 248 1979")...)
	if spans, why := h.Explain(day(t, "2024-04-27")); why != calendar.Replaced || len(spans) != 2 {
		t.Errorf("a working Saturday that is not short: %v, %s", spans, why)
	}
}

func spans(list []calendar.Span) string {
	out := "["
	for i, s := range list {
		if i > 0 {
			out += " "
		}
		out += s.String()
	}
	return out + "]"
}

func TestNextOpening(t *testing.T) {
	t.Parallel()
	h := desk(t)
	for at, want := range map[string]string{
		"2026-11-24 09:30": "2026-11-24 09:30", // open now
		"2026-11-24 07:59": "2026-11-24 08:00",
		"2026-11-24 12:00": "2026-11-24 13:00", // the break
		"2026-11-28 15:00": "2026-11-30 08:00", // Saturday evening
		"2026-12-30 20:00": "2027-01-09 09:00", // over the holidays, by the week's Saturday
	} {
		from, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := h.NextOpening(from)
		if !ok || got.In(zone).Format("2006-01-02 15:04") != want {
			t.Errorf("after %s: %s, want %s", at, got.In(zone), want)
		}
	}
	if closing, open := h.Closing(time.Date(2026, 11, 24, 10, 0, 0, 0, zone)); !open || closing.Hour() != 12 {
		t.Errorf("closes at %s (%v), want 12:00", closing, open)
	}
	var never calendar.Hours
	never.Production, never.Zone = calendar.Published(), zone
	if _, ok := never.NextOpening(time.Date(2026, 11, 24, 10, 0, 0, 0, zone)); ok {
		t.Error("what never opens has a next opening")
	}
}

func TestStretches(t *testing.T) {
	t.Parallel()
	week, err := calendar.ParseWeek("Sun 10:00-12:00; Mon,Wed,Fri 08:00-17:00; Tue 08:00-17:00; Thu 08:00-12:00 13:00-20:00")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range week.Stretches() {
		got = append(got, fmt.Sprint(s.Days, " ", spans(s.Spans)))
	}
	want := []string{
		"[Monday Tuesday Wednesday Friday] [08:00–17:00]", "[Thursday] [08:00–12:00 13:00–20:00]", "[Sunday] [10:00–12:00]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParseWeekRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "Mon", "Mon 8-12", "Mon 12:00-08:00", "Xyz 08:00-09:00", "Mon-Fri 08:00-12:00 11:00-13:00",
		"Mon 08:00-09:00; Mon 10:00-11:00", "Mon 08:00-24:01", "Mon 08:60-09:00",
	} {
		if _, err := calendar.ParseWeek(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}

// Months end on the day of the same number, or on the last of a shorter month,
// and on a day off on the next working one.
func TestMonths(t *testing.T) {
	t.Parallel()
	for received, want := range map[string]string{
		"2026-01-30": "2026-03-02", // 28 February is a Saturday
		"2026-08-31": "2026-09-30",
		"2026-11-30": "2026-12-30",
		"2026-12-04": "2027-01-11", // 4 January is a holiday
	} {
		due, err := calendar.Published().Due(day(t, received), calendar.Term{N: 1, Unit: calendar.Months})
		if err != nil || due.Date.String() != want {
			t.Errorf("a month from %s ends on %s (%v), want %s", received, due.Date, err, want)
		}
	}
}

func TestParseTerm(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"3 calendar_days", "1 working_days", "6 months", "24 hours", "0 working_days"} {
		if term, err := calendar.ParseTerm(text); err != nil || term.String() != text {
			t.Errorf("%q is read as %v (%v)", text, term, err)
		}
	}
	for _, text := range []string{"", "3", "calendar_days", "-1 hours", "3 weeks", "1001 hours", "three months"} {
		if term, err := calendar.ParseTerm(text); err == nil {
			t.Errorf("%q is read as %v", text, term)
		}
	}
	if _, err := calendar.Published().Due(day(t, "2026-11-30"), calendar.Term{N: 24, Unit: calendar.ClockHours}); err == nil {
		t.Error("hours have a last day")
	}
}
