package local_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/local"
)

func TestClearWords(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil func(dir string) error
		want  string
		cold  bool // nothing is there before
		skip  bool
	}{
		"a file in place of the folder": {
			spoil: func(dir string) error {
				return os.WriteFile(dir, nil, 0o600)
			},
			cold: true,
			want: "not a directory",
		},
		"a folder that cannot be written": {
			spoil: func(dir string) error { return os.Mkdir(dir, 0o500) },
			cold:  true,
			want:  "permission denied",
			skip:  os.Geteuid() == 0,
		},
		"data of a version that is not installed": {
			spoil: func(dir string) error {
				return os.Rename(cluster(dir), filepath.Join(dir, "servers", "pg-9"))
			},
			want: "holds data of PostgreSQL 9, and version",
		},
		"a cluster that another version made": {
			spoil: func(dir string) error {
				return os.WriteFile(filepath.Join(cluster(dir), "PG_VERSION"), []byte("9\n"), 0o600)
			},
			want: "holds data of PostgreSQL 9",
		},
		"a broken append-only file": {
			spoil: func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "servers", "redis", "appendonlydir", "appendonly.aof.manifest"), []byte("?\n"), 0o600)
			},
			want: "redis died 5 times in a row",
		},
		"a cluster of somebody else": {
			spoil: func(dir string) error { return os.Chown(cluster(dir), 12345, 12345) },
			want:  "belongs to uid 12345",
			skip:  os.Geteuid() != 0,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.skip {
				t.Skip("needs another user")
			}
			dir := newDir(t)
			if !c.cold {
				dir = warmDir(t)
			}
			if err := c.spoil(dir); err != nil {
				t.Fatal(err)
			}
			s, err := local.Open(t.Context(), local.Config{Dir: dir, Postgres: true, Redis: true})
			if err == nil {
				_ = s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open = %v, want a word about %q", err, c.want)
			}
		})
	}
}

// cluster is the one PostgreSQL cluster of a data folder.
func cluster(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "servers", "pg-*"))
	if len(found) != 1 {
		panic(fmt.Sprintf("%d clusters in %s", len(found), dir))
	}
	return found[0]
}

func TestMissingProgramsNameOneCommand(t *testing.T) {
	t.Parallel()
	sudo := "sudo "
	if os.Geteuid() == 0 {
		sudo = ""
	}
	cases := map[string]struct {
		has             string
		postgres, redis bool
		want            string
	}{
		"apt":        {"apt-get", true, true, "PostgreSQL and Redis not found; install with: " + sudo + "apt-get install -y postgresql redis-server"},
		"dnf":        {"dnf", true, true, "PostgreSQL and Redis not found; install with: " + sudo + "dnf install -y postgresql-server postgresql-contrib valkey"},
		"brew":       {"brew", true, true, "PostgreSQL and Redis not found; install with: brew install postgresql@17 redis"},
		"only Redis": {"apt-get", false, true, "Redis not found; install with: " + sudo + "apt-get install -y redis-server"},
		"no manager": {"", true, false, "PostgreSQL not found; install it with the system's package manager"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := local.Open(t.Context(), local.Config{
				Dir: newDir(t), Postgres: c.postgres, Redis: c.redis,
				Lookup: func(program string) []string {
					if program == c.has {
						return []string{"/usr/bin/" + program}
					}
					return nil
				},
			})
			var missing *local.MissingError
			if !errors.As(err, &missing) || err.Error() != c.want {
				t.Errorf("Open = %v, want %s", err, c.want)
			}
		})
	}
}

// fake puts a script in Redis's place.
func fake(t *testing.T, script string) local.Lookup {
	t.Helper()
	path := filepath.Join(filepath.Dir(newDir(t)), "redis-server")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil { //nolint:gosec // the servers' user runs it
		t.Fatal(err)
	}
	return func(program string) []string {
		if program == "redis-server" {
			return []string{path}
		}
		return nil
	}
}

func TestServersSeeNothingOfOurEnvironment(t *testing.T) {
	t.Setenv("OKOSHKO_DATA_KEY", "secret-of-ours")
	t.Setenv("PGHOST", "elsewhere.example")
	dir := newDir(t)
	if _, err := local.Open(t.Context(), local.Config{Dir: dir, Redis: true, Lookup: fake(t, "env; exit 1")}); err == nil {
		t.Fatal("Open takes a script for Redis")
	}
	said, err := os.ReadFile(filepath.Join(dir, "log", "redis.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(said), "TZ=UTC") || strings.Contains(string(said), "secret") || strings.Contains(string(said), "PGHOST") {
		t.Errorf("a server's environment is\n%s", said)
	}
}

func TestLogsAreBounded(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	log := filepath.Join(dir, "log", "redis.log")
	if err := os.MkdirAll(filepath.Dir(log), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(log, make([]byte, 11<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, local.Config{Dir: dir, Redis: true})
	shut(t, s)
	now, err := os.Stat(log)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(log + ".1")
	if err != nil || before.Size() != 11<<20 || now.Size() == 0 || now.Size() > 1<<20 {
		t.Errorf("the log has %d bytes, the generation before it %v, %v", now.Size(), before, err)
	}
}

// Somebody empties a log while its server runs: what it says at its death is
// still told.
func TestLastWordsOfAServerWhoseLogWasEmptied(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	flag := filepath.Join(filepath.Dir(dir), "go")
	lookup := fake(t, "seq 5000; until [ -e '"+flag+"' ]; do sleep 0.01; done; echo the last words; exit 1")
	ended := make(chan error, 1)
	go func() {
		_, err := local.Open(t.Context(), local.Config{Dir: dir, Redis: true, Lookup: lookup})
		ended <- err
	}()
	log := filepath.Join(dir, "log", "redis.log")
	if err := eventually(t.Context(), "it has said much", func() bool {
		said, _ := os.ReadFile(log)
		return strings.HasSuffix(string(said), "\n5000\n")
	}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Truncate(log, 0), os.WriteFile(flag, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "the last words") {
			t.Errorf("Open = %v, want the last words", err)
		}
	case <-time.After(patience):
		t.Fatal("Open does not end")
	}
}
