package redistest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	client "github.com/redis/go-redis/v9"

	"okoshko/adapters/redis"
	"okoshko/adapters/testdir"
)

// minder keeps a server running for as long as somebody holds the other end of
// its standard input, then ends it and removes everything: a test binary that
// is killed leaves nothing behind either, not even a server that never came up and
// wrote no redis.pid.
const minder = `
dir=$1; shift
{
	while [ ! -e "$dir/over" ]; do
		"$@" </dev/null >>"$dir/log" 2>&1 &
		echo $! >"$dir/child"; wait $!; sleep 0.02
	done
	: >"$dir/ended"
} &
cat >/dev/null
: >"$dir/over"
until [ -e "$dir/ended" ]; do kill -KILL "$(cat "$dir/child")" 2>/dev/null; sleep 0.02; done
rm -rf "$dir"
`

// process is a server and its minder.
type process struct {
	dir   string
	leash io.Closer // held by the process for its whole life: see minder
	run   *exec.Cmd
}

// running keeps the leashes reachable, or the collector would close them under
// the tests.
var running []*process

// start returns a server that answers, on a socket in a private folder.
func start(options ...string) (*process, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, fmt.Errorf("find redis-server: %w", err)
	}
	dir, err := testdir.New("redistest")
	if err != nil {
		return nil, err
	}
	p := &process{dir: dir}
	args := []string{
		"-c", minder, "sh", dir, program,
		"--port", "0", "--unixsocket", p.socket(), "--dir", dir, "--pidfile", filepath.Join(dir, "redis.pid"),
		"--daemonize", "no", "--save", "", "--appendonly", "yes", "--appendfsync", "always",
		"--maxmemory-policy", "noeviction",
	}
	p.run = exec.Command("/bin/sh", append(args, options...)...)
	p.run.Dir = "/"
	p.run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the tests
	if p.leash, err = p.run.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.run.Start(); err != nil {
		return nil, fmt.Errorf("start redis: %w", err)
	}
	return p, p.await("") // p is returned with an error, too, to be stopped
}

func (p *process) socket() string { return filepath.Join(p.dir, "s") }

func (p *process) config() redis.Config {
	return redis.Config{Kind: redis.Single, Network: "unix", Addrs: []string{p.socket()}}
}

// await returns when a server answers whose run is another than before.
func (p *process) await(before string) error {
	deadline := time.Now().Add(20 * time.Second)
	for {
		run, _, err := p.identity()
		if err == nil && run != before {
			return nil
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(filepath.Join(p.dir, "log"))
			return fmt.Errorf("wait for redis: %w: %s", err, bytes.TrimSpace(said))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// identity returns the run and the process ID of the server.
func (p *process) identity() (run string, pid int, err error) {
	conn := client.NewClient(&client.Options{Network: "unix", Addr: p.socket(), MaxRetries: -1})
	defer conn.Close()
	text, err := conn.Info(context.Background(), "server").Result()
	if err != nil {
		return "", 0, err
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if id, ok := strings.CutPrefix(line, "run_id:"); ok {
			run = id
		}
		if n, ok := strings.CutPrefix(line, "process_id:"); ok {
			pid, err = strconv.Atoi(n)
		}
	}
	if err == nil && conn.Ping(context.Background()).Err() != nil {
		err = fmt.Errorf("redis is loading")
	}
	return run, pid, err
}

func (p *process) kill() error {
	run, pid, err := p.identity()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	return p.await(run)
}

func (p *process) stop() {
	_ = p.leash.Close()
	_ = p.run.Wait() // the server was killed: its end is no news
}
