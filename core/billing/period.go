package billing

import (
	"fmt"
	"time"

	"okoshko/core/fault"
)

// Days of the month that decide to which period a reading counts.
const (
	// LastDay is the last day on which an individual's reading counts for the
	// current month (Rules 354, "not later than the 25th"; spec §2.1).
	LastDay = 25
	// LegalDay is the day on which a legal entity's reading counts for the
	// month before: it is the state at 00:00 of that day (Act 442; spec §2.2).
	LegalDay = 1
)

// Period is a billing month. The zero Period is no month.
type Period struct {
	Year  int
	Month time.Month
}

// PeriodAt returns the period to which a reading sent at the instant at counts,
// by the date in zone. Individuals: the current month up to and with LastDay,
// then the next one. Legal entities: the month before on LegalDay, else the
// current one.
func PeriodAt(at time.Time, zone *time.Location, legal bool) Period {
	year, month, day := at.In(zone).Date()
	p := Period{year, month}
	switch {
	case legal && day == LegalDay:
		return p.Add(-1)
	case !legal && day > LastDay:
		return p.Add(1)
	default:
		return p
	}
}

// Add returns the period n months later, earlier if n is negative.
func (p Period) Add(n int) Period {
	months := p.index() + n
	year, month := months/12, months%12
	if month < 0 {
		year, month = year-1, month+12
	}
	return Period{year, time.Month(month + 1)}
}

// Sub returns how many months p is after q.
func (p Period) Sub(q Period) int { return p.index() - q.index() }

// Before reports whether p is an earlier month than q.
func (p Period) Before(q Period) bool { return p.index() < q.index() }

// IsZero reports whether p is no month.
func (p Period) IsZero() bool { return p == Period{} }

// String returns the period as 2026-11, the form in which it is stored.
func (p Period) String() string { return fmt.Sprintf("%04d-%02d", p.Year, int(p.Month)) }

// MarshalText returns the form of String, empty for the zero Period.
func (p Period) MarshalText() ([]byte, error) {
	if p.IsZero() {
		return nil, nil
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (p *Period) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = Period{}
		return nil
	}
	q, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = q
	return nil
}

// ParsePeriod reads 2026-11. Anything else is Invalid.
func ParsePeriod(s string) (Period, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Period{}, fault.New(fault.Invalid, "read period: not a year and month")
	}
	return Period{t.Year(), t.Month()}, nil
}

func (p Period) index() int { return p.Year*12 + int(p.Month) - 1 }

// daysBetween counts the calendar days from one instant to a later one, by
// their dates in zone; at least one, so that nothing is divided among no days.
func daysBetween(from, to time.Time, zone *time.Location) int64 {
	const most = 200 * 366 // A reading of another century is a mistake; keep the sums small.
	days := civil(to, zone).Sub(civil(from, zone)) / (24 * time.Hour)
	return min(max(int64(days), 1), most)
}

// civil returns the date of t in zone as a UTC midnight: days between two of
// them are whole even where clocks are moved.
func civil(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
