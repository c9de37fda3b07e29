package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"okoshko/core/fault"
)

// Year is the production calendar of one year, checked. It is immutable.
type Year struct {
	Number int
	// Act is what moves its days off.
	Act string
	// Text is its lines, as ReadYears takes them.
	Text string
	// Working is how many days are worked, Hours what the 40-hour week makes of
	// them.
	Working, Hours int
	days           map[Date]mark
	regional       []Regional
}

// Regional is a holiday that a region has beside those of the country (ст. 6 ТК
// РФ).
type Regional struct {
	Date Date
	// Territory is whose it is; "": all of them.
	Territory string
	Names     map[string]string // by language
}

// Bounds of what is read.
const (
	largestCalendar = 64 << 10
	longestAct      = 200
	firstYear       = 1992 // of the holidays' law as it is
	lastYear        = 2200
)

// ReadYears reads years in the form of production.txt. Each must be whole: its
// moves fit the law and each other, and what follows has the published totals.
// The error is of kind fault.Invalid and names the line.
func ReadYears(text string) ([]Year, error) {
	if len(text) > largestCalendar || !utf8.ValidString(text) {
		return nil, fault.New(fault.Invalid, fmt.Sprintf("a calendar is UTF-8, at most %d bytes of it", largestCalendar))
	}
	var list []Year
	var draft *draft
	finish := func() error {
		if draft == nil {
			return nil
		}
		y, err := draft.year()
		if err != nil {
			return fault.Wrap(fault.Invalid, fmt.Errorf("year %d (line %d): %w", draft.number, draft.line, err))
		}
		list = append(list, y)
		return nil
	}
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		if line, _, _ = strings.Cut(line, "#"); strings.TrimSpace(line) == "" {
			continue
		}
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		var err error
		if word == "year" {
			if err = finish(); err != nil {
				return nil, err
			}
			if draft, err = newDraft(rest, i+1); err == nil && slices.ContainsFunc(list, func(y Year) bool { return y.Number == draft.number }) {
				err = fmt.Errorf("year %d stands twice", draft.number)
			}
		} else if draft == nil {
			err = errors.New("no year before it")
		} else {
			err = draft.take(word, rest)
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, fmt.Errorf("line %d: %w", i+1, err))
		}
		draft.text = append(draft.text, strings.Join(strings.Fields(line), " "))
	}
	if err := finish(); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Invalid, "there is no year in it")
	}
	return list, nil
}

// move is a weekend day whose rest is taken on another day.
type move struct{ from, to Date }

// draft is a year of which not all lines are read.
type draft struct {
	number, line   int
	act            string
	text           []string
	moves          []move
	off            []Date
	regional       []Regional
	working, hours int   // as published
	months         []int // as published; none: not said
	totals         bool
}

func newDraft(rest string, line int) (*draft, error) {
	number, act, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < firstYear || n > lastYear {
		return nil, fmt.Errorf("%q is no year from %d to %d", number, firstYear, lastYear)
	}
	d := &draft{number: n, line: line, act: strings.TrimSpace(act)}
	if err := named(d.act); err != nil {
		return nil, fmt.Errorf("the act of %d: %w", n, err)
	}
	return d, nil
}

// named refuses what cannot be shown as a name.
func named(s string) error {
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return errors.New("it has no name")
	case n > longestAct:
		return fmt.Errorf("its name is longer than %d letters", longestAct)
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("its name has signs that cannot be shown")
	}
	return nil
}

// take reads a line of the year.
func (d *draft) take(word, rest string) error {
	switch word {
	case "move":
		for item := range strings.FieldsSeq(rest) {
			if err := d.move(item); err != nil {
				return fmt.Errorf("%s: %w", item, err)
			}
		}
		return nil
	case "off":
		for item := range strings.FieldsSeq(rest) {
			date, err := dayOf(item, d.number)
			if err != nil {
				return err
			}
			if weekend(date) || Holiday(date) || slices.Contains(d.off, date) {
				return fmt.Errorf("%s is off without it", item)
			}
			d.off = append(d.off, date)
		}
		return nil
	case "total":
		if d.totals {
			return errors.New("the totals stand twice")
		}
		list, err := numbers(rest, 2, 10_000)
		if err == nil {
			d.totals, d.working, d.hours = true, list[0], list[1]
		}
		return err
	case "months":
		if d.months != nil {
			return errors.New("the months stand twice")
		}
		var err error
		d.months, err = numbers(rest, 12, 31)
		return err
	case "regional":
		return d.holiday(rest)
	}
	return fmt.Errorf("%q is none of year, move, off, total, months, regional", word)
}

// numbers reads so many whole numbers, none above most.
func numbers(text string, n, most int) ([]int, error) {
	fields := strings.Fields(text)
	if len(fields) != n {
		return nil, fmt.Errorf("%d numbers instead of %d", len(fields), n)
	}
	list := make([]int, n)
	for i, field := range fields {
		var err error
		if list[i], err = strconv.Atoi(field); err != nil || list[i] < 0 || list[i] > most {
			return nil, fmt.Errorf("%q is no number from 0 to %d", field, most)
		}
	}
	return list, nil
}

// move reads "20.02=22.02".
func (d *draft) move(item string) error {
	first, second, exchange := strings.Cut(item, "=")
	from, err := dayOf(first, d.number)
	if err != nil {
		return err
	}
	to, err := dayOf(second, d.number)
	switch {
	case !exchange || err != nil:
		return errors.New("it must name the day off in exchange: 20.02=22.02")
	case !weekend(from):
		return fmt.Errorf("%s is no weekend day: there is no rest to move", first)
	case weekend(to) || Holiday(to):
		return fmt.Errorf("%s is off without it", second)
	}
	for _, other := range d.moves {
		if other.from == from || other.to == to {
			return errors.New("one of its days is moved already")
		}
	}
	d.moves = append(d.moves, move{from, to})
	return nil
}

// holiday reads "06 18.09 День области / Day of the Region".
func (d *draft) holiday(rest string) error {
	fields := strings.SplitN(strings.Join(strings.Fields(rest), " "), " ", 3)
	if len(fields) < 3 {
		return errors.New("it names no territory, day and holiday: 06 18.09 NAME")
	}
	date, err := dayOf(fields[1], d.number)
	if err != nil {
		return err
	}
	r := Regional{Date: date, Territory: fields[0]}
	if r.Territory == "*" {
		r.Territory = ""
	}
	ru, en, both := strings.Cut(fields[2], " / ")
	if !both {
		en = ru
	}
	if err := errors.Join(named(ru), named(en), named(fields[0])); err != nil {
		return err
	}
	r.Names = map[string]string{"ru": ru, "en": en}
	if slices.ContainsFunc(d.regional, func(o Regional) bool { return o.Date == date && o.Territory == r.Territory }) {
		return fmt.Errorf("%s of %s stands twice", fields[1], fields[0])
	}
	d.regional = append(d.regional, r)
	return nil
}

// year works out what follows from the law and the act, and compares it with
// what was published.
func (d *draft) year() (Year, error) {
	y := Year{Number: d.number, Act: d.act, Text: strings.Join(d.text, "\n"), days: map[Date]mark{}, regional: d.regional}
	if !d.totals {
		return y, errors.New("it has no line of totals")
	}
	if err := d.rest(y.days); err != nil {
		return y, err
	}
	d.shorten(y.days)
	months, short := make([]int, 12), 0
	for date := (Date{d.number, time.January, 1}); date.Year == d.number; date = date.Add(1) {
		if m := y.days[date]; worked(date, m) {
			months[date.Month-1]++
			y.Working++
			if m.short {
				short++
			}
		}
	}
	y.Hours = y.Working*8 - short // a short day is one of seven hours
	switch {
	case y.Working != d.working:
		return y, fmt.Errorf("%d working days follow from it, %d were published", y.Working, d.working)
	case y.Hours != d.hours:
		return y, fmt.Errorf("%d hours of the 40-hour week follow from it, %d were published", y.Hours, d.hours)
	case d.months != nil && !slices.Equal(months, d.months):
		return y, fmt.Errorf("the working days of its months are %v, published were %v", months, d.months)
	}
	return y, nil
}

// rest marks the days off, and the weekend days that are worked.
func (d *draft) rest(days map[Date]mark) error {
	ofJanuary := 0
	for _, m := range d.moves {
		days[m.to] = mark{off: true}
		switch {
		case !Holiday(m.from):
			days[m.from] = mark{on: true, instead: m.to.Weekday()}
		case m.from.Month == time.January:
			ofJanuary++
		}
	}
	if ofJanuary > 2 { // ст. 112 ТК РФ, part 2
		return fmt.Errorf("the rest of %d January days is moved, the law lets two", ofJanuary)
	}
	for _, date := range d.off {
		if days[date].off {
			return fmt.Errorf("%s is off without it", date)
		}
		days[date] = mark{off: true}
	}
	for date := (Date{d.number, time.January, 1}); date.Year == d.number; date = date.Add(1) {
		if !Holiday(date) {
			continue
		}
		if !weekend(date) {
			days[date] = mark{off: true}
			continue
		}
		moved := slices.ContainsFunc(d.moves, func(m move) bool { return m.from == date })
		if moved || date.Month == time.January { // its rest goes where the act puts it
			continue
		}
		next := date.Add(1)
		for !worked(next, days[next]) || Holiday(next) {
			next = next.Add(1)
		}
		days[next] = mark{off: true}
	}
	return nil
}

// shorten marks the working days that end an hour earlier: the eves of public
// holidays, and a weekend day that is worked in the place of one (ст. 95 ТК РФ).
func (d *draft) shorten(days map[Date]mark) {
	for date := (Date{d.number, time.January, 1}); date.Year == d.number; date = date.Add(1) {
		m := days[date]
		eve := Holiday(date.Add(1))
		for _, moved := range d.moves {
			eve = eve || moved.from == date && m.on && Holiday(moved.to.Add(1))
		}
		if worked(date, m) && eve {
			m.short = true
			days[date] = m
		}
	}
}

func weekend(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// worked reports whether a day with such a mark is worked.
func worked(d Date, m mark) bool { return m.on || !weekend(d) && !m.off }

// dayOf reads "22.02".
func dayOf(s string, year int) (Date, error) {
	at, err := time.Parse("02.01.2006", s+"."+strconv.Itoa(year))
	if err != nil {
		return Date{}, fmt.Errorf("%q is no day of %d", s, year)
	}
	return DateOf(at, time.UTC), nil
}
