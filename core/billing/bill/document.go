package bill

import (
	"fmt"
	"slices"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// Document is what an organisation's accountants get of a month beside its bill
// (spec §2.2). It does not change once it is issued.
type Document struct {
	Kind DocumentKind `json:"kind"`
	// Period is the month; of a reconciliation the last one of its quarter. An
	// account has one document of a kind for it.
	Period billing.Period `json:"period"`
	Number string         `json:"number"`
	Issued calendar.Date  `json:"issued"`
	// Due is of an Invoice alone.
	Due calendar.Date `json:"due,omitzero"`
	// What was delivered, for all but a Reconciliation: in one price or by the hour.
	Legal  *charge.LegalLine `json:"legal,omitempty"`
	Hourly *charge.Hourly    `json:"hourly,omitempty"`
	// Reconciled is of a Reconciliation alone.
	Reconciled *Reconciled `json:"reconciled,omitempty"`
}

// DocumentKind says what it is.
type DocumentKind string

// The kinds, in the order in which they are listed.
const (
	Invoice        DocumentKind = "invoice"        // счёт на оплату
	Act            DocumentKind = "act"            // акт приёма-передачи электроэнергии
	TaxInvoice     DocumentKind = "tax_invoice"    // счёт-фактура, УПД
	Reconciliation DocumentKind = "reconciliation" // акт сверки
	// HourPrices is a file: the price, use and cost of every hour, for categories
	// that are priced by them.
	HourPrices DocumentKind = "hour_prices"
)

// DocumentKinds lists them.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{Invoice, Act, TaxInvoice, Reconciliation, HourPrices}
}

// Reconciled is how the account stood over a quarter, to be compared with the
// customer's own books: he owes what is above zero.
type Reconciled struct {
	From    calendar.Date `json:"from"`
	To      calendar.Date `json:"to"` // the last day
	Opening money.Kopecks `json:"opening"`
	Entries []Entry       `json:"entries,omitempty"`
	Closing money.Kopecks `json:"closing"`
}

// Entry is a line of it: charged, or paid if the sum is below zero.
type Entry struct {
	On     calendar.Date `json:"on"`
	Number string        `json:"number,omitempty"` // of the act
	Sum    money.Kopecks `json:"sum"`
}

// Net is what was delivered, without VAT.
func (d *Document) Net() money.Kopecks {
	switch {
	case d.Hourly != nil:
		return d.Hourly.Net
	case d.Legal != nil:
		return d.Legal.Net
	}
	return 0
}

// VAT is the tax on Net, Rate its rate.
func (d *Document) VAT() (sum money.Kopecks, rate money.Factor) {
	switch {
	case d.Hourly != nil:
		return d.Hourly.VAT, d.Hourly.Rate
	case d.Legal != nil:
		return d.Legal.VAT, d.Legal.Rate
	}
	return 0, rate
}

// Total is Net with VAT.
func (d *Document) Total() money.Kopecks {
	vat, _ := d.VAT()
	return d.Net() + vat
}

// Document returns the document of a kind and month, nil if there is none.
func (l *Ledger) Document(kind DocumentKind, p billing.Period) *Document {
	for i := range l.Documents {
		if d := &l.Documents[i]; d.Kind == kind && d.Period == p {
			return d
		}
	}
	return nil
}

// DocumentMonths returns the months that have documents, the newest first.
func (l *Ledger) DocumentMonths() (list []billing.Period) {
	for i := len(l.Documents) - 1; i >= 0; i-- {
		if p := l.Documents[i].Period; len(list) == 0 || list[len(list)-1] != p {
			list = append(list, p)
		}
	}
	return list
}

// Reconcile draws the account up over the quarter that ends with a month, by what
// was charged and paid by its end.
func Reconcile(p billing.Period, charged []Document, paid []Payment) Reconciled {
	r := Reconciled{From: charge.First(p.Add(-2)), To: charge.First(p.Add(1)).Add(-1)}
	add := func(e Entry) {
		switch {
		case e.On.Before(r.From):
			r.Opening += e.Sum
		case r.To.Before(e.On):
			return
		default:
			r.Entries = append(r.Entries, e)
		}
		r.Closing += e.Sum
	}
	for i := range charged {
		if d := &charged[i]; d.Kind == Act {
			add(Entry{charge.First(d.Period.Add(1)).Add(-1), d.Number, d.Total()})
		}
	}
	for _, p := range paid {
		add(Entry{On: p.Date, Sum: -p.Sum})
	}
	slices.SortStableFunc(r.Entries, func(a, b Entry) int { return a.On.Compare(b.On) })
	return r
}

// Deliver adds what accountants get of a month, made of its invoice: an act and a
// tax invoice of the same, the file of its hours, which the others do without, and
// a reconciliation at the end of a quarter. Numbers are those of the contract, the
// month and the kind's place among the kinds, "0456-10/26-2".
func (l *Ledger) Deliver(invoice Document) {
	p, hours := invoice.Period, invoice.Hourly
	if hours != nil {
		invoice.Hourly = hours.Brief()
	}
	add := func(kind DocumentKind, d Document) {
		place := slices.Index(DocumentKinds(), kind) + 1
		d.Kind, d.Number = kind, fmt.Sprintf("%s-%02d/%02d-%d", contractDigits(l.Account.Number), p.Month, p.Year%100, place)
		l.Documents = append(l.Documents, d)
	}
	add(Invoice, invoice)
	invoice.Due = calendar.Date{}
	add(Act, invoice)
	add(TaxInvoice, invoice)
	if hours != nil {
		add(HourPrices, Document{Period: p, Issued: invoice.Issued, Hourly: hours})
	}
	if p.Month%3 == 0 {
		r := Reconcile(p, l.Documents, l.Payments)
		add(Reconciliation, Document{Period: p, Issued: invoice.Issued, Reconciled: &r})
	}
}

// contractDigits are those before the year, "0456" of ЭС-0456/25.
func contractDigits(n billing.AccountNumber) string {
	before, _, _ := strings.Cut(n.Full(), "/")
	return strings.TrimLeftFunc(before, func(r rune) bool { return r < '0' || r > '9' })
}
