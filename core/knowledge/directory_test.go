package knowledge_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/knowledge/demo"
	"okoshko/core/table"
)

// The ways to pay of spec §5.5, and its fourteen points.
func TestPayments(t *testing.T) {
	t.Parallel()
	d := demo.Directory()
	fees := map[string]int{}
	for _, w := range d.PayWays() {
		fees[w.Code] = w.Fee
	}
	if diff := cmp.Diff(map[string]int{"site": 0, "sbp": 0, "chat": 0, "bank": 0, "office": 0, "post": 200, "terminal": 150}, fees); diff != "" {
		t.Errorf("hundredths of a per cent (-want +got):\n%s", diff)
	}
	if n := len(d.PayPoints("")); n != 14 {
		t.Errorf("%d points", n)
	}
	for _, territory := range d.Territories() {
		points := d.PayPoints(territory.Code)
		if len(points) == 14 || points[0].Territory != territory.Code || len(points[0].Week.Stretches()) == 0 {
			t.Errorf("territory %s: %d points", territory.Code, len(points))
		}
	}
}

func TestTerritories(t *testing.T) {
	t.Parallel()
	d := demo.Directory()
	var names []string
	for _, territory := range d.Territories() {
		names = append(names, territory.Code+" "+territory.Names["ru"])
	}
	want := "01 Центральная, 02 Заречная, 03 Северная, 04 Южная, 05 Восточная, 06 Западная, 07 Приозёрная, 08 Горная"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, found := d.Territory("09"); found {
		t.Error("a territory that is not there was found")
	}
}

// Everybody whom spec §5.5 names can be named, and has a place where to ask;
// articles/README.md lists the kinds.
func TestLinks(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("articles/README.md")
	if err != nil {
		t.Fatal(err)
	}
	d := demo.Directory()
	if grid, _ := d.Link("grid"); grid.Phone != "8 800 000-02-02" {
		t.Errorf("the grid's hotline is %s", grid.Phone)
	}
	for _, l := range d.Links() {
		if l.Phone == "" || l.About["ru"] == "" || !strings.HasSuffix(l.Address, ".example") {
			t.Errorf("%s: %+v", l.Kind, l)
		}
		if !strings.Contains(string(readme), "`"+l.Kind+"`") {
			t.Errorf("articles/README.md does not name the kind %s", l.Kind)
		}
	}
	for _, kind := range []string{"gas", "water", "heat", "waste"} {
		if _, found := d.Link(kind); !found {
			t.Errorf("nobody answers for %s", kind)
		}
	}
}

func TestNews(t *testing.T) {
	t.Parallel()
	d := demo.Directory()
	slugs := func(date, territory string) string {
		day, err := calendar.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, n := range d.News(day, territory) {
			list = append(list, string(n.Slug))
		}
		return strings.Join(list, " ")
	}
	for _, c := range []struct{ date, territory, want string }{
		{"2026-11-27", "", "outage-lyzhnaya office-06-closed service-u12 tariffs-october-2026 fraud-warning pay-day"},
		{"2026-11-27", "06", "office-06-closed service-u12 tariffs-october-2026 fraud-warning pay-day"},
		{"2026-12-03", "03", "outage-lyzhnaya service-u12 tariffs-october-2026 fraud-warning pay-day"},
		{"2026-12-04", "03", "service-u12 tariffs-october-2026 fraud-warning pay-day"},
		{"2026-02-19", "", ""},
	} {
		if got := slugs(c.date, c.territory); got != c.want {
			t.Errorf("%s in %q: %s, want %s", c.date, c.territory, got, c.want)
		}
	}
}

// change replaces a text in a row of the demo's tables.
func change(t *testing.T, name, old, replacement string) []table.Table {
	t.Helper()
	tables := demo.Tables()
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

// A table that is wrong is refused by the name of the table and the row.
func TestNewDirectoryRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ table, old, replacement, want string }{
		{"territories", "02\tЗаречная", "01\tЗаречная", "row 2 (01 Заречная"},
		{"territories", "02\tЗаречная", "2\tЗаречная", "has two digits"},
		{"territories", "Заречная\tZarechnaya", "Заречная\t", "name stands in one language"},
		{"pay_ways", "post\t2\t5", "post\t2.005\t5", "fee: "},
		{"pay_ways", "post\t2\t5", "post\tNaN\t5", "fee: "},
		{"pay_ways", "post\t2\t5", "post\t-1\t5", "fee: "},
		{"pay_ways", "post\t2\t5", "bank\t2\t5", "a code of its own"},
		{"pay_points", "p02\t01\tbank", "p02\t01\tcash", `no way to pay "cash"`},
		{"pay_points", "p02\t01", "p02\t99", `no territory "99"`},
		{"pay_points", "p02\t01", "p01\t01", "a code of its own"},
		{"pay_points", "Mon-Sun 00:00-24:00", "always", "hours: "},
		{"useful_links", "https://gaz.example", "javascript:alert(1)", "link: "},
		{"useful_links", "https://gaz.example", "https://me@gaz.example", "link: "},
		{"useful_links", "\tgas\t", "\tgrid\t", "a kind of its own"},
		{"news", "outage\t03", "outage\t33", `no territory "33"`},
		{"news", "outage\t03", "weather\t03", "kind: "},
		{"news", "2026-12-04", "2026-11-27", "they end before they begin"},
		{"news", "fraud-warning", "pay-day", "a slug of their own"},
	} {
		_, err := knowledge.NewDirectory(change(t, c.table, c.old, c.replacement))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.table) {
			t.Errorf("%s: %v, want %q", c.table, err, c.want)
		}
	}
	if _, err := knowledge.NewDirectory(nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("no tables: %v", err)
	}
}
