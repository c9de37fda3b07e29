package words

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"okoshko/core/calendar"
)

// FindDay finds the first day that is named in a text by somebody who speaks of
// what is ahead, in either language: «завтра», «во вторник», «на 1 декабря»,
// «30-го», a lone «30». One without a month or a year is the next that there is,
// today included.
func FindDay(text string, today calendar.Date) (day calendar.Date, found bool) {
	if d, _, ok := FindDate(text); ok {
		if d.Day == 0 {
			return calendar.Date{}, false // a month or a year alone
		}
		return d.next(today), true
	}
	tokens := strings.Fields(Normalise(text))
	for _, token := range tokens {
		if n, ok := ahead(token); ok {
			return today.Add(n), true
		}
	}
	for _, token := range tokens {
		if weekday, ok := weekdayOf(token); ok {
			return today.Add((int(weekday) - int(today.Weekday()) + 7) % 7), true
		}
	}
	for _, token := range tokens {
		if n, ok := numbered(token, len(tokens) == 1); ok {
			return dayOfMonth(n, today)
		}
	}
	return calendar.Date{}, false
}

// next is the first such day from today on, of the year that is named if one is.
func (d Date) next(today calendar.Date) calendar.Date {
	if d.Year != 0 {
		return calendar.Date{Year: d.Year, Month: d.Month, Day: d.Day}
	}
	for year := today.Year; ; year++ {
		day := calendar.Date{Year: year, Month: d.Month, Day: d.Day}
		if !day.Before(today) && (Date{year, d.Month, d.Day}).exists() {
			return day
		}
	}
}

// dayOfMonth is the next day of that number.
func dayOfMonth(n int, today calendar.Date) (calendar.Date, bool) {
	for i := range 12 {
		first := time.Date(today.Year, today.Month+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		day := calendar.Date{Year: first.Year(), Month: first.Month(), Day: n}
		if !day.Before(today) && (Date{day.Year, day.Month, n}).exists() {
			return day, true
		}
	}
	return calendar.Date{}, false
}

// ahead returns how many days ahead a word is: «завтра».
func ahead(token string) (int, bool) {
	for _, c := range data.calendar {
		if n, ok := c.Ahead[token]; ok {
			return n, true
		}
	}
	return 0, false
}

// weekdayOf returns the day of the week that a word names in some form of it.
func weekdayOf(token string) (time.Weekday, bool) {
	for _, c := range data.calendar {
		if i := slices.Index(c.WeekdayShort, token); i >= 0 {
			return time.Weekday(i), true
		}
		for i, stem := range c.WeekdayStems {
			if ending, ok := strings.CutPrefix(token, stem); ok && slices.Contains(c.WeekdayEndings, ending) {
				return time.Weekday(i), true
			}
		}
	}
	return 0, false
}

// numbered reads «30-го» and "30th", and a number alone.
func numbered(token string, alone bool) (int, bool) {
	digits := strings.TrimRightFunc(token, func(r rune) bool { return r == '-' || unicode.IsLetter(r) })
	n, ok := between(digits, 1, 31)
	if !ok || digits == token {
		return n, ok && alone
	}
	ending := strings.TrimPrefix(token[len(digits):], "-")
	return n, slices.ContainsFunc(data.calendar[:], func(c *names) bool { return slices.Contains(c.Numbered, ending) })
}
