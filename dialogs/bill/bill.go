// Package bill tells linked customers what they owe and why (R-5.1.3-a): the sum
// and its due date first, what changed against the month before, the breakdown,
// the months back, what a debt leads to. Organisations see theirs; for those whose
// energy is priced by the hour there are the prices and their files.
//
// Nothing is shown before it is noted that it was. What a channel may not carry
// is shown on the site.
package bill

import (
	"cmp"
	"context"
	"embed"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
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
	Papers  Papers
	// Days is the production calendar.
	Days *calendar.Production
}

// What is shown.
const (
	total     = "total"
	why       = "why"
	lines     = "lines"
	months    = "months"
	month     = "month"
	paper     = "paper"
	chart     = "chart"
	documents = "documents"
	document  = "document"
	unlinked  = "unlinked"  // there is no account to show
	elsewhere = "elsewhere" // the channel carries no money
)

// The answers of the form, all filled at its opening: it asks nothing.
const (
	view  = dialog.Slot[string]("view")
	wish  = dialog.Slot[string]("wish") // the command that asks for it
	which = dialog.Slot[int64]("link")
	of    = dialog.Slot[billing.Period]("of")      // zero: the latest
	kind  = dialog.Slot[bill.DocumentKind]("kind") // of a document
)

type scenario struct {
	Ports
	words *words.Catalogue
	zone  *time.Location
}

// New returns the scenario; zone is the company's, in which days begin.
func New(p Ports, zone *time.Location) *dialog.Scenario {
	s := &scenario{p, words.Must(texts), zone}
	return &dialog.Scenario{
		Name: "bill", Version: 1, Words: s.words, Slash: "bill",
		Open: s.open,
		Form: &dialog.Form{With: errandOf, Submit: dialog.NewAction("look", s.look, s.looked)},
		Commands: []dialog.Command{
			{Name: why, Leaves: true, Linked: true, Do: begin(why)},
			{Name: lines, Leaves: true, Linked: true, Do: begin(lines)},
			{Name: months, Leaves: true, Do: begin(months)},
			{Name: month, Leaves: true, Do: begin(month)},
			{Name: paper, Leaves: true, Linked: true, Do: once(paper)},
			{Name: chart, Leaves: true, Do: once(chart)},
			{Name: documents, Leaves: true, Linked: true, Do: begin(documents)},
			{Name: document, Leaves: true, Do: once(document)},
		},
	}
}

// begin opens the form for a view of the month that the command names.
func begin(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, what+"."+t.Argument()) }
}

// open finds out what is to be shown, and of which account.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	what, argument, _ := strings.Cut(t.Argument(), ".")
	if what == "" {
		what = total
	}
	month := argument
	if what == document {
		var which bill.DocumentKind
		which, month = named(argument)
		kind.Set(t, which)
	}
	wish.Set(t, wished(what, argument, month))
	if !carries(t, what) {
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
	if p, err := billing.ParsePeriod(month); err == nil { // tokens can be made up: the latest then
		of.Set(t, p)
	}
	return nil
}

// wished is the command that asks for a view, of a month if one is named.
func wished(what, argument, month string) string {
	switch _, err := billing.ParsePeriod(month); {
	case what == total:
		return "bill"
	case err == nil && len(argument) <= longestArgument:
		return "bill." + what + ":" + argument
	case what == document:
		return "bill." + documents
	default:
		return "bill." + what
	}
}

// longestArgument is that of a real document's button: tokens can be made up.
const longestArgument = len("reconciliation.2026-10")

// carries reports whether the channel may show a view, or lead to its file.
func carries(t *dialog.Turn, what string) bool {
	switch what {
	case paper, document, documents:
		return t.May(privacy.Money) && (t.May(privacy.Document) || t.Leads(privacy.Document))
	case chart:
		return t.May(privacy.Reading)
	default:
		return t.May(privacy.Money)
	}
}

// errand is what the look is for; without a link there is none.
type errand struct {
	Link     int64             `json:"link,omitempty"`
	What     string            `json:"what"`
	Of       billing.Period    `json:"of,omitzero"`
	Kind     bill.DocumentKind `json:"kind,omitempty"`
	Language words.Lang        `json:"lang,omitempty"`
}

func errandOf(t *dialog.Turn) any {
	return errand{which.Of(t.Answers), view.Of(t.Answers), of.Of(t.Answers), kind.Of(t.Answers), t.Language()}
}

// seen is what a look came to.
type seen struct {
	Holds bool `json:"holds"` // the link
	// File was made for it; nil: it is none that makes one, or there is nothing to
	// make it of.
	File *chat.File `json:"file,omitempty"`
}

// look notes what is to be shown, and makes the file that it is to be shown in.
func (s *scenario) look(ctx context.Context, e dialog.Effect, what errand) (seen, error) {
	if what.Link == 0 {
		return seen{Holds: true}, nil
	}
	holds, err := s.Desk.Look(ctx, e, what.Link, "bill."+what.What)
	if err != nil || !holds {
		return seen{}, err
	}
	file, err := s.file(ctx, e, what)
	return seen{holds, file}, err
}

// looked shows it.
func (s *scenario) looked(ctx context.Context, t *dialog.Turn, found seen) (dialog.Move, error) {
	what := view.Of(t.Answers)
	t.Sent("")
	if what == elsewhere {
		t.Say("elsewhere").Offer(t.Command("carry.site", asked(t)), t.Scenario("calculator"), t.Menu())
		return dialog.Close, nil
	}
	a, holds, err := s.account(ctx, t.Event.Conversation, t.Event.Now, which.Of(t.Answers))
	switch {
	case err != nil:
		return dialog.Unclear, err
	case what == unlinked, !found.Holds, !holds: // or ended meanwhile
		t.Say("unlinked").Offer(t.Through("account", asked(t)), t.Scenario("calculator"), t.Menu())
		return dialog.Close, nil
	}
	return dialog.Close, s.tell(t, a, found.File)
}

// asked is the command that the customer gave; of a form that an older program
// opened it is not known.
func asked(t *dialog.Turn) string { return cmp.Or(wish.Of(t.Answers), "bill") }

// account returns what is shown of a link; false if it does not hold any more.
func (s *scenario) account(ctx context.Context, c chat.Conversation, now time.Time, link int64) (*account, bool, error) {
	if link == 0 {
		return nil, false, nil
	}
	list, err := s.Records.Links(ctx, c, now)
	if err != nil {
		return nil, false, err
	}
	l, linked := customer.Find(list, link)
	if !linked {
		return nil, false, nil
	}
	ledger, found, err := s.Records.LinkedLedger(ctx, l)
	return &account{ledger, l, len(list) > 1}, found, err
}

// account is what is shown of a link.
type account struct {
	bill.Ledger
	link    customer.Link
	several bool // accounts are linked
}

// month is the statement of a month, the latest if there is none for it; nil if
// the account was never billed.
func (a *account) month(p billing.Period) *bill.Statement {
	if st := a.Statement(p); st != nil {
		return st
	}
	return a.Latest()
}
