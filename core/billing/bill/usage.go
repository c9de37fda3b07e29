package bill

import (
	"okoshko/core/billing"
	"okoshko/core/billing/charge"
)

// Usage is what was used in a month.
type Usage struct {
	Period  billing.Period
	Volumes []charge.Volume
	// Method is how the volumes were found; empty for a month without energy.
	Method charge.Method
}

// KWh is the volume of the month.
func (u *Usage) KWh() billing.KWh { return charge.Total(u.Volumes) }

// Usage returns what was used in the latest months that were billed, the newest
// first, most of them at the most: as it stands after every recalculation. Those
// give the volume of a month in all, so its zones keep the shares that were billed.
func (l *Ledger) Usage(most int) []Usage {
	var list []Usage
	for i := len(l.Statements) - 1; i >= 0 && len(list) < most; i-- {
		s := &l.Statements[i]
		u := Usage{Period: s.Period, Volumes: s.volumes(), Method: s.Method()}
		if s.Legal != nil {
			u.Volumes = []charge.Volume{{Zone: billing.ZoneSingle, KWh: s.Legal.KWh, Method: s.Legal.Method}}
		}
		for k := i + 1; k < len(l.Statements); k++ {
			for _, r := range l.Statements[k].Recalculations {
				if r.Period == s.Period {
					u.correct(r)
				}
			}
		}
		list = append(list, u)
	}
	return list
}

// correct makes of a month what a recalculation made of it.
func (u *Usage) correct(r charge.Recalculation) {
	if r.After == r.Before && r.Sum == 0 {
		return
	}
	if r.Reason == charge.LateReading || r.Reason == charge.Control {
		u.Method = charge.ByReadings
	}
	before := u.KWh()
	after := max(before+r.After-r.Before, 0)
	if len(u.Volumes) == 0 {
		u.Volumes = []charge.Volume{{Zone: billing.ZoneSingle}}
	}
	left := after
	for i := range u.Volumes {
		v := &u.Volumes[i]
		switch {
		case i == len(u.Volumes)-1:
			v.KWh = left
		case before > 0:
			v.KWh = min((v.KWh*after+before/2)/before, left)
		}
		left -= v.KWh
		v.Method = u.Method
	}
}
