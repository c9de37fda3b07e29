package local_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"okoshko/adapters/local"
)

// TestMain is the program of the tests that need one that can be killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(programDir); dir != "" {
		os.Exit(program(dir))
	}
	code := m.Run()
	if made, err := template(); err == nil {
		_ = os.RemoveAll(filepath.Dir(made))
	}
	os.Exit(code)
}

// template is a data folder whose servers have run once: tests that begin with
// a warm start copy it and save an initdb each.
var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "okoshko-test-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "var")
	s, err := local.Open(context.Background(), local.Config{Dir: dir, Postgres: true, Redis: true})
	if err != nil {
		return "", err
	}
	return dir, s.Close()
})

// newDir is the name of a data folder that does not exist. Its path is short, as
// those of sockets have to be, and may be passed by the servers' user of root:
// the testing package's own folders are neither.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "okoshko-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // see above
		t.Fatal(err)
	}
	return filepath.Join(dir, "var")
}

// warmDir is a data folder with an empty cluster and an empty Redis.
func warmDir(t *testing.T) string {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := newDir(t)
	if out, err := exec.Command("cp", "-a", from, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

func open(t *testing.T, c local.Config) *local.Servers {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	s, err := local.Open(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // for tests that fail before they close
	return s
}

func shut(t *testing.T, s *local.Servers) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close = %v", err)
	}
}

func increment(t *testing.T, s *local.Servers, want string) {
	t.Helper()
	if got, err := command(s.RedisURL(), "INCR counter"); err != nil || got != want {
		t.Fatalf("INCR = %q, %v, want %s", got, err, want)
	}
}

func TestFirstStartWarmStartAndASecondOpener(t *testing.T) {
	t.Parallel()
	// A name that hurts wherever one forgets to quote.
	dir := filepath.Join(newDir(t), `a b,c[*]"é`)
	s := open(t, local.Config{Dir: dir, Postgres: true, Redis: true, Serve: true})
	got, err := query(s.PostgresURL(), "SELECT lower('ПРИВЕТ') || current_setting('listen_addresses') || current_setting('timezone')")
	if err != nil || len(got) != 1 || got[0] != "приветUTC" {
		t.Errorf("query = %q, %v, want what C.UTF-8 makes of Russian, no address, UTC", got, err)
	}
	increment(t, s, "1")

	other := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
	if other.PostgresURL() != s.PostgresURL() || other.RedisURL() != s.RedisURL() {
		t.Error("a second opener has other servers")
	}
	if other.PostgresPID() != 0 || other.RedisPID() != 0 || s.PostgresPID() == 0 || s.RedisPID() == 0 {
		t.Error("a second opener started servers of its own")
	}
	increment(t, other, "2")
	if _, err := local.Open(t.Context(), local.Config{Dir: dir, Serve: true}); !errors.Is(err, local.ErrAlreadyServing) {
		t.Errorf("a second Serve = %v, want ErrAlreadyServing", err)
	}
	shut(t, other)
	shut(t, s)
	shut(t, s)
	if err := <-s.Failed(); err != nil {
		t.Errorf("Failed = %v after Close", err)
	}

	s = open(t, local.Config{Dir: dir, Postgres: true, Redis: true, Serve: true})
	increment(t, s, "3")
	shut(t, s)
}

func TestOwnerLeavesServersToTheNextInLine(t *testing.T) {
	t.Parallel()
	dir := warmDir(t)
	owner := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
	increment(t, owner, "1")
	next := open(t, local.Config{Dir: dir, Postgres: true, Redis: true, Serve: true})
	shut(t, owner)
	if err := eventually(t.Context(), "the next in line has servers", func() bool {
		return next.PostgresPID() != 0 && next.RedisPID() != 0
	}); err != nil {
		t.Fatal(err)
	}
	if next.RedisURL() != owner.RedisURL() || next.PostgresURL() != owner.PostgresURL() {
		t.Error("the addresses have changed")
	}
	increment(t, next, "2")
	if _, err := query(next.PostgresURL(), "SELECT 1"); err != nil {
		t.Error(err)
	}
	shut(t, next)
}

func TestWithoutServersOnlyThePlaceIsKept(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	s := open(t, local.Config{Dir: dir, Serve: true})
	if s.PostgresURL() != "" || s.RedisURL() != "" || s.PostgresPID() != 0 || s.RedisPID() != 0 {
		t.Error("servers that were not wanted have addresses")
	}
	if _, err := local.Open(t.Context(), local.Config{Dir: dir, Serve: true}); !errors.Is(err, local.ErrAlreadyServing) {
		t.Errorf("a second Serve = %v, want ErrAlreadyServing", err)
	}
	shut(t, s)
	shut(t, open(t, local.Config{Dir: dir, Serve: true}))
}

func TestAbandonedFirstStartLeavesNothingInTheWay(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := local.Open(ctx, local.Config{Dir: dir, Postgres: true})
		ended <- err
	}()
	// While initdb is at work.
	if err := eventually(t.Context(), "a cluster is being made", func() bool {
		halves, _ := filepath.Glob(filepath.Join(dir, "servers", "pg-*.new-*", "base"))
		return len(halves) > 0
	}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Open = %v, want the context's error", err)
	}
	// What a kill would have left.
	if err := os.MkdirAll(filepath.Join(dir, "servers", "pg-15.new-1", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, local.Config{Dir: dir, Postgres: true})
	if _, err := query(s.PostgresURL(), "SELECT 1"); err != nil {
		t.Error(err)
	}
	shut(t, s)
}

func TestPathTooLongForASocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), strings.Repeat("long/", 20), "var")
	s := open(t, local.Config{Dir: dir, Redis: true})
	link := filepath.Join(dir, "servers", "run")
	sockets, err := filepath.EvalSymlinks(link)
	if err != nil || sockets == link {
		t.Fatalf("the sockets lie in %q, %v, want a short folder elsewhere", sockets, err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(sockets) })
	increment(t, s, "1")
	other := open(t, local.Config{Dir: dir, Redis: true})
	increment(t, other, "2")
	shut(t, other)
	shut(t, s)

	// The system cleans its temporary folder.
	if err := os.RemoveAll(sockets); err != nil {
		t.Fatal(err)
	}
	s = open(t, local.Config{Dir: dir, Redis: true})
	again, err := filepath.EvalSymlinks(link)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(again) })
	increment(t, s, "3")
	shut(t, s)
}

func TestFolderBelowRootsClosedHome(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root's servers run as another user")
	}
	home := filepath.Dir(newDir(t))
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(home, "var")
	s := open(t, local.Config{Dir: dir, Redis: true})
	link := filepath.Join(dir, "servers")
	target, err := filepath.EvalSymlinks(link)
	if err != nil || !strings.HasPrefix(target, "/var/lib/okoshko-") {
		t.Fatalf("the servers' folder is %q, %v, want one in /var/lib", target, err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(target) })
	increment(t, s, "1")
	shut(t, s)
	s = open(t, local.Config{Dir: dir, Redis: true})
	increment(t, s, "2")
	shut(t, s)

	if err := os.RemoveAll(target); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Open(t.Context(), local.Config{Dir: dir, Redis: true}); err == nil {
		t.Error("Open began with nothing although the folder that it had is gone")
	}
}
