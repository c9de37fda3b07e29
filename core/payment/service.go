package payment

import (
	"slices"

	"okoshko/core/appeal/life"
)

// Refusal is why a case cannot be paid.
type Refusal string

// The refusals.
const (
	// NoCase: there is none of that number, or it is another customer's: nobody
	// learns which.
	NoCase Refusal = "none"
	// NoPrice: it costs nothing, or as much as the work turns out to.
	NoPrice Refusal = "free"
	// Ended: it was withdrawn, done or closed.
	Ended Refusal = "ended"
	// AlreadyPaid: the money is here.
	AlreadyPaid Refusal = "paid"
)

// Bar says why a case cannot be paid that has these payments; "" if it can.
func Bar(c *life.Case, made []Payment) Refusal {
	switch _, paid := Received(made); {
	case c.Price == 0 || Check(c.Price) != nil:
		return NoPrice
	case paid:
		return AlreadyPaid
	case !c.State.Open():
		return Ended
	}
	return ""
}

// Received is the latest of a case's payments whose money is here.
func Received(made []Payment) (Payment, bool) {
	for _, p := range slices.Backward(made) {
		if p.State == Paid {
			return p, true
		}
	}
	return Payment{}, false
}

// Owed reports whether the money of a payment has to go back: its customer has
// withdrawn what it is for, or has paid for it before. made are the payments of the
// case, the oldest first.
func (p Payment) Owed(c *life.Case, made []Payment) bool {
	first := slices.IndexFunc(made, func(one Payment) bool { return one.State == Paid })
	return p.State == Paid && (c.Resolution == life.AsWithdrawn || first >= 0 && made[first].Number != p.Number)
}
