package readings

import (
	"context"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

// Guests tells whether a guest may act for an account.
type Guests interface {
	Check(ctx context.Context, c customer.Claim) (billing.Account, customer.Verdict, error)
}

// Meters is what submissions are judged by.
type Meters interface {
	// Intake returns the account, the meter and its history; the time and the
	// zone are the caller's to fill in. An account or a meter that no longer
	// exists comes back empty: the judgement then says so (V16).
	Intake(ctx context.Context, number billing.AccountNumber, meter billing.MeterID) (billing.Intake, error)
}

// Desk takes submissions. Both methods are one transaction that first looks
// for the effect's ID and then returns the result of the first time.
type Desk interface {
	// SubmitReadings judges the submission once more, on locked rows, and
	// stores it. A refusal by the rules is an answer, not an error.
	SubmitReadings(ctx context.Context, e dialog.Effect, s Submission) (Accepted, error)
	// KeepEvidence has the files fetched and kept for a later submission of
	// the same conversation.
	KeepEvidence(ctx context.Context, e dialog.Effect, files []chat.File) (Evidence, error)
}

// Sent lists submissions.
type Sent interface {
	// SentReadings returns the latest submissions of a conversation, newest
	// first.
	SentReadings(ctx context.Context, c chat.Conversation, limit int) ([]Slip, error)
}

// Submission is what a customer sends.
type Submission struct {
	Account   billing.AccountNumber `json:"account"`
	Meter     billing.MeterID       `json:"meter"`
	Entries   []billing.Entry       `json:"entries"`
	At        time.Time             `json:"at"`
	AsEntered bool                  `json:"as_entered,omitempty"`
	Evidence  []string              `json:"evidence,omitempty"`
}

// Accepted is the desk's answer.
type Accepted struct {
	// Refused is the case that stands against the submission now, zero when
	// it was taken.
	Refused billing.Case `json:"refused,omitempty"`
	Slip    Slip         `json:"slip"`
}

// Evidence names the files that a submission may come with.
type Evidence struct {
	IDs []string `json:"ids"`
}

// Slip is the proof of a submission.
type Slip struct {
	Receipt string                `json:"receipt"`
	At      time.Time             `json:"at"`
	Account billing.AccountNumber `json:"account"`
	Period  billing.Period        `json:"period"`
	Lines   []SlipLine            `json:"lines"`
}

// SlipLine is one register's value.
type SlipLine struct {
	Register string       `json:"register"`
	Zone     billing.Zone `json:"zone"`
	Value    billing.KWh  `json:"value"`
}
