package charge

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// MostKWh is the largest volume of a zone that is counted; more is a mistake.
const MostKWh billing.KWh = 100_000_000

// ErrVolume says that a volume is negative, or larger than MostKWh; Invalid.
var ErrVolume error = &fault.Error{Kind: fault.Invalid, Key: "absurd_volume"}

// Pricer charges by a book of prices and rules of counting.
type Pricer struct {
	Book  *tariff.Book
	Rules Rules
}

// Stretch is what was used between two moments at which it is known, from the
// first day up to, but without, the day To. A reading on the day of a change
// of tariff makes two stretches of a month, and so decides the split.
type Stretch struct {
	From, To calendar.Date
	Volumes  []Volume
}

// Month returns the stretch of a billing period.
func Month(p billing.Period, volumes []Volume) Stretch {
	return Stretch{First(p), First(p.Add(1)), volumes}
}

// First returns the first day of a period.
func First(p billing.Period) calendar.Date {
	return calendar.Date{Year: p.Year, Month: p.Month, Day: 1}
}

// Line is a line of a bill: so many kilowatt-hours of one zone, at one price.
type Line struct {
	From   calendar.Date `json:"from"` // the first day
	To     calendar.Date `json:"to"`   // the day after the last
	Zone   billing.Zone  `json:"zone"`
	Range  int           `json:"range,omitempty"` // zero while consumption had no ranges
	KWh    billing.KWh   `json:"kwh"`
	Method Method        `json:"method"`
	// The version of the tariff: group, act, and since when it holds.
	Group tariff.Group  `json:"group"`
	Act   string        `json:"act"`
	Since calendar.Date `json:"since"`
	Price money.Price   `json:"price"` // ₽/kWh with VAT
	Sum   money.Kopecks `json:"sum"`
}

// Sum adds lines up.
func Sum(lines []Line) (sum money.Kopecks) {
	for i := range lines {
		sum += lines[i].Sum
	}
	return sum
}

// Charge rates stretches that follow each other, a billing period as a rule:
// its limits hold for their volumes together. The errors are ErrVolume,
// tariff.ErrNoTariff, and Invalid for stretches that do not follow each other
// or a zone without a price.
func (p Pricer) Charge(c Consumer, stretches ...Stretch) ([]Line, error) {
	rules, err := p.Rules.complete()
	if err != nil {
		return nil, err
	}
	r := rating{Pricer: p, rules: rules, c: c}
	for i, s := range stretches {
		if !s.From.Before(s.To) || i > 0 && s.From != stretches[i-1].To {
			return nil, fault.New(fault.Invalid, "stretches of consumption do not follow each other")
		}
		if err := r.cut(s); err != nil {
			return nil, err
		}
	}
	return r.lines()
}

// rating is one charge being made.
type rating struct {
	Pricer
	rules Rules
	c     Consumer
	cells []cell
	limit [2]int64 // ends of the ranges, in limitParts of a kilowatt-hour
}

// cell is one zone of a part of a stretch with one tariff.
type cell struct {
	from, to calendar.Date
	volume   Volume
	version  *tariff.Version
	ranged   bool
	in       [3]billing.KWh // of each range
}

// limitParts makes a day's share of any month a whole number: it is the least
// common multiple of 28, 29, 30 and 31.
const limitParts = 377_580

// mostHouseholds keeps sums small: no contract has more.
const mostHouseholds = 100_000

// cut divides a stretch where prices or limits change.
func (r *rating) cut(s Stretch) error {
	group := r.c.priced()
	borders := []calendar.Date{s.From}
	borders = append(borders, r.Book.Changes(group, r.c.Territory, r.c.Heating, s.From, s.To)...)
	days := make([]int, len(borders))
	for i, from := range borders {
		to := s.To
		if i+1 < len(borders) {
			to = borders[i+1]
		}
		days[i] = to.Sub(from)
		// Also where nothing falls to it: a gap of prices is never passed over.
		if _, err := r.Book.On(group, from); err != nil {
			return err
		}
		r.widen(from, to)
	}
	switch r.rules.Changes {
	case FirstDay:
		borders, days = borders[:1], []int{1}
	case LastDay:
		borders, days = borders[len(borders)-1:], []int{1}
	case ByDays:
	}
	for _, v := range s.Volumes {
		if v.KWh < 0 || v.KWh > MostKWh {
			return fmt.Errorf("%d kWh: %w", v.KWh, ErrVolume)
		}
		for i, kwh := range spread(v.KWh, days) {
			if kwh == 0 && (v.KWh > 0 || i > 0) {
				continue
			}
			to := s.To
			if i+1 < len(borders) {
				to = borders[i+1]
			}
			from := borders[i]
			if len(days) == 1 {
				from, to = s.From, s.To
			}
			if err := r.add(from, to, borders[i], Volume{v.Zone, kwh, v.Method}); err != nil {
				return err
			}
		}
	}
	return nil
}

// add puts a cell by the tariff of a day.
func (r *rating) add(from, to, on calendar.Date, v Volume) error {
	version, err := r.Book.On(r.c.priced(), on)
	if err != nil {
		return err
	}
	if version.Quote(1, v.Zone).Price.IsZero() {
		return fault.New(fault.Invalid, fmt.Sprintf("zone %s has no price", v.Zone))
	}
	_, ranged := r.Book.Limits(r.c.Territory, r.c.Heating, on)
	r.cells = append(r.cells, cell{from: from, to: to, volume: v, version: version, ranged: ranged && len(version.Ranges) > 1})
	return nil
}

// widen adds the limits of the days from – to, which have the same ones.
func (r *rating) widen(from, to calendar.Date) {
	l, ranged := r.Book.Limits(r.c.Territory, r.c.Heating, from)
	if !ranged || r.rules.Months == Once && r.limit[0] > 0 {
		return
	}
	parts := int64(limitParts)
	if r.rules.Months == EachMonth {
		parts = 0
		for d := from; d.Before(to); {
			p := billing.Period{Year: d.Year, Month: d.Month}
			end := First(p.Add(1))
			if to.Before(end) {
				end = to
			}
			parts += int64(end.Sub(d)) * limitParts / int64(Days(p))
			d = end
		}
	}
	households := int64(min(max(r.c.Households, 1), mostHouseholds))
	r.limit[0] += int64(l.First) * parts * households
	r.limit[1] += int64(l.Second) * parts * households
}

// lines shares the ranges and prices every cell.
func (r *rating) lines() ([]Line, error) {
	r.share()
	lines := make([]Line, 0, len(r.cells)+2)
	for i := range r.cells {
		c := &r.cells[i]
		for n, kwh := range c.in {
			if kwh == 0 && (c.volume.KWh > 0 || n > 0) {
				continue
			}
			l := Line{
				From: c.from, To: c.to, Zone: c.volume.Zone, KWh: kwh, Method: c.volume.Method,
				Group: c.version.Group, Act: c.version.Act.Number, Since: c.version.From,
				Price: c.version.Quote(n+1, c.volume.Zone).Price,
			}
			if c.ranged {
				l.Range = n + 1
			}
			var err error
			if l.Sum, err = l.Price.Times(int64(kwh)); err != nil {
				return nil, err
			}
			lines = append(lines, l)
		}
	}
	return lines, nil
}

// share fills the ranges of the cells that have them.
func (r *rating) share() {
	var left []billing.KWh
	var places []int
	total := billing.KWh(0)
	for i := range r.cells {
		c := &r.cells[i]
		if !c.ranged {
			c.in[0] = c.volume.KWh
			continue
		}
		left, places = append(left, c.volume.KWh), append(places, i)
		total += c.volume.KWh
	}
	if len(places) == 0 {
		return
	}
	ends := [...]billing.KWh{halfUp(r.limit[0]), halfUp(r.limit[1]), total}
	before := billing.KWh(0)
	for n, end := range ends {
		end = min(end, total)
		shares := left
		switch {
		case n == len(ends)-1: // What is left.
		case r.rules.Zones == DearestFirst:
			shares = r.dearest(end-before, left, places)
		default:
			shares = spread(end-before, left)
		}
		for k, share := range shares {
			r.cells[places[k]].in[n] = share
		}
		for k := range left {
			left[k] -= r.cells[places[k]].in[n]
		}
		before = end
	}
}

func halfUp(parts int64) billing.KWh {
	return billing.KWh((parts + limitParts/2) / limitParts)
}

// dearest gives an amount to the cells with the dearest zones.
func (r *rating) dearest(amount billing.KWh, left []billing.KWh, places []int) []billing.KWh {
	order := make([]int, len(places))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &r.cells[places[a]], &r.cells[places[b]]
		return cmp.Or(y.gain().Compare(x.gain()), x.from.Compare(y.from))
	})
	shares := make([]billing.KWh, len(left))
	for _, k := range order {
		shares[k] = min(left[k], amount)
		amount -= shares[k]
	}
	return shares
}

// gain is what a kilowatt-hour saves in the first range: the dearer the zone,
// the more.
func (c *cell) gain() money.Price {
	gain, err := c.version.Quote(3, c.volume.Zone).Price.Minus(c.version.Quote(1, c.volume.Zone).Price)
	if err != nil {
		return money.Price{}
	}
	return gain
}

// Days returns the length of a period.
func Days(p billing.Period) int {
	return time.Date(p.Year, p.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
