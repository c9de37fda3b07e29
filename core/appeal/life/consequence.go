package life

import (
	"time"

	"okoshko/core/appeal/term"
	"okoshko/core/staff"
)

// Consequence is something that must follow from an event: carried out in the
// transaction that saves the case, or promised by it. It is one of the types
// below.
type Consequence interface{ consequence() }

// Tell is a notice to the customer by the channel that he has chosen. The
// event says which: its words are those of that name.
type Tell struct{ Event Event }

// Mail is a letter to the mailbox of a role or a queue, at once: a case to check is
// there (R-5.2.7-a, R-5.2.8-a), or one to work on has come into the queue (R-5.2.7-d,
// R-5.2.8-d). One of Role and Queue is set. Number, category, territory, due date, a
// link, no personal data.
type Mail struct {
	What  Work // ToCheck or ToWork
	Role  staff.Role
	Queue string
}

// Task is work for somebody: one of Staff, Queue and Role is set.
type Task struct {
	What  Work
	Staff int64
	Queue string
	Role  staff.Role
}

// Pass: who keeps a case has changed, and with it whose the open work is that a keeper
// has to do. It comes before the tasks of the event itself.
type Pass struct {
	Works []Work
	// From and To are who kept it and who does; 0: nobody, so that it is all of the
	// role, Was and Is.
	From, To int64
	Was, Is  staff.Role
}

// SetClock starts a clock or moves it: its alerts are planned anew.
type SetClock struct{ term.Deadline }

// StopClock: its alerts are not due any more. Paused: it will go on.
type StopClock struct {
	Clock  term.Clock
	Paused bool
}

// Later is an event that a schedule causes at a moment, if the case still takes
// it then.
type Later struct {
	Event Event
	At    time.Time
}

func (Tell) consequence()      {}
func (Mail) consequence()      {}
func (Task) consequence()      {}
func (Pass) consequence()      {}
func (SetClock) consequence()  {}
func (StopClock) consequence() {}
func (Later) consequence()     {}

// Work is what a task asks for.
type Work string

// The kinds of work.
const (
	ToCheck    Work = "check"    // is it complete, whose is it
	ToWork     Work = "work"     // it has come to the direction
	ToKeep     Work = "keep"     // a colleague has handed it over
	ToRead     Work = "read"     // the customer has said something
	ToSend     Work = "send"     // the direction's answer is there
	ToRedo     Work = "redo"     // the keeper wants it done again
	ToReroute  Work = "reroute"  // the direction has returned it
	ToReplace  Work = "replace"  // who had it may not have it
	ToHurry    Work = "hurry"    // the direction's day ends after the promised one (spec §1.6, A5)
	ToVisit    Work = "visit"    // a time is agreed
	ToRenew    Work = "renew"    // the customer declined the times
	ToStop     Work = "stop"     // the customer wants it no more
	ToReview   Work = "review"   // it is reopened
	ToPublish  Work = "publish"  // a second person looks at what is to be published
	ToConclude Work = "conclude" // nothing is open any more: it can be closed
	ToReach    Work = "reach"    // what was said has not reached the customer: another way is wanted
	ToRefund   Work = "refund"   // money that was paid for it has to go back: a payment gives it, not an event
	ToMind     Work = "mind"     // a term of it runs out: no event gives it, an alert does
	ToCatchUp  Work = "late"     // a term of it is over; likewise
)

// Works lists the kinds of work.
func Works() []Work {
	return []Work{
		ToCheck, ToWork, ToKeep, ToRead, ToSend, ToRedo, ToReroute, ToReplace, ToHurry, ToVisit, ToRenew, ToStop, ToReview, ToPublish, ToConclude, ToRefund, ToReach,
		ToMind, ToCatchUp,
	}
}

// Minding returns the work that an alert gives.
func Minding(m term.Mark) Work {
	if m.Breach() {
		return ToCatchUp
	}
	return ToMind
}
