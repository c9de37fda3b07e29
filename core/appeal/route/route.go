// Package route finds who answers a case: the queue of its function in its
// territory, or who stands in for it (spec §5.7), and says why it came there.
// What would happen if… is the same question with other values.
package route

import (
	"cmp"
	"slices"

	"okoshko/core/calendar"
	"okoshko/core/staff"
)

// Queue is where cases wait for a direction, or for a role: a team of staff. Texts
// are by language.
type Queue struct {
	Code  string
	Names map[string]string
	Email string
	// Role is whose queue it is, if it is not a direction's.
	Role staff.Role
	// Deputy is the queue that stands in while nobody is there; "": the
	// supervisor does.
	Deputy string
}

// Function is what a direction answers for.
type Function struct {
	Code  string
	Names map[string]string
}

// Origin says how the territory of a case is known.
type Origin string

// The origins, the surest first.
const (
	ByAccount Origin = "account" // the first digits of the account
	ByAddress Origin = "address" // a place that the address names
	ByAnswer  Origin = "answer"  // he was asked
	ByStaff   Origin = "staff"   // one of the staff has said so, for a reason
	Unknown   Origin = "unknown" // ask him
)

// Ask is what a route is found by.
type Ask struct {
	Function  string
	Territory string // "" if it is not known
	Origin    Origin // "": somebody has said so
	Day       calendar.Date
	// About are those whom the case is about: they never get it (spec §1.6, A8).
	About []int64
	// Members are the staff who work in each queue, there or not; nil: that does not
	// matter. A queue without any is passed over as one in which nobody is there, at
	// any hour: what comes there nobody sees.
	Members map[string][]int64
	// Present are the staff who are there, by queue: of its team, or of its role.
	// nil: it does not matter, as outside of the hours.
	Present map[string][]int64
}

// Route is where a case goes.
type Route struct {
	Queue Queue
	// People are those of the queue who are there and may have it; none if
	// nobody is there, nor anywhere else, or if it was not asked for.
	People []int64
	// Why are the steps that led there, in order.
	Why []Step
}

// Why is a kind of Step.
type Why string

// The steps of a route. Each is a key of the words that explain it; which values
// of Step they take is said beside it.
const (
	Located    Why = "located"    // the territory is Territory, known by Origin
	Unlocated  Why = "unlocated"  // the territory is not known
	Ruled      Why = "ruled"      // Function in Territory is answered by Queue
	RuledAll   Why = "ruled_all"  // Function is answered by Queue everywhere
	NoRule     Why = "no_rule"    // no rule for Function in Territory: the reception, Queue
	Vacant     Why = "vacant"     // nobody works in Queue
	Absent     Why = "absent"     // nobody is there in Queue
	Concerned  Why = "concerned"  // those who are there in Queue are whom it is about
	Deputised  Why = "deputised"  // Queue stands in
	Supervised Why = "supervised" // nobody stands in: the supervisor, Queue
	Nobody     Why = "nobody"     // nobody is there at all: it waits in Queue
)

// Whys lists the steps.
func Whys() []Why {
	return []Why{Located, Unlocated, Ruled, RuledAll, NoRule, Vacant, Absent, Concerned, Deputised, Supervised, Nobody}
}

// Step is one step of a route: a key and its values.
type Step struct {
	Why       Why    `json:"why"`
	Function  string `json:"function,omitempty"`
	Territory string `json:"territory,omitempty"`
	Origin    Origin `json:"origin,omitempty"`
	Queue     string `json:"queue,omitempty"`
}

// Find returns where a case goes. It always goes somewhere: a function without a
// rule to the reception, a queue without anybody to its deputy, then to the
// supervisor.
func (b *Book) Find(a Ask) Route {
	r := &Route{}
	if a.Territory == "" {
		r.step(Step{Why: Unlocated})
	} else {
		r.step(Step{Why: Located, Territory: a.Territory, Origin: cmp.Or(a.Origin, ByAnswer)})
	}
	first, step := b.rule(a)
	r.step(step)
	r.Queue = first
	if a.Present == nil && a.Members == nil {
		return *r
	}
	for seen := []string{}; ; {
		takers, why := a.takers(r.Queue.Code)
		if a.Present != nil {
			r.People = takers
		}
		if len(takers) > 0 {
			return *r
		}
		r.step(Step{Why: why, Queue: r.Queue.Code})
		if r.Queue.Role == staff.Supervisor {
			r.step(Step{Why: Nobody, Queue: r.Queue.Code})
			return *r
		}
		seen = append(seen, r.Queue.Code)
		deputy, ok := b.queues[r.Queue.Deputy]
		step := Step{Why: Deputised, Queue: deputy.Code}
		if !ok || slices.Contains(seen, deputy.Code) {
			deputy = b.Desk(staff.Supervisor)
			step = Step{Why: Supervised, Queue: deputy.Code}
		}
		r.step(step)
		r.Queue = deputy
	}
}

// takers are those who may have the case in a queue: who are there, or, if that does
// not matter, who work there. If there are none, why says so.
func (a Ask) takers(queue string) (list []int64, why Why) {
	here, why := a.Present[queue], Absent
	if a.Present == nil {
		here = a.Members[queue]
	}
	switch {
	case a.Members != nil && len(a.Members[queue]) == 0:
		why = Vacant
	case len(here) > 0:
		why = Concerned
	}
	return slices.DeleteFunc(slices.Clone(here), func(id int64) bool { return slices.Contains(a.About, id) }), why
}

func (r *Route) step(s Step) { r.Why = append(r.Why, s) }

// rule returns the queue that the table names, and the step that says so. The
// rule of the territory comes before that of all.
func (b *Book) rule(a Ask) (Queue, Step) {
	if a.Territory != "" {
		if queue, ok := b.on(key{a.Function, a.Territory}, a.Day); ok {
			return b.queues[queue], Step{Why: Ruled, Function: a.Function, Territory: a.Territory, Queue: queue}
		}
	}
	if queue, ok := b.on(key{a.Function, everywhere}, a.Day); ok {
		return b.queues[queue], Step{Why: RuledAll, Function: a.Function, Queue: queue}
	}
	reception := b.Desk(staff.ReceptionSpecialist)
	return reception, Step{Why: NoRule, Function: a.Function, Territory: a.Territory, Queue: reception.Code}
}
