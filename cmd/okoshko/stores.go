package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"okoshko/adapters/files"
	"okoshko/adapters/local"
	"okoshko/adapters/postgres"
	"okoshko/adapters/redis"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog/turn"
)

// largestUpload is the largest file that is taken from a customer: what
// Telegram hands over to bots (core.telegram.org/bots/api#getfile).
const largestUpload = 20 << 20

// stores are the places where the program keeps things, opened and ready.
type stores struct {
	servers *local.Servers // nil where both are configured
	db      *postgres.DB
	live    *redis.Store
	files   *files.Store
	doubts  suspicion
	// days is the production calendar, kept up to date by the librarian.
	days *calendar.Production
}

// storeOptions are how a command wants its stores.
type storeOptions struct {
	// postgres and redis are those it needs.
	postgres, redis bool
	serve, demo     bool
	// patience is how long a store that is away is waited for.
	patience time.Duration
	log      *slog.Logger
	now      func() time.Time
}

// openStores starts the private servers that are needed and connects.
func openStores(ctx context.Context, c Config, o storeOptions) (*stores, error) {
	s := &stores{days: calendar.Published()}
	if err := s.open(ctx, c, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *stores) open(ctx context.Context, c Config, o storeOptions) error {
	postgresURL, redisTarget, err := s.locate(ctx, c, o)
	if err != nil {
		return err
	}
	if o.postgres {
		keys, err := dataKeys(c, o.demo)
		if err != nil {
			return err
		}
		ring, err := files.NewRing(keys...)
		if err != nil {
			return err
		}
		zone, err := c.Company.Location()
		if err != nil {
			return err
		}
		err = o.await(ctx, "postgres", func() (err error) {
			s.db, err = postgres.Open(ctx, postgres.Config{
				URL: postgresURL, MaxConns: c.Postgres.MaxConnections, StatementTimeout: c.Postgres.StatementTimeout,
				Zone: zone, Sealer: ring, Log: o.log, Now: o.now,
			})
			return err
		})
		if err != nil {
			return err
		}
		s.files = files.New(s.db, ring, largestUpload)
	}
	if o.redis {
		err = o.await(ctx, "redis", func() (err error) {
			s.live, err = redis.Open(ctx, s.redisConfig(redisTarget, o.log))
			return err
		})
	}
	return err
}

// await opens a store, again and again while it is away and patience lasts: a
// machine that starts everything at once, or a store that restarts with us,
// should not need a second start.
func (o storeOptions) await(ctx context.Context, store string, open func() error) error {
	deadline := time.Now().Add(o.patience)
	for said := false; ; said = true {
		err := open()
		if err == nil || !fault.Is(err, fault.Unavailable) || time.Now().After(deadline) {
			return err
		}
		if !said {
			o.log.Warn("waiting for a store", "store", store, "error", err)
		}
		select {
		case <-time.After(storePause):
		case <-ctx.Done():
			return err
		}
	}
}

// storePause lies between two attempts at a store that is away.
const storePause = 200 * time.Millisecond

// redisConfig copies an address that was read into what the store is opened
// with.
func (s *stores) redisConfig(t RedisTarget, log *slog.Logger) redis.Config {
	return redis.Config{
		Kind: redis.Kind(t.Kind), Network: t.Network, Addrs: t.Hosts, TLS: t.TLS, Master: t.Master, DB: t.DB,
		Username: t.Username, Password: t.Password,
		SentinelUsername: t.SentinelUsername, SentinelPassword: t.SentinelPassword,
		Log: log, Suspect: s.doubts.raise,
	}
}

// failed delivers the reason when a private server cannot be kept alive.
func (s *stores) failed() <-chan error {
	if s.servers == nil {
		return nil
	}
	return s.servers.Failed()
}

// locate finds the stores' addresses: configured ones, else private servers.
func (s *stores) locate(ctx context.Context, c Config, o storeOptions) (privacy.URL, RedisTarget, error) {
	wantRedis, wantPostgres := o.redis && c.Redis.URL.IsZero(), o.postgres && c.Postgres.URL.IsZero()
	var target RedisTarget
	var err error
	if o.redis && !wantRedis {
		if target, err = ParseRedisURL(c.Redis.URL.Reveal()); err != nil {
			return privacy.URL{}, target, err
		}
	}
	postgresURL := c.Postgres.URL
	if wantRedis || wantPostgres || o.serve { // whoever serves holds the data folder, too
		s.servers, err = local.Open(ctx, local.Config{
			Dir: c.Data.Dir, Postgres: wantPostgres, Redis: wantRedis, Serve: o.serve, Log: o.log,
		})
		if err != nil {
			return postgresURL, target, err
		}
	}
	if wantPostgres {
		postgresURL = privacy.NewURL(s.servers.PostgresURL())
	}
	if wantRedis {
		target, err = ParseRedisURL(s.servers.RedisURL())
	}
	return postgresURL, target, err
}

// Close disconnects and stops the servers that this process has started.
func (s *stores) Close() error {
	var errs []error
	if s.live != nil {
		errs = append(errs, s.live.Close())
	}
	if s.db != nil {
		s.db.Close()
	}
	if s.servers != nil {
		errs = append(errs, s.servers.Close())
	}
	return errors.Join(errs...)
}

// dataKeys are the keys of what is kept encrypted. The demo makes its own and
// keeps it beside its data; any other server must be given one.
func dataKeys(c Config, demo bool) ([]files.Key, error) {
	given, err := c.Data.Keys()
	if err != nil {
		return nil, err
	}
	if len(given) == 0 && demo {
		key, err := demoKey(filepath.Join(c.Data.Dir, "demo.key"))
		if err != nil {
			return nil, fmt.Errorf("make the demo's data key: %w", err)
		}
		return []files.Key{{ID: "demo", Key: key}}, nil
	}
	keys := make([]files.Key, 0, len(given))
	for _, k := range given {
		keys = append(keys, files.Key{ID: k.ID, Key: []byte(k.Key.Reveal())})
	}
	return keys, nil
}

func demoKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path) //nolint:gosec // a file of our own data folder
	if err == nil {
		return base64.StdEncoding.DecodeString(string(text))
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	key := make([]byte, 32)
	rand.Read(key) //nolint:errcheck // it never fails
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return key, os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(key)), 0o600)
}

// suspicion hands the live store's doubts to an engine that does not exist yet
// when the store is opened.
type suspicion struct{ engine atomic.Pointer[turn.Engine] }

func (s *suspicion) raise() {
	if e := s.engine.Load(); e != nil {
		e.Suspect()
	}
}
