package bill

import (
	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Calculator counts what was not billed (R-5.1.3-c), for guests and for linked
// customers alike. It counts for the whole month in which a day lies, at the
// tariffs of that day.
type Calculator struct {
	Pricer   charge.Pricer
	Consumer charge.Consumer
	On       calendar.Date
}

// Calculation is a sum with its formula: each line is volume × price, and names
// the version of the tariff.
type Calculation struct {
	Lines []charge.Line
	KWh   billing.KWh
	Sum   money.Kopecks
	// Version is the tariff that holds on the day.
	Version *tariff.Version
	// Norm and Residents are set if the volume is by norm: it is their
	// product.
	Norm      tariff.Norm
	Residents int
}

// ByKWh counts a month's volumes. The errors are charge.ErrVolume and
// tariff.ErrNoTariff.
func (c Calculator) ByKWh(volumes ...charge.Volume) (Calculation, error) {
	version, err := c.Pricer.Book.On(c.Consumer.Group.Priced(c.Consumer.Rural), c.On)
	if err != nil {
		return Calculation{}, err
	}
	// A calculation is at the tariff of the day, also in a month of change:
	// who asks what his energy costs asks what it costs now.
	day := charge.Stretch{From: c.On, To: c.On.Add(1), Volumes: volumes}
	lines, err := c.atOnce(day)
	if err != nil {
		return Calculation{}, err
	}
	return Calculation{Lines: lines, KWh: charge.Total(volumes), Sum: charge.Sum(lines), Version: version}, nil
}

// atOnce charges a day with the limits of a month.
func (c Calculator) atOnce(day charge.Stretch) ([]charge.Line, error) {
	pricer := c.Pricer
	pricer.Rules.Months = charge.Once
	return pricer.Charge(c.Consumer, day)
}

// Values is what a register showed before and shows now, as a customer says.
type Values struct {
	Zone          billing.Zone
	Before, After billing.KWh
}

// ByReadings counts the difference of values. A value that is lower than the
// one before is charge.ErrVolume: only a known meter can pass zero.
func (c Calculator) ByReadings(values ...Values) (Calculation, error) {
	volumes := make([]charge.Volume, 0, len(values))
	for _, v := range values {
		volumes = append(volumes, charge.Volume{Zone: v.Zone, KWh: v.After - v.Before, Method: charge.ByReadings})
	}
	return c.ByKWh(volumes...)
}

// ByNorm counts a month by the norm of the consumer's dwelling. The error is
// tariff.ErrNoNorm or tariff.ErrNoTariff.
func (c Calculator) ByNorm() (Calculation, error) {
	norm, err := c.Pricer.Book.Norm(c.Consumer.Stove, c.Consumer.Rooms, c.Consumer.Residents, c.On)
	if err != nil {
		return Calculation{}, err
	}
	volumes, err := charge.Norm(c.Pricer.Book, c.Consumer, billing.Period{Year: c.On.Year, Month: c.On.Month}, false)
	if err != nil {
		return Calculation{}, err
	}
	done, err := c.ByKWh(volumes...)
	done.Norm, done.Residents = norm, max(c.Consumer.Residents, 1)
	return done, err
}

// Order is a service so many times.
type Order struct {
	Service tariff.Service
	Count   int
	// Sum is the most that can be asked if the service is ByCost.
	Sum money.Kopecks
}

// mostOrdered is more than anybody orders at once.
const mostOrdered = 1000

// ByService counts a service of the price list, 1 to 1000 times. The error is
// tariff.ErrNoService, or Invalid for another count.
func (c Calculator) ByService(code string, count int) (Order, error) {
	s, err := c.Pricer.Book.Service(code, c.On)
	if err != nil {
		return Order{}, err
	}
	if count < 1 || count > mostOrdered {
		return Order{}, fault.New(fault.Invalid, "nobody orders a service so many times")
	}
	return Order{s, count, s.Price * money.Kopecks(count)}, nil
}

// NightOffer says whether a meter of two zones pays.
type NightOffer struct {
	// What the same energy costs in a month at one rate and in two zones.
	OneRate, Zones Calculation
	// Saves is OneRate − Zones, negative if two zones cost more.
	Saves money.Kopecks
	// BreakEven is the share of the night above which two zones pay, in
	// tenths of a per cent, in the first range; 1000 if they never do.
	BreakEven int
	// PaysBack is after how many months the price of a service (programming
	// the meter) is saved; zero if never.
	PaysBack int
}

// Night compares one rate with two zones for a month's energy of which so much
// is used at night (23:00–07:00). price is what the change costs. The errors
// are those of ByKWh.
func (c Calculator) Night(day, night billing.KWh, price money.Kopecks) (NightOffer, error) {
	one, err := c.ByKWh(charge.Volume{Zone: billing.ZoneSingle, KWh: day + night, Method: charge.ByStatement})
	if err != nil {
		return NightOffer{}, err
	}
	two, err := c.ByKWh(charge.Volume{Zone: billing.ZoneDay, KWh: day, Method: charge.ByStatement},
		charge.Volume{Zone: billing.ZoneNight, KWh: night, Method: charge.ByStatement})
	if err != nil {
		return NightOffer{}, err
	}
	o := NightOffer{OneRate: one, Zones: two, Saves: one.Sum - two.Sum}
	if o.BreakEven, err = breakEven(one.Version); err != nil {
		return NightOffer{}, err
	}
	if o.Saves > 0 {
		o.PaysBack = int((price + o.Saves - 1) / o.Saves)
	}
	return o, nil
}

// breakEven is where day × (1 − x) + night × x = single: above it, half-up.
func breakEven(v *tariff.Version) (int, error) {
	const whole = 1000
	// Prices of a million kilowatt-hours keep all their digits.
	const units = 1_000_000
	var sums [3]money.Kopecks
	for i, z := range []billing.Zone{billing.ZoneSingle, billing.ZoneDay, billing.ZoneNight} {
		var err error
		if sums[i], err = v.Quote(1, z).Price.Times(units); err != nil {
			return 0, err
		}
	}
	single, day, night := sums[0], sums[1], sums[2]
	switch {
	case day <= single:
		return 0, nil
	case night >= single:
		return whole, nil
	default:
		return int(((day-single)*whole + (day-night)/2) / (day - night)), nil
	}
}
