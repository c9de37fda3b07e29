package tariff

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Table is rows of text as a file or a database holds them: dates as
// 2026-10-01, months as 2026-10, numbers with a point, true and false, nothing
// for what has no value.
type Table struct {
	Name    string
	Columns []string
	Rows    [][]string
}

// Layout is the name of a table and its columns.
type Layout struct {
	Name    string
	Columns []string
}

// Schema lists the tables of which a Book is made, in an order in which they
// can be filled.
func Schema() []Layout {
	list := make([]Layout, 0, len(readers))
	for _, r := range readers {
		list = append(list, Layout{r.name, strings.Fields(r.columns)})
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
	{"vat_rates", "valid_from valid_to rate", readVAT},
	{"penalty_rates", "valid_from valid_to audience rate", readPenalty},
}

// ReadFiles reads every table of the schema from a tab-separated file with its
// name and a line of column names, "tariffs.tsv".
func ReadFiles(files fs.FS) ([]Table, error) {
	var list []Table
	for _, layout := range Schema() {
		f, err := files.Open(layout.Name + ".tsv")
		if err != nil {
			return nil, fmt.Errorf("read table %s: %w", layout.Name, err)
		}
		r := csv.NewReader(f)
		r.Comma, r.LazyQuotes = '\t', true
		rows, err := r.ReadAll()
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fault.Wrap(fault.Invalid, fmt.Errorf("read table %s: %w", layout.Name, err))
		}
		t := Table{Name: layout.Name}
		if len(rows) > 0 {
			t.Columns, t.Rows = rows[0], rows[1:]
		}
		list = append(list, t)
	}
	return list, nil
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

func readAll(list []Table) (*tables, error) {
	t := &tables{acts: map[string]Act{}}
	for _, reader := range readers {
		i := slices.IndexFunc(list, func(t Table) bool { return t.Name == reader.name })
		if i < 0 {
			return nil, fault.New(fault.Invalid, "table "+reader.name+" is missing")
		}
		columns := strings.Fields(reader.columns)
		if !slices.Equal(list[i].Columns, columns) {
			return nil, fault.New(fault.Invalid, fmt.Sprintf("table %s has the columns %q, not %q", reader.name, list[i].Columns, columns))
		}
		for n, values := range list[i].Rows {
			r := row{columns: columns, values: values}
			if len(values) != len(columns) {
				r.fail(fmt.Errorf("%d values", len(values)))
			} else {
				reader.read(t, &r)
			}
			if r.err != nil {
				return nil, rowError(reader.name, n, values, r.err)
			}
		}
	}
	return t, nil
}

// rowError names a row by its number, as an editor counts it below the line of
// names, and by its text.
func rowError(table string, n int, values []string, err error) error {
	return fault.Wrap(fault.Invalid, fmt.Errorf("table %s, row %d (%s): %w", table, n+1, strings.Join(values, " "), err))
}

// row is a row being read: the first error stays.
type row struct {
	columns, values []string
	err             error
}

func (r *row) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// text returns a column's value; a column that is not there is a mistake of
// ours.
func (r *row) text(column string) string {
	return r.values[slices.Index(r.columns, column)]
}

// value reads a column.
func value[T any](r *row, column string, parse func(string) (T, error)) T {
	v, err := parse(r.text(column))
	if err != nil {
		r.fail(fmt.Errorf("%s: %w", column, err))
	}
	return v
}

// number reads a column that holds a whole number between bounds.
func number(r *row, column string, least, most int) int {
	n := value(r, column, strconv.Atoi)
	if n < least || n > most {
		r.fail(fmt.Errorf("%s: %d is not within %d and %d", column, n, least, most))
	}
	return n
}

// oneOf reads a column that holds one of a few words.
func oneOf[T ~string](r *row, column string, words ...T) T {
	w := T(r.text(column))
	if !slices.Contains(words, w) {
		r.fail(fmt.Errorf("%s: %q is none of %q", column, string(w), words))
	}
	return w
}

func (r *row) validity() Validity {
	v := Validity{From: value(r, "valid_from", calendar.ParseDate)}
	if r.text("valid_to") != "" {
		v.To = value(r, "valid_to", calendar.ParseDate)
		if !v.From.Before(v.To) {
			r.fail(errors.New("it ends before it begins"))
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
		Number: r.text("number"), Issuer: r.text("issuer"), Signed: value(r, "signed", calendar.ParseDate),
		Title: r.text("title"), Link: r.text("link"),
	}
	if _, twice := t.acts[a.Number]; twice || a.Number == "" {
		r.fail(errors.New("an act without a number of its own"))
	}
	t.acts[a.Number] = a
}

func readTariff(t *tables, r *row) {
	p := priceRow{
		Validity: r.validity(), act: r.text("act"), group: oneOf(r, "tariff_group", Groups()...),
		n: number(r, "range", 1, ranges), zone: value(r, "zone", zoneOf), price: value(r, "price", money.ParsePrice),
	}
	if _, known := t.acts[p.act]; !known {
		r.fail(fmt.Errorf("there is no act %q", p.act))
	}
	t.prices = append(t.prices, p)
}

func readMultiplier(t *tables, r *row) {
	t.multipliers = append(t.multipliers, multiplier{
		Validity: r.validity(), zone: value(r, "zone", zoneOf), by: value(r, "multiplier", money.ParseFactor),
	})
}

func readLimits(t *tables, r *row) {
	l := limitsRow{
		Validity: r.validity(), heating: value(r, "heating", strconv.ParseBool),
		Limits: Limits{billing.KWh(number(r, "first", 1, mostKWh)), billing.KWh(number(r, "second", 1, mostKWh))},
	}
	if l.Second <= l.First {
		r.fail(errors.New("the second range ends before the first"))
	}
	t.limits = append(t.limits, l)
}

func readSeason(t *tables, r *row) {
	t.seasons = append(t.seasons, season{
		Validity: r.validity(), territory: r.text("territory"),
		begins: value(r, "begins", dayOf), ends: value(r, "ends", dayOf),
	})
}

func readNorm(t *tables, r *row) {
	t.norms = append(t.norms, Norm{
		Validity: r.validity(), Stove: oneOf(r, "stove", GasStove, ElectricStove),
		Rooms: number(r, "rooms", 1, 9), Residents: number(r, "residents", 1, 99),
		PerPerson: billing.KWh(number(r, "kwh", 1, mostKWh)),
	})
}

func readService(t *tables, r *row) {
	s := Service{
		Validity: r.validity(), Code: r.text("code"), Audience: oneOf(r, "audience", Household, Business, Everybody),
		ByCost: oneOf(r, "price_kind", "exact", "most") == "most", Price: value(r, "price", money.ParseKopecks),
		Term: number(r, "term", 0, 366), TermUnit: oneOf(r, "term_unit", Hours, WorkingDays, Months),
		Basis:  oneOf(r, "basis", ByCompany, ByLaw, ByGrid),
		Titles: map[string]string{"ru": r.text("title_ru"), "en": r.text("title_en")},
	}
	if s.Code == "" || s.Price < 0 || s.Titles["ru"] == "" || s.Titles["en"] == "" {
		r.fail(errors.New("a service has a code, titles and a price"))
	}
	t.services = append(t.services, s)
}

func readUnregulated(t *tables, r *row) {
	u := Unregulated{
		Month: value(r, "month", billing.ParsePeriod), Category: number(r, "category", 1, 6),
		Power: oneOf(r, "power", Powers()...), Prices: map[Voltage]money.Price{},
	}
	for _, v := range Voltages() {
		u.Prices[v] = value(r, string(v), money.ParsePrice)
	}
	t.unregulated = append(t.unregulated, u)
}

func readVAT(t *tables, r *row) {
	t.vat = append(t.vat, rate{Validity: r.validity(), audience: Everybody, rate: value(r, "rate", money.ParseFactor)})
}

func readPenalty(t *tables, r *row) {
	t.penalties = append(t.penalties, rate{
		Validity: r.validity(), audience: oneOf(r, "audience", Household, Business), rate: value(r, "rate", money.ParseFactor),
	})
}
