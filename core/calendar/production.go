package calendar

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"okoshko/core/fault"
)

//go:embed production.txt
var shipped string

// Production is the production calendar: which days are worked, year by year.
// Who holds it sees the years that are put into it while he does; each question
// is answered by one edition of them. What has to hold together over several
// questions is asked of an Edition.
type Production struct {
	edition *atomic.Pointer[edition]
	// territory is the one whose own holidays count beside those of all.
	territory string
}

// edition is the years of one moment. It is immutable.
type edition struct {
	years map[int]Year
	days  map[Date]mark
}

// mark is what is special about a day.
type mark struct {
	off, on, short bool
	// instead is the weekday whose place a working weekend day takes.
	instead time.Weekday
}

// ErrUnpublished says that a day lies in a year whose calendar is not known.
// It is of kind fault.NotFound.
var ErrUnpublished error = &fault.Error{Kind: fault.NotFound, Key: "calendar_unpublished"}

// Published returns the calendar of the years that this build knows.
func Published() *Production { return NewProduction() }

// Shipped returns the years that this build knows.
func Shipped() []Year {
	years, err := ReadYears(shipped)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return years
}

// NewProduction returns the calendar of the years that this build knows and of
// some more; one that both have is that of the list.
func NewProduction(more ...Year) *Production {
	p := &Production{edition: new(atomic.Pointer[edition])}
	p.Put(more...)
	return p
}

// Put makes the years that this build knows, and these in their place, those of
// everybody who holds the calendar.
func (p *Production) Put(more ...Year) {
	e := &edition{years: map[int]Year{}, days: map[Date]mark{}}
	for _, y := range slices.Concat(Shipped(), more) {
		e.years[y.Number] = y
	}
	for _, y := range e.years {
		maps.Copy(e.days, y.days)
	}
	p.edition.Store(e)
}

// In returns the calendar as it is in a territory: its own holidays are days off,
// too. "" is where those of all territories count alone.
func (p *Production) In(territory string) *Production {
	if p == nil || p.territory == territory {
		return p
	}
	return &Production{edition: p.edition, territory: territory}
}

// Edition returns the calendar as it is now, whatever is put into it later.
func (p *Production) Edition() *Production {
	fixed := new(atomic.Pointer[edition])
	fixed.Store(p.edition.Load())
	return &Production{edition: fixed, territory: p.territory}
}

// With returns the calendar with some years in the place of those that it has.
func (p *Production) With(more ...Year) *Production {
	n := &Production{edition: new(atomic.Pointer[edition]), territory: p.territory}
	var years []Year
	for _, y := range p.edition.Load().years {
		years = append(years, y)
	}
	n.Put(append(years, more...)...)
	return n
}

// Years returns the years that are known, in order.
func (p *Production) Years() []Year {
	return slices.SortedFunc(maps.Values(p.edition.Load().years), func(a, b Year) int { return a.Number - b.Number })
}

// Year returns a year, if it is known.
func (p *Production) Year(number int) (y Year, known bool) {
	y, known = p.edition.Load().years[number]
	return y, known
}

// Act returns the government act that moves the days off of a year, and
// whether the year is known.
func (p *Production) Act(year int) (string, bool) {
	y, ok := p.edition.Load().years[year]
	return y.Act, ok
}

// Working reports whether the day is a working day of the five-day week. The
// error is ErrUnpublished.
func (p *Production) Working(d Date) (bool, error) {
	e := p.edition.Load()
	y, known := e.years[d.Year]
	if !known {
		return false, fmt.Errorf("look up %s: %w", d, ErrUnpublished)
	}
	if _, regional := y.holiday(d, p.territory); regional {
		return false, nil
	}
	return worked(d, e.days[d]), nil
}

// Short reports whether the day's work ends one hour earlier.
func (p *Production) Short(d Date) bool { return p.edition.Load().days[d].short }

// Instead returns the weekday by whose hours a working weekend day is worked.
func (p *Production) Instead(d Date) (time.Weekday, bool) {
	m := p.edition.Load().days[d]
	return m.instead, m.on
}

// Regional returns the holiday of the territory that a day is, if it is one.
func (p *Production) Regional(d Date) (r Regional, is bool) {
	return p.edition.Load().years[d.Year].holiday(d, p.territory)
}

func (y Year) holiday(d Date, territory string) (Regional, bool) {
	for _, r := range y.regional {
		if r.Date == d && (r.Territory == "" || r.Territory == territory) {
			return r, true
		}
	}
	return Regional{}, false
}

// holidays are the days of ст. 112 ТК РФ that have a fixed date, and offices
// closed whatever the weekday.
var holidays = map[time.Month][]int{
	time.January:  {1, 2, 3, 4, 5, 6, 7, 8},
	time.February: {23},
	time.March:    {8},
	time.May:      {1, 9},
	time.June:     {12},
	time.November: {4},
}

// Holiday reports whether the day is a public holiday itself (ст. 112 ТК РФ),
// not one to which its rest was moved.
func Holiday(d Date) bool { return slices.Contains(holidays[d.Month], d.Day) }

// Kind says what is special about a day, as a key of words.
type Kind string

// The kinds of days.
const (
	WorkDay     Kind = "work"     // a working day
	ShortDay    Kind = "short"    // one that ends an hour earlier
	WeekendDay  Kind = "weekend"  // Saturday or Sunday
	DayOff      Kind = "off"      // a holiday, or a day off in exchange for one
	RegionalDay Kind = "regional" // a holiday of the territory
	UnknownDay  Kind = "unknown"  // of a year that is not known
)

// Kind returns what is special about a day.
func (p *Production) Kind(d Date) Kind {
	working, err := p.Working(d)
	_, regional := p.Regional(d)
	switch {
	case err != nil:
		return UnknownDay
	case regional:
		return RegionalDay
	case working && p.Short(d):
		return ShortDay
	case working:
		return WorkDay
	case Holiday(d) || !weekend(d):
		return DayOff
	default:
		return WeekendDay
	}
}

// Difference is a day that two calendars see differently.
type Difference struct {
	Date    Date
	Was, Is Kind
}

// Differences returns the days of a year that are others in a newer calendar; a
// year that this one does not know is new and has none.
func (p *Production) Differences(newer *Production, year int) []Difference {
	if _, known := p.Act(year); !known {
		return nil
	}
	var list []Difference
	for d := (Date{year, time.January, 1}); d.Year == year; d = d.Add(1) {
		if was, is := p.Kind(d), newer.Kind(d); was != is {
			list = append(list, Difference{d, was, is})
		}
	}
	return list
}
