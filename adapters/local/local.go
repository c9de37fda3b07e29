package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"

	"okoshko/core/fault"
)

// ErrAlreadyServing means that another program serves on this data folder
// (design §5: only a second serve is refused).
var ErrAlreadyServing = fault.New(fault.Conflict, "another program already serves on this data folder")

// Config says what to run, and where.
type Config struct {
	// Dir is the data folder; it is made, 0700, or 0711 for root, whose
	// servers run as another user.
	Dir string
	// Postgres and Redis say which servers are wanted. With neither, only the
	// place of the one that serves is kept.
	Postgres, Redis bool
	// Serve marks the long-running program; a second one is refused.
	Serve bool
	// AppendFsync is Redis's setting: always (the default, as design §2
	// demands), everysec or no.
	AppendFsync string
	// Log hears of starts, deaths and hand-overs. The default is silence.
	Log *slog.Logger
	// Lookup finds programs. The default is Installed.
	Lookup Lookup
}

// Servers are the private servers of a data folder, kept within reach until
// Close.
type Servers struct {
	postgres, redis *keeper // nil when not wanted
	serving         lock
	spawn           spawner
	failed          chan error
	end             context.CancelFunc
	keepers         sync.WaitGroup
	closing         sync.Once
}

// Open starts the servers, or uses those that another program on the same
// folder has started, and returns when they answer. A first start takes a few
// seconds, any other a tenth of one, unless there is much to recover.
//
// It fails with ErrAlreadyServing, with a *MissingError when programs have to
// be installed, with the context's error, or with what a server said when it
// could not start.
func Open(ctx context.Context, c Config) (*Servers, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	f, err := openFolders(ctx, c.Dir, c.Postgres || c.Redis, c.Log)
	if err != nil {
		return nil, fmt.Errorf("open data folder: %w", err)
	}
	s := &Servers{failed: make(chan error, 2), serving: lock{path: filepath.Join(f.locks, "serve")}}
	if c.Serve {
		alone, err := s.serving.try(exclusive)
		if err != nil {
			return nil, err
		}
		if !alone {
			return nil, ErrAlreadyServing
		}
	}
	pg, redisPath, err := findPrograms(c, f.servers)
	if err != nil {
		s.serving.drop()
		return nil, err
	}
	s.spawn = newSpawner()
	if c.Postgres {
		s.postgres = newKeeper(&postgres{folders: f, installation: pg, spawn: s.spawn}, f)
	}
	if c.Redis {
		s.redis = newKeeper(&redis{folders: f, path: redisPath, fsync: c.AppendFsync, spawn: s.spawn}, f)
	}
	if err := s.keep(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (c Config) complete() (Config, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Lookup == nil {
		c.Lookup = Installed
	}
	switch c.AppendFsync {
	case "":
		c.AppendFsync = "always"
	case "always", "everysec", "no":
	default:
		return c, fault.New(fault.Invalid, "appendfsync is always, everysec or no")
	}
	return c, nil
}

func newKeeper(s server, f folders) *keeper {
	return &keeper{
		server: s,
		owner:  lock{path: filepath.Join(f.locks, s.name())},
		users:  lock{path: filepath.Join(f.locks, s.name()+"-users")},
		log:    f.log,
	}
}

// keep sets the keepers to work, side by side, and waits until each server has
// answered once.
func (s *Servers) keep(ctx context.Context) error {
	// They outlive the call: ctx is for the start alone.
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	s.end = end
	ready := make(chan struct{}, 2)
	starting := 0
	for _, k := range []*keeper{s.postgres, s.redis} {
		if k == nil {
			continue
		}
		starting++
		once := sync.OnceFunc(func() { ready <- struct{}{} })
		s.keepers.Go(func() {
			if err := k.run(life, once); err != nil {
				s.failed <- fault.Wrap(fault.Unavailable, err)
			}
		})
	}
	for ; starting > 0; starting-- {
		select {
		case <-ready:
		case err := <-s.failed:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// PostgresURL returns a connection string for pgx; empty when PostgreSQL was
// not wanted. It stays the same through every restart.
func (s *Servers) PostgresURL() string { return s.postgres.url() }

// RedisURL returns an address for go-redis's ParseURL; empty when Redis was not
// wanted. It stays the same through every restart.
func (s *Servers) RedisURL() string { return s.redis.url() }

// PostgresPID and RedisPID return the process ID of a server that this program
// has started and that is ready, else 0. Tests kill by it.
func (s *Servers) PostgresPID() int { return s.postgres.process() }

// RedisPID is described at PostgresPID.
func (s *Servers) RedisPID() int { return s.redis.process() }

// Failed delivers the reason when a server cannot be kept alive: it died five
// times in a row without serving for five seconds in between. A death before
// that is logged and mended. The program can only end.
func (s *Servers) Failed() <-chan error { return s.failed }

// Close stops what this program started and returns when it has ended; first
// stop what uses the servers. If other programs still do, it waits up to five
// seconds for them and then leaves the servers to one of them, which starts
// them again at once. The error names a server that did not end cleanly (its
// next start recovers), or a failure that nobody took from Failed. Closing
// twice is closing once.
func (s *Servers) Close() error {
	var err error
	s.closing.Do(func() {
		s.end()
		s.keepers.Wait()
		s.spawn.close()
		s.serving.drop()
		close(s.failed)
		for e := range s.failed {
			err = errors.Join(err, e)
		}
	})
	return err
}
