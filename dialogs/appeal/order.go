package appeal

import (
	"slices"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// ordering is the category by which services are ordered: the application that asks
// for one. nil: there is none, or no price list.
func (s *scenario) ordering(t *dialog.Turn) *appeal.Category {
	if s.Shelf.Prices() == nil || len(s.services(t)) == 0 {
		return nil
	}
	list := s.forms().Offered(appeal.Application, s.reader(t), s.today(t))
	i := slices.IndexFunc(list, orders)
	if i < 0 {
		return nil
	}
	return list[i]
}

// orders reports whether a category asks for a service to be done.
func orders(c *appeal.Category) bool {
	return c.Kind == appeal.Application && slices.ContainsFunc(c.Form, func(i appeal.Item) bool { return i.Type == appeal.Service })
}

// services is the price list of the day for whom the form is.
func (s *scenario) services(t *dialog.Turn) []tariff.Service {
	book := s.Shelf.Prices()
	if book == nil {
		return nil
	}
	of := map[knowledge.Audience]tariff.Audience{knowledge.Individuals: tariff.Household, knowledge.Companies: tariff.Business}
	a, known := of[s.who(t, nil)]
	if !known {
		a = tariff.Everybody
	}
	return book.Services(a, s.today(t))
}

func (f field) serviceOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, one := range f.services(t) {
		title := in(t, one.Titles)
		out = append(out, dialog.Option{
			ID: plainID(one.Code), Label: short(title),
			Line: "service." + costs(one), Args: []words.Arg{words.A("name", title), words.A("price", rates.Sum(one.Price))},
		})
	}
	return out
}

// short is what a button shows of a title.
func short(title string) string {
	const most = 60 // letters
	letters := []rune(title)
	if len(letters) <= most {
		return title
	}
	cut := string(letters[:most])
	return strings.TrimRight(cut[:strings.LastIndexByte(cut, ' ')], " ,") + "…"
}

// named is the one service whose title has every word of a text, in some form.
func (f field) named(t *dialog.Turn) (code string, found bool) {
	const stem = 4 // letters that forms of a word have in common
	var hits []string
	for _, one := range f.services(t) {
		title := strings.Fields(words.Normalise(in(t, one.Titles)))
		misses := slices.ContainsFunc(strings.Fields(words.Normalise(t.Text)), func(word string) bool {
			start := []rune(word)
			return len(start) >= stem && !slices.ContainsFunc(title, func(w string) bool { return strings.HasPrefix(w, string(start[:stem])) })
		})
		if !misses {
			hits = append(hits, one.Code)
		}
	}
	if len(hits) != 1 {
		return "", false
	}
	return hits[0], true
}

// serviceOf is the code of the service that an option stands for.
func (f field) serviceOf(t *dialog.Turn, id string) (string, bool) {
	list := f.services(t)
	i := slices.IndexFunc(list, func(one tariff.Service) bool { return plainID(one.Code) == id })
	if i < 0 {
		return "", false
	}
	return list[i].Code, true
}

// service returns the service that is ordered, or asked about.
func (s *scenario) service(t *dialog.Turn) (tariff.Service, bool) {
	c, book := s.chosen(t), s.Shelf.Prices()
	if c == nil || book == nil {
		return tariff.Service{}, false
	}
	for _, item := range c.Form {
		if item.Type == appeal.Service {
			one, err := book.Service(fieldSlot(item.Name).Of(t.Answers).one(), s.today(t))
			return one, err == nil
		}
	}
	return tariff.Service{}, false
}

func (f field) serviceName(t *dialog.Turn, code string) string {
	one, found := f.service(t)
	if !found {
		return code
	}
	return in(t, one.Titles)
}

// costs says what kind of price a service has: a key of words.
func costs(one tariff.Service) string {
	switch {
	case one.ByCost:
		return "most"
	case one.Price == 0:
		return "free"
	}
	return "priced"
}

// notes add to the summary what it costs, and where secrets are asked for.
func (s *scenario) notes(t *dialog.Turn) []chat.Block {
	c := s.chosen(t)
	if c == nil {
		return nil
	}
	var out []chat.Block
	if one, found := s.service(t); found && orders(c) {
		out = t.Blocks("summary."+costs(one), words.A("price", rates.Sum(one.Price)))
	}
	if c.Secure(s.who(t, c)) {
		out = append(out, t.Blocks("summary.secure")...)
	}
	return out
}

// advance is what is paid for a service before it is done: its price, unless that is
// known only afterwards.
func advance(one tariff.Service) money.Kopecks {
	if price := money.Kopecks(one.Price); costs(one) == "priced" && payment.Check(price) == nil {
		return price
	}
	return 0
}

// offerPayment offers to pay the service that was ordered, now or later (R-5.1.3-f).
func (s *scenario) offerPayment(t *dialog.Turn, telling dialog.Said, c *appeal.Category, n appeal.Number) {
	one, found := s.service(t)
	pay := t.Command("payment.service", n.Code())
	if !found || !orders(c) || advance(one) == 0 || pay.Label == "" {
		return
	}
	pay.Label = t.Line("registered.pay", words.A("price", rates.Sum(one.Price)))
	telling.Append(t.Blocks("registered.priced", words.A("price", rates.Sum(one.Price)))...).Offer(pay)
}

// termOf is how long a service takes; zero if the price list does not say.
func termOf(one tariff.Service) calendar.Term {
	units := map[tariff.TermUnit]calendar.Unit{
		tariff.Hours: calendar.ClockHours, tariff.WorkingDays: calendar.WorkingDays, tariff.Months: calendar.Months,
	}
	if one.Term == 0 {
		return calendar.Term{}
	}
	return calendar.Term{N: one.Term, Unit: units[one.TermUnit]}
}
