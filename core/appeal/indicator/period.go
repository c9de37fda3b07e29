package indicator

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// ErrPeriod says that a text is no period of which indicators are counted. It is of
// kind fault.Invalid.
var ErrPeriod error = &fault.Error{Kind: fault.Invalid, Key: "indicator_period"}

// Period is a month, a quarter or a year.
type Period struct {
	Year int
	// Quarter is from 1 to 4, Month from 1 to 12; one of them at most is not 0.
	Quarter int
	Month   time.Month
}

// firstYear is before any case; lastYear keeps hostile years off the calendar.
const firstYear, lastYear = 2000, 2200

// ParsePeriod reads "2026-11", "2026-Q4" or "2026". The error is ErrPeriod.
func ParsePeriod(s string) (p Period, err error) {
	year, part, whole := strings.Cut(s, "-")
	if p.Year, err = number(year, 4); err != nil || p.Year < firstYear || p.Year > lastYear {
		return Period{}, ErrPeriod
	}
	quarter, quarterly := strings.CutPrefix(part, "Q")
	most := 12
	switch {
	case !whole:
		return p, nil
	case quarterly:
		most = 4
		p.Quarter, err = number(quarter, 1)
	default:
		var month int
		month, err = number(part, 2)
		p.Month = time.Month(month)
	}
	if n := p.Quarter + int(p.Month); err != nil || n < 1 || n > most {
		return Period{}, ErrPeriod
	}
	return p, nil
}

// number reads so many digits.
func number(s string, digits int) (int, error) {
	if len(s) != digits || strings.Trim(s, "0123456789") != "" {
		return 0, ErrPeriod
	}
	return strconv.Atoi(s)
}

// String returns the period as ParsePeriod reads it.
func (p Period) String() string {
	switch {
	case p.Month > 0:
		return fmt.Sprintf("%04d-%02d", p.Year, int(p.Month))
	case p.Quarter > 0:
		return fmt.Sprintf("%04d-Q%d", p.Year, p.Quarter)
	default:
		return fmt.Sprintf("%04d", p.Year)
	}
}

// First returns its first day, After that of the period behind it.
func (p Period) First() calendar.Date {
	month := max(p.Month, 1)
	if p.Quarter > 0 {
		month = time.Month(3*p.Quarter - 2)
	}
	return calendar.Date{Year: p.Year, Month: month, Day: 1}
}

// After returns the first day that is not in it any more.
func (p Period) After() calendar.Date {
	months := 12
	switch {
	case p.Month > 0:
		months = 1
	case p.Quarter > 0:
		months = 3
	}
	f := p.First()
	return calendar.DateOf(time.Date(f.Year, f.Month+time.Month(months), 1, 0, 0, 0, 0, time.UTC), time.UTC)
}

// Span returns what it covers in a zone.
func (p Period) Span(zone *time.Location) Span {
	return Span{p.First().At(0, zone), p.After().At(0, zone)}
}

// Span is the time from a moment until before another one.
type Span struct{ From, To time.Time }

// Has reports whether a moment lies in it.
func (s Span) Has(at time.Time) bool { return !at.Before(s.From) && at.Before(s.To) }

// Periods lists those that a reader chooses from on a day: the last months, the
// quarters of the last year, years, each with the one that is running first.
func Periods(today calendar.Date) (list []Period) {
	const months, quarters, years = 6, 4, 2
	month := time.Date(today.Year, today.Month, 1, 0, 0, 0, 0, time.UTC)
	for i := range months {
		at := month.AddDate(0, -i, 0)
		list = append(list, Period{Year: at.Year(), Month: at.Month()})
	}
	for i := range quarters {
		at := month.AddDate(0, -3*i, 0)
		list = append(list, Period{Year: at.Year(), Quarter: (int(at.Month()) + 2) / 3})
	}
	for i := range years {
		list = append(list, Period{Year: today.Year - i})
	}
	return list
}
