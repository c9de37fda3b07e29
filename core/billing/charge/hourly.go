package charge

import (
	"fmt"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
)

// Hourly is a month of a legal entity in a price category that is priced by the
// hour (Act 442; spec §2.2). All sums are without VAT but Sum.
type Hourly struct {
	Period   billing.Period `json:"period"`
	Category int            `json:"category"`
	Power    tariff.Power   `json:"power"`
	Voltage  tariff.Voltage `json:"voltage"`
	// Load is what was used in each hour of the month, from its first, Prices what a
	// MWh cost in it; nil in what tells of the month alone (Brief).
	Load   []billing.KWh   `json:"load,omitempty"`
	Prices []money.Kopecks `json:"prices,omitempty"`
	// Energy is the sum of the hours, each rounded half-up to a kopeck, so that a
	// file of hours adds up to it.
	KWh    billing.KWh   `json:"kwh"`
	Energy money.Kopecks `json:"energy"`
	// Capacity is the mean of the load in the market's peak hour, Upkeep that of the
	// highest load, both over the working days, in kW; what they cost beside it.
	Capacity      int64         `json:"capacity_kw"`
	CapacityPrice money.Kopecks `json:"capacity_price"` // of a MW
	CapacitySum   money.Kopecks `json:"capacity"`
	Upkeep        int64         `json:"upkeep_kw,omitempty"`
	UpkeepPrice   money.Kopecks `json:"upkeep_price,omitempty"`
	UpkeepSum     money.Kopecks `json:"upkeep,omitempty"`
	Net           money.Kopecks `json:"net"`
	Rate          money.Factor  `json:"rate"` // of VAT
	VAT           money.Kopecks `json:"vat"`
	Sum           money.Kopecks `json:"sum"`
}

// The daytime, in which a grid's highest load counts: planned peak hours lie
// within it (Act 1178 of 29.12.2011, п. 15).
const (
	daytimeFrom  = 7
	daytimeUntil = 23
)

// ByHour charges a month by its hours. The errors are ErrVolume for a load that has
// not the month's hours or holds an absurd one, tariff.ErrNoPrice, tariff.ErrNoRate
// and calendar.ErrUnpublished.
func ByHour(book *tariff.Book, prices tariff.Hourly, load []billing.KWh, days *calendar.Production) (Hourly, error) {
	p := prices.Month
	h := Hourly{Period: p, Category: prices.Category, Power: prices.Power, Voltage: prices.Voltage, Load: load, Prices: prices.Hours}
	if len(load) != len(prices.Hours) {
		return h, fmt.Errorf("%d hours in %s: %w", len(load), p, ErrVolume)
	}
	for i, used := range load {
		if used < 0 || used > MostKWh {
			return h, fmt.Errorf("%d kWh in an hour: %w", used, ErrVolume)
		}
		h.KWh += used
		h.Energy += HourCost(used, prices.Hours[i])
	}
	if err := h.loads(book.PeakHour(First(p)), days); err != nil {
		return h, err
	}
	if prices.Upkeep == 0 {
		h.Upkeep = 0
	}
	h.CapacityPrice, h.UpkeepPrice = prices.Capacity, prices.Upkeep
	h.CapacitySum, h.UpkeepSum = thousandth(h.Capacity, prices.Capacity), thousandth(h.Upkeep, prices.Upkeep)
	h.Net = h.Energy + h.CapacitySum + h.UpkeepSum
	var err error
	if h.Rate, err = book.VAT(First(p.Add(1)).Add(-1)); err != nil {
		return h, err
	}
	if h.VAT, err = h.Rate.Of(h.Net); err != nil {
		return h, err
	}
	h.Sum = h.Net + h.VAT
	return h, nil
}

// Brief is the month without its hours.
func (h Hourly) Brief() *Hourly {
	h.Load, h.Prices = nil, nil
	return &h
}

// HourCost is what an hour costs at a price of a MWh.
func HourCost(used billing.KWh, price money.Kopecks) money.Kopecks {
	return thousandth(int64(used), price)
}

// thousandth prices kW or kWh by a price of a thousand, rounded half-up.
func thousandth(n int64, price money.Kopecks) money.Kopecks {
	return money.Kopecks((n*int64(price) + 500) / 1000)
}

// loads finds the two loads of the working days that are paid for.
func (h *Hourly) loads(peak int, days *calendar.Production) error {
	var atPeak, highest, working int64
	for day := 0; day*24 < len(h.Load); day++ {
		works, err := days.Working(First(h.Period).Add(day))
		if err != nil {
			return err
		}
		if !works {
			continue
		}
		working++
		hours := h.Load[day*24 : day*24+24]
		atPeak += int64(hours[peak])
		most := billing.KWh(0)
		for _, used := range hours[daytimeFrom:daytimeUntil] {
			most = max(most, used)
		}
		highest += int64(most)
	}
	if working > 0 {
		h.Capacity, h.Upkeep = (2*atPeak+working)/(2*working), (2*highest+working)/(2*working)
	}
	return nil
}
