package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"okoshko/core/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock under which one replica migrates while
// the others wait; any constant of our own will do.
const migrationLock = 0x6f6b6f73686b6f // "okoshko"

// Migrate brings the schema to the version of this build, the tables of the
// job queue included, and makes the partitions of this month and the next
// ones. It does nothing to a schema that is up to date. Replicas may call it
// together: one migrates, the others wait for it.
func (d *DB) Migrate(ctx context.Context) error {
	err := d.migrate(ctx)
	var server *pgconn.PgError
	if errors.As(err, &server) {
		// Our own statements hold nobody's data: whoever mends one may read
		// what the server says of it.
		return fmt.Errorf("migrate: %w", fault.Wrap(kindOfState(server.Code), err))
	}
	return wrap("migrate", err)
}

func (d *DB) migrate(ctx context.Context) (err error) {
	config := d.pool.Config().ConnConfig.Copy()
	// An index of a large table takes as long as it takes.
	config.RuntimeParams["statement_timeout"] = "0"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()

	// The lock belongs to this connection and goes with it, whatever happens.
	lock, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	if _, err := lock.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for other replicas: %w", err)
	}
	defer func() {
		_, unlocked := lock.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock_all()`)
		err = errors.Join(err, unlocked)
	}()
	if err := d.migrateOurs(ctx, db); err != nil {
		return err
	}
	queue, err := rivermigrate.New(riverpgxv5.New(d.pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("prepare tables of the queue: %w", err)
	}
	if _, err := queue.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate tables of the queue: %w", err)
	}
	return d.EnsurePartitions(ctx, d.now())
}

func (d *DB) migrateOurs(ctx context.Context, db *sql.DB) error {
	ours, err := provider(db)
	if err != nil {
		return err
	}
	done, err := ours.Up(ctx)
	for _, m := range done {
		d.log.InfoContext(ctx, "schema migrated", "migration", m.Source.Path, "duration", m.Duration)
	}
	return err
}
