package tariff

import (
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// Act is a decree of the regional regulator (R-5.1.2-g).
type Act struct {
	Number string // 120-э
	Issuer string
	Signed calendar.Date
	Title  string
	Link   string // to its text
}

// Version is the prices of one group that hold at a time (R-5.1.2-f).
type Version struct {
	Validity
	Group Group
	Act   Act
	// Ranges are in order; one alone where consumption has no ranges.
	Ranges []Range
}

// Range is the prices of one range of consumption.
type Range struct {
	N      int // from 1
	quotes [billing.ZoneHalfPeak + 1]Quote
}

// Quote is the price of one zone in one range, ₽/kWh with VAT.
type Quote struct {
	Price money.Price
	// Printed: the act prints the figure; else it is the printed price of the
	// range times the zone's multiplier (spec §2.3).
	Printed bool
}

// Quote returns the price of a zone, the zero Quote for a zone without one.
func (r *Range) Quote(z billing.Zone) Quote {
	if int(z) >= len(r.quotes) {
		return Quote{}
	}
	return r.quotes[z]
}

// Quote returns the price of a zone in the n-th range (from 1); above the last
// range its price holds on.
func (v *Version) Quote(n int, z billing.Zone) Quote {
	return v.Ranges[min(max(n, 1), len(v.Ranges))-1].Quote(z)
}

// Limits are the upper ends of the first and second range, kWh a month.
type Limits struct {
	First, Second billing.KWh
}

// limitsRow is Limits with when and for whom they hold.
type limitsRow struct {
	Validity
	Limits
	heating bool
}

// season is the heating season of a territory, days of a year; it may pass New
// Year.
type season struct {
	Validity
	territory    string // empty: all that have no row of their own
	begins, ends day
}

// day is a day of any year.
type day struct {
	month time.Month
	day   int
}

// compare orders days of a year.
func (d day) before(o day) bool {
	return d.month < o.month || d.month == o.month && d.day < o.day
}

// contains reports whether a date lies in the season.
func (s season) contains(date calendar.Date) bool {
	d := day{date.Month, date.Day}
	if s.ends.before(s.begins) {
		return !d.before(s.begins) || !s.ends.before(d)
	}
	return !d.before(s.begins) && !s.ends.before(d)
}

// Norm is the consumption that is assumed for a person and month (R-5.1.2-i).
type Norm struct {
	Validity
	Stove     Stove
	Rooms     int // the last row holds for more
	Residents int // the last row holds for more
	PerPerson billing.KWh
}

// Service is an additional service with its price (R-5.1.2-d, n).
type Service struct {
	Validity
	Code     string
	Audience Audience
	// Price is in whole kopecks with VAT; the most that can be asked if
	// ByCost.
	Price  money.Kopecks
	ByCost bool
	// Term is how long it takes; TermUnit says of what.
	Term     int
	TermUnit TermUnit
	Basis    Basis
	// Titles by language, "ru" and "en".
	Titles map[string]string
}

// TermUnit is what the term of a service is counted in.
type TermUnit string

// The units of terms.
const (
	Hours       TermUnit = "hours"
	WorkingDays TermUnit = "working_days"
	Months      TermUnit = "months"
)

// Basis is who sets the price of a service.
type Basis string

// The bases of prices.
const (
	ByCompany Basis = "company" // the supplier's price list
	ByLaw     Basis = "law"     // the law or the regulator
	ByGrid    Basis = "grid"    // the grid company
)

// Voltage is the level at which a legal entity is connected.
type Voltage string

// The levels of voltage, by their names in the acts (ВН, СН-1, СН-2, НН).
const (
	HV  Voltage = "vn"
	MV1 Voltage = "sn1"
	MV2 Voltage = "sn2"
	LV  Voltage = "nn"
)

// Voltages lists the levels, the highest first.
func Voltages() []Voltage { return []Voltage{HV, MV1, MV2, LV} }

// Power is a group of legal entities by their greatest power.
type Power string

// The groups of power.
const (
	Under670kW Power = "under_670kw"
	From670kW  Power = "670kw_to_10mw"
	From10MW   Power = "from_10mw"
	power670         = 670_000
	power10000       = 10_000_000
)

// PowerOf returns the group of a power.
func PowerOf(w billing.Watts) Power {
	switch {
	case w < power670:
		return Under670kW
	case w < power10000:
		return From670kW
	default:
		return From10MW
	}
}

// Powers lists the groups, the smallest first.
func Powers() []Power { return []Power{Under670kW, From670kW, From10MW} }

// Unregulated are the prices of a month for one price category and group of
// power, ₽/kWh without VAT (R-5.1.2-h).
type Unregulated struct {
	Month    billing.Period
	Category int // 1 – 6
	Power    Power
	Prices   map[Voltage]money.Price
}

// rate is a dated rate.
type rate struct {
	Validity
	audience Audience
	rate     money.Factor
}

// multiplier makes a zone's price of the single one.
type multiplier struct {
	Validity
	zone billing.Zone
	by   money.Factor
}
