package visit

import (
	"time"

	"okoshko/core/calendar"
)

// Schedule is when an office receives, as staff see and edit it.
type Schedule struct {
	Directory *Directory
	Office    *Office
	Days      *calendar.Production
	Company   *time.Location
	// Revision goes up with every edit.
	Revision int64
}

// CalendarImpact is what years of the production calendar change.
type CalendarImpact struct {
	// Years are those that are new, or other than before.
	Years []ChangedYear
	// Offices are those whose hours become others within the days that can be
	// booked, or whose visits are hit.
	Offices []OfficeImpact
	// Terms is how many terms of open cases end on the first of the days or later.
	// They stay as they were promised.
	Terms int
}

// ChangedYear is a year of the calendar that is new, or the days that are others
// in it.
type ChangedYear struct {
	Year calendar.Year
	New  bool
	Days []calendar.Difference
}

// OfficeImpact is what a calendar changes in one office.
type OfficeImpact struct {
	Office *Office
	Zone   *time.Location
	Impact
}

// First is the first day that is another than before; zero: none is.
func (c CalendarImpact) First() (first calendar.Date) {
	for _, y := range c.Years {
		if len(y.Days) > 0 && (first.IsZero() || y.Days[0].Date.Before(first)) {
			first = y.Days[0].Date
		}
	}
	return first
}

// Hits is how many visits are hit in all.
func (c CalendarImpact) Hits() (n int) {
	for _, o := range c.Offices {
		n += len(o.Hit)
	}
	return n
}

// AddedYear says when a year of the production calendar was added to those of the
// program, by whom ("" at a terminal of the server), and the how manieth version
// of it that is.
type AddedYear struct {
	Year, Version int
	By            string
	At            time.Time
}
