package figures

import (
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// mostArchive is how many earlier versions of prices are listed.
const mostArchive = 3

var ofTariffs = map[string]figure{
	"tariff_from": func(v *view) any {
		version, err := v.Prices.On(tariff.City, v.day)
		if err != nil {
			return nil
		}
		return v.time(version.From)
	},
	"tariff_act": tariffAct,
	"tariffs": func(v *view) any {
		return v.groups(func(t *tariff.Version, group words.Arg) string {
			return v.say("tariff.line", group, v.quote("single", t, billing.ZoneSingle),
				v.quote("day", t, billing.ZoneDay), v.quote("night", t, billing.ZoneNight))
		})
	},
	"tariffs_three": func(v *view) any {
		return v.groups(func(t *tariff.Version, group words.Arg) string {
			return v.say("tariff.three", group, v.quote("peak", t, billing.ZonePeak),
				v.quote("half_peak", t, billing.ZoneHalfPeak), v.quote("night", t, billing.ZoneNight))
		})
	},
	"tariff_ranges": func(v *view) any {
		return v.groups(func(t *tariff.Version, group words.Arg) string {
			prices := make([]words.Decimal, len(t.Ranges))
			for i := range t.Ranges {
				prices[i] = unitPrice(t.Ranges[i].Quote(billing.ZoneSingle).Price)
			}
			return v.say("tariff.ranges", group, words.A("prices", v.row(prices)))
		})
	},
	"tariff_archive": tariffArchive,
	"tariff_g1":      func(v *view) any { return v.single(tariff.City) },
	"tariff_g2":      func(v *view) any { return v.single(tariff.Electric) },
	"tariff_g3":      func(v *view) any { return v.single(tariff.Rural) },
	"range_one":      func(v *view) any { return v.limit(false, first) },
	"range_two":      func(v *view) any { return v.limit(false, second) },
	"heating_one":    func(v *view) any { return v.limit(true, first) },
	"heating_two":    func(v *view) any { return v.limit(true, second) },
	"heating_season": func(v *view) any {
		begins, ends, ok := v.Prices.Season(v.reader.Territory, v.day)
		if !ok {
			return nil
		}
		return v.say("season", words.A("first", words.DayMonth(v.time(begins))), words.A("last", words.DayMonth(v.time(ends))))
	},
	"norms_gas":      func(v *view) any { return v.norms(tariff.GasStove) },
	"norms_electric": func(v *view) any { return v.norms(tariff.ElectricStove) },
}

// tariffAct names the decree. An issuer that stands among the useful links has
// its name from there, in the reader's language.
func tariffAct(v *view) any {
	version, err := v.Prices.On(tariff.City, v.day)
	if err != nil {
		return nil
	}
	act := version.Act
	issuer := act.Issuer
	for _, l := range v.Directory.Links() {
		if l.Names["ru"] == issuer {
			issuer = v.in(l.Names)
		}
	}
	return v.say("tariff.act", words.A("issuer", issuer), words.A("number", act.Number), words.A("date", v.time(act.Signed)))
}

// groups lists what say tells of the prices of each group that has some.
func (v *view) groups(say func(*tariff.Version, words.Arg) string) words.Blocks {
	var list words.Blocks
	for _, g := range tariff.Groups() {
		if version, err := v.Prices.On(g, v.day); err == nil {
			list = append(list, item(say(version, words.A("group", v.say("tariff."+strings.ToLower(string(g)))))))
		}
	}
	return list
}

// quote is an argument: the price of a zone in the first range.
func (v *view) quote(name string, t *tariff.Version, z billing.Zone) words.Arg {
	return words.A(name, v.unit(t.Quote(1, z).Price))
}

// single is the price of a group for one rate in the first range.
func (v *view) single(g tariff.Group) any {
	version, err := v.Prices.On(g, v.day)
	if err != nil {
		return nil
	}
	return v.unit(version.Quote(1, billing.ZoneSingle).Price)
}

// tariffArchive lists the single rates of all groups that held before.
func tariffArchive(v *view) any {
	versions := v.Prices.Versions(tariff.City)
	var list words.Blocks
	for i := len(versions) - 1; i >= 0 && len(list) < mostArchive; i-- {
		past := versions[i]
		if past.To.IsZero() || v.day.Before(past.To) {
			continue
		}
		var prices []words.Decimal
		for _, g := range tariff.Groups() {
			if version, err := v.Prices.On(g, past.From); err == nil {
				prices = append(prices, unitPrice(version.Quote(1, billing.ZoneSingle).Price))
			}
		}
		list = append(list, item(v.say("tariff.archive",
			words.A("days", times.Days(v.lang, past.From, past.Last())), words.A("prices", v.row(prices)))))
	}
	if list == nil {
		list = words.Blocks{item(v.say("tariff.no_archive"))}
	}
	return list
}

func first(l tariff.Limits) billing.KWh  { return l.First }
func second(l tariff.Limits) billing.KWh { return l.Second }

// limit is an end of the ranges, with electric heating that of the season.
func (v *view) limit(heating bool, of func(tariff.Limits) billing.KWh) any {
	day := v.day
	if heating {
		day = v.heated()
	}
	limits, ok := v.Prices.Limits(v.reader.Territory, heating, day)
	if !ok {
		return nil
	}
	return v.kwh(of(limits))
}

// heated is today, or the first day of the next heating season.
func (v *view) heated() calendar.Date {
	begins, _, ok := v.Prices.Season(v.reader.Territory, v.day)
	if !ok || begins.Before(v.day) {
		return v.day
	}
	return begins
}

// norms lists the norms of a stove by rooms.
func (v *view) norms(stove tariff.Stove) words.Blocks {
	var rows [][]words.Decimal // by rooms
	for _, n := range v.Prices.Norms(v.day) {
		if n.Stove != stove {
			continue
		}
		if n.Rooms > len(rows) {
			rows = append(rows, nil)
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], words.Decimal(strconv.FormatInt(int64(n.PerPerson), 10)))
	}
	var list words.Blocks
	for i, row := range rows {
		key := "norm.line"
		if i > 0 && i == len(rows)-1 { // the last row holds for more
			key = "norm.more"
		}
		list = append(list, item(v.say(key, words.A("rooms", v.count("rooms", i+1)), words.A("norms", v.row(row)))))
	}
	return list
}

// service is the service of the price list whose code ends as a member's name
// does: u01 is number 01.
func (v *view) service(member string) (s tariff.Service, ok bool) {
	number, ok := strings.CutPrefix(member, "u")
	if !ok || number == "" {
		return s, false
	}
	for _, s := range v.Prices.Services(tariff.Everybody, v.day) {
		if strings.HasSuffix(s.Code, "-"+number) {
			return s, true
		}
	}
	return s, false
}

// price says what a service costs, with VAT.
func (v *view) price(member string) any {
	s, ok := v.service(member)
	if !ok {
		return nil
	}
	if s.Price == 0 {
		return v.say("service.free")
	}
	price := v.sum(s.Price)
	if s.Price%100 == 0 { // as a price list prints it
		price = v.say("roubles", words.A("sum", int64(s.Price/100)))
	}
	if s.ByCost {
		return v.say("service.most", words.A("price", price))
	}
	return price
}

// term says how long a service takes; hours are counted from the payment.
func (v *view) term(member string) any {
	s, ok := v.service(member)
	switch {
	case !ok:
		return nil
	case s.Term == 0:
		return v.say("service.at_once")
	case s.TermUnit == tariff.Hours:
		return v.say("service.hours", words.A("hours", times.Length(v.lang, time.Duration(s.Term)*time.Hour)))
	default:
		return v.count(string(s.TermUnit), s.Term)
	}
}

// firstCategory is the price category for which prices are listed: the one of
// those who have chosen none (Act 442).
const firstCategory = 1

var ofBusiness = map[string]figure{
	"b2b_month": func(v *view) any {
		months := v.published()
		if len(months) == 0 {
			return nil
		}
		return v.month(months[0])
	},
	"b2b_prices": func(v *view) any {
		months := v.published()
		if len(months) == 0 {
			return nil
		}
		var list words.Blocks
		v.voltages(months[0], func(name string, p money.Price) {
			list = append(list, item(v.say("voltage.price", words.A("voltage", name), words.A("price", v.unit(p)))))
		})
		return list
	},
	"b2b_archive": b2bArchive,
}

// b2bArchive lists the prices of earlier months.
func b2bArchive(v *view) any {
	var list words.Blocks
	months := v.published()
	for i := 1; i < len(months) && i <= mostArchive; i++ {
		var prices []string
		v.voltages(months[i], func(name string, p money.Price) {
			prices = append(prices, v.say("voltage.item", words.A("voltage", name), words.A("price", v.number(unitPrice(p)))))
		})
		text := v.say("month_of", words.A("month", v.month(months[i])), words.A("prices", strings.Join(prices, ", ")))
		list = append(list, item(capital(text)))
	}
	if list == nil {
		list = words.Blocks{item(v.say("b2b.no_archive"))}
	}
	return list
}

// published lists the months that are over and whose prices are known, the
// newest first.
func (v *view) published() []billing.Period {
	months := v.Prices.UnregulatedMonths(firstCategory)
	for len(months) > 0 && !months[0].Before(v.thisMonth()) {
		months = months[1:]
	}
	return months
}

func (v *view) voltages(month billing.Period, tell func(name string, p money.Price)) {
	u, err := v.Prices.Unregulated(month, firstCategory, tariff.Under670kW)
	if err != nil {
		return
	}
	for _, voltage := range tariff.Voltages() {
		if p, ok := u.Prices[voltage]; ok {
			tell(v.say("voltage."+string(voltage)), p)
		}
	}
}
