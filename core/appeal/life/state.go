package life

import (
	"slices"

	"okoshko/core/appeal"
	"okoshko/core/staff"
)

// State is how far a case has come.
type State string

// The states, in their order.
const (
	Draft      State = "draft"      // not registered yet
	Registered State = "registered" // has a number; the keeper checks it
	NeedInfo   State = "need_info"  // the customer is asked
	Routed     State = "routed"     // waits in the queue of a direction
	InWork     State = "in_work"    // a specialist of the direction works on it
	Scheduling State = "scheduling" // times were proposed to the customer
	Scheduled  State = "scheduled"  // a time is agreed
	Prepared   State = "prepared"   // the keeper has the answer and sends it
	Answered   State = "answered"   // the customer has his answer; he may reopen it
	Closed     State = "closed"
)

// States lists the states, in their order.
func States() []State {
	return []State{Draft, Registered, NeedInfo, Routed, InWork, Scheduling, Scheduled, Prepared, Answered, Closed}
}

// open are the states in which the answer is owed.
func open() []State {
	return []State{Registered, NeedInfo, Routed, InWork, Scheduling, Scheduled, Prepared}
}

// unprepared are those of them in which no answer waits to be sent.
func unprepared() []State {
	return slices.DeleteFunc(open(), func(s State) bool { return s == Prepared })
}

// Open reports whether the answer is owed.
func (s State) Open() bool { return s != Draft && s != Answered && s != Closed }

// Event is what happens to a case.
type Event string

// The events.
const (
	Register   Event = "register"
	Take       Event = "take"       // a keeper takes it on
	Hand       Event = "hand"       // a colleague keeps it from now on (R-5.2.6-a)
	Name       Event = "name"       // a member of staff is named whom it is about
	Clear      Event = "clear"      // it is not about him whom it was taken to be about
	Release    Event = "release"    // who has it may not any more: he has left, or has other rights (R-5.2.6-a)
	Reclassify Event = "reclassify" // it is of another category, or kind
	Locate     Event = "locate"     // it belongs to another territory than the one it was taken for
	Ask        Event = "ask"        // something is missing
	Clarify    Event = "clarify"    // the customer says it
	Write      Event = "write"      // the customer adds something
	Drop       Event = "drop"       // files that came with it could not be taken
	Route      Event = "route"      // to a direction
	Accept     Event = "accept"     // a specialist of the direction takes it on
	Return     Event = "return"     // it is not his direction's
	Assign     Event = "assign"     // the supervisor names who works on it
	Prepare    Event = "prepare"    // the direction's answer, to the keeper (R-5.2.6-e)
	Rework     Event = "rework"     // the keeper wants it done again
	Notify     Event = "notify"     // the customer is told the term (R-5.2.6-f)
	Extend     Event = "extend"     // once (R-5.2.11-c)
	Contact    Event = "contact"    // the customer was reached (spec §1.6, A3)
	Propose    Event = "propose"    // times for what is to be done
	Confirm    Event = "confirm"    // the customer takes one of them
	Decline    Event = "decline"    // none suits him
	Lapse      Event = "lapse"      // all of them went by without a word of him
	Agree      Event = "agree"      // a time was agreed by phone
	Act        Event = "act"        // the company does something about it (R-5.2.8-e)
	Finish     Event = "finish"     // that is done
	Answer     Event = "answer"
	Typical    Event = "typical"   // answered, with a link to the FAQ (R-5.2.6-c)
	OffTopic   Event = "off_topic" // answered: not our business (R-5.2.6-b)
	Duplicate  Event = "duplicate" // of another case
	Withdraw   Event = "withdraw"  // the customer wants it no more
	Rate       Event = "rate"
	Reopen     Event = "reopen" // the customer is not content, within 14 days
	Close      Event = "close"
	Resend     Event = "resend" // the answer goes to the customer once more
	Posted     Event = "posted" // a letter that a person puts into the post has gone
	// What he was asked or answered has not reached the customer, and never will that way.
	Undelivered Event = "undelivered"
)

// Who is none of the staff, and so has none of their roles.
const (
	Customer staff.Role = "customer"
	System   staff.Role = "system" // a schedule
)

// keeper stands in rules for the role of the case's kind, or the supervisor.
const keeper staff.Role = "keeper"

// worker stands in rules for the role by which somebody works in the case's queue: a
// specialist of the direction, or whose role's queue it is.
const worker staff.Role = "direction"

// KeeperOf returns the role that answers for cases of a kind.
func KeeperOf(k appeal.Kind) staff.Role {
	switch k {
	case appeal.Application:
		return staff.ApplicationRouter
	case appeal.Complaint:
		return staff.ComplaintRouter
	default:
		return staff.ReceptionSpecialist
	}
}

// DeskOf returns the role to which a case goes that nobody keeps: while it is about one
// of the staff the supervisor finds it a keeper (spec §1.6, A8).
func DeskOf(k appeal.Kind, about []int64) staff.Role {
	if len(about) > 0 {
		return staff.Supervisor
	}
	return KeeperOf(k)
}

// Resolution is how a case has ended.
type Resolution string

// The resolutions.
const (
	ByAnswer    Resolution = "answered"
	ByTypical   Resolution = "typical"
	AsOffTopic  Resolution = "off_topic"
	AsDuplicate Resolution = "duplicate"
	AsWithdrawn Resolution = "withdrawn"
)
