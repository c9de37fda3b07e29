package tariff

import (
	"fmt"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// part is a component of which the unregulated prices of a month are made (Act
// 442, п. 86–98; spec §2.2). Per MWh, if nothing else is said.
type part string

const (
	energy   part = "energy"         // of the wholesale market, the mean of all hours
	share    part = "capacity_share" // the capacity's part in the price of category 1
	services part = "services"       // of the market's operators
	sales    part = "sales"          // the supplier's allowance, by power
	carriage part = "carriage"       // by wire, in one rate
	losses   part = "losses"         // by wire, in two rates: this one, and
	upkeep   part = "upkeep"         // this one, per MW and month
	capacity part = "capacity"       // per MW and month
	over     part = "plan_over"      // for what was used above the plan
	under    part = "plan_under"     // for what was not used of it
)

func parts() []part {
	return []part{energy, share, services, sales, carriage, losses, upkeep, capacity, over, under}
}

// component is a part's row for a month.
type component struct {
	month billing.Period
	part  part
	power Power
	sums  map[Voltage]money.Kopecks
}

type componentKey struct {
	month billing.Period
	part  part
	power Power // of sales alone
}

// shape is what an hour's energy costs in percent of the usual; the mean of a
// month is its energy whatever the percents are.
type shape struct {
	Validity
	off     bool
	hour    int
	percent int
}

type shapeKey struct {
	off  bool
	hour int
}

// addComponents checks that the parts of a month make the price of category 1
// that is published for it, to the kopeck: prices by the hour are then those of
// the same month.
func (b *Book) addComponents(rows []component) error {
	b.components = map[componentKey]map[Voltage]money.Kopecks{}
	for _, c := range rows {
		k := componentKey{c.month, c.part, c.power}
		if _, twice := b.components[k]; twice {
			return fmt.Errorf("%s, %s %s stands twice", c.month, c.part, c.power)
		}
		b.components[k] = c.sums
	}
	for _, c := range rows {
		if c.part != sales {
			continue
		}
		u, published := b.unregulated[unregulatedKey{c.month, 1, c.power}]
		if !published {
			return fmt.Errorf("%s, %s: there is no price of category 1", c.month, c.power)
		}
		for _, v := range Voltages() {
			sum, err := b.parts(c.month, c.power, v, energy, share, services, sales, carriage)
			if err != nil {
				return err
			}
			if price, err := u.Prices[v].Times(kWhOfMWh); err != nil || price != sum {
				return fmt.Errorf("%s, %s, %s: the parts are %s a MWh, the price is %s", c.month, c.power, v, sum, price)
			}
		}
	}
	return nil
}

const kWhOfMWh = 1000

// parts sums components up. The error is ErrNoPrice.
func (b *Book) parts(month billing.Period, power Power, v Voltage, list ...part) (sum money.Kopecks, err error) {
	for _, p := range list {
		k := componentKey{month: month, part: p}
		if p == sales {
			k.power = power
		}
		c, ok := b.components[k]
		if !ok {
			return 0, fmt.Errorf("%s in the prices of %s: %w", p, month, ErrNoPrice)
		}
		sum += c[v]
	}
	return sum, nil
}

// Hourly is the limit of unregulated prices of a month for a price category that
// is priced by the hour, at a voltage (Act 442; spec §2.2). All without VAT.
type Hourly struct {
	Month    billing.Period
	Category int // 3 – 6
	Power    Power
	Voltage  Voltage
	// Hours are the prices of a MWh, hour by hour from the first of the month, in
	// the company's time: hour 0 is from 00:00 to 01:00.
	Hours []money.Kopecks
	// Capacity and Upkeep are per MW and month; Upkeep is zero where the carriage
	// has one rate (categories 3 and 5).
	Capacity, Upkeep money.Kopecks
	// Over and Under are per MWh of deviation from the plan, zero where nothing is
	// planned (categories 3 and 4).
	Over, Under money.Kopecks
}

// Hourly returns the prices of a month by the hour. The error is ErrNoPrice for a
// month that is not published and for a category that has no hours, and
// calendar.ErrUnpublished.
func (b *Book) Hourly(month billing.Period, category int, power Power, v Voltage, days *calendar.Production) (Hourly, error) {
	h := Hourly{Month: month, Category: category, Power: power, Voltage: v}
	beside := []part{services, sales, carriage}
	switch category {
	case 3, 5:
	case 4, 6:
		beside[2] = losses
	default:
		return h, fmt.Errorf("prices of category %d by the hour: %w", category, ErrNoPrice)
	}
	rest, err := b.parts(month, power, v, beside...)
	if err != nil {
		return h, err
	}
	if h.Hours, err = b.energyByHour(month, v, days); err != nil {
		return h, err
	}
	for i := range h.Hours {
		h.Hours[i] += rest
	}
	if h.Capacity, err = b.parts(month, power, v, capacity); err != nil {
		return h, err
	}
	if category%2 == 0 {
		if h.Upkeep, err = b.parts(month, power, v, upkeep); err != nil {
			return h, err
		}
	}
	if category > 4 {
		if h.Over, err = b.parts(month, power, v, over); err != nil {
			return h, err
		}
		h.Under, err = b.parts(month, power, v, under)
	}
	return h, err
}

// HoursOf returns how many hours a month has; the company's zone has no summer
// time.
func HoursOf(month billing.Period) int {
	first := calendar.Date{Year: month.Year, Month: month.Month, Day: 1}
	next := month.Add(1)
	return calendar.Date{Year: next.Year, Month: next.Month, Day: 1}.Sub(first) * hoursOfDay
}

const hoursOfDay = 24

// energyByHour spreads the month's mean price of energy over its hours: each by
// its shape, rounded half-up.
func (b *Book) energyByHour(month billing.Period, v Voltage, days *calendar.Production) ([]money.Kopecks, error) {
	mean, err := b.parts(month, "", v, energy)
	if err != nil {
		return nil, err
	}
	percents := make([]int64, HoursOf(month))
	var sum int64
	for i := range percents {
		d := calendar.Date{Year: month.Year, Month: month.Month, Day: i/hoursOfDay + 1}
		working, err := days.Working(d)
		if err != nil {
			return nil, err
		}
		s, ok := on(b.shapes[shapeKey{!working, i % hoursOfDay}], d)
		if !ok {
			return nil, fmt.Errorf("the shape of hour %d on %s: %w", i%hoursOfDay, d, ErrNoPrice)
		}
		percents[i] = int64(s.percent)
		sum += percents[i]
	}
	out := make([]money.Kopecks, len(percents))
	for i, p := range percents {
		out[i] = money.Kopecks((2*int64(mean)*p*int64(len(percents)) + sum) / (2 * sum))
	}
	return out, nil
}

// ByZone returns the prices of a MWh in price category 2, which has zones of the
// day instead of hours: what energy costs in the hours of each in the place of its
// mean. The errors are those of Hourly.
func (b *Book) ByZone(month billing.Period, power Power, v Voltage, plan Plan, days *calendar.Production) (map[billing.Zone]money.Kopecks, error) {
	rest, err := b.parts(month, power, v, share, services, sales, carriage)
	if err != nil {
		return nil, err
	}
	hours, err := b.energyByHour(month, v, days)
	if err != nil {
		return nil, err
	}
	sums, counts := map[billing.Zone]int64{}, map[billing.Zone]int64{}
	for i, price := range hours {
		z := zoneAt(plan, i%hoursOfDay)
		sums[z] += int64(price)
		counts[z]++
	}
	out := map[billing.Zone]money.Kopecks{}
	for z, n := range counts {
		out[z] = rest + money.Kopecks((2*sums[z]+n)/(2*n))
	}
	return out, nil
}

// zoneAt is the zone of an hour of the day.
func zoneAt(plan Plan, hour int) billing.Zone {
	switch {
	case plan == OneRate:
		return billing.ZoneSingle
	case hour >= 23 || hour < 7:
		return billing.ZoneNight
	case plan == DayNight:
		return billing.ZoneDay
	case hour < 10 || hour >= 17 && hour < 21:
		return billing.ZonePeak
	default:
		return billing.ZoneHalfPeak
	}
}

// PeakHour is the hour of working days in which energy is dearest on a day, the
// first of several: what is used in it makes the month's capacity.
func (b *Book) PeakHour(d calendar.Date) (hour int) {
	most := 0
	for h := range hoursOfDay {
		if s, ok := on(b.shapes[shapeKey{false, h}], d); ok && s.percent > most {
			hour, most = h, s.percent
		}
	}
	return hour
}

// HourlyMonths returns the months whose prices by the hour are published, the
// newest first.
func (b *Book) HourlyMonths() (list []billing.Period) {
	for _, p := range b.UnregulatedMonths(1) {
		if _, ok := b.components[componentKey{month: p, part: energy}]; ok {
			list = append(list, p)
		}
	}
	return list
}
