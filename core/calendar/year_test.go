package calendar_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
	"okoshko/core/fault"
)

func years(t *testing.T, text string) []calendar.Year {
	t.Helper()
	list, err := calendar.ReadYears(text)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// days lists the days of a year that are of a kind: "01.01 02.01 …"; of days off,
// those that are weekdays.
func days(p *calendar.Production, year int, want func(calendar.Date) bool) string {
	var list []string
	for d := (calendar.Date{Year: year, Month: 1, Day: 1}); d.Year == year; d = d.Add(1) {
		if want(d) {
			list = append(list, fmt.Sprintf("%02d.%02d", d.Day, d.Month))
		}
	}
	return strings.Join(list, " ")
}

func onWeekend(d calendar.Date) bool { return d.Weekday() == 0 || d.Weekday() == 6 }

// The table of spec §2.9: what follows from the law and the moves of the act is
// what was published. Two earlier years, whose acts moved more, are checked too.
func TestWhatFollowsFromAnAct(t *testing.T) {
	t.Parallel()
	p := calendar.Published().With(years(t, `
year 2023 ПП РФ 1505 от 29.08.2022
move 01.01=24.02 08.01=08.05
total 247 1973
year 2024 ПП РФ 1314 от 10.08.2023
move 06.01=10.05 07.01=31.12 27.04=29.04 02.11=30.04 28.12=30.12
total 248 1979
`)...)
	for year, want := range map[int][3]string{
		2023: {"02.01 03.01 04.01 05.01 06.01 23.02 24.02 08.03 01.05 08.05 09.05 12.06 06.11", "", "22.02 07.03 03.11"},
		2024: {
			"01.01 02.01 03.01 04.01 05.01 08.01 23.02 08.03 29.04 30.04 01.05 09.05 10.05 12.06 04.11 30.12 31.12",
			"27.04 02.11 28.12", "22.02 07.03 08.05 11.06 02.11",
		},
		2025: {
			"01.01 02.01 03.01 06.01 07.01 08.01 01.05 02.05 08.05 09.05 12.06 13.06 03.11 04.11 31.12",
			"01.11", "07.03 30.04 11.06 01.11",
		},
		2026: {"01.01 02.01 05.01 06.01 07.01 08.01 09.01 23.02 09.03 01.05 11.05 12.06 04.11 31.12", "", "30.04 08.05 11.06 03.11"},
		2027: {
			"01.01 04.01 05.01 06.01 07.01 08.01 22.02 23.02 08.03 03.05 10.05 14.06 04.11 05.11 31.12",
			"20.02", "20.02 30.04 11.06 03.11",
		},
	} {
		working := func(d calendar.Date) bool {
			yes, err := p.Working(d)
			if err != nil {
				t.Fatal(err)
			}
			return yes
		}
		got := [3]string{
			days(p, year, func(d calendar.Date) bool { return !onWeekend(d) && !working(d) }),
			days(p, year, func(d calendar.Date) bool { return onWeekend(d) && working(d) }),
			days(p, year, p.Short),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d: off, worked, short (-want +got):\n%s", year, diff)
		}
	}
	if weekday, moved := p.Instead(day(t, "2027-02-20")); !moved || weekday != 1 {
		t.Errorf("20.02.2027 works as a %s, not as a Monday", weekday)
	}
}

const good = "year 2028 ПП РФ 1 от 01.10.2027\nmove 08.01=10.01\n"

func TestReadYearsRefuses(t *testing.T) {
	t.Parallel()
	const act = "year 2026 Акт\n"
	const whole = act + "move 03.01=09.01 04.01=31.12\ntotal 247 1972\n"
	for what, c := range map[string]struct{ text, want string }{
		"nothing":                  {"# год\n", "no year in it"},
		"a line before the year":   {"total 247 1972", "line 1: no year before it"},
		"a year that is none":      {"year MMXXVI Акт", "no year from"},
		"a year of dinosaurs":      {"year 1066 Акт", "no year from"},
		"no act":                   {"year 2026\ntotal 1 1", "has no name"},
		"an act that hides":        {"year 2026 А\u202eкт\ntotal 1 1", "cannot be shown"},
		"an endless act":           {"year 2026 " + strings.Repeat("а", 201), "longer than"},
		"a year twice":             {whole + whole, "year 2026 stands twice"},
		"a word of another format": {act + "holiday 01.01", "none of year, move"},
		"no totals":                {act + "move 03.01=09.01", "no line of totals"},
		"totals twice":             {act + "total 1 1\ntotal 1 1", "stand twice"},
		"totals of letters":        {act + "total много 1972", "no number"},
		"a total too few":          {act + "total 247", "1 numbers instead of 2"},
		"days that do not add up":  {act + "move 03.01=09.01 04.01=31.12\ntotal 248 1980", "247 working days follow from it, 248 were published"},
		"hours that do not":        {act + "move 03.01=09.01 04.01=31.12\ntotal 247 1973", "1972 hours of the 40-hour week follow from it, 1973"},
		"months that do not": {
			act + "move 03.01=09.01 04.01=31.12\ntotal 247 1972\nmonths 16 18 21 22 19 21 23 21 22 22 20 22", "the working days of its months are",
		},
		"months twice":                 {act + "months 1 1 1 1 1 1 1 1 1 1 1 1\nmonths 1 1 1 1 1 1 1 1 1 1 1 1", "stand twice"},
		"a move of a weekday":          {act + "move 05.02=09.02", "no weekend day"},
		"a move to a weekend":          {act + "move 03.01=10.01", "off without it"},
		"a move to a holiday":          {act + "move 03.01=05.01", "off without it"},
		"a move that goes nowhere":     {act + "move 03.01", "must name the day off in exchange"},
		"a move to no day":             {act + "move 03.01=30.02", "must name"},
		"a move from no day":           {act + "move 31.04=09.01", "no day of 2026"},
		"two moves to one day":         {act + "move 03.01=09.01 04.01=09.01", "moved already"},
		"two moves of one day":         {act + "move 03.01=09.01 03.01=31.12", "moved already"},
		"three January days":           {"year 2028 Акт\nmove 01.01=10.01 02.01=11.01 08.01=12.01\ntotal 1 1", "the law lets two"},
		"a day off that is off":        {act + "off 01.05", "off without it"},
		"a day off that is moved to":   {act + "move 03.01=09.01\noff 09.01\ntotal 1 1", "off without it"},
		"a holiday of nowhere":         {act + "regional 18.09", "names no territory"},
		"a holiday without a name":     {act + "regional 06 18.09", "names no territory"},
		"a holiday on no day":          {act + "regional 06 31.09 День", "no day of 2026"},
		"a holiday twice":              {act + "regional 06 18.09 День\nregional 06 18.09 Праздник", "stands twice"},
		"bytes that are no text":       {"year 2026 \xff\xfe", "UTF-8"},
		"more than anybody would type": {strings.Repeat("# \n", 40_000), "at most"},
	} {
		_, err := calendar.ReadYears(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
	if _, err := calendar.ReadYears("\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n")); err != nil {
		t.Errorf("as another system writes it: %v", err)
	}
}

// A new year is seen by whoever holds the calendar, and not by whoever has kept
// an edition of it; a newer version of a year takes the place of the older one.
func TestPut(t *testing.T) {
	t.Parallel()
	p := calendar.Published()
	kept, inRegion := p.Edition(), p.In("06")
	due := func(p *calendar.Production) string {
		d, err := p.Due(day(t, "2027-12-30"), calendar.Term{N: 1, Unit: calendar.WorkingDays})
		if err != nil {
			return "unknown"
		}
		return d.Date.String()
	}
	text := "year 2028 ПП РФ 1 от 01.10.2027\nmove 08.01=10.01\ntotal 248 1980\nregional 06 11.01 День села / Village Day\n"
	p.Put(years(t, text)...)
	for what, c := range map[string]struct {
		p    *calendar.Production
		want string
	}{"the holder": {p, "2028-01-11"}, "the territory": {inRegion, "2028-01-12"}, "another one": {p.In("05"), "2028-01-11"}, "the edition": {kept, "unknown"}} {
		if got := due(c.p); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
	if list := p.Years(); len(list) != 4 || list[3].Number != 2028 || list[3].Act != "ПП РФ 1 от 01.10.2027" {
		t.Errorf("years: %+v", list)
	}
	if again := years(t, p.Years()[3].Text); again[0].Working != 248 || again[0].Text != p.Years()[3].Text {
		t.Errorf("what is kept of a year is not it: %q", again[0].Text)
	}
	newer := p.With(years(t, strings.Replace(text, "move 08.01=10.01", "move 08.01=31.01", 1))...)
	want := []calendar.Difference{
		{Date: day(t, "2028-01-10"), Was: calendar.DayOff, Is: calendar.WorkDay},
		{Date: day(t, "2028-01-31"), Was: calendar.WorkDay, Is: calendar.DayOff},
	}
	if diff := cmp.Diff(want, p.Differences(newer, 2028)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list := kept.Differences(p, 2028); list != nil {
		t.Errorf("a year that was not known has differences: %v", list)
	}
}

// A holiday of a region closes offices there, and terms say that they have passed
// over it.
func TestRegionalHolidays(t *testing.T) {
	t.Parallel()
	text := "year 2026 ПП РФ 1466 от 24.09.2025\nmove 03.01=09.01 04.01=31.12\ntotal 247 1972\nregional * 25.11 День области / Day of the Region\nregional 06 26.11 День села\n"
	p := calendar.NewProduction(years(t, text)...)
	h := desk(t)
	for territory, want := range map[string]string{"06": "regional regional usual", "05": "regional usual usual", "": "regional usual usual"} {
		h.Production = p.In(territory)
		var got []string
		for _, date := range []string{"2026-11-25", "2026-11-26", "2026-11-27"} {
			spans, why := h.Explain(day(t, date))
			if (why == calendar.OnRegional) != (len(spans) == 0) {
				t.Errorf("%s in %q: %v by %s", date, territory, spans, why)
			}
			got = append(got, string(why))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("in %q: %s, want %s", territory, got, want)
		}
	}
	for _, c := range []struct {
		territory, received, term, want string
		passed                          []string
	}{
		{"06", "2026-11-24", "1 working_days", "2026-11-27", []string{"День области", "День села"}},
		{"05", "2026-11-24", "1 working_days", "2026-11-26", []string{"День области"}},
		{"06", "2026-11-24", "1 calendar_days", "2026-11-27", []string{"День области", "День села"}},
		{"06", "2026-11-24", "3 calendar_days", "2026-11-27", nil},
		{"06", "2026-11-27", "1 working_days", "2026-11-30", nil},
	} {
		term, err := calendar.ParseTerm(c.term)
		if err != nil {
			t.Fatal(err)
		}
		due, err := p.In(c.territory).Due(day(t, c.received), term)
		if err != nil {
			t.Fatal(err)
		}
		var passed []string
		for _, r := range due.Regional {
			passed = append(passed, r.Names["ru"])
		}
		if due.Date.String() != c.want || !slices.Equal(passed, c.passed) {
			t.Errorf("%s from %s in %s: %s over %v, want %s over %v", c.term, c.received, c.territory, due.Date, passed, c.want, c.passed)
		}
	}
	if r, is := p.Regional(day(t, "2026-11-25")); !is || r.Names["en"] != "Day of the Region" {
		t.Errorf("its name: %+v", r)
	}
	if got := p.In("06").Kind(day(t, "2026-11-26")); got != calendar.RegionalDay {
		t.Errorf("its kind: %s", got)
	}
}

// FuzzReadYears: whatever the text, no panic; what is taken can be read again,
// has its totals, and answers.
func FuzzReadYears(f *testing.F) {
	f.Add(good + "total 248 1980\n")
	f.Add("year 2026 x\nmove 03.01=09.01 04.01=31.12\noff 04.05\ntotal 246 1964\nregional * 01.06 a / b\n")
	f.Add("total 1 1")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := calendar.ReadYears(text)
		if err != nil {
			if fault.Of(err) != fault.Invalid {
				t.Fatalf("refused as %v", err)
			}
			return
		}
		for _, y := range list {
			again, err := calendar.ReadYears(y.Text)
			if err != nil || len(again) != 1 || again[0].Working != y.Working || again[0].Hours != y.Hours {
				t.Fatalf("what was taken is not read again: %v\n%s", err, y.Text)
			}
			p, n := calendar.NewProduction(y), 0
			for d := (calendar.Date{Year: y.Number, Month: 1, Day: 1}); d.Year == y.Number; d = d.Add(1) {
				if working, err := p.Working(d); err == nil && working {
					n++
				}
			}
			if len(p.In("").Years()[0].Text) == 0 || n > y.Working {
				t.Fatalf("%d days are worked of %d", n, y.Working)
			}
			if _, err := p.Due(calendar.Date{Year: y.Number, Month: 1, Day: 1}, calendar.Term{N: 3, Unit: calendar.CalendarDays}); err != nil && !errors.Is(err, calendar.ErrUnpublished) {
				t.Fatal(err)
			}
		}
	})
}
