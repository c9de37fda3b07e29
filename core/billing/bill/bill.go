package bill

import (
	"errors"
	"fmt"

	"okoshko/core/billing"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// ErrNoBill says that no bill was issued, or none for that month by that day;
// it is of kind fault.NotFound.
var ErrNoBill error = &fault.Error{Kind: fault.NotFound, Key: "no_bill"}

// Bill is a statement with what is owed on a day (Rules 354, п. 69; spec
// §2.4). Its sums fit: Total = Charged + Debt + Fines − Paid − Advance.
type Bill struct {
	*Statement
	On calendar.Date // the day for which the sums hold
	// Sums of On, and what they are made of.
	Charged money.Kopecks
	Debt    money.Kopecks // of earlier months
	Fines   money.Kopecks // billed and not paid, and fresh ones
	Paid    money.Kopecks // of this month's charge, from whatever payment
	Advance money.Kopecks // paid and not needed yet
	Total   money.Kopecks // negative: paid in advance
	// Overdue is what of Debt and Charged should have been paid before On.
	Overdue money.Kopecks
	// FinesUnknown: fresh penalties need a rate that is not published (spec
	// §2.5): Fines holds those that were billed, and must not be called
	// complete.
	FinesUnknown bool
	// Subsidy is what somebody else pays to the customer for this month; it is
	// shown only.
	Subsidy money.Kopecks
}

// ToPay is the one number that a customer wants: nothing if he has paid in
// advance.
func (b *Bill) ToPay() money.Kopecks { return max(b.Total, 0) }

// Bill returns the bill of a month as it stands on a day: on the day of its
// issue, it is the printed one; today, the one to pay. Later months do not
// count. The errors are ErrNoBill, and Invalid for sums that no account has.
func (l *Ledger) Bill(p billing.Period, on calendar.Date, rates debt.Rates) (Bill, error) {
	until := 0
	for until < len(l.Statements) && !p.Before(l.Statements[until].Period) {
		until++
	}
	known := *l
	known.Statements = l.Statements[:until]
	s := known.Latest()
	if s == nil || s.Period != p || on.Before(s.Issued) {
		return Bill{}, fmt.Errorf("bill of %s: %w", p, ErrNoBill)
	}
	balance := known.Balance(on)
	b := Bill{Statement: s, On: on, Charged: s.Charged(), Advance: balance.Advance, Overdue: balance.Overdue(on)}
	b.Debt, b.Fines = balance.Open(p)
	for i := range balance.Tranches {
		if t := &balance.Tranches[i]; t.Period == p && !t.Fine {
			b.Paid = t.Charge.Sum - t.Open
		}
	}
	fresh, err := known.fresh(&balance, on, rates)
	switch {
	case errors.Is(err, tariff.ErrNoRate):
		b.FinesUnknown = true
	case err != nil:
		return Bill{}, err
	}
	b.Fines += fresh
	for _, x := range l.Benefits {
		if x.Holds(calendar.Date{Year: p.Year, Month: p.Month, Day: 1}) {
			b.Subsidy += x.Monthly
		}
	}
	b.Total = balance.Owed() + fresh
	return b, nil
}

// fresh is the penalties that grew and were not billed by a day.
func (l *Ledger) fresh(balance *debt.Balance, on calendar.Date, rates debt.Rates) (money.Kopecks, error) {
	grown, err := balance.Penalties(l.Payer.Kind, rates, on)
	if err != nil {
		return 0, err
	}
	for i := range l.Statements {
		if !on.Before(l.Statements[i].Issued) {
			grown -= l.Statements[i].Fine
		}
	}
	// A payment that came to light later can make less of what was billed.
	return grown, nil
}

// Fine returns the penalties that a statement issued on a day has to bill.
func (l *Ledger) Fine(issued calendar.Date, rates debt.Rates) (money.Kopecks, error) {
	balance := l.Balance(issued)
	return l.fresh(&balance, issued, rates)
}
