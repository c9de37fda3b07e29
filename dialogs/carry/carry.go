// Package carry takes a conversation from one channel to another: from Telegram
// to the site, whose chat may show more, and back (spec §3.2, §3.6). A customer
// gets a link that works once; where it leads he agrees to his accounts' being
// linked there, and goes on with what he was at. package customer says what such
// a link is good for, and what it is not.
package carry

import (
	"cmp"
	"context"
	"embed"
	"strings"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Arrivals checks those who come with a ticket.
type Arrivals interface {
	// Check returns what the ticket carries; false for one that opens nothing.
	Check(ctx context.Context, t customer.Ticket, c customer.Claim) (customer.Baggage, bool, error)
}

// Desk makes facts of tickets. Each method is one transaction that first looks
// for the effect's ID and then returns the result of the first time.
type Desk interface {
	MakeTicket(ctx context.Context, e dialog.Effect, o customer.TicketOrder) (customer.TicketMade, error)
	// Arrive uses a ticket up and links what it carries.
	Arrive(ctx context.Context, e dialog.Effect, a customer.Arrival) (customer.Arrived, error)
	// EndCarried ends all links that were carried from the conversation, and its
	// ticket. It returns the number of those links.
	EndCarried(ctx context.Context, e dialog.Effect) (int, error)
}

// Ports are what the scenario stands on.
type Ports struct {
	Arrivals Arrivals
	Desk     Desk
	// Links are what the conversation is linked to already.
	Links customer.Links
	// Documents are the consents.
	Documents customer.Documents
	// Site and Telegram: there is such a place to go on at.
	Site, Telegram bool
}

// What the form is opened for.
const (
	toGo     = "go"
	toArrive = "arrive"
	toUndo   = "undo"
	refused  = "refused" // the ticket opens nothing
	arrived  = "here"    // he is there already, or there is no other place
)

// The answers of the form; all but the consent are filled at its opening.
const (
	task     = dialog.Slot[string]("task")
	topic    = dialog.Slot[string]("topic")
	ticket   = dialog.Slot[customer.Ticket]("ticket")
	from     = dialog.Slot[string]("from")       // channel
	accounts = dialog.Slot[[]string]("accounts") // masked, those that are to be linked
	consent  = dialog.Slot[bool]("consent")
)

type scenario struct{ Ports }

// New returns the scenario.
func New(p Ports) *dialog.Scenario {
	s := &scenario{p}
	carry := &dialog.Scenario{
		Name: "carry", Version: 1, Words: words.Must(texts),
		Open: s.open,
		Form: &dialog.Form{
			Questions: []dialog.Question{
				dialog.Consent(consent, dialog.Question{Needed: links, Args: consentArgs}, s.document, declined),
			},
			With:   s.errand,
			Submit: dialog.NewAction("carry", s.carryOut, s.carriedOut),
		},
		Commands: []dialog.Command{{Name: "undo", Leaves: true, Do: begins(toUndo)}},
	}
	if p.Site {
		carry.Commands = append(carry.Commands, dialog.Command{Name: "site", On: privacy.Telegram, Leaves: true, Do: goes(privacy.Telegram)})
	}
	if p.Telegram {
		carry.Commands = append(carry.Commands, dialog.Command{Name: "telegram", On: privacy.Web, Leaves: true, Do: goes(privacy.Web)})
	}
	return carry
}

func begins(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, what) }
}

// goes leaves a channel, with the topic that the command names. Who types it
// elsewhere is there already.
func goes(channel string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error {
		if t.Event.Conversation.Channel() != channel {
			return t.Begin(ctx, arrived)
		}
		return t.Begin(ctx, toGo+":"+t.Argument())
	}
}

// open finds out what the form is for.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	if t.Event.Kind == dialog.Arrive {
		return s.look(ctx, t)
	}
	what, of, _ := strings.Cut(t.Argument(), ":")
	switch leads := map[string]bool{privacy.Telegram: s.Site, privacy.Web: s.Telegram}; {
	case what == toUndo:
		task.Set(t, toUndo)
	case what != arrived && leads[t.Event.Conversation.Channel()]:
		task.Set(t, toGo)
	default:
		task.Set(t, arrived)
	}
	of = cmp.Or(of, t.Latest())
	if t.Offers(of) { // tokens can be made up
		topic.Set(t, of)
	}
	return nil
}

// look looks at what the customer has come with, without using it up. On a
// channel that carries nothing of an account only the topic goes on.
func (s *scenario) look(ctx context.Context, t *dialog.Turn) error {
	in := t.Event.Conversation
	b, good, err := s.Arrivals.Check(ctx, t.Event.Ticket, customer.Claim{
		Conversation: in, Address: t.Event.Address, Event: t.Event.ID, Now: t.Event.Now,
	})
	if err != nil {
		return err
	}
	if !good {
		task.Set(t, refused)
		return nil
	}
	task.Set(t, toArrive)
	ticket.Set(t, t.Event.Ticket)
	from.Set(t, b.Channel)
	if t.Offers(b.Topic) {
		topic.Set(t, b.Topic)
	}
	if !t.May(privacy.Reading) && !t.May(privacy.Money) {
		return nil
	}
	known, err := s.Links.Links(ctx, in, t.Event.Now)
	if err != nil {
		return err
	}
	var fresh []string
	for _, n := range b.Accounts {
		if !customer.LinkedTo(known, n) {
			fresh = append(fresh, n.Masked())
		}
	}
	if len(fresh) > 0 {
		accounts.Set(t, fresh)
	}
	return nil
}

// links: accounts are to be linked, for which the customer has to agree.
func links(t *dialog.Turn) bool { return len(accounts.Of(t.Answers)) > 0 }

func consentArgs(t *dialog.Turn) []words.Arg {
	list := accounts.Of(t.Answers)
	return append(t.Contacts(), words.A("accounts", strings.Join(list, ", ")), words.A("n", len(list)),
		words.A("place", t.Line("from."+from.Of(t.Answers))))
}

func (s *scenario) document(t *dialog.Turn) customer.Document {
	return s.Documents.Text(customer.ForLinking, string(t.Language()))
}

// declined: the ticket stays as it is, and nothing is linked.
func declined(t *dialog.Turn) { t.Say("declined").Offer(t.Menu()) }

// errand is what the form does at its end.
type errand struct {
	Task    string           `json:"task"`
	Topic   string           `json:"topic,omitempty"`
	Arrival customer.Arrival `json:"arrival,omitzero"`
}

func (s *scenario) errand(t *dialog.Turn) any {
	e := errand{Task: task.Of(t.Answers), Topic: topic.Of(t.Answers)}
	if e.Task == toArrive {
		e.Arrival = customer.Arrival{Ticket: ticket.Of(t.Answers), Link: links(t), Lang: string(t.Language())}
		if e.Arrival.Link {
			e.Arrival.Consent = s.document(t).Give()
		}
	}
	return e
}

// result is what came of an errand.
type result struct {
	Made    customer.TicketMade `json:"made,omitzero"`
	Arrived customer.Arrived    `json:"arrived,omitzero"`
	Ended   int                 `json:"ended,omitempty"`
}

// carryOut makes the fact.
func (s *scenario) carryOut(ctx context.Context, e dialog.Effect, what errand) (r result, err error) {
	switch what.Task {
	case toGo:
		r.Made, err = s.Desk.MakeTicket(ctx, e, customer.TicketOrder{Topic: what.Topic})
	case toArrive:
		r.Arrived, err = s.Desk.Arrive(ctx, e, what.Arrival)
	case toUndo:
		r.Ended, err = s.Desk.EndCarried(ctx, e)
	case refused, arrived:
	default:
		err = fault.New(fault.Internal, "no errand "+what.Task)
	}
	return r, err
}

// carriedOut tells what came of it; who has arrived goes on with his topic.
func (s *scenario) carriedOut(_ context.Context, t *dialog.Turn, r result) (dialog.Move, error) {
	channel := t.Event.Conversation.Channel()
	switch what := task.Of(t.Answers); {
	case what == toGo:
		t.Say("made."+channel).Offer(
			chat.Choice{Label: t.Line("open." + channel), Ticket: r.Made.Sealed, Wide: true}, t.Menu())
	case what == toUndo && r.Ended == 0:
		t.Say("undo.none").Offer(t.Menu())
	case what == toUndo:
		t.Say("undo.done", append(t.Contacts(), words.A("n", r.Ended))...).Offer(t.Menu())
	case what == arrived:
		t.Say("here").Offer(t.Menu())
	case !r.Arrived.Good:
		t.Say("refused").Offer(t.Command("carry.site", ""), t.Command("carry.telegram", ""), t.Menu())
	default:
		s.welcome(t, r.Arrived)
		if of := topic.Of(t.Answers); of != "" {
			return dialog.Leave(of), nil
		}
		return dialog.Leave("menu"), nil
	}
	return dialog.Close, nil
}

func (s *scenario) welcome(t *dialog.Turn, a customer.Arrived) {
	place := words.A("place", t.Line("from."+from.Of(t.Answers)))
	switch {
	case a.TooMany:
		t.Say("arrived.some", place, words.A("n", customer.MostLinks))
	case a.Linked > 0:
		t.Say("arrived.linked", place, words.A("n", a.Linked))
	default:
		t.Say("arrived.bare", place)
	}
}
