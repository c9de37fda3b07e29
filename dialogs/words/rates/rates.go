// Package rates says what several scenarios say of prices: the names of groups,
// plans, zones and levels of voltage, and a line of a calculation with its
// formula (R-5.1.3-c).
package rates

import (
	"embed"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// Group names a group of consumers.
func Group(lang words.Lang, g tariff.Group) string {
	return catalogue.Line(lang, "group."+strings.ToLower(string(g)))
}

// Plan names a plan: «день и ночь».
func Plan(lang words.Lang, p tariff.Plan) string { return catalogue.Line(lang, "plan."+PlanName(p)) }

// PlanName is a plan's name in keys of catalogues.
func PlanName(p tariff.Plan) string {
	switch p {
	case tariff.DayNight:
		return "double"
	case tariff.ThreeZones:
		return "triple"
	default:
		return "single"
	}
}

// Zone names a part of the day.
func Zone(lang words.Lang, z billing.Zone) string { return catalogue.Line(lang, "zone."+z.String()) }

// Voltage names a level of voltage.
func Voltage(lang words.Lang, v tariff.Voltage) string {
	return catalogue.Line(lang, "voltage."+string(v))
}

// At says a zone's price: «день 6,13 ₽».
func At(lang words.Lang, z billing.Zone, p money.Price) string {
	return catalogue.Line(lang, "at."+z.String(), words.A("price", Price(p)))
}

// Price is a value that shows a price, Sum one that shows a sum.
func Price(p money.Price) any { return words.Roubles(p.String()) }

// Sum is a value that shows a public sum; of an account's it is Owed.
func Sum(k money.Kopecks) any { return words.Roubles(k.String()) }

// Owed is a value that shows a sum of an account, and knows that it does.
func Owed(k money.Kopecks) any { return words.Of(privacy.Money, Sum(k)) }

// Used is a value that shows energy of an account, and knows that it does.
func Used(n billing.KWh) any { return words.Of(privacy.Reading, words.KWh(n)) }

// Formula shows a line of a calculation: «День: 210 кВт·ч × 6,13 ₽ = 1 287,30 ₽».
// ranged: the calculation has several ranges, so each line names its own.
func Formula(lang words.Lang, l *charge.Line, ranged bool) []chat.Block {
	return formula(lang, l, ranged, words.KWh(l.KWh), Price(l.Price), Sum(l.Sum))
}

// Billed is Formula for a line of an account's bill.
func Billed(lang words.Lang, l *charge.Line, ranged bool) []chat.Block {
	return formula(lang, l, ranged, Used(l.KWh), words.Of(privacy.Reading, Price(l.Price)), Owed(l.Sum))
}

func formula(lang words.Lang, l *charge.Line, ranged bool, kwh, price, sum any) []chat.Block {
	key := "line.plain"
	if ranged && l.Range > 0 {
		key = "line.ranged"
	}
	return catalogue.Say(lang, key, words.A("zone", Zone(lang, l.Zone)), words.A("range", l.Range),
		words.A("kwh", kwh), words.A("price", price), words.A("sum", sum))
}

// Ranged reports whether lines stand in several ranges of consumption.
func Ranged(lines []charge.Line) bool {
	for i := range lines {
		if lines[i].Range > 1 {
			return true
		}
	}
	return false
}

// Day is a date, for showing it.
func Day(d calendar.Date) time.Time { return d.At(0, time.UTC) }

// Month is a billing month, for showing it: «октябрь 2026».
func Month(p billing.Period) words.Month {
	return words.Month(time.Date(p.Year, p.Month, 1, 0, 0, 0, 0, time.UTC))
}
