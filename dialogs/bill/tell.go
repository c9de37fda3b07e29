package bill

import (
	"errors"
	"slices"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// category1 is the one price category whose energy is not priced by the hour
// (Act 442).
const category1 = 1

// tell shows a view of an account, with the file that was made for it.
func (s *scenario) tell(t *dialog.Turn, a *account, file *chat.File) error {
	book := s.Prices.Prices()
	latest := a.Latest()
	switch {
	case book == nil:
		t.Say("empty", t.Contacts()...).Offer(t.Scenario("bill"), t.Scenario("operator"), t.Menu())
		return nil
	case view.Of(t.Answers) == documents:
		s.documents(t, a)
		return nil
	case view.Of(t.Answers) == document:
		s.document(t, a, file)
		return nil
	case latest == nil && a.Contract.Category > category1:
		return s.hourly(t, a, book)
	case latest == nil:
		s.offer(t, t.Say("none", words.A("title", a.link.Title())), a)
		return nil
	}
	st := a.month(of.Of(t.Answers))
	switch view.Of(t.Answers) {
	case why:
		return s.why(t, a, st, book)
	case lines:
		return s.lines(t, a, st)
	case months:
		s.months(t, a)
		return nil
	case month:
		return s.month(t, a, st, book)
	case chart:
		if file != nil {
			s.chart(t, a, file)
			return nil
		}
		return s.total(t, a, latest, book)
	case paper:
		return s.paper(t, a, st, book, file)
	default:
		return s.total(t, a, latest, book)
	}
}

func (s *scenario) today(t *dialog.Turn) calendar.Date { return calendar.DateOf(t.Event.Now, s.zone) }

// dated is a day of an account's money.
func dated(d calendar.Date) any { return words.Of(privacy.Money, rates.Day(d)) }

// total is what is to be paid today, and by when: the one number first (spec
// §2.4), what it is made of after it.
func (s *scenario) total(t *dialog.Turn, a *account, st *bill.Statement, book *tariff.Book) error {
	today := s.today(t)
	b, err := a.Bill(st.Period, today, book)
	if err != nil {
		return err
	}
	key := "total.due"
	switch {
	case b.Total < 0:
		key = "total.ahead"
	case b.Total == 0:
		key = "total.paid"
	case b.Due.Before(today):
		key = "total.late"
	}
	said := t.Say(key, words.A("title", a.link.Title()), words.A("sum", rates.Owed(b.Total.Abs())), words.A("due", dated(b.Due)))
	said.Append(t.Blocks("total.charged", words.A("month", rates.Month(st.Period)), words.A("sum", rates.Owed(b.Charged)))...)
	for _, part := range []struct {
		key string
		sum money.Kopecks
	}{{"total.debt", b.Debt}, {"total.fines", b.Fines}, {"total.received", b.Paid}, {"total.advance", b.Advance}} {
		if part.sum != 0 {
			said.Append(t.Blocks(part.key, words.A("sum", rates.Owed(part.sum)))...)
		}
	}
	if b.Overdue > 0 {
		said.Append(t.Blocks("total.overdue", words.A("sum", rates.Owed(b.Overdue)))...)
	}
	if b.FinesUnknown {
		said.Append(t.Blocks("total.fines_unknown")...)
	}
	if n := a.Notice; n != nil && b.Overdue > 0 {
		key := "total.notice"
		if !today.Before(n.After) {
			key = "total.restricted"
		}
		said.Append(t.Blocks(key, words.A("sent", dated(n.Sent)), words.A("after", dated(n.After)))...)
	}
	if b.Subsidy > 0 {
		said.Append(t.Blocks("total.subsidy", words.A("sum", rates.Owed(b.Subsidy)))...)
	}
	if key := methodKey(st.Method()); key != "" {
		said.Append(t.Blocks(key)...)
	}
	if b.Total > 0 && !a.Account.Legal { // organisations pay from their own bank
		said.Offer(t.Scenario("payment"))
	}
	s.offer(t, said, a, t.Command("bill.why", st.Period.String()), t.Command("bill.lines", st.Period.String()),
		t.Command("bill.months", ""), s.printed(t, st), s.filed(t, a), s.drawn(t))
	return nil
}

// methodKey is the key of what is said of the way in which a volume was found;
// nothing is said of readings, and of a month without energy.
func methodKey(m charge.Method) string {
	if m == "" || m == charge.ByReadings {
		return ""
	}
	return "method." + string(m)
}

// offer shows the ways on, and the choice of another account if there is one.
func (s *scenario) offer(t *dialog.Turn, said dialog.Said, a *account, choices ...chat.Choice) {
	said.Offer(choices...)
	if a.several {
		said.Offer(t.Command("account.list", ""))
	}
	if a.Contract.Category <= category1 { // the others are read by the hour
		said.Offer(t.Scenario("readings"))
	}
	said.Offer(t.Scenario("account"), t.Menu())
}

// why says why the bill of a month is what it is, in the order of spec §2.4: the
// total, what changed, how the volume was found, what to do about it.
func (s *scenario) why(t *dialog.Turn, a *account, st *bill.Statement, book *tariff.Book) error {
	e, err := a.Explain(st.Period, charge.Pricer{Book: book})
	if err != nil {
		return err
	}
	args := []words.Arg{
		words.A("title", a.link.Title()), words.A("month", rates.Month(e.Now.Period)), words.A("now", rates.Owed(e.Now.Total)),
	}
	if e.Before == nil {
		said := t.Say("why.first", args...)
		said.Append(s.method(t, st)...)
		s.offer(t, said, a, t.Command("bill.lines", st.Period.String()), t.Scenario("operator"))
		return nil
	}
	difference := e.Now.Total - e.Before.Total
	args = append(args, words.A("before", rates.Owed(e.Before.Total)), words.A("earlier", rates.Month(e.Before.Period)),
		words.A("difference", rates.Owed(difference.Abs())))
	said := t.Say("why."+trend(difference, "same"), args...)
	for _, c := range e.Causes {
		said.Append(causeBlocks(t, &e, c)...)
	}
	said.Append(s.method(t, st)...)
	if e.MethodChanged {
		said.Append(t.Blocks("why.method_changed")...)
	}
	said.Append(t.Blocks("why.dispute")...)
	s.offer(t, said, a, t.Command("bill.lines", st.Period.String()), t.Scenario("operator"))
	return nil
}

// trend tells more from less.
func trend(k money.Kopecks, same string) string {
	switch {
	case k > 0:
		return "more"
	case k < 0:
		return "less"
	default:
		return same
	}
}

// causeBlocks say a cause with its sum, and what it is about where a month has it.
func causeBlocks(t *dialog.Turn, e *bill.Explanation, c bill.Cause) []chat.Block {
	key := "cause." + string(c.Kind)
	args := []words.Arg{words.A("sum", rates.Owed(c.Sum.Abs()))}
	switch c.Kind {
	case bill.CauseVolume:
		args = append(args, words.A("now", rates.Used(e.Now.KWh)), words.A("before", rates.Used(e.Before.KWh)))
	case bill.CauseTariff:
		if e.Now.Price.Equal(e.Before.Price) {
			key = "cause.ranges"
		} else {
			args = append(args, words.A("now", words.Of(privacy.Reading, rates.Price(e.Now.Price))),
				words.A("before", words.Of(privacy.Reading, rates.Price(e.Before.Price))))
		}
	}
	return t.Blocks(key+"."+trend(c.Sum, "more"), args...)
}

// method says how the volume of a month was found (Rules 354, п. 69).
func (s *scenario) method(t *dialog.Turn, st *bill.Statement) []chat.Block {
	if st.Method() == charge.ByReadings {
		return t.Blocks("why.by_readings")
	}
	if key := methodKey(st.Method()); key != "" {
		return t.Blocks(key)
	}
	return nil
}

// mostMonths is how many months back are listed; mostChosen of them by button: no
// more than the widget has room for beside the others.
const (
	mostMonths = 12
	mostChosen = 6
)

// months lists what each month was charged for.
func (s *scenario) months(t *dialog.Turn, a *account) {
	said := t.Say("months.lead", words.A("title", a.link.Title()))
	list := slices.Clone(a.Statements[max(0, len(a.Statements)-mostMonths):])
	slices.Reverse(list)
	var choices []chat.Choice
	for i := range list {
		st := &list[i]
		said.Append(t.Blocks("months.line", words.A("month", rates.Month(st.Period)),
			words.A("kwh", rates.Used(st.KWh())), words.A("sum", rates.Owed(st.Charged()+st.Fine)))...)
		if len(choices) < mostChosen {
			c := t.Command("bill.month", st.Period.String())
			c.Label = t.Line("months.label_of", words.A("month", rates.Month(st.Period)))
			choices = append(choices, c)
		}
	}
	s.offer(t, said, a, append(choices, s.drawn(t), t.Scenario("bill"))...)
}

// month is the bill of a month as it was printed, and whether it is paid.
func (s *scenario) month(t *dialog.Turn, a *account, st *bill.Statement, book *tariff.Book) error {
	printed, err := a.Bill(st.Period, st.Issued, book)
	if err != nil {
		return err
	}
	said := t.Say("month.lead", words.A("title", a.link.Title()), words.A("month", rates.Month(st.Period)))
	said.Append(t.Blocks("month.charged", words.A("sum", rates.Owed(st.Charged())), words.A("kwh", rates.Used(st.KWh())))...)
	key := "month.printed"
	if printed.Total < 0 {
		key = "month.ahead"
	}
	said.Append(t.Blocks(key, words.A("sum", rates.Owed(printed.Total.Abs())), words.A("issued", dated(st.Issued)), words.A("due", dated(st.Due)))...)
	if open := s.unpaid(t, a, st.Period); open > 0 {
		said.Append(t.Blocks("month.open", words.A("sum", rates.Owed(open)))...)
	} else {
		said.Append(t.Blocks("month.settled")...)
	}
	s.offer(t, said, a, t.Command("bill.why", st.Period.String()), t.Command("bill.lines", st.Period.String()),
		t.Command("bill.months", ""), s.printed(t, st))
	return nil
}

// unpaid is what of a month is not paid today.
func (s *scenario) unpaid(t *dialog.Turn, a *account, p billing.Period) (sum money.Kopecks) {
	balance := a.Balance(s.today(t))
	for i := range balance.Tranches {
		if balance.Tranches[i].Period == p {
			sum += balance.Tranches[i].Open
		}
	}
	return sum
}

// hourly is for those whose energy is priced by the hour: what the latest month
// came to, where its documents are, and what an hour and a MW cost in it
// (R-5.1.2-h; spec §2.2).
func (s *scenario) hourly(t *dialog.Turn, a *account, book *tariff.Book) error {
	key := "hourly.lead"
	if !t.May(privacy.Identity) { // the category stands in the contract
		key = "hourly.plain"
	}
	said := t.Say(key, words.A("title", a.link.Title()), words.A("category", words.Of(privacy.Identity, a.Contract.Category)))
	months := a.DocumentMonths()
	if len(months) > 0 {
		if d := a.Document(bill.Invoice, months[0]); d != nil && d.Hourly != nil {
			h := d.Hourly
			said.Append(t.Blocks("hourly.month", words.A("month", rates.Month(d.Period)), words.A("sum", rates.Owed(d.Total())))...)
			said.Append(t.Blocks("hourly.energy", words.A("kwh", rates.Used(h.KWh)), words.A("sum", rates.Owed(h.Energy)))...)
			said.Append(t.Blocks("hourly.capacity", words.A("kw", words.Of(privacy.Reading, h.Capacity)), words.A("sum", rates.Owed(h.CapacitySum)))...)
			if h.UpkeepSum != 0 {
				said.Append(t.Blocks("hourly.upkeep", words.A("kw", words.Of(privacy.Reading, h.Upkeep)), words.A("sum", rates.Owed(h.UpkeepSum)))...)
			}
			said.Append(t.Blocks("hourly.vat", words.A("rate", words.Decimal(h.Rate.Percent())), words.A("sum", rates.Owed(h.VAT)), words.A("due", dated(d.Due)))...)
			prices, err := book.Hourly(d.Period, h.Category, h.Power, h.Voltage, calendar.Published())
			if err != nil && !errors.Is(err, tariff.ErrNoPrice) {
				return err
			}
			if err == nil {
				said.Append(t.Blocks("hourly.prices", words.A("least", rates.Owed(slices.Min(prices.Hours))), words.A("most", rates.Owed(slices.Max(prices.Hours))))...)
			}
		}
	} else {
		said.Append(t.Blocks("hourly.bill", t.Contacts()...)...)
	}
	s.offer(t, said, a, s.filed(t, a), t.Command("tariffs.business", ""), t.Scenario("operator"))
	return nil
}
