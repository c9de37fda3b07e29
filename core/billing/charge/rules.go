package charge

import (
	"fmt"

	"okoshko/core/fault"
)

// Rules are the ways of counting that the law leaves open (spec §2.3, §7.5),
// by their names in settings. The zero value of each is its default.
type Rules struct {
	Zones   ZoneSplit   `json:"zones"`
	Months  MonthLimits `json:"months"`
	Changes ChangeSplit `json:"changes"`
}

// ZoneSplit is how the ranges are shared between the zones of a meter.
type ZoneSplit string

// The splits.
const (
	// ProRata shares each range in proportion to what is left of each zone's
	// consumption, in whole kilowatt-hours by largest remainder. The default.
	ProRata ZoneSplit = "pro_rata"
	// DearestFirst fills the cheapest range with the dearest zones: the least
	// that can be asked.
	DearestFirst ZoneSplit = "dearest_first"
)

// MonthLimits is how wide ranges are for a bill that covers several months.
type MonthLimits string

// The widths.
const (
	// EachMonth adds up the limits of the days covered. The default.
	EachMonth MonthLimits = "each_month"
	// Once takes the limits of one month, however many are covered.
	Once MonthLimits = "once"
)

// ChangeSplit is how consumption is shared between two tariffs where nobody
// read the meter on the day of the change.
type ChangeSplit string

// The splits.
const (
	// ByDays shares it evenly over the days. The default.
	ByDays ChangeSplit = "by_days"
	// FirstDay takes the tariff of the first day for all.
	FirstDay ChangeSplit = "first_day"
	// LastDay takes the tariff of the last day for all.
	LastDay ChangeSplit = "last_day"
)

// complete fills in defaults and refuses names that do not exist; Invalid.
func (r Rules) complete() (Rules, error) {
	if r.Zones == "" {
		r.Zones = ProRata
	}
	if r.Months == "" {
		r.Months = EachMonth
	}
	if r.Changes == "" {
		r.Changes = ByDays
	}
	switch {
	case r.Zones != ProRata && r.Zones != DearestFirst,
		r.Months != EachMonth && r.Months != Once,
		r.Changes != ByDays && r.Changes != FirstDay && r.Changes != LastDay:
		return r, fault.New(fault.Invalid, fmt.Sprintf("rules of charging %+v: no such way", r))
	}
	return r, nil
}

// Validate returns Invalid for a name that does not exist.
func (r Rules) Validate() error {
	_, err := r.complete()
	return err
}
