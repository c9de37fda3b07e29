package readings

import (
	"context"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

// Guests tells whether a guest may act for an account.
type Guests interface {
	Check(ctx context.Context, c customer.Claim) (billing.Account, customer.Verdict, error)
}

// Linked is what conversations are linked to.
type Linked interface {
	customer.Links
	customer.Directory
	// Look notes that the customer is shown earlier values, before he is; false
	// if the conversation has no such link. It is one transaction that first looks
	// for the effect's ID.
	Look(ctx context.Context, e dialog.Effect, link int64, what string) (bool, error)
}

// Meters is what submissions are judged by.
type Meters interface {
	// Intake returns the account, with this one meter, and the meter's history; the
	// time and the zone are the caller's to fill in. It is empty if the account has
	// no such meter any more: the judgement then says so (V16).
	Intake(ctx context.Context, number billing.AccountNumber, meter billing.MeterID) (billing.Intake, error)
}

// Desk takes submissions. Both methods are one transaction that first looks
// for the effect's ID and then returns the result of the first time.
type Desk interface {
	// SubmitReadings judges the submission once more, on locked rows, and
	// stores it. A refusal by the rules is an answer, not an error.
	SubmitReadings(ctx context.Context, e dialog.Effect, s billing.Submission) (billing.Accepted, error)
	// KeepEvidence has the files fetched and kept for the account, to be named
	// by a later submission.
	KeepEvidence(ctx context.Context, e dialog.Effect, number billing.AccountNumber, files []chat.File) (billing.Evidence, error)
}

// Sent lists submissions.
type Sent interface {
	// SentReadings returns the latest submissions of a conversation, newest
	// first: of one meter and month the first counts (V11).
	SentReadings(ctx context.Context, c chat.Conversation, limit int) ([]billing.Slip, error)
}
