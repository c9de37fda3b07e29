// Package calculator counts what energy and services cost (R-5.1.3-c): by
// readings, kilowatt-hours, norm or price list, with the formula and the version
// of the tariff, and whether two zones pay. Guests say what the price depends on,
// once; of a linked account the ledger tells it.
package calculator

import (
	"context"
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
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

// Linked is what conversations are linked to.
type Linked interface {
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

// What can be counted by.
const (
	byReadings = "readings"
	byKWh      = "kwh"
	byNorm     = "norm"
	byService  = "service"
	byNight    = "night" // whether two zones pay
)

// The answers of the form. Those without a question of their own are filled at
// its opening, or beside the one they belong to.
const (
	way       = dialog.Slot[string]("way")
	group     = dialog.Slot[tariff.Group]("group")
	plan      = dialog.Slot[tariff.Plan]("plan")
	stove     = dialog.Slot[tariff.Stove]("stove")
	rooms     = dialog.Slot[int]("rooms")
	residents = dialog.Slot[int]("residents")
	service   = dialog.Slot[string]("service") // its code
	count     = dialog.Slot[int]("count")

	account = dialog.Slot[linked]("account") // of a linked customer; its link's ID alone until it is looked at
)

// before, after and used are what is said of each zone of the plan, in its order.
var (
	before = [...]dialog.Slot[billing.KWh]{"before1", "before2", "before3"}
	after  = [...]dialog.Slot[billing.KWh]{"after1", "after2", "after3"}
	used   = [...]dialog.Slot[billing.KWh]{"kwh1", "kwh2", "kwh3"}
)

// linked is what the form takes from a linked account.
type linked struct {
	Link     int64           `json:"i"`
	Title    string          `json:"t"`
	Consumer charge.Consumer `json:"c"`
	// Last are the latest values of its meter, by zone.
	Last map[billing.Zone]billing.KWh `json:"l,omitempty"`
}

// What the conversation keeps: it is asked once.
const (
	keptGroup = "group"
	keptPlan  = "plan"
)

type scenario struct {
	prices Prices
	linked Linked
	desk   Desk
	zone   *time.Location
	// Words that ask what volumes cost, and those that may stand around them.
	asks, around []string
}

// New returns the scenario; zone is the company's, in which days begin.
func New(p Prices, l Linked, d Desk, zone *time.Location) *dialog.Scenario {
	catalogue := words.Must(texts)
	s := &scenario{prices: p, linked: l, desk: d, zone: zone}
	for _, lang := range []words.Lang{words.RU, words.EN} {
		s.asks = append(s.asks, catalogue.Phrases(lang, "heard.asks")...)
		s.around = append(s.around, catalogue.Phrases(lang, "heard.around")...)
	}
	return &dialog.Scenario{
		Name: "calculator", Version: 1, Words: catalogue, Slash: "calculator",
		Open:  s.open,
		Hears: s.hears,
		Form: &dialog.Form{
			Questions: append([]dialog.Question{
				{Slot: "way", Wording: wayWording, Args: accountArgs, Options: wayOptions, Take: s.takeWay, Fills: []string{"account", "group", "plan"}, Goes: []string{"way"}},
				{Slot: "group", Needed: asksGroup, Options: groupOptions, Take: takeGroup},
				{Slot: "plan", Needed: asksPlan, After: []string{"group"}, Options: planOptions, Take: takePlan},
				{Slot: "stove", Needed: asksStove, After: []string{"group"}, Options: stoveOptions, Take: takeStove},
				{Slot: "rooms", Expect: chat.Number, Needed: asksDwelling, Options: roomOptions, Take: takeCount(rooms, mostRooms)},
				{Slot: "residents", Expect: chat.Number, Needed: asksDwelling, Options: residentOptions, Take: takeCount(residents, mostResidents)},
				{Slot: "service", Needed: counts(byService), Options: s.serviceOptions, Take: s.takeService},
				{Slot: "count", Expect: chat.Number, Needed: counts(byService), After: []string{"service"}, Options: countOptions, Take: takeCount(count, mostServices)},
			}, valueQuestions()...),
			Tell:    s.tell,
			Actions: []dialog.Action{dialog.NewAction("look", s.look, s.looked)},
		},
		Commands: []dialog.Command{
			{Name: "other", Leaves: true, Do: other},
			{Name: "night", Leaves: true, Do: func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, byNight) }},
		},
	}
}

// leastHeard is from how many kilowatt-hours on a text asks for a sum, rather
// than for the price of one.
const leastHeard billing.KWh = 10

// hears reports whether a text is volumes with words that ask what they cost, and
// nothing else: «сколько стоят 350 кВт·ч».
func (s *scenario) hears(text string) bool {
	values := said(text)
	asks := false
	for word := range strings.FieldsSeq(words.Normalise(billing.Parse(text).Rest)) {
		switch {
		case slices.Contains(s.asks, word):
			asks = true
		case !slices.Contains(s.around, word):
			return false
		}
	}
	return asks && len(values) > 0 && values[0].kwh >= leastHeard
}

// guest begins the form for somebody else's address.
const guest = "guest"

// other counts for another group, or another address.
func other(ctx context.Context, t *dialog.Turn) error {
	t.Keep(keptGroup, "")
	t.Keep(keptPlan, "")
	return t.Begin(ctx, guest)
}

// open takes what was said with the text that opened the form, and looks at the
// customer's account, if the conversation is linked to one.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	if t.Argument() == byNight {
		way.Set(t, byNight)
	} else if t.Argument() == "" {
		takeSaid(t)
	}
	if t.Argument() != guest && t.May(privacy.Reading) && t.May(privacy.Money) {
		list, err := s.linked.Links(ctx, t.Event.Conversation, t.Event.Now)
		if err != nil {
			return err
		}
		if l, ok := customer.Active(list); ok {
			account.Set(t, linked{Link: l.ID})
			t.First("look", l.ID)
			return nil
		}
	}
	recall(t)
	return nil
}

// recall takes what a guest has said before.
func recall(t *dialog.Turn) {
	if g := groupOf(t.Kept(keptGroup)); g != "" {
		group.Set(t, g)
	}
	if p := planOf(t.Kept(keptPlan)); p != 0 && !t.Answers.Has(string(plan)) {
		plan.Set(t, p)
	}
}

// takeSaid takes volumes that were said at once: «сколько стоят 350 кВт·ч», «день
// 210 ночь 95».
func takeSaid(t *dialog.Turn) {
	values := said(t.Text)
	if len(values) == 0 {
		return
	}
	p := tariff.Plans()[min(len(values), len(used))-1]
	if len(values) > len(used) || p != tariff.OneRate && !zoned(values, p) {
		return
	}
	way.Set(t, byKWh)
	plan.Set(t, p)
	for i, z := range p.Zones() {
		used[i].Set(t, valueOf(values, i, z))
	}
}

// look is one transaction.
func (s *scenario) look(ctx context.Context, e dialog.Effect, link int64) (bool, error) {
	return s.desk.Look(ctx, e, link, "calculator")
}

// looked takes what the price depends on from the ledger. A link that has ended
// meanwhile makes a guest of the customer, and so does an organisation's: its
// prices are others.
func (s *scenario) looked(ctx context.Context, t *dialog.Turn, holds bool) (dialog.Move, error) {
	link := account.Of(t.Answers).Link
	account.Clear(t)
	if !holds {
		recall(t)
		return dialog.Next, nil
	}
	list, err := s.linked.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return dialog.Unclear, err
	}
	l, _ := customer.Find(list, link)
	ledger, found, err := s.linked.LinkedLedger(ctx, l)
	if err != nil {
		return dialog.Unclear, err
	}
	if !found || groupOf(string(ledger.Consumer.Group.Priced(ledger.Consumer.Rural))) == "" {
		recall(t)
		return dialog.Next, nil
	}
	a := linked{Link: l.ID, Title: l.Title(), Consumer: ledger.Consumer, Last: map[billing.Zone]billing.KWh{}}
	if a.Consumer.Plan == 0 {
		a.Consumer.Plan = tariff.OneRate
	}
	if len(ledger.Account.Meters) == 1 { // of several nobody knows which is meant
		m := ledger.Account.Meters[0]
		for _, r := range m.Registers {
			for _, v := range ledger.Readings { // the newest first
				if v.Meter == m.ID && v.Register == r.Name {
					a.Last[r.Zone] = v.Value
					break
				}
			}
		}
	}
	account.Set(t, a)
	return dialog.Next, nil
}

// consumer is what the price depends on.
func consumer(t *dialog.Turn) charge.Consumer {
	if a, ok := account.In(t.Answers); ok {
		return a.Consumer
	}
	c := charge.Consumer{
		Group: group.Of(t.Answers), Plan: plan.Of(t.Answers), Stove: stove.Of(t.Answers),
		Rooms: rooms.Of(t.Answers), Residents: residents.Of(t.Answers),
	}
	switch {
	case c.Group == tariff.City:
		c.Stove = tariff.GasStove
	case c.Group == tariff.Electric:
		c.Stove = tariff.ElectricStove
	}
	return c
}

// zones are those that are asked for.
func zones(t *dialog.Turn) []billing.Zone {
	if way.Of(t.Answers) == byNight {
		return tariff.DayNight.Zones()
	}
	return consumer(t).Plan.Zones()
}

func (s *scenario) today(t *dialog.Turn) calendar.Date { return calendar.DateOf(t.At(), s.zone) }

func groupOf(id string) tariff.Group {
	for _, g := range tariff.Groups() {
		if string(g) == id {
			return g
		}
	}
	return ""
}

func planOf(id string) tariff.Plan {
	for _, p := range tariff.Plans() {
		if strconv.Itoa(int(p)) == id {
			return p
		}
	}
	return 0
}
