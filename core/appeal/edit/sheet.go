package edit

import (
	"maps"
	"slices"
	"strings"

	"okoshko/core/calendar"
	"okoshko/core/table"
)

// Key returns the columns by which a row of one of the tables is known.
func Key(l table.Layout) []string { return keys[l.Name] }

var keys = map[string][]string{
	"appeal_kinds":      {"kind"},
	"appeal_fields":     {"name"},
	"appeal_choices":    {"field", "code"},
	"appeal_categories": {"code", "valid_from"},
	"appeal_forms":      {"category", "valid_from", "field"},
	"appeal_terms":      {"valid_from", "clock", "kind", "category", "audience", "channel"},
	"appeal_alerts":     {"valid_from", "clock", "mark"},
	"appeal_functions":  {"code"},
	"appeal_queues":     {"code"},
	"appeal_routes":     {"function", "territory", "valid_from"},
	"appeal_places":     {"territory", "place", "street"},
}

// cell is a row by its columns.
type cell = map[string]string

// sheet is the tables on which an edit writes.
type sheet struct {
	today  calendar.Date
	books  books // as they were
	tables []table.Table
	// since is the day on which the edit begins to hold; zero: at once.
	since calendar.Date
	// Notices, and what is looked at for the impact, are noted by the edit.
	notices    []Notice
	categories []string
	functions  []string
	queue      string
}

func clone(list []table.Table) []table.Table {
	out := slices.Clone(list)
	for i := range out {
		out[i].Rows = slices.Clone(out[i].Rows)
	}
	return out
}

func (s *sheet) table(name string) *table.Table {
	i := slices.IndexFunc(s.tables, func(t table.Table) bool { return t.Name == name })
	return &s.tables[i]
}

// find returns the rows that have all the cells given.
func (s *sheet) find(name string, like cell) []cell {
	t := s.table(name)
	var out []cell
	for _, row := range t.Rows {
		if c := cellsOf(t, row); has(c, like) {
			out = append(out, c)
		}
	}
	return out
}

// put writes a row in the place of the one with its key, or as a new one.
func (s *sheet) put(name string, c cell) {
	t := s.table(name)
	row := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		row[i] = c[column]
	}
	like := cell{}
	for _, k := range keys[name] {
		like[k] = c[k]
	}
	i := slices.IndexFunc(t.Rows, func(r []string) bool { return has(cellsOf(t, r), like) })
	if i < 0 {
		t.Rows = append(t.Rows, row)
		return
	}
	t.Rows[i] = row
}

// drop takes the rows out that have all the cells given, and returns how many.
func (s *sheet) drop(name string, like cell) int {
	t := s.table(name)
	n := len(t.Rows)
	t.Rows = slices.DeleteFunc(t.Rows, func(r []string) bool { return has(cellsOf(t, r), like) })
	return n - len(t.Rows)
}

func cellsOf(t *table.Table, row []string) cell {
	c := make(cell, len(row))
	for i, column := range t.Columns {
		c[column] = row[i]
	}
	return c
}

func has(c, like cell) bool {
	for k, v := range like {
		if c[k] != v {
			return false
		}
	}
	return true
}

// diff returns the rows that differ from those of before.
func (s *sheet) diff(before []table.Table) []Row {
	var rows []Row
	for _, l := range Schema() {
		was, is := byKey(before, l), byKey(s.tables, l)
		for _, k := range slices.Sorted(maps.Keys(was)) {
			if !slices.Equal(was[k], is[k]) {
				rows = append(rows, Row{l, was[k], is[k]})
			}
		}
		for _, k := range slices.Sorted(maps.Keys(is)) {
			if _, old := was[k]; !old {
				rows = append(rows, Row{l, nil, is[k]})
			}
		}
	}
	return rows
}

func byKey(list []table.Table, l table.Layout) map[string][]string {
	out := map[string][]string{}
	i := slices.IndexFunc(list, func(t table.Table) bool { return t.Name == l.Name })
	for _, row := range list[i].Rows {
		out[keyOf(l, row)] = row
	}
	return out
}

func keyOf(l table.Layout, row []string) string {
	var parts []string
	for _, k := range keys[l.Name] {
		parts = append(parts, row[slices.Index(l.Columns, k)])
	}
	return strings.Join(parts, " ")
}

// cells are what of the rows changes, under "table key column". A row of a new
// version is held against that of the version which holds until then.
func cells(rows []Row, tables []table.Table) (before, after map[string]string) {
	before, after = map[string]string{}, map[string]string{}
	note := func(l table.Layout, was, is []string) {
		of := is
		if of == nil {
			of = was
		}
		name := strings.TrimPrefix(l.Name, "appeal_") + " " + strings.Join(strings.Fields(nameOf(l, of)), " ")
		for i, column := range l.Columns {
			old, now := at(was, i), at(is, i)
			if old != now && old != "" {
				before[name+" "+column] = old
			}
			if old != now && now != "" {
				after[name+" "+column] = now
			}
		}
	}
	known := map[string]bool{} // rows of the versions before that were looked at
	for _, r := range rows {
		if r.Before != nil || r.After == nil {
			note(r.Layout, r.Before, r.After)
			continue
		}
		earlier := version(r.Layout, r.After, tables)
		note(r.Layout, earlier[nameOf(r.Layout, r.After)], r.After)
		for name, row := range earlier {
			if mark := r.Layout.Name + " " + name; !known[mark] && !slices.ContainsFunc(rows, func(o Row) bool {
				return o.After != nil && o.Layout.Name == r.Layout.Name && nameOf(o.Layout, o.After) == name
			}) {
				known[mark] = true
				note(r.Layout, row, nil)
			}
		}
	}
	return before, after
}

// nameOf is the key of a row without the day of its version.
func nameOf(l table.Layout, row []string) string {
	var parts []string
	for _, k := range keys[l.Name] {
		if k != "valid_from" {
			parts = append(parts, row[slices.Index(l.Columns, k)])
		}
	}
	return strings.Join(parts, " ")
}

// version returns the rows, by their names, of the version that the one of a row
// follows.
func version(l table.Layout, row []string, tables []table.Table) map[string][]string {
	day := slices.Index(l.Columns, "valid_from")
	if day < 0 {
		return nil
	}
	i := slices.IndexFunc(tables, func(t table.Table) bool { return t.Name == l.Name })
	same := func(o []string) bool {
		return o[day] < row[day] && !slices.ContainsFunc(withdrawable[l.Name], func(c string) bool {
			n := slices.Index(l.Columns, c)
			return o[n] != row[n]
		})
	}
	latest := ""
	for _, o := range tables[i].Rows {
		if same(o) && o[day] > latest {
			latest = o[day]
		}
	}
	out := map[string][]string{}
	for _, o := range tables[i].Rows {
		if same(o) && o[day] == latest {
			out[nameOf(l, o)] = o
		}
	}
	return out
}

func at(row []string, i int) string {
	if row == nil {
		return ""
	}
	return row[i]
}

// hold sets since when the edit holds: today, or tomorrow for what cases of today
// are read by, at the earliest; in five years at the latest.
func (s *sheet) hold(from calendar.Date, least int) error {
	if from.Before(s.today.Add(least)) || s.today.Add(mostAhead).Before(from) {
		return ErrDay
	}
	s.since = from
	return nil
}

// mostAhead is how many days ahead an edit may begin to hold.
const mostAhead = 5 * 366
