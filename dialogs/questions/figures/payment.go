package figures

import (
	"okoshko/core/billing"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/knowledge"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

var ofMetering = map[string]figure{
	"reading_day":   func(*view) any { return billing.LastDay },
	"reading_month": func(v *view) any { return v.month(billing.PeriodAt(v.at, v.Zone, false)) },
	"zones_two":     func(v *view) any { return v.zones(2) },
	"zones_three":   func(v *view) any { return v.zones(3) },
	"night_hours":   func(v *view) any { return times.Spans(v.lang, billing.ZoneNight.Hours()) },
}

// zones lists the registers of a meter.
func (v *view) zones(n int) words.Blocks {
	var list words.Blocks
	for _, r := range billing.Registers(n) {
		list = append(list, item(v.say("zone.line", words.A("number", r.Name[1:]),
			words.A("zone", v.say("zone."+r.Zone.String())), words.A("hours", times.Spans(v.lang, r.Zone.Hours())))))
	}
	return list
}

// The example of a penalty (spec §2.5): what it is of, and how many days after
// the due date it is paid.
const (
	penaltyDebt money.Kopecks = 1842_53
	penaltyDays int           = 60
)

var ofPayment = map[string]figure{
	"bill_day": func(v *view) any {
		term, err := debt.TermOf(v.thisMonth().Add(-1), debt.Household, v.Days)
		return known(term.Issued.Day, err)
	},
	"pay_day": func(v *view) any {
		term, err := debt.TermOf(v.thisMonth().Add(-1), debt.Household, v.Days)
		return known(term.Law.Day, err)
	},
	"pay_month": func(v *view) any {
		p, _, err := v.nextDue()
		return known(v.month(p), err)
	},
	"pay_until": func(v *view) any {
		_, term, err := v.nextDue()
		return known(v.time(term.Due), err)
	},
	"pay_ways": func(v *view) any {
		return v.ways("", func(w knowledge.PayWay) string {
			return v.say("pay.way", words.A("name", v.in(w.Names)), words.A("fee", v.fee(w)))
		})
	},
	"pay_free": func(v *view) any {
		return v.ways("pay.none_free", func(w knowledge.PayWay) string {
			if w.Fee != 0 {
				return ""
			}
			return v.in(w.Names)
		})
	},
	"pay_fee": func(v *view) any {
		return v.ways("pay.none_fee", func(w knowledge.PayWay) string {
			if w.Fee == 0 {
				return ""
			}
			return v.say("pay.way", words.A("name", v.in(w.Names)), words.A("fee", v.percent(fraction(w.Fee, 100))))
		})
	},
	"pay_credit": func(v *view) any {
		return v.ways("", func(w knowledge.PayWay) string {
			if w.Days == 0 {
				return v.say("pay.same_day", words.A("name", v.in(w.Names)))
			}
			return v.say("pay.credit", words.A("name", v.in(w.Names)), words.A("n", w.Days))
		})
	},
	"pay_points": payPoints,
	"penalty_rate": func(v *view) any {
		rate, err := v.Prices.PenaltyRate(tariff.Household, v.day)
		return known(v.percent(rate.Percent()), err)
	},
	"penalty_debt": func(v *view) any { return v.sum(penaltyDebt) },
	"penalty_days": func(v *view) any { return v.count("days", penaltyDays) },
	"penalty_sum": func(v *view) any {
		late := debt.Tranche{Charge: debt.Charge{Due: v.day.Add(-penaltyDays)}, Open: penaltyDebt}
		p, err := late.Penalty(debt.Household, v.Prices, v.day)
		return known(v.sum(p.Sum), err)
	},
}

// known is a value that could be found, else nil.
func known(value any, err error) any {
	if err != nil {
		return nil
	}
	return value
}

func (v *view) thisMonth() billing.Period {
	return billing.Period{Year: v.day.Year, Month: v.day.Month}
}

// nextDue returns the month of the bill whose due date comes next.
func (v *view) nextDue() (billing.Period, debt.Term, error) {
	p := v.thisMonth().Add(-1)
	term, err := debt.TermOf(p, debt.Household, v.Days)
	if err == nil && term.Due.Before(v.day) {
		p = p.Add(1)
		term, err = debt.TermOf(p, debt.Household, v.Days)
	}
	return p, term, err
}

// ways lists what say tells of the ways to pay; "" leaves one out. Where all
// are left out, the text of the key none is said. The chat is none for who cannot
// pay in it.
func (v *view) ways(none string, say func(knowledge.PayWay) string) words.Blocks {
	var list words.Blocks
	for _, w := range v.Directory.PayWays() {
		if w.Code == knowledge.PayInChat && (v.reader.NoMoney || v.reader.Audience == knowledge.Companies) {
			continue
		}
		if text := say(w); text != "" {
			list = append(list, item(text))
		}
	}
	if list == nil && none != "" {
		list = words.Blocks{item(v.say(none))}
	}
	return list
}

func (v *view) fee(w knowledge.PayWay) string {
	if w.Fee == 0 {
		return v.say("pay.free")
	}
	return v.say("pay.fee", words.A("percent", v.percent(fraction(w.Fee, 100))))
}

// payPoints lists those of the reader's territory; while it is not known, it says
// how many there are and how to see the nearest.
func payPoints(v *view) any {
	if v.reader.Territory == "" {
		return words.Blocks{item(v.say("pay.points", words.A("n", len(v.Directory.PayPoints("")))))}
	}
	var list words.Blocks
	for _, p := range v.Directory.PayPoints(v.reader.Territory) {
		list = append(list, item(v.say("pay.point",
			words.A("way", v.kind(p)), words.A("address", v.in(p.Addresses)), words.A("hours", times.Week(v.lang, p.Week)))))
	}
	return list
}

// kind says what a point is: by a short word for the usual ways, by the way's
// name for others.
func (v *view) kind(p knowledge.PayPoint) string {
	if key := "point." + p.Way; catalogue.Has(key) {
		return v.say(key)
	}
	way, _ := v.Directory.PayWay(p.Way)
	return v.in(way.Names)
}
