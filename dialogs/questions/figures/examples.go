package figures

import (
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/dialogs/words"
)

// What the examples of articles are about, in a month. All the rest is counted
// by the prices of the day.
const (
	rangeKWh      billing.KWh = 4500 // the house of spec §5.1, account 4
	zonesKWh      billing.KWh = 300  // spec §2.3: two zones pay from a share of the night on
	zonesNight    billing.KWh = 120
	calculatorKWh billing.KWh = 208
	// The norm of a flat with a gas stove.
	normRooms, normResidents = 2, 3
)

var ofExamples = map[string]figure{
	"range_example_kwh":     func(v *view) any { return v.kwh(rangeKWh) },
	"range_example_formula": rangeFormula,
	"range_example_sum": func(v *view) any {
		c, err := v.calculator(charge.Consumer{Group: tariff.Rural}, v.day).ByKWh(atOneRate(rangeKWh))
		return known(v.sum(c.Sum), err)
	},
	"heating_example_sum": func(v *view) any {
		house := charge.Consumer{Group: tariff.Rural, Heating: true}
		c, err := v.calculator(house, v.heated()).ByKWh(atOneRate(rangeKWh))
		return known(v.sum(c.Sum), err)
	},
	"zones_example_kwh":   func(v *view) any { return v.kwh(zonesKWh) },
	"zones_example_night": func(v *view) any { return v.kwh(zonesNight) },
	"zones_example_single": func(v *view) any {
		o, err := v.night()
		return known(v.sum(o.OneRate.Sum), err)
	},
	"zones_example_two": func(v *view) any {
		o, err := v.night()
		return known(v.sum(o.Zones.Sum), err)
	},
	"zones_break_even": func(v *view) any {
		o, err := v.night()
		return known(v.percent(fraction(o.BreakEven, 10)), err)
	},
	"norm_example": func(v *view) any {
		c, err := v.byNorm()
		return known(v.kwh(c.Norm.PerPerson), err)
	},
	"norm_example_volume": func(v *view) any {
		c, err := v.byNorm()
		return known(v.kwh(c.KWh), err)
	},
	"norm_example_sum": func(v *view) any {
		c, err := v.byNorm()
		return known(v.sum(c.Sum), err)
	},
	"calculator_example_kwh": func(v *view) any { return v.kwh(calculatorKWh) },
	"calculator_example_sum": func(v *view) any {
		c, err := v.calculator(charge.Consumer{Group: tariff.City}, v.day).ByKWh(atOneRate(calculatorKWh))
		return known(v.sum(c.Sum), err)
	},
}

func (v *view) calculator(c charge.Consumer, on calendar.Date) bill.Calculator {
	if c.Plan == 0 {
		c.Plan = tariff.OneRate
	}
	c.Territory = v.reader.Territory
	return bill.Calculator{Pricer: charge.Pricer{Book: v.Prices}, Consumer: c, On: on}
}

func atOneRate(n billing.KWh) charge.Volume {
	return charge.Volume{Zone: billing.ZoneSingle, KWh: n, Method: charge.ByStatement}
}

// rangeFormula writes a part for each range: «3 900 × 4,64 + 600 × 7,80».
func rangeFormula(v *view) any {
	c, err := v.calculator(charge.Consumer{Group: tariff.Rural}, v.day).ByKWh(atOneRate(rangeKWh))
	if err != nil {
		return nil
	}
	parts := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		parts[i] = v.say("formula.part", words.A("kwh", int64(l.KWh)), words.A("price", unitPrice(l.Price)))
	}
	return strings.Join(parts, " + ")
}

// night compares one rate with two zones, town with gas stoves.
func (v *view) night() (bill.NightOffer, error) {
	town := charge.Consumer{Group: tariff.City, Plan: tariff.DayNight}
	return v.calculator(town, v.day).Night(zonesKWh-zonesNight, zonesNight, 0)
}

func (v *view) byNorm() (bill.Calculation, error) {
	flat := charge.Consumer{Group: tariff.City, Stove: tariff.GasStove, Rooms: normRooms, Residents: normResidents}
	return v.calculator(flat, v.day).ByNorm()
}
