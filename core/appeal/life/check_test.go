package life_test

import (
	"slices"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Tables that do not fit each other are found before they are saved.
func TestCheck(t *testing.T) {
	t.Parallel()
	today := calendar.Date{Year: 2026, Month: 11, Day: 27}
	if err := machine.Check(demo.Routes(), today); err != nil {
		t.Errorf("the demo's tables: %v", err)
	}
	forms := demo.Tables()
	for i := range forms {
		if forms[i].Name == "appeal_categories" {
			row := []string{"900", "О-4", "2027-01-01", "true", "review", "both", "F99", "Идея", "Idea", "Идея", "Idea"}
			forms[i].Rows = append(slices.Clone(forms[i].Rows), row)
		}
	}
	book, err := appeal.New(forms)
	if err != nil {
		t.Fatal(err)
	}
	other := life.Machine{Forms: book, Terms: demo.Terms()}
	if err := other.Check(demo.Routes(), today); err != nil {
		t.Errorf("before the new category: %v", err)
	}
	later := calendar.Date{Year: 2027, Month: 1, Day: 1}
	if err := other.Check(demo.Routes(), later); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "F99") {
		t.Errorf("a category that nobody answers: %v", err)
	}
	terms := demo.TermTables()
	terms[0].Rows = slices.DeleteFunc(slices.Clone(terms[0].Rows), func(row []string) bool { return row[2] == "review" })
	if other.Terms, err = term.New(terms); err != nil {
		t.Fatal(err)
	}
	if err := other.Check(demo.Routes(), today); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "no term") {
		t.Errorf("reviews without a term: %v", err)
	}
}
