// Package appeal takes what customers file (R-5.1.2-o, R-5.1.3-g, R-5.2.5-a):
// questions, complaints, applications and reviews. A customer writes what has
// happened in his own words; the kind and the category are found by them, or
// chosen, and then he is asked for what that category needs, and for nothing else
// (spec §5.6). The forms are data: see package core/appeal.
//
// Additional services are ordered by the same form (R-5.1.3-f): the price of what
// is chosen stands in the summary, and can be paid afterwards.
package appeal

import (
	"context"
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// What the form is opened for beside an appeal.
const (
	toAsk   = "ask"   // a question whose words are known
	toHeard = "heard" // whatever was said before, and what the answer that is named says of it
	toOrder = "order" // a service of the price list
)

// answer is what a slot of the form holds.
type answer struct {
	// Values are in canonical form (appeal.Type).
	Values []privacy.Text `json:"v,omitempty"`
	// Files are what was sent as the answer, or with it.
	Files []chat.File `json:"f,omitempty"`
	// Known: the account fills it, without its value being kept here or shown.
	Known bool `json:"k,omitempty"`
	// Skipped: it may be left out, and is. Late: the files will follow.
	Skipped bool `json:"s,omitempty"`
	Late    bool `json:"l,omitempty"`
	// At is when he wrote it.
	At time.Time `json:"t,omitzero"`
}

func (a answer) one() string {
	if len(a.Values) == 0 {
		return ""
	}
	return a.Values[0].Reveal()
}

// with returns the answer with a text in the place of its values.
func (a answer) with(text string, at time.Time) answer {
	a.Values, a.At, a.Known, a.Skipped, a.Late = []privacy.Text{privacy.NewText(text)}, at, false, false, false
	return a
}

// The answers of the form. Those without a question of their own are filled at
// its opening, or beside the one they belong to.
const (
	elsewhere = dialog.Slot[bool]("elsewhere")    // the channel carries no appeals
	accounts  = dialog.Slot[[]linked]("accounts") // which can be chosen
	link      = dialog.Slot[int64]("link")        // the one that is, in own; 0: none, or none yet
	contract  = dialog.Slot[bool]("contract")     // that account is an organisation's
	kind      = dialog.Slot[appeal.Kind]("kind")
	earlier   = dialog.Slot[answer]("earlier")      // what he has wanted to send before
	kept      = dialog.Slot[bool]("kept")           // the question whether he still does
	said      = dialog.Slot[answer]("said")         // his first words: the text
	pending   = dialog.Slot[[]chat.File]("pending") // sent before the text
	captions  = dialog.Slot[answer]("captions")     // written under files before the text
	named     = dialog.Slot[[]string]("named")      // the categories that the answer which led here names
	list      = dialog.Slot[bool]("list")           // he wants to choose from all
	category  = dialog.Slot[string]("category")     // its code
	audience  = dialog.Slot[knowledge.Audience]("audience")
	territory = dialog.Slot[string]("territory") // by the office that he is near
	handoff   = dialog.Slot[int64]("handoff")    // the wish for a person that it is filed instead of
)

// fieldSlot is the slot of a field.
func fieldSlot(name appeal.Name) dialog.Slot[answer] { return dialog.Slot[answer](fieldPrefix + name) }

const anyField = fieldPrefix + "*"

const fieldPrefix = "f_"

type scenario struct {
	Ports
	finder finder
	zone   *time.Location // the company's
}

// New returns the scenario; zone is the company's, in which days begin.
func New(p Ports, zone *time.Location) *dialog.Scenario {
	s := &scenario{Ports: p, zone: zone}
	return &dialog.Scenario{
		Name: "appeal", Version: 1, Words: catalogue, Slash: "appeal",
		Open: s.open, Hears: wants,
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{Slot: "loading", Needed: s.loading, Args: contacts, Take: unclear},
				{
					Slot: "kept", Needed: asksKept, Expect: chat.Text, Free: true, Args: keptArgs, Options: keptOptions, Take: s.takeKept,
					Fills: []string{"kind", "said", "pending*", "captions*", "category", "list", anyField}, Goes: []string{"said"},
				},
				{
					Slot: "kind", Needed: asksKind, Expect: chat.Text, Free: true, Options: s.kindOptions, Take: s.takeKind,
					Fills: []string{"named", "said", "pending*", "captions*", "category", "list", anyField}, Goes: []string{"said"},
				},
				{
					Slot: "said", Needed: s.asksWords, Prose: true, Expect: chat.Text, Args: saidArgs, Options: saidOptions, Take: s.takeSaid,
					Fills: []string{"list", "pending*", "captions*", "kind"}, Goes: []string{"said"}, Show: showSaid, Holds: privacy.ClassesOf(privacy.Case),
				},
				{
					Slot: "category", Expect: chat.Text, Free: true, Wording: s.categoryWording, Options: s.categoryOptions,
					Take: s.takeCategory, Fills: []string{"kind", "list", "said", "pending*", "captions*", anyField}, Goes: []string{"kind", "category", "said"}, Show: s.showCategory,
				},
				{Slot: "audience", Needed: s.asksAudience, Options: audienceOptions, Take: s.takeAudience, Show: showAudience},
			},
			More:    s.fields,
			Summary: &dialog.Summary{Notes: s.notes},
			With:    s.filing,
			Submit:  dialog.NewAction("register", s.register, s.registered),
			Actions: []dialog.Action{dialog.NewAction("lead", lead, s.led)},
		},
		Commands: []dialog.Command{
			{Name: "ask", Leaves: true, Do: begins(toAsk)},
			{Name: "heard", Leaves: true, Linked: true, Do: begins(toHeard)},
			{Name: "order", Slash: "order", Leaves: true, Linked: true, Do: begins(toOrder)},
		},
	}
}

// begins opens the form for something.
func begins(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, what+":"+t.Argument()) }
}

func contacts(t *dialog.Turn) []words.Arg { return t.Contacts() }

func unclear(context.Context, *dialog.Turn) (dialog.Move, error) { return dialog.Unclear, nil }

func (s *scenario) loading(*dialog.Turn) bool { return s.Shelf.Cases() == nil }

// forms are the tables of forms, nil while nothing is known yet.
func (s *scenario) forms() *appeal.Book {
	if b := s.Shelf.Cases(); b != nil {
		return b.Forms
	}
	return nil
}

func (s *scenario) today(t *dialog.Turn) calendar.Date { return calendar.DateOf(t.Event.Now, s.zone) }

// open takes what is known of the customer, and what he has said already.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	if !t.May(privacy.Case) {
		elsewhere.Set(t, true)
		t.First("lead", nil)
		return nil
	}
	if err := s.rememberLinks(ctx, t); err != nil {
		return err
	}
	assumeOnly(t)
	if s.forms() == nil {
		return nil
	}
	what, arg, _ := strings.Cut(t.Argument(), ":")
	switch what {
	case toAsk:
		kind.Assume(t, appeal.Question)
		if waits, err := strconv.ParseInt(arg, 10, 64); err == nil && t.Waiting() {
			handoff.Set(t, waits)
		}
		if s.takeNoted(t) {
			t.Say("ask.said")
		}
		return nil
	case toHeard:
		if !t.Linked() {
			s.takeNoted(t)
		}
		s.takeNamed(t, knowledge.Slug(arg))
		return nil
	case toOrder:
		if c := s.ordering(t); c != nil {
			return s.choose(ctx, t, c)
		}
	}
	s.takeOpening(t)
	offerNoted(t)
	return nil
}

// lead is the action of a form that has nothing to ask: it is over.
func lead(context.Context, dialog.Effect, any) (bool, error) { return true, nil }

func (s *scenario) led(_ context.Context, t *dialog.Turn, _ bool) (dialog.Move, error) {
	t.Say("elsewhere").Offer(t.Command("carry.site", "appeal"), t.Menu())
	return dialog.Close, nil
}

// who is for whom the form is: by the category, by the account, or as he says.
func (s *scenario) who(t *dialog.Turn, c *appeal.Category) knowledge.Audience {
	if c != nil && c.Audience != knowledge.Everybody {
		return c.Audience
	}
	if a, chosen := audience.In(t.Answers); chosen {
		return a
	}
	if link.Of(t.Answers) != 0 {
		if contract.Of(t.Answers) {
			return knowledge.Companies
		}
		return knowledge.Individuals
	}
	if a := own.Of(t.Answers).one(); a != "" {
		if isContract(a) {
			return knowledge.Companies
		}
		return knowledge.Individuals
	}
	list := accounts.Of(t.Answers)
	if len(list) == 0 || slices.ContainsFunc(list, func(l linked) bool { return l.Contract != list[0].Contract }) {
		return ""
	}
	return list[0].audience()
}

// chosen is the category that the form is of, nil before it is chosen.
func (s *scenario) chosen(t *dialog.Turn) *appeal.Category {
	book := s.forms()
	if book == nil {
		return nil
	}
	c, err := book.Category(category.Of(t.Answers), s.today(t))
	if err != nil {
		return nil
	}
	return c
}
