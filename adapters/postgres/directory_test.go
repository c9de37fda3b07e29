package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	directory "okoshko/core/knowledge/demo"
	offices "okoshko/core/visit/demo"
)

// What comes back from the database is what stands in the files, however often
// it is loaded, and by however many.
func TestDirectory(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	d := pgtest.Connect(t, url, atNoon)
	together(3, func(int) {
		if err := d.LoadDemo(t.Context()); err != nil {
			t.Error(err)
		}
	})
	got, err := d.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := directory.Directory()
	today := calendar.Date{Year: 2026, Month: 11, Day: 27}
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"territories", got.Territories(), want.Territories()},
		{"ways to pay", got.PayWays(), want.PayWays()},
		{"points", got.PayPoints(""), want.PayPoints("")},
		{"links", got.Links(), want.Links()},
		{"news", got.News(today, ""), want.News(today, "")},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}

	stored, err := d.Offices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(offices.Directory().Offices("", ""), stored.Offices("", "")); diff != "" {
		t.Errorf("offices (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(offices.Directory().Services(""), stored.Services("")); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}

	// An editor's change is read, survives the next load, and a mistake of his
	// is named.
	conn := pgtest.Conn(t, url)
	exec(t, conn, `UPDATE offices SET hours = 'Mon 10:00-11:00' WHERE code = '01'`)
	exec(t, conn, `INSERT INTO office_exceptions VALUES ('01', '2026-12-07', '2026-12-07', '10:00-10:30', 'учёба', 'training')`)
	must(t, d.LoadDemo(t.Context()))
	if stored, err = d.Offices(t.Context()); err != nil {
		t.Fatal(err)
	}
	office, _ := stored.Office("01")
	hours := office.Hours(calendar.Published(), time.UTC)
	monday := calendar.Date{Year: 2026, Month: 12, Day: 7}
	if got := fmt.Sprint(hours.On(monday), hours.On(monday.Add(7))); got != "[10:00–10:30] [10:00–11:00]" {
		t.Errorf("after the change it is open %s", got)
	}
	exec(t, conn, `UPDATE offices SET hours = 'always' WHERE code = '02'`)
	if _, err := d.Offices(t.Context()); !fault.Is(err, fault.Invalid) {
		t.Errorf("hours that nobody can read: %v", err)
	}
}

func TestDirectoryOfNobody(t *testing.T) {
	t.Parallel()
	d := pgtest.Open(t)
	directory, err := d.Directory(t.Context())
	if err != nil || len(directory.Links()) != 0 {
		t.Errorf("an empty database: %v", err)
	}
	offices, err := d.Offices(t.Context())
	if err != nil || len(offices.Services(knowledge.Everybody)) != 0 {
		t.Errorf("an empty database: %v", err)
	}
}
