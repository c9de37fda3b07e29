package payment

import "slices"

// State is where a payment is in its life.
type State string

// The states.
//
//	started ─┬─> paid ──> refunded
//	         ├─> refused ┐
//	         ├─> expired ┼─> paid, refunded
//	         └─> disputed┘
const (
	// Started: the customer may make it.
	Started State = "started"
	// Paid: the money has come and stands in the account's ledger.
	Paid State = "paid"
	// Refused: the provider did not take the money. The customer may have tried
	// again on the same page, so it can still become Paid.
	Refused State = "refused"
	// Expired: nobody has made it in time, as far as we heard. Money that comes
	// late is money all the same.
	Expired State = "expired"
	// Refunded: the money went back.
	Refunded State = "refunded"
	// Disputed: the provider speaks of another sum than ours. Nothing is counted
	// until it reports the right one, or gives the money back; people look into it.
	Disputed State = "disputed"
)

// moves are the states that a report may lead to. Anything else came late or
// twice, and changes nothing.
var moves = map[State][]State{
	Started:  {Paid, Refused, Expired, Refunded},
	Refused:  {Paid, Refunded},
	Expired:  {Paid, Refunded},
	Disputed: {Paid, Refunded},
	Paid:     {Refunded},
	Refunded: nil,
}

// Final reports whether the provider has nothing more to say, but for a refund.
func (s State) Final() bool { return s == Paid || s == Refunded }

// Verdict is what becomes of a report.
type Verdict string

// The verdicts.
const (
	// Moved: the payment is in another state now.
	Moved Verdict = "moved"
	// Known: nothing new, or overtaken by what was reported later.
	Known Verdict = "known"
	// OtherSum: the report is of another sum; nothing is counted.
	OtherSum Verdict = "other_sum"
)

// Judge returns the state to which a report brings the payment.
func (p Payment) Judge(r Report) (State, Verdict) {
	if r.Sum != p.Sum && (r.State == Paid || r.State == Refunded) {
		if p.State.Final() { // what was counted stands, people look into it
			return p.State, OtherSum
		}
		return Disputed, OtherSum
	}
	if !slices.Contains(moves[p.State], r.State) {
		return p.State, Known
	}
	return r.State, Moved
}
