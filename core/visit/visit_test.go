package visit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/table"
	"okoshko/core/visit"
	"okoshko/core/visit/demo"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

func office(t *testing.T, code string) *visit.Office {
	t.Helper()
	o, found := demo.Directory().Office(code)
	if !found {
		t.Fatalf("there is no office %s", code)
	}
	return o
}

func day(t *testing.T, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The offices of spec §5.2 on the days of §2.9.
func TestOfficesAreOpenAsTheSpecSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ office, date, want string }{
		{"01", "2026-11-27", "08:00–19:00"},
		{"01", "2026-11-28", "09:00–15:00"}, // Saturday
		{"01", "2026-11-03", "08:00–18:00"}, // the day before a holiday
		{"01", "2026-11-04", ""},
		{"01", "2026-05-09", ""}, // a holiday on a Saturday
		{"01", "2026-12-31", ""},
		{"01", "2027-01-09", ""},            // a Saturday, closed by exception
		{"01", "2027-02-20", "08:00–18:00"}, // as a Monday, and short
		{"02", "2026-11-26", "08:00–12:00 13:00–17:00"},
		{"02", "2026-11-27", "08:00–12:00 13:00–16:00"}, // Friday
		{"02", "2026-04-30", "08:00–12:00 13:00–16:00"},
		{"03", "2026-11-23", ""}, // Monday
		{"03", "2026-11-28", "09:00–13:00 14:00–18:00"},
		{"03", "2027-02-20", ""}, // a Saturday that is worked as a Monday
		{"03", "2027-02-27", "09:00–13:00 14:00–18:00"},
		{"04", "2026-11-26", "08:30–20:00"}, // Thursday
		{"04", "2026-11-27", "08:30–17:30"},
		{"04", "2026-04-30", "08:30–19:00"}, // a short Thursday
		{"05", "2026-11-25", "09:00–15:00"},
		{"05", "2026-11-26", ""},
		{"06", "2026-11-26", "10:00–14:00"},
		{"06", "2026-12-01", ""}, // closed until the 15th
		{"06", "2026-12-15", ""},
		{"06", "2026-12-17", "10:00–14:00"},
		{"07", "2026-11-19", "08:00–17:00"},
		{"07", "2026-11-26", ""}, // sanitary
		{"07", "2026-12-24", ""}, // the last Thursday that is worked
		{"07", "2026-12-31", ""},
		{"08", "2026-11-27", "09:00–13:00 13:45–17:00"},
		{"08", "2026-06-11", "09:00–13:00 13:45–16:00"}, // before a holiday
		{"biz", "2026-11-27", "08:30–17:30"},
		{"biz", "2026-11-28", ""},
	} {
		hours := office(t, c.office).Hours(calendar.Published(), zone)
		var spans []string
		for _, s := range hours.On(day(t, c.date)) {
			spans = append(spans, s.String())
		}
		if got := strings.Join(spans, " "); got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.office, c.date, got, c.want)
		}
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	d := demo.Directory()
	codes := func(list []*visit.Office) (codes []string) {
		for _, o := range list {
			codes = append(codes, o.Code)
		}
		return codes
	}
	for _, c := range []struct {
		audience  knowledge.Audience
		territory string
		want      string
	}{
		{"", "", "01 02 03 04 05 06 07 08 biz"},
		{knowledge.Individuals, "04", "04 01 02 03 05 06 07 08"},
		{knowledge.Companies, "02", "01 04 biz"},
	} {
		if got := strings.Join(codes(d.Offices(c.audience, c.territory)), " "); got != c.want {
			t.Errorf("%s in %s: %s, want %s", c.audience, c.territory, got, c.want)
		}
	}
	var lengths []string
	for _, s := range d.Services("") {
		lengths = append(lengths, fmt.Sprintf("%s %.0f", s.Code, s.Length.Minutes()))
	}
	want := "charges 15, account 30, meter 20, installments 20, contract 45, statement 20, other 15"
	if got := strings.Join(lengths, ", "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if n := len(d.Services(knowledge.Companies)); n != 3 {
		t.Errorf("a company can book %d services", n)
	}
	windows := map[string]int{"01": 6, "02": 3, "03": 2, "04": 3, "05": 1, "06": 1, "07": 2, "08": 2}
	for code, n := range windows {
		if o := office(t, code); o.Windows != n || o.Territory != code || o.Addresses["ru"] == "" || o.Names["en"] == "" {
			t.Errorf("office %s: %+v", code, o)
		}
	}
	if _, found := d.Office("99"); found {
		t.Error("an office that is not there was found")
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	show := func(code, from string, days int) (list []string) {
		for _, c := range office(t, code).Changes(calendar.Published(), day(t, from), days) {
			list = append(list, fmt.Sprintf("%s–%s %s %v %s", c.First, c.Last, c.Why, c.Spans, c.Reasons["ru"]))
		}
		return list
	}
	for _, c := range []struct {
		office, from string
		days         int
		want         []string
	}{
		{"06", "2026-11-27", 30, []string{"2026-12-01–2026-12-15 exception [] ремонт в здании администрации"}},
		{"06", "2026-12-10", 30, []string{
			"2026-12-10–2026-12-15 exception [] ремонт в здании администрации",
			"2026-12-31–2027-01-07 holiday [] ", // open on Tuesdays and Thursdays
		}},
		{"07", "2026-11-20", 10, []string{"2026-11-26–2026-11-26 sanitary [] "}},
		{"01", "2026-11-01", 5, []string{"2026-11-03–2026-11-03 short [08:00–18:00] ", "2026-11-04–2026-11-04 holiday [] "}},
		{"01", "2026-12-30", 12, []string{
			"2026-12-31–2027-01-08 holiday [] ",
			"2027-01-09–2027-01-09 exception [] новогодние каникулы",
		}},
		{"01", "2026-11-23", 5, nil},
	} {
		if diff := cmp.Diff(c.want, show(c.office, c.from, c.days)); diff != "" {
			t.Errorf("%s from %s (-want +got):\n%s", c.office, c.from, diff)
		}
	}
}

// A table that is wrong is refused by the name of the table and the row.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, table, old, replacement, want string }{
		{"audience", "offices", "both", "all", `row 1 (01 01 all`},
		{"windows", "offices", "\t6\t", "\t0\t", "windows: 0 is not within"},
		{"hours", "offices", "Mon-Fri 08:00-19:00", "Mon-Fri 8-19", "hours: "},
		{"sanitary", "offices", "\tThu\t", "\tThr\t", "sanitary: "},
		{"zone", "offices", "\t\t56.1042", "\tMars/Olympus\t56.1042", "zone: "},
		{"twice", "offices", "02\t02\tfl", "01\t02\tfl", "office 01 stands twice"},
		{"no name", "offices", "«Центральный»\tTsentralny", "\t", "has a name"},
		{"one language", "offices", "«Центральный»\tTsentralny", "«Центральный»\t", "name stands in one language"},
		{"latitude", "offices", "56.1042", "156.1042", "latitude: "},
		{"no number", "offices", "56.1042", "NaN", "latitude: "},
		{"no office", "office_exceptions", "06\t2026-12-01", "99\t2026-12-01", `no office "99"`},
		{"turned", "office_exceptions", "2026-12-01\t2026-12-15", "2026-12-15\t2026-12-01", "it lasts from"},
		{"for ever", "office_exceptions", "2026-12-15", "2030-12-15", "it lasts from"},
		{"overlap", "office_exceptions", "06\t2027-01-09\t2027-01-09", "06\t2026-12-10\t2026-12-20", "overlaps the exception from 2026-12-01"},
		{"length", "visit_services", "\t15\t", "\t0\t", "minutes: "},
		{"service twice", "visit_services", "account", "charges", "a code of its own"},
	} {
		tables := demo.Tables()
		i := slices.IndexFunc(tables, func(t table.Table) bool { return t.Name == c.table })
		changed := false
		for k, row := range tables[i].Rows {
			if text := strings.Join(row, "\t"); strings.Contains(text, c.old) && !changed {
				tables[i].Rows[k], changed = strings.Split(strings.Replace(text, c.old, c.replacement, 1), "\t"), true
			}
		}
		_, err := visit.New(tables)
		if !changed || !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.table) {
			t.Errorf("%s (changed: %v): %v, want %q", c.name, changed, err, c.want)
		}
	}
	if _, err := visit.New(demo.Tables()[:1]); !fault.Is(err, fault.Invalid) {
		t.Errorf("tables are missing: %v", err)
	}
}

// FuzzNew: whatever stands in a cell, no panic, and what is taken answers.
func FuzzNew(f *testing.F) {
	f.Add(0, 0, 12, "Mon-Fri 08:00-19:00")
	f.Add(1, 0, 2, "9999-12-31")
	f.Add(2, 0, 3, "-1")
	f.Fuzz(func(t *testing.T, i, row, column int, text string) {
		tables := demo.Tables()
		rows := tables[uint(i)%uint(len(tables))].Rows
		if len(rows) == 0 {
			return
		}
		values := rows[uint(row)%uint(len(rows))]
		values[uint(column)%uint(len(values))] = text
		d, err := visit.New(tables)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%v is not of kind invalid", err)
			}
			return
		}
		for _, o := range d.Offices("", "") {
			_ = o.Changes(calendar.Published(), calendar.Date{Year: 2026, Month: 12, Day: 1}, 40)
		}
	})
}
