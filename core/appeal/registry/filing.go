package registry

import (
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
)

// Effect names something that happens once, however often it is asked for. A
// dialog.Effect is one: Effect(e).
type Effect struct {
	ID string
	// Conversation is the customer's; "" for what staff do.
	Conversation chat.Conversation
	// At is the time that counts.
	At time.Time
}

// Filing is what a customer files.
type Filing struct {
	Kind     appeal.Kind
	Category string
	Audience knowledge.Audience
	// Lang is the language in which he is told of the case.
	Lang string
	// Channel by which it came; "": that of the effect's conversation.
	Channel string
	Answers appeal.Answers
	// Account is the linked account that it is about, if there is one: whoever is
	// linked to it sees the case. Its number goes before that among the answers.
	Account billing.AccountNumber
	// Territory is what he has said when he was asked: it counts if neither the
	// account nor the address among the answers tells it (spec §5.7).
	Territory string
	// Files are what he has sent, as it came: their IDs are the channel's, or those
	// of our store. They are fetched after that, and held while the case is kept.
	// An ID among the answers (appeal.Files) that is none of these is held, too.
	Files []chat.File
	// Term is that of the ordered service, where it has its own.
	Term calendar.Term
	// Price is what it costs; 0: nothing, or it is not known before.
	Price money.Kopecks
	// Handoff is the customer's wish for a person (desk.Handoff) that he has written
	// down in this case instead: if it still waits, it leaves the desk. One that
	// somebody has taken, and that of another conversation, stays. 0: none.
	Handoff int64
	// Limits are what the customer's filings keep to.
	Limits Limits
	// By is who registers it: the zero value is the customer, else an operator.
	By life.Actor
	// Audit says from where an operator does; see Act.
	Audit audit.Entry
}

// Filed is what becomes of a filing. It holds no personal data.
type Filed struct {
	Number   appeal.Number
	Revision int
	// Due is until when the answer is promised, and why.
	Due term.Deadline `json:",omitzero"`
	// Territory is "" if it is not known.
	Territory string
	// LeftDesk: the hand-off has left the desk.
	LeftDesk bool `json:",omitempty"`
}

// Customer is the actor of what a customer does.
var Customer = life.Actor{Roles: []staff.Role{life.Customer}}

// Act is something that somebody does with a case.
type Act struct {
	Number appeal.Number
	// Revision is what he has seen of the case; 0: it does not matter.
	Revision int
	Do       life.Do
	// By is who does it: Customer, or life.By of an account. A customer's act must
	// be about a case of the effect's conversation, or of an account that it is
	// linked to.
	By life.Actor
	// Files are what comes with it; see Filing.
	Files []chat.File
	// FromForm: the customer has sent it by the secure form, so that his chat has not
	// heard of it, and is told.
	FromForm bool
	// Audit is for what staff do: Staff and Address are his; the rest is filled in.
	Audit audit.Entry
}

// Outcome is what became of an act. It holds no personal data.
type Outcome struct {
	Number   appeal.Number
	Revision int
	From, To life.State
	// Due is what is promised now; zero once it was kept.
	Due term.Deadline `json:",omitzero"`
}
