package receipt

import (
	"strconv"
	"strings"

	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
)

// sheet is a bill on its way to paper, block by block.
type sheet struct {
	*paper
	supplier *Supplier
	ledger   *bill.Ledger
	bill     *bill.Bill
}

// The two columns of the upper half: who pays and to whom, what and by when.
const (
	partiesWidth = 104.0
	payLeft      = 127.0
	payWidth     = right - payLeft
	codeSide     = 52.0 // with the quiet zone; 40 mm is the least that old cameras read
)

// header writes whose bill this is, and of which month.
func (s *sheet) header() {
	y := s.y
	s.font("B", heading, ink)
	for _, line := range s.lines(s.supplier.Payee.Name, partiesWidth, 3) {
		s.put(left, y, partiesWidth, "L", "B", heading, ink, line)
		y += heading * leading
	}
	y += 1
	for _, line := range []string{
		say("contacts", "phone", s.supplier.Phone) + ", " + say("hours", "hours", s.supplier.Hours),
		say("more_contacts", "site", s.supplier.Site, "email", s.supplier.Email),
	} {
		s.put(left, y, partiesWidth, "L", "", small, dim, line)
		y += small*leading + 0.4
	}
	s.put(payLeft, s.y, payWidth, "R", "B", 15, ink, say("title"))
	s.put(payLeft, s.y+7.4, payWidth, "R", "", plain, ink, say("period", "month", month(s.bill.Period)))
	s.put(payLeft, s.y+12, payWidth, "R", "", small, dim, say("issued", "date", day(s.bill.Issued)))
	s.y = max(y, s.y+16) + 1.5
	s.line(left, right, ink)
	s.y += 4
}

// parties writes payer and payee on the left, the sum and its code on the right.
func (s *sheet) parties(code []byte) {
	start := s.y
	s.toPay(code)
	below := s.y
	s.y = start
	l := s.ledger
	name := l.Payer.Name.Reveal()
	if name == "" {
		name = say("name_unknown")
	}
	contract := string(l.Contract.Number)
	if contract == string(l.Account.Number) {
		contract = "" // one number for both
	}
	s.fields("payer", [][2]string{
		{"account", string(l.Account.Number)},
		{"name", name},
		{"tax_id", l.Payer.TaxID},
		{"address", l.Payer.Address.Reveal()},
		{"contract", contract},
		{"unified", l.Contract.Unified},
		{"service_id", l.Contract.ServiceID()},
		{"group", say("group."+string(l.Consumer.Group), "category", strconv.Itoa(l.Contract.Category))},
	})
	s.y += 3
	p := &s.supplier.Payee
	s.fields("payee", [][2]string{
		{"payee_name", p.Name},
		{"inn_kpp", strings.Trim(p.INN+" / "+p.KPP, " /")},
		{"bank_account", p.Account},
		{"bank", p.Bank},
		{"bic", p.BIC},
		{"corresp", p.Corresp},
	})
	s.y = max(s.y, below)
}

// fields writes names and values, those that are known.
func (s *sheet) fields(title string, list [][2]string) {
	const label = 28.0
	s.put(left, s.y, partiesWidth, "L", "B", heading, ink, say(title))
	s.y += heading*leading + 1
	for _, f := range list {
		if strings.TrimSpace(f[1]) == "" {
			continue
		}
		s.put(left, s.y+0.4, label-2, "L", "", small, dim, say(f[0]))
		s.font("", plain, ink)
		for _, line := range s.lines(f[1], partiesWidth-label, 3) {
			s.put(left+label, s.y, partiesWidth-label, "L", "", plain, ink, line)
			s.y += plain*leading + 0.2
		}
		s.y += 0.6
	}
}

// toPay writes the one number, its day, and the code that pays it.
func (s *sheet) toPay(code []byte) {
	const height = 25.0
	s.pdf.SetFillColor(tint, tint, tint)
	s.pdf.Rect(payLeft, s.y, payWidth, height, "F")
	b, line := s.bill, ""
	switch {
	case b.ToPay() > 0 && b.Due.Before(b.On):
		line = say("overdue", "date", day(b.Due))
	case b.ToPay() > 0:
		line = say("until", "date", day(b.Due))
	case b.Total < 0:
		line = say("advance_left", "sum", roubles(b.Total.Abs()))
	default:
		line = say("nothing")
	}
	const x, w = payLeft + 4, payWidth - 8
	s.put(x, s.y+3, w, "L", "", plain, dim, say("to_pay"))
	s.put(x, s.y+8, w, "L", "B", 20, ink, say("rub", "sum", roubles(b.ToPay())))
	s.put(x, s.y+18.5, w, "L", "", plain, ink, line)
	s.y += height + 1
	if code == nil {
		return
	}
	s.picture(code, payLeft+(payWidth-codeSide)/2, s.y, codeSide)
	s.y += codeSide
	s.font("", small, dim)
	for _, line := range s.lines(say("scan"), payWidth-8, 2) {
		s.put(payLeft+4, s.y, payWidth-8, "C", "", small, dim, line)
		s.y += small*leading + 0.3
	}
}

// readings writes what the meter showed at both ends of the month.
func (s *sheet) readings() {
	s.head(say("readings"))
	if len(s.bill.Registers) == 0 {
		s.note(say("no_readings"))
		return
	}
	rows := make([][]string, 0, len(s.bill.Registers))
	for _, r := range s.bill.Registers {
		row := []string{string(r.Serial), r.Register + ", " + say("zone."+r.Zone.String())}
		for _, t := range []*bill.Taken{r.Before, r.After} {
			if t == nil {
				row = append(row, say("not_sent"), "")
			} else {
				row = append(row, kWh(t.Value), day(t.On))
			}
		}
		rows = append(rows, row)
	}
	s.table([]column{
		{say("meter"), 38, "L"},
		{say("register"), 46, "L"},
		{say("before"), 26, "R"},
		{say("date"), 22, "R"},
		{say("after"), 26, "R"},
		{say("date"), 22, "R"},
	}, rows)
}

// charges writes every line that makes the month's charge.
func (s *sheet) charges() {
	s.head(say("charges"))
	rows := s.energy()
	for _, r := range s.bill.Recalculations {
		rows = append(rows, []string{
			say("recalculation", "month", month(r.Period), "reason", say("reason."+string(r.Reason))), kWh(r.After - r.Before), "",
			say("recalculated", "before", kWh(r.Before), "after", kWh(r.After)), "", roubles(r.Sum),
		})
	}
	for _, e := range s.bill.Extras {
		if e.Kind == bill.Common {
			rows = append(rows, []string{say("common"), kWh(e.KWh), "", "", "", roubles(e.Sum)})
		} else {
			rows = append(rows, []string{say("extra", "code", e.Code), "", "", "", "", roubles(e.Sum)})
		}
	}
	if len(rows) == 0 {
		s.note(say("no_charges"))
		return
	}
	s.table([]column{
		{say("service"), 64, "L"},
		{say("volume"), 21, "R"},
		{"", 3, "L"}, // a gutter between a number and words
		{say("method"), 36, "L"},
		{say("price"), 26, "R"},
		{say("sum"), 30, "R"},
	}, rows)
	seen := map[string]bool{}
	for _, line := range s.bill.Lines {
		text := say("tariff", "act", line.Act, "since", day(line.Since))
		if line.Act != "" && !seen[text] {
			seen[text] = true
			s.note(text)
		}
	}
}

// energy lists the lines of the month's own energy.
func (s *sheet) energy() (rows [][]string) {
	first, after := charge.First(s.bill.Period), charge.First(s.bill.Period.Add(1))
	for _, line := range s.bill.Lines {
		text := say("energy", "zone", say("zone."+line.Zone.String()))
		if line.Range > 0 {
			text += say("range", "n", strconv.Itoa(line.Range))
		}
		if !line.From.IsZero() && (line.From != first || line.To != after) {
			text += say("days", "from", day(line.From), "to", day(line.To.Add(-1)))
		}
		rows = append(rows, []string{text, kWh(line.KWh), "", say("method." + string(line.Method)), number(line.Price.String()), roubles(line.Sum)})
	}
	if l := s.bill.Legal; l != nil {
		rows = append(rows,
			[]string{
				say("energy_legal", "voltage", say("voltage."+string(l.Voltage))), kWh(l.KWh), "",
				say("method." + string(l.Method)), number(l.Price.String()), roubles(l.Net),
			},
			[]string{say("vat", "rate", number(l.Rate.Percent())), "", "", "", "", roubles(l.VAT)},
		)
	}
	return rows
}

// balance writes how the charge of the month becomes what is to be paid.
func (s *sheet) balance() {
	b := s.bill
	s.room(50)
	s.head(say("balance", "date", day(b.On)))
	const x, label, sum = left, 128.0, 52.0
	for _, row := range [][2]string{
		{say("charged", "month", month(b.Period)), roubles(b.Charged)},
		{say("debt"), roubles(b.Debt)},
		{say("fines"), roubles(b.Fines)},
		{say("paid"), roubles(-b.Paid)},
		{say("advance"), roubles(-b.Advance)},
		{say("benefit"), roubles(b.Subsidy)},
	} {
		s.put(x+1, s.y, label, "L", "", plain, ink, row[0])
		s.put(x+label, s.y, sum-1, "R", "", plain, ink, row[1])
		s.y += plain*leading + 1
	}
	s.line(left, right, ink)
	s.y += 1.6
	total := "total"
	if b.Total < 0 {
		total = "total_advance"
	}
	s.put(x+1, s.y, label, "L", "B", heading, ink, say(total))
	s.put(x+label-20, s.y, sum+19, "R", "B", heading, ink, say("rub", "sum", roubles(b.Total.Abs())))
	s.y += heading*leading + 3
}

// notes writes what the payer should know besides.
func (s *sheet) notes() {
	if n := s.ledger.Notice; n != nil {
		s.note(say("notice", "sent", day(n.Sent), "after", day(n.After)))
	}
	if s.bill.FinesUnknown {
		s.note(say("fines_unknown"))
	}
	if s.ledger.Payer.Kind != debt.Business {
		s.note(say("late"))
	}
	s.note(say("dispute", "phone", s.supplier.Phone, "email", s.supplier.Email))
}
