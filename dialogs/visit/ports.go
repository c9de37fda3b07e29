package visit

import (
	"context"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

// Offices tells what is published; nil while nothing is known yet.
type Offices interface{ Offices() *visit.Directory }

// Diary tells what is free, and what is booked. Errors are fault.Unavailable.
type Diary interface {
	// VisitDays returns the days that can be booked, today first, with what is free
	// on them and why nothing is. NotServed is the one refusal.
	VisitDays(ctx context.Context, q visit.Query) ([]visit.Day, visit.Refusal, error)
	// Bookings returns the visits that are still to come of a conversation and of the
	// accounts that it is linked to, the soonest first.
	Bookings(ctx context.Context, c chat.Conversation, now time.Time) ([]visit.Booking, error)
	// PastVisits returns the latest of theirs that are over, the last one first.
	PastVisits(ctx context.Context, c chat.Conversation, now time.Time) ([]visit.Booking, error)
}

// Desk makes the facts. Each is one transaction that first looks for the effect's
// ID.
type Desk interface {
	// Consent keeps that a customer has agreed to something.
	Consent(ctx context.Context, e dialog.Effect, g customer.Given) (struct{}, error)
	// HoldSlot keeps a slot for a conversation for a while, in the place of what it
	// held before.
	HoldSlot(ctx context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error)
	Book(ctx context.Context, e dialog.Effect, o visit.Order) (visit.Outcome, error)
	MoveBooking(ctx context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error)
	CancelBooking(ctx context.Context, e dialog.Effect, id int64) (visit.Outcome, error)
	// ConfirmBooking notes that the customer has said that he will come.
	ConfirmBooking(ctx context.Context, e dialog.Effect, id int64) (visit.Outcome, error)
	// JoinWaiting puts a wish on the waiting list.
	JoinWaiting(ctx context.Context, e dialog.Effect, w visit.Wish) (visit.WaitOutcome, error)
}

// Invitations make what a calendar reads.
type Invitations interface {
	// Invitation returns a visit as a file for calendars (RFC 5545), in the
	// customer's words. An effect has one file.
	Invitation(ctx context.Context, e dialog.Effect, b visit.Booking, w visit.Wording) (chat.File, error)
}

// Ports are what the scenario stands on.
type Ports struct {
	Offices     Offices
	Diary       Diary
	Desk        Desk
	Links       customer.Links
	Invitations Invitations
	// Days is the production calendar.
	Days *calendar.Production
	// Documents are the consents.
	Documents customer.Documents
}
