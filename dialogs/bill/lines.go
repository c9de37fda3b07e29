package bill

import (
	"okoshko/core/billing/bill"
	"okoshko/core/billing/debt"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// lines is what a month was charged for, line by line (Rules 354, п. 69).
func (s *scenario) lines(t *dialog.Turn, a *account, st *bill.Statement) error {
	said := t.Say("lines.lead", words.A("title", a.link.Title()), words.A("month", rates.Month(st.Period)))
	said.Append(registers(t, st)...)
	ranged := rates.Ranged(st.Lines)
	for i := range st.Lines {
		said.Append(rates.Billed(t.Language(), &st.Lines[i], ranged)...)
	}
	if l := st.Legal; l != nil {
		said.Append(t.Blocks("lines.net", words.A("kwh", rates.Used(l.KWh)), words.A("price", words.Of(privacy.Reading, rates.Price(l.Price))),
			words.A("sum", rates.Owed(l.Net)))...)
		said.Append(t.Blocks("lines.vat", words.A("rate", words.Decimal(l.Rate.Percent())), words.A("sum", rates.Owed(l.VAT)))...)
	}
	if key := methodKey(st.Method()); key != "" {
		said.Append(t.Blocks(key)...)
	}
	for _, r := range st.Recalculations {
		said.Append(t.Blocks("lines.recalculation", words.A("month", rates.Month(r.Period)), words.A("reason", t.Line("reason."+string(r.Reason))),
			words.A("before", rates.Used(r.Before)), words.A("after", rates.Used(r.After)), words.A("sum", rates.Owed(r.Sum)))...)
	}
	for _, x := range st.Extras {
		said.Append(t.Blocks("lines."+string(x.Kind), words.A("sum", rates.Owed(x.Sum)))...)
	}
	if st.Fine != 0 {
		said.Append(t.Blocks("lines.fine", words.A("sum", rates.Owed(st.Fine)))...)
	}
	said.Append(t.Blocks("lines.sum", words.A("sum", rates.Owed(st.Charged()+st.Fine)))...)
	if len(st.Lines) > 0 {
		said.Append(t.Blocks("lines.tariff", words.A("act", st.Lines[0].Act), words.A("since", words.Of(privacy.Reading, rates.Day(st.Lines[0].Since))))...)
	}
	parts, err := installments(t, a, st, s.Days)
	if err != nil {
		return err
	}
	said.Append(parts...)
	s.offer(t, said, a, t.Command("bill.why", st.Period.String()), t.Command("bill.months", ""), t.Scenario("bill"))
	return nil
}

// registers are the states of the meter at both ends of a month.
func registers(t *dialog.Turn, st *bill.Statement) (out []chat.Block) {
	value := func(x *bill.Taken) any { return words.Of(privacy.Reading, int64(x.Value)) }
	on := func(x *bill.Taken) any { return words.Of(privacy.Reading, rates.Day(x.On)) }
	for _, r := range st.Registers {
		zone := words.A("zone", rates.Zone(t.Language(), r.Zone))
		switch {
		case r.Before != nil && r.After != nil:
			out = append(out, t.Blocks("lines.register", zone, words.A("before", value(r.Before)), words.A("from", on(r.Before)),
				words.A("after", value(r.After)), words.A("to", on(r.After)))...)
		case r.Before != nil:
			out = append(out, t.Blocks("lines.silent", zone, words.A("before", value(r.Before)), words.A("from", on(r.Before)))...)
		}
	}
	return out
}

// installments say in which parts a business pays the month (Act 442, п. 82).
func installments(t *dialog.Turn, a *account, st *bill.Statement, days *calendar.Production) ([]chat.Block, error) {
	if a.Payer.Kind != debt.Business {
		return nil, nil
	}
	parts, err := a.Installments(st, days)
	if err != nil {
		return nil, err
	}
	out := t.Blocks("lines.parts")
	for _, p := range parts {
		key := "lines.part"
		if p.Percent == 0 {
			key = "lines.rest"
		}
		out = append(out, t.Blocks(key, words.A("percent", p.Percent), words.A("due", dated(p.Due)), words.A("sum", rates.Owed(p.Sum)))...)
	}
	return out, nil
}
