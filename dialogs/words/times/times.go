// Package times says what several parts say of time: the hours of a week, days in
// a row, how long something takes.
package times

import (
	"embed"
	"slices"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// Length says whole hours as such, anything else in minutes, as it stands after
// «через» and «за»: «45 минут».
func Length(lang words.Lang, d time.Duration) string {
	if d >= time.Hour && d%time.Hour == 0 {
		return catalogue.Line(lang, "hours", words.A("n", int(d/time.Hour)))
	}
	return catalogue.Line(lang, "minutes", words.A("n", int(d/time.Minute)))
}

// Days shows days in a row: «1–15 декабря 2026».
func Days(lang words.Lang, first, last calendar.Date) string {
	key, from := "days.year", any(date(first))
	switch {
	case first == last:
		key = "days.day"
	case first.Year == last.Year && first.Month == last.Month:
		key, from = "days.month", first.Day
	case first.Year == last.Year:
		from = words.DayMonth(date(first))
	}
	return catalogue.Line(lang, key, words.A("first", from), words.A("last", date(last)))
}

// date makes a date a value that words shows as «16 ноября 2026».
func date(d calendar.Date) time.Time { return d.At(0, time.UTC) }

// Spans shows the hours of a day: «08:00–12:00 и 13:00–17:00».
func Spans(lang words.Lang, list []calendar.Span) string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = s.String()
	}
	return join(lang, texts)
}

// Week shows the hours of a week: «пн–пт 08:00–19:00, сб 09:00–15:00».
func Week(lang words.Lang, w calendar.Week) string {
	stretches := w.Stretches()
	if len(stretches) == 1 && len(stretches[0].Days) == len(w) {
		spans := stretches[0].Spans
		if slices.Equal(spans, []calendar.Span{{From: 0, To: 24 * 60}}) {
			return catalogue.Line(lang, "week.always")
		}
		return catalogue.Line(lang, "week.daily", words.A("hours", Spans(lang, spans)))
	}
	texts := make([]string, len(stretches))
	for i, s := range stretches {
		texts[i] = catalogue.Line(lang, "week.days", words.A("days", weekdays(lang, s.Days)), words.A("hours", Spans(lang, s.Spans)))
	}
	return strings.Join(texts, ", ")
}

// weekdays shows days of a week from Monday on, three and more in a row as a
// range.
func weekdays(lang words.Lang, days []time.Weekday) string {
	var texts []string
	for i := 0; i < len(days); {
		end := i
		for end+1 < len(days) && days[end+1] == (days[end]+1)%7 {
			end++
		}
		if end-i < 2 {
			end = i
		}
		text := Weekday(lang, days[i])
		if end > i {
			text += "–" + Weekday(lang, days[end])
		}
		texts = append(texts, text)
		i = end + 1
	}
	return join(lang, texts)
}

// Weekday names a day of the week briefly: «пн».
func Weekday(lang words.Lang, d time.Weekday) string {
	return catalogue.Line(lang, "weekday."+strings.ToLower(d.String()))
}

// Brief shows a day as a button does: «пн 30 ноя».
func Brief(lang words.Lang, d calendar.Date) string {
	return catalogue.Line(lang, "brief", words.A("weekday", Weekday(lang, d.Weekday())), words.A("day", d.Day),
		words.A("month", catalogue.Line(lang, "month."+strings.ToLower(d.Month.String()))))
}

// Moment shows an instant, in its own zone, as a button does: «вт 1 дек, 14:15».
func Moment(lang words.Lang, at time.Time) string {
	return catalogue.Line(lang, "moment", words.A("day", Brief(lang, calendar.DateOf(at, at.Location()))), words.A("time", words.Clock(at)))
}

// join puts texts in a row, an "and" before the last one.
func join(lang words.Lang, texts []string) string {
	n := len(texts)
	if n < 2 {
		return strings.Join(texts, "")
	}
	return catalogue.Line(lang, "week.and", words.A("before", strings.Join(texts[:n-1], ", ")), words.A("last", texts[n-1]))
}
