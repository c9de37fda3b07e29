package receipt

import (
	"strconv"
	"strings"

	"okoshko/adapters/paper"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
)

// sheet is a bill on its way to paper, block by block.
type sheet struct {
	*paper.Paper
	supplier *bill.Supplier
	ledger   *bill.Ledger
	bill     *bill.Bill
}

// The two columns of the upper half: who pays and to whom, what and by when.
const (
	partiesWidth = 104.0
	payLeft      = 127.0
	payWidth     = paper.Right - payLeft
	codeSide     = 52.0 // with the quiet zone; 40 mm is the least that old cameras read
)

// header writes whose bill this is, and of which month.
func (s *sheet) header() {
	y := s.Y
	s.Font("B", paper.Heading, paper.Ink)
	for _, line := range s.Lines(s.supplier.Payee.Name, partiesWidth, 3) {
		s.Put(paper.Left, y, partiesWidth, "L", "B", paper.Heading, paper.Ink, line)
		y += paper.Heading * paper.Leading
	}
	y += 1
	for _, line := range []string{
		say("contacts", "phone", s.supplier.Phone) + ", " + say("hours", "hours", s.supplier.Hours),
		say("more_contacts", "site", s.supplier.Site, "email", s.supplier.Email),
	} {
		s.Put(paper.Left, y, partiesWidth, "L", "", paper.Small, paper.Dim, line)
		y += paper.Small*paper.Leading + 0.4
	}
	s.Put(payLeft, s.Y, payWidth, "R", "B", 15, paper.Ink, say("title"))
	s.Put(payLeft, s.Y+7.4, payWidth, "R", "", paper.Plain, paper.Ink, say("period", "month", texts.Month(s.bill.Period)))
	s.Put(payLeft, s.Y+12, payWidth, "R", "", paper.Small, paper.Dim, say("issued", "date", paper.Day(s.bill.Issued)))
	s.Y = max(y, s.Y+16) + 1.5
	s.Line(paper.Left, paper.Right, paper.Ink)
	s.Y += 4
}

// parties writes payer and payee on the left, the sum and its code on the right.
func (s *sheet) parties(code []byte) {
	start := s.Y
	s.toPay(code)
	below := s.Y
	s.Y = start
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
	s.Y += 3
	p := &s.supplier.Payee
	s.fields("payee", [][2]string{
		{"payee_name", p.Name},
		{"inn_kpp", strings.Trim(p.INN+" / "+p.KPP, " /")},
		{"bank_account", p.Account},
		{"bank", p.Bank},
		{"bic", p.BIC},
		{"corresp", p.Corresp},
	})
	s.Y = max(s.Y, below)
}

// fields writes names and values, those that are known.
func (s *sheet) fields(title string, list [][2]string) {
	const label = 28.0
	s.Put(paper.Left, s.Y, partiesWidth, "L", "B", paper.Heading, paper.Ink, say(title))
	s.Y += paper.Heading*paper.Leading + 1
	for _, f := range list {
		if strings.TrimSpace(f[1]) == "" {
			continue
		}
		s.Put(paper.Left, s.Y+0.4, label-2, "L", "", paper.Small, paper.Dim, say(f[0]))
		s.Font("", paper.Plain, paper.Ink)
		for _, line := range s.Lines(f[1], partiesWidth-label, 3) {
			s.Put(paper.Left+label, s.Y, partiesWidth-label, "L", "", paper.Plain, paper.Ink, line)
			s.Y += paper.Plain*paper.Leading + 0.2
		}
		s.Y += 0.6
	}
}

// toPay writes the one number, its day, and the code that pays it.
func (s *sheet) toPay(code []byte) {
	const height = 25.0
	s.Fill(payLeft, s.Y, payWidth, height, paper.Tint)
	b, line := s.bill, ""
	switch {
	case b.ToPay() > 0 && b.Due.Before(b.On):
		line = say("overdue", "date", paper.Day(b.Due))
	case b.ToPay() > 0:
		line = say("until", "date", paper.Day(b.Due))
	case b.Total < 0:
		line = say("advance_left", "sum", paper.Roubles(b.Total.Abs()))
	default:
		line = say("nothing")
	}
	const x, w = payLeft + 4, payWidth - 8
	s.Put(x, s.Y+3, w, "L", "", paper.Plain, paper.Dim, say("to_pay"))
	s.Put(x, s.Y+8, w, "L", "B", 20, paper.Ink, say("rub", "sum", paper.Roubles(b.ToPay())))
	s.Put(x, s.Y+18.5, w, "L", "", paper.Plain, paper.Ink, line)
	s.Y += height + 1
	if code == nil {
		return
	}
	s.Picture(code, payLeft+(payWidth-codeSide)/2, s.Y, codeSide)
	s.Y += codeSide
	s.Font("", paper.Small, paper.Dim)
	for _, line := range s.Lines(say("scan"), payWidth-8, 2) {
		s.Put(payLeft+4, s.Y, payWidth-8, "C", "", paper.Small, paper.Dim, line)
		s.Y += paper.Small*paper.Leading + 0.3
	}
}

// readings writes what the meter showed at both ends of the month.
func (s *sheet) readings() {
	s.Head(say("readings"))
	if len(s.bill.Registers) == 0 {
		s.Note(say("no_readings"))
		return
	}
	rows := make([][]string, 0, len(s.bill.Registers))
	for _, r := range s.bill.Registers {
		row := []string{string(r.Serial), r.Register + ", " + say("zone."+r.Zone.String())}
		for _, t := range []*bill.Taken{r.Before, r.After} {
			if t == nil {
				row = append(row, say("not_sent"), "")
			} else {
				row = append(row, paper.KWh(t.Value), paper.Day(t.On))
			}
		}
		rows = append(rows, row)
	}
	s.Table([]paper.Column{
		{Title: say("meter"), Width: 38, Align: "L"},
		{Title: say("register"), Width: 46, Align: "L"},
		{Title: say("before"), Width: 26, Align: "R"},
		{Title: say("date"), Width: 22, Align: "R"},
		{Title: say("after"), Width: 26, Align: "R"},
		{Title: say("date"), Width: 22, Align: "R"},
	}, rows)
}

// charges writes every line that makes the month's charge.
func (s *sheet) charges() {
	s.Head(say("charges"))
	rows := s.energy()
	for _, r := range s.bill.Recalculations {
		rows = append(rows, []string{
			say("recalculation", "month", texts.Month(r.Period), "reason", say("reason."+string(r.Reason))), paper.KWh(r.After - r.Before), "",
			say("recalculated", "before", paper.KWh(r.Before), "after", paper.KWh(r.After)), "", paper.Roubles(r.Sum),
		})
	}
	for _, e := range s.bill.Extras {
		if e.Kind == bill.Common {
			rows = append(rows, []string{say("common"), paper.KWh(e.KWh), "", "", "", paper.Roubles(e.Sum)})
		} else {
			rows = append(rows, []string{say("extra", "code", e.Code), "", "", "", "", paper.Roubles(e.Sum)})
		}
	}
	if len(rows) == 0 {
		s.Note(say("no_charges"))
		return
	}
	s.Table([]paper.Column{
		{Title: say("service"), Width: 64, Align: "L"},
		{Title: say("volume"), Width: 21, Align: "R"},
		{Title: "", Width: 3, Align: "L"}, // a gutter between a number and words
		{Title: say("method"), Width: 36, Align: "L"},
		{Title: say("price"), Width: 26, Align: "R"},
		{Title: say("sum"), Width: 30, Align: "R"},
	}, rows)
	seen := map[string]bool{}
	for _, line := range s.bill.Lines {
		text := say("tariff", "act", line.Act, "since", paper.Day(line.Since))
		if line.Act != "" && !seen[text] {
			seen[text] = true
			s.Note(text)
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
			text += say("days", "from", paper.Day(line.From), "to", paper.Day(line.To.Add(-1)))
		}
		rows = append(rows, []string{text, paper.KWh(line.KWh), "", say("method." + string(line.Method)), paper.Number(line.Price.String()), paper.Roubles(line.Sum)})
	}
	if l := s.bill.Legal; l != nil {
		rows = append(rows,
			[]string{
				say("energy_legal", "voltage", say("voltage."+string(l.Voltage))), paper.KWh(l.KWh), "",
				say("method." + string(l.Method)), paper.Number(l.Price.String()), paper.Roubles(l.Net),
			},
			[]string{say("vat", "rate", paper.Number(l.Rate.Percent())), "", "", "", "", paper.Roubles(l.VAT)},
		)
	}
	return rows
}

// balance writes how the charge of the month becomes what is to be paid.
func (s *sheet) balance() {
	b := s.bill
	s.Room(50)
	s.Head(say("balance", "date", paper.Day(b.On)))
	const x, label, sum = paper.Left, 128.0, 52.0
	for _, row := range [][2]string{
		{say("charged", "month", texts.Month(b.Period)), paper.Roubles(b.Charged)},
		{say("debt"), paper.Roubles(b.Debt)},
		{say("fines"), paper.Roubles(b.Fines)},
		{say("paid"), paper.Roubles(-b.Paid)},
		{say("advance"), paper.Roubles(-b.Advance)},
		{say("benefit"), paper.Roubles(b.Subsidy)},
	} {
		s.Put(x+1, s.Y, label, "L", "", paper.Plain, paper.Ink, row[0])
		s.Put(x+label, s.Y, sum-1, "R", "", paper.Plain, paper.Ink, row[1])
		s.Y += paper.Plain*paper.Leading + 1
	}
	s.Line(paper.Left, paper.Right, paper.Ink)
	s.Y += 1.6
	total := "total"
	if b.Total < 0 {
		total = "total_advance"
	}
	s.Put(x+1, s.Y, label, "L", "B", paper.Heading, paper.Ink, say(total))
	s.Put(x+label-20, s.Y, sum+19, "R", "B", paper.Heading, paper.Ink, say("rub", "sum", paper.Roubles(b.Total.Abs())))
	s.Y += paper.Heading*paper.Leading + 3
}

// notes writes what the payer should know besides.
func (s *sheet) notes() {
	if n := s.ledger.Notice; n != nil {
		s.Note(say("notice", "sent", paper.Day(n.Sent), "after", paper.Day(n.After)))
	}
	if s.bill.FinesUnknown {
		s.Note(say("fines_unknown"))
	}
	if s.ledger.Payer.Kind != debt.Business {
		s.Note(say("late"))
	}
	s.Note(say("dispute", "phone", s.supplier.Phone, "email", s.supplier.Email))
}
