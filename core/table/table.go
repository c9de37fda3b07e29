// Package table reads tables of text, as files and databases hold them, into
// types: dates as 2026-10-01, months as 2026-10, numbers with a point, true and
// false, nothing for what has no value. What does not fit is refused by the
// name of its table and its row.
package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Table is rows of text under the names of their columns.
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

// Read reads every table of a schema from a tab-separated file with its name
// and a line of column names, "tariffs.tsv". The error is of kind
// fault.Invalid for a file that is no such table.
func Read(files fs.FS, schema []Layout) ([]Table, error) {
	var list []Table
	for _, layout := range schema {
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

// Each hands every row of one table of the list to read. The error is of kind
// fault.Invalid: the table is missing, its columns are not those of the layout,
// or a row has failed.
func Each(list []Table, layout Layout, read func(*Row)) error {
	i := slices.IndexFunc(list, func(t Table) bool { return t.Name == layout.Name })
	if i < 0 {
		return fault.New(fault.Invalid, "table "+layout.Name+" is missing")
	}
	if !slices.Equal(list[i].Columns, layout.Columns) {
		return fault.New(fault.Invalid, fmt.Sprintf("table %s has the columns %q, not %q", layout.Name, list[i].Columns, layout.Columns))
	}
	for n, values := range list[i].Rows {
		r := Row{columns: layout.Columns, values: values}
		if len(values) != len(layout.Columns) {
			r.Fail(fmt.Errorf("%d values", len(values)))
		} else {
			read(&r)
		}
		if r.err != nil {
			return RowError(layout.Name, n, values, r.err)
		}
	}
	return nil
}

// RowError names a row, counted from 0, by its number as an editor counts it
// below the line of names, and by its text.
func RowError(table string, n int, values []string, err error) error {
	return fault.Wrap(fault.Invalid, fmt.Errorf("table %s, row %d (%s): %w", table, n+1, strings.Join(values, " "), err))
}

// Row is a row being read: the first failure stays.
type Row struct {
	columns, values []string
	err             error
}

// Fail refuses the row.
func (r *Row) Fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// Text returns a column's value; a column that is not there is a mistake of
// ours.
func (r *Row) Text(column string) string {
	return r.values[slices.Index(r.columns, column)]
}

// Needed returns the value of a column that must have one.
func (r *Row) Needed(column string) string {
	s := r.Text(column)
	if strings.TrimSpace(s) == "" {
		r.Fail(fmt.Errorf("%s has no value", column))
	}
	return s
}

// Texts returns the values of the columns <name>_ru and <name>_en by language.
// Both must have a value, or neither.
func (r *Row) Texts(name string) map[string]string {
	texts := map[string]string{"ru": r.Text(name + "_ru"), "en": r.Text(name + "_en")}
	if (texts["ru"] == "") != (texts["en"] == "") {
		r.Fail(fmt.Errorf("%s stands in one language", name))
	}
	return texts
}

// Date reads a column that may be empty: then the date is zero.
func (r *Row) Date(column string) calendar.Date {
	if r.Text(column) == "" {
		return calendar.Date{}
	}
	return Value(r, column, calendar.ParseDate)
}

// Value reads a column.
func Value[T any](r *Row, column string, parse func(string) (T, error)) T {
	v, err := parse(r.Text(column))
	if err != nil {
		r.Fail(fmt.Errorf("%s: %w", column, err))
	}
	return v
}

// Number reads a column that holds a whole number between bounds.
func Number(r *Row, column string, least, most int) int {
	n := Value(r, column, strconv.Atoi)
	if n < least || n > most {
		r.Fail(fmt.Errorf("%s: %d is not within %d and %d", column, n, least, most))
	}
	return n
}

// OneOf reads a column that holds one of a few words.
func OneOf[T ~string](r *Row, column string, words ...T) T {
	w := T(r.Text(column))
	if !slices.Contains(words, w) {
		r.Fail(fmt.Errorf("%s: %q is none of %q", column, string(w), words))
	}
	return w
}
