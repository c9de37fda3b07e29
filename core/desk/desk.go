package desk

import (
	"time"

	"okoshko/core/appeal"
	"okoshko/core/chat"
	"okoshko/core/fault"
)

// Member is one of the staff, as colleagues and customers see him.
type Member struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// State is how far a hand-off has come.
type State string

// The states of a hand-off, in their order.
const (
	Waiting State = "waiting"
	Held    State = "held"
	Closed  State = "closed"
)

// Handoff is one customer's wish for a person, from his call to its end. A
// conversation has one open hand-off at most.
type Handoff struct {
	ID           int64
	Conversation chat.Conversation
	State        State
	Since        time.Time
	// Holder serves the customer, or did last; nil: nobody has yet.
	Holder *Member
}

// Did is what happened to a hand-off.
type Did string

// What can happen to a hand-off.
const (
	Called   Did = "called"   // the customer asked for a person
	Taken    Did = "taken"    // one of the staff answers from now on
	Returned Did = "returned" // the bot answers again, and says so
	Ended    Did = "closed"   // the matter is settled; the bot answers again
	Left     Did = "left"     // the customer went back to the bot himself
	Filed    Did = "filed"    // the customer has written it down as a case instead
)

// Change is one step in the life of a hand-off. Its number counts from 1
// within the hand-off: whoever applies changes drops those he has had.
type Change struct {
	Handoff      int64
	Number       int
	Conversation chat.Conversation
	Did          Did
	// By is the member of staff who did it; nil: the customer.
	By *Member
	At time.Time
	// Case is what was filed (Filed).
	Case appeal.Number
}

// TakenError says who was first. It is of kind fault.Conflict.
type TakenError struct{ By Member }

// Error implements error.
func (e *TakenError) Error() string { return "taken by another" }

// Unwrap gives the error its kind.
func (e *TakenError) Unwrap() error { return ErrTaken }

// Refusals of what comes too late, all of kind fault.Conflict.
var (
	ErrTaken     error = &fault.Error{Kind: fault.Conflict, Key: "taken"}
	ErrClosed    error = &fault.Error{Kind: fault.Conflict, Key: "closed"}
	ErrNotHolder error = &fault.Error{Kind: fault.Conflict, Key: "not_holder"}
)
