package local_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"okoshko/adapters/local"
)

// serversOf lists the command lines of a data folder's server processes, by
// process ID: of all of them, workers too.
func serversOf(t *testing.T, dir string) map[int]string {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "servers"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := filepath.Glob(filepath.Join(dir, "servers", "run", "redis-*.sock"))
	if err != nil || !info.IsDir() {
		t.Fatal("no servers' folder", err)
	}
	tag := ""
	if len(sockets) > 0 {
		tag = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(sockets[0]), "redis-"), ".sock")
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]string{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		raw, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		line := strings.ReplaceAll(string(raw), "\x00", " ")
		if strings.Contains(line, dir+"/") || tag != "" && strings.Contains(line, tag) {
			found[pid] = line
		}
	}
	return found
}

// noneLeft waits until no process of the data folder lives.
func noneLeft(t *testing.T, dir string) {
	t.Helper()
	if err := eventually(t.Context(), "no process is left", func() bool { return len(serversOf(t, dir)) == 0 }); err != nil {
		t.Errorf("%v: %v", err, serversOf(t, dir))
	}
}

func TestNothingRunsAfterClose(t *testing.T) {
	t.Parallel()
	dir := warmDir(t)
	s := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
	if len(serversOf(t, dir)) < 3 {
		t.Errorf("only %v run", serversOf(t, dir))
	}
	pids := serversOf(t, dir)
	shut(t, s)
	for pid, line := range pids {
		if raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil && len(raw) > 0 {
			t.Errorf("%d lives after Close: %s", pid, line)
		}
	}
}

func TestAKilledServerComesBack(t *testing.T) {
	t.Parallel()
	dir := warmDir(t)
	s := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
	postgresURL, redisURL := s.PostgresURL(), s.RedisURL()
	increment(t, s, "1")
	if _, err := query(postgresURL, "CREATE TABLE kept AS SELECT 7 AS n"); err != nil {
		t.Fatal(err)
	}
	for _, pid := range []func() int{s.PostgresPID, s.RedisPID} {
		killed := pid()
		if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if err := eventually(t.Context(), "it is back", func() bool { return pid() != 0 && pid() != killed }); err != nil {
			t.Fatal(err)
		}
	}
	if s.PostgresURL() != postgresURL || s.RedisURL() != redisURL {
		t.Error("an address has changed")
	}
	increment(t, s, "2")
	if n, err := number(query(postgresURL, "SELECT n FROM kept")); err != nil || n != 7 {
		t.Errorf("n = %d, %v", n, err)
	}
	shut(t, s)
}

func TestAServerThatKeepsDyingIsGivenUp(t *testing.T) {
	t.Parallel()
	s := open(t, local.Config{Dir: newDir(t), Redis: true})
	for last := 0; ; {
		pid := s.RedisPID()
		if pid != 0 && pid != last {
			last = pid
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				t.Fatal(err)
			}
		}
		select {
		case err := <-s.Failed():
			if err == nil || !strings.Contains(err.Error(), "redis died 5 times in a row") {
				t.Errorf("Failed = %v", err)
			}
			shut(t, s)
			return
		case <-t.Context().Done():
			t.Fatal("never given up")
		default:
		}
	}
}

// Locks that a dead server left name a process that is gone, one that nobody
// has reaped, or a stranger who got its number.
func TestStaleLocks(t *testing.T) {
	t.Parallel()
	stranger := exec.Command("sleep", "1000")
	if err := stranger.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	zombie := exec.Command("true")
	if err := zombie.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = zombie.Wait() })
	if err := eventually(t.Context(), "a process is a zombie", func() bool {
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", zombie.Process.Pid))
		return strings.Contains(string(stat), ") Z ")
	}); err != nil {
		t.Fatal(err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	for name, pid := range map[string]int{
		"gone": gone.Process.Pid, "zombie": zombie.Process.Pid, "stranger": stranger.Process.Pid, "ourselves": os.Getpid(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := warmDir(t)
			data, run := cluster(dir), filepath.Join(dir, "servers", "run")
			text := fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n 1 2\nready   \n", pid, data, run)
			for _, path := range []string{
				filepath.Join(data, "postmaster.pid"), filepath.Join(run, ".s.PGSQL.5432.lock"), filepath.Join(run, ".s.PGSQL.5432"),
			} {
				if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), giveLike(path, data)); err != nil {
					t.Fatal(err)
				}
			}
			s := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
			if _, err := query(s.PostgresURL(), "SELECT 1"); err != nil {
				t.Error(err)
			}
			shut(t, s)
		})
	}
}

// giveLike gives a file to the owner of another.
func giveLike(path, like string) error {
	info, err := os.Stat(like)
	if err != nil {
		return err
	}
	stat := info.Sys().(*syscall.Stat_t)
	return os.Lchown(path, int(stat.Uid), int(stat.Gid))
}

// A program that nobody starts again takes its servers with it, and leaves the
// folder to whoever stands in line.
func TestAKilledProgramLeavesNoOrphan(t *testing.T) {
	t.Parallel()
	dir := warmDir(t)
	p := startProgram(t, dir, sight{})
	if err := eventually(t.Context(), "it is ready", func() bool { return p.seen().postgres != 0 }); err != nil {
		t.Fatal(err, p.words())
	}
	p.kill()
	noneLeft(t, dir)
}

func TestAStandbyTakesOverFromAKilledProgram(t *testing.T) {
	t.Parallel()
	dir := warmDir(t)
	p := startProgram(t, dir, sight{})
	if err := eventually(t.Context(), "it is ready", func() bool { return p.seen().redis != 0 }); err != nil {
		t.Fatal(err, p.words())
	}
	s := open(t, local.Config{Dir: dir, Postgres: true, Redis: true})
	p.kill()
	if err := eventually(t.Context(), "the standby has servers", func() bool {
		return s.PostgresPID() != 0 && s.RedisPID() != 0
	}); err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	noneLeft(t, dir)
}

// A careful root has umask 077, which must not close the servers' folder to
// their user.
func TestClosedUmask(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	p := startProgram(t, dir, sight{}, programUmask+"=077", programServers+"=redis")
	if err := eventually(t.Context(), "it is ready", func() bool { return p.seen().redis != 0 }); err != nil {
		t.Fatal(err, p.words())
	}
	p.stop(t)
	if info, err := os.Lstat(filepath.Join(dir, "servers")); err != nil || !info.IsDir() {
		t.Errorf("the servers' folder is %v, %v, want a folder in its place", info, err)
	}
}

// Two folders whose paths end alike do not touch each other's servers.
func TestFoldersThatEndAlikeAreApart(t *testing.T) {
	t.Parallel()
	short := newDir(t)
	long := filepath.Join(filepath.Dir(newDir(t)), short)
	if err := os.MkdirAll(filepath.Dir(long), 0o755); err != nil { //nolint:gosec // the servers' user passes it
		t.Fatal(err)
	}
	s := open(t, local.Config{Dir: long, Redis: true})
	if !strings.HasPrefix(strings.TrimPrefix(s.RedisURL(), "unix://"), long) {
		t.Fatalf("the socket is not in the folder: %s", s.RedisURL())
	}
	pid := s.RedisPID()
	shut(t, open(t, local.Config{Dir: short, Redis: true}))
	if err := syscall.Kill(pid, 0); err != nil || s.RedisPID() != pid {
		t.Errorf("the other folder's Redis was %d and is %d, %v", pid, s.RedisPID(), err)
	}
	shut(t, s)
}
