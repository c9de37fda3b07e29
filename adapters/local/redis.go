package local

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// redis is the private Redis: how it is made, started, asked, stopped.
type redis struct {
	folders
	path  string // of redis-server
	fsync string
	spawn spawner
}

func (r *redis) name() string { return "redis" }

func (r *redis) data() string { return filepath.Join(r.servers, "redis") }

func (r *redis) socket() string { return filepath.Join(r.sockets, "redis-"+r.tag+".sock") }

func (r *redis) url() string {
	u := url.URL{Scheme: "unix", Path: r.socket(), RawQuery: "db=0"}
	return u.String()
}

// matches: the title that Redis and its forks give themselves names the socket
// (redis.conf, proc-title-template), and so do the arguments before that.
func (r *redis) matches(line string) bool {
	name := program(line)
	ours := strings.HasPrefix(name, "redis-") || strings.HasPrefix(name, "valkey-")
	return ours && strings.Contains(line, "/redis-"+r.tag+".sock") && !strings.Contains(name, "-cli")
}

// stopping: SIGTERM writes the rest of the append-only file.
func (r *redis) stopping() []order {
	return []order{{syscall.SIGTERM, 15 * time.Second}, {syscall.SIGKILL, 2 * time.Second}}
}

func (r *redis) prepare(context.Context) error { return r.openOwn(r.data()) }

func (r *redis) logFile() string { return filepath.Join(r.logs, "redis.log") }

// start removes what a rewrite of the file left that was killed; a stale socket
// Redis removes itself, and it keeps no lock. Nothing is ever evicted, and with appendfsync always no acknowledged
// write is lost, not even by a power cut (design: the turn); a tail cut short by
// a kill was never acknowledged and is dropped.
func (r *redis) start() (*child, error) {
	if err := removeBeginning(r.data(), "temp-"); err != nil {
		return nil, fmt.Errorf("remove an unfinished rewrite: %w", err)
	}
	cmd := exec.Command(r.path,
		"--port", "0",
		"--unixsocket", r.socket(),
		"--unixsocketperm", "700",
		"--dir", r.data(),
		"--daemonize", "no",
		"--logfile", "",
		"--save", "",
		"--appendonly", "yes",
		"--appendfsync", r.fsync,
		"--no-appendfsync-on-rewrite", "no",
		"--aof-load-truncated", "yes",
		"--maxmemory-policy", "noeviction",
	)
	return startChild(r.spawn, cmd, r.user, r.logFile(), syscall.SIGTERM)
}

// probe sends PING, which is refused while the file is being loaded, and reads
// the process ID of who answers.
func (r *redis) probe(ctx context.Context) (int, error) {
	conn, err := dial(ctx, r.socket())
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("PING\r\nINFO server\r\nQUIT\r\n")); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(conn)
	for first := true; lines.Scan(); first = false {
		line := lines.Text()
		if first && line != "+PONG" {
			return 0, fmt.Errorf("redis says: %s", line)
		}
		if pid, ok := strings.CutPrefix(line, "process_id:"); ok {
			return strconv.Atoi(pid)
		}
	}
	if err := lines.Err(); err != nil {
		return 0, err
	}
	return 0, errors.New("redis closed the connection")
}
