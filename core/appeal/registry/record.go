package registry

import (
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/route"
	"okoshko/core/appeal/term"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
)

// Record is a case as the register has it, whole. It holds personal data, which
// masks itself; secret answers are not in it.
type Record struct {
	// Case has privacy.Hidden in the place of each secret answer, in its history
	// too.
	life.Case
	Revision int
	// Conversation is the one in which it was registered; "": none, or forgotten.
	Conversation chat.Conversation
	// Account is the linked account that it is about; "": none.
	Account billing.AccountNumber
	// Origin says how the territory is known.
	Origin route.Origin
	Lang   string
	// Secret are the fields that have a secret answer.
	Secret []appeal.Name
	Files  []File
}

// File is a file that belongs to a case.
type File struct {
	// ID is that of our store; "" until it was fetched, or if Failed says why it
	// could not be.
	ID string
	// Came is the ID under which it came, and which stands among the answers.
	Came   string
	Name   string
	Failed life.Loss
	// Revision is that of the event with which it came.
	Revision int
	At       time.Time
	// Staff is who has added it; 0: the customer.
	Staff int64
}

// Line is a case in a list: no personal data.
type Line struct {
	Number    appeal.Number
	Revision  int
	Kind      appeal.Kind
	Category  string
	Audience  knowledge.Audience
	Territory string
	Channel   string
	State     life.State
	Queue     string
	// Keeper answers for it, Assignee works on it; 0: nobody yet.
	Keeper, Assignee int64
	Registered       time.Time
	// Due is the first moment that is too late for the answer, Next for what ends
	// first of all that is waited for (life.Case.Next).
	Due, Next   time.Time
	Extended    bool
	Reopened    int
	Moved       time.Time
	Answered    time.Time // zero: not yet
	Closed      time.Time // zero: not yet
	Resolution  life.Resolution
	Rating      int
	Publication life.Stage
	// Waits are what is waited for, what ends first standing first. Lists of what
	// is owed name them (Bureau.ListCases); nil elsewhere.
	Waits []Wait
}

// Wait is a clock of a case that runs, or stands still.
type Wait struct {
	Clock term.Clock
	// At is the first moment that is too late.
	At time.Time
	// Paused is since when it stands still; zero: it runs.
	Paused time.Time
}

// Late reports whether the answer is owed and its term is over.
func (l *Line) Late(now time.Time) bool { return l.State.Open() && !now.Before(l.Due) }
