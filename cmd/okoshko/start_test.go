package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
	"okoshko/bots/web/browsertest"
	"okoshko/core/privacy"
)

// patience is how long a test waits for what must come.
const patience = browsertest.Patience

// testKey seals what the servers of tests keep.
var testKey = privacy.NewSecret("k1:" + strings.Repeat("A", 43) + "=")

// supplier is the database that the servers of tests begin with: the demo's data
// as a first start leaves them, and the passwords that go with them. To load them
// takes most of a start.
var supplier struct {
	pgtest.Filled
	passwords []byte
}

// supplied returns the address of a database with the demo's data, and keeps in
// dir what a first start does.
func supplied(t *testing.T, dir string) string {
	t.Helper()
	url := supplier.URL(t, func(url string) error {
		c := Default()
		c.Postgres.URL, c.Data.Key, c.Data.Dir = privacy.NewURL(url), testKey, t.TempDir()
		s := &server{config: c, demo: true, clock: begun(), log: slog.New(slog.DiscardHandler)}
		var err error
		if s.stores, err = openStores(t.Context(), c, storeOptions{postgres: true, demo: true, log: s.log, now: s.clock.Now}); err != nil {
			return err
		}
		if err := errors.Join(s.fillData(t.Context()), s.stores.Close()); err != nil {
			return err
		}
		supplier.passwords, err = os.ReadFile(filepath.Join(c.Data.Dir, demoPasswords))
		return err
	})
	if err := os.WriteFile(filepath.Join(dir, demoPasswords), supplier.passwords, 0o600); err != nil {
		t.Fatal(err)
	}
	return url
}

// begun returns a clock at the day on which whole servers of tests begin, whenever
// they run: by day, since nobody is disturbed at night, and in a year whose calendar
// the demo has.
func begun() *clock {
	c := &clock{}
	c.ahead.Store(int64(time.Until(time.Date(2026, time.November, 23, 12, 0, 0, 0, pgtest.Zone))))
	return c
}

// startServer runs a whole server with demo data in this process, on a database
// and a Redis of its own, and stops it with the test.
func startServer(t *testing.T, adjust ...func(*Config)) *server {
	t.Helper()
	s, _ := launchServer(t, adjust...)
	return s
}

// launchServer is startServer for tests that stop it themselves.
func launchServer(t *testing.T, adjust ...func(*Config)) (s *server, stop func()) {
	t.Helper()
	c := Default()
	c.HTTP.Listen, c.Admin.Listen = "127.0.0.1:0", ""
	c.Data.Dir, c.Data.Key = t.TempDir(), testKey
	c.Postgres.URL = privacy.NewURL(supplied(t, c.Data.Dir))
	c.Redis.URL = privacy.NewURL(redistest.URL(t))
	c.Telegram.Mode = TelegramPolling
	c.Dialogs.Expiry = 24 * time.Hour // as the scenarios' own tests have it
	for _, f := range adjust {
		f(&c)
	}
	var log bytes.Buffer
	s, err := openServer(t.Context(), c, true, begun(), &program{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, s.close()); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
	t.Cleanup(stop)
	return s, stop
}
