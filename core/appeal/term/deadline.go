package term

import (
	"fmt"
	"slices"
	"time"

	"okoshko/core/calendar"
)

// Deadline is until when something must be done, and how that was found.
type Deadline struct {
	Clock  Clock  `json:"clock"`
	Policy string `json:"policy"` // the ID of the rule
	// From is the moment from which it counts.
	From time.Time `json:"from"`
	// Last is the last day, in the company's zone; what is done on it is in time.
	Last calendar.Date `json:"last"`
	// At is the first moment that is too late: the end of the last day, or of the
	// last hour.
	At time.Time `json:"at"`
	// Legal is the last day by law, zero where no law sets one: extensions end
	// there.
	Legal calendar.Date `json:"legal,omitzero"`
	// Why are the steps by which it was found, in order.
	Why []Reason `json:"why"`
}

// Late reports whether the moment is after the deadline.
func (d *Deadline) Late(at time.Time) bool { return !at.Before(d.At) }

// Extended reports whether it is a prolonged one.
func (d *Deadline) Extended() bool {
	return slices.ContainsFunc(d.Why, func(r Reason) bool { return r.Step == ExtendedBy || r.Step == ExtendedTotal })
}

// Step is a kind of Reason.
type Step string

// The steps of counting. Each is a key of the words that explain it; which values
// of Reason they take is said beside it.
const (
	CountedDays    Step = "calendar_days"  // Term from the day after From: To
	CountedWorking Step = "working_days"   // Term of working days from the day after From: To
	CountedMonths  Step = "months"         // Term from From: To
	CountedHours   Step = "hours"          // Term from the moment itself
	Moved          Step = "moved"          // From is a day off: the next working day is To
	Regional       Step = "regional"       // To is a holiday of the region by the name of Law: no working day
	LegalSmaller   Step = "legal_smaller"  // the company would have until From, the law (Law) says To
	ExtendedBy     Step = "extended_add"   // Term beyond the first date, From: To
	ExtendedTotal  Step = "extended_total" // Term in all, from From: To
	LegalCap       Step = "legal_cap"      // the extension would end on From, the law says To
	Paused         Step = "paused"         // the customer was asked on From and answered on To: these days do not count
	Named          Step = "named"          // the customer was told To in place of From
	Own            Step = "own"            // the service has a term of its own: Term
)

// Steps lists the steps.
func Steps() []Step {
	return []Step{
		CountedDays, CountedWorking, CountedMonths, CountedHours, Moved, Regional, LegalSmaller, ExtendedBy, ExtendedTotal, LegalCap, Paused, Named, Own,
	}
}

// Reason is one step of counting: a key and its values.
type Reason struct {
	Step Step          `json:"step"`
	Term calendar.Term `json:"term,omitzero"`
	From calendar.Date `json:"from,omitzero"`
	To   calendar.Date `json:"to,omitzero"`
	// Law is the law, or the region's holiday, by language.
	Law map[string]string `json:"law,omitempty"`
}

// Counter counts by a production calendar, in the company's zone.
type Counter struct {
	Days *calendar.Production
	Zone *time.Location
}

// Due returns until when a clock runs that is started at a moment. own is the
// term of the thing itself, such as of a service with a term in the price list,
// and takes the place of the company's; zero: there is none. The error is
// calendar.ErrUnpublished if a day of it lies in a year that is not known.
func (c Counter) Due(p Policy, at time.Time, own calendar.Term) (Deadline, error) {
	company := p.Company
	d := Deadline{Clock: p.Clock, Policy: p.ID(), From: at}
	if !own.IsZero() {
		company = own
		d.Why = append(d.Why, Reason{Step: Own, Term: own})
	}
	if company.IsZero() {
		law, err := c.count(p.Legal, at)
		d.Last, d.At, d.Legal, d.Why = law.Last, law.At, law.Last, append(d.Why, law.Why...)
		return d, err
	}
	ours, err := c.count(company, at)
	if err != nil {
		return Deadline{}, err
	}
	d.Last, d.At, d.Why = ours.Last, ours.At, append(d.Why, ours.Why...)
	if p.Legal.IsZero() {
		return d, nil
	}
	law, err := c.count(p.Legal, at)
	if err != nil {
		return Deadline{}, err
	}
	d.Legal = law.Last
	if law.At.Before(ours.At) {
		d.Last, d.At = law.Last, law.At
		d.Why = append(law.Why, Reason{Step: LegalSmaller, From: ours.Last, To: law.Last, Term: p.Legal, Law: p.Laws})
	}
	return d, nil
}

// Extend returns the deadline prolonged by its policy (R-5.2.11-c), never beyond
// the law. received is the moment of registration. The errors are ErrNoExtension
// and calendar.ErrUnpublished.
func (c Counter) Extend(p Policy, first Deadline, received time.Time) (Deadline, error) {
	if p.Extension.IsZero() {
		return Deadline{}, ErrNoExtension
	}
	from, step := first.Last, ExtendedBy
	if p.How == Total {
		from, step = calendar.DateOf(received, c.Zone), ExtendedTotal
	}
	due, err := c.Days.Due(from, p.Extension)
	if err != nil {
		return Deadline{}, fmt.Errorf("extend a term: %w", err)
	}
	d := first
	d.Last, d.Why = due.Date, append(append([]Reason{}, first.Why...), reasons(due, step)...)
	if !d.Legal.IsZero() && d.Legal.Before(d.Last) {
		d.Why = append(d.Why, Reason{Step: LegalCap, From: d.Last, To: d.Legal, Law: p.Laws})
		d.Last = d.Legal
	}
	d.At = endOf(d.Last, c.Zone)
	if !first.At.Before(d.At) {
		return Deadline{}, ErrNoExtension
	}
	return d, nil
}

// Name returns a deadline as it is once the customer was told a day for it
// (R-5.2.6-f). A day that is not before its last one changes nothing: a promise never
// becomes later by being named.
func (c Counter) Name(d Deadline, day calendar.Date) Deadline {
	if !day.Before(d.Last) {
		return d
	}
	next := d
	next.Last, next.At = day, endOf(day, c.Zone)
	next.Why = append(append([]Reason{}, d.Why...), Reason{Step: Named, From: d.Last, To: day})
	return next
}

// Resume returns a deadline that stood still from the moment on which the
// customer was asked until he answered: the working days that were left count
// from the day of his answer, the day of the question being one of them. A term
// in other units moves by whole days. What was late before he was asked stays
// late.
func (c Counter) Resume(p Policy, d Deadline, asked, answered time.Time) (Deadline, error) {
	if d.Late(asked) || !asked.Before(answered) {
		return d, nil
	}
	askedOn, answeredOn := calendar.DateOf(asked, c.Zone), calendar.DateOf(answered, c.Zone)
	left, err := c.left(p.Company, d, askedOn)
	if err != nil {
		return Deadline{}, err
	}
	due, err := c.Days.Due(answeredOn, left)
	if err != nil {
		return Deadline{}, fmt.Errorf("resume a term: %w", err)
	}
	if !d.Last.Before(due.Date) {
		return d, nil // he answered so soon that nothing changed
	}
	next := d
	next.Last, next.At = due.Date, endOf(due.Date, c.Zone)
	next.Why = append(append([]Reason{}, d.Why...), Reason{Step: Paused, From: askedOn, To: answeredOn})
	next.Why = append(next.Why, reasons(due, "")...)
	return next, nil
}

// left returns what of a term was left at the beginning of a day that is not
// after its last one.
func (c Counter) left(t calendar.Term, d Deadline, day calendar.Date) (calendar.Term, error) {
	start := calendar.DateOf(d.From, c.Zone)
	if start == day {
		day = day.Add(1)
	}
	if t.Unit != calendar.WorkingDays {
		return calendar.Term{N: d.Last.Sub(day) + 1, Unit: calendar.CalendarDays}, nil
	}
	left := 0
	for ; !d.Last.Before(day); day = day.Add(1) {
		working, err := c.Days.Working(day)
		if err != nil {
			return calendar.Term{}, err
		}
		if working {
			left++
		}
	}
	return calendar.Term{N: left, Unit: calendar.WorkingDays}, nil
}

// count counts one term from a moment.
func (c Counter) count(t calendar.Term, at time.Time) (Deadline, error) {
	day := calendar.DateOf(at, c.Zone)
	if t.Unit == calendar.ClockHours {
		end := at.Add(time.Duration(t.N) * time.Hour)
		last := calendar.DateOf(end, c.Zone)
		return Deadline{Last: last, At: end, Why: []Reason{{Step: CountedHours, Term: t, From: day, To: last}}}, nil
	}
	due, err := c.Days.Due(day, t)
	if err != nil {
		return Deadline{}, fmt.Errorf("count a term: %w", err)
	}
	return Deadline{Last: due.Date, At: endOf(due.Date, c.Zone), Why: reasons(due, "")}, nil
}

// endOf is 24:00 of a day (ст. 194 ГК РФ).
func endOf(d calendar.Date, zone *time.Location) time.Time { return d.Add(1).At(0, zone) }

var counted = map[calendar.Unit]Step{
	calendar.CalendarDays: CountedDays, calendar.WorkingDays: CountedWorking, calendar.Months: CountedMonths,
}

// reasons explains a due date, under a step of its own name if it is "".
func reasons(due calendar.Due, step Step) []Reason {
	if step == "" {
		step = counted[due.Term.Unit]
	}
	r := Reason{Step: step, Term: due.Term, From: due.Received, To: due.Date}
	list := []Reason{r}
	if !due.Moved.IsZero() {
		list[0].To = due.Moved
		list = append(list, Reason{Step: Moved, From: due.Moved, To: due.Date})
	}
	for _, h := range due.Regional {
		list = append(list, Reason{Step: Regional, To: h.Date, Law: h.Names})
	}
	return list
}
