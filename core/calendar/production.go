package calendar

import (
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okoshko/core/fault"
)

//go:embed production.txt
var published string

// Production is the production calendar: which days are worked, year by year.
// It is immutable.
type Production struct {
	years map[int]string // year → the act
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
func Published() *Production {
	p, err := ParseProduction(published)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return p
}

// ParseProduction reads a calendar in the form of production.txt. The error
// names the line.
func ParseProduction(text string) (*Production, error) {
	p := &Production{years: map[int]string{}, days: map[Date]mark{}}
	year := 0
	for i, line := range strings.Split(text, "\n") {
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) == "" {
			continue
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		err := p.line(word, strings.TrimSpace(rest), &year)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, fmt.Errorf("line %d: %w", i+1, err))
		}
	}
	return p, nil
}

func (p *Production) line(word, rest string, year *int) error {
	if word == "year" {
		number, act, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1900 || n > 9999 {
			return fmt.Errorf("%q is no year", number)
		}
		if _, twice := p.years[n]; twice {
			return fmt.Errorf("year %d stands twice", n)
		}
		*year, p.years[n] = n, act
		return nil
	}
	if *year == 0 {
		return errors.New("no year before it")
	}
	for _, item := range strings.Fields(rest) {
		if err := p.item(word, item, *year); err != nil {
			return fmt.Errorf("%s %s: %w", word, item, err)
		}
	}
	return nil
}

// item marks a day, a stretch of days, or a day and the one it replaces.
func (p *Production) item(word, item string, year int) error {
	first, last, stretch := strings.Cut(item, "-")
	first, replaced, exchange := strings.Cut(first, "=")
	from, err := dayOf(first, year)
	if err != nil {
		return err
	}
	to := from
	if stretch {
		if to, err = dayOf(last, year); err != nil {
			return err
		}
		if to.Before(from) {
			return errors.New("it ends before it begins")
		}
	}
	for d := from; !to.Before(d); d = d.Add(1) {
		m := p.days[d]
		switch word {
		case "off":
			m.off = true
		case "short":
			m.short = true
		case "on":
			other, err := dayOf(replaced, year)
			if err != nil || !exchange || stretch {
				return errors.New("it must name the day off in exchange: 20.02=22.02")
			}
			m.on, m.instead = true, other.Weekday()
		default:
			return errors.New("neither off, on nor short")
		}
		p.days[d] = m
	}
	return nil
}

// dayOf reads "22.02".
func dayOf(s string, year int) (Date, error) {
	at, err := time.Parse("02.01.2006", s+"."+strconv.Itoa(year))
	if err != nil {
		return Date{}, fmt.Errorf("%q is no day of %d", s, year)
	}
	return DateOf(at, time.UTC), nil
}

// Act returns the government act that moves the days off of a year, and
// whether the year is known.
func (p *Production) Act(year int) (string, bool) {
	act, ok := p.years[year]
	return act, ok
}

// Working reports whether the day is a working day of the five-day week. The
// error is ErrUnpublished.
func (p *Production) Working(d Date) (bool, error) {
	if _, known := p.years[d.Year]; !known {
		return false, fmt.Errorf("look up %s: %w", d, ErrUnpublished)
	}
	m := p.days[d]
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return m.on, nil
	default:
		return !m.off, nil
	}
}

// Short reports whether the day's work ends one hour earlier.
func (p *Production) Short(d Date) bool { return p.days[d].short }

// Instead returns the weekday by whose hours a working weekend day is worked.
func (p *Production) Instead(d Date) (time.Weekday, bool) {
	m := p.days[d]
	return m.instead, m.on
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
func Holiday(d Date) bool {
	for _, day := range holidays[d.Month] {
		if day == d.Day {
			return true
		}
	}
	return false
}
