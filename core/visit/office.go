package visit

import (
	"slices"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

// Office is a place where customers are served. Texts are by language.
type Office struct {
	Code string
	// Territory is the code of the one that it serves; empty: all of them.
	Territory string
	Audience  knowledge.Audience
	// Windows is how many visitors are served at a time; they are counted from 1.
	Windows int
	// Only are the services of windows that do not serve all of them.
	Only map[int][]string
	// Ramp: a wheelchair gets in.
	Ramp      bool
	Names     map[string]string
	Addresses map[string]string
	// Notes tell how to find it; empty where there is nothing to tell.
	Notes map[string]string
	Phone string
	// Week is its usual hours, with breaks; Sanitary the weekdays whose last
	// working one in a month is closed; Exceptions what differs, in order.
	Week       calendar.Week
	Sanitary   []time.Weekday
	Exceptions []Exception
	// Zone is its own; nil: the company's.
	Zone *time.Location
	// Latitude and Longitude are degrees.
	Latitude, Longitude float64
}

// Serving returns the windows that serve a service, the lowest first; none if
// the office does not.
func (o *Office) Serving(s Service) []int {
	if !o.Audience.Meets(s.Audience) {
		return nil
	}
	var list []int
	for window := 1; window <= o.Windows; window++ {
		if only, some := o.Only[window]; !some || slices.Contains(only, s.Code) {
			list = append(list, window)
		}
	}
	return list
}

// Exception is days on which an office has other hours than usual.
type Exception struct {
	First, Last calendar.Date
	// Spans are the hours of each of them; none: it is closed.
	Spans   []calendar.Span
	Reasons map[string]string // by language
}

// Hours returns when the office is open, by a production calendar and in the
// company's zone, unless it has its own.
func (o *Office) Hours(p *calendar.Production, company *time.Location) calendar.Hours {
	h := calendar.Hours{
		Week: o.Week, Sanitary: o.Sanitary, Production: p, Zone: company,
		Exceptions: map[calendar.Date][]calendar.Span{},
	}
	if o.Zone != nil {
		h.Zone = o.Zone
	}
	for _, e := range o.Exceptions {
		for d := e.First; !e.Last.Before(d); d = d.Add(1) {
			h.Exceptions[d] = e.Spans
		}
	}
	return h
}

// Change is days in a row whose hours differ from the week's for one reason.
type Change struct {
	First, Last calendar.Date
	Spans       []calendar.Span // none: closed
	Why         calendar.Why
	Reasons     map[string]string // of an exception, by language
}

// Changes returns what differs from the usual week from a day on, for so many
// days. Days that are closed for one reason are one change, also over days
// between them that are closed anyway.
func (o *Office) Changes(p *calendar.Production, from calendar.Date, days int) []Change {
	h := o.Hours(p, time.UTC)
	var list []Change
	bridged := false // since the last change it was closed, as usual
	for d := from; d.Sub(from) < days; d = d.Add(1) {
		spans, why := h.Explain(d)
		if why == calendar.Usual {
			bridged = bridged && len(spans) == 0
			continue
		}
		c := Change{First: d, Last: d, Spans: spans, Why: why}
		if why == calendar.Excepted {
			c.Reasons = o.reasons(d)
		}
		if n := len(list); n > 0 && list[n-1].continues(c, bridged) {
			list[n-1].Last = d
		} else {
			list = append(list, c)
		}
		bridged = len(spans) == 0
	}
	return list
}

// continues reports whether a change goes on with the next one: the day after,
// or over days that were closed as usual.
func (c *Change) continues(next Change, bridged bool) bool {
	return (bridged || c.Last.Add(1) == next.First) && c.Why == next.Why && slices.Equal(c.Spans, next.Spans) &&
		c.Reasons["ru"] == next.Reasons["ru"]
}

func (o *Office) reasons(d calendar.Date) map[string]string {
	for _, e := range o.Exceptions {
		if !d.Before(e.First) && !e.Last.Before(d) {
			return e.Reasons
		}
	}
	return nil
}

// Service is what a visit can be booked for.
type Service struct {
	Code     string
	Audience knowledge.Audience
	// Length is how long a visit takes.
	Length time.Duration
	Names  map[string]string // by language
	// Bring is what the visitor is to have with him, empty where there is nothing
	// to tell; by language.
	Bring map[string]string
}

// Rules are the company's rules of booking (spec §5.2).
type Rules struct {
	// Days is how far ahead a visit can be booked, Lead how soon the first one.
	Days int
	Lead time.Duration
	// Active is how many bookings a person may have at a time.
	Active int
	// WalkIn is the share of a day's slots, per cent and rounded down, that is
	// left for those who come without a booking.
	WalkIn int
	// Hold is how long a chosen slot is kept while its customer books it, Offer
	// how long one that somebody waited for.
	Hold, Offer time.Duration
	// Waiting is how many wishes a person may have on the waiting list.
	Waiting int
}

// DefaultRules are those of spec §5.2; how long slots are held and how many
// wishes may wait, it leaves to us.
var DefaultRules = Rules{
	Days: 14, Lead: time.Hour, Active: 2, WalkIn: 40, Hold: 10 * time.Minute, Offer: 30 * time.Minute, Waiting: 3,
}
