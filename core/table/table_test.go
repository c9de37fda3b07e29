package table_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/table"
)

var layout = table.Layout{Name: "things", Columns: []string{"code", "n", "kind", "day", "name_ru", "name_en"}}

type thing struct {
	Code, Kind string
	N          int
	Day        calendar.Date
	Names      map[string]string
}

// read reads a file of things.
func read(text string) (list []thing, err error) {
	tables, err := table.Read(fstest.MapFS{"things.tsv": {Data: []byte(text)}}, []table.Layout{layout})
	if err != nil {
		return nil, err
	}
	err = table.Each(tables, layout, func(r *table.Row) {
		list = append(list, thing{
			Code: r.Needed("code"), N: table.Number(r, "n", 1, 9), Kind: table.OneOf(r, "kind", "big", "small"),
			Day: r.Date("day"), Names: r.Texts("name"),
		})
	})
	return list, err
}

const head = "code\tn\tkind\tday\tname_ru\tname_en\n"

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := read(head + "a\t1\tbig\t2026-11-27\tИмя «А»\tName\nb\t9\tsmall\t\t\t\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []thing{
		{"a", "big", 1, calendar.Date{Year: 2026, Month: 11, Day: 27}, map[string]string{"ru": "Имя «А»", "en": "Name"}},
		{"b", "small", 9, calendar.Date{}, map[string]string{"ru": "", "en": ""}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What does not fit is refused by its table and row.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "the columns"},
		{"another head", "code\tn\n", "the columns"},
		{"ragged", head + "a\t1\n", "read table things"},
		{"no number", head + "a\tx\tbig\t\t\t\n", "row 1 (a x big   ): n: "},
		{"out of bounds", head + "a\t1\tbig\t\t\t\nb\t10\tbig\t\t\t\n", "row 2 (b 10 big   ): n: 10 is not within 1 and 9"},
		{"another word", head + "a\t1\tmiddle\t\t\t\n", `kind: "middle" is none of`},
		{"no day", head + "a\t1\tbig\t27.11.2026\t\t\n", "day: "},
		{"one language", head + "a\t1\tbig\t\tИмя\t\n", "name stands in one language"},
		{"no value", head + " \t1\tbig\t\t\t\n", "code has no value"},
	} {
		_, err := read(c.text)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "things") {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := table.Read(fstest.MapFS{}, []table.Layout{layout}); err == nil {
		t.Error("a file that is not there was read")
	}
	if err := table.Each(nil, layout, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("a table that is not there: %v", err)
	}
}

// FuzzRead: whatever the file, no panic; what is taken keeps its bounds.
func FuzzRead(f *testing.F) {
	f.Add(head + "a\t1\tbig\t2026-11-27\tИмя\tName\n")
	f.Add("code\t\"\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := read(text)
		if err != nil {
			return
		}
		for _, v := range list {
			if v.Code == "" || v.N < 1 || v.N > 9 {
				t.Fatalf("%+v was taken", v)
			}
		}
	})
}
