package customer

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/chat"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

// Holder is what is on file for an account, as far as linking asks for it.
type Holder struct {
	Account billing.Account
	Phone   privacy.Phone
	Email   privacy.Email
	// TaxID is the ИНН of a legal entity.
	TaxID string
	// Paid is the last payment; zero if there is none.
	Paid money.Kopecks
}

// LogValue hides everything but the masked account.
func (h Holder) LogValue() slog.Value { return h.Account.LogValue() }

// Ways are where a code can be sent to. A legal entity gets it by e-mail alone
// (spec §3.7).
func (h Holder) Ways() []notice.Way {
	var out []notice.Way
	if !h.Phone.IsZero() && !h.Account.Legal {
		out = append(out, notice.SMS)
	}
	if !h.Email.IsZero() {
		out = append(out, notice.Mail)
	}
	return out
}

// Reach is a way to a holder, with where it leads as others may see it.
type Reach struct {
	Way notice.Way `json:"w"`
	To  string     `json:"t"`
}

// Reaches are the holder's ways with their masks.
func (h Holder) Reaches() []Reach {
	var out []Reach
	for _, w := range h.Ways() {
		to := h.Phone.String()
		if w == notice.Mail {
			to = h.Email.String()
		}
		out = append(out, Reach{w, to})
	}
	return out
}

// Registry finds holders.
type Registry interface {
	// Holder returns what is on file for an account, and whether there is one. It
	// does the same work either way. The error is fault.Unavailable.
	Holder(ctx context.Context, number billing.AccountNumber) (Holder, bool, error)
}

// Evidence is what a customer shows for an account being his, one of: the end
// of his meter's serial, the sum of his last payment, his own phone number as
// the messenger vouches for it; of a legal entity, its ИНН. A text may be read
// in two ways: it is right if either is.
type Evidence struct {
	Serial string
	Paid   money.Kopecks
	Phone  privacy.Phone
	TaxID  string
}

// Format writes a mask for every verb.
func (e Evidence) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("****")) }

// LogValue masks the evidence in logs.
func (Evidence) LogValue() slog.Value { return slog.StringValue("****") }

// IsZero reports whether nothing was shown.
func (e Evidence) IsZero() bool { return e == Evidence{} }

//go:embed written.tsv
var writtenTable string

// roubles are a sum as people write it, taxID is the ИНН of a legal entity, which
// has ten digits, or of an entrepreneur, who has twelve.
var roubles, taxID = written("roubles"), written("tax")

// written finds an expression of the table.
func written(name string) *regexp.Regexp {
	for line := range strings.Lines(writtenTable) {
		if what, expression, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && what == name {
			return regexp.MustCompile(expression)
		}
	}
	panic("written.tsv: there is no " + name)
}

// ParseEvidence reads the end of a serial, or a sum. ok is false for a text
// that is neither; house and flat, which a guest may prove himself with, are too
// well known for more.
func ParseEvidence(text string) (e Evidence, ok bool) {
	plain := strings.ToLower(strings.Join(strings.Fields(text), " "))
	if m := roubles.FindStringSubmatch(plain); m != nil {
		sum := strings.ReplaceAll(m[1], " ", "")
		if m[2] != "" {
			sum += "." + m[2]
		}
		if k, err := money.ParseKopecks(sum); err == nil {
			e.Paid = k
		}
	}
	if p, err := billing.ParseProof(text); err == nil {
		e.Serial = p.Serial
	}
	return e, !e.IsZero()
}

// ParseTaxID reads an ИНН. Its check digits are not looked at: a wrong one is
// not on file anyway.
func ParseTaxID(text string) (e Evidence, ok bool) {
	plain := strings.ToLower(strings.NewReplacer(" ", "", "\u00a0", "", "-", "").Replace(strings.TrimSpace(text)))
	m := taxID.FindStringSubmatch(plain)
	if m == nil {
		return e, false
	}
	return Evidence{TaxID: m[1]}, true
}

// Matches reports whether the evidence is right for the holder: of a legal
// entity the ИНН alone counts, of a person everything else. Nothing is right
// for a holder that does not exist. The same comparisons are made for each.
func (e Evidence) Matches(h Holder) bool {
	serial := billing.Proof{Serial: e.Serial}.Matches(h.Account)
	paid := alike(sum(e.Paid), sum(h.Paid))
	phone := alike(e.Phone.Reveal(), h.Phone.Reveal())
	tax := alike(e.TaxID, h.TaxID)
	if h.Account.Legal {
		return tax
	}
	return (serial || paid || phone) && h.Account.Number != ""
}

func sum(k money.Kopecks) string {
	if k <= 0 {
		return ""
	}
	return k.String()
}

// alike compares in a time that does not tell where two texts differ; empty ones
// are never alike.
func alike(a, b string) bool {
	return privacy.NewSecret(a).Equal(privacy.NewSecret(b)) && a != ""
}

// Limits bound guessing within an hour (spec §3.7). Wrong proofs of guests and
// of those who link count together.
type Limits struct {
	// Tries is for an account and for a chat, Address for a network address,
	// behind which many people may be; Codes is for codes that are sent.
	Tries, Address, Codes int
}

// LinkClaim is what somebody says who wants to link.
type LinkClaim struct {
	Claim
	Evidence Evidence
}

// LogValue hides the claim but for its conversation.
func (c LinkClaim) LogValue() slog.Value { return c.Claim.LogValue() }

// Linkers checks those who want to link a conversation to an account.
type Linkers struct {
	registry Registry
	guard    Guard
}

// NewLinkers returns a check within the limits.
func NewLinkers(r Registry, t Tries, limits Limits) *Linkers {
	return &Linkers{r, NewGuard(t, limits)}
}

// Check compares the evidence with what is on file. An unknown account and a
// wrong proof are Wrong after the same work; wrong tries are limited as those of
// Guests.
func (l *Linkers) Check(ctx context.Context, c LinkClaim) (Holder, Verdict, error) {
	allowed, err := l.guard.Admit(ctx, c.atAccount())
	if err != nil || !allowed {
		return Holder{}, Blocked, err
	}
	h, _, err := l.registry.Holder(ctx, c.Number)
	if err != nil {
		return Holder{}, Wrong, fmt.Errorf("find holder: %w", err)
	}
	if !c.Evidence.Matches(h) {
		return Holder{}, Wrong, nil
	}
	if err := l.guard.Forgive(ctx, c.atAccount()); err != nil {
		return Holder{}, Wrong, err
	}
	return h, Proven, nil
}

// AllowCode counts a code that is to be sent against the account, the chat and
// the address, and reports whether their limits allow it.
func (l *Linkers) AllowCode(ctx context.Context, c Claim) (bool, error) {
	return l.guard.spend(ctx, c.atAccount())
}

// Reaches returns where a code can be sent to whoever has a link.
func (l *Linkers) Reaches(ctx context.Context, link Link) ([]Reach, error) {
	h, _, err := l.registry.Holder(ctx, link.Account)
	if err != nil {
		return nil, fmt.Errorf("find holder: %w", err)
	}
	return h.Reaches(), nil
}

// Linking is what makes a link.
type Linking struct {
	Account billing.AccountNumber `json:"account"`
	// Code is what was entered; Vouched: none is asked for, because the page that
	// the chat stands on has vouched for the account.
	Code    Code `json:"code,omitempty"`
	Vouched bool `json:"vouched,omitempty"`
	// Consent is given with it; zero if it was before.
	Consent Given `json:"consent,omitzero"`
	// Lang is the language of letters about it.
	Lang string `json:"lang"`
}

// LogValue hides the code.
func (l Linking) LogValue() slog.Value { return l.Account.LogValue() }

// Linked is what became of it.
type Linked struct {
	Code Redeemed `json:"code,omitempty"`
	// Link is 0 if there is none: the code is not right, or TooMany says why.
	Link    int64 `json:"link,omitempty"`
	TooMany bool  `json:"too_many,omitempty"`
}

// Again: the code of somebody who is linked was entered.
type Again struct {
	Link int64 `json:"link"`
	Code Code  `json:"code"`
}

// NewLink is what the other conversations of an account are told of a new link.
type NewLink struct {
	// Link made, and the one whose conversation is told.
	Link, Told   int64
	Conversation chat.Conversation // that is told
	Account      billing.AccountNumber
	Channel      string
	At           time.Time
}
