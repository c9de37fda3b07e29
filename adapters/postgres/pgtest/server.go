package pgtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"okoshko/adapters/testdir"
)

// minder runs the server for as long as somebody holds the other end of its
// standard input, then stops it at once and removes everything: a test binary
// that is killed leaves nothing behind either.
const minder = `
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync="$3" -c full_page_writes="$3" \
    -c max_connections=300 -c shared_buffers=64MB -c autovacuum_naptime=10s >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$2"
`

// leash is the end of the pipe that the minder reads from. It must stay
// reachable, or the collector would close it under the running tests.
//
//lint:ignore U1000 to hold it is its use
var leash io.Closer

// startServer returns the address of a fresh server, on a socket in a private
// folder. OKOSHKO_TEST_POSTGRES_URL names a server to use instead; its user must be
// allowed to create databases. OKOSHKO_TEST_FSYNC=on makes the private server as
// durable, and as slow, as one for production, and puts it on the disk.
func startServer() (string, error) {
	if given := os.Getenv("OKOSHKO_TEST_POSTGRES_URL"); given != "" {
		return given, nil
	}
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	dir, err := testdir.New("pgtest")
	if err != nil {
		return "", err
	}
	attr, err := owner(dir)
	if err != nil {
		return "", err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"),
		"-U", "okoshko", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = dir, attr
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	fsync := "off"
	if os.Getenv("OKOSHKO_TEST_FSYNC") == "on" {
		fsync = "on"
	}
	run := exec.Command("/bin/sh", "-c", minder, "sh", filepath.Join(bin, "postgres"), dir, fsync)
	run.Dir, run.SysProcAttr = "/", attr
	if leash, err = run.StdinPipe(); err != nil {
		return "", err
	}
	if err := run.Start(); err != nil {
		return "", fmt.Errorf("start postgres: %w", err)
	}
	base := (&url.URL{
		Scheme: "postgres", User: url.User("okoshko"), Path: "/postgres",
		RawQuery: url.Values{"host": {dir}}.Encode(),
	}).String()
	return base, await(base, filepath.Join(dir, "log"))
}

// owner gives the folder to whom the server will run as: it refuses to run as
// root.
func owner(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attr, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 != nil || err2 != nil {
			continue
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attr, os.Chown(dir, int(uid), int(gid))
	}
	return nil, fmt.Errorf("no user to run postgres as")
}

func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(real), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", fmt.Errorf("PostgreSQL is not installed: no initdb")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

func await(base, log string) error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		conn, err := pgx.Connect(ctx, base)
		if err == nil {
			_ = conn.Close(ctx)
			cancel()
			return nil
		}
		cancel()
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(log)
			return fmt.Errorf("wait for postgres: %w: %s", err, bytes.TrimSpace(said))
		}
		time.Sleep(10 * time.Millisecond)
	}
}
