// Package bill tells linked customers what they owe and why (R-5.1.3-a): the sum
// and its due date first, what changed against the month before, the breakdown,
// the months back, what a debt leads to. Organisations see theirs; for those whose
// energy is priced by the hour there are the prices and their files.
//
// Nothing is shown before it is noted that it was. What a channel may not carry
// is shown on the site.
package bill

import (
	"context"
	"embed"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/tariff"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
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
	// conversation has no such link. It is one transaction that first looks for the
	// effect's ID.
	Look(ctx context.Context, e dialog.Effect, link int64, what string) (bool, error)
}

// Ports are what the scenario stands on.
type Ports struct {
	Prices  Prices
	Records Records
	Desk    Desk
	// Site is where a customer is led whose messenger may not carry something.
	Site string
}

// What is shown.
const (
	total     = "total"
	why       = "why"
	lines     = "lines"
	months    = "months"
	month     = "month"
	unlinked  = "unlinked"  // there is no account to show
	elsewhere = "elsewhere" // the channel carries no money
)

// The answers of the form, all filled at its opening: it asks nothing.
const (
	view  = dialog.Slot[string]("view")
	which = dialog.Slot[int64]("link")
	of    = dialog.Slot[billing.Period]("of") // zero: the latest
)

type scenario struct {
	Ports
	zone *time.Location
}

// New returns the scenario; zone is the company's, in which days begin.
func New(p Ports, zone *time.Location) *dialog.Scenario {
	s := &scenario{p, zone}
	return &dialog.Scenario{
		Name: "bill", Version: 1, Words: words.Must(texts), Slash: "bill",
		Open: s.open,
		Form: &dialog.Form{With: errandOf, Submit: dialog.NewAction("look", s.look, s.looked)},
		Commands: []dialog.Command{
			{Name: why, Leaves: true, Do: begin(why)},
			{Name: lines, Leaves: true, Do: begin(lines)},
			{Name: months, Leaves: true, Do: begin(months)},
			{Name: month, Leaves: true, Do: begin(month)},
		},
	}
}

// begin opens the form for a view of the month that the command names.
func begin(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, what+"."+t.Argument()) }
}

// open finds out what is to be shown, and of which account.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	what, named, _ := strings.Cut(t.Argument(), ".")
	if what == "" {
		what = total
	}
	if !t.May(privacy.Money) {
		view.Set(t, elsewhere)
		return nil
	}
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	l, linked := customer.Active(list)
	if !linked {
		view.Set(t, unlinked)
		return nil
	}
	view.Set(t, what)
	which.Set(t, l.ID)
	if p, err := billing.ParsePeriod(named); err == nil { // tokens can be made up: the latest then
		of.Set(t, p)
	}
	return nil
}

// errand is what the look is for; without a link there is none.
type errand struct {
	Link int64  `json:"link,omitempty"`
	What string `json:"what"`
}

func errandOf(t *dialog.Turn) any { return errand{which.Of(t.Answers), view.Of(t.Answers)} }

// look notes what is to be shown; the result is whether it may be.
func (s *scenario) look(ctx context.Context, e dialog.Effect, what errand) (bool, error) {
	if what.Link == 0 {
		return true, nil
	}
	return s.Desk.Look(ctx, e, what.Link, "bill."+what.What)
}

// looked shows it.
func (s *scenario) looked(ctx context.Context, t *dialog.Turn, holds bool) (dialog.Move, error) {
	switch view.Of(t.Answers) {
	case elsewhere:
		said := t.Say("elsewhere")
		if s.Site != "" {
			said.Offer(chat.Choice{Label: t.Line("site"), Link: s.Site, Wide: true})
		}
		said.Offer(t.Scenario("calculator"), t.Menu())
		return dialog.Close, nil
	case unlinked:
		holds = false
	}
	if !holds {
		t.Say("unlinked").Offer(t.Scenario("account"), t.Scenario("calculator"), t.Menu())
		return dialog.Close, nil
	}
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return dialog.Unclear, err
	}
	l, _ := customer.Find(list, which.Of(t.Answers))
	ledger, found, err := s.Records.LinkedLedger(ctx, l)
	if err != nil {
		return dialog.Unclear, err
	}
	if !found { // ended meanwhile
		t.Say("unlinked").Offer(t.Scenario("account"), t.Menu())
		return dialog.Close, nil
	}
	return dialog.Close, s.tell(t, &account{ledger, titleOf(t, l), len(list) > 1})
}

// account is what is shown of a link.
type account struct {
	bill.Ledger
	title   string
	several bool // accounts are linked
}

func titleOf(t *dialog.Turn, l customer.Link) string {
	if l.Name == "" {
		return l.Account.Masked()
	}
	return t.Line("titled", words.A("name", l.Name), words.A("account", l.Account.Masked()))
}
