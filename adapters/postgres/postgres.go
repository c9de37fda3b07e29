package postgres

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"okoshko/core/appeal/registry"
	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// Config says where the database is and how it is used.
type Config struct {
	URL privacy.URL
	// MaxConns limits the pool; zero means DefaultMaxConns. A process that
	// works jobs uses one connection more, to listen for them.
	MaxConns int
	// StatementTimeout ends a statement on the server; zero means
	// DefaultStatementTimeout.
	StatementTimeout time.Duration
	// Lazy lets Open succeed while the server is away.
	Lazy bool
	// Zone is the company's, in which billing months begin; nil means UTC.
	Zone *time.Location
	// Sealer encrypts what is personal and kept apart from its conversation;
	// nil keeps it as it is.
	Sealer Sealer
	Log    *slog.Logger
	// Now is the program's clock where it can be moved: scheduled jobs obey
	// it. Nil means the time of the machines.
	Now func() time.Time
}

// Limits that hold unless the configuration says otherwise.
const (
	DefaultMaxConns         = 16
	DefaultStatementTimeout = 5 * time.Second

	connectTimeout = 5 * time.Second
	// A transaction that stands still holds locks that customers wait for.
	idleInTransaction = 30 * time.Second
	// statements is how many statements a connection keeps prepared; pgx makes
	// room for all of them at once, and for 512 unless it is told.
	statements = 256
)

// Sealer encrypts small things. The label says what they are and must be the
// same both ways.
type Sealer interface {
	Seal(plain []byte, label string) ([]byte, error)
	Unseal(sealed []byte, label string) ([]byte, error)
	// Digests returns what plain is found by without being kept: one under each
	// key, the newest first, which nobody can compute without it.
	Digests(plain []byte, label string) [][]byte
	// Current names the key that seals.
	Current() string
}

// DB is the database. Its methods may be called from any goroutine.
type DB struct {
	pool   *pgxpool.Pool
	jobs   *river.Client[pgx.Tx] // inserts only
	zone   *time.Location
	sealer Sealer
	log    *slog.Logger
	clock  func() time.Time // nil: the machine's
	// books are the tables of cases as they were read last.
	books atomic.Pointer[registry.Books]
	// offices are those that were read last.
	offices atomic.Pointer[officesAt]
}

// Open connects to the database. It does not migrate it. The error is Invalid
// for an address that cannot be read, Unavailable if the server is away and
// the configuration is not Lazy.
func Open(ctx context.Context, c Config) (*DB, error) {
	pc, err := poolConfig(c)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, wrap("open database", err)
	}
	d := &DB{
		pool: pool, zone: cmp.Or(c.Zone, time.UTC), sealer: c.Sealer,
		log: cmp.Or(c.Log, slog.New(slog.DiscardHandler)), clock: c.Now,
	}
	if d.jobs, err = d.insertOnly(); err != nil {
		pool.Close()
		return nil, err
	}
	if !c.Lazy {
		if err := d.Ping(ctx); err != nil {
			pool.Close()
			return nil, err
		}
	}
	return d, nil
}

func poolConfig(c Config) (*pgxpool.Config, error) {
	pc, err := pgxpool.ParseConfig(c.URL.Reveal())
	if err != nil {
		// The cause quotes the address.
		return nil, fault.New(fault.Invalid, "read database address: not understood")
	}
	pc.MaxConns = int32(cmp.Or(c.MaxConns, DefaultMaxConns))
	pc.MaxConnLifetime = time.Hour
	pc.MaxConnLifetimeJitter = 10 * time.Minute
	pc.MaxConnIdleTime = 10 * time.Minute
	pc.ConnConfig.ConnectTimeout = connectTimeout
	pc.ConnConfig.StatementCacheCapacity = statements
	pc.ConnConfig.DescriptionCacheCapacity = 0 // for another way of asking
	set := func(name, value string) { pc.ConnConfig.RuntimeParams[name] = value }
	set("application_name", "okoshko")
	set("timezone", "UTC")
	set("default_transaction_isolation", "read committed")
	set("statement_timeout", milliseconds(cmp.Or(c.StatementTimeout, DefaultStatementTimeout)))
	set("idle_in_transaction_session_timeout", milliseconds(idleInTransaction))
	return pc, nil
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Ping asks the server for a sign of life. The error is Unavailable.
func (d *DB) Ping(ctx context.Context) error {
	return wrap("ping database", d.pool.Ping(ctx))
}

// Close waits until the calls under way are done and disconnects.
func (d *DB) Close() { d.pool.Close() }

// now is the program's time.
func (d *DB) now() time.Time {
	if d.clock != nil {
		return d.clock()
	}
	return time.Now()
}

// exec runs one statement. The verb phrase names the act in errors.
func (d *DB) exec(ctx context.Context, act, sql string, args ...any) (int64, error) {
	tag, err := d.pool.Exec(ctx, sql, args...)
	return tag.RowsAffected(), wrap(act, err)
}

// one reads the only row of a query; found is false if there is none.
func one[T any](ctx context.Context, q querier, scan pgx.RowToFunc[T], sql string, args ...any) (v T, found bool, err error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return v, false, err
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil || len(list) == 0 {
		return v, false, err
	}
	if len(list) > 1 {
		return v, false, fmt.Errorf("%d rows instead of one", len(list))
	}
	return list[0], true, nil
}

// many reads all rows of a query.
func many[T any](ctx context.Context, q querier, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// snapshot is a transaction whose statements all see one moment.
var snapshot = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}
