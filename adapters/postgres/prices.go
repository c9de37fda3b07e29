package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing/tariff"
	"okoshko/core/fault"
)

// pricesLock lets one writer at a time add prices: what he adds is checked
// together with what is there.
const pricesLock = `SELECT pg_advisory_xact_lock(hashtext('okoshko prices'))`

// Statements for any table of tariff.Schema; %[1]s is its name, which comes
// from there alone.
const (
	// closePrices gives an end to versions that had none.
	closePrices = `
UPDATE %[1]s t SET valid_to = n.valid_to FROM jsonb_populate_recordset(NULL::%[1]s, $1) n
WHERE t.valid_to IS NULL AND n.valid_to IS NOT NULL AND to_jsonb(t) - 'valid_to' = to_jsonb(n) - 'valid_to'`

	insertPrices = `
INSERT INTO %[1]s SELECT * FROM jsonb_populate_recordset(NULL::%[1]s, $1) ON CONFLICT DO NOTHING`

	selectPrices = `SELECT ARRAY[%[2]s] FROM %[1]s ORDER BY 1`
)

// Prices reads everything that is published on prices, a few hundred rows that
// are read to be kept. The error is Invalid if the tables do not fit together.
func (d *DB) Prices(ctx context.Context) (book *tariff.Book, err error) {
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		stored, err := readPrices(ctx, tx)
		if err == nil {
			book, err = tariff.New(stored)
		}
		return err
	})
	return book, wrap("read prices", err)
}

// AddPrices adds rows to the tables of prices: all or, with an error, none. A
// row that is there already is left alone, and a version that had no end is
// given the one that its row names; nothing else of what was published changes
// (R-5.1.2-f). The error is Conflict for a row that is there with other values,
// Invalid if the tables then do not fit together.
func (d *DB) AddPrices(ctx context.Context, list []tariff.Table) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return addPrices(ctx, tx, list) })
	return wrap("add prices", err)
}

func addPrices(ctx context.Context, tx pgx.Tx, list []tariff.Table) error {
	if _, err := tx.Exec(ctx, pricesLock); err != nil {
		return err
	}
	// In the order of the schema: acts before the tariffs that name them.
	for _, layout := range tariff.Schema() {
		for _, t := range list {
			if t.Name != layout.Name {
				continue
			}
			if err := addTable(ctx, tx, layout, t); err != nil {
				return err
			}
		}
	}
	stored, err := readPrices(ctx, tx)
	if err != nil {
		return err
	}
	if err := contains(stored, list); err != nil {
		return err
	}
	_, err = tariff.New(stored)
	return err
}

func addTable(ctx context.Context, tx pgx.Tx, layout tariff.Layout, t tariff.Table) error {
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
			if values[i] != "" || column != endColumn {
				row[column] = &values[i]
			}
		}
		rows = append(rows, row)
	}
	if slices.Contains(layout.Columns, endColumn) {
		if _, err := tx.Exec(ctx, fmt.Sprintf(closePrices, layout.Name), rows); err != nil {
			return malformed(t.Name, err)
		}
	}
	_, err := tx.Exec(ctx, fmt.Sprintf(insertPrices, layout.Name), rows)
	return malformed(t.Name, err)
}

// endColumn is empty where a version has no end; other columns are never NULL.
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

// readPrices returns the tables as text, as files hold them.
func readPrices(ctx context.Context, tx pgx.Tx) ([]tariff.Table, error) {
	var list []tariff.Table
	for _, layout := range tariff.Schema() {
		texts := make([]string, len(layout.Columns))
		for i, column := range layout.Columns {
			texts[i] = "coalesce(" + column + "::text, '')"
		}
		rows, err := many(ctx, tx, pgx.RowTo[[]string], fmt.Sprintf(selectPrices, layout.Name, strings.Join(texts, ", ")))
		if err != nil {
			return nil, err
		}
		list = append(list, tariff.Table{Name: layout.Name, Columns: layout.Columns, Rows: rows})
	}
	return list, nil
}

// contains checks that every row of list is stored as it stands.
func contains(stored, list []tariff.Table) error {
	there := map[string]bool{}
	for _, t := range stored {
		for _, row := range t.Rows {
			there[t.Name+"\t"+strings.Join(row, "\t")] = true
		}
	}
	for _, t := range list {
		for n, row := range t.Rows {
			if text := strings.Join(row, "\t"); !there[t.Name+"\t"+text] {
				return fault.New(fault.Conflict, fmt.Sprintf("table %s, row %d (%s): there is no such table, or the row is published otherwise",
					t.Name, n+1, strings.Join(row, " ")))
			}
		}
	}
	return nil
}
