// Package pgtest gives tests a database of their own on a real server.
//
// A test binary starts one private server when it first asks for a database,
// and migrates one database; every test gets a copy of it, which takes some
// tens of milliseconds. What many tests begin with is filled in once, too:
// Filled. The server goes when the test binary goes, however it ends.
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

var (
	server   = sync.OnceValues(startServer)
	migrated = sync.OnceValues(migrateTemplate)
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
	template, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	return create(t, copyOf(template))
}

// Filled is a database that is filled once for a test binary, and then copied
// for each test.
type Filled struct {
	once sync.Once
	name string
	err  error
}

// URL returns the address of a copy. The first call fills the original, a
// migrated and empty database; fill leaves no connection to it behind. The test
// fails, and so does every later one, if fill does.
func (f *Filled) URL(t testing.TB, fill func(url string) error) string {
	t.Helper()
	f.once.Do(func() {
		template, err := migrated()
		if err != nil {
			f.err = err
			return
		}
		base, err := server()
		if err != nil {
			f.err = err
			return
		}
		f.name = "filled_" + strconv.FormatInt(copies.Add(1), 10)
		f.err = build(base, f.name, copyOf(template), fill)
	})
	if f.err != nil {
		t.Fatal(f.err)
	}
	return create(t, copyOf(f.name))
}

// copyOf makes a new database a copy, file by file: half the time of a copy that
// is written to the log as well.
func copyOf(template string) string { return " TEMPLATE " + template + " STRATEGY FILE_COPY" }

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
	if err := build(base, name, options, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administer(base, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return withDatabase(base, name)
}

// build makes a database and fills it, if it has to be.
func build(base, name, options string, fill func(url string) error) error {
	copying.Lock()
	err := administer(base, "CREATE DATABASE "+name+options)
	copying.Unlock()
	if err != nil || fill == nil {
		return err
	}
	return fill(withDatabase(base, name))
}

// migrateTemplate returns the name of a migrated database.
func migrateTemplate() (string, error) {
	const name = "migrated"
	base, err := server()
	if err != nil {
		return "", err
	}
	return name, build(base, name, "", func(url string) error {
		ctx := context.Background()
		d, err := postgres.Open(ctx, postgres.Config{URL: privacy.NewURL(url)})
		if err != nil {
			return err
		}
		defer d.Close()
		return d.Migrate(ctx)
	})
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
