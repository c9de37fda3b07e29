package registry

import (
	"fmt"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/fault"
)

// Refusals beside those of package life. Keys are those of messages.
var (
	ErrNoCase  error = &fault.Error{Kind: fault.NotFound, Key: "case_unknown"} // no such case, or none of his
	ErrMoved   error = &fault.Error{Kind: fault.Conflict, Key: "case_moved"}   // see MovedError
	ErrFile    error = &fault.Error{Kind: fault.Invalid, Key: "case_file"}     // no such file, or none of his
	ErrReply   error = &fault.Error{Kind: fault.Invalid, Key: "case_letter"}   // no such answer, or of another case
	ErrFinal   error = &fault.Error{Kind: fault.Conflict, Key: "case_final"}   // the answer is given and cannot be changed
	ErrReason  error = &fault.Error{Kind: fault.Invalid, Key: "case_reason"}   // why he wants to see it is missing
	ErrExcerpt error = &fault.Error{Kind: fault.Invalid, Key: "case_excerpt"}  // section, question or answer is missing
	ErrWay     error = &fault.Error{Kind: fault.Invalid, Key: "case_way"}      // the answer was not sent that way
	// An answer is sent by one way at a time, and a second time only if that is meant.
	ErrSending   error = &fault.Error{Kind: fault.Conflict, Key: "case_sending"}   // it is on its way
	ErrDelivered error = &fault.Error{Kind: fault.Conflict, Key: "case_delivered"} // it has gone that way, and nobody said that it is to go twice
	ErrNoLetter  error = &fault.Error{Kind: fault.Conflict, Key: "case_no_letter"} // no letter waits to be posted
	ErrByHand    error = &fault.Error{Kind: fault.Conflict, Key: "case_by_hand"}   // CaseDelivery: a person sends it, and marks it as sent
	ErrTask      error = &fault.Error{Kind: fault.NotFound, Key: "case_task"}      // no such task, or none of his
	ErrMany      error = &fault.Error{Kind: fault.Conflict, Key: "case_many"}      // see Limits
	ErrTwin      error = &fault.Error{Kind: fault.Conflict, Key: "case_twin"}      // see TwinError
	// No such channel, or the customer cannot be reached by it; see Reaches.
	ErrChannel error = &fault.Error{Kind: fault.Invalid, Key: "case_channel"}
	// The other case is another customer's: its answer will not reach this one; see Repeats.
	ErrOtherCustomer error = &fault.Error{Kind: fault.Invalid, Key: "case_other_customer"}
	ErrNoBooks       error = &fault.Error{Kind: fault.Unavailable, Key: "case_books"} // nobody has said yet what can be written
)

// FlawsError says which answers cannot stay. It is of kind fault.Invalid.
type FlawsError struct {
	// Fields are names of fields, with the key of what is wrong.
	Fields map[string]string
}

// Error implements error.
func (e *FlawsError) Error() string { return fmt.Sprintf("%d answers cannot stay", len(e.Fields)) }

// Unwrap gives the error its kind.
func (e *FlawsError) Unwrap() error { return &fault.Error{Kind: fault.Invalid, Key: "case_answers"} }

// TwinError names the case that says the same and was filed a moment ago. It is
// ErrTwin, of kind fault.Conflict.
type TwinError struct{ Number appeal.Number }

// Error implements error.
func (e *TwinError) Error() string { return "the same was filed a moment ago" }

// Unwrap gives the error its kind.
func (e *TwinError) Unwrap() error { return ErrTwin }

// MovedError says what has happened to a case since its actor looked. It is
// ErrMoved, of kind fault.Conflict.
type MovedError struct {
	// Revision is that of now.
	Revision int
	// Since are the lines of the history since then, without what was said.
	Since []life.Entry
}

// Error implements error.
func (e *MovedError) Error() string {
	return fmt.Sprintf("%d events since the case was looked at", len(e.Since))
}

// Unwrap gives the error its kind.
func (e *MovedError) Unwrap() error { return ErrMoved }
