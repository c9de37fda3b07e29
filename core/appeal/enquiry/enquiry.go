// Package enquiry decides whom a guest may ask about: who knows the number of a
// case and how its customer is reached is told how far it has come, wherever it was
// filed, and nothing else of it (spec §3.6, "own case by code").
package enquiry

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
)

// Contact is what somebody shows for a case being his: how he is reached, as he has
// said it in the case. One of: the end of the phone number, the whole of it, the
// e-mail address.
type Contact struct {
	Tail  string // tailDigits of the phone number or more, from its end
	Phone privacy.Phone
	Email privacy.Email
}

// Digits of a phone that prove: as many as of a meter's serial (spec §3.7), and no
// more than it has without its country.
const (
	tailDigits  = 4
	phoneDigits = 10
)

// Format writes a mask for every verb.
func (c Contact) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("****")) }

// LogValue masks the contact in logs.
func (Contact) LogValue() slog.Value { return slog.StringValue("****") }

// Parse reads a phone number, its end, or an e-mail address, with words around it:
// «последние 4 цифры 45-67». ok is false for anything else.
func Parse(text string) (c Contact, ok bool) {
	text = billing.Fold(text)
	for word := range strings.FieldsSeq(text) {
		if word = strings.Trim(word, ".,;:!?()<>«»\""); strings.Contains(word, "@") {
			if c.Email, ok = emailIn(word); ok {
				return c, true
			}
		}
	}
	figures := strings.TrimFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && r != '+' })
	var err error
	if c.Phone, err = privacy.ParsePhone(figures); err == nil {
		return c, true
	}
	joined := strings.NewReplacer(" ", "", "-", "").Replace(text)
	for part := range strings.FieldsFuncSeq(joined, func(r rune) bool { return !unicode.IsDigit(r) }) {
		switch {
		case !tail(part): // «последние 4 цифры»
		case c.Tail != "": // which of them?
			return Contact{}, false
		default:
			c.Tail = part
		}
	}
	return c, c.Tail != ""
}

func emailIn(word string) (privacy.Email, bool) {
	e, err := privacy.ParseEmail(word)
	return e, err == nil
}

func tail(digits string) bool {
	return len(digits) >= tailDigits && len(digits) <= phoneDigits && strings.Trim(digits, "0123456789") == ""
}

// matches reports whether the contact is that of the case; none is that of a case
// which does not exist, or names none. The same comparisons are made for each.
func (c Contact) matches(a *registry.Asked) bool {
	phone := a.Phone.Reveal()
	end := alike(c.Tail, phone[max(0, len(phone)-len(c.Tail)):])
	whole := alike(c.Phone.Reveal(), phone)
	mail := alike(strings.ToLower(c.Email.Reveal()), strings.ToLower(a.Email.Reveal()))
	return (end || whole || mail) && !a.Number.IsZero()
}

// alike compares in a time that does not tell where two texts differ; empty ones
// are never alike.
func alike(a, b string) bool {
	return privacy.NewSecret(a).Equal(privacy.NewSecret(b)) && a != ""
}

// Claim is what somebody says who asks after a case: numbers that it may have,
// and how its customer is reached.
type Claim struct {
	Numbers      []appeal.Number
	Contact      Contact
	Conversation chat.Conversation
	// Address, Event and Now are those of customer.Claim.
	Address string
	Event   string
	Now     time.Time
}

// LogValue hides the claim but for its conversation.
func (c Claim) LogValue() slog.Value {
	return slog.GroupValue(slog.String("conversation", string(c.Conversation)))
}

func (c Claim) try() customer.Try {
	t := customer.Try{Conversation: c.Conversation, Address: c.Address, Event: c.Event, Now: c.Now}
	for _, n := range c.Numbers {
		t.At = append(t.At, "case:"+n.String())
	}
	return t
}

// Cases finds cases by their numbers; it is a part of registry.Counter.
type Cases interface {
	AskedCases(ctx context.Context, numbers []appeal.Number) ([]registry.Asked, error)
}

// Askers checks those who ask after a case that was filed elsewhere: in another
// chat, at an office.
type Askers struct {
	cases Cases
	guard customer.Guard
}

// NewAskers returns a check within the limits.
func NewAskers(c Cases, t customer.Tries, limits customer.Limits) *Askers {
	return &Askers{c, customer.NewGuard(t, limits)}
}

// Check returns how those of the cases stand whose contact is right. A case that
// there is not and a wrong contact are Wrong after the same work. Wrong tries are
// limited by case, and with those of customer.Guests by conversation and by
// address; a try counts against every case that it may be about, before anything
// is compared.
func (a *Askers) Check(ctx context.Context, c Claim) ([]registry.Standing, customer.Verdict, error) {
	t := c.try()
	allowed, err := a.guard.Admit(ctx, t)
	switch {
	case err != nil:
		return nil, customer.Wrong, err
	case !allowed:
		return nil, customer.Blocked, nil
	}
	found, err := a.cases.AskedCases(ctx, c.Numbers)
	if err != nil {
		return nil, customer.Wrong, fmt.Errorf("find cases: %w", err)
	}
	var proven []registry.Standing
	for i := range found {
		if c.Contact.matches(&found[i]) {
			proven = append(proven, found[i].Standing)
		}
	}
	if len(proven) == 0 {
		return nil, customer.Wrong, nil
	}
	if err := a.guard.Forgive(ctx, t); err != nil {
		return nil, customer.Wrong, err
	}
	return proven, customer.Proven, nil
}
