// Package receipt prints bills: the счёт-квитанция as a PDF (Rules 354, п. 69;
// spec §2.4) with a payment QR code by GOST R 56042 (spec §2.7).
//
// It is made for eyes and for printers without colours: one number to pay and
// its day first, how it comes about below, the code beside the requisites that
// it holds. A usual bill is one page.
package receipt

import (
	"bytes"
	"strconv"
	"time"

	"rsc.io/qr"

	"okoshko/core/billing/bill"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/payqr"
	"okoshko/core/fault"
)

// Supplier is who issues the bills and how he is reached.
type Supplier struct {
	Payee payqr.Payee
	Phone string
	Hours string
	Site  string
	Email string
}

// Printer prints bills of a supplier; it implements bill.Printer and may be
// shared.
type Printer struct{ supplier Supplier }

var _ bill.Printer = (*Printer)(nil)

// New returns a printer. The error is Invalid for requisites to which nothing
// can be paid.
func New(s Supplier) (*Printer, error) {
	if err := s.Payee.Check(); err != nil {
		return nil, err
	}
	return &Printer{s}, nil
}

// Print implements bill.Printer.
func (p *Printer) Print(l *bill.Ledger, b *bill.Bill) ([]byte, error) {
	if l == nil || b == nil || b.Statement == nil {
		return nil, fault.New(fault.Invalid, "a bill without a statement cannot be printed")
	}
	s := &sheet{paper: newPaper(), supplier: &p.supplier, ledger: l, bill: b}
	// Whoever reads the file's properties learns nothing of the payer.
	s.pdf.SetTitle(say("title")+" "+say("period", "month", month(b.Period)), true)
	s.pdf.SetAuthor(p.supplier.Payee.Name, true)
	s.pdf.SetLang("ru")
	at := time.Date(b.On.Year, b.On.Month, b.On.Day, 0, 0, 0, 0, time.UTC)
	s.pdf.SetCreationDate(at)
	s.pdf.SetModificationDate(at)

	code, err := p.code(l, b)
	if err != nil {
		return nil, err
	}
	s.header()
	s.parties(code)
	s.readings()
	s.charges()
	s.balance()
	s.notes()
	s.footers()
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fault.Wrap(fault.Internal, err)
	}
	return out.Bytes(), nil
}

// code draws the QR code of a bill as a PNG with a quiet zone of four modules;
// nil if there is nothing to pay.
func (p *Printer) code(l *bill.Ledger, b *bill.Bill) ([]byte, error) {
	purpose := "purpose"
	if l.Payer.Kind != debt.Household {
		purpose = "purpose_legal"
	}
	order, ok := l.Order(b, p.supplier.Payee, say(purpose, "month", month(b.Period), "account", string(l.Account.Number)))
	if !ok {
		return nil, nil
	}
	text, err := order.Encode()
	if err != nil {
		return nil, err
	}
	code, err := qr.Encode(string(text), qr.M)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err)
	}
	code.Scale = 4
	return code.PNG(), nil
}

// footers number the pages, once it is known how many there are.
func (s *sheet) footers() {
	pages := s.pdf.PageCount()
	for n := 1; n <= pages; n++ {
		s.pdf.SetPage(n)
		s.put(left, 286, width, "L", "", small, dim, say("page", "account", string(s.ledger.Account.Number),
			"month", month(s.bill.Period), "n", strconv.Itoa(n), "of", strconv.Itoa(pages)))
	}
}
