package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// About is what an operator wants to know of a database.
type About struct {
	Version string
	// FoldsCyrillic: its locale knows what the small letter of a Cyrillic
	// capital is, without which searching staff find nothing.
	FoldsCyrillic bool
	// Pending is how many migrations of this program have not been carried out.
	Pending int
}

const aboutServer = `SELECT current_setting('server_version'), lower(U&'\0401') = U&'\0451'`

// About looks at the database. The error is Unavailable if it is away.
func (d *DB) About(ctx context.Context) (a About, err error) {
	if err := d.pool.QueryRow(ctx, aboutServer).Scan(&a.Version, &a.FoldsCyrillic); err != nil {
		return a, wrap("look at the database", err)
	}
	db := stdlib.OpenDBFromPool(d.pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	ours, err := provider(db)
	if err != nil {
		return a, err
	}
	statuses, err := ours.Status(ctx)
	if err != nil {
		return a, wrap("list migrations", err)
	}
	for _, s := range statuses {
		if s.State == goose.StatePending {
			a.Pending++
		}
	}
	return a, nil
}

// provider reads our migrations for a database.
func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}
