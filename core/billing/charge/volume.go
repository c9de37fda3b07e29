package charge

import (
	"fmt"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/fault"
)

const (
	// MostAverage is for how many periods in a row a volume may be an average
	// (Rules 354, п. 60).
	MostAverage = 3
	// leastMonths is how many months of readings make an average (п. 59).
	leastMonths = 3
	// averageMonths is how far back an average looks: a year, so that every
	// season weighs the same (п. 59 asks for six months at least).
	averageMonths = 12
	// raisedTenths is the raising coefficient 1.5 (п. 60(3)), in tenths.
	raisedTenths = 15
)

// Between returns what each register counted from one state of the meter to a
// later one. Registers are those of the meter; a later value that is lower
// counts as passed zero only if its reading says so (V5). The error is
// ErrVolume, or Invalid if a register has no reading.
func Between(m billing.Meter, before, after []billing.Reading) ([]Volume, error) {
	volumes := make([]Volume, 0, len(m.Registers))
	for _, r := range m.Registers {
		from, ok := ofRegister(before, r.Name)
		to, ok2 := ofRegister(after, r.Name)
		if !ok || !ok2 {
			return nil, fault.New(fault.Invalid, "register "+r.Name+" has no reading")
		}
		used := to.Value - from.Value
		if used < 0 && to.Rollover {
			used += m.Capacity()
		}
		if used < 0 || used > MostKWh {
			return nil, fmt.Errorf("register %s: %d kWh: %w", r.Name, used, ErrVolume)
		}
		volumes = append(volumes, Volume{r.Zone, used, ByReadings})
	}
	return volumes, nil
}

func ofRegister(readings []billing.Reading, name string) (billing.Reading, bool) {
	for _, r := range readings {
		if r.Register == name {
			return r, true
		}
	}
	return billing.Reading{}, false
}

// Used is a month's consumption by readings, for an average.
type Used struct {
	Period  billing.Period
	Volumes []Volume
}

// Average returns the mean monthly consumption of each zone over the latest
// twelve months of a history by readings, half-up; false if it has fewer than
// three months (Rules 354, п. 59).
func Average(history []Used) ([]Volume, bool) {
	last := billing.Period{}
	for _, u := range history {
		if last.IsZero() || last.Before(u.Period) {
			last = u.Period
		}
	}
	sums := map[billing.Zone]billing.KWh{}
	var order []billing.Zone
	months := billing.KWh(0)
	for _, u := range history {
		if last.Sub(u.Period) >= averageMonths {
			continue
		}
		months++
		for _, v := range u.Volumes {
			if _, known := sums[v.Zone]; !known {
				order = append(order, v.Zone)
			}
			sums[v.Zone] += v.KWh
		}
	}
	if months < leastMonths {
		return nil, false
	}
	volumes := make([]Volume, 0, len(order))
	for _, z := range order {
		volumes = append(volumes, Volume{z, (sums[z] + months/2) / months, ByAverage})
	}
	return volumes, true
}

// Norm returns the volume by norm of a dwelling for a month, raised if access
// to the meter was refused twice (Rules 354, п. 60(3)). It is charged at the
// price of one rate, whatever the meter. The error is tariff.ErrNoNorm.
func Norm(book *tariff.Book, c Consumer, p billing.Period, raised bool) ([]Volume, error) {
	n, err := book.Norm(c.Stove, c.Rooms, c.Residents, First(p))
	if err != nil {
		return nil, err
	}
	v := Volume{billing.ZoneSingle, n.PerPerson * billing.KWh(max(c.Residents, 1)), ByNorm}
	if raised {
		v.KWh, v.Method = (v.KWh*raisedTenths+5)/10, ByRaisedNorm
	}
	return []Volume{v}, nil
}

// Estimate returns the volume of a month without readings: the average for at
// most three periods in a row, then, or without a history, the norm (Rules
// 354, пп. 59–60). nth counts the months without readings, this one included.
func Estimate(book *tariff.Book, c Consumer, p billing.Period, nth int, history []Used) ([]Volume, error) {
	if nth <= MostAverage {
		if average, ok := Average(history); ok {
			return average, nil
		}
	}
	return Norm(book, c, p, false)
}

// LegalLine is a month of a legal entity in the first price category: one price
// for all hours (Act 442; spec §2.2).
type LegalLine struct {
	Period  billing.Period `json:"period"`
	KWh     billing.KWh    `json:"kwh"`
	Method  Method         `json:"method"`
	Voltage tariff.Voltage `json:"voltage"`
	Power   tariff.Power   `json:"power"`
	Price   money.Price    `json:"price"` // ₽/kWh without VAT
	Net     money.Kopecks  `json:"net"`
	Rate    money.Factor   `json:"rate"` // of VAT
	VAT     money.Kopecks  `json:"vat"`
	Sum     money.Kopecks  `json:"sum"` // with VAT
}

// Category1 charges a month in the first price category: unregulated price
// times volume, then VAT, each rounded half-up. The errors are ErrVolume,
// tariff.ErrNoPrice for a month whose prices are not out, tariff.ErrNoRate.
func Category1(book *tariff.Book, p billing.Period, v Volume, voltage tariff.Voltage, power tariff.Power) (LegalLine, error) {
	l := LegalLine{Period: p, KWh: v.KWh, Method: v.Method, Voltage: voltage, Power: power}
	if v.KWh < 0 || v.KWh > MostKWh {
		return l, fmt.Errorf("%d kWh: %w", v.KWh, ErrVolume)
	}
	prices, err := book.Unregulated(p, 1, power)
	if err != nil {
		return l, err
	}
	price, ok := prices.Prices[voltage]
	if !ok {
		return l, fault.New(fault.Invalid, "no such voltage: "+string(voltage))
	}
	l.Price = price
	// The rate of the last day: energy is delivered by the end of the month.
	if l.Rate, err = book.VAT(First(p.Add(1)).Add(-1)); err != nil {
		return l, err
	}
	if l.Net, err = price.Times(int64(v.KWh)); err != nil {
		return l, err
	}
	if l.VAT, err = l.Rate.Of(l.Net); err != nil {
		return l, err
	}
	l.Sum = l.Net + l.VAT
	return l, nil
}
