package charge

import (
	"fmt"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/fault"
)

// Reason is why a month is charged anew.
type Reason string

// The reasons of a recalculation.
const (
	// LateReading: a value came after months without readings.
	LateReading Reason = "late_reading"
	// Control: a check found other values than were sent (Rules 354, п. 61).
	Control Reason = "control"
	// Absence: nobody lived there (Rules 354, ch. VIII).
	Absence Reason = "absence"
	// Quality: breaks or voltage (Rules 354, ch. IX).
	Quality Reason = "quality"
	// Correction of a mistake of the supplier.
	Correction Reason = "correction"
)

// Recalculation is a line of a bill that corrects an earlier month.
type Recalculation struct {
	Period billing.Period `json:"period"`
	Reason Reason         `json:"reason"`
	// What the month was billed for and what it is billed for now.
	Before billing.KWh `json:"before"`
	After  billing.KWh `json:"after"`
	// Sum is the difference, negative in favour of the customer.
	Sum money.Kopecks `json:"sum"`
}

// Billed is a month as it was charged, earlier recalculations of it included.
type Billed struct {
	Period billing.Period
	KWh    billing.KWh
	Sum    money.Kopecks
}

// Late rates what a reading shows after months without one. The months stand
// in order; all but the last were billed otherwise, by average or norm or by
// values that a check refuted, the last is the one in which the value came and
// was not billed yet. What was used is spread
// evenly over the days of all of them, and each month is rated anew at its own
// tariff and ranges (spec §2.3): the earlier ones give recalculations, the last
// one its lines. Months that come out as they were billed give none.
func (p Pricer) Late(c Consumer, months []Billed, used []Volume, reason Reason) (list []Recalculation, lines []Line, err error) {
	list, err = Rebill(months, used, reason, func(period billing.Period, volumes []Volume) (money.Kopecks, error) {
		lines, err = p.Charge(c, Month(period, volumes))
		return Sum(lines), err
	})
	return list, lines, err
}

// Rebill spreads what was used over the days of months that follow each other
// and rates each of them, the last one last; those before it give
// recalculations. The errors are ErrVolume, Invalid, and those of rate.
func Rebill(months []Billed, used []Volume, reason Reason,
	rate func(billing.Period, []Volume) (money.Kopecks, error),
) ([]Recalculation, error) {
	if len(months) == 0 {
		return nil, fault.New(fault.Invalid, "no months to charge")
	}
	lengths := make([]int, len(months))
	for i, m := range months {
		if i > 0 && m.Period != months[i-1].Period.Add(1) {
			return nil, fault.New(fault.Invalid, "months do not follow each other")
		}
		lengths[i] = Days(m.Period)
	}
	volumes := make([][]Volume, len(months))
	for _, v := range used {
		if v.KWh < 0 || v.KWh > MostKWh {
			return nil, fmt.Errorf("%d kWh: %w", v.KWh, ErrVolume)
		}
		for i, kwh := range spread(v.KWh, lengths) {
			volumes[i] = append(volumes[i], Volume{v.Zone, kwh, v.Method})
		}
	}
	var list []Recalculation
	for i, m := range months {
		sum, err := rate(m.Period, volumes[i])
		if err != nil {
			return nil, err
		}
		r := Recalculation{
			Period: m.Period, Reason: reason, Before: m.KWh, After: Total(volumes[i]), Sum: sum - m.Sum,
		}
		if i < len(months)-1 && (r.Sum != 0 || r.Before != r.After) {
			list = append(list, r)
		}
	}
	return list, nil
}
