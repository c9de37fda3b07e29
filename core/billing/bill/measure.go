package bill

import (
	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/calendar"
)

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
		begins := make([]*Taken, 0, len(all))
		volumes := make([]charge.Volume, 0, len(all))
		for _, r := range all {
			begin := l.Statements[k].begin(r.meter.Serial, r.register.Name)
			if begin == nil {
				return false // Another meter stood there.
			}
			if begin.Value > r.after.Value {
				continue search
			}
			begins = append(begins, begin)
			volumes = append(volumes, charge.Volume{Zone: r.register.Zone, KWh: r.after.Value - begin.Value, Method: charge.ByReadings})
		}
		m.volumes = volumes
		for n := range begins {
			m.states[n].Before = begins[n]
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
