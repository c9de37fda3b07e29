package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/fault"
)

// Unit is what a term is counted in.
type Unit string

// The units of terms.
const (
	// CalendarDays are all days; a term that ends on a day off ends on the
	// next working day (ст. 193 ГК РФ).
	CalendarDays Unit = "calendar_days"
	// WorkingDays are working days only.
	WorkingDays Unit = "working_days"
	// Months end on the day of the same number, or on the last of the month
	// (ст. 192 ГК РФ), and on a day off as calendar days do.
	Months Unit = "months"
	// ClockHours are counted by the clock, days off too, from the moment itself:
	// they end at an instant and not with a day, so Due does not know them.
	ClockHours Unit = "hours"
)

// Units lists the units of terms.
func Units() []Unit { return []Unit{CalendarDays, WorkingDays, Months, ClockHours} }

// Term is a length of time that the law or the company promises.
type Term struct {
	N    int
	Unit Unit
}

// mostUnits bounds terms: nothing is promised for later than years.
const mostUnits = 1000

// ParseTerm reads "3 calendar_days". The error is of kind fault.Invalid.
func ParseTerm(s string) (Term, error) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > mostUnits || !slices.Contains(Units(), Unit(unit)) {
		return Term{}, fault.New(fault.Invalid, fmt.Sprintf("%q is no term such as 3 calendar_days", s))
	}
	return Term{n, Unit(unit)}, nil
}

// String returns the term as ParseTerm reads it.
func (t Term) String() string { return strconv.Itoa(t.N) + " " + string(t.Unit) }

// IsZero reports whether there is no term.
func (t Term) IsZero() bool { return t == Term{} }

// Due is the last day of a term, and how it was found: enough to explain it to
// a person.
type Due struct {
	Date Date
	Term Term
	// Received is the day of the event: counting begins on the next one
	// (ст. 191 ГК РФ).
	Received Date
	// Moved is the day off on which the term would have ended, zero if it ends
	// where it was counted to.
	Moved Date
	// Regional are the holidays of the region that it would have counted, or have
	// ended on.
	Regional []Regional
}

// Due counts a term from the day of an event. The error is ErrUnpublished if a
// day of it lies in a year that is not known.
func (p *Production) Due(received Date, t Term) (Due, error) {
	due := Due{Term: t, Received: received}
	switch t.Unit {
	case CalendarDays, Months:
		counted := received.Add(t.N)
		if t.Unit == Months {
			counted = received.addMonths(t.N)
		}
		rolled, err := p.Roll(counted)
		if err != nil {
			return Due{}, err
		}
		if due.Date = rolled; rolled != counted {
			due.Moved = counted
			due.Regional = p.regional(counted, rolled)
		}
		return due, nil
	case WorkingDays:
		day, left := received, t.N
		for left > 0 {
			day = day.Add(1)
			working, err := p.Working(day)
			if err != nil {
				return Due{}, err
			}
			if working {
				left--
			}
		}
		due.Date, due.Regional = day, p.regional(received.Add(1), day)
		return due, nil
	}
	return Due{}, fmt.Errorf("count a term: unknown unit %q", t.Unit)
}

// regional are the holidays of the region from a day until before another that
// would be worked without them.
func (p *Production) regional(from, until Date) []Regional {
	var list []Regional
	e := p.edition.Load()
	for d := from; d.Before(until); d = d.Add(1) {
		if r, is := e.years[d.Year].holiday(d, p.territory); is && worked(d, e.days[d]) {
			list = append(list, r)
		}
	}
	return list
}

// addMonths returns the day of the same number n months later, or the last of
// that month.
func (d Date) addMonths(n int) Date {
	first := DateOf(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC), time.UTC)
	last := DateOf(time.Date(d.Year, d.Month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC), time.UTC)
	return first.Add(min(d.Day, last.Day) - 1)
}

// Roll returns the day, or the nearest working day after it.
func (p *Production) Roll(d Date) (Date, error) {
	for {
		working, err := p.Working(d)
		if err != nil || working {
			return d, err
		}
		d = d.Add(1)
	}
}
