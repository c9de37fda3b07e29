package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"okoshko/adapters/files"
	"okoshko/adapters/postgres"
	"okoshko/adapters/redis"
	"okoshko/core/privacy"
)

// shim is the library that makes a server's disk slow, compiled once.
var shim = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "okoshko-shim")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "slowfsync.so")
	out, err := exec.Command("cc", "-shared", "-fPIC", "-O2", "-Wall", "-o", path, "testdata/slowfsync.c", "-ldl").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: "cc: " + string(out), Err: err}
	}
	return path, nil
})

// mortalRedis is a Redis that can be killed and comes back only when told.
type mortalRedis struct {
	t     testing.TB
	dir   string
	fsync string        // appendfsync
	slow  time.Duration // how long a flush to the disk lasts at least
	cmd   *exec.Cmd
}

// startRedis runs a Redis of its own for one test.
func startRedis(t testing.TB, fsync string, slow time.Duration) *mortalRedis {
	t.Helper()
	dir, err := os.MkdirTemp("", "okoshko-redis") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	r := &mortalRedis{t: t, dir: dir, fsync: fsync, slow: slow}
	t.Cleanup(func() {
		r.kill()
		_ = os.RemoveAll(dir)
	})
	r.start()
	return r
}

func (r *mortalRedis) url() string { return "unix://" + filepath.Join(r.dir, "s") }

func (r *mortalRedis) config() redis.Config {
	return redis.Config{Kind: redis.Single, Network: "unix", Addrs: []string{filepath.Join(r.dir, "s")}, Lazy: true}
}

// start runs the server and returns when it has read its data.
func (r *mortalRedis) start() {
	r.t.Helper()
	r.cmd = exec.Command("redis-server", "--port", "0", "--unixsocket", filepath.Join(r.dir, "s"), "--dir", r.dir,
		"--save", "", "--appendonly", "yes", "--appendfsync", r.fsync, "--maxmemory-policy", "noeviction",
		"--logfile", filepath.Join(r.dir, "log"))
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if r.slow > 0 {
		library, err := shim()
		if err != nil {
			r.t.Fatal(err)
		}
		r.cmd.Env = append(os.Environ(), "LD_PRELOAD="+library, "SLOW_FSYNC_US="+strconv.FormatInt(r.slow.Microseconds(), 10))
	}
	if err := begin(r.cmd); err != nil {
		r.t.Fatal(err)
	}
	store, err := redis.Open(r.t.Context(), r.config())
	if err != nil {
		r.t.Fatal(err)
	}
	defer store.Close()
	for deadline := time.Now().Add(startLimit); store.Ping(r.t.Context()) != nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(filepath.Join(r.dir, "log"))
			r.t.Fatalf("redis does not start:\n%s", said)
		}
	}
}

func (r *mortalRedis) kill() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// mortalPostgres is a PostgreSQL that can be stopped, frozen and started again.
type mortalPostgres struct {
	t        testing.TB
	dir, bin string
	attr     *syscall.SysProcAttr
	cmd      *exec.Cmd
}

// startPostgres runs a PostgreSQL of its own for one test, as durable as one
// for production.
func startPostgres(t testing.TB) *mortalPostgres {
	t.Helper()
	dir, err := os.MkdirTemp("", "okoshko-postgres")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &mortalPostgres{t: t, dir: dir, attr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}}
	path, err := exec.LookPath("initdb")
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(found) == 0 {
			t.Fatal("PostgreSQL is not installed: no initdb")
		}
		path = found[len(found)-1]
	}
	p.bin = filepath.Dir(path)
	if os.Getuid() == 0 { // it refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		p.attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	initdb := exec.Command(path, "-D", filepath.Join(dir, "data"), "-U", "okoshko", "--auth=trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = dir, p.attr
	if out, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, bytes.TrimSpace(out))
	}
	t.Cleanup(p.stop)
	p.start()
	return p
}

func (p *mortalPostgres) url() string {
	return (&url.URL{
		Scheme: "postgres", User: url.User("okoshko"), Path: "/postgres",
		RawQuery: url.Values{"host": {p.dir}}.Encode(),
	}).String()
}

// start runs the server and returns when it takes queries.
func (p *mortalPostgres) start() {
	p.t.Helper()
	p.cmd = exec.Command(filepath.Join(p.bin, "postgres"), "-D", filepath.Join(p.dir, "data"), "-k", p.dir,
		"-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=64MB")
	p.cmd.Dir, p.cmd.SysProcAttr = p.dir, p.attr
	if err := begin(p.cmd); err != nil {
		p.t.Fatal(err)
	}
	for deadline := time.Now().Add(startLimit); ; time.Sleep(10 * time.Millisecond) {
		db, err := postgres.Open(p.t.Context(), postgres.Config{URL: privacy.NewURL(p.url()), MaxConns: 4})
		if err == nil {
			err = db.Ping(p.t.Context())
			db.Close()
		}
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("postgres does not start: %v", err)
		}
	}
}

// stop ends the server as a crash would: connections break, the next start
// recovers from the log.
func (p *mortalPostgres) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGQUIT)
	_ = p.cmd.Wait()
}

// freeze stops or continues every process of the server: connections stay open
// and nobody answers.
func (p *mortalPostgres) freeze(on bool) {
	signal := syscall.SIGCONT
	if on {
		signal = syscall.SIGSTOP
	}
	parent := strconv.Itoa(p.cmd.Process.Pid)
	_ = p.cmd.Process.Signal(signal) // first, so that it starts no others
	entries, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range entries {
		raw, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil && len(fields) > 1 && fields[1] == parent {
			_ = syscall.Kill(pid, signal)
		}
	}
}

// openBooks connects to the stores for looking into them afterwards.
func openBooks(ctx context.Context, t testing.TB, postgresURL string, live redis.Config) (*postgres.DB, *redis.Store) {
	t.Helper()
	ring, err := files.NewRing(files.Key{ID: "k1", Key: processKey})
	if err != nil {
		t.Fatal(err)
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: privacy.NewURL(postgresURL), MaxConns: 4, Zone: time.UTC, Sealer: ring})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	store, err := redis.Open(ctx, live)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return db, store
}
