package bill

import (
	"okoshko/core/billing/debt"
	"okoshko/core/billing/payqr"
)

// Order returns what the QR code of a bill asks for: all that is to be paid, for
// the account and month of the bill. The purpose is words, and the caller's.
// There is nothing to offer for a bill that is paid: ok is then false.
func (l *Ledger) Order(b *Bill, payee payqr.Payee, purpose string) (o payqr.Order, ok bool) {
	o = payqr.Order{Payee: payee, Sum: b.ToPay(), Purpose: purpose, PersAcc: l.Account.Number.Full(), Period: b.Period}
	if l.Payer.Kind == debt.Household {
		o.TechCode = payqr.Housing
	}
	return o, o.Sum > 0
}
