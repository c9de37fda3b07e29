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
		days, err := ParseDays(fields[0])
		if err != nil {
			return w, fault.Wrap(fault.Invalid, err)
		}
		spans, err := ParseSpans(strings.Join(fields[1:], " "))
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

// Stretch is the days of a week that have the same hours.
type Stretch struct {
	Days  []time.Weekday // from Monday on
	Spans []Span
}

// Stretches returns the open days of the week from Monday on, those with the
// same hours together.
func (w Week) Stretches() []Stretch {
	var list []Stretch
	for i := range w {
		day := time.Weekday((i + 1) % len(w))
		if len(w[day]) == 0 {
			continue
		}
		same := slices.IndexFunc(list, func(s Stretch) bool { return slices.Equal(s.Spans, w[day]) })
		if same < 0 {
			list = append(list, Stretch{Spans: w[day]})
			same = len(list) - 1
		}
		list[same].Days = append(list[same].Days, day)
	}
	return list
}

var weekdays = map[string]time.Weekday{
	"Mon": time.Monday, "Tue": time.Tuesday, "Wed": time.Wednesday, "Thu": time.Thursday,
	"Fri": time.Friday, "Sat": time.Saturday, "Sun": time.Sunday,
}

// ParseDays reads "Mon-Fri" or "Tue,Thu".
func ParseDays(s string) ([]time.Weekday, error) {
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

// ParseSpans reads "08:00-12:00 13:00-17:00": none for an empty text.
func ParseSpans(s string) ([]Span, error) {
	var spans []Span
	for item := range strings.FieldsSeq(s) {
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

// SpansText writes hours as ParseSpans reads them.
func SpansText(spans []Span) string {
	list := make([]string, len(spans))
	for i, s := range spans {
		list[i] = s.From.String() + "-" + s.To.String()
	}
	return strings.Join(list, " ")
}

// DaysText writes days of the week as ParseDays reads them.
func DaysText(days []time.Weekday) string {
	list := make([]string, len(days))
	for i, d := range days {
		list[i] = d.String()[:3]
	}
	return strings.Join(list, ",")
}

// String writes the week as ParseWeek reads it; "" if it is never open.
func (w Week) String() string {
	stretches := w.Stretches()
	list := make([]string, len(stretches))
	for i, s := range stretches {
		list[i] = DaysText(s.Days) + " " + SpansText(s.Spans)
	}
	return strings.Join(list, "; ")
}

// Hours is when something is open: its week, the production calendar, and
// dates that differ from both.
type Hours struct {
	Week Week
	// Sanitary are weekdays whose last working one in a month is closed.
	Sanitary []time.Weekday
	// Exceptions replace a day's hours; an empty list closes it.
	Exceptions map[Date][]Span
	Production *Production
	Zone       *time.Location
}

// Why says what a day's hours follow from.
type Why string

// What hours follow from.
const (
	Usual      Why = "usual"     // the week
	Excepted   Why = "exception" // a dated exception
	OnHoliday  Why = "holiday"   // a holiday, or a day off in exchange for one
	OnRegional Why = "regional"  // a holiday of its region
	Replaced   Why = "replaced"  // a working weekend day: the weekday that it replaces
	Shortened  Why = "short"     // the day before a holiday, or a working weekend day that is short
	Cleaning   Why = "sanitary"  // the sanitary day of the month
)

// On returns the hours of a day: see Explain.
func (h Hours) On(d Date) []Span {
	spans, _ := h.Explain(d)
	return spans
}

// Explain returns the hours of a day and what they follow from. On holidays and
// days off it is closed, a working weekend day has the hours of the weekday
// that it replaces, a short day ends an hour earlier, a sanitary day is closed
// (spec §2.9); an exception overrules all that. Where the production calendar
// of the year is not known, holidays alone are closed. What is closed by the
// week anyway is as usual.
func (h Hours) Explain(d Date) ([]Span, Why) {
	if spans, ok := h.Exceptions[d]; ok {
		return spans, Excepted
	}
	weekday, why := d.Weekday(), Usual
	_, regional := h.Production.Regional(d)
	if instead, moved := h.Production.Instead(d); moved && !regional {
		weekday, why = instead, Replaced
	} else if h.off(d) {
		if len(h.Week[weekday]) == 0 {
			return nil, Usual
		}
		if regional && !Holiday(d) {
			return nil, OnRegional
		}
		return nil, OnHoliday
	}
	spans := h.Week[weekday]
	if len(spans) > 0 && h.sanitary(d) {
		return nil, Cleaning
	}
	if len(spans) > 0 && h.Production.Short(d) {
		return shorten(spans), Shortened
	}
	return spans, why
}

// off reports whether the day is a holiday, of the region too, or a weekday off.
func (h Hours) off(d Date) bool {
	if _, regional := h.Production.Regional(d); regional || Holiday(d) {
		return true
	}
	if weekend(d) {
		return false
	}
	working, err := h.Production.Working(d)
	return err == nil && !working
}

// sanitary reports whether the day is the last of its weekday in the month that
// is not off.
func (h Hours) sanitary(d Date) bool {
	if !slices.Contains(h.Sanitary, d.Weekday()) {
		return false
	}
	for next := d.Add(7); next.Month == d.Month; next = next.Add(7) {
		if !h.off(next) {
			return false
		}
	}
	return true
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
