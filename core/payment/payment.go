// Package payment is the life of a payment that a customer makes online
// (R-5.1.3-e): it is started in a dialog, made on the page of a provider, and
// what became of it comes back by a notification or is looked up. The provider
// is behind a port; nothing here knows a bank.
//
// Card numbers are typed on the provider's page alone (spec §3.3): here is the
// order's number, the account or the case, and the sum.
package payment

import (
	"context"
	"log/slog"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/chat"
)

// Payment is one that was started.
type Payment struct {
	Number Number `json:"number"`
	// It is for the bill of an account, or for the service that a case orders:
	// exactly one of the two is there (R-5.1.3-e, R-5.1.3-f).
	Account billing.AccountNumber `json:"account,omitempty"`
	Case    appeal.Number         `json:"case,omitzero"`
	Sum     money.Kopecks         `json:"sum"`
	State   State                 `json:"state"`
	// At is when it was started, Moved when it came into its state; until Until it
	// can be made.
	At    time.Time `json:"at"`
	Moved time.Time `json:"moved,omitzero"`
	Until time.Time `json:"until"`
	// Page is where it is made; empty as long as the provider has not answered.
	Page string `json:"page,omitempty"`
}

// LogValue shows the number and the state alone: neither whose it is nor where it
// can be made.
func (p Payment) LogValue() slog.Value {
	return slog.GroupValue(slog.String("number", string(p.Number)), slog.String("state", string(p.State)))
}

// Open reports whether it can still be made.
func (p Payment) Open(now time.Time) bool {
	return p.State == Started && p.Page != "" && now.Before(p.Until)
}

const (
	// Life is how long a payment can be made after it was started.
	Life = 30 * time.Minute
	// Grace is how much later than that the provider may still say that it was.
	Grace = 10 * time.Minute
	// Quiet is after how long without news a payment is looked up.
	Quiet = 3 * time.Minute
)

// Wish is what a customer wants to pay: a sum, by the right of a link, or the
// service that a case of his orders, whose price stands with the case.
type Wish struct {
	Link int64         `json:"link,omitempty"`
	Sum  money.Kopecks `json:"sum,omitempty"`
	Case appeal.Number `json:"case,omitzero"`
}

// Opened is what came of a wish.
type Opened struct {
	Payment
	// Refused: there is no such link any more, or nothing can be paid by it.
	Refused bool `json:"refused,omitempty"`
	// Why says why a case is not paid; "" for what is refused of a link.
	Why Refusal `json:"why,omitempty"`
	// Away: the provider cannot be reached; nothing was paid.
	Away bool `json:"away,omitempty"`
}

// Reported is what became of a report.
type Reported struct {
	Verdict Verdict `json:"verdict"`
	Before  State   `json:"before"`
	State   State   `json:"state"`
}

// News is what a conversation is told of a payment of its own.
type News struct {
	Conversation chat.Conversation
	Number       Number
	State        State
}

// Order is a payment as the provider is asked for it.
type Order struct {
	Number  Number
	Account billing.AccountNumber
	Case    appeal.Number
	Sum     money.Kopecks
	Until   time.Time
	// Return is where the page leads back to; "": it does not.
	Return string
}

// Report is what the provider says of a payment.
type Report struct {
	Number Number
	// State is Started while it can still be made, or what became of it; never
	// Disputed.
	State State
	Sum   money.Kopecks
	// At is when that came about.
	At time.Time
}

// Notice is a report that the provider sends by itself.
type Notice struct {
	// ID is the same however often it is sent.
	ID string
	Report
}

// Provider takes payments: a bank, or the sandbox.
type Provider interface {
	// Start registers an order and returns the address of the page on which it is
	// paid. Registering the same order again returns the same page: who does not
	// know what became of a call repeats it. The errors are Unavailable, after
	// which the order may be registered or not; Conflict for a number that has
	// another sum; Invalid or Denied for what will never be taken.
	Start(ctx context.Context, o Order) (page string, err error)
	// Find says what the provider knows of an order. The errors are NotFound for
	// one that was never registered, and Unavailable.
	Find(ctx context.Context, n Number) (Report, error)
	// Refund gives the whole sum of a payment back, once however often it is
	// asked for. The errors are Conflict for one that was not made, NotFound, and
	// Unavailable, after which the money may be on its way or not.
	Refund(ctx context.Context, n Number) (Report, error)
	// Read reads a notification and checks that it is the provider's own and of
	// now; header returns a header of the request by its name. The errors are
	// Denied for one that is not the provider's or too old, and Invalid for one
	// that cannot be read; neither quotes what was sent.
	Read(header func(name string) string, body []byte, now time.Time) (Notice, error)
}
