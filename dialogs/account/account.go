// Package account links a conversation to accounts and shows them: which
// account, what proves that it is the customer's, a code to the phone or mailbox
// on file, and from then on a card with eight blocks (R-5.1.3-a; spec §3.7).
// Several accounts may be linked, one of them is active.
//
// Nothing personal is asked before the customer has agreed to the link's being
// kept, in a document of its own, and nothing is shown before it is noted that
// it was. What a channel may not carry is shown on the site.
package account

import (
	"context"
	"embed"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// What the form is opened for.
const (
	toLink     = "link"
	toShow     = "show"
	toUse      = "use"
	toRename   = "rename"
	toUnlink   = "unlink"
	toAgree    = "agree"
	toWithdraw = "withdraw"
	elsewhere  = "elsewhere" // the channel carries nothing of an account
)

// The answers of the form. Those without a question of their own are filled at
// its opening, or beside the one they belong to.
const (
	task    = dialog.Slot[string]("task")
	which   = dialog.Slot[int64]("link") // the link that it is about
	block   = dialog.Slot[string]("block")
	purpose = dialog.Slot[customer.Purpose]("purpose")
	asking  = dialog.Slot[bool]("asking") // the consent is still to be asked for
	vouched = dialog.Slot[[]billing.AccountNumber]("vouched")
	stale   = dialog.Slot[bool]("stale") // personal data needs another code

	consent = dialog.Slot[bool]("consent")
	number  = dialog.Slot[billing.AccountNumber]("account")
	proof   = dialog.Slot[bool]("proof")
	phone   = dialog.Slot[bool]("phone") // the question that takes a contact instead
	reaches = dialog.Slot[[]customer.Reach]("reaches")
	way     = dialog.Slot[string]("way")
	code    = dialog.Slot[bool]("code")
	sentTo  = dialog.Slot[string]("sent_to")
	title   = dialog.Slot[string]("title") // of the account that is to be unlinked
	name    = dialog.Slot[string]("name")
	sure    = dialog.Slot[bool]("sure")
)

type scenario struct {
	Ports
	zone  *time.Location
	words *words.Catalogue
}

// New returns the scenario. zone is the company's.
func New(p Ports, zone *time.Location) *dialog.Scenario {
	s := &scenario{p, zone, words.Must(texts)}
	return &dialog.Scenario{
		Name: "account", Version: 1, Words: s.words, Slash: "account",
		Open: s.open, Begins: isNumber,
		Form: &dialog.Form{
			Questions: []dialog.Question{
				dialog.Consent(consent, dialog.Question{Needed: consents, Wording: consentWording, Args: vouchedArgs}, s.document, declined),
				{Slot: "account", Expect: chat.Text, Needed: finds, Args: contacts, Take: s.takeAccount},
				{
					Slot: "proof", Expect: chat.Text, Needed: finds, After: []string{"account"}, Wording: proofWording,
					Options: proofOptions, Take: s.takeProof, Fills: []string{"account", "reaches", "way", "sent_to"},
					Goes: []string{"account", "phone"},
				},
				{
					Slot: "phone", Expect: chat.Contact, Needed: never, After: []string{"account"}, Options: phoneOptions,
					Take: s.takePhone, Fills: []string{"proof", "reaches", "way", "sent_to"}, Goes: []string{"proof"},
				},
				{
					Slot: "way", Needed: choosesWay, After: []string{"proof"}, Wording: wayWording, Options: wayOptions,
					Take: s.takeWay, Fills: []string{"sent_to"},
				},
				{
					Slot: "code", Expect: chat.Number, Needed: needsCode, After: []string{"proof"}, Args: sentArgs,
					Options: codeOptions, Take: s.takeCode, Goes: []string{"way"},
				},
				{Slot: "name", Expect: chat.Text, Needed: renames, Args: nameArgs, Options: nameOptions, Take: takeName, Prose: true},
				{Slot: "sure", Needed: asksIfSure, Wording: sureWording, Args: sureArgs, Options: sureOptions, Take: takeSure},
			},
			With:   s.errand,
			Submit: dialog.NewAction("do", s.carryOut, s.carriedOut),
			Actions: []dialog.Action{
				dialog.NewAction("send", s.Desk.SendCode, s.sent),
				dialog.NewAction("link", s.Desk.Link, s.linked),
				dialog.NewAction("confirm", s.Desk.Confirm, s.confirmed),
			},
		},
		Commands: []dialog.Command{
			{Name: "show", Leaves: true, Do: s.show},
			{Name: "use", Leaves: true, Do: begins(toUse)},
			{Name: "list", Slash: "accounts", Leaves: true, Linked: true, Do: s.list},
			{Name: "settings", Leaves: true, Do: s.settings},
			{Name: "add", Leaves: true, Linked: true, Do: begins(toLink)},
			{Name: "rename", Leaves: true, Do: begins(toRename)},
			{Name: "unlink", Leaves: true, Linked: true, Do: s.unlink},
			{Name: "consents", Leaves: true, Linked: true, Do: s.consents},
			{Name: "agree", Leaves: true, Do: begins(toAgree)},
			{Name: "withdraw", Leaves: true, Do: begins(toWithdraw)},
		},
	}
}

// begins opens the form for a task.
func begins(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, what+":"+t.Argument()) }
}

// carries reports whether the channel may show anything of an account.
func carries(t *dialog.Turn) bool { return t.May(privacy.Reading) || t.May(privacy.Money) }

func never(*dialog.Turn) bool { return false }

func contacts(t *dialog.Turn) []words.Arg { return t.Contacts() }

// claim is what the customer says of his account, for the limits.
func claim(t *dialog.Turn, n billing.AccountNumber) customer.Claim {
	return customer.Claim{
		Number: n, Conversation: t.Event.Conversation, Address: t.Event.Address, Event: t.Event.ID, Now: t.Event.Now,
	}
}
