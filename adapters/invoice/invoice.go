// Package invoice writes the documents of organisations: invoices, acts of
// delivery, tax invoices and reconciliations as PDF, and the prices of their hours
// as a table for spreadsheets (spec §2.2; docs/hour-prices.md).
package invoice

import (
	"bytes"
	_ "embed"
	"strconv"
	"time"

	"okoshko/adapters/paper"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/fault"
	"okoshko/core/table"
)

//go:embed text.ru.tsv
var textTSV string

var texts = paper.ReadWords(textTSV)

func say(key string, pairs ...string) string { return texts.Say(key, pairs...) }

// Clerk writes the documents of a supplier; it implements bill.Clerk and may be
// shared.
type Clerk struct{ supplier bill.Supplier }

var _ bill.Clerk = (*Clerk)(nil)

// New returns a clerk of the supplier whose bills are printed.
func New(s bill.Supplier) *Clerk { return &Clerk{s} }

// Write implements bill.Clerk.
func (c *Clerk) Write(l *bill.Ledger, d *bill.Document) ([]byte, error) {
	switch {
	case l == nil || d == nil:
		return nil, fault.New(fault.Invalid, "there is no document to write")
	case d.Kind == bill.HourPrices:
		return hours(d.Hourly)
	case d.Kind == bill.Reconciliation && d.Reconciled == nil,
		d.Kind != bill.Reconciliation && d.Legal == nil && d.Hourly == nil:
		return nil, fault.New(fault.Invalid, "the document lacks what it is about")
	}
	return c.print(l, d)
}

// hours writes a row for each hour of a month.
func hours(h *charge.Hourly) ([]byte, error) {
	if h == nil || len(h.Load) == 0 || len(h.Load) != len(h.Prices) {
		return nil, fault.New(fault.Invalid, "a month without its hours")
	}
	var columns []string
	for _, c := range []string{"date", "hour", "price", "kwh", "sum"} {
		columns = append(columns, say("hours."+c))
	}
	rows := make([][]string, len(h.Load))
	first := charge.First(h.Period)
	for i, used := range h.Load {
		rows[i] = []string{
			paper.Day(first.Add(i / 24)), strconv.Itoa(i % 24), comma(h.Prices[i].String()),
			strconv.FormatInt(int64(used), 10), comma(charge.HourCost(used, h.Prices[i]).String()),
		}
	}
	var out bytes.Buffer
	err := table.WriteCSV(&out, columns, rows)
	return out.Bytes(), err
}

// sheet is a document on its way to paper.
type sheet struct {
	*paper.Paper
	supplier *bill.Supplier
	ledger   *bill.Ledger
	*bill.Document
}

func (c *Clerk) print(l *bill.Ledger, d *bill.Document) ([]byte, error) {
	title := say("title."+string(d.Kind), "number", d.Number)
	at := time.Date(d.Issued.Year, d.Issued.Month, d.Issued.Day, 0, 0, 0, 0, time.UTC)
	// Whoever reads the file's properties learns nothing of the customer.
	about := paper.About{Title: say("period", "month", texts.Month(d.Period)), Author: c.supplier.Payee.Name, Lang: "ru", At: at}
	s := &sheet{paper.New(about), &c.supplier, l, d}
	period := say("period", "month", texts.Month(d.Period))
	if r := d.Reconciled; r != nil {
		period = say("quarter", "from", paper.Day(r.From), "to", paper.Day(r.To))
	}
	s.Put(paper.Left, s.Y, paper.Width, "L", "B", 14, paper.Ink, title)
	s.Put(paper.Left, s.Y+7, paper.Width, "L", "", paper.Plain, paper.Dim, say("from", "date", paper.Day(d.Issued))+", "+period)
	s.Y += 14
	s.Line(paper.Left, paper.Right, paper.Ink)
	s.Y += 4
	s.parties()
	if d.Reconciled != nil {
		s.reconciled(d.Reconciled)
	} else {
		s.delivered()
	}
	s.signatures()
	return s.Bytes(s.footer)
}

func (s *sheet) footer(n, of int) string {
	return say("page", "account", s.ledger.Account.Number.Full(), "n", strconv.Itoa(n), "of", strconv.Itoa(of))
}

// parties writes the two sides, one below the other.
func (s *sheet) parties() {
	p, l := &s.supplier.Payee, s.ledger
	name := l.Payer.Name.Reveal()
	if name == "" {
		name = say("name_unknown")
	}
	s.fields("supplier", [][2]string{
		{p.Name, ""},
		{"inn_kpp", p.INN + " / " + p.KPP},
		{"bank", p.Bank},
		{"bank_account", p.Account},
		{"bic", p.BIC + ", " + p.Corresp},
		{"phone", s.supplier.Phone},
		{"email", s.supplier.Email},
	})
	s.fields("customer", [][2]string{
		{name, ""},
		{"inn", l.Payer.TaxID},
		{"address", l.Payer.Address.Reveal()},
		{"contract", l.Account.Number.Full()},
	})
}

// fields writes a heading, whose it is, and what is known of him; what is not
// known is left out.
func (s *sheet) fields(head string, rows [][2]string) {
	const label = 36.0
	s.Head(say(head))
	for i, row := range rows {
		switch {
		case i == 0:
			s.Font("B", paper.Plain, paper.Ink)
			for _, line := range s.Lines(row[0], paper.Width, 3) {
				s.Put(paper.Left, s.Y, paper.Width, "L", "B", paper.Plain, paper.Ink, line)
				s.Y += paper.Plain*paper.Leading + 0.4
			}
		case row[1] != "":
			s.Put(paper.Left, s.Y, label-2, "L", "", paper.Small, paper.Dim, say(row[0]))
			s.Font("", paper.Plain, paper.Ink)
			for _, line := range s.Lines(row[1], paper.Width-label, 2) {
				s.Put(paper.Left+label, s.Y, paper.Width-label, "L", "", paper.Plain, paper.Ink, line)
				s.Y += paper.Plain*paper.Leading + 0.4
			}
		}
	}
}

// delivered writes what the month was charged for, line by line.
func (s *sheet) delivered() {
	var rows [][]string
	row := func(what, unit, amount, price, sum string) {
		rows = append(rows, []string{what, unit, amount, price, sum})
	}
	if l := s.Legal; l != nil {
		row(say("legal", "voltage", say("voltage."+string(l.Voltage))), say("kwh"), paper.KWh(l.KWh), paper.Number(l.Price.String()), paper.Roubles(l.Net))
	}
	if h := s.Hourly; h != nil {
		voltage := say("voltage." + string(h.Voltage))
		row(say("hourly", "voltage", voltage, "category", strconv.Itoa(h.Category)), say("kwh"), paper.KWh(h.KWh), say("by_hours"), paper.Roubles(h.Energy))
		row(say("capacity"), say("kw"), paper.Number(strconv.FormatInt(h.Capacity, 10)), perKW(h.CapacityPrice), paper.Roubles(h.CapacitySum))
		if h.UpkeepSum != 0 {
			row(say("upkeep", "voltage", voltage), say("kw"), paper.Number(strconv.FormatInt(h.Upkeep, 10)), perKW(h.UpkeepPrice), paper.Roubles(h.UpkeepSum))
		}
	}
	s.Head(say("lines"))
	s.Table([]paper.Column{
		{Title: say("what"), Width: 74, Align: "L"},
		{Title: say("unit"), Width: 16, Align: "L"},
		{Title: say("amount"), Width: 24, Align: "R"},
		{Title: say("price"), Width: 33, Align: "R"},
		{Title: say("sum"), Width: 33, Align: "R"},
	}, rows)
	vat, rate := s.VAT()
	s.Y += 2
	for _, line := range [][2]string{
		{say("net"), paper.Roubles(s.Net())}, {say("vat", "rate", paper.Number(rate.Percent())), paper.Roubles(vat)},
	} {
		s.total("", paper.Plain, line)
	}
	s.total("B", paper.Heading, [2]string{say("total"), say("rub", "sum", paper.Roubles(s.Total()))})
	s.Y += 2
	if s.Hourly != nil {
		s.Note(say("hours_note"))
	}
	switch s.Kind {
	case bill.Invoice:
		s.Note(say("due", "date", paper.Day(s.Due)))
	case bill.Act:
		s.Note(say("accepted"))
	}
}

func (s *sheet) total(style string, size float64, line [2]string) {
	s.Room(size*paper.Leading + 1.2)
	s.Put(paper.Left+80, s.Y, 60, "R", style, size, paper.Ink, line[0])
	s.Put(paper.Left+140, s.Y, paper.Width-141, "R", style, size, paper.Ink, line[1])
	s.Y += size*paper.Leading + 1.2
}

// reconciled writes both balances and what lies between them.
func (s *sheet) reconciled(r *bill.Reconciled) {
	rows := [][]string{{paper.Day(r.From), say("opening", "date", paper.Day(r.From)), owed(r.Opening > 0, r.Opening), owed(r.Opening < 0, r.Opening)}}
	for _, e := range r.Entries {
		what := say("entry.payment")
		if e.Sum > 0 {
			what = say("entry.act", "number", e.Number)
		}
		rows = append(rows, []string{paper.Day(e.On), what, owed(e.Sum > 0, e.Sum), owed(e.Sum < 0, e.Sum)})
	}
	rows = append(rows, []string{paper.Day(r.To), say("closing", "date", paper.Day(r.To)), owed(r.Closing > 0, r.Closing), owed(r.Closing < 0, r.Closing)})
	s.Head(say("entries"))
	s.Table([]paper.Column{
		{Title: say("date"), Width: 26, Align: "L"},
		{Title: say("document"), Width: 82, Align: "L"},
		{Title: say("charged"), Width: 36, Align: "R"},
		{Title: say("paid"), Width: 36, Align: "R"},
	}, rows)
	if len(r.Entries) == 0 {
		s.Note(say("no_entries"))
	}
	s.Y += 2
	key := "even"
	switch {
	case r.Closing > 0:
		key = "owed_to_us"
	case r.Closing < 0:
		key = "owed_to_you"
	}
	s.Put(paper.Left, s.Y, paper.Width, "L", "B", paper.Heading, paper.Ink, say(key, "sum", paper.Roubles(r.Closing.Abs())))
	s.Y += 8
}

// signatures leaves room for both sides.
func (s *sheet) signatures() {
	s.Room(24)
	s.Y += 10
	for i, side := range []string{"supplier", "customer"} {
		x := paper.Left + float64(i)*95
		s.Put(x, s.Y, 30, "L", "", paper.Plain, paper.Ink, say("sign."+side))
		s.Fill(x+30, s.Y+4, 50, 0.2, paper.Hair)
	}
	s.Y += 9
	s.Note(say("copy"))
}
