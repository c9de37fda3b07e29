package cases

import (
	"context"

	"okoshko/core/appeal"
	"okoshko/core/appeal/enquiry"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
)

// Register is where cases are: see package registry, which says what each method
// promises. A conversation has those that were filed in it, and those of the
// accounts that it is linked to.
type Register interface {
	CaseBooks(ctx context.Context) (registry.Books, error)
	CustomerCases(ctx context.Context, c chat.Conversation, after string, limit int) (registry.Page, error)
	CustomerCase(ctx context.Context, c chat.Conversation, n appeal.Number) (registry.Record, bool, error)
	DoCase(ctx context.Context, e registry.Effect, a registry.Act) (registry.Outcome, error)
	FindReply(ctx context.Context, id string) (registry.Reply, error)
	OrderForm(ctx context.Context, e registry.Effect, o registry.FormOrder) (registry.FormMade, error)
}

// Askers checks those who ask after a case that was filed elsewhere.
type Askers interface {
	Check(ctx context.Context, c enquiry.Claim) ([]registry.Standing, customer.Verdict, error)
}

// Looks notes that an account's data were shown; false if there is no such link.
type Looks interface {
	Look(ctx context.Context, e dialog.Effect, link int64, what string) (bool, error)
}

// Papers gives customers what was written to them. Twice is once.
type Papers interface {
	// Letters returns the documents of an answer to a case for a conversation, the
	// letter itself first; none while none were made.
	Letters(ctx context.Context, c chat.Conversation, r *registry.Record, reply registry.Reply) ([]chat.File, error)
}

// Payments are those of what cases order.
type Payments interface {
	// PaymentsOfCase returns the payments of a case, the oldest first.
	PaymentsOfCase(ctx context.Context, n appeal.Number) ([]payment.Payment, error)
}

// Ports are what the scenario stands on.
type Ports struct {
	Register Register
	Askers   Askers
	Links    customer.Links
	Looks    Looks
	Papers   Papers
	Payments Payments // nil: nothing is paid online
	// Redact returns a text without what tells of a person, which some channels may
	// not carry (spec §3.6); nil: no text tells anything.
	Redact func(text string) string
}
