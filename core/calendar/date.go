package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the calendar, the same in every zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day on which an instant falls in a zone.
func DateOf(at time.Time, zone *time.Location) Date {
	y, m, d := at.In(zone).Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-11-24".
func ParseDate(s string) (Date, error) {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q is not year-month-day", s)
	}
	return DateOf(at, time.UTC), nil
}

// String returns "2026-11-24".
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// At returns the instant of a time of that day in a zone. minutes are counted
// from midnight; 24 hours and more lie on the days after.
func (d Date) At(minutes Minutes, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, int(minutes), 0, 0, zone)
}

// Add returns the day n days later, or earlier for a negative n.
func (d Date) Add(n int) Date { return DateOf(d.utc().AddDate(0, 0, n), time.UTC) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Compare orders dates: -1, 0 or 1.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// Before reports whether d comes before o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// IsZero reports whether the date is not set.
func (d Date) IsZero() bool { return d == Date{} }

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the date as ParseDate does.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// Sub returns how many days d comes after o.
func (d Date) Sub(o Date) int { return int(d.utc().Sub(o.utc()) / (24 * time.Hour)) }
