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

// measured is what the meters of an account say of a month.
type measured struct {
	states  []State
	volumes []charge.Volume
	// known: every register has a value that counts.
	known bool
	// back is how many statements before this one the volumes go back: those
	// without readings, or those that a check refutes.
	back   int
	reason charge.Reason
}

// measure finds the states of every register at both ends of the month, and of
// what was used between them. An account is charged by what all its registers
// say, or by none.
func (i Issuer) measure(l *Ledger, p billing.Period, readings []billing.Reading) measured {
	m := measured{known: true, back: len(l.unread()), reason: charge.LateReading}
	var all []register
	for _, meter := range l.Account.Meters {
		gone := !meter.OutOfServiceSince.IsZero() && calendar.DateOf(meter.OutOfServiceSince, i.Zone).Before(charge.First(p))
		if gone || meter.Hourly {
			continue
		}
		for _, r := range meter.Registers {
			before, after := i.ends(l, p, meter, r.Name, readings)
			all = append(all, register{meter, r, before, after})
			m.states = append(m.states, State{Serial: meter.Serial, Register: r.Name, Zone: r.Zone, Before: i.taken(before)})
			m.known = m.known && before != nil && after != nil
		}
	}
	if m.known = m.known && len(all) > 0; !m.known {
		return m
	}
	lower := false
	for _, r := range all {
		used, err := r.used()
		if err != nil { // Lower than before.
			lower = true
			break
		}
		m.volumes = append(m.volumes, used)
	}
	if lower && !m.goBack(l, all) {
		m.known = false // Nobody knows what was used.
		return m
	}
	for k := range m.states {
		m.states[k].After = i.taken(all[k].after)
	}
	return m
}

// register is a register of a meter with its values of a month.
type register struct {
	meter         billing.Meter
	register      billing.Register
	before, after *billing.Reading
}

func (r register) used() (charge.Volume, error) {
	m := r.meter
	m.Registers = []billing.Register{r.register}
	used, err := charge.Between(m, []billing.Reading{*r.before}, []billing.Reading{*r.after})
	if err != nil {
		return charge.Volume{}, err
	}
	return used[0], nil
}

// goBack looks for the last month that began below the values of a check: what
// was sent since then was too much (Rules 354, п. 61). Only a check can refute
// what was billed.
func (m *measured) goBack(l *Ledger, all []register) bool {
	for _, r := range all {
		if r.after.Source != billing.SourceControl && r.after.Source != billing.SourceRemote {
			return false
		}
	}
search:
	for k := len(l.Statements) - 1; k >= 0; k-- {
		for n, r := range all {
			begin := l.Statements[k].begin(r.meter.Serial, r.register.Name)
			if begin == nil {
				return false
			}
			if begin.Value > r.after.Value {
				continue search
			}
			m.states[n].Before = begin
		}
		m.volumes = m.volumes[:0]
		for n, r := range all {
			used := r.after.Value - m.states[n].Before.Value
			m.volumes = append(m.volumes, charge.Volume{Zone: r.register.Zone, KWh: used, Method: charge.ByReadings})
		}
		// A month that set others right began where they did.
		first := k
		for first > 0 && !l.Statements[first-1].beganBefore(&l.Statements[k]) {
			first--
		}
		m.back, m.reason = len(l.Statements)-first, charge.Control
		return true
	}
	return false
}

// beganBefore reports whether a register began this month with an earlier
// value than a later one.
func (s *Statement) beganBefore(later *Statement) bool {
	for _, r := range later.Registers {
		if begin := s.begin(r.Serial, r.Register); begin != nil && r.Before != nil && begin.On.Before(r.Before.On) {
			return true
		}
	}
	return false
}

// begin returns the value with which a register began a month.
func (s *Statement) begin(serial billing.MeterSerial, register string) *Taken {
	for _, r := range s.Registers {
		if r.Serial == serial && r.Register == register {
			return r.Before
		}
	}
	return nil
}

// ends finds the value of a register that was billed last and the one that
// counts for a month.
func (i Issuer) ends(l *Ledger, p billing.Period, m billing.Meter, register string, readings []billing.Reading) (before, after *billing.Reading) {
	since := billing.Period{}
	for k := len(l.Statements) - 1; k >= 0 && since.IsZero(); k-- {
		for _, s := range l.Statements[k].Registers {
			if s.Serial == m.Serial && s.Register == register && s.After != nil {
				since = l.Statements[k].Period
			}
		}
	}
	for k := range readings {
		r := &readings[k]
		switch {
		case r.Meter != m.ID || r.Register != register || !r.Source.Actual() || p.Before(r.Period):
			continue
		case r.Source != billing.SourceInstallation && r.Period == p:
			if m.Billable(r.At, i.Zone) && (after == nil || after.At.Before(r.At)) {
				after = r
			}
		case r.Source == billing.SourceInstallation && before == nil,
			!since.IsZero() && r.Period == since && (before == nil || before.At.Before(r.At)),
			since.IsZero() && r.Period != p && (before == nil || before.At.Before(r.At)):
			before = r
		}
	}
	return before, after
}

func (i Issuer) taken(r *billing.Reading) *Taken {
	if r == nil {
		return nil
	}
	return &Taken{r.Value, calendar.DateOf(r.At, i.Zone), r.Source}
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
