package account

import (
	"context"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

// Linkers checks those who want to link.
type Linkers interface {
	Check(ctx context.Context, c customer.LinkClaim) (customer.Holder, customer.Verdict, error)
	// AllowCode counts a code that is to be sent, and reports whether it may be.
	AllowCode(ctx context.Context, c customer.Claim) (bool, error)
	Reaches(ctx context.Context, l customer.Link) ([]customer.Reach, error)
}

// Records is what is known of a conversation and its accounts.
type Records interface {
	customer.Links
	customer.Consents
	// Vouched are accounts that the page around the chat vouches for.
	Vouched(ctx context.Context, c chat.Conversation, now time.Time) ([]billing.AccountNumber, error)
	// LinkedLedger returns the ledger of a link's account; false if the link does
	// not hold any more.
	LinkedLedger(ctx context.Context, l customer.Link) (bill.Ledger, bool, error)
}

// Desk makes facts of links. Each method is one transaction that first looks for
// the effect's ID and then returns the result of the first time. A bool is
// false if the conversation has no such link.
type Desk interface {
	SendCode(ctx context.Context, e dialog.Effect, o customer.CodeOrder) (customer.CodeSent, error)
	Link(ctx context.Context, e dialog.Effect, l customer.Linking) (customer.Linked, error)
	Confirm(ctx context.Context, e dialog.Effect, a customer.Again) (customer.Linked, error)
	Unlink(ctx context.Context, e dialog.Effect, link int64) (bool, error)
	Rename(ctx context.Context, e dialog.Effect, link int64, name string) (bool, error)
	Activate(ctx context.Context, e dialog.Effect, link int64) (bool, error)
	// Look notes that the customer is shown something, before he is.
	Look(ctx context.Context, e dialog.Effect, link int64, what string) (bool, error)
	Consent(ctx context.Context, e dialog.Effect, g customer.Given) (struct{}, error)
}

// Ports are what the scenario stands on.
type Ports struct {
	Linkers Linkers
	Records Records
	Desk    Desk
	// Documents are the consents.
	Documents customer.Documents
}
