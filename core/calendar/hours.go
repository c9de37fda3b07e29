package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/fault"
)

// Minutes is a time of day, counted from midnight.
type Minutes int

// ParseMinutes reads "08:30"; 24:00 is the end of the day.
func ParseMinutes(s string) (Minutes, error) {
	h, m, ok := strings.Cut(s, ":")
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	at := Minutes(hours*60 + minutes)
	if !ok || err1 != nil || err2 != nil || len(m) != 2 || hours < 0 || minutes < 0 || minutes > 59 || at > 24*60 {
		return 0, fmt.Errorf("%q is no time of day such as 08:30", s)
	}
	return at, nil
}

// String returns "08:30".
func (m Minutes) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// Span is a stretch of a day, From included, To not.
type Span struct{ From, To Minutes }

// String returns "08:00–12:00".
func (s Span) String() string { return s.From.String() + "–" + s.To.String() }

// Week is the usual hours by weekday (time.Sunday is 0): spans in their order,
// none for a closed day.
type Week [7][]Span

// ParseWeek reads hours written as "Mon-Fri 08:00-12:00 13:00-17:00; Sat
// 09:00-15:00". Days that are not named are closed. The error is of kind
// fault.Invalid.
func ParseWeek(s string) (Week, error) {
	var w Week
	for part := range strings.SplitSeq(s, ";") {
		fields := strings.Fields(part)
		if len(fields) < 2 {
			return w, fault.New(fault.Invalid, fmt.Sprintf("hours %q name no days or no times", strings.TrimSpace(part)))
		}
		days, err := parseDays(fields[0])
		if err != nil {
			return w, fault.Wrap(fault.Invalid, err)
		}
		spans, err := parseSpans(fields[1:])
		if err != nil {
			return w, fault.Wrap(fault.Invalid, err)
		}
		for _, day := range days {
			if w[day] != nil {
				return w, fault.New(fault.Invalid, day.String()+" stands twice")
			}
			w[day] = spans
		}
	}
	return w, nil
}

var weekdays = map[string]time.Weekday{
	"Mon": time.Monday, "Tue": time.Tuesday, "Wed": time.Wednesday, "Thu": time.Thursday,
	"Fri": time.Friday, "Sat": time.Saturday, "Sun": time.Sunday,
}

// parseDays reads "Mon-Fri" or "Tue,Thu".
func parseDays(s string) ([]time.Weekday, error) {
	var days []time.Weekday
	for item := range strings.SplitSeq(s, ",") {
		first, last, stretch := strings.Cut(item, "-")
		from, ok := weekdays[first]
		to := from
		if stretch && ok {
			to, ok = weekdays[last]
		}
		if !ok {
			return nil, fmt.Errorf("%q names no days such as Mon-Fri", item)
		}
		for day := from; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == to {
				break
			}
		}
	}
	return days, nil
}

func parseSpans(items []string) ([]Span, error) {
	var spans []Span
	for _, item := range items {
		first, last, _ := strings.Cut(item, "-")
		from, err := ParseMinutes(first)
		if err != nil {
			return nil, err
		}
		to, err := ParseMinutes(last)
		if err != nil {
			return nil, err
		}
		if to <= from || len(spans) > 0 && from < spans[len(spans)-1].To {
			return nil, fmt.Errorf("%q ends before it begins, or overlaps the one before it", item)
		}
		spans = append(spans, Span{from, to})
	}
	return spans, nil
}

// Hours is when something is open: its week, the production calendar, and
// dates that differ from both.
type Hours struct {
	Week Week
	// Exceptions replace a day's hours; an empty list closes it.
	Exceptions map[Date][]Span
	Production *Production
	Zone       *time.Location
}

// On returns the hours of a day. On holidays and days off it is closed, a
// working weekend day has the hours of the weekday that it replaces, a short
// day ends an hour earlier (spec §2.9); an exception overrules all that. Where
// the production calendar of the year is not known, holidays alone are closed.
func (h Hours) On(d Date) []Span {
	if spans, ok := h.Exceptions[d]; ok {
		return spans
	}
	weekday := d.Weekday()
	switch instead, moved := h.Production.Instead(d); {
	case moved:
		weekday = instead
	case Holiday(d):
		return nil
	case weekday != time.Saturday && weekday != time.Sunday:
		if working, err := h.Production.Working(d); err == nil && !working {
			return nil
		}
	}
	spans := h.Week[weekday]
	if h.Production.Short(d) {
		spans = shorten(spans)
	}
	return spans
}

// shorten takes the last hour off a day.
func shorten(spans []Span) []Span {
	if len(spans) == 0 {
		return nil
	}
	spans = slices.Clone(spans)
	end := spans[len(spans)-1].To - 60
	for len(spans) > 0 && spans[len(spans)-1].From >= end {
		spans = spans[:len(spans)-1]
	}
	if n := len(spans); n > 0 {
		spans[n-1].To = min(spans[n-1].To, end)
	}
	return spans
}

// Open reports whether it is open at an instant.
func (h Hours) Open(at time.Time) bool {
	_, open := h.span(at)
	return open
}

// span finds the span that an instant lies in.
func (h Hours) span(at time.Time) (until time.Time, open bool) {
	day := DateOf(at, h.Zone)
	for _, s := range h.On(day) {
		if end := day.At(s.To, h.Zone); !at.Before(day.At(s.From, h.Zone)) && at.Before(end) {
			return end, true
		}
	}
	return time.Time{}, false
}

// searchDays is how far ahead an opening is looked for.
const searchDays = 60

// NextOpening returns at itself if it is open then, else the next opening; ok
// is false if there is none within two months.
func (h Hours) NextOpening(at time.Time) (opening time.Time, ok bool) {
	if h.Open(at) {
		return at, true
	}
	day := DateOf(at, h.Zone)
	for range searchDays {
		for _, s := range h.On(day) {
			if from := day.At(s.From, h.Zone); from.After(at) {
				return from, true
			}
		}
		day = day.Add(1)
	}
	return time.Time{}, false
}

// Closing returns when it closes next, if it is open at an instant.
func (h Hours) Closing(at time.Time) (closing time.Time, open bool) { return h.span(at) }
