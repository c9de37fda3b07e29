package dialogstest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/debt"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
)

// PaymentNumber is the number of the nth payment, from 1, that a bureau starts.
func PaymentNumber(n int) payment.Number {
	for check := range 10 {
		if p, err := payment.ParseNumber(fmt.Sprintf("4821%07d%d", n, check)); err == nil {
			return p
		}
	}
	panic("a number without a check digit: " + strconv.Itoa(n))
}

// owned is a payment with whose it is.
type owned struct {
	payment.Payment
	of chat.Conversation
}

// Start implements the scenario's Till.
func (b *Bureau) Start(_ context.Context, e dialog.Effect, w payment.Wish) (payment.Opened, error) {
	return act(b, e, func() payment.Opened {
		if !w.Case.IsZero() {
			return b.startCase(e, w.Case)
		}
		i := b.find(e.Conversation, w.Link)
		if i < 0 || payment.Check(w.Sum) != nil {
			return payment.Opened{Refused: true}
		}
		return b.started(e, payment.Payment{Account: b.links[i].Account, Sum: w.Sum})
	})
}

// Payment implements the scenario's Till.
func (b *Bureau) Payment(_ context.Context, c chat.Conversation, n payment.Number) (payment.Payment, bool, error) {
	i := slices.IndexFunc(b.payments, func(p owned) bool { return p.Number == n && p.of == c })
	if i < 0 {
		return payment.Payment{}, false, nil
	}
	return b.payments[i].Payment, true, nil
}

// UnpaidPayment implements the scenario's Till.
func (b *Bureau) UnpaidPayment(_ context.Context, l customer.Link, now time.Time) (payment.Payment, bool, error) {
	for _, p := range slices.Backward(b.payments) {
		if p.of == l.Conversation && p.Account == l.Account && p.Open(now) {
			return p.Payment, true, nil
		}
	}
	return payment.Payment{}, false, nil
}

// report brings the newest payment into a state, and the ledger with it; false if
// it does not lead there.
func (b *Bureau) report(to payment.State, now time.Time) (payment.Payment, bool) {
	if len(b.payments) == 0 {
		return payment.Payment{}, false
	}
	p := &b.payments[len(b.payments)-1]
	r := payment.Report{Number: p.Number, State: to, Sum: p.Sum, At: now}
	if to == payment.Disputed {
		r.State, r.Sum = payment.Paid, 1
	}
	before := p.State
	p.State, _ = p.Judge(r)
	if p.State != before {
		p.Moved = now
	}
	if p.Account == "" { // it stands in no ledger
		return p.Payment, p.State != before
	}
	l := b.ledgers[p.Account]
	switch {
	case p.State == before:
		return p.Payment, false
	case p.State == payment.Paid:
		l.Payments = append(slices.Clip(l.Payments), bill.Payment{
			Payment: debt.Payment{ID: string(p.Number), Date: calendar.DateOf(now, Zone), Sum: p.Sum}, Way: "online",
		})
	case before == payment.Paid:
		l.Payments = slices.DeleteFunc(slices.Clone(l.Payments), func(x bill.Payment) bool { return x.ID == string(p.Number) })
	}
	b.ledgers[p.Account] = l
	return p.Payment, true
}

// PaymentsOfCase implements what the scenarios know payments by.
func (b *Bureau) PaymentsOfCase(_ context.Context, n appeal.Number) (list []payment.Payment, err error) {
	for _, p := range b.payments {
		if p.Case == n && !n.IsZero() {
			list = append(list, p.Payment)
		}
	}
	return list, nil
}

// startCase starts a payment for a case.
func (b *Bureau) startCase(e dialog.Effect, n appeal.Number) payment.Opened {
	r := b.Cases.find(n)
	if r == nil || !b.Cases.his(e.Conversation, r) {
		return payment.Opened{Refused: true, Why: payment.NoCase}
	}
	made := must(b.PaymentsOfCase(context.Background(), n))
	if why := payment.Bar(&r.Case, made); why != "" {
		return payment.Opened{Refused: true, Why: why}
	}
	for _, p := range made {
		if p.Open(e.At) {
			return payment.Opened{Payment: p}
		}
	}
	return b.started(e, payment.Payment{Case: n, Sum: r.Price})
}

// started registers a payment at the bank.
func (b *Bureau) started(e dialog.Effect, p payment.Payment) payment.Opened {
	if b.away {
		return payment.Opened{Away: true}
	}
	p.Number, p.State, p.Page = PaymentNumber(len(b.payments)+1), payment.Started, "https://bank.example/pay"
	p.At, p.Moved, p.Until = e.At, e.At, e.At.Add(payment.Life)
	if b.fast {
		p.State = payment.Paid
	}
	b.payments = append(b.payments, owned{p, e.Conversation})
	return payment.Opened{Payment: p}
}
