package tariff

import (
	"cmp"
	"fmt"
	"slices"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// On returns the prices of a group that hold on a day, with their act. The
// error is ErrNoTariff; an equated group must be Priced first.
func (b *Book) On(g Group, d calendar.Date) (*Version, error) {
	v, ok := on(b.versions[g], d)
	if !ok {
		return nil, fmt.Errorf("tariff of %s on %s: %w", g, d, ErrNoTariff)
	}
	return v, nil
}

// Versions returns all prices that a group has had, the oldest first
// (R-5.1.2-f). The list is the book's own: read only.
func (b *Book) Versions(g Group) []Version { return b.versions[g] }

// Acts returns the register of acts, the newest first (R-5.1.2-g). The list is
// the book's own: read only.
func (b *Book) Acts() []Act { return b.acts }

// Period returns from when to when the prices of an act hold, zero if it sets
// none.
func (b *Book) Period(act string) (v Validity) {
	for _, list := range b.versions {
		for i := range list {
			if list[i].Act.Number != act {
				continue
			}
			if v.From.IsZero() || list[i].From.Before(v.From) {
				v.From = list[i].From
			}
			if w := list[i].To; w.IsZero() || v.To.Before(w) {
				v.To = w
			}
		}
	}
	return v
}

// Changes returns the days after from and before to on which prices of a group
// or its limits change: there a bill is cut.
func (b *Book) Changes(g Group, territory string, heating bool, from, to calendar.Date) []calendar.Date {
	var days []calendar.Date
	add := func(d calendar.Date) {
		if from.Before(d) && d.Before(to) {
			days = append(days, d)
		}
	}
	for i := range b.versions[g] {
		add(b.versions[g][i].From)
	}
	for _, l := range b.limits[heating] {
		add(l.From)
	}
	if heating {
		was := b.Heated(territory, from)
		for d := from.Add(1); d.Before(to); d = d.Add(1) {
			if is := b.Heated(territory, d); is != was {
				add(d)
				was = is
			}
		}
	}
	slices.SortFunc(days, calendar.Date.Compare)
	return slices.Compact(days)
}

// Heated reports whether a day lies in the heating season of a territory
// (spec §2.3: 1 October to 30 April unless the data say otherwise).
func (b *Book) Heated(territory string, d calendar.Date) bool {
	s, ok := on(b.seasons[territory], d)
	if !ok {
		s, ok = on(b.seasons[""], d)
	}
	return ok && s.contains(d)
}

// Season returns the first and the last day of the heating season of a territory
// that a day lies in, or of the next one; false if the data hold none.
func (b *Book) Season(territory string, d calendar.Date) (first, last calendar.Date, ok bool) {
	s, ok := on(b.seasons[territory], d)
	if !ok {
		if s, ok = on(b.seasons[""], d); !ok {
			return first, last, false
		}
	}
	for year := d.Year - 1; ; year++ {
		first = calendar.Date{Year: year, Month: s.begins.month, Day: s.begins.day}
		last = calendar.Date{Year: year, Month: s.ends.month, Day: s.ends.day}
		if s.ends.before(s.begins) {
			last.Year++
		}
		if !last.Before(d) {
			return first, last, true
		}
	}
}

// Limits returns the ends of the ranges that hold on a day for a dwelling, the
// larger ones in the heating season if it is heated by electricity (spec §2.3,
// coefficient 1.8); false while consumption has no ranges.
func (b *Book) Limits(territory string, heating bool, d calendar.Date) (Limits, bool) {
	if heating && b.Heated(territory, d) {
		if l, ok := on(b.limits[true], d); ok {
			return l.Limits, true
		}
	}
	l, ok := on(b.limits[false], d)
	if !ok {
		return Limits{}, false
	}
	return l.Limits, true
}

// Norm returns the norm of a dwelling per person and month. More rooms or
// residents than the table has count as its last row. The error is ErrNoNorm.
func (b *Book) Norm(stove Stove, rooms, residents int, d calendar.Date) (Norm, error) {
	m := b.most[stove]
	k := normKey{stove, min(max(rooms, 1), m.Rooms), min(max(residents, 1), m.Residents)}
	n, ok := on(b.norms[k], d)
	if !ok {
		return Norm{}, fmt.Errorf("norm on %s: %w", d, ErrNoNorm)
	}
	return *n, nil
}

// Norms returns the table of norms that holds on a day, by stove, rooms and
// residents.
func (b *Book) Norms(d calendar.Date) []Norm {
	var list []Norm
	for _, g := range b.norms {
		if n, ok := on(g, d); ok {
			list = append(list, *n)
		}
	}
	slices.SortFunc(list, func(a, o Norm) int {
		// Gas, the usual stove, first.
		return cmp.Or(cmp.Compare(o.Stove, a.Stove), cmp.Compare(a.Rooms, o.Rooms), cmp.Compare(a.Residents, o.Residents))
	})
	return list
}

// Services returns what can be ordered on a day by an audience, by code.
func (b *Book) Services(a Audience, d calendar.Date) []Service {
	var list []Service
	for _, s := range b.services {
		if s.Holds(d) && s.Audience.For(a) {
			list = append(list, s)
		}
	}
	return list
}

// Service returns a service as it is on a day. The error is ErrNoService.
func (b *Book) Service(code string, d calendar.Date) (Service, error) {
	for _, s := range b.services {
		if s.Code == code && s.Holds(d) {
			return s, nil
		}
	}
	return Service{}, fmt.Errorf("service %q on %s: %w", code, d, ErrNoService)
}

// Unregulated returns the prices of a month. The error is ErrNoPrice: prices
// come out after the month.
func (b *Book) Unregulated(month billing.Period, category int, power Power) (Unregulated, error) {
	u, ok := b.unregulated[unregulatedKey{month, category, power}]
	if !ok {
		return u, fmt.Errorf("prices of category %d for %s: %w", category, month, ErrNoPrice)
	}
	return u, nil
}

// UnregulatedMonths returns the months for which prices of a category are
// published, the newest first (R-5.1.2-h).
func (b *Book) UnregulatedMonths(category int) []billing.Period {
	var list []billing.Period
	for k := range b.unregulated {
		if k.category == category && k.power == Under670kW {
			list = append(list, k.month)
		}
	}
	slices.SortFunc(list, func(a, o billing.Period) int { return o.Sub(a) })
	return list
}

// VAT returns the rate of tax on a day. The error is ErrNoRate.
func (b *Book) VAT(d calendar.Date) (money.Factor, error) { return rateOn(b.vat, "VAT", d) }

// PenaltyRate returns the yearly rate by which penalties are counted on a day,
// 9.5 % is 0.095: for households the one of ПП РФ 329 of 18.03.2025, for
// businesses the key rate (spec §2.2, §2.5). The error is ErrNoRate: a rate
// that is not published is not guessed.
func (b *Book) PenaltyRate(a Audience, d calendar.Date) (money.Factor, error) {
	return rateOn(b.penalties[a], "penalties", d)
}

func rateOn(list []rate, of string, d calendar.Date) (money.Factor, error) {
	r, ok := on(list, d)
	if !ok {
		return money.Factor{}, fmt.Errorf("rate of %s on %s: %w", of, d, ErrNoRate)
	}
	return r.rate, nil
}
