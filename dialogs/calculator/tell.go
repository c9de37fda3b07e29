package calculator

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// tell says what it comes to, with the formula.
func (s *scenario) tell(_ context.Context, t *dialog.Turn) error {
	b := s.prices.Prices()
	if b == nil {
		t.Say("empty", t.Contacts()...).Offer(t.Scenario("calculator"), t.Scenario("operator"), t.Menu())
		return nil
	}
	c := bill.Calculator{Pricer: charge.Pricer{Book: b}, Consumer: consumer(t), On: s.today(t)}
	err := s.count(t, c)
	if errors.Is(err, charge.ErrVolume) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		t.Say("impossible", t.Contacts()...).Offer(t.Scenario("calculator"), t.Command("calculator.other", ""), t.Scenario("operator"), t.Menu())
		return nil
	}
	return err
}

func (s *scenario) count(t *dialog.Turn, c bill.Calculator) error {
	switch way.Of(t.Answers) {
	case byService:
		return s.tellService(t, c)
	case byNight:
		return s.tellNight(t, c)
	case byNorm:
		done, err := c.ByNorm()
		if err == nil {
			s.tellSum(t, c, &done)
		}
		return err
	}
	done, err := calculate(t, c)
	if err == nil {
		s.tellSum(t, c, &done)
	}
	return err
}

// calculate counts by what was said of each zone.
func calculate(t *dialog.Turn, c bill.Calculator) (bill.Calculation, error) {
	if way.Of(t.Answers) == byReadings {
		var values []bill.Values
		for i, z := range zones(t) {
			values = append(values, bill.Values{Zone: z, Before: beforeOf(t, i), After: after[i].Of(t.Answers)})
		}
		return c.ByReadings(values...)
	}
	var volumes []charge.Volume
	for i, z := range zones(t) {
		volumes = append(volumes, charge.Volume{Zone: z, KWh: used[i].Of(t.Answers), Method: charge.ByStatement})
	}
	return c.ByKWh(volumes...)
}

// own makes a value that follows from a linked account know its class: what a
// guest has said himself is public.
func own(t *dialog.Turn, class privacy.Class, v any) any {
	if !t.Answers.Has(string(account)) {
		return v
	}
	return words.Of(class, v)
}

func (s *scenario) tellSum(t *dialog.Turn, c bill.Calculator, done *bill.Calculation) {
	said := t.Say("sum.lead", words.A("sum", own(t, privacy.Money, rates.Sum(done.Sum))), words.A("kwh", own(t, privacy.Reading, words.KWh(done.KWh))))
	if done.Residents > 0 {
		said.Append(t.Blocks("sum.norm", words.A("norm", own(t, privacy.Reading, words.KWh(done.Norm.PerPerson))),
			words.A("n", own(t, privacy.Identity, done.Residents)), words.A("kwh", own(t, privacy.Reading, words.KWh(done.KWh))))...)
	}
	said.Append(formula(t, done)...)
	said.Append(s.version(t, c, done)...)
	s.offer(t, said, c)
}

func formula(t *dialog.Turn, done *bill.Calculation) []chat.Block {
	line := rates.Formula
	if t.Answers.Has(string(account)) {
		line = rates.Billed
	}
	ranged := rates.Ranged(done.Lines)
	var out []chat.Block
	for i := range done.Lines {
		if done.Lines[i].KWh > 0 || len(done.Lines) == 1 {
			out = append(out, line(t.Language(), &done.Lines[i], ranged)...)
		}
	}
	return out
}

// version says by which tariff it was counted.
func (s *scenario) version(t *dialog.Turn, c bill.Calculator, done *bill.Calculation) []chat.Block {
	key := "sum.tariff"
	if t.Answers.Has(string(account)) {
		key = "sum.account"
	}
	v := done.Version
	out := t.Blocks(key, words.A("title", account.Of(t.Answers).Title),
		words.A("group", own(t, privacy.Reading, lowered(rates.Group(t.Language(), v.Group)))), words.A("from", rates.Day(v.From)),
		words.A("number", v.Act.Number), words.A("signed", rates.Day(v.Act.Signed)))
	if c.Consumer.Heating && c.Pricer.Book.Heated(c.Consumer.Territory, c.On) {
		out = append(out, t.Blocks("sum.heating")...)
	}
	return out
}

// lowered makes the first letter of a name small, for the middle of a sentence.
func lowered(name string) string {
	letters := []rune(name)
	return strings.ToLower(string(letters[:1])) + string(letters[1:])
}

// offer shows the ways on.
func (s *scenario) offer(t *dialog.Turn, said dialog.Said, c bill.Calculator) {
	said.Offer(labelled(t.Scenario("calculator"), t.Line("more")))
	if way.Of(t.Answers) != byNight && way.Of(t.Answers) != byService {
		said.Offer(t.Command("calculator.night", ""))
	}
	if way.Of(t.Answers) != byService {
		g := c.Consumer.Group.Priced(c.Consumer.Rural)
		said.Offer(t.Command("tariffs.show", strings.ToLower(string(g))+"."+strconv.Itoa(int(max(c.Consumer.Plan, tariff.OneRate)))),
			t.Command("calculator.other", ""))
	}
	if way.Of(t.Answers) == byReadings {
		said.Offer(t.Scenario("readings"))
	}
	said.Offer(t.Resume(), t.Menu())
}

// labelled gives a choice another label.
func labelled(c chat.Choice, label string) chat.Choice {
	c.Label = label
	return c
}

// tellService says what a service costs, so many times.
func (s *scenario) tellService(t *dialog.Turn, c bill.Calculator) error {
	o, err := c.ByService(service.Of(t.Answers), count.Of(t.Answers))
	if err != nil {
		return err
	}
	key := "service.sum"
	if o.Service.ByCost {
		key = "service.most"
	}
	said := t.Say(key, words.A("title", titleIn(t, o.Service.Titles)), words.A("sum", rates.Sum(o.Sum)))
	if o.Count > 1 {
		said.Append(t.Blocks("service.formula", words.A("price", rates.Sum(o.Service.Price)), words.A("n", o.Count), words.A("sum", rates.Sum(o.Sum)))...)
	}
	said.Append(t.Blocks("service.version", words.A("from", rates.Day(o.Service.From)))...)
	s.offer(t, said, c)
	return nil
}

// zonesService is how the code of programming a meter for zones ends in the price
// list (spec §5.3).
const zonesService = "-03"

// tellNight says whether two zones pay.
func (s *scenario) tellNight(t *dialog.Turn, c bill.Calculator) error {
	day, night := used[0].Of(t.Answers), used[1].Of(t.Answers)
	var price money.Kopecks
	for _, x := range s.services(t) {
		if strings.HasSuffix(x.Code, zonesService) {
			price = x.Price
		}
	}
	o, err := c.Night(day, night, price)
	if err != nil {
		return err
	}
	key := "night.same"
	switch {
	case o.Saves > 0:
		key = "night.saves"
	case o.Saves < 0:
		key = "night.costs"
	}
	sum := func(name string, k money.Kopecks) words.Arg {
		return words.A(name, own(t, privacy.Money, rates.Sum(k)))
	}
	said := t.Say(key, sum("sum", o.Saves.Abs()))
	said.Append(t.Blocks("night.both", sum("one", o.OneRate.Sum), sum("two", o.Zones.Sum))...)
	said.Append(formula(t, &o.Zones)...)
	if o.BreakEven < 1000 && day+night > 0 {
		said.Append(t.Blocks("night.even", words.A("even", tenths(o.BreakEven)), words.A("share", tenths(share(night, day+night))))...)
	}
	if o.PaysBack > 0 && price > 0 && c.Consumer.Plan <= tariff.OneRate {
		said.Append(t.Blocks("night.pays", words.A("price", rates.Sum(price)), words.A("n", o.PaysBack))...)
	}
	said.Append(s.version(t, c, &o.Zones)...)
	s.offer(t, said, c)
	return nil
}

// share is a part in tenths of a per cent, half-up.
func share(part, of billing.KWh) int { return int((part*1000 + of/2) / of) }

// tenths shows tenths of a per cent: 194 is 19,4.
func tenths(n int) words.Decimal {
	if n%10 == 0 {
		return words.Decimal(strconv.Itoa(n / 10))
	}
	return words.Decimal(strconv.Itoa(n/10) + "." + strconv.Itoa(n%10))
}
