package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// What is shown: the card, and its eight blocks (R-5.1.3-a).
const (
	card        = "card"
	payer       = "payer"
	contract    = "contract"
	requisites  = "requisites"
	prices      = "prices"
	benefits    = "benefits"
	values      = "readings"
	bills       = "bills"
	payments    = "payments"
	unreachable = "unreachable" // personal data of somebody whom no code reaches
)

// blocks are the parts of the card in the order of their buttons, each with the
// class of what it shows (spec §3.6).
var blocks = []struct {
	name  string
	class privacy.Class
}{
	{bills, privacy.Money},
	{payments, privacy.Money},
	{values, privacy.Reading},
	{prices, privacy.Reading},
	{benefits, privacy.Money},
	{requisites, privacy.Identity},
	{contract, privacy.Identity},
	{payer, privacy.Identity},
}

// blockOf reads the name of a block; whatever else a button carries is the card.
func blockOf(arg string) string {
	for _, b := range blocks {
		if b.name == arg {
			return arg
		}
	}
	return card
}

// personal reports whether a block tells who the customer is.
func personal(name string) bool { return classOf(name) == privacy.Identity }

func classOf(name string) privacy.Class {
	for _, b := range blocks {
		if b.name == name {
			return b.class
		}
	}
	return privacy.Reading
}

// listed is how many bills and payments are shown.
const listed = 6

// show opens a block, unless this channel may not carry it: then it leads to the
// site.
func (s *scenario) show(ctx context.Context, t *dialog.Turn) error {
	name := blockOf(t.Argument())
	if !t.May(classOf(name)) {
		t.Say("elsewhere.block").Offer(t.Command("carry.site", "account"), t.Resume(), t.Scenario("account"), t.Menu())
		return nil
	}
	return t.Begin(ctx, toShow+":"+name)
}

// tell shows what was asked for, now that it is noted.
func (s *scenario) tell(ctx context.Context, t *dialog.Turn, what string) error {
	list, err := s.Records.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	l, found := customer.Find(list, which.Of(t.Answers))
	if !found { // ended meanwhile
		t.Say("no_link").Offer(t.Scenario("account"), t.Menu())
		return nil
	}
	part := block.Of(t.Answers)
	switch {
	case what == toUse:
		s.card(t, l, len(list), "used")
	case what == toRename:
		s.card(t, l, len(list), "renamed")
	case part == card:
		s.card(t, l, len(list), "card")
	case part == unreachable:
		t.Say("nothing_on_file", t.Contacts()...).Offer(t.Scenario("account"), t.Menu())
	default:
		ledger, found, err := s.Records.LinkedLedger(ctx, l)
		if err != nil {
			return err
		}
		if !found {
			t.Say("no_link").Offer(t.Scenario("account"), t.Menu())
			return nil
		}
		said := t.Say("show.lead", words.A("block", t.Line("show."+part)), words.A("title", l.Title()))
		s.fill(t, said, part, &ledger)
		if part == bills {
			said.Offer(t.Scenario("bill"))
		}
		if part == values {
			said.Offer(t.Scenario("readings"))
		}
		said.Offer(t.Scenario("account"), t.Menu())
	}
	return nil
}

// card offers the blocks, and the way to what can be done with the link: no more
// choices than the widget has buttons for.
func (s *scenario) card(t *dialog.Turn, l customer.Link, count int, key string) {
	said := t.Say(key, words.A("title", l.Title()))
	for _, b := range blocks {
		if t.May(b.class) || t.Leads(b.class) {
			said.Offer(t.Command("account.show", b.name))
		}
	}
	if count > 1 {
		said.Offer(t.Command("account.list", ""))
	}
	said.Offer(t.Command("account.settings", ""), t.Menu())
}

func (s *scenario) fill(t *dialog.Turn, said dialog.Said, part string, l *bill.Ledger) {
	switch part {
	case payer:
		s.payer(t, said, l.Payer)
	case contract:
		s.contract(t, said, l)
	case requisites:
		said.Append(t.Blocks("requisites.number", words.A("account", identity(l.Account.Number.Full())))...)
		if l.Contract.Unified != "" {
			said.Append(t.Blocks("requisites.unified", words.A("unified", identity(l.Contract.Unified)),
				words.A("service", identity(l.Contract.ServiceID())))...)
		}
		for _, m := range l.Account.Meters {
			said.Append(t.Blocks("requisites.meter", words.A("serial", identity(m.Serial.Full())))...)
		}
	case prices:
		s.prices(t, said, l)
	case benefits:
		s.benefits(t, said, l)
	case values:
		s.readings(t, said, l)
	case bills:
		s.bills(t, said, l)
	case payments:
		s.payments(t, said, l)
	}
}

func identity(v any) any { return words.Of(privacy.Identity, v) }

// roubles is a sum that knows its class.
func roubles(k money.Kopecks) any { return words.Of(privacy.Money, words.Decimal(k.String())) }

func (s *scenario) payer(t *dialog.Turn, said dialog.Said, p bill.Payer) {
	line := func(key, value string) {
		if value != "" {
			said.Append(t.Blocks(key, words.A("value", identity(value)))...)
		}
	}
	line("payer.name", p.Name.Reveal())
	line("payer.tax", p.TaxID)
	line("payer.address", p.Address.Reveal())
	if !p.Phone.IsZero() {
		line("payer.phone", p.Phone.Listed())
	}
	if !p.Email.IsZero() {
		line("payer.email", p.Email.Listed())
	}
}

func (s *scenario) contract(t *dialog.Turn, said dialog.Said, l *bill.Ledger) {
	said.Append(t.Blocks("contract.number", words.A("number", identity(l.Contract.Number.Full())))...)
	if !l.Contract.Since.IsZero() {
		said.Append(t.Blocks("contract.since", words.A("since", identity(day(l.Contract.Since))))...)
	}
	if l.Account.Legal {
		said.Append(t.Blocks("contract.legal", words.A("category", identity(l.Contract.Category)),
			words.A("power", identity(int64(l.Contract.Power)/1000)))...)
	}
}

func (s *scenario) prices(t *dialog.Turn, said dialog.Said, l *bill.Ledger) {
	group := l.Consumer.Group
	said.Append(t.Blocks("prices.group", words.A("group", reading(t.Line("group."+strings.ToLower(string(group))))),
		words.A("plan", reading(t.Line("plan."+planName(l.Consumer.Plan)))))...)
	latest := l.Latest()
	if latest == nil || len(latest.Lines) == 0 {
		said.Append(t.Blocks("prices.unknown")...)
		return
	}
	for _, line := range latest.Lines {
		said.Append(t.Blocks("prices.line", words.A("zone", t.Line("zone."+line.Zone.String())),
			words.A("price", reading(words.Decimal(line.Price.String()))), words.A("since", day(line.Since)))...)
	}
}

func reading(v any) any { return words.Of(privacy.Reading, v) }

func planName(p tariff.Plan) string {
	switch p {
	case tariff.DayNight:
		return "double"
	case tariff.ThreeZones:
		return "triple"
	default:
		return "single"
	}
}

func (s *scenario) benefits(t *dialog.Turn, said dialog.Said, l *bill.Ledger) {
	if len(l.Benefits) == 0 {
		said.Append(t.Blocks("benefits.none")...)
		return
	}
	for _, b := range l.Benefits {
		said.Append(t.Blocks("benefits.line", words.A("kind", t.Line("benefit."+string(b.Kind))),
			words.A("sum", roubles(b.Monthly)), words.A("since", words.Of(privacy.Money, day(b.From))))...)
	}
	said.Append(t.Blocks("benefits.whose")...)
}

// readings are the last value of each register, with its day.
func (s *scenario) readings(t *dialog.Turn, said dialog.Said, l *bill.Ledger) {
	shown := 0
	for _, m := range l.Account.Meters {
		for _, r := range m.Registers {
			i := slices.IndexFunc(l.Readings, func(v billing.Reading) bool { return v.Meter == m.ID && v.Register == r.Name })
			if i < 0 {
				continue
			}
			shown++
			v := l.Readings[i]
			said.Append(t.Blocks("values.line", words.A("zone", t.Line("zone."+r.Zone.String())),
				words.A("value", reading(int64(v.Value))), words.A("on", reading(v.At.In(s.zone))))...)
		}
	}
	if shown == 0 {
		said.Append(t.Blocks("values.none")...)
	}
}

// bills are what is owed, the latest bill line by line, and the ones before.
func (s *scenario) bills(t *dialog.Turn, said dialog.Said, l *bill.Ledger) {
	latest := l.Latest()
	if latest == nil {
		said.Append(t.Blocks("bills.none")...)
		return
	}
	today := calendar.DateOf(t.Event.Now, s.zone)
	switch owed := l.Balance(today).Owed(); {
	case owed > 0:
		said.Append(t.Blocks("bills.owed", words.A("sum", roubles(owed)), words.A("due", words.Of(privacy.Money, day(latest.Due))))...)
	case owed < 0:
		said.Append(t.Blocks("bills.ahead", words.A("sum", roubles(-owed)))...)
	default:
		said.Append(t.Blocks("bills.paid")...)
	}
	said.Append(t.Blocks("bills.latest", words.A("month", words.Month(monthOf(latest.Period))), words.A("sum", roubles(latest.Charged()+latest.Fine)))...)
	said.Append(s.breakdown(t, latest)...)
	if len(l.Statements) > 1 {
		said.Append(t.Blocks("bills.earlier")...)
	}
	for i := len(l.Statements) - 2; i >= max(0, len(l.Statements)-listed); i-- {
		st := &l.Statements[i]
		said.Append(t.Blocks("bills.before", words.A("month", words.Month(monthOf(st.Period))), words.A("sum", roubles(st.Charged()+st.Fine)))...)
	}
}

// breakdown are the lines of a bill.
func (s *scenario) breakdown(t *dialog.Turn, st *bill.Statement) []chat.Block {
	var out []chat.Block
	for _, line := range st.Lines {
		out = append(out, t.Blocks("bills.energy", words.A("zone", t.Line("zone."+line.Zone.String())),
			words.A("kwh", reading(int64(line.KWh))), words.A("price", reading(words.Decimal(line.Price.String()))), words.A("sum", roubles(line.Sum)))...)
	}
	if st.Legal != nil {
		out = append(out, t.Blocks("bills.legal", words.A("kwh", reading(int64(st.Legal.KWh))), words.A("sum", roubles(st.Legal.Sum)))...)
	}
	if m := st.Method(); m != "" && m != charge.ByReadings {
		out = append(out, t.Blocks("bills.method."+string(m))...)
	}
	for _, more := range []struct {
		key string
		sum money.Kopecks
	}{{"bills.recalculated", st.Recalculated()}, {"bills.extra", st.Extra()}, {"bills.fine", st.Fine}} {
		if more.sum != 0 {
			out = append(out, t.Blocks(more.key, words.A("sum", roubles(more.sum)))...)
		}
	}
	return out
}

func (s *scenario) payments(t *dialog.Turn, said dialog.Said, l *bill.Ledger) {
	if len(l.Payments) == 0 {
		said.Append(t.Blocks("payments.none")...)
	}
	for i := len(l.Payments) - 1; i >= max(0, len(l.Payments)-listed); i-- {
		p := l.Payments[i]
		said.Append(t.Blocks("payments.line", words.A("on", words.Of(privacy.Money, day(p.Date))), words.A("sum", roubles(p.Sum)))...)
	}
}

// monthOf is the first day of a period, for showing it.
func monthOf(p billing.Period) time.Time {
	return time.Date(p.Year, p.Month, 1, 0, 0, 0, 0, time.UTC)
}

// day is a date, for showing it.
func day(d calendar.Date) time.Time { return d.At(0, time.UTC) }
