package registry

import (
	"context"
	"slices"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

// What no messenger may carry (appeal.Field.Secret; spec §3.6) is written on a page
// of the company's own: the secure form. A customer gets to it by a ticket that his
// chat has made for him. What a ticket is good for:
//
//   - It is sealed by the data key and bound to its conversation: nobody can make or
//     change one, and nothing can be read from it.
//   - It is good for FormLife and for one sending: its ID is that of the effect by
//     which the case is made, so that twice is once.
//   - Whoever has it can write, not read: the page shows nothing of the customer.

// FormLife is how long a form can be sent after it was asked for.
const FormLife = 30 * time.Minute

// FormChannel is the channel by which cases of the form come.
const FormChannel = "form"

// FormOrder asks for a form: that of a category, for a new case, or what is secret
// of a case that there is.
type FormOrder struct {
	Category string             `json:"category,omitempty"`
	Audience knowledge.Audience `json:"audience,omitempty"`
	// Account is that of Filing.
	Account billing.AccountNumber `json:"account,omitempty"`
	// Number is the case that it belongs to; zero: it will be a new one.
	Number appeal.Number `json:"number,omitzero"`
	Lang   string        `json:"lang,omitempty"`
}

// FormMade is a form that was made ready; the surface that shows the way to it
// opens it. Unknown: there is no such category, or no such case of his; Needless:
// there is nothing secret to be said.
type FormMade struct {
	Sealed   []byte `json:"sealed,omitempty"`
	Unknown  bool   `json:"unknown,omitempty"`
	Needless bool   `json:"needless,omitempty"`
}

// Form is a form as its page needs it.
type Form struct {
	FormOrder
	// ID names the form, for ever.
	ID           string
	Conversation chat.Conversation
	Until        time.Time
	// Of is its category, as of today; Fields are what is asked.
	Of     *appeal.Category
	Fields []appeal.Item
	// Done is what became of it; nil: it was not sent yet.
	Done *FormDone
}

// FormDone is what became of a form.
type FormDone struct {
	Number appeal.Number
	// Due is until when the answer is promised.
	Due calendar.Date
}

// Refusals of forms.
var (
	ErrNoForm error = &fault.Error{Kind: fault.NotFound, Key: "form_unknown"} // no ticket of ours
	ErrLate   error = &fault.Error{Kind: fault.Conflict, Key: "form_late"}    // its time is over
)

// Forms is where secure forms are made ready and sent.
type Forms interface {
	// OrderForm makes a form ready for the conversation of the effect. That there is
	// no such form is a result.
	OrderForm(ctx context.Context, e Effect, o FormOrder) (FormMade, error)
	// FindForm returns a form by its ticket; one whose time is over, or that was sent,
	// is found, too. The error is ErrNoForm.
	FindForm(ctx context.Context, ticket string) (Form, error)
	// SendForm makes the case, or adds to it. A form that was sent is sent once; what
	// it asks is read by its fields, and secret answers are sealed. Errors: ErrLate, a
	// FlawsError, those of RegisterCase and DoCase.
	SendForm(ctx context.Context, f Form, a appeal.Answers) (FormDone, error)
}

// Ask returns what a form asks: all that may be of interest to the audience, or,
// of a case that there is, what is secret and missing.
func Ask(c *appeal.Category, who knowledge.Audience, r *Record) []appeal.Item {
	var list []appeal.Item
	for _, item := range c.Form {
		switch {
		case !item.Concerns(who), item.Type == appeal.Files:
		case r == nil, item.Secret && !slices.Contains(r.Secret, item.Name):
			list = append(list, item)
		}
	}
	return list
}
