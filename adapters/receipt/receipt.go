// Package receipt prints bills: the счёт-квитанция as a PDF (Rules 354, п. 69;
// spec §2.4) with a payment QR code by GOST R 56042 (spec §2.7).
//
// It is made for eyes and for printers without colours: one number to pay and
// its day first, how it comes about below, the code beside the requisites that
// it holds. A usual bill is one page.
package receipt

import (
	"strconv"
	"time"

	"rsc.io/qr"

	"okoshko/adapters/paper"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/debt"
	"okoshko/core/fault"
)

// Printer prints bills of a supplier; it implements bill.Printer and may be
// shared.
type Printer struct{ supplier bill.Supplier }

var _ bill.Printer = (*Printer)(nil)

// New returns a printer. The error is Invalid for requisites to which nothing
// can be paid.
func New(s bill.Supplier) (*Printer, error) {
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
	at := time.Date(b.On.Year, b.On.Month, b.On.Day, 0, 0, 0, 0, time.UTC)
	// Whoever reads the file's properties learns nothing of the payer.
	about := paper.About{Title: say("title") + " " + say("period", "month", texts.Month(b.Period)), Author: p.supplier.Payee.Name, Lang: "ru", At: at}
	s := &sheet{Paper: paper.New(about), supplier: &p.supplier, ledger: l, bill: b}
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
	return s.Bytes(s.footer)
}

// code draws the QR code of a bill as a PNG with a quiet zone of four modules;
// nil if there is nothing to pay.
func (p *Printer) code(l *bill.Ledger, b *bill.Bill) ([]byte, error) {
	purpose := "purpose"
	if l.Payer.Kind != debt.Household {
		purpose = "purpose_legal"
	}
	order, ok := l.Order(b, p.supplier.Payee, say(purpose, "month", texts.Month(b.Period), "account", string(l.Account.Number)))
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

// footer says whose page this is.
func (s *sheet) footer(n, of int) string {
	return say("page", "account", string(s.ledger.Account.Number), "month", texts.Month(s.bill.Period), "n", strconv.Itoa(n), "of", strconv.Itoa(of))
}
