// Package payment lets linked customers pay online (R-5.1.3-e): how much, a last
// look, the way to the provider's page, and what became of it, told by itself. The
// service that a case orders has its price: whoever filed the case gets the page at
// once (R-5.1.3-f).
//
// Nobody types a card here: that is the page's business. What a channel may not
// carry of money leads to the site.
package payment

import (
	"context"
	"embed"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Prices tells what is published; nil while nothing is known yet.
type Prices interface{ Prices() *tariff.Book }

// Records is what is known of a conversation's accounts.
type Records interface {
	customer.Links
	// LinkedLedger returns the ledger of a link's account; false if the link does
	// not hold any more.
	LinkedLedger(ctx context.Context, l customer.Link) (bill.Ledger, bool, error)
}

// Desk notes what customers are shown.
type Desk interface {
	// Look notes that the customer is shown something, before he is; false if the
	// conversation has no such link.
	Look(ctx context.Context, e dialog.Effect, link int64, what string) (bool, error)
}

// Till takes payments.
type Till interface {
	// Start starts a payment and finds its page. The same effect is the same
	// payment. That the provider is away is a result; the error is
	// fault.Unavailable if our store is.
	Start(ctx context.Context, e dialog.Effect, w payment.Wish) (payment.Opened, error)
	// Payment returns a payment of a conversation; false if it has none of that
	// number.
	Payment(ctx context.Context, c chat.Conversation, n payment.Number) (payment.Payment, bool, error)
	// UnpaidPayment returns the newest of a link's that can still be made.
	UnpaidPayment(ctx context.Context, l customer.Link, now time.Time) (payment.Payment, bool, error)
}

// Ports are what the scenario stands on.
type Ports struct {
	Prices  Prices
	Records Records
	Desk    Desk
	Till    Till
	Cases   Cases
}

// Cases are what services are ordered by.
type Cases interface {
	// CustomerCase returns a case of a conversation; false if it has none of that
	// number.
	CustomerCase(ctx context.Context, c chat.Conversation, n appeal.Number) (registry.Record, bool, error)
}

// The answers of the form.
const (
	right     = dialog.Slot[int64]("link") // the link by whose right it is paid
	title     = dialog.Slot[string]("title")
	due       = dialog.Slot[money.Kopecks]("due")
	overdue   = dialog.Slot[money.Kopecks]("overdue")
	sum       = dialog.Slot[money.Kopecks]("sum")
	own       = dialog.Slot[bool]("own") // the question that takes a sum of the customer's own
	elsewhere = dialog.Slot[bool]("elsewhere")
	order     = dialog.Slot[appeal.Number]("order") // the case whose service is paid
)

type scenario struct {
	Ports
	zone *time.Location
}

// New returns the scenario; zone is the company's, in which days begin.
func New(p Ports, zone *time.Location) *dialog.Scenario {
	s := &scenario{p, zone}
	return &dialog.Scenario{
		Name: "payment", Version: 1, Words: words.Must(texts), Slash: "pay",
		Open: s.open,
		Told: s.told,
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{
					Slot: "sum", Expect: chat.Number, Wording: sumWording, Args: sumArgs, Options: sumOptions,
					Take: takeSum, Goes: []string{"own"}, Show: showSum, Holds: privacy.ClassesOf(privacy.Money),
				},
				{
					Slot: "own", Expect: chat.Number, Needed: func(*dialog.Turn) bool { return false }, Args: limits,
					Options: ownOptions, Take: takeOwn, Fills: []string{"sum"}, Goes: []string{"sum"},
				},
			},
			Summary: &dialog.Summary{Args: sumArgs, Take: takeWritten, Fills: []string{"sum"}},
			With:    with,
			Submit:  dialog.NewAction("start", s.Till.Start, s.started),
			Actions: []dialog.Action{dialog.NewAction("look", s.look, s.looked)},
		},
		Commands: []dialog.Command{{Name: service, Leaves: true, Do: beginService}},
	}
}

// open finds the account that is meant, and has it noted that its debt is shown.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	elsewhere.Set(t, !t.May(privacy.Money))
	if openService(t) {
		return nil
	}
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	if l, linked := customer.Active(list); linked && t.May(privacy.Money) {
		right.Set(t, l.ID)
		title.Set(t, l.Title())
	}
	t.First("look", right.Of(t.Answers))
	return nil
}

func (s *scenario) look(ctx context.Context, e dialog.Effect, link int64) (bool, error) {
	if link == 0 {
		return false, nil
	}
	return s.Desk.Look(ctx, e, link, "payment")
}

// looked finds out what is owed, and what was begun and not paid.
func (s *scenario) looked(ctx context.Context, t *dialog.Turn, holds bool) (dialog.Move, error) {
	if elsewhere.Of(t.Answers) {
		t.Say("elsewhere").Offer(t.Command("carry.site", "payment"), t.Menu())
		return dialog.Close, nil
	}
	if !holds {
		return unlinked(t), nil
	}
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return dialog.Unclear, err
	}
	l, _ := customer.Find(list, right.Of(t.Answers))
	ledger, found, err := s.Records.LinkedLedger(ctx, l)
	if err != nil {
		return dialog.Unclear, err
	}
	book := s.Prices.Prices()
	switch {
	case !found: // ended meanwhile
		return unlinked(t), nil
	case ledger.Account.Legal:
		t.Say("legal", t.Contacts()...).Offer(t.Scenario("bill"), t.Scenario("operator"), t.Menu())
		return dialog.Close, nil
	case ledger.Account.Closed:
		t.Say("closed", t.Contacts()...).Offer(t.Scenario("bill"), t.Scenario("operator"), t.Menu())
		return dialog.Close, nil
	case book == nil:
		t.Say("loading", t.Contacts()...).Offer(t.Scenario("payment"), t.Menu())
		return dialog.Close, nil
	}
	if err := s.owe(t, &ledger, book); err != nil {
		return dialog.Unclear, err
	}
	unpaid, found, err := s.Till.UnpaidPayment(ctx, l, t.Event.Now)
	if err != nil {
		return dialog.Unclear, err
	}
	if found {
		s.show(t, "unpaid", unpaid)
	}
	return dialog.Next, nil
}

// owe fills what is to be paid today; nothing for an account without a bill.
func (s *scenario) owe(t *dialog.Turn, ledger *bill.Ledger, book *tariff.Book) error {
	due.Set(t, 0)
	latest := ledger.Latest()
	if latest == nil {
		return nil
	}
	b, err := ledger.Bill(latest.Period, dayOf(t, s.zone), book)
	if err != nil {
		return err
	}
	due.Set(t, b.ToPay())
	overdue.Set(t, b.Overdue)
	return nil
}

func with(t *dialog.Turn) any {
	return payment.Wish{Link: right.Of(t.Answers), Sum: sum.Of(t.Answers), Case: order.Of(t.Answers)}
}

// started shows the page, or says why there is none.
func (s *scenario) started(_ context.Context, t *dialog.Turn, o payment.Opened) (dialog.Move, error) {
	switch {
	case !order.Of(t.Answers).IsZero():
		s.startedService(t, o)
		return dialog.Close, nil
	case o.Refused:
		return unlinked(t), nil
	case o.Away:
		return dialog.Refuse("away", t.Contacts()...), nil
	case !o.Open(t.Event.Now): // the provider was faster than we
		t.Say("early", words.A("number", o.Number.String())).Offer(t.Scenario("bill"), t.Menu())
		return dialog.Close, nil
	}
	s.show(t, "page", o.Payment).Offer(t.Scenario("bill"), t.Menu())
	return dialog.Close, nil
}

// show says a payment that can be made, with the way to its page.
func (s *scenario) show(t *dialog.Turn, key string, p payment.Payment) dialog.Said {
	said := t.Say(key, words.A("number", p.Number.String()), words.A("sum", rates.Owed(p.Sum)), words.A("until", words.Clock(p.Until.In(s.zone))),
		words.A("case", p.Case.String()))
	return said.Offer(chat.Choice{Label: t.Line("go"), Link: p.Page, Wide: true})
}

// told says what became of a payment. The word may come late and the payment
// have moved on: that is told by itself.
func (s *scenario) told(ctx context.Context, t *dialog.Turn, state string) error {
	p, found, err := s.Till.Payment(ctx, t.Event.Conversation, payment.Number(t.Event.Facts["number"]))
	if err != nil || !found {
		return err
	}
	if !t.May(privacy.Money) { // the policy has changed since
		t.Say("told.elsewhere").Offer(t.Command("carry.site", "bill"), t.Menu())
		return nil
	}
	if p.Account == "" {
		return s.toldService(ctx, t, &p, payment.State(state))
	}
	said := t.Say("told."+state, append(t.Contacts(), words.A("number", p.Number.String()), words.A("sum", rates.Owed(p.Sum)))...)
	switch payment.State(state) {
	case payment.Refused, payment.Expired:
		said.Offer(t.Scenario("payment"))
	case payment.Disputed:
		said.Offer(t.Scenario("operator"))
	}
	said.Offer(t.Scenario("bill"), t.Menu())
	return nil
}

func unlinked(t *dialog.Turn) dialog.Move {
	t.Say("unlinked").Offer(t.Through("account", "payment"), t.Menu())
	return dialog.Close
}
