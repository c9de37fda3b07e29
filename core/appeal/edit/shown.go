package edit

import (
	"maps"
	"slices"
	"strings"

	"okoshko/core/calendar"
)

// Shown is a row as an editor looks at it, by its columns.
type Shown struct {
	Cells map[string]string
	// Planned: it does not hold yet.
	Planned bool
}

// Shown returns the rows of a table of Schema that hold today, and those that are
// planned; what was before them is history.
func (now State) Shown(name string) []Shown {
	s := &sheet{tables: now.Tables}
	rows := s.find(name, nil)
	columns, versioned := withdrawable[name]
	version := func(c cell) string {
		parts := make([]string, len(columns))
		for i, column := range columns {
			parts[i] = c[column]
		}
		return strings.Join(parts, "\t")
	}
	holds := map[string]calendar.Date{} // since when, by version
	from := func(c cell) calendar.Date {
		d, err := calendar.ParseDate(c["valid_from"])
		if err != nil {
			return calendar.Date{}
		}
		return d
	}
	for _, c := range rows {
		if k, d := version(c), from(c); versioned && !now.Today.Before(d) && !d.Before(holds[k]) {
			holds[k] = d
		}
	}
	var out []Shown
	for _, c := range rows {
		planned := versioned && now.Today.Before(from(c))
		if !versioned || planned || from(c) == holds[version(c)] {
			out = append(out, Shown{c, planned})
		}
	}
	return out
}

// Territories are those that addresses or routes name.
func (now State) Territories() []string {
	s := &sheet{tables: now.Tables}
	return s.territories()
}

// Editable lists the tables that an editor is shown.
func Editable() []string {
	return slices.Concat(slices.Sorted(maps.Keys(withdrawable)), []string{"appeal_fields", "appeal_queues"})
}
