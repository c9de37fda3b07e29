package life

import (
	"maps"
	"slices"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

// Case is a registered appeal. It is a value: Apply changes none that it was
// given. It holds personal data, which masks itself.
type Case struct {
	Number    appeal.Number
	Kind      appeal.Kind
	Category  string
	Audience  knowledge.Audience
	Territory string
	Channel   string // by which it came
	// Price is what the ordered service costs, by the price list of the day on which
	// it was ordered; 0: nothing is paid in advance.
	Price   money.Kopecks `json:",omitempty"`
	Answers appeal.Answers

	State State
	// Back is where it goes on after the customer was asked.
	Back       State `json:",omitempty"`
	Resolution Resolution
	// Lost is what an answer ended the case with that has not reached the customer;
	// "": none, or another answer was given since.
	Lost Resolution `json:",omitempty"`
	// Asked is what the customer was asked last: for what is missing, or which of some
	// times suits him.
	Asked Asked `json:",omitzero"`

	// Keeper is the member of staff who answers for it, Assignee who works on it
	// in Queue; 0: nobody yet. About are those whom it is about.
	Keeper, Assignee int64
	Queue            string
	About            []int64

	Registered time.Time
	Answered   time.Time // zero: not yet, or reopened
	Closed     time.Time
	// Clocks are what runs, and has run, since it was registered or reopened.
	Clocks map[term.Clock]Running
	// Extended: the promise was extended, if only before it was reopened.
	Extended bool
	Reopened int // how often

	Actions  []Action
	Proposed []time.Time // times that the customer may take
	Agreed   time.Time
	Reply    string // the ID of the answer as a document
	Other    appeal.Number
	Rating   int // 1–5; 0: none

	Publication Publication
	History     []Entry
}

// Asked is a line of the history, from 1, and its moment.
type Asked struct {
	Line int
	At   time.Time
}

// Running is a deadline that runs, stands still, or was met.
type Running struct {
	term.Deadline
	// Paused is since when it stands still, Met when what it waited for was
	// done; zero: neither.
	Paused, Met time.Time
}

// Runs reports whether it is still waited for: alerts are due.
func (r Running) Runs() bool { return r.Met.IsZero() && r.Paused.IsZero() }

// Action is something that the company does about a complaint (R-5.2.8-e).
type Action struct {
	ID       int // from 1 within the case
	What     privacy.Text
	By       int64
	Opened   time.Time
	Finished time.Time // zero: open
	Result   privacy.Text
}

// OpenActions returns what is not finished.
func (c *Case) OpenActions() []Action {
	var list []Action
	for _, a := range c.Actions {
		if a.Finished.IsZero() {
			list = append(list, a)
		}
	}
	return list
}

// repetition reports whether the case is closed as one that repeats another.
func (c *Case) repetition() bool { return c.State == Closed && c.Resolution == AsDuplicate }

// Left returns since when the case may be reopened: since its answer, or since it
// was closed as a repetition, which the customer may deny. Zero: neither.
func (c *Case) Left() time.Time {
	if c.Answered.IsZero() && c.repetition() {
		return c.Closed
	}
	return c.Answered
}

// Repeats reports why a case cannot be closed as a repetition of another by an
// actor: its customer is told that the answer to the other one is his (R-5.2.8-e).
// The errors are ErrOtherKind, ErrOtherEnded, and that of HasOther for one that the
// actor may not know of (spec §1.6, A8).
func (c *Case) Repeats(other *Case, by Actor) error {
	switch {
	case other.Number == c.Number || other.about(by):
		return HasOther.Err()
	case other.Kind != c.Kind:
		return ErrOtherKind
	case !other.State.Open():
		return ErrOtherEnded
	}
	return nil
}

// Next returns the first moment that is too late for something that is waited for:
// the end of the clock that ends first of those that run. Zero: none does.
func (c *Case) Next() time.Time {
	var next time.Time
	for _, r := range c.Clocks {
		if r.Runs() && (next.IsZero() || r.At.Before(next)) {
			next = r.At
		}
	}
	return next
}

// Replaced reports whether the times that a line of the history, counted from 0, proposed
// or agreed gave way to others: whoever reads it need not look at them (R-5.2.7-e). What
// did not suit the customer, or went by, has a line after it that says so.
func (c *Case) Replaced(line int) bool {
	switch c.History[line].Do.Event {
	case Propose, Confirm, Agree:
	default:
		return false
	}
	for _, e := range c.History[line+1:] {
		switch e.Do.Event {
		case Confirm, Decline, Lapse, Reopen:
			return false
		case Propose, Agree:
			return true
		}
	}
	return false
}

// Reworded reports whether a line of the history is a rating that the next one gives
// once more, with a word to it: to whoever reads, they are one.
func (c *Case) Reworded(line int) bool {
	if line+1 >= len(c.History) {
		return false
	}
	first, second := &c.History[line].Do, &c.History[line+1].Do
	return first.Event == Rate && second.Event == Rate && first.Rating == second.Rating && first.Note.IsZero() && !second.Note.IsZero()
}

// Moved returns when something last happened to the case. One that has not moved
// for days is stalled (R-5.2.8-e).
func (c *Case) Moved() time.Time {
	if len(c.History) == 0 {
		return c.Registered
	}
	return c.History[len(c.History)-1].At
}

// Entry is one line of a case's history.
type Entry struct {
	At       time.Time
	Staff    int64 // 0: the customer or a schedule
	Role     staff.Role
	From, To State
	Do       Do
	// Publication is the step that was taken, in place of an event.
	Publication Step `json:",omitempty"`
}

// Actor is who causes an event.
type Actor struct {
	Staff int64 // 0: the customer, or a schedule
	Roles []staff.Role
	// Queues are those in which he works, with the role by which he does.
	Queues map[string]staff.Role
}

// By returns the actor that one of the staff is. A specialist of a direction works in
// the queues of his teams, and everybody in the queue of his role, if there is one
// (spec §5.7): without it the supervisor could not work on what falls back to him. An
// account that is disabled may nothing. Without routes nobody works in a role's queue.
func By(a staff.Account, routes *route.Book) Actor {
	if a.Disabled {
		return Actor{Staff: a.ID}
	}
	by := Actor{Staff: a.ID, Roles: a.Roles, Queues: map[string]staff.Role{}}
	if by.has(staff.DirectionSpecialist) {
		for _, team := range a.Teams {
			by.Queues[team] = staff.DirectionSpecialist
		}
	}
	if routes != nil {
		for _, q := range routes.Queues() {
			if q.Role != "" && by.has(q.Role) {
				by.Queues[q.Code] = q.Role
			}
		}
	}
	return by
}

// WorksIn reports whether a queue is one of his.
func (a Actor) WorksIn(queue string) bool {
	_, works := a.Queues[queue]
	return works
}

func (a Actor) has(d staff.Role) bool { return slices.Contains(a.Roles, d) }

// Do is an event with what belongs to it; each event reads its own fields.
type Do struct {
	Event Event
	// Note is the reason of a return, of another territory, an override, an extension, a rework, of
	// another time and of an answer before the agreed one; what is asked, what an action is and what
	// came of it, what came of a contact.
	Note privacy.Text `json:",omitzero"`
	// Way of Ask and Contact: the channel by which the customer was reached, or
	// should have been (R-5.2.7-c); of Resend and Posted: that of the answer; of
	// Undelivered: either.
	Way string `json:",omitempty"`
	// Category of Reclassify.
	Category string `json:",omitempty"`
	// Territory of Locate.
	Territory string `json:",omitempty"`
	// Answers of Clarify, Write, Reclassify and Resend: they take the place of those
	// with the same name.
	Answers appeal.Answers `json:",omitempty"`
	// Queue of Route; Override: it is not the one that the table of routes names;
	// Waive: something is missing, and it goes on without. Note says why. Unmanned:
	// nobody can work in the queue now, and who has routed it knew that.
	Queue    string `json:",omitempty"`
	Override bool   `json:",omitempty"`
	Waive    bool   `json:",omitempty"`
	Unmanned bool   `json:",omitempty"`
	// Person of Assign, Hand, Name, Clear and Release.
	Person int64 `json:",omitempty"`
	// Named of Register and Reclassify: those who would keep the case and whom the
	// customer names.
	Named []int64 `json:",omitempty"`
	// Reply of Prepare, Answer, Typical, OffTopic: the ID of the document. Empty
	// where Prepare has left one. That of Resend, Posted and Undelivered was given already.
	Reply string `json:",omitempty"`
	// Again of Resend: he knows that it has gone that way already.
	Again bool `json:",omitempty"`
	// Line of Undelivered is that of what has not reached the customer, for an answer
	// its Reply besides, and of Drop that with which its files came; Why is a key of
	// what stood in the way.
	Line int    `json:",omitempty"`
	Why  string `json:",omitempty"`
	// Links of Typical are articles, Addressee of OffTopic who can answer: a kind
	// of knowledge.Link.
	Links     []string `json:",omitempty"`
	Addressee string   `json:",omitempty"`
	// Other of Duplicate.
	Other appeal.Number `json:",omitzero"`
	// Day of Notify.
	Day calendar.Date `json:",omitzero"`
	// Times of Propose; Time of Confirm and Agree.
	Times []time.Time `json:",omitempty"`
	Time  time.Time   `json:",omitzero"`
	// Action of Finish.
	Action int `json:",omitempty"`
	Rating int `json:",omitempty"`
	// Lost of Drop are the files.
	Lost []Lost `json:",omitempty"`
	// Term of Register: that of the ordered service, where it has its own.
	Term calendar.Term `json:",omitzero"`
}

// Lost is a file that could not be taken into the store.
type Lost struct {
	// File is the store's number of it among the files of cases.
	File int64
	Name privacy.Text `json:",omitzero"` // as it came; "": a photo has none
	Why  Loss
}

// Loss is why a file could not be taken.
type Loss string

// The losses.
const (
	OfKind  Loss = "kind"  // its content is of a kind that is not taken
	TooBig  Loss = "size"  // it is larger than the store takes
	IsEmpty Loss = "empty" // there is nothing in it
	NotCome Loss = "gone"  // the channel did not give it out
)

// Losses lists them.
func Losses() []Loss { return []Loss{OfKind, TooBig, IsEmpty, NotCome} }

// clone returns a case that shares nothing with c that Apply changes.
func (c *Case) clone() *Case {
	d := *c
	d.Answers, d.Clocks = maps.Clone(c.Answers), maps.Clone(c.Clocks)
	if d.Clocks == nil {
		d.Clocks = map[term.Clock]Running{}
	}
	d.About, d.Actions = slices.Clone(c.About), slices.Clone(c.Actions)
	d.Proposed, d.History = slices.Clone(c.Proposed), slices.Clone(c.History)
	return &d
}
