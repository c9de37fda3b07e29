package calendar

import "fmt"

// Unit is what a term is counted in.
type Unit string

// The units of terms.
const (
	// CalendarDays are all days; a term that ends on a day off ends on the
	// next working day (ст. 193 ГК РФ).
	CalendarDays Unit = "calendar_days"
	// WorkingDays are working days only.
	WorkingDays Unit = "working_days"
)

// Term is a length of time that the law or the company promises.
type Term struct {
	N    int
	Unit Unit
}

// Due is the last day of a term, and how it was found: enough to explain it to
// a person.
type Due struct {
	Date Date
	Term Term
	// Received is the day of the event: counting begins on the next one
	// (ст. 191 ГК РФ).
	Received Date
	// Moved is the day off on which the term would have ended, zero if it ends
	// where it was counted to.
	Moved Date
}

// Due counts a term from the day of an event. The error is ErrUnpublished if a
// day of it lies in a year that is not known.
func (p *Production) Due(received Date, t Term) (Due, error) {
	due := Due{Term: t, Received: received}
	switch t.Unit {
	case CalendarDays:
		counted := received.Add(t.N)
		rolled, err := p.Roll(counted)
		if err != nil {
			return Due{}, err
		}
		if due.Date = rolled; rolled != counted {
			due.Moved = counted
		}
		return due, nil
	case WorkingDays:
		day, left := received, t.N
		for left > 0 {
			day = day.Add(1)
			working, err := p.Working(day)
			if err != nil {
				return Due{}, err
			}
			if working {
				left--
			}
		}
		due.Date = day
		return due, nil
	}
	return Due{}, fmt.Errorf("count a term: unknown unit %q", t.Unit)
}

// Roll returns the day, or the nearest working day after it.
func (p *Production) Roll(d Date) (Date, error) {
	for {
		working, err := p.Working(d)
		if err != nil || working {
			return d, err
		}
		d = d.Add(1)
	}
}
