package term

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/calendar"
)

// Receiver is who hears of an alert, seen from the case.
type Receiver string

// The receivers.
const (
	Assignee   Receiver = "assignee"   // who works on it
	Keeper     Receiver = "keeper"     // who answers for it to the customer
	Supervisor Receiver = "supervisor" // who watches over them
)

// Receivers lists the receivers.
func Receivers() []Receiver { return []Receiver{Assignee, Keeper, Supervisor} }

// Mark is the point of a term at which somebody is told: a share of it in per
// cent, 100 for the breach itself, or working days after it.
type Mark struct {
	Share int // 1–100; 0: Later counts
	Later int
}

// ParseMark reads "80%", "breach" or "+1". The error is of no kind.
func ParseMark(s string) (Mark, error) {
	if s == "breach" {
		return Mark{Share: 100}, nil
	}
	if later, ok := strings.CutPrefix(s, "+"); ok {
		if n, err := strconv.Atoi(later); err == nil && n >= 1 && n <= 60 {
			return Mark{Later: n}, nil
		}
	}
	if share, ok := strings.CutSuffix(s, "%"); ok {
		if n, err := strconv.Atoi(share); err == nil && n >= 1 && n <= 99 {
			return Mark{Share: n}, nil
		}
	}
	return Mark{}, fmt.Errorf("%q is no mark such as 80%%, breach or +1", s)
}

// String returns the mark as tables have it.
func (m Mark) String() string {
	switch m.Share {
	case 0:
		return "+" + strconv.Itoa(m.Later)
	case 100:
		return "breach"
	default:
		return strconv.Itoa(m.Share) + "%"
	}
}

// Breach reports whether the term is over by then.
func (m Mark) Breach() bool { return m.Share == 0 || m.Share == 100 }

// rule says who hears of a clock at a mark.
type rule struct {
	from  calendar.Date
	clock Clock
	mark  Mark
	to    []Receiver
}

// Alert is a moment at which somebody is told that a term runs out, or has.
// Whoever tells it does so once for each case, clock, deadline and mark.
type Alert struct {
	Clock Clock
	Mark  Mark
	At    time.Time
	To    []Receiver
}

// Alerts returns the alerts of a deadline by the rules of the day on which it
// began, in the order of their moments. The error is calendar.ErrUnpublished.
func (b *Book) Alerts(d Deadline, c Counter) ([]Alert, error) {
	var list []Alert
	day := calendar.DateOf(d.From, c.Zone)
	for _, r := range b.rulesOf(d.Clock, day) {
		a := Alert{Clock: d.Clock, Mark: r.mark, To: r.to}
		if r.mark.Share > 0 {
			a.At = d.From.Add(d.At.Sub(d.From) / 100 * time.Duration(r.mark.Share))
			if r.mark.Share == 100 {
				a.At = d.At
			}
		} else {
			later, err := c.Days.Due(d.Last, calendar.Term{N: r.mark.Later, Unit: calendar.WorkingDays})
			if err != nil {
				return nil, err
			}
			a.At = endOf(later.Date, c.Zone)
		}
		list = append(list, a)
	}
	slices.SortStableFunc(list, func(x, y Alert) int { return x.At.Compare(y.At) })
	return list, nil
}

// rulesOf returns the rules of a clock that hold on a day: those of the latest
// day that has any.
func (b *Book) rulesOf(c Clock, day calendar.Date) []rule {
	var latest calendar.Date
	for _, r := range b.rules {
		if r.clock == c && !day.Before(r.from) && latest.Before(r.from) {
			latest = r.from
		}
	}
	return slices.DeleteFunc(slices.Clone(b.rules), func(r rule) bool { return r.clock != c || r.from != latest })
}
