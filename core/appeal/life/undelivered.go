package life

import (
	"time"

	"okoshko/core/appeal/term"
)

// undelivered takes back what has not reached the customer (R-5.2.7-c, R-5.2.10-a):
// the clocks that it stopped run on until when they ran, and who keeps the case
// finds another way to him. An answer waits for that, and is not closed with time.
func (t *turn) undelivered() error {
	t.toKeeper(ToReach)
	if t.c.Answered.IsZero() {
		t.unmeet(t.c.Asked.At, term.Contact, term.Direction)
		t.c.Asked, t.c.Proposed = Asked{}, nil
		return t.resume()
	}
	t.unmeet(t.c.Answered, term.Answer, term.Contact, term.Notice)
	t.c.Answered, t.c.Closed = time.Time{}, time.Time{}
	t.c.Lost, t.c.Resolution = t.c.Resolution, ""
	return nil
}

// latest reports whether what has not reached the customer is what he is waited for
// now: the answer that was given, or what he was asked last.
func (t *turn) latest() bool {
	if !t.c.Answered.IsZero() {
		return t.do.Reply != "" && t.do.Reply == t.c.Reply
	}
	return t.do.Line != 0 && t.do.Line == t.c.Asked.Line
}

// resend gives an answer once more, to an address that the customer has told
// meanwhile, too. One that has not reached him before is given now.
func (t *turn) resend() error {
	t.merge()
	if t.was == Prepared {
		t.c.Reply = t.do.Reply
		t.give(t.c.Lost)
	}
	return nil
}
