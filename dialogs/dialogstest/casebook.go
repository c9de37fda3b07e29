package dialogstest

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"okoshko/core/appeal"
	cases "okoshko/core/appeal/demo"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy/detect"
	"okoshko/dialogs/dialog/transcript"
)

// Casebook is the register of cases in memory: the rules are the same, there are
// no secrets, and staff are one clerk who may do everything.
type Casebook struct {
	// Linked are the links of a conversation.
	Linked func(ctx context.Context, c chat.Conversation, now time.Time) ([]customer.Link, error)
	// Desk is where customers wait for a person.
	Desk    *transcript.Window
	books   registry.Books
	records []*registry.Record
	replies map[string]registry.Reply
	effects map[string]any
	last    map[appeal.Kind]int
	// news are what customers are still to be told.
	news []registry.News
}

// caseBooks are the supplier's tables, read once: they are immutable.
var caseBooks = sync.OnceValue(func() registry.Books {
	b := registry.Books{Version: 1, Forms: cases.Book(), Terms: cases.Terms(), Routes: cases.Routes()}
	b.Machine = &life.Machine{Forms: b.Forms, Routes: b.Routes, Terms: b.Terms, Counter: term.Counter{Days: calendar.Published(), Zone: Zone}}
	return b
})

// NewCasebook returns a register without cases.
func NewCasebook() *Casebook {
	return &Casebook{books: caseBooks(), replies: map[string]registry.Reply{}, effects: map[string]any{}, last: map[appeal.Kind]int{}}
}

// CaseBooks implements registry.Tables.
func (b *Casebook) CaseBooks(context.Context) (registry.Books, error) { return b.books, nil }

// RegisterCase implements registry.Counter.
func (b *Casebook) RegisterCase(_ context.Context, e registry.Effect, f registry.Filing) (registry.Filed, error) {
	if done, ok := b.effects[e.ID].(registry.Filed); ok {
		return done, nil
	}
	day := calendar.DateOf(e.At, Zone)
	category, err := b.books.Forms.Category(f.Category, day)
	if err != nil {
		return registry.Filed{}, err
	}
	if flaws := category.Flaws(f.Answers, day); len(flaws) > 0 {
		wrong := &registry.FlawsError{Fields: map[string]string{}}
		for _, flaw := range flaws {
			wrong.Fields[string(flaw.Field)] = flaw.Key
		}
		return registry.Filed{}, wrong
	}
	var before []life.Case
	for _, r := range b.records {
		if r.Conversation == e.Conversation && e.At.Sub(r.Registered) < f.Limits.Back() {
			before = append(before, r.Case)
		}
	}
	if err := f.Limits.Check(e.At, f.Category, f.Answers.One(appeal.Body), before); err != nil {
		return registry.Filed{}, err
	}
	year := day.Year
	c := life.Case{
		Number: appeal.Number{Kind: f.Kind, Year: year, Serial: b.last[f.Kind] + 1}, Kind: f.Kind, Category: f.Category, Audience: f.Audience,
		Territory: f.Territory, Channel: f.Channel, Answers: f.Answers, Price: f.Price, State: life.Draft,
	}
	if c.Channel == "" {
		c.Channel = e.Conversation.Channel()
	}
	by := f.By
	if by.Roles == nil {
		by = registry.Customer
	}
	account := cmp.Or(f.Account, billing.AccountNumber(f.Answers.One("account")))
	c.Territory, _ = b.books.Routes.Locate(account, f.Answers.One("address"), f.Territory)
	c, _, err = b.books.Machine.Apply(c, life.Do{Event: life.Register, Term: f.Term}, by, e.At)
	if err != nil {
		return registry.Filed{}, err
	}
	b.last[f.Kind]++
	r := &registry.Record{Case: c, Revision: len(c.History), Conversation: e.Conversation, Account: f.Account, Lang: f.Lang}
	r.Files = received(f.Files, r.Revision, e.At)
	b.records = append(b.records, r)
	done := registry.Filed{Number: c.Number, Revision: r.Revision, Due: c.Clocks[term.Answer].Deadline, Territory: c.Territory}
	done.LeftDesk = b.Desk != nil && b.Desk.File(e.Conversation, f.Handoff, c.Number)
	b.effects[e.ID] = done
	return done, nil
}

func received(sent []chat.File, revision int, at time.Time) (list []registry.File) {
	for _, f := range sent {
		list = append(list, registry.File{ID: f.ID, Name: f.Name, Revision: revision, At: at})
	}
	return list
}

// DoCase implements registry.Counter.
func (b *Casebook) DoCase(_ context.Context, e registry.Effect, a registry.Act) (registry.Outcome, error) {
	if done, ok := b.effects[e.ID].(registry.Outcome); ok {
		return done, nil
	}
	r := b.find(a.Number)
	if r == nil || slices.Contains(a.By.Roles, life.Customer) && !b.his(e.Conversation, r) {
		return registry.Outcome{}, registry.ErrNoCase
	}
	c, follows, err := b.books.Machine.Apply(r.Case, a.Do, a.By, e.At)
	if err != nil {
		return registry.Outcome{}, err
	}
	if other := b.find(a.Do.Other); a.Do.Event == life.Duplicate {
		if other == nil {
			return registry.Outcome{}, life.HasOther.Err()
		}
		if err := registry.Repeats(r, other, a.By); err != nil {
			return registry.Outcome{}, err
		}
	}
	done := registry.Outcome{Number: a.Number, Revision: len(c.History), From: r.State, To: c.State, Due: c.Clocks[term.Answer].Deadline}
	r.Case, r.Revision = c, done.Revision
	r.Files = append(r.Files, received(a.Files, r.Revision, e.At)...)
	b.effects[e.ID] = done
	for _, f := range follows {
		if tell, ok := f.(life.Tell); ok && !slices.Contains(a.By.Roles, life.Customer) {
			b.tell(r, tell.Event)
		}
	}
	if a.FromForm {
		b.tell(r, a.Do.Event)
	}
	return done, nil
}

// tell keeps that a customer is to be told of the newest line of his case.
func (b *Casebook) tell(r *registry.Record, e life.Event) {
	b.news = append(b.news, registry.News{
		Record: *r, Event: e, Entry: r.History[len(r.History)-1], Line: len(r.History), Reply: b.replies[r.Reply],
	})
}

func (b *Casebook) find(n appeal.Number) *registry.Record {
	i := slices.IndexFunc(b.records, func(r *registry.Record) bool { return r.Number == n })
	if i < 0 {
		return nil
	}
	return b.records[i]
}

func (b *Casebook) his(c chat.Conversation, r *registry.Record) bool {
	return r.Conversation == c || r.Account != "" && customer.LinkedTo(must(b.Linked(context.Background(), c, Noon)), r.Account)
}

// CustomerCases implements registry.Counter.
func (b *Casebook) CustomerCases(_ context.Context, c chat.Conversation, after string, limit int) (registry.Page, error) {
	skip, _ := strconv.Atoi(after)
	var p registry.Page
	for _, r := range slices.Backward(b.records) {
		if !b.his(c, r) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(p.Lines) == limit {
			done, _ := strconv.Atoi(after)
			p.Next = strconv.Itoa(done + limit)
			break
		}
		p.Lines = append(p.Lines, registry.Line{
			Number: r.Number, Kind: r.Kind, Category: r.Category, State: r.State, Registered: r.Registered,
			Due: r.Clocks[term.Answer].At, Resolution: r.Resolution, Answered: r.Answered,
		})
	}
	return p, nil
}

// CustomerCase implements registry.Counter.
func (b *Casebook) CustomerCase(_ context.Context, c chat.Conversation, n appeal.Number) (registry.Record, bool, error) {
	r := b.find(n)
	if r == nil || !b.his(c, r) {
		return registry.Record{}, false, nil
	}
	return *r, true, nil
}

// AskedCases implements registry.Counter.
func (b *Casebook) AskedCases(_ context.Context, numbers []appeal.Number) ([]registry.Asked, error) {
	list := make([]registry.Asked, len(numbers))
	for i, n := range numbers {
		if r := b.find(n); r != nil {
			list[i] = registry.AskedOf(&r.Case)
		}
	}
	return list, nil
}

// FindReply implements registry.Letters.
func (b *Casebook) FindReply(_ context.Context, id string) (registry.Reply, error) {
	r, ok := b.replies[id]
	if !ok {
		return r, registry.ErrReply
	}
	return r, nil
}

// OrderForm implements registry.Forms.
func (b *Casebook) OrderForm(_ context.Context, e registry.Effect, o registry.FormOrder) (registry.FormMade, error) {
	r := b.find(o.Number)
	if r == nil || !b.his(e.Conversation, r) {
		return registry.FormMade{Unknown: true}, nil
	}
	c, err := b.books.Forms.Category(r.Category, calendar.DateOf(r.Registered, Zone))
	if err != nil || len(registry.Ask(c, r.Audience, r)) == 0 {
		return registry.FormMade{Needless: true}, err
	}
	return registry.FormMade{Sealed: []byte("form " + o.Number.Code())}, nil
}

// Letters implements the scenario's Papers.
func (*Casebook) Letters(_ context.Context, _ chat.Conversation, _ *registry.Record, reply registry.Reply) ([]chat.File, error) {
	if reply.Paper == "" {
		return nil, nil
	}
	return []chat.File{{ID: reply.Paper, Name: "answer.pdf", Type: "application/pdf", Size: 1000, Personal: true}}, nil
}

// News returns what customers are to be told since it was asked last.
func (b *Casebook) News() []registry.News {
	list := b.news
	b.news = nil
	return list
}

var detector = detect.New(detect.Allow{})

func redact(text string) string { return detect.Redact(text, detector.Find(text, detect.Author{})) }
