package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"okoshko/core/appeal/edit"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/table"
)

// Statements about the tables of cases; %[1]s is the name of one, which comes from
// its schema alone.
const (
	lockTables = `SELECT pg_advisory_xact_lock(hashtext('okoshko tables of cases'))`

	// A row is known by all its cells: one that was changed meanwhile stays.
	dropRows = `DELETE FROM %[1]s t USING jsonb_populate_recordset(NULL::%[1]s, $1) o WHERE to_jsonb(t) = to_jsonb(o)`
	putRows  = `
INSERT INTO %[1]s (%[2]s) SELECT %[2]s FROM jsonb_populate_recordset(NULL::%[1]s, $1) ON CONFLICT (%[3]s) DO UPDATE SET %[4]s`

	countConcerned = `
SELECT count(*) FILTER (WHERE state NOT IN ('answered', 'closed')), count(*) FILTER (WHERE registered_at >= $3)
FROM cases WHERE (category = ANY($1) OR $2 <> '' AND queue = $2) AND (state NOT IN ('answered', 'closed') OR registered_at >= $3)`
)

// CaseTables returns the tables by which cases live as they stand, and their
// revision. The error is registry.ErrNoBooks while there are none.
func (d *DB) CaseTables(ctx context.Context) (now edit.State, revision string, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		now, revision, err = d.caseTables(ctx, tx)
		return err
	})
	return now, revision, wrap("read tables of cases", err)
}

func (d *DB) caseTables(ctx context.Context, tx pgx.Tx) (now edit.State, revision string, err error) {
	if now.Tables, err = readTables(ctx, tx, edit.Schema()); err != nil {
		return now, "", err
	}
	if !published(now.Tables) {
		return now, "", registry.ErrNoBooks
	}
	years, err := readYears(ctx, tx)
	if err != nil {
		return now, "", err
	}
	now.Today = calendar.DateOf(d.now(), d.zone)
	now.Counter = term.Counter{Days: calendar.NewProduction(years...), Zone: d.zone}
	return now, revisionOf(now.Tables), nil
}

// revisionOf names what stands in tables: whoever changes it, by whatever means,
// changes its name.
func revisionOf(list []table.Table) string {
	h := sha256.New()
	for _, t := range list {
		fmt.Fprintf(h, "%s %q\n", t.Name, t.Rows)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// PreviewTables returns what SaveTables would do now, and of which revision; it
// changes nothing. Errors are those of edit.Try.
func (d *DB) PreviewTables(ctx context.Context, e edit.Edit) (c edit.Change, revision string, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, snapshot, func(tx pgx.Tx) error {
		now, seen, err := d.caseTables(ctx, tx)
		if err != nil {
			return err
		}
		revision = seen
		c, err = d.tryEdit(ctx, tx, now, e)
		return err
	})
	return c, revision, wrap("preview edit of tables", err)
}

// SaveTables changes the tables by which cases live, if they still have the
// revision that the editor has seen, and returns the new one. Every replica goes
// by them within a second. by says who did it. Errors are those of edit.Try,
// edit.ErrStale too.
func (d *DB) SaveTables(ctx context.Context, by audit.Entry, revision string, e edit.Edit) (c edit.Change, saved string, err error) {
	err = pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockTables); err != nil {
			return err
		}
		now, seen, err := d.caseTables(ctx, tx)
		if err != nil {
			return err
		}
		if seen != revision {
			return edit.ErrStale
		}
		if c, err = d.tryEdit(ctx, tx, now, e); err != nil {
			return err
		}
		if err := writeRows(ctx, tx, c.Rows); err != nil {
			return err
		}
		after, err := readTables(ctx, tx, edit.Schema())
		if err != nil {
			return err
		}
		saved = revisionOf(after)
		by.Act, by.Subject, by.Before, by.After = audit.TablesChange, c.Subject, c.Before, c.After
		return d.audit(ctx, tx, by)
	})
	return c, saved, wrap("save edit of tables", err)
}

// tryEdit tries an edit, and counts the cases that it concerns.
func (d *DB) tryEdit(ctx context.Context, tx pgx.Tx, now edit.State, e edit.Edit) (c edit.Change, err error) {
	if c, err = edit.Try(now, e); err != nil {
		return c, err
	}
	recent := now.Today.Add(-edit.RecentDays).At(0, d.zone)
	err = tx.QueryRow(ctx, countConcerned, append([]string{}, c.Categories...), c.Queue, recent).Scan(&c.Open, &c.Recent)
	return c, err
}

// writeRows takes rows out and puts others in their places, in the order of the
// schema: what is named stands before what names it.
func writeRows(ctx context.Context, tx pgx.Tx, rows []edit.Row) error {
	for _, layout := range edit.Schema() {
		var gone, put []map[string]string
		for _, r := range rows {
			switch {
			case r.Layout.Name != layout.Name:
			case r.After == nil:
				gone = append(gone, cellsOf(layout, r.Before))
			default:
				put = append(put, cellsOf(layout, r.After))
			}
		}
		if len(gone) > 0 {
			if _, err := tx.Exec(ctx, fmt.Sprintf(dropRows, layout.Name), gone); err != nil {
				return malformed(layout.Name, err)
			}
		}
		if len(put) > 0 {
			if _, err := tx.Exec(ctx, upsert(layout), put); err != nil {
				return malformed(layout.Name, err)
			}
		}
	}
	return nil
}

func cellsOf(l table.Layout, row []string) map[string]string {
	c := make(map[string]string, len(row))
	for i, column := range l.Columns {
		c[column] = row[i]
	}
	return c
}

// upsert is putRows for a table.
func upsert(l table.Layout) string {
	var sets []string
	for _, column := range l.Columns {
		if !slices.Contains(edit.Key(l), column) {
			sets = append(sets, fmt.Sprintf("%[1]s = EXCLUDED.%[1]s", pgx.Identifier{column}.Sanitize()))
		}
	}
	if len(sets) == 0 {
		column := pgx.Identifier{edit.Key(l)[0]}.Sanitize()
		sets = append(sets, fmt.Sprintf("%[1]s = EXCLUDED.%[1]s", column))
	}
	return fmt.Sprintf(putRows, l.Name, quoted(l.Columns), quoted(edit.Key(l)), strings.Join(sets, ", "))
}

func quoted(columns []string) string { return `"` + strings.Join(columns, `", "`) + `"` }
