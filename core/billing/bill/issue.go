package bill

import (
	"errors"
	"slices"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Issuer makes the statement of a month.
type Issuer struct {
	Pricer charge.Pricer
	Days   *calendar.Production
	Zone   *time.Location // the company's
}

// priorYear is for how many months a legal entity without readings is charged
// for what it used a year before; later its greatest power counts (Act 442;
// spec §2.2).
const priorYear = 2

// Issue returns the statement of the month after the last one of a ledger, by
// the readings that count for it (the ledger's own list may be cut short):
// charged by what the meters show, or without readings by average and norm.
// A value after such months rates them anew. Adding the statement to the ledger
// is the caller's. The errors are those of charging, and of
// calendar and prices that are not published.
func (i Issuer) Issue(l *Ledger, p billing.Period, readings []billing.Reading) (Statement, error) {
	if last := l.Latest(); last != nil && last.Period.Add(1) != p {
		return Statement{}, fault.New(fault.Invalid, "a statement must follow the last one")
	}
	term, err := debt.TermOf(p, l.Payer.Kind, i.Days)
	if err != nil {
		return Statement{}, err
	}
	s := Statement{Period: p, Issued: term.Issued, Due: term.Due}
	m := i.measure(l, p, readings)
	s.Registers = m.states
	if l.Payer.Kind == debt.Business {
		err = i.legal(l, &s, m)
	} else {
		err = i.household(l, &s, m)
	}
	if err != nil {
		return Statement{}, err
	}
	s.Fine, err = l.Fine(s.Issued, i.Pricer.Book)
	if errors.Is(err, tariff.ErrNoRate) {
		s.Fine, err = 0, nil // Billed when the rate is known.
	}
	return s, err
}

// household charges by tariffs of the population.
func (i Issuer) household(l *Ledger, s *Statement, m measured) (err error) {
	if m.known {
		s.Recalculations, s.Lines, err = i.Pricer.Late(l.Consumer, l.billed(s.Period, m.back), m.volumes, m.reason)
		return err
	}
	volumes, err := charge.Estimate(i.Pricer.Book, l.Consumer, s.Period, len(l.unread())+1, l.used())
	if err == nil {
		s.Lines, err = i.Pricer.Charge(l.Consumer, charge.Month(s.Period, volumes))
	}
	return err
}

// legal charges by the first price category.
func (i Issuer) legal(l *Ledger, s *Statement, m measured) (err error) {
	rate := func(p billing.Period, volumes []charge.Volume) (money.Kopecks, error) {
		v := charge.Volume{KWh: charge.Total(volumes), Method: volumes[0].Method}
		line, err := charge.Category1(i.Pricer.Book, p, v, l.Contract.Voltage, tariff.PowerOf(l.Contract.Power))
		s.Legal = &line
		return line.Sum, err
	}
	if m.known {
		s.Recalculations, err = charge.Rebill(l.billed(s.Period, m.back), m.volumes, m.reason, rate)
		return err
	}
	v := charge.Volume{Method: charge.ByPower, KWh: billing.KWh(int64(l.Contract.Power) * int64(charge.Days(s.Period)) * 24 / 1000)}
	if year := l.Statement(s.Period.Add(-12)); year != nil && len(l.unread()) < priorYear {
		v = charge.Volume{KWh: year.KWh(), Method: charge.ByPriorYear}
	}
	_, err = rate(s.Period, []charge.Volume{v})
	return err
}

// billed returns the last months of the ledger, as they stand after every
// recalculation, and the one to be billed now.
func (l *Ledger) billed(now billing.Period, last int) []charge.Billed {
	var months []charge.Billed
	for _, s := range l.Statements[len(l.Statements)-last:] {
		b := charge.Billed{Period: s.Period, KWh: s.KWh(), Sum: s.Energy()}
		for i := range l.Statements {
			for _, r := range l.Statements[i].Recalculations {
				if r.Period == b.Period {
					b.KWh += r.After - r.Before
					b.Sum += r.Sum
				}
			}
		}
		months = append(months, b)
	}
	return append(months, charge.Billed{Period: now})
}

// unread returns the latest statements that were not billed by readings.
func (l *Ledger) unread() []Statement {
	k := len(l.Statements)
	for k > 0 && l.Statements[k-1].Method() != charge.ByReadings {
		k--
	}
	return l.Statements[k:]
}

// used returns what was billed by readings.
func (l *Ledger) used() (list []charge.Used) {
	for i := range l.Statements {
		if s := &l.Statements[i]; s.Method() == charge.ByReadings && s.Legal == nil {
			list = append(list, charge.Used{Period: s.Period, Volumes: s.volumes()})
		}
	}
	return list
}

// Installments returns how a business pays the month of a statement: advances
// by the cost of the month before, then the rest (Act 442, п. 82). A first
// month has no advances.
func (l *Ledger) Installments(s *Statement, days *calendar.Production) ([]debt.Installment, error) {
	basis := money.Kopecks(0)
	if last := l.Statement(s.Period.Add(-1)); last != nil {
		basis = last.Energy()
	}
	list, err := debt.Installments(s.Period, basis, s.Charged(), days)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(i debt.Installment) bool { return i.Percent > 0 && i.Sum == 0 }), nil
}
