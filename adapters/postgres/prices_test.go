package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/billing"
	"okoshko/core/billing/tariff"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/table"
)

// change replaces a text in a row of the demo's tables.
func change(t testing.TB, name, old, replacement string) []table.Table {
	t.Helper()
	tables := prices.Tables()
	i := slices.IndexFunc(tables, func(t table.Table) bool { return t.Name == name })
	for k, row := range tables[i].Rows {
		if text := strings.Join(row, "\t"); strings.Contains(text, old) {
			tables[i].Rows[k] = strings.Split(strings.Replace(text, old, replacement, 1), "\t")
			return tables
		}
	}
	t.Fatalf("table %s has no %q", name, old)
	return nil
}

// What comes back from the database is what stands in the files, however often
// it is loaded, and by however many.
func TestPrices(t *testing.T) {
	t.Parallel()
	d := pgtest.Connect(t, pgtest.URL(t), atNoon)
	if _, err := d.Prices(t.Context()); !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty database gives prices: %v", err)
	}
	together(3, func(int) {
		if err := d.LoadDemo(t.Context()); err != nil {
			t.Error(err)
		}
	})
	must(t, d.AddPrices(t.Context(), prices.Tables()))
	got, err := d.Prices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := prices.Book()
	today := calendar.Date{Year: 2026, Month: 11, Day: 27}
	for _, g := range tariff.Groups() {
		for i, v := range want.Versions(g) {
			w := got.Versions(g)[i]
			if w.Validity != v.Validity || w.Act != v.Act || w.Quote(2, billing.ZonePeak) != v.Quote(2, billing.ZonePeak) {
				t.Errorf("%s from %s differs", g, v.From)
			}
		}
	}
	if !slices.Equal(got.Norms(today), want.Norms(today)) {
		t.Error("norms differ")
	}
	if a, b := got.Services(tariff.Everybody, today), want.Services(tariff.Everybody, today); len(a) != len(b) || len(a) != 15 {
		t.Errorf("%d services, want %d", len(a), len(b))
	}
	if a, b := got.UnregulatedMonths(1), want.UnregulatedMonths(1); !slices.Equal(a, b) {
		t.Errorf("months %v, want %v", a, b)
	}
}

func TestPricesStayAsTheyWere(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := demoAt(t, url)
	conn := pgtest.Conn(t, url)
	for _, layout := range tariff.Schema() {
		first := layout.Columns[len(layout.Columns)-1]
		for _, sql := range []string{
			"DELETE FROM " + layout.Name,
			"TRUNCATE " + layout.Name + " CASCADE",
			"UPDATE " + layout.Name + " SET " + first + " = " + first,
		} {
			if _, err := conn.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "stays as it was") {
				t.Errorf("%s: %v", sql, err)
			}
		}
	}
	for _, tc := range []struct {
		name  string
		table []table.Table
		kind  fault.Kind
	}{
		{"another price", change(t, "tariffs", "single\t4.86", "single\t4.85"), fault.Conflict},
		{"another end", change(t, "tariffs", "2024-07-01\t2025-01-01", "2024-07-01\t2024-12-31"), fault.Conflict},
		{"another title", change(t, "services", "розетка", "лампа"), fault.Conflict},
		{"a gap", change(t, "tariffs", "2026-10-01\t\t120-э\tG1\t1\tsingle", "2026-11-01\t\t120-э\tG1\t1\tsingle"), fault.Invalid},
		{"no number", change(t, "norms", "\t96", "\tmany"), fault.Invalid},
		{"no table", []table.Table{{Name: "accounts", Columns: []string{"number"}, Rows: [][]string{{"1"}}}}, fault.Conflict},
		{"no columns", []table.Table{{Name: "acts", Columns: []string{"number"}, Rows: [][]string{{"1"}}}}, fault.Invalid},
		{"short row", []table.Table{{Name: "vat_rates", Columns: []string{"valid_from", "valid_to", "rate"}, Rows: [][]string{{"1"}}}}, fault.Invalid},
		{"act unknown", change(t, "tariffs", "112-э", "113-э"), fault.Conflict},
	} {
		if err := d.AddPrices(t.Context(), tc.table); !fault.Is(err, tc.kind) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.kind)
		}
	}
	if err := d.AddPrices(t.Context(), change(t, "services", "at your request", "as you wish")); err != nil {
		t.Errorf("a better translation: %v", err)
	}
	if n := count(t, conn, `SELECT count(*) FROM tariffs`); n != 75 {
		t.Errorf("%d prices: refused rows stayed", n)
	}
}

// A new version ends the one before it.
func TestPricesGoOn(t *testing.T) {
	t.Parallel()
	d := demo(t)
	day := calendar.Date{Year: 2027, Month: 7, Day: 1}
	tables := prices.Tables()
	var err error
	for i := range tables {
		switch tables[i].Name {
		case "acts":
			tables[i].Rows = append(tables[i].Rows, []string{"130-э", "РЭК", "2027-06-10", "О ценах", "https://rek.starogorsk.example/acts/130"})
		case "tariffs":
			for _, row := range slices.Clone(tables[i].Rows) {
				if row[1] != "" {
					continue
				}
				next := slices.Clone(row)
				row[1], next[0], next[2], next[6] = day.String(), day.String(), "130-э", "1"+next[6]
				tables[i].Rows = append(tables[i].Rows, next)
			}
		}
	}
	must(t, d.AddPrices(t.Context(), tables))
	b, err := d.Prices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before, err := b.On(tariff.City, day.Add(-1))
	after, err2 := b.On(tariff.City, day)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if p := before.Quote(1, billing.ZoneSingle).Price.String(); p != "6.19" || before.To != day {
		t.Errorf("before: %s until %s", p, before.To)
	}
	if p := after.Quote(1, billing.ZoneSingle).Price.String(); p != "16.19" || after.Act.Number != "130-э" {
		t.Errorf("after: %s by %s", p, after.Act.Number)
	}
}
