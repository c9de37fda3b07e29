package bill

import (
	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// Statement is what a month was charged for (Rules 354, п. 69). It does not
// change once it is issued: what was wrong in it is a recalculation of a later
// one.
type Statement struct {
	Period billing.Period `json:"period"`
	Issued calendar.Date  `json:"issued"`
	Due    calendar.Date  `json:"due"`
	// Registers are the states of the meter, in its order; none where there is
	// no meter.
	Registers []State `json:"registers,omitempty"`
	// Lines are a household's energy, Legal is a legal entity's.
	Lines          []charge.Line          `json:"lines,omitempty"`
	Legal          *charge.LegalLine      `json:"legal,omitempty"`
	Recalculations []charge.Recalculation `json:"recalculations,omitempty"`
	Extras         []Extra                `json:"extras,omitempty"`
	// Fine is the penalties that became due since the statement before.
	Fine money.Kopecks `json:"fine,omitempty"`
}

// State is a register at both ends of a month.
type State struct {
	Serial   billing.MeterSerial `json:"serial"`
	Register string              `json:"register"`
	Zone     billing.Zone        `json:"zone"`
	// Before is the last value that counted; After is nil if the month was
	// not billed by readings.
	Before *Taken `json:"before,omitempty"`
	After  *Taken `json:"after,omitempty"`
}

// Taken is a value of a register and the day on which it was read.
type Taken struct {
	Value  billing.KWh    `json:"value"`
	On     calendar.Date  `json:"on"`
	Source billing.Source `json:"source"`
}

// Extra is a line that is no energy of the account's own.
type Extra struct {
	Kind ExtraKind `json:"kind"`
	// Code is the service's in the price list.
	Code string `json:"code,omitempty"`
	// KWh is the share of the house's common use, if it is that.
	KWh billing.KWh   `json:"kwh,omitempty"`
	Sum money.Kopecks `json:"sum"`
}

// ExtraKind says what an extra line is.
type ExtraKind string

// The kinds.
const (
	// Common is energy for the common property of a house (СОИ).
	Common ExtraKind = "common"
	// Service was ordered.
	Service ExtraKind = "service"
)

// Energy is the cost of the month's own energy.
func (s *Statement) Energy() money.Kopecks {
	if s.Legal != nil {
		return s.Legal.Sum
	}
	return charge.Sum(s.Lines)
}

// Recalculated is what earlier months were corrected by.
func (s *Statement) Recalculated() (sum money.Kopecks) {
	for _, r := range s.Recalculations {
		sum += r.Sum
	}
	return sum
}

// Extra is the sum of the extra lines.
func (s *Statement) Extra() (sum money.Kopecks) {
	for _, e := range s.Extras {
		sum += e.Sum
	}
	return sum
}

// Charged is the sum of all lines but the fine.
func (s *Statement) Charged() money.Kopecks { return s.Energy() + s.Recalculated() + s.Extra() }

// KWh is the volume of the month.
func (s *Statement) KWh() (sum billing.KWh) {
	if s.Legal != nil {
		return s.Legal.KWh
	}
	for i := range s.Lines {
		sum += s.Lines[i].KWh
	}
	return sum
}

// Method is how the volume was found; empty for a month without energy.
func (s *Statement) Method() charge.Method {
	switch {
	case s.Legal != nil:
		return s.Legal.Method
	case len(s.Lines) > 0:
		return s.Lines[0].Method
	default:
		return ""
	}
}

// volumes sums the lines by zone, in their order.
func (s *Statement) volumes() (list []charge.Volume) {
next:
	for i := range s.Lines {
		l := &s.Lines[i]
		for k := range list {
			if list[k].Zone == l.Zone {
				list[k].KWh += l.KWh
				continue next
			}
		}
		list = append(list, charge.Volume{Zone: l.Zone, KWh: l.KWh, Method: l.Method})
	}
	return list
}
