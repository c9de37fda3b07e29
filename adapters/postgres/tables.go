package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"okoshko/core/fault"
	"okoshko/core/table"
)

// Statements for any table of a schema; %[1]s is its name, which comes from
// there alone.
const (
	// closeVersions gives an end to versions that had none.
	closeVersions = `
UPDATE %[1]s t SET valid_to = n.valid_to FROM jsonb_populate_recordset(NULL::%[1]s, $1) n
WHERE t.valid_to IS NULL AND n.valid_to IS NOT NULL AND to_jsonb(t) - 'valid_to' = to_jsonb(n) - 'valid_to'`

	insertRows = `
INSERT INTO %[1]s (%[2]s) SELECT %[2]s FROM jsonb_populate_recordset(NULL::%[1]s, $1) ON CONFLICT DO NOTHING`

	selectRows = `SELECT ARRAY[%[2]s] FROM %[1]s ORDER BY 1`
)

// addTables adds the rows that are not there yet, in the order of the schema:
// what is named before what names it. A version that had no end is given the
// one of its row; nothing else of what is there changes.
func addTables(ctx context.Context, tx pgx.Tx, schema []table.Layout, list []table.Table) error {
	for _, layout := range schema {
		for _, t := range list {
			if t.Name != layout.Name {
				continue
			}
			if err := addTable(ctx, tx, layout, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func addTable(ctx context.Context, tx pgx.Tx, layout table.Layout, t table.Table) error {
	if !slices.Equal(layout.Columns, t.Columns) {
		return fault.New(fault.Invalid, "the columns of table "+t.Name+" are not those of the schema")
	}
	rows := make([]map[string]*string, 0, len(t.Rows))
	for n, values := range t.Rows {
		if len(values) != len(layout.Columns) {
			return fault.New(fault.Invalid, fmt.Sprintf("table %s, row %d: %d values", t.Name, n+1, len(values)))
		}
		row := map[string]*string{}
		for i, column := range layout.Columns {
			if values[i] != "" || !slices.Contains(open, layout.Name+"."+column) && column != endColumn {
				row[column] = &values[i]
			}
		}
		rows = append(rows, row)
	}
	if slices.Contains(layout.Columns, endColumn) {
		if _, err := tx.Exec(ctx, fmt.Sprintf(closeVersions, layout.Name), rows); err != nil {
			return malformed(t.Name, err)
		}
	}
	_, err := tx.Exec(ctx, fmt.Sprintf(insertRows, layout.Name, `"`+strings.Join(layout.Columns, `", "`)+`"`), rows)
	return malformed(t.Name, err)
}

// open are the other columns that may be NULL.
var open = []string{"office_windows.first_day", "office_windows.last_day"}

// endColumn is empty where a version has no end.
const endColumn = "valid_to"

// malformed names the table of a value that the server could not read.
func malformed(table string, err error) error {
	if err == nil {
		return nil
	}
	err = wrap("table "+table, err)
	if strings.Contains(err.Error(), "SQLSTATE 22") { // data exception
		err = fault.Wrap(fault.Invalid, err)
	}
	return err
}

// readTables returns the tables of a schema as text, as files hold them.
func readTables(ctx context.Context, q querier, schema []table.Layout) ([]table.Table, error) {
	var list []table.Table
	for _, layout := range schema {
		texts := make([]string, len(layout.Columns))
		for i, column := range layout.Columns {
			texts[i] = "coalesce(" + pgx.Identifier{column}.Sanitize() + "::text, '')"
		}
		rows, err := many(ctx, q, pgx.RowTo[[]string], fmt.Sprintf(selectRows, layout.Name, strings.Join(texts, ", ")))
		if err != nil {
			return nil, err
		}
		list = append(list, table.Table{Name: layout.Name, Columns: layout.Columns, Rows: rows})
	}
	return list, nil
}

// tables reads the tables of a schema as they stand at one moment.
func (d *DB) tables(ctx context.Context, schema []table.Layout) (list []table.Table, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		list, err = readTables(ctx, tx, schema)
		return err
	})
	return list, err
}
