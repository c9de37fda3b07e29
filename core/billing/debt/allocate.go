package debt

import (
	"cmp"
	"slices"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// Charge is what a month is billed for, in all.
type Charge struct {
	Period billing.Period
	// Issued is the day of the bill; a month that comes out negative, through
	// a recalculation, pays others from that day on.
	Issued calendar.Date
	// Due is the last day for paying it.
	Due calendar.Date
	Sum money.Kopecks
	// Fine: a penalty that was billed. It is paid after everything else and
	// bears no penalty itself (ст. 319 ГК РФ).
	Fine bool
}

// Payment is money that came in.
type Payment struct {
	ID   string // of the payment: tells two of a day apart
	Date calendar.Date
	Sum  money.Kopecks
	// Period is the month that the payer named, zero if he named none.
	Period billing.Period
}

// Part is money that pays a part of a tranche.
type Part struct {
	Payment string // its ID; of a month that came out negative, the month
	Date    calendar.Date
	Sum     money.Kopecks
}

// Tranche is the debt of one month.
type Tranche struct {
	Charge
	Paid []Part // in order of time
	Open money.Kopecks
}

// Balance is every month with what paid it.
type Balance struct {
	Tranches []Tranche // the oldest first
	// Advance is money that pays nothing yet.
	Advance money.Kopecks
}

// Open is what is owed for energy before a month, and for fines in all.
func (b Balance) Open(before billing.Period) (debt, fines money.Kopecks) {
	for i := range b.Tranches {
		switch t := &b.Tranches[i]; {
		case t.Fine:
			fines += t.Open
		case t.Period.Before(before):
			debt += t.Open
		}
	}
	return debt, fines
}

// Owed is what is owed in all; negative if more was paid.
func (b Balance) Owed() money.Kopecks {
	sum := -b.Advance
	for i := range b.Tranches {
		sum += b.Tranches[i].Open
	}
	return sum
}

// Overdue is what should have been paid before a day.
func (b Balance) Overdue(on calendar.Date) (sum money.Kopecks) {
	for i := range b.Tranches {
		if b.Tranches[i].Due.Before(on) {
			sum += b.Tranches[i].Open
		}
	}
	return sum
}

// Allocate gives payments to months: each first to the month that its payer
// named, then to the oldest that is open, fines after all months (spec §2.5;
// ст. 319, 319.1 ГК РФ). Money is
// given in the order of its days, not of the list. Payments that are not
// positive are left out.
func Allocate(charges []Charge, payments []Payment) Balance {
	var b Balance
	funds := make([]Payment, 0, len(payments)+1)
	for _, p := range payments {
		if p.Sum > 0 {
			funds = append(funds, p)
		}
	}
	for _, c := range charges {
		t := Tranche{Charge: c, Open: max(c.Sum, 0)}
		b.Tranches = append(b.Tranches, t)
		if c.Sum < 0 {
			funds = append(funds, Payment{ID: c.Period.String(), Date: c.Issued, Sum: -c.Sum})
		}
	}
	slices.SortStableFunc(b.Tranches, func(a, o Tranche) int {
		return cmp.Or(fines(a)-fines(o), a.Period.Sub(o.Period), a.Due.Compare(o.Due), cmp.Compare(a.Sum, o.Sum))
	})
	slices.SortFunc(funds, func(a, o Payment) int {
		return cmp.Or(a.Date.Compare(o.Date), strings.Compare(a.ID, o.ID), cmp.Compare(a.Sum, o.Sum), a.Period.Sub(o.Period))
	})
	for _, p := range funds {
		left := p.Sum
		for i := range b.Tranches {
			if !p.Period.IsZero() && b.Tranches[i].Period == p.Period {
				left -= b.Tranches[i].take(p, left)
			}
		}
		for i := range b.Tranches {
			left -= b.Tranches[i].take(p, left)
		}
		b.Advance += left
	}
	return b
}

func fines(t Tranche) int {
	if t.Fine {
		return 1
	}
	return 0
}

// take pays with what is left of a payment and returns how much it took.
func (t *Tranche) take(p Payment, left money.Kopecks) money.Kopecks {
	paid := min(left, t.Open)
	if paid > 0 {
		t.Open -= paid
		t.Paid = append(t.Paid, Part{p.ID, p.Date, paid})
	}
	return paid
}
