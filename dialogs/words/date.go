package words

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Date is a day as people name it: Day is 0 where they named a month, Month too
// where they named a year, Year is 0 where they left it out.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// FindDate finds the first date in a text, in either language: «1 января 2025»,
// «01.01.2025», «1.1.25», «2025-01-01», «январь 2025», «в августе», «January 1,
// 2025», «2025 год». rest is the text around it, normalised. A day that the month does not
// have, or a year far from ours, is no date.
func FindDate(text string) (d Date, rest string, found bool) {
	tokens := strings.Fields(Normalise(text))
	for i := range tokens {
		d, n := dateAt(tokens[i:])
		if n < 0 {
			break
		}
		if n > 0 {
			return d, strings.Join(append(tokens[:i:i], tokens[i+n:]...), " "), true
		}
	}
	return Date{}, strings.Join(tokens, " "), false
}

// dateAt reads a date that begins with the first token; n is how many it takes,
// negative for a day that its month does not have.
func dateAt(tokens []string) (d Date, n int) {
	if d, ok := inFigures(tokens[0]); ok {
		return d, skipParting(tokens, 1)
	}
	day, isDay := between(tokens[0], 1, 31)
	next := func(i int) string {
		if i < len(tokens) {
			return tokens[i]
		}
		return ""
	}
	switch month := monthOf(next(1)); {
	case isDay && month != 0:
		d, n = Date{Month: month, Day: day}, 2
	case monthOf(tokens[0]) != 0:
		d, n = Date{Month: monthOf(tokens[0])}, 1
		if day, ok := between(next(1), 1, 31); ok {
			d.Day, n = day, 2
		}
	default:
		if year, ok := between(tokens[0], firstYear, lastYear); ok {
			return Date{Year: year}, skipParting(tokens, 1)
		}
		return Date{}, 0
	}
	if year, ok := between(next(n), firstYear, lastYear); ok {
		d.Year = year
		n = skipParting(tokens, n+1)
	}
	switch {
	case !d.exists():
		return Date{}, -1
	case d.Year == 0 && d.Day == 0 && utf8.RuneCountInString(tokens[0]) <= shortMonth:
		return Date{}, 0
	}
	return d, n
}

// The years that somebody may mean.
const (
	firstYear = 2000
	lastYear  = 2099
)

// shortMonth is the most letters of a month's name that may be another word when
// it stands alone: "may".
const shortMonth = 3

// inFigures reads 01.01.2025, 1/1/25 and 2025-01-01.
func inFigures(token string) (Date, bool) {
	parts := strings.FieldsFunc(token, func(r rune) bool { return strings.ContainsRune("./-", r) })
	if len(parts) != 3 {
		return Date{}, false
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	year, isYear := between(parts[2], firstYear, lastYear)
	if short, ok := between(parts[2], 0, 99); ok && len(parts[2]) == 2 {
		year, isYear = firstYear+short, true
	}
	day, isDay := between(parts[0], 1, 31)
	month, isMonth := between(parts[1], 1, 12)
	d := Date{year, time.Month(month), day}
	return d, isYear && isMonth && isDay && d.exists()
}

// exists reports whether the month has the day; one without a year may be leap.
func (d Date) exists() bool {
	year := d.Year
	if year == 0 {
		year = firstYear
	}
	return d.Day == 0 || time.Date(year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Month() == d.Month
}

func between(token string, least, most int) (int, bool) {
	n, err := strconv.Atoi(token)
	return n, err == nil && n >= least && n <= most && isDigits(token)
}

// skipParting passes over what may follow a year: «2025 года».
func skipParting(tokens []string, n int) int {
	for _, c := range data.calendar {
		for _, word := range c.Parting {
			if n < len(tokens) && tokens[n] == word {
				return n + 1
			}
		}
	}
	return n
}

// monthOf returns the month that a word names in some form of it, 0 if none.
func monthOf(word string) time.Month {
	for _, c := range data.calendar {
		for i := range c.Months {
			alone, of := Normalise(c.Months[i]), Normalise(c.MonthsOf[i])
			if word == alone || word == of {
				return time.Month(i + 1)
			}
			stem := common(alone, of)
			ending, ok := strings.CutPrefix(word, stem)
			if !ok || ending == "" && stem != alone {
				continue
			}
			for _, e := range c.Endings {
				if ending == e {
					return time.Month(i + 1)
				}
			}
		}
	}
	return 0
}

// common returns what two words begin with.
func common(a, b string) string {
	end := 0
	for i, r := range a {
		if !strings.HasPrefix(b, a[:i+len(string(r))]) {
			break
		}
		end = i + len(string(r))
	}
	return a[:end]
}
