package words

import (
	"strings"
	"time"

	"okoshko/core/calendar"
)

// NoDay is a day that its month does not have: which month it is, and how many days
// it has.
type NoDay struct {
	Month time.Month
	Year  int // 0: it does not matter; else that of a 29 February
	Days  int
}

// In names the month as it stands after «в»: «феврале».
func (n NoDay) In(lang Lang) string { return data.calendar[lang.index()].MonthsIn[n.Month-1] }

// FindNoDay finds a day of a text that its month does not have, in either language:
// «31.02», «31.04.2026», «30 февраля». FindPast and FindDay find none in such a text;
// this says why.
func FindNoDay(text string, today calendar.Date) (no NoDay, found bool) {
	tokens := strings.Fields(Normalise(text))
	for i, token := range tokens {
		day, month, year := partsOf(token)
		if month == 0 && i+1 < len(tokens) {
			day, _ = between(token, 1, mostDay)
			if month = monthOf(tokens[i+1]); month != 0 && i+2 < len(tokens) {
				year, _ = between(tokens[i+2], oldest, lastYear)
			}
		}
		if day == 0 || month == 0 {
			continue
		}
		of := year
		if of == 0 {
			of = today.Year
		}
		if days := time.Date(of, month+1, 0, 0, 0, 0, 0, time.UTC).Day(); day > days {
			if month != time.February || day > 29 { // no year has it
				year = 0
			}
			return NoDay{month, year, days}, true
		}
	}
	return no, false
}

// mostDay is the largest number that somebody takes for a day.
const mostDay = 99

// partsOf reads 31.02, 31.02.2026 and 2026-02-31, whether there is such a day or not.
func partsOf(token string) (day int, month time.Month, year int) {
	parts := strings.FieldsFunc(token, func(r rune) bool { return strings.ContainsRune("./-", r) })
	if len(parts) == 3 && len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if len(parts) != 2 && len(parts) != 3 {
		return 0, 0, 0
	}
	day, isDay := between(parts[0], 1, mostDay)
	m, isMonth := between(parts[1], 1, 12)
	if !isDay || !isMonth {
		return 0, 0, 0
	}
	if len(parts) == 3 {
		year, _ = between(parts[2], oldest, lastYear)
		if short, ok := between(parts[2], 0, 99); ok && len(parts[2]) == 2 {
			year = firstYear + short
		}
	}
	return day, time.Month(m), year
}
