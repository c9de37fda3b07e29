package visit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// KeepVisitors is how long it is known who came to a visit (the consent to it
// says so).
const KeepVisitors = 30 * 24 * time.Hour

// steps are what staff may make of a visit; one step back mends a slip, and
// somebody who comes late is received although he was given up.
var steps = map[Status][]Status{
	Booked:  {Arrived, NoShow},
	Moved:   {Arrived, NoShow},
	Arrived: {Called, NoShow, Booked},
	Called:  {Served, NoShow, Arrived},
	Served:  {Called},
	NoShow:  {Arrived, Booked},
}

// Steps returns what staff may make of a visit at an instant; zone is its
// office's. Nobody arrives on another day, or is missed before he was to come,
// and who walked in was never expected.
func (b Booking) Steps(now time.Time, zone *time.Location) []Status {
	today := calendar.DateOf(b.Start, zone) == calendar.DateOf(now, zone)
	return slices.DeleteFunc(slices.Clone(steps[b.Status]), func(s Status) bool {
		return s == NoShow && now.Before(b.Start) || s != NoShow && !today || s == Booked && b.WalkIn
	})
}

// Mark is what staff make of a visit.
type Mark struct {
	// Office is where it is done: a visit of another one is not known there.
	Office string
	Visit  int64
	// From is how far the visit had come as they saw it, To what they make of it.
	From, To Status
	// Window is where a visitor is called to, else 0.
	Window int
}

// WalkIn is somebody who comes without a booking.
type WalkIn struct {
	Office, Service string
	// Name may be empty.
	Name privacy.PersonName
	// Window is where he is called to at once; 0: he waits.
	Window int
}

// Errors of what staff do with a visit; one that was changed by another is a
// *ChangedError.
var (
	// ErrStep: a visit of its status cannot be made that, or not yet.
	ErrStep error = &fault.Error{Kind: fault.Conflict, Key: "visit_step"}
	// ErrWindow: the office has no such window.
	ErrWindow error = &fault.Error{Kind: fault.Invalid, Key: "visit_window"}
	// ErrUnknown: there is no such visit, office or service.
	ErrUnknown error = &fault.Error{Kind: fault.NotFound, Key: "visit_unknown"}

	errChanged error = &fault.Error{Kind: fault.Conflict, Key: "visit_changed"}
)

// ChangedError says that somebody was quicker. It is of kind fault.Conflict.
type ChangedError struct {
	// Status is how far the visit has come.
	Status Status
	// By is who of the staff has done that, "" if it was the customer.
	By string
}

// Error implements error.
func (e *ChangedError) Error() string { return fmt.Sprintf("it is %s by now", e.Status) }

// Unwrap gives the error its kind.
func (e *ChangedError) Unwrap() error { return errChanged }

// OfficeDay is a day of an office as those who work there see it.
type OfficeDay struct {
	Office *Office
	// Zone is the office's.
	Zone *time.Location
	// Day has its hours and what they follow from; no slots.
	Day Day
	// Services are those that the office serves, in the order in which they are
	// offered.
	Services []Service
	// Bookings are all of the day, those that were cancelled and those that are
	// only held included, by their start. A visit for an account has the name of
	// who the account belongs to.
	Bookings []Booking
}

// Free returns the stretches of the windows' time that are nobody's from an
// instant on, the earliest first, if they have room for a visit.
func (d OfficeDay) Free(now time.Time) []Busy {
	shortest := time.Duration(0)
	for _, s := range d.Services {
		if shortest == 0 || s.Length < shortest {
			shortest = s.Length
		}
	}
	if shortest == 0 {
		return nil
	}
	taken := d.Shut()
	for _, b := range d.Bookings {
		if b.Status != Cancelled {
			taken = append(taken, Busy{b.Window, b.Start, b.End})
		}
	}
	slices.SortStableFunc(taken, byStart)
	now = now.UTC().Truncate(time.Minute)
	var list []Busy
	for window := 1; window <= d.Office.Windows; window++ {
		for _, open := range d.Day.spans(d.Zone) {
			from := open.Start
			if from.Before(now) {
				from = now
			}
			add := func(to time.Time) {
				if to.Sub(from) >= shortest {
					list = append(list, Busy{window, from, to})
				}
			}
			for _, t := range taken {
				if t.Window == window && t.End.After(from) && t.Start.Before(open.End) {
					add(t.Start)
					from = t.End
				}
			}
			add(open.End)
		}
	}
	slices.SortStableFunc(list, byStart)
	return list
}

// Shut returns when single windows receive nobody though the office is open, the
// earliest first.
func (d OfficeDay) Shut() []Busy {
	p := Plan{Office: d.Office, Hours: calendar.Hours{Zone: d.Zone}}
	for window := 1; window <= d.Office.Windows; window++ {
		p.Windows = append(p.Windows, window)
	}
	var list []Busy
	for i, shut := range p.shut(d.Day.Date) {
		for _, open := range d.Day.spans(d.Zone) {
			for _, s := range shut {
				from, to := max(s.from, open.Start.Unix()), min(s.to, open.End.Unix())
				if from < to {
					list = append(list, Busy{p.Windows[i], time.Unix(from, 0).UTC(), time.Unix(to, 0).UTC()})
				}
			}
		}
	}
	slices.SortStableFunc(list, byStart)
	return list
}

func byStart(a, b Busy) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Window, b.Window)) }

// leastDigits is how much of a phone has to be said: that many are a code.
const leastDigits = 4

// Answers reports whether somebody at the desk who says that means the visit:
// its code, or the phone, of which the last four digits are enough.
func (b Booking) Answers(said string) bool {
	if p, err := privacy.ParsePhone(said); err == nil {
		return p.Reveal() == b.Phone.Reveal()
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, said)
	return len(digits) >= leastDigits && (digits == b.Code || strings.HasSuffix(b.Phone.Reveal(), digits))
}
