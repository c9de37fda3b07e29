package tariff_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/table"
)

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The archive of spec §5.4, on the first and the last day of each row.
func TestArchive(t *testing.T) {
	t.Parallel()
	b := demo.Book()
	for _, tc := range []struct{ from, to, act, prices string }{
		{"2024-07-01", "2024-12-31", "41-э", "4.86 | 3.89 | 3.40"},
		{"2025-01-01", "2025-06-30", "112-э", "4.86 8.16 9.33 | 3.89 6.54 7.47 | 3.40 5.71 6.53"},
		{"2025-07-01", "2025-12-31", "112-э", "5.47 9.19 10.50 | 4.49 7.54 8.62 | 3.94 6.62 7.56"},
		{"2026-01-01", "2026-09-30", "120-э", "5.56 9.34 10.68 | 4.73 7.95 9.08 | 4.06 6.82 7.80"},
		{"2026-10-01", "2031-12-31", "120-э", "6.19 10.40 11.88 | 5.57 9.36 10.69 | 4.64 7.80 8.91"},
	} {
		for i, want := range strings.Split(tc.prices, " | ") {
			g := tariff.Groups()[i]
			for _, d := range []string{tc.from, tc.to} {
				v, err := b.On(g, date(t, d))
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for n := range v.Ranges {
					got = append(got, v.Quote(n+1, billing.ZoneSingle).Price.String())
				}
				if strings.Join(got, " ") != want || v.Act.Number != tc.act || v.From.String() != tc.from {
					t.Errorf("%s on %s: %v by %s from %s, want %s by %s", g, d, got, v.Act.Number, v.From, want, tc.act)
				}
			}
		}
	}
	if _, err := b.On(tariff.City, date(t, "2024-06-30")); !fault.Is(err, fault.NotFound) {
		t.Errorf("before the archive: %v", err)
	}
	if n := len(b.Versions(tariff.Rural)); n != 5 {
		t.Errorf("%d versions", n)
	}
	if acts := b.Acts(); len(acts) != 3 || acts[0].Number != "120-э" || acts[0].Signed != date(t, "2025-12-18") {
		t.Errorf("acts: %+v", acts)
	}
	if v := b.Period("112-э"); v.From != date(t, "2025-01-01") || v.Last() != date(t, "2025-12-31") {
		t.Errorf("112-э holds %+v", v)
	}
}

// Current prices are printed for every zone; of the archive they are computed.
func TestZonePrices(t *testing.T) {
	t.Parallel()
	b := demo.Book()
	for _, tc := range []struct {
		group   tariff.Group
		n       int
		d       string
		zone    billing.Zone
		want    string
		printed bool
	}{
		{tariff.City, 1, "2026-10-01", billing.ZoneDay, "6.81", true},
		{tariff.Electric, 1, "2026-11-27", billing.ZoneNight, "3.34", true},
		{tariff.Rural, 3, "2026-11-27", billing.ZonePeak, "10.25", true},
		{tariff.City, 7, "2026-11-27", billing.ZoneHalfPeak, "11.88", true},
		{tariff.City, 1, "2026-09-30", billing.ZoneDay, "6.12", false}, // 5.56 × 1.10 = 6.116
		{tariff.City, 1, "2026-09-30", billing.ZoneNight, "3.34", false},
		{tariff.Electric, 2, "2025-03-01", billing.ZonePeak, "7.52", false}, // 6.54 × 1.15 = 7.521
		{tariff.Rural, 1, "2024-12-31", billing.ZoneDay, "3.74", false},
		{tariff.City, 1, "2024-12-31", billing.ZoneHalfPeak, "4.86", false},
	} {
		v, err := b.On(tc.group, date(t, tc.d))
		if err != nil {
			t.Fatal(err)
		}
		if q := v.Quote(tc.n, tc.zone); q.Price.String() != tc.want || q.Printed != tc.printed {
			t.Errorf("%s, range %d, %s on %s: %v, printed %v; want %s", tc.group, tc.n, tc.zone, tc.d, q.Price, q.Printed, tc.want)
		}
	}
	// Multiplied out, the printed figures are the same: the table is consistent.
	tables := demo.Tables()
	i := slices.IndexFunc(tables, func(t table.Table) bool { return t.Name == "tariffs" })
	tables[i].Rows = slices.DeleteFunc(slices.Clone(tables[i].Rows), func(row []string) bool { return row[5] != "single" })
	computed, err := tariff.New(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range tariff.Groups() {
		v, _ := b.On(g, date(t, "2026-11-27"))
		w, _ := computed.On(g, date(t, "2026-11-27"))
		for n := 1; n <= 3; n++ {
			for z := billing.ZoneSingle; z <= billing.ZoneHalfPeak; z++ {
				if v.Quote(n, z).Price != w.Quote(n, z).Price {
					t.Errorf("%s, range %d, %s: printed %v, computed %v", g, n, z, v.Quote(n, z).Price, w.Quote(n, z).Price)
				}
			}
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	b := demo.Book()
	for _, tc := range []struct {
		d       string
		heating bool
		want    tariff.Limits
		ranged  bool
	}{
		{"2024-12-31", true, tariff.Limits{}, false},
		{"2025-01-01", false, tariff.Limits{First: 3900, Second: 6000}, true},
		{"2026-10-01", true, tariff.Limits{First: 7020, Second: 10800}, true},
		{"2026-04-30", true, tariff.Limits{First: 7020, Second: 10800}, true},
		{"2026-05-01", true, tariff.Limits{First: 3900, Second: 6000}, true},
		{"2026-09-30", true, tariff.Limits{First: 3900, Second: 6000}, true},
		{"2026-12-15", false, tariff.Limits{First: 3900, Second: 6000}, true},
	} {
		if got, ranged := b.Limits("04", tc.heating, date(t, tc.d)); got != tc.want || ranged != tc.ranged {
			t.Errorf("on %s, heating %v: %v %v", tc.d, tc.heating, got, ranged)
		}
	}
	days := b.Changes(tariff.Rural, "04", true, date(t, "2025-12-15"), date(t, "2026-10-02"))
	var got []string
	for _, d := range days {
		got = append(got, d.String())
	}
	if s := strings.Join(got, " "); s != "2026-01-01 2026-05-01 2026-10-01" {
		t.Errorf("changes: %s", s)
	}
}

// The season that a day lies in, or the next one (spec §2.3).
func TestSeason(t *testing.T) {
	t.Parallel()
	book := demo.Book()
	for _, c := range []struct{ day, first, last string }{
		{"2026-09-30", "2026-10-01", "2027-04-30"},
		{"2026-10-01", "2026-10-01", "2027-04-30"},
		{"2027-01-01", "2026-10-01", "2027-04-30"},
		{"2027-04-30", "2026-10-01", "2027-04-30"},
		{"2027-05-01", "2027-10-01", "2028-04-30"},
	} {
		first, last, ok := book.Season("03", date(t, c.day))
		if !ok || first != date(t, c.first) || last != date(t, c.last) {
			t.Errorf("%s: %s to %s, %v", c.day, first, last, ok)
		}
	}
	if _, _, ok := book.Season("", date(t, "2020-01-01")); ok {
		t.Error("a season before the first row")
	}
}

func TestNormsServicesAndPrices(t *testing.T) {
	t.Parallel()
	b, today := demo.Book(), date(t, "2026-11-27")
	for _, tc := range []struct {
		stove            tariff.Stove
		rooms, residents int
		want             billing.KWh
	}{
		{tariff.GasStove, 1, 1, 96},
		{tariff.GasStove, 2, 3, 60},
		{tariff.GasStove, 3, 5, 48},
		{tariff.GasStove, 6, 9, 48},
		{tariff.ElectricStove, 1, 5, 50},
		{tariff.ElectricStove, 3, 2, 123},
		{tariff.ElectricStove, 0, 0, 148},
	} {
		if n, err := b.Norm(tc.stove, tc.rooms, tc.residents, today); err != nil || n.PerPerson != tc.want {
			t.Errorf("norm %s %d %d: %d, %v; want %d", tc.stove, tc.rooms, tc.residents, n.PerPerson, err, tc.want)
		}
	}
	if n := len(b.Norms(today)); n != 30 {
		t.Errorf("%d norms", n)
	}
	if _, err := b.Norm("coal", 1, 1, today); !fault.Is(err, fault.NotFound) {
		t.Errorf("norm for coal: %v", err)
	}
	if s, err := b.Service("У-08", today); err != nil || s.Price != 65000 || s.Term != 5 {
		t.Errorf("У-08: %+v, %v", s, err)
	}
	if s, err := b.Service("У-14", today); err != nil || !s.ByCost || s.Price != 500000 || s.TermUnit != tariff.Hours {
		t.Errorf("У-14: %+v, %v", s, err)
	}
	if _, err := b.Service("У-08", date(t, "2026-09-30")); !fault.Is(err, fault.NotFound) {
		t.Errorf("before the price list: %v", err)
	}
	if fl, ul := len(b.Services(tariff.Household, today)), len(b.Services(tariff.Business, today)); fl != 14 || ul != 5 {
		t.Errorf("%d services for households, %d for businesses", fl, ul)
	}
	u, err := b.Unregulated(billing.Period{Year: 2026, Month: time.October}, 1, tariff.PowerOf(800_000))
	if err != nil || u.Prices[tariff.LV].String() != "10.27" || u.Prices[tariff.HV].String() != "6.86" {
		t.Errorf("October, 800 kW: %+v, %v", u, err)
	}
	if _, err := b.Unregulated(billing.Period{Year: 2026, Month: time.November}, 1, tariff.Under670kW); !fault.Is(err, fault.NotFound) {
		t.Errorf("a month without prices: %v", err)
	}
	if m := b.UnregulatedMonths(1); len(m) < 24 || m[0].String() != "2026-10" {
		t.Errorf("months: %v", m)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	b := demo.Book()
	if r, err := b.PenaltyRate(tariff.Household, date(t, "2026-12-31")); err != nil || r.Percent() != "9.5" {
		t.Errorf("penalties in 2026: %v, %v", r, err)
	}
	for _, a := range []tariff.Audience{tariff.Household, tariff.Business} {
		if r, err := b.PenaltyRate(a, date(t, "2027-01-01")); !fault.Is(err, fault.NotFound) {
			t.Errorf("penalties in 2027 are guessed: %v, %v", r, err)
		}
	}
	for d, want := range map[string]string{"2025-12-31": "20", "2026-01-01": "22"} {
		if r, err := b.VAT(date(t, d)); err != nil || r.Percent() != want {
			t.Errorf("VAT on %s: %v, %v", d, r, err)
		}
	}
}

func TestGroupsAndPlans(t *testing.T) {
	t.Parallel()
	if tariff.Equated.Priced(true) != tariff.Rural || tariff.Equated.Priced(false) != tariff.City || tariff.Electric.Priced(true) != tariff.Electric {
		t.Error("equated consumers pay by their place, others by their group")
	}
	for zones := 0; zones <= 4; zones++ {
		want := tariff.Plan(zones)
		if zones == 4 {
			want = 0
		}
		if got := tariff.PlanOf(billing.Registers(zones)); got != want {
			t.Errorf("%d registers make plan %d", zones, got)
		}
	}
}

// A table that is wrong is refused by the name of the table and the row.
func TestWrongTables(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, table, old, replacement, want string
	}{
		{"gap", "tariffs", "2024-07-01\t2025-01-01\t41-э\tG2", "2024-07-01\t2024-12-31\t41-э\tG2", "gap from 2024-12-31 to 2025-01-01"},
		{"overlap", "tariffs", "2024-07-01\t2025-01-01\t41-э\tG3", "2024-07-01\t2025-02-01\t41-э\tG3", "overlaps"},
		{"open in the middle", "tariffs", "2024-07-01\t2025-01-01\t41-э\tG3", "2024-07-01\t\t41-э\tG3", "overlaps"},
		{"no act", "tariffs", "41-э\tG1", "42-э\tG1", `no act "42-э"`},
		{"backwards", "tariffs", "2024-07-01\t2025-01-01\t41-э\tG1", "2025-07-01\t2025-01-01\t41-э\tG1", "row 1 (2025-07-01"},
		{"range 4", "tariffs", "G1\t3\tsingle\t9.33", "G1\t4\tsingle\t9.33", "range: 4"},
		{"range missing", "tariffs", "G1\t3\tsingle\t9.33", "G1\t2\tday\t9.33", "2 ranges"},
		{"twice", "tariffs", "G1\t3\tsingle\t9.33", "G1\t2\tsingle\t9.33", "twice"},
		{"no price of one rate", "tariffs", "G1\t3\tsingle\t9.33", "G1\t3\tday\t9.33", "no price of one rate"},
		{"cheaper above", "tariffs", "G1\t3\tsingle\t9.33", "G1\t3\tsingle\t8.15", "cheaper"},
		{"negative", "tariffs", "single\t9.33", "single\t-9.33", "negative"},
		{"no number", "tariffs", "single\t9.33", "single\t9,33", "price"},
		{"zone", "tariffs", "single\t9.33", "noon\t9.33", "noon"},
		{"group", "tariffs", "G1\t3\tsingle\t9.33", "G9\t3\tsingle\t9.33", "G9"},
		{"date", "tariffs", "2024-07-01\t2025-01-01\t41-э\tG1", "01.07.2024\t2025-01-01\t41-э\tG1", "valid_from"},
		{"limits upside down", "range_limits", "3900\t6000", "6000\t3900", "second range"},
		{"no multiplier", "zone_multipliers", "night\t0.60", "day\t0.60", "night"},
		{"season", "heating_seasons", "10-01", "13-01", "begins"},
		{"norm missing", "norms", "gas\t2\t2\t77", "gas\t2\t1\t77", "norms"},
		{"norm hole", "norms", "gas\t2\t5\t42", "gas\t2\t6\t42", "nothing for 1 rooms and 6 residents"},
		{"act twice", "acts", "112-э\t", "41-э\t", "number of its own"},
		{"service twice", "services", "У-02", "У-01", "services"},
		{"audience", "services", "У-01\tfl", "У-01\tall", "audience"},
		{"month twice", "unregulated_prices", "2026-10\t1\tunder", "2026-09\t1\tunder", "twice"},
		{"category", "unregulated_prices", "2026-10\t1\tunder", "2026-10\t7\tunder", "category"},
		{"rate", "penalty_rates", "0.095", "0.095%%", "rate"},
		{"VAT overlap", "vat_rates", "2026-01-01\t0.20", "2026-02-01\t0.20", "vat_rates"},
	} {
		tables := demo.Tables()
		i := slices.IndexFunc(tables, func(t table.Table) bool { return t.Name == tc.table })
		changed := false
		for k, row := range tables[i].Rows {
			if text := strings.Join(row, "\t"); strings.Contains(text, tc.old) && !changed {
				tables[i].Rows[k] = strings.Split(strings.Replace(text, tc.old, tc.replacement, 1), "\t")
				changed = true
			}
		}
		if !changed {
			t.Errorf("%s: nothing was changed", tc.name)
			continue
		}
		_, err := tariff.New(tables)
		if !fault.Is(err, fault.Invalid) && err != nil {
			t.Errorf("%s: kind of %v", tc.name, err)
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "table "+tc.table) {
			// Prices made from another table fail where they are needed.
			if err == nil || tc.table != "zone_multipliers" {
				t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
			}
		}
	}
	if _, err := tariff.New(demo.Tables()[1:]); err == nil || !strings.Contains(err.Error(), "acts is missing") {
		t.Errorf("a missing table: %v", err)
	}
}

// Whatever stands in a table, New answers, and what it accepts can be asked.
func FuzzNew(f *testing.F) {
	f.Add(1, 0, 5, "6.19")
	f.Add(3, 0, 2, "true")
	f.Add(5, 7, 5, "-1")
	f.Fuzz(func(t *testing.T, table, row, column int, text string) {
		tables := demo.Tables()
		rows := tables[uint(table)%uint(len(tables))].Rows
		values := rows[uint(row)%uint(len(rows))]
		values[uint(column)%uint(len(values))] = text
		b, err := tariff.New(tables)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		for _, g := range tariff.Groups() {
			for _, v := range b.Versions(g) {
				for n := range v.Ranges {
					if v.Quote(n+1, billing.ZoneSingle).Price.String() == "" {
						t.Fatal("no price")
					}
				}
				b.Limits("01", true, v.From)
			}
		}
	})
}
