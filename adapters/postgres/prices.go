package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"okoshko/core/billing/tariff"
	"okoshko/core/fault"
	"okoshko/core/table"
)

// pricesLock lets one writer at a time add prices: what he adds is checked
// together with what is there.
const pricesLock = `SELECT pg_advisory_xact_lock(hashtext('okoshko prices'))`

// Prices reads everything that is published on prices, a few hundred rows that
// are read to be kept. The error is Invalid if the tables do not fit together.
func (d *DB) Prices(ctx context.Context) (*tariff.Book, error) {
	stored, err := d.tables(ctx, tariff.Schema())
	if err != nil {
		return nil, wrap("read prices", err)
	}
	book, err := tariff.New(stored)
	return book, wrap("read prices", err)
}

// AddPrices adds rows to the tables of prices: all or, with an error, none. A
// row that is there already is left alone, and a version that had no end is
// given the one that its row names; nothing else of what was published changes
// (R-5.1.2-f). The error is Conflict for a row that is there with other values,
// Invalid if the tables then do not fit together.
func (d *DB) AddPrices(ctx context.Context, list []table.Table) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error { return addPrices(ctx, tx, list) })
	return wrap("add prices", err)
}

func addPrices(ctx context.Context, tx pgx.Tx, list []table.Table) error {
	if _, err := tx.Exec(ctx, pricesLock); err != nil {
		return err
	}
	if err := addTables(ctx, tx, tariff.Schema(), list); err != nil {
		return err
	}
	stored, err := readTables(ctx, tx, tariff.Schema())
	if err != nil {
		return err
	}
	if err := contains(stored, list); err != nil {
		return err
	}
	_, err = tariff.New(stored)
	return err
}

// contains checks that every row of list is stored as it stands, but for its English,
// a translation that nobody has published: a later one is no reason to refuse.
func contains(stored, list []table.Table) error {
	there := map[string]bool{}
	for _, t := range stored {
		for _, row := range t.Rows {
			there[untranslated(t, row)] = true
		}
	}
	for _, t := range list {
		for n, row := range t.Rows {
			if !there[untranslated(t, row)] {
				return fault.New(fault.Conflict, fmt.Sprintf("table %s, row %d (%s): there is no such table, or the row is published otherwise",
					t.Name, n+1, strings.Join(row, " ")))
			}
		}
	}
	return nil
}

// untranslated is a row under the name of its table, without its English.
func untranslated(t table.Table, row []string) string {
	var b strings.Builder
	b.WriteString(t.Name)
	for i, cell := range row {
		if !strings.HasSuffix(t.Columns[i], "_en") {
			b.WriteString("\t" + cell)
		}
	}
	return b.String()
}
