package registry

import (
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/staff"
)

// Scope parts the cases by what is owed.
type Scope string

// The scopes. Archived cases are read only where they are asked for.
const (
	Owed     Scope = "owed"     // the answer is owed: by Line.Next, the next one first
	Answered Scope = "answered" // answered and not closed: by Line.Due, the next one first
	Archived Scope = "archived" // closed: the last closed first
	Indebted Scope = "indebted" // in whatever state, its customer's money has to go back: what moved first first
)

// Filter says which cases to list. Zero values exclude nothing.
type Filter struct {
	Scope  Scope // "": Owed
	Kinds  []appeal.Kind
	States []life.State
	Queues []string
	// Keeper and Assignee are members of staff; Free: nobody keeps it yet.
	Keeper, Assignee int64
	Free             bool
	Category         string
	Territory        string
	// Overdue: one of its terms is over at Now, or now if it is zero (see Line.Next).
	Overdue bool
	Now     time.Time
	// Stalled: nothing has happened since then (R-5.2.8-e).
	Stalled time.Time
	// Viewer does not see cases that are about him (spec §1.6, A8).
	Viewer int64
	// After is the Next of the page before; "": the first page.
	After string
	Limit int // 0: PageSize
}

// PageSize is how many a page lists unless it is told, MostPage how many at most;
// MostCounted is where counting ends: nobody asks whether there are more.
const (
	PageSize    = 50
	MostPage    = 200
	MostCounted = 1000
)

// Page is a part of a list.
type Page struct {
	Lines []Line
	// Next leads to the following page; "": there is none.
	Next string
}

// Task is work for somebody that follows from an event or from a term that runs
// out. It is done when what it asks for has happened (see Settles), or when
// somebody says so.
type Task struct {
	ID     int64
	Number appeal.Number
	What   life.Work
	// One of Staff, Queue and Role says whose it is.
	Staff int64
	Queue string
	Role  staff.Role
	At    time.Time
	// Alert is what a task of life.Minding is about; nil for others.
	Alert *Alert
	// What list of tasks show of its case.
	Kind     appeal.Kind
	Category string
	State    life.State
	Due      time.Time
}

// Alert is a moment at which somebody is told that a term runs out, or has.
type Alert struct {
	Clock term.Clock
	Mark  term.Mark
	// Deadline is the first moment that is too late.
	Deadline time.Time
	// At is the moment of the alert itself.
	At time.Time
}

// Settles returns the work that is done once an event has happened. Whatever ends
// a case settles all that is left, but what says that it has ended. What
// life.Minding gives is done when its clock is stopped or set anew, or when more is
// told of it, life.ToRefund when the money is back.
func Settles(e life.Event) []life.Work {
	switch e {
	case life.Take, life.Hand:
		return []life.Work{life.ToKeep, life.ToReplace}
	case life.Reclassify:
		return []life.Work{life.ToCheck, life.ToReview}
	case life.Ask:
		return []life.Work{life.ToCheck, life.ToRead, life.ToReview, life.ToReach}
	case life.Clarify:
		return []life.Work{life.ToRead, life.ToReach}
	case life.Contact, life.Resend:
		return []life.Work{life.ToReach}
	case life.Route:
		return []life.Work{life.ToCheck, life.ToReroute, life.ToReview, life.ToRead, life.ToHurry, life.ToWork, life.ToRedo, life.ToReplace, life.ToReach}
	case life.Accept:
		return []life.Work{life.ToWork, life.ToReplace}
	case life.Assign:
		return []life.Work{life.ToWork, life.ToReplace}
	case life.Return:
		return []life.Work{life.ToWork, life.ToRedo, life.ToRenew}
	case life.Prepare:
		return []life.Work{life.ToWork, life.ToRedo, life.ToRead, life.ToVisit, life.ToRenew}
	case life.Propose, life.Agree:
		return []life.Work{life.ToWork, life.ToRenew, life.ToReach}
	case life.Rework:
		return []life.Work{life.ToSend, life.ToRead, life.ToReach}
	case life.Extend:
		return []life.Work{life.ToHurry}
	case life.Answer, life.Typical, life.OffTopic, life.Duplicate, life.Withdraw, life.Close:
		return EverythingButEnds
	default:
		return nil
	}
}

// EverythingButEnds is the work that no case needs any more that has ended.
var EverythingButEnds = []life.Work{
	life.ToCheck, life.ToWork, life.ToKeep, life.ToRead, life.ToSend, life.ToRedo, life.ToReroute, life.ToReplace, life.ToHurry,
	life.ToVisit, life.ToRenew, life.ToReview, life.ToConclude, life.ToReach,
}
