package charge

import (
	"okoshko/core/billing"
	"okoshko/core/billing/tariff"
)

// Consumer is what the price of a household's energy depends on.
type Consumer struct {
	Group tariff.Group
	// Rural: the place of an equated consumer, which pays as the countryside
	// does.
	Rural     bool
	Plan      tariff.Plan
	Territory string
	// Heating: a house without gas, heated by electricity: its ranges are
	// wider in the heating season (spec §2.3, coefficient 1.8).
	Heating bool
	// Stove, Rooms and Residents decide the norm. Nobody registered counts as
	// one resident (Rules 354, п. 56(2)).
	Stove            tariff.Stove
	Rooms, Residents int
	// Households is among how many dwellings or plots one contract shares the
	// ranges, one if not set: a garden partnership has a range for each plot.
	Households int
}

// priced returns the group whose prices hold.
func (c Consumer) priced() tariff.Group { return c.Group.Priced(c.Rural) }

// Method is how a volume was found (Rules 354, п. 69).
type Method string

// The methods.
const (
	ByReadings Method = "readings"
	// ByAverage: no readings for at most three periods in a row (п. 59, 60).
	ByAverage Method = "average"
	// ByNorm: after that, or when there is no average (п. 60).
	ByNorm Method = "norm"
	// ByRaisedNorm: access to the meter was refused twice (п. 60(3)).
	ByRaisedNorm Method = "norm_raised"
	// ByPriorYear: a legal entity without readings, for two periods (Act 442).
	ByPriorYear Method = "prior_year"
	// ByPower: after that, greatest power times hours (Act 442).
	ByPower Method = "power"
	// ByStatement: a calculator was told so.
	ByStatement Method = "statement"
)

// Volume is energy used in one zone.
type Volume struct {
	Zone   billing.Zone `json:"zone"`
	KWh    billing.KWh  `json:"kwh"`
	Method Method       `json:"method"`
}

// Total sums volumes.
func Total(volumes []Volume) (sum billing.KWh) {
	for _, v := range volumes {
		sum += v.KWh
	}
	return sum
}
