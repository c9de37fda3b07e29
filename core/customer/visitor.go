package customer

import (
	"context"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
)

// VisitorToken is the SHA-256 of what a visitor of the web chat shows to be
// known again. Nobody keeps the token itself.
type VisitorToken [32]byte

// Visitor is somebody at the web chat.
type Visitor struct {
	Conversation chat.Conversation
	Token        VisitorToken
	// Subject is the supplier's own name of the customer, proven by the page
	// that the chat stands on; "" for a guest.
	Subject string
	// Spoke: has said something, and is therefore kept.
	Spoke bool
}

// Visitors is where they are kept. Errors are of kind fault.Unavailable but for
// those named.
type Visitors interface {
	AddVisitor(ctx context.Context, v Visitor, now time.Time) error
	// FindVisitor is NotFound for a token that was never given, or whose visitor
	// is forgotten.
	FindVisitor(ctx context.Context, token VisitorToken) (Visitor, error)
	// VisitorSpoke notes that the visitor is not to be forgotten. One who was
	// forgotten already, for his page stood open in silence, is known again.
	VisitorSpoke(ctx context.Context, v Visitor, now time.Time) error
	// NameVisitor gives a guest his subject; Conflict if he has another one.
	NameVisitor(ctx context.Context, c chat.Conversation, subject string) error
	// Vouch keeps the accounts that the page vouches for as the customer's, in
	// place of those before.
	Vouch(ctx context.Context, c chat.Conversation, accounts []billing.AccountNumber, now time.Time) error
}
