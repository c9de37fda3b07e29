package tariff

import (
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Group is a group of consumers for whom the regulator sets prices (spec §2.3,
// §5.4), as it stands in tables.
type Group string

// The groups of the population.
const (
	City     Group = "G1" // towns, gas stoves
	Electric Group = "G2" // towns, stationary electric stoves or electric heating
	Rural    Group = "G3" // rural settlements
	// Equated are garden partnerships, garages, religious organisations and
	// others that pay as the population does. They have no prices of their
	// own: see Priced.
	Equated Group = "G4"
	// Legal are those whose prices the market makes.
	Legal Group = "legal"
)

// Groups lists the groups that have prices of their own.
func Groups() []Group { return []Group{City, Electric, Rural} }

// Priced returns the group by whose prices g pays: an equated consumer by its
// place (spec §5.4), everybody else by his own.
func (g Group) Priced(rural bool) Group {
	switch {
	case g == Equated && rural:
		return Rural
	case g == Equated:
		return City
	default:
		return g
	}
}

// Plan is a choice of zones of the day; its value is their number.
type Plan uint8

// The plans.
const (
	OneRate    Plan = 1
	DayNight   Plan = 2
	ThreeZones Plan = 3
)

// Plans lists them.
func Plans() []Plan { return []Plan{OneRate, DayNight, ThreeZones} }

var planZones = map[Plan][]billing.Zone{
	OneRate:    {billing.ZoneSingle},
	DayNight:   {billing.ZoneDay, billing.ZoneNight},
	ThreeZones: {billing.ZonePeak, billing.ZoneHalfPeak, billing.ZoneNight},
}

// Zones returns the zones of the plan, the dearest first; none for a plan that
// does not exist.
func (p Plan) Zones() []billing.Zone { return planZones[p] }

// PlanOf returns the plan of a meter with these registers, zero if they make
// none.
func PlanOf(registers []billing.Register) Plan {
	for _, p := range Plans() {
		if sameZones(p.Zones(), registers) {
			return p
		}
	}
	return 0
}

func sameZones(zones []billing.Zone, registers []billing.Register) bool {
	if len(zones) != len(registers) {
		return false
	}
	for _, z := range zones {
		found := false
		for _, r := range registers {
			found = found || r.Zone == z
		}
		if !found {
			return false
		}
	}
	return true
}

// Stove is what a household cooks on: norms depend on it.
type Stove string

// The stoves.
const (
	GasStove      Stove = "gas"
	ElectricStove Stove = "electric"
)

// Audience is whom something is for.
type Audience string

// The audiences.
const (
	Household Audience = "fl"
	Business  Audience = "ul"
	Everybody Audience = "both"
)

// For reports whether something for a is for one of audience o, too.
func (a Audience) For(o Audience) bool { return a == Everybody || o == Everybody || a == o }

// Validity is when a row holds: from the first day up to, but without, the
// day To; without an end if To is zero.
type Validity struct{ From, To calendar.Date }

// Holds reports whether the row holds on that day.
func (v Validity) Holds(d calendar.Date) bool {
	return !d.Before(v.From) && (v.To.IsZero() || d.Before(v.To))
}

// Last returns the last day on which the row holds, zero if it has no end.
func (v Validity) Last() calendar.Date {
	if v.To.IsZero() {
		return v.To
	}
	return v.To.Add(-1)
}

func (v Validity) validity() Validity { return v }

// What a book does not hold; all are of kind fault.NotFound.
var (
	// ErrNoTariff: no tariff of the group holds on that day.
	ErrNoTariff error = &fault.Error{Kind: fault.NotFound, Key: "no_tariff"}
	// ErrNoNorm: no norm is set for such a dwelling on that day.
	ErrNoNorm error = &fault.Error{Kind: fault.NotFound, Key: "no_norm"}
	// ErrNoPrice: no unregulated price is published for that month.
	ErrNoPrice error = &fault.Error{Kind: fault.NotFound, Key: "no_price"}
	// ErrNoRate: no rate of tax or penalties is known for that day.
	ErrNoRate error = &fault.Error{Kind: fault.NotFound, Key: "no_rate"}
	// ErrNoService: no service has that code on that day.
	ErrNoService error = &fault.Error{Kind: fault.NotFound, Key: "no_service"}
)
