package life

import (
	"slices"
	"time"

	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Why an event is refused. Keys are those of messages.
var (
	ErrEvent  = refusal(fault.Internal, "case_event")     // there is no such event
	ErrState  = refusal(fault.Conflict, "case_state")     // not in this state, or not with this kind
	ErrRole   = refusal(fault.Denied, "case_role")        // none of his roles may
	ErrAbout  = refusal(fault.Denied, "case_about")       // it is about him, or whom he names
	ErrTaken  = refusal(fault.Conflict, "case_taken")     // a colleague has it
	ErrKind   = refusal(fault.Invalid, "case_category")   // the category is of another kind
	ErrClosed = refusal(fault.Conflict, "case_published") // publication is not that far

	// Why a case is no repetition of another; see Repeats.
	ErrOtherKind  = refusal(fault.Invalid, "case_other_kind")  // a colleague answers the other one
	ErrOtherEnded = refusal(fault.Invalid, "case_other_ended") // no answer to it will come
)

func refusal(k fault.Kind, key string) error { return &fault.Error{Kind: k, Key: key} }

// Guard is a condition of an event. Its name is the key of the message that
// tells why not, with "case_" before it.
type Guard string

// The guards.
const (
	HasNote      Guard = "note"      // a reason, a question or a result is given (audit.Tells)
	HasWay       Guard = "by_way"    // by which channel is said
	Untaken      Guard = "kept"      // nobody keeps it yet
	HasPerson    Guard = "person"    // a member of staff is named
	NotAbout     Guard = "about"     // the case is not about him
	IsAbout      Guard = "not_about" // the case was taken to be about him
	HisOwn       Guard = "his_own"   // he keeps it, or works on it
	HasTerritory Guard = "territory" // another territory is named
	HasQueue     Guard = "queue"     // a queue is named, with a reason if the table names another
	NotOwn       Guard = "own_queue" // it is not the queue of who keeps the case: he has it already
	Moves        Guard = "in_queue"  // it does not lie in that queue already
	Complete     Guard = "complete"  // nothing is missing, or it is waived with a reason
	HisQueue     Guard = "his_queue" // it lies in one of his queues
	Mine         Guard = "mine"      // the specialist works on it himself
	Free         Guard = "free"      // nobody works on it
	HasReply     Guard = "reply"     // the answer is written
	HasLinks     Guard = "links"     // an article is named (R-5.2.6-c)
	HasAddressee Guard = "addressee" // who can answer instead is named (R-5.2.6-b)
	HasOther     Guard = "other"     // the other case is named
	HasTimes     Guard = "times"     // times ahead are named, each once, MostTimes at most
	HasTime      Guard = "time"      // a time ahead is named
	ByDay        Guard = "night"     // the times lie from FirstHour to before LastHour
	SaysWhy      Guard = "agreed"    // who names another time than the agreed one says why
	InPromise    Guard = "overdue"   // no time lies after the promised day, or it is said why
	TimeProposed Guard = "proposed"  // it is one of those that were proposed
	NoneLeft     Guard = "lapsed"    // all times that were proposed are over
	Visited      Guard = "visit"     // the agreed time has come, or it is said why the answer does not wait for it
	DayPromised  Guard = "day"       // the day lies not after the promised one (R-5.2.6-f)
	NotExtended  Guard = "extended"  // it was never extended (R-5.2.11-c)
	InTime       Guard = "late"      // the promised day is not over
	OpenAction   Guard = "action"    // the action is open
	NothingOpen  Guard = "actions"   // no action is open (R-5.2.8-e)
	HasAnswer    Guard = "answered"  // it was answered, not withdrawn
	Given        Guard = "given"     // it was answered, be it before it was opened again
	Reopens      Guard = "reopen"    // it was answered, or closed as a repetition
	Undone       Guard = "undone"    // the keeper takes back his own mistake alone: a repetition that is none
	OneToFive    Guard = "rating"    // from 1 to 5
	InWindow     Guard = "window"    // within ReopenDays
	Ripe         Guard = "ripe"      // a schedule waits until they are over
	TakenBack    Guard = "reached"   // the answer that was given has not reached the customer
	Latest       Guard = "latest"    // nothing was said to the customer since in its place
)

// Err returns what a guard refuses with.
func (g Guard) Err() error { return guards[g].refusal }

// ReopenDays is how many days after the answer, or after it was closed as a
// repetition, the customer may reopen a case
// (spec §5.6), the last one included.
const ReopenDays = 14

// MostTimes is how many times are proposed at once: a text message holds so many,
// and who reads them can choose. Ahead is for how many days before they are named,
// half a year: more is a slip in the year.
const (
	MostTimes = 5
	Ahead     = 183
)

// From FirstHour to LastHour somebody may come to a customer, by the company's clock: at
// any other hour nobody expects a visit.
const (
	FirstHour = 8
	LastHour  = 21
)

type guard struct {
	refusal error
	holds   func(*turn) bool
}

var guards = map[Guard]guard{}

// standing are the guards that ask nothing but how the case is, and who acts.
var standing = []Guard{Untaken, HisQueue, Mine, Free, NotExtended, Reopens, Undone, HasAnswer, Given, TakenBack}

// init, because guards use what uses them.
func init() {
	invalid, conflict, denied := fault.Invalid, fault.Conflict, fault.Denied
	for _, g := range []struct {
		name  Guard
		kind  fault.Kind
		holds func(*turn) bool
	}{
		{HasNote, invalid, (*turn).tells},
		{HasWay, invalid, func(t *turn) bool { return t.do.Way != "" }},
		{Untaken, conflict, func(t *turn) bool { return t.c.Keeper == 0 }},
		{HasPerson, invalid, func(t *turn) bool { return t.do.Person > 0 }},
		{NotAbout, denied, func(t *turn) bool { return !slices.Contains(t.c.About, t.do.Person) }},
		{IsAbout, conflict, func(t *turn) bool { return slices.Contains(t.c.About, t.do.Person) }},
		{HisOwn, conflict, func(t *turn) bool { return t.c.Keeper == t.do.Person || t.c.Assignee == t.do.Person }},
		{HasTerritory, invalid, func(t *turn) bool { return t.do.Territory != "" && t.do.Territory != t.c.Territory }},
		{HasQueue, invalid, func(t *turn) bool { return t.do.Queue != "" && (!t.do.Override || t.tells()) }},
		{Moves, invalid, func(t *turn) bool { return t.c.State != Routed || t.do.Queue != t.c.Queue }},
		{NotOwn, invalid, func(t *turn) bool { q, _ := t.m.Routes.Queue(t.do.Queue); return q.Role != KeeperOf(t.c.Kind) }},
		{Complete, invalid, (*turn).complete},
		{HisQueue, denied, func(t *turn) bool { return t.by.WorksIn(t.c.Queue) }},
		{Mine, denied, (*turn).mine},
		{Free, conflict, func(t *turn) bool { return t.c.Assignee == 0 }},
		{HasReply, invalid, func(t *turn) bool {
			return t.do.Reply != "" || t.c.Reply != "" && t.c.State == Prepared && t.c.Lost == ""
		}},
		{HasLinks, invalid, func(t *turn) bool { return len(t.do.Links) > 0 && !slices.Contains(t.do.Links, "") }},
		{HasAddressee, invalid, func(t *turn) bool { return t.do.Addressee != "" }},
		{HasOther, invalid, func(t *turn) bool { return !t.do.Other.IsZero() && t.do.Other != t.c.Number }},
		{HasTimes, invalid, (*turn).hasTimes},
		{HasTime, invalid, func(t *turn) bool { return t.ahead(t.do.Time) }},
		{SaysWhy, invalid, func(t *turn) bool { return t.c.Agreed.IsZero() || t.tells() }},
		{ByDay, invalid, func(t *turn) bool { return !slices.ContainsFunc(t.times(), t.night) }},
		{InPromise, invalid, func(t *turn) bool { return t.tells() || !slices.ContainsFunc(t.times(), t.overdue) }},
		{TimeProposed, invalid, func(t *turn) bool { return !t.gone(t.do.Time) && slices.ContainsFunc(t.c.Proposed, t.do.Time.Equal) }},
		{Visited, invalid, func(t *turn) bool { return t.c.State != Scheduled || !t.future(t.c.Agreed) || t.tells() }},
		{NoneLeft, conflict, func(t *turn) bool { return !slices.ContainsFunc(t.c.Proposed, t.future) }},
		{DayPromised, invalid, (*turn).dayPromised},
		{NotExtended, conflict, func(t *turn) bool { return !t.c.Extended }},
		{InTime, conflict, func(t *turn) bool { r := t.c.Clocks[term.Answer]; return !r.Late(t.at) }},
		{OpenAction, conflict, func(t *turn) bool {
			return slices.ContainsFunc(t.c.OpenActions(), func(a Action) bool { return a.ID == t.do.Action })
		}},
		{NothingOpen, conflict, func(t *turn) bool { return len(t.c.OpenActions()) == 0 }},
		{HasAnswer, conflict, func(t *turn) bool { return !t.c.Answered.IsZero() }},
		{Given, conflict, func(t *turn) bool { return !t.c.Answered.IsZero() || t.c.Reopened > 0 }},
		{Reopens, conflict, func(t *turn) bool { return !t.c.Left().IsZero() }},
		{Undone, conflict, func(t *turn) bool { return !t.keeps || t.c.repetition() }},
		{OneToFive, invalid, func(t *turn) bool { return t.do.Rating >= 1 && t.do.Rating <= 5 }},
		{InWindow, conflict, func(t *turn) bool { return t.keeps || t.at.Before(t.m.reopenUntil(t.c.Left())) }},
		{Ripe, conflict, func(t *turn) bool { return t.role != System || t.gone(t.m.reopenUntil(t.c.Answered)) }},
		{TakenBack, conflict, func(t *turn) bool { return t.c.Lost != "" }},
		{Latest, conflict, (*turn).latest},
	} {
		guards[g.name] = guard{refusal(g.kind, "case_"+string(g.name)), g.holds}
	}
}

// complete reports whether nothing is missing, or the keeper has said why it
// goes on all the same (R-5.2.7-b).
func (t *turn) complete() bool {
	if t.do.Waive {
		return t.tells()
	}
	category, err := t.m.Forms.Category(t.c.Category, t.m.day(t.c.Registered))
	return err == nil && len(category.Missing(t.c.Answers, t.c.Audience)) == 0
}

// mine reports whether who is of the direction works on the case himself, or may take it
// from his queue; a keeper's case is his by another rule.
func (t *turn) mine() bool {
	if t.keeps {
		return true
	}
	if t.c.Assignee != 0 {
		return t.c.Assignee == t.by.Staff
	}
	return t.c.State == Routed && t.by.WorksIn(t.c.Queue)
}

// hasTimes reports whether there is something to choose, and not too much.
func (t *turn) hasTimes() bool {
	n := len(t.do.Times)
	for i, at := range t.do.Times {
		if !t.ahead(at) || slices.ContainsFunc(t.do.Times[:i], at.Equal) {
			return false
		}
	}
	return n > 0 && n <= MostTimes
}

// tells reports whether the note says anything.
func (t *turn) tells() bool { return audit.Tells(t.do.Note.Reveal()) }

// times are those that are proposed or agreed.
func (t *turn) times() []time.Time {
	if t.do.Time.IsZero() {
		return t.do.Times
	}
	return []time.Time{t.do.Time}
}

// night reports whether nobody comes at that hour.
func (t *turn) night(at time.Time) bool {
	hour := at.In(t.m.Counter.Zone).Hour()
	return hour < FirstHour || hour >= LastHour
}

// overdue reports whether a time lies after the day that the customer was promised.
func (t *turn) overdue(at time.Time) bool {
	promised := t.c.Clocks[term.Answer].Last
	return !promised.IsZero() && promised.Before(t.m.day(at))
}

// ahead reports whether a moment is still to come, and near enough to be meant.
func (t *turn) ahead(at time.Time) bool { return t.future(at) && at.Before(t.at.AddDate(0, 0, Ahead)) }

func (t *turn) gone(at time.Time) bool { return !t.at.Before(at) }

func (t *turn) future(at time.Time) bool { return !t.gone(at) }

// dayPromised reports whether the day is none of before today, and none after
// what the customer was promised.
func (t *turn) dayPromised() bool {
	d := t.do.Day
	return !d.IsZero() && !d.Before(t.m.day(t.at)) && !t.c.Clocks[term.Answer].Last.Before(d)
}

// reopenUntil is the first moment that is too late to reopen a case that was left
// at a moment.
func (m *Machine) reopenUntil(left time.Time) time.Time {
	return m.day(left).Add(ReopenDays+1).At(0, m.Counter.Zone)
}

func (m *Machine) day(at time.Time) calendar.Date { return calendar.DateOf(at, m.Counter.Zone) }
