// Package pgtest gives tests a database of their own on a real server.
//
// A test binary starts one private server when it first asks for a database,
// and migrates one database; every test gets a copy of it, which takes some
// tens of milliseconds. The server goes when the test binary goes, however it
// ends.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/adapters/postgres"
	"okoshko/core/privacy"
)

const template = "okoshko_template"

var (
	server   = sync.OnceValues(startServer)
	migrated = sync.OnceValue(migrateTemplate)
	copies   atomic.Int64
	// The server copies a template for one at a time.
	copying sync.Mutex
)

// Zone is that of the company in tests, UTC+5.
var Zone = time.FixedZone("UTC+5", 5*60*60)

// Open returns a migrated and empty database. It is dropped at the end of the
// test. An adjust function may change the configuration.
func Open(t testing.TB, adjust ...func(*postgres.Config)) *postgres.DB {
	t.Helper()
	return Connect(t, URL(t), adjust...)
}

// Connect opens a further connection pool to the database of URL, as another
// replica would.
func Connect(t testing.TB, url string, adjust ...func(*postgres.Config)) *postgres.DB {
	t.Helper()
	c := postgres.Config{URL: privacy.NewURL(url), Zone: Zone, MaxConns: 8}
	for _, f := range adjust {
		f(&c)
	}
	d, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// URL returns the address of a migrated and empty database.
func URL(t testing.TB) string {
	t.Helper()
	if err := migrated(); err != nil {
		t.Fatal(err)
	}
	return create(t, " TEMPLATE "+template)
}

// Empty returns the address of a database without a schema.
func Empty(t testing.TB) string {
	t.Helper()
	return create(t, "")
}

// Exec runs statements on the database of URL, behind the scenes.
func Exec(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

// Conn returns a plain connection to the database of URL, for looking behind
// the scenes.
func Conn(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func create(t testing.TB, options string) string {
	t.Helper()
	base, err := server()
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strconv.FormatInt(copies.Add(1), 10)
	copying.Lock()
	defer copying.Unlock()
	if err := administer(base, "CREATE DATABASE "+name+options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administer(base, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(base, name)
}

func migrateTemplate() error {
	base, err := server()
	if err != nil {
		return err
	}
	if err := administer(base, "CREATE DATABASE "+template); err != nil {
		return err
	}
	ctx := context.Background()
	d, err := postgres.Open(ctx, postgres.Config{URL: privacy.NewURL(withDatabase(base, template))})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(ctx)
}

func administer(base, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, withDatabase(base, "postgres"))
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", strings.ToLower(sql), err)
	}
	return nil
}

func withDatabase(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	u.Path = "/" + name
	return u.String()
}
