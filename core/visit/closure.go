package visit

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Closure is days on which an office is to have other hours than usual, or
// none, as staff enter it.
type Closure struct {
	Office string
	Exception
}

// Why a closure is not entered or taken back.
var (
	// ErrPeriod: it ends before it begins, is over or lasts too long.
	ErrPeriod error = &fault.Error{Kind: fault.Invalid, Key: "closure_period"}
	// ErrOverlaps: hours of some of its days have been changed already.
	ErrOverlaps error = &fault.Error{Kind: fault.Conflict, Key: "closure_overlaps"}
	// ErrNoClosure: there is no such closure, or no such office.
	ErrNoClosure error = &fault.Error{Kind: fault.NotFound, Key: "closure_unknown"}
)

// mostException bounds an exception: a longer one is an office that is gone.
const mostException = 366

// With returns the office with one exception more. The error is ErrPeriod or
// ErrOverlaps.
func (o *Office) With(e Exception) (*Office, error) {
	if days := e.Last.Sub(e.First); days < 0 || days >= mostException {
		return nil, fmt.Errorf("it lasts from %s to %s: %w", e.First, e.Last, ErrPeriod)
	}
	for _, other := range o.Exceptions {
		if !other.Last.Before(e.First) && !e.Last.Before(other.First) {
			return nil, fmt.Errorf("it overlaps the exception from %s: %w", other.First, ErrOverlaps)
		}
	}
	changed := *o
	changed.Exceptions = append(slices.Clone(o.Exceptions), e)
	slices.SortFunc(changed.Exceptions, func(a, b Exception) int { return a.First.Compare(b.First) })
	return &changed, nil
}

// Impact is what a closure changes: the preview of it, or what was done.
type Impact struct {
	// Days are those of the closure whose hours become others.
	Days []ChangedDay
	// Hit are the visits that cannot take place as they are booked.
	Hit []Hit
}

// ChangedDay is a day's hours before and after, and how many visits of the
// office's shortest service they have room for.
type ChangedDay struct {
	Date                    calendar.Date
	Before, After           []calendar.Span
	SlotsBefore, SlotsAfter int
}

// Hit is a visit that a closure hits, and where it is moved to: To and Window are
// zero if there is no free slot in time, and it is called off.
type Hit struct {
	Booking Booking
	To      Slot
	Window  int
}

// ReseatDays is how far behind its day a visit that cannot take place is moved
// at most.
const ReseatDays = 30

// Impact returns what a closure would change. expected are the visits that the
// office expects on its days, busy is what is taken on them and on the ReseatDays
// after. Each visit that is hit gets the first free slot from its own time on,
// by the rules that hold for customers but for the horizon. The error is
// ErrPeriod, ErrOverlaps or ErrNoClosure for an office that is not there.
func (d *Directory) Impact(c Closure, expected []Booking, busy []Busy, now time.Time, r Rules,
	p *calendar.Production, company *time.Location,
) (Impact, error) {
	before, known := d.Office(c.Office)
	if !known {
		return Impact{}, ErrNoClosure
	}
	after, err := before.With(c.Exception)
	if err != nil {
		return Impact{}, err
	}
	hours := before.Hours(p, company)
	if ahead := c.Last.Sub(calendar.DateOf(now, hours.Zone)); ahead < 0 || ahead > 2*mostException {
		return Impact{}, fmt.Errorf("it is over, or years ahead: %w", ErrPeriod)
	}
	// Our own moves may lead beyond the horizon.
	r.Days = max(r.Days, c.Last.Sub(calendar.DateOf(now, hours.Zone))+ReseatDays)
	plan := func(o *Office, service string) (Plan, bool) { return d.planOf(o, service, r, p, company) }
	impact := Impact{Days: changedDays(d.shortest(before), before, after, c, plan)}
	expected = slices.Clone(expected)
	slices.SortStableFunc(expected, func(a, b Booking) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	for _, b := range expected {
		reseated, served := plan(after, b.Service)
		if !b.Status.Expected() || !b.Start.After(now) || served && reseated.Fits(b.Start, b.End) {
			continue
		}
		hit := Hit{Booking: b}
		if served {
			day := calendar.DateOf(b.Start, hours.Zone)
			hit.To, hit.Window = reseated.first(day, day.Add(ReseatDays), b.Start, now, busy)
		}
		if hit.Window > 0 {
			busy = append(busy, Busy{hit.Window, hit.To.Start, hit.To.End})
		}
		impact.Hit = append(impact.Hit, hit)
	}
	return impact, nil
}

// shortest is the shortest service of an office.
func (d *Directory) shortest(o *Office) string {
	var best Service
	for _, s := range d.services {
		if len(o.Serving(s)) > 0 && (best.Code == "" || s.Length < best.Length) {
			best = s
		}
	}
	return best.Code
}

func changedDays(service string, before, after *Office, c Closure, plan func(*Office, string) (Plan, bool)) []ChangedDay {
	was, served := plan(before, service)
	if !served {
		return nil
	}
	is, _ := plan(after, service)
	var list []ChangedDay
	for date := c.First; !c.Last.Before(date); date = date.Add(1) {
		day := ChangedDay{
			Date: date, Before: was.Hours.On(date), After: is.Hours.On(date),
			SlotsBefore: was.Capacity(date), SlotsAfter: is.Capacity(date),
		}
		if !slices.Equal(day.Before, day.After) {
			list = append(list, day)
		}
	}
	return list
}
