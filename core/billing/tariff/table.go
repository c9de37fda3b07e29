package tariff

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/core/table"
)

// Schema lists the tables of which a Book is made, in an order in which they
// can be filled.
func Schema() []table.Layout {
	list := make([]table.Layout, 0, len(readers))
	for _, r := range readers {
		list = append(list, table.Layout{Name: r.name, Columns: strings.Fields(r.columns)})
	}
	return list
}

var readers = []struct {
	name, columns string
	read          func(*tables, *row)
}{
	{"acts", "number issuer signed title link", readAct},
	{"tariffs", "valid_from valid_to act tariff_group range zone price", readTariff},
	{"zone_multipliers", "valid_from valid_to zone multiplier", readMultiplier},
	{"range_limits", "valid_from valid_to heating first second", readLimits},
	{"heating_seasons", "valid_from valid_to territory begins ends", readSeason},
	{"norms", "valid_from valid_to stove rooms residents kwh", readNorm},
	{"services", "valid_from valid_to code audience price_kind price term term_unit basis title_ru title_en", readService},
	{"unregulated_prices", "month category power vn sn1 sn2 nn", readUnregulated},
	{"price_components", "month component power vn sn1 sn2 nn", readComponent},
	{"hour_shapes", "valid_from valid_to day hour percent", readShape},
	{"vat_rates", "valid_from valid_to rate", readVAT},
	{"penalty_rates", "valid_from valid_to audience rate", readPenalty},
}

// tables are the rows of a book, read and not yet checked against each other.
type tables struct {
	acts        map[string]Act
	prices      []priceRow
	multipliers []multiplier
	limits      []limitsRow
	seasons     []season
	norms       []Norm
	services    []Service
	unregulated []Unregulated
	components  []component
	shapes      []shape
	vat         []rate
	penalties   []rate
}

// priceRow is one printed price.
type priceRow struct {
	Validity
	act   string
	group Group
	n     int
	zone  billing.Zone
	price money.Price
}

func readAll(list []table.Table) (*tables, error) {
	t := &tables{acts: map[string]Act{}}
	for i, layout := range Schema() {
		if err := table.Each(list, layout, func(r *row) { readers[i].read(t, r) }); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// row is a row being read.
type row = table.Row

func validity(r *row) Validity {
	v := Validity{From: table.Value(r, "valid_from", calendar.ParseDate)}
	if r.Text("valid_to") != "" {
		v.To = table.Value(r, "valid_to", calendar.ParseDate)
		if !v.From.Before(v.To) {
			r.Fail(errors.New("it ends before it begins"))
		}
	}
	return v
}

func zoneOf(name string) (billing.Zone, error) {
	z := billing.ParseZone(name)
	if z == billing.ZoneUnknown {
		return z, fmt.Errorf("%q is no zone", name)
	}
	return z, nil
}

func dayOf(s string) (day, error) {
	at, err := time.Parse("01-02", s)
	if err != nil {
		return day{}, fmt.Errorf("%q is not month-day", s)
	}
	return day{at.Month(), at.Day()}, nil
}

func readAct(t *tables, r *row) {
	a := Act{
		Number: r.Text("number"), Issuer: r.Text("issuer"), Signed: table.Value(r, "signed", calendar.ParseDate),
		Title: r.Text("title"), Link: r.Text("link"),
	}
	if _, twice := t.acts[a.Number]; twice || a.Number == "" {
		r.Fail(errors.New("an act without a number of its own"))
	}
	t.acts[a.Number] = a
}

func readTariff(t *tables, r *row) {
	p := priceRow{
		Validity: validity(r), act: r.Text("act"), group: table.OneOf(r, "tariff_group", Groups()...),
		n: table.Number(r, "range", 1, ranges), zone: table.Value(r, "zone", zoneOf), price: table.Value(r, "price", money.ParsePrice),
	}
	if _, known := t.acts[p.act]; !known {
		r.Fail(fmt.Errorf("there is no act %q", p.act))
	}
	t.prices = append(t.prices, p)
}

func readMultiplier(t *tables, r *row) {
	t.multipliers = append(t.multipliers, multiplier{
		Validity: validity(r), zone: table.Value(r, "zone", zoneOf), by: table.Value(r, "multiplier", money.ParseFactor),
	})
}

func readLimits(t *tables, r *row) {
	l := limitsRow{
		Validity: validity(r), heating: table.Value(r, "heating", strconv.ParseBool),
		Limits: Limits{billing.KWh(table.Number(r, "first", 1, mostKWh)), billing.KWh(table.Number(r, "second", 1, mostKWh))},
	}
	if l.Second <= l.First {
		r.Fail(errors.New("the second range ends before the first"))
	}
	t.limits = append(t.limits, l)
}

func readSeason(t *tables, r *row) {
	t.seasons = append(t.seasons, season{
		Validity: validity(r), territory: r.Text("territory"),
		begins: table.Value(r, "begins", dayOf), ends: table.Value(r, "ends", dayOf),
	})
}

func readNorm(t *tables, r *row) {
	t.norms = append(t.norms, Norm{
		Validity: validity(r), Stove: table.OneOf(r, "stove", GasStove, ElectricStove),
		Rooms: table.Number(r, "rooms", 1, 9), Residents: table.Number(r, "residents", 1, 99),
		PerPerson: billing.KWh(table.Number(r, "kwh", 1, mostKWh)),
	})
}

func readService(t *tables, r *row) {
	s := Service{
		Validity: validity(r), Code: r.Text("code"), Audience: table.OneOf(r, "audience", Household, Business, Everybody),
		ByCost: table.OneOf(r, "price_kind", "exact", "most") == "most", Price: table.Value(r, "price", money.ParseKopecks),
		Term: table.Number(r, "term", 0, 366), TermUnit: table.OneOf(r, "term_unit", Hours, WorkingDays, Months),
		Basis:  table.OneOf(r, "basis", ByCompany, ByLaw, ByGrid),
		Titles: map[string]string{"ru": r.Text("title_ru"), "en": r.Text("title_en")},
	}
	if s.Code == "" || s.Price < 0 || s.Titles["ru"] == "" || s.Titles["en"] == "" {
		r.Fail(errors.New("a service has a code, titles and a price"))
	}
	t.services = append(t.services, s)
}

func readUnregulated(t *tables, r *row) {
	u := Unregulated{
		Month: table.Value(r, "month", billing.ParsePeriod), Category: table.Number(r, "category", 1, 6),
		Power: table.OneOf(r, "power", Powers()...), Prices: map[Voltage]money.Price{},
	}
	for _, v := range Voltages() {
		u.Prices[v] = table.Value(r, string(v), money.ParsePrice)
	}
	t.unregulated = append(t.unregulated, u)
}

func readComponent(t *tables, r *row) {
	c := component{
		month: table.Value(r, "month", billing.ParsePeriod), part: table.OneOf(r, "component", parts()...),
		sums: map[Voltage]money.Kopecks{},
	}
	if r.Text("power") != "" {
		c.power = table.OneOf(r, "power", Powers()...)
	}
	if (c.part == sales) != (c.power != "") {
		r.Fail(errors.New("the supplier's allowance alone depends on the power"))
	}
	for _, v := range Voltages() {
		c.sums[v] = table.Value(r, string(v), money.ParseKopecks)
	}
	t.components = append(t.components, c)
}

func readShape(t *tables, r *row) {
	t.shapes = append(t.shapes, shape{
		Validity: validity(r), off: table.OneOf(r, "day", "working", "off") == "off",
		hour: table.Number(r, "hour", 0, 23), percent: table.Number(r, "percent", 1, 1000),
	})
}

func readVAT(t *tables, r *row) {
	t.vat = append(t.vat, rate{Validity: validity(r), audience: Everybody, rate: table.Value(r, "rate", money.ParseFactor)})
}

func readPenalty(t *tables, r *row) {
	t.penalties = append(t.penalties, rate{
		Validity: validity(r), audience: table.OneOf(r, "audience", Household, Business), rate: table.Value(r, "rate", money.ParseFactor),
	})
}
