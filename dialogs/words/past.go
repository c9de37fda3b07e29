package words

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"okoshko/core/billing"
	"okoshko/core/calendar"
)

// Instant is a day, and the time of day if that was named too.
type Instant struct {
	Day   calendar.Date
	At    calendar.Minutes
	Timed bool
}

// FindPast finds the day that somebody names who speaks of what has been, in
// either language, with a time of day beside it: «вчера в 18:30», «24.11»,
// «24 ноября около 7 часов», «вчера в 6 вечера», «6pm», «в понедельник». One without a year is the last that
// there was, today included; a day ahead is found only if its year is named.
func FindPast(text string, today calendar.Date) (at Instant, found bool) {
	tokens := apart(strings.Fields(Normalise(text)))
	tokens, at.At, at.Timed = cutTime(tokens)
	at.Day, found = pastDay(tokens, today)
	return at, found
}

func pastDay(tokens []string, today calendar.Date) (calendar.Date, bool) {
	if d, rest, ok := FindDate(strings.Join(tokens, " ")); ok && d.Day != 0 {
		named, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		year, otherYear := between(named, 1, firstYear-1) // «12 мая 1987»
		if !otherYear || d.Year != 0 {
			return d.last(today), true
		}
		d.Year = year
		return d.last(today), year >= oldest && d.exists()
	}
	for _, token := range tokens {
		if d, ok := dayAndMonth(token); ok {
			return d.last(today), true
		}
		if n, ok := ahead(token); ok {
			return today.Add(n), true
		}
	}
	for _, token := range tokens {
		if weekday, ok := weekdayOf(token); ok {
			return today.Add(-((int(today.Weekday()) - int(weekday) + 7) % 7)), true
		}
	}
	for _, token := range tokens {
		n, ok := numbered(token, len(tokens) == 1)
		for back := 0; ok && back < 62; back++ { // two months hold every day of a month
			if day := today.Add(-back); day.Day == n {
				return day, true
			}
		}
	}
	return calendar.Date{}, false
}

// oldest is the first year in which somebody alive may have been born.
const oldest = 1900

// last is the last such day up to today, of the year that is named if one is.
func (d Date) last(today calendar.Date) calendar.Date {
	if d.Year != 0 {
		return calendar.Date{Year: d.Year, Month: d.Month, Day: d.Day}
	}
	for year := today.Year; ; year-- {
		day := calendar.Date{Year: year, Month: d.Month, Day: d.Day}
		if !today.Before(day) && (Date{year, d.Month, d.Day}).exists() {
			return day
		}
	}
}

// dayAndMonth reads 24.11.
func dayAndMonth(token string) (Date, bool) {
	day, month, ok := strings.Cut(token, ".")
	n, isDay := between(day, 1, 31)
	m, isMonth := between(month, 1, 12)
	d := Date{Month: time.Month(m), Day: n}
	return d, ok && isDay && isMonth && d.exists()
}

// cutTime takes a time of day out of the tokens: «18:30», «18.30» that is no
// day, «7 часов».
func cutTime(tokens []string) (rest []string, at calendar.Minutes, found bool) {
	for i, token := range tokens {
		hour, minute, parted := strings.Cut(token, ":")
		if !parted {
			if _, day := dayAndMonth(token); !day {
				hour, minute, parted = strings.Cut(token, ".")
			}
		}
		h, isHour := between(hour, 0, 23)
		m, isMinute := between(minute, 0, 59)
		after := i + 1
		for after < len(tokens) && isHours(tokens[after]) {
			after++
		}
		half, halved := halfOf(tokens, after, after > i+1)
		clock := parted && isHour && isMinute && len(minute) == 2
		if !clock && (parted || !isHour || after == i+1 && !halved) {
			continue
		}
		if halved {
			after++
			if h > 0 && h <= 12 {
				h = h%12 + half
			}
		}
		if !clock {
			m = 0
		}
		return slices.Concat(tokens[:i], tokens[after:]), calendar.Minutes(h*60 + m), true
	}
	return tokens, 0, false
}

// apart puts a blank between an hour and the word for it: «6pm», «18ч».
func apart(tokens []string) []string {
	var list []string
	for _, token := range tokens {
		end := strings.IndexFunc(token, unicode.IsLetter)
		if end > 0 && isDigits(token[:1]) && isOfTime(token[end:]) {
			list = append(list, token[:end], token[end:])
		} else {
			list = append(list, token)
		}
	}
	return list
}

// isOfTime reports whether a word stands after an hour of the day.
func isOfTime(word string) bool {
	_, half := halfOf([]string{word}, 0, false)
	return half || isHours(word)
}

// halfOf is the hour with which the half of the day begins that a token names:
// «вечера», "am"; hours: words for an hour stand before it.
func halfOf(tokens []string, i int, hours bool) (hour int, named bool) {
	if i >= len(tokens) {
		return 0, false
	}
	for _, c := range data.calendar {
		switch {
		case slices.Contains(c.Morning, tokens[i]):
			return 0, true
		case slices.Contains(c.Evening, tokens[i]), hours && slices.Contains(c.Daytime, tokens[i]):
			return 12, true
		}
	}
	return 0, false
}

func isHours(token string) bool {
	return slices.ContainsFunc(data.calendar[:], func(c *names) bool { return slices.Contains(c.Hours, token) })
}

// FindMonths finds the billing months that are named in a text, the first and the
// last: «октябрь», «10.2026», «с августа по октябрь 2026», «в прошлом месяце». A month without a year
// is the last that there was, this one included; before a month with a year it is
// of that year.
func FindMonths(text string, today calendar.Date) (from, to billing.Period, found bool) {
	tokens := strings.Fields(Normalise(strings.NewReplacer("–", " ", "—", " ").Replace(text)))
	now := billing.Period{Year: today.Year, Month: today.Month}
	var list []billing.Period
	for i, token := range tokens {
		if n, ok := monthsBack(tokens[i:]); ok {
			list = append(list, now.Add(-n))
			continue
		}
		if p, ok := monthInFigures(token); ok {
			list = append(list, p)
			continue
		}
		month := monthOf(token)
		if month == 0 {
			continue
		}
		year := 0
		if i+1 < len(tokens) {
			year, _ = between(tokens[i+1], firstYear, lastYear)
		}
		list = append(list, billing.Period{Year: year, Month: month})
	}
	if len(list) == 0 {
		return from, to, false
	}
	from, to = list[0], list[len(list)-1]
	to = latest(to, now)
	return latest(from, to), to, true
}

// monthsBack is how many months back the first two words mean: «прошлый месяц».
func monthsBack(tokens []string) (n int, ok bool) {
	if len(tokens) < 2 {
		return 0, false
	}
	for _, c := range data.calendar {
		if !slices.Contains(c.Month, tokens[1]) {
			continue
		}
		for stem, n := range c.Back {
			if strings.HasPrefix(tokens[0], stem) {
				return n, true
			}
		}
	}
	return 0, false
}

// latest gives a month without a year that of the last one up to another.
func latest(p, until billing.Period) billing.Period {
	if p.Year == 0 {
		if p.Year = until.Year; until.Before(p) {
			p.Year--
		}
	}
	return p
}

// monthInFigures reads 10.2026, 10/2026 and 2026-10.
func monthInFigures(token string) (p billing.Period, ok bool) {
	parts := strings.FieldsFunc(token, func(r rune) bool { return strings.ContainsRune("./-", r) })
	if len(parts) != 2 {
		return p, false
	}
	if len(parts[0]) == 4 {
		parts[0], parts[1] = parts[1], parts[0]
	}
	month, isMonth := between(parts[0], 1, 12)
	year, isYear := between(parts[1], firstYear, lastYear)
	return billing.Period{Year: year, Month: time.Month(month)}, isMonth && isYear
}
