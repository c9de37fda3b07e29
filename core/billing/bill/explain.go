package bill

import (
	"cmp"
	"slices"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
)

// Cause is a part of the difference between two bills.
type Cause struct {
	Kind CauseKind
	// Sum is how much more is to be paid for this cause, negative: less.
	Sum money.Kopecks
}

// CauseKind says what changed.
type CauseKind string

// The causes.
const (
	CauseVolume        CauseKind = "volume"        // more or less energy
	CauseTariff        CauseKind = "tariff"        // another price or other limits
	CauseRecalculation CauseKind = "recalculation" // earlier months were corrected
	CauseExtra         CauseKind = "extra"         // common use, services
	CauseFine          CauseKind = "fine"          // penalties
	CauseBalance       CauseKind = "balance"       // a debt or an advance came along
)

// Month is what an explanation shows of each of the two months.
type Month struct {
	Period billing.Period
	KWh    billing.KWh
	Method charge.Method
	// Energy is the cost of KWh, Total what was to be paid.
	Energy, Total money.Kopecks
	// Price is that of the first line, and since when it holds; a legal
	// entity's price has no date.
	Price money.Price
	Act   string
}

// Explanation says why a bill is what it is (R-5.1.3-a; spec §2.4, order of the
// explanation). The causes sum exactly to Now.Total − Before.Total.
type Explanation struct {
	Now Month
	// Before is the month before; nil if this is the first bill: then there
	// are no causes.
	Before *Month
	Causes []Cause // the largest first, none of zero
	// MethodChanged: the volume was found in another way than before.
	MethodChanged bool
}

// Explain compares the bill of a month with the one before, both as printed:
// on the day of their issue. The errors are ErrNoBill and those of charging.
func (l *Ledger) Explain(p billing.Period, pricer charge.Pricer) (Explanation, error) {
	s := l.Statement(p)
	if s == nil {
		return Explanation{}, ErrNoBill
	}
	now, err := l.Bill(p, s.Issued, pricer.Book)
	if err != nil {
		return Explanation{}, err
	}
	e := Explanation{Now: monthOf(&now)}
	last := l.Statement(p.Add(-1))
	if last == nil {
		return e, nil
	}
	before, err := l.Bill(last.Period, last.Issued, pricer.Book)
	if err != nil {
		return Explanation{}, err
	}
	m := monthOf(&before)
	e.Before, e.MethodChanged = &m, m.Method != e.Now.Method
	same, err := l.same(s, last, pricer)
	if err != nil {
		return Explanation{}, err
	}
	e.add(CauseVolume, same-last.Energy())
	e.add(CauseTariff, s.Energy()-same)
	e.add(CauseRecalculation, s.Recalculated()-last.Recalculated())
	e.add(CauseExtra, s.Extra()-last.Extra())
	e.add(CauseFine, now.Fines-before.Fines)
	e.add(CauseBalance, (now.Debt-now.Paid-now.Advance)-(before.Debt-before.Paid-before.Advance))
	slices.SortStableFunc(e.Causes, func(a, b Cause) int { return cmp.Compare(b.Sum.Abs(), a.Sum.Abs()) })
	return e, nil
}

// same is what this month's volume would have cost the month before.
func (l *Ledger) same(now, before *Statement, pricer charge.Pricer) (money.Kopecks, error) {
	if now.Legal != nil {
		v := charge.Volume{KWh: now.Legal.KWh, Method: now.Legal.Method}
		line, err := charge.Category1(pricer.Book, before.Period, v, now.Legal.Voltage, now.Legal.Power)
		return line.Sum, err
	}
	lines, err := pricer.Charge(l.Consumer, charge.Month(before.Period, now.volumes()))
	return charge.Sum(lines), err
}

func (e *Explanation) add(kind CauseKind, sum money.Kopecks) {
	if sum != 0 {
		e.Causes = append(e.Causes, Cause{kind, sum})
	}
}

func monthOf(b *Bill) Month {
	m := Month{Period: b.Period, KWh: b.KWh(), Method: b.Method(), Energy: b.Energy(), Total: b.Total}
	switch {
	case b.Legal != nil:
		m.Price = b.Legal.Price
	case len(b.Lines) > 0:
		m.Price, m.Act = b.Lines[0].Price, b.Lines[0].Act
	}
	return m
}
