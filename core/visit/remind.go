package visit

import (
	"time"

	"okoshko/core/calendar"
)

// Reminder is when a customer is reminded of a visit, and how: Tomorrow or Soon.
type Reminder struct {
	Kind Tidings
	At   time.Time
}

// When reminders go out (spec §5.2): a day and two hours before the visit, but not
// in quiet hours (package calendar) on the clock of the office. What would fall
// into them goes out in the evening
// before.
const (
	dayBefore   = 24 * time.Hour
	hoursBefore = 2 * time.Hour

	evening calendar.Minutes = 20 * 60
)

// Reminders returns when a visit that begins at start, and was booked or moved
// at an instant, is to be reminded of: at most twice, in order, after it was
// booked and before it begins, never in quiet hours. The reminder of two hours
// before that would fall into quiet hours is one with that of the day before; it
// stands alone, in the evening, if it was too late for that one.
func Reminders(booked, start time.Time, zone *time.Location) []Reminder {
	var list []Reminder
	day := dayBeforeAt(start, zone)
	if day.After(booked) && day.Before(start) {
		list = append(list, Reminder{Tomorrow, day})
	}
	soon, kind := start.Add(-hoursBefore), Soon
	if calendar.Quiet(soon, zone) {
		if len(list) > 0 {
			return list
		}
		soon, kind = eveningBefore(soon, zone), Tomorrow
	}
	if soon.After(booked) {
		list = append(list, Reminder{kind, soon})
	}
	return list
}

// dayBeforeAt is a day before a visit, or on that day when people are awake: a
// visit at 08:00 is reminded of at 09:00 the day before.
func dayBeforeAt(start time.Time, zone *time.Location) time.Time {
	at := start.Add(-dayBefore)
	switch m := calendar.MinutesOf(at, zone); {
	case m >= calendar.QuietFrom:
		return calendar.DateOf(at, zone).At(evening, zone)
	case m < calendar.QuietUntil:
		return calendar.DateOf(at, zone).At(calendar.QuietUntil, zone)
	}
	return at
}

// eveningBefore is the evening before the quiet hours that an instant lies in.
func eveningBefore(at time.Time, zone *time.Location) time.Time {
	day := calendar.DateOf(at, zone)
	if calendar.MinutesOf(at, zone) < calendar.QuietUntil {
		day = day.Add(-1)
	}
	return day.At(evening, zone)
}
