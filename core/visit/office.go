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
	// Special are the windows that do not serve everything, or not always, by their
	// numbers; Shut is when single ones receive nobody, in order.
	Special []Window
	Shut    []Shutting
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

// Exception is days on which an office has other hours than usual.
type Exception struct {
	First, Last calendar.Date
	// Spans are the hours of each of them; none: it is closed.
	Spans   []calendar.Span
	Reasons map[string]string // by language
}

// Hours returns when the office is open, by a production calendar with the
// holidays of its territory and in the company's zone, unless it has its own.
func (o *Office) Hours(p *calendar.Production, company *time.Location) calendar.Hours {
	h := calendar.Hours{
		Week: o.Week, Sanitary: o.Sanitary, Production: p.In(o.Territory), Zone: company,
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
	// Reasons are those of an exception, or the name of a region's holiday, by
	// language.
	Reasons map[string]string
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
		c.Reasons = o.reasons(d, h, why)
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

// reasons are the words of its own that a day's hours have.
func (o *Office) reasons(d calendar.Date, h calendar.Hours, why calendar.Why) map[string]string {
	switch why {
	case calendar.OnRegional:
		r, _ := h.Production.Regional(d)
		return r.Names
	case calendar.Excepted:
		for _, e := range o.Exceptions {
			if e.on(d) {
				return e.Reasons
			}
		}
	}
	return nil
}

func (e *Exception) on(d calendar.Date) bool { return !d.Before(e.First) && !e.Last.Before(d) }

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
