package registry

import (
	"fmt"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/privacy"
)

// Reply is the answer to a case as a document (R-5.2.10-a): a text, and the paper
// that was made of it. Its ID is what life.Do.Reply names.
type Reply struct {
	// ID is the number of the document, ОБ-2026-000123/1; "": a new one.
	ID     string
	Number appeal.Number
	// Text is in the words of who answers.
	Text privacy.Text
	// Files are what goes with it, by ID; Paper is the letter itself as a file, ""
	// until it was made.
	Files []string
	Paper string
	// Author wrote it last.
	Author int64
	At     time.Time
	// Final is when it was given to the customer; zero: it is a draft.
	Final time.Time
}

// ReplyID returns the number of a case's n-th document, from 1.
func ReplyID(n appeal.Number, nth int) string { return fmt.Sprintf("%s/%d", n, nth) }

// Status is how far a delivery has come.
type Status string

// The states of a delivery.
const (
	Queued Status = "queued" // it is about to be sent
	Sent   Status = "sent"
	Failed Status = "failed" // Why says so; it may be sent again
)

// Delivery is one attempt to bring an answer to the customer.
type Delivery struct {
	Reply string
	// Way is a choice of the field answer_way: appeal.InChat, ByEmail, ByPost.
	Way string
	// Attempt counts from 1 within the answer and the way.
	Attempt int
	Status  Status
	// Why is a key of what went wrong.
	Why string
	// At is when it was asked for, Settled when it was sent or failed; By is who
	// has asked for it again, 0: it followed from the answer.
	At, Settled time.Time
	By          int64
	// Until is when it will be sent that waits for the end of the quiet hours; zero: it
	// does not.
	Until time.Time
}

// ID names the attempt wherever it is sent.
func (d *Delivery) ID() string { return fmt.Sprintf("%s/%s/%d", d.Reply, d.Way, d.Attempt) }
