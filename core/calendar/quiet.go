package calendar

import "time"

// Nobody is disturbed from 21:00 to 09:00 on the clock of where he lives
// (spec/domain.md §4.4): what is not an answer to himself waits for the morning.
const (
	QuietFrom  Minutes = 21 * 60
	QuietUntil Minutes = 9 * 60
)

// Quiet reports whether nobody is to be disturbed at an instant in a zone.
func Quiet(at time.Time, zone *time.Location) bool {
	m := MinutesOf(at, zone)
	return m >= QuietFrom || m < QuietUntil
}

// Awake returns at, or the end of the quiet hours that it lies in.
func Awake(at time.Time, zone *time.Location) time.Time {
	if !Quiet(at, zone) {
		return at
	}
	day := DateOf(at, zone)
	if MinutesOf(at, zone) >= QuietFrom {
		day = day.Add(1)
	}
	return day.At(QuietUntil, zone)
}

// MinutesOf is the time of day of an instant in a zone.
func MinutesOf(at time.Time, zone *time.Location) Minutes {
	at = at.In(zone)
	return Minutes(at.Hour()*60 + at.Minute())
}
