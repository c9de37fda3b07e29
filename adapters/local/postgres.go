package local

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	clusterPrefix = "pg-"
	// role and database of the cluster; the role may do everything in it.
	pgName = "okoshko"
)

// postgres is the private PostgreSQL: how it is made, started, asked, stopped.
type postgres struct {
	folders
	installation
	spawn spawner
}

func (p *postgres) name() string { return "postgres" }

func (p *postgres) data() string {
	return filepath.Join(p.servers, clusterPrefix+strconv.Itoa(p.major))
}

func (p *postgres) url() string {
	q := url.Values{
		"host": {p.sockets}, "port": {"5432"}, "user": {pgName},
		"sslmode": {"disable"}, // said, so that PGSSLMODE of the user's shell does not matter
	}
	return "postgres:///" + pgName + "?" + q.Encode()
}

// cluster is the cluster_name, which PostgreSQL writes into the title of each of
// its processes.
func (p *postgres) cluster() string { return "okoshko-" + p.tag }

func (p *postgres) matches(line string) bool {
	if strings.HasPrefix(line, "postgres: "+p.cluster()+": ") {
		return true
	}
	return program(line) == "postgres" && strings.Contains(line, "cluster_name="+p.cluster()+" ")
}

// stopping: fast shutdown, which waits for no client; then immediate, which
// costs a recovery at the next start.
func (p *postgres) stopping() []order {
	return []order{{syscall.SIGINT, 15 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 2 * time.Second}}
}

// prepare makes the cluster if there is none: under another name first, so
// that a kill leaves no half of one behind.
func (p *postgres) prepare(ctx context.Context) error {
	version, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if err == nil {
		// Said here, for the server keeps the details of its errors to itself.
		if made := strings.TrimSpace(string(version)); made != strconv.Itoa(p.major) {
			return fmt.Errorf("%s holds data of PostgreSQL %s", p.data(), made)
		}
		return p.openOwn(p.data())
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("find cluster: %w", err)
	}
	unfinished := filepath.Base(p.data()) + ".new-"
	if err := removeBeginning(p.servers, unfinished); err != nil {
		return fmt.Errorf("remove an unfinished cluster: %w", err)
	}
	made, err := os.MkdirTemp(p.servers, unfinished)
	if err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	defer os.RemoveAll(made) // nothing is left under this name after success
	if err := p.openOwn(made); err != nil {
		return err
	}
	initdb := exec.CommandContext(ctx, filepath.Join(p.bin, "initdb"), "-D", made,
		"-U", pgName, "--auth=trust", "-E", "UTF8", "--locale="+locale)
	if err := p.finish(initdb, "initdb"); err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	single := exec.CommandContext(ctx, filepath.Join(p.bin, "postgres"), "--single", "-j", "-D", made, "postgres")
	single.Stdin = strings.NewReader("CREATE DATABASE " + pgName + "\n;\n\n")
	if err := p.finish(single, "create database"); err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	if err := os.Rename(made, p.data()); err != nil {
		return fmt.Errorf("make cluster: %w", err)
	}
	return syncFolder(p.servers)
}

// finish runs a program to its end.
func (p *postgres) finish(cmd *exec.Cmd, what string) error {
	c, err := startChild(p.spawn, cmd, p.user, p.logFile(), syscall.SIGKILL)
	if err != nil {
		return err
	}
	<-c.gone
	if c.err != nil {
		return fmt.Errorf("%s: %w", what, c.death())
	}
	return nil
}

// removeBeginning removes the entries of a folder whose names begin so. (A
// pattern would not do: the folder's own name may hold its signs.)
func removeBeginning(folder, prefix string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) {
			if err := os.RemoveAll(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// syncFolder makes a rename in a folder outlast a power cut.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

func (p *postgres) logFile() string { return filepath.Join(p.logs, "postgres.log") }

// start removes the locks that a dead server left (nothing of it runs any
// more: the keeper has seen to that; PostgreSQL itself would take a zombie, or a
// stranger with the same process ID, for a living server) and starts it.
// What may be personal (statements, values, the key of a duplicate) stays out
// of its log.
func (p *postgres) start() (*child, error) {
	err := removeBeginning(p.sockets, ".s.PGSQL.")
	if err = cmp.Or(err, os.RemoveAll(filepath.Join(p.data(), "postmaster.pid"))); err != nil {
		return nil, fmt.Errorf("remove stale lock: %w", err)
	}
	args := []string{"-D", p.data()}
	for _, setting := range []string{
		"cluster_name=" + p.cluster(),
		"listen_addresses=",
		"port=5432",
		"unix_socket_directories=" + quoteList(p.sockets),
		"unix_socket_permissions=0700",
		"max_connections=200",
		"fsync=on",
		"synchronous_commit=on",
		"full_page_writes=on",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_error_verbosity=terse",
		"log_min_error_statement=panic",
		"log_parameter_max_length_on_error=0",
	} {
		args = append(args, "-c", setting)
	}
	return startChild(p.spawn, exec.Command(filepath.Join(p.bin, "postgres"), args...), p.user, p.logFile(), syscall.SIGINT)
}

// quoteList writes one folder as PostgreSQL's list of folders, which splits at
// commas.
func quoteList(path string) string { return `"` + strings.ReplaceAll(path, `"`, `""`) + `"` }

// probe opens a session (PostgreSQL protocol 3.0, "Start-up": the server sends
// ReadyForQuery when it would take a query) and returns the process ID in
// postmaster.pid: who answers here.
func (p *postgres) probe(ctx context.Context) (int, error) {
	conn, err := dial(ctx, filepath.Join(p.sockets, ".s.PGSQL.5432"))
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if _, err := conn.Write(startupMessage(pgName, pgName)); err != nil {
		return 0, err
	}
	if err := readyForQuery(bufio.NewReader(conn)); err != nil {
		return 0, err
	}
	if _, err := conn.Write([]byte{'X', 0, 0, 0, 4}); err != nil {
		return 0, err
	}
	text, err := os.ReadFile(filepath.Join(p.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(strings.TrimSpace(first))
}

func startupMessage(user, database string) []byte {
	const protocol = 3 << 16
	m := binary.BigEndian.AppendUint32(make([]byte, 4), protocol)
	m = append(m, "user\x00"+user+"\x00database\x00"+database+"\x00\x00"...)
	binary.BigEndian.PutUint32(m, uint32(len(m)))
	return m
}

// readyForQuery reads messages until the server is ready, or says why not.
func readyForQuery(r io.Reader) error {
	const longest = 1 << 16
	for {
		var head [5]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		size := binary.BigEndian.Uint32(head[1:])
		if size < 4 || size > longest {
			return errors.New("what answers is not PostgreSQL")
		}
		body := make([]byte, size-4)
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		switch head[0] {
		case 'Z':
			return nil
		case 'E':
			for field := range strings.SplitSeq(string(body), "\x00") {
				if text, ok := strings.CutPrefix(field, "M"); ok {
					return errors.New(text)
				}
			}
			return errors.New("PostgreSQL refuses the connection")
		}
	}
}

// dial connects to a unix socket; the answer has to come within two seconds.
func dial(ctx context.Context, path string) (net.Conn, error) {
	limit := time.Now().Add(2 * time.Second)
	d := net.Dialer{Deadline: limit}
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(limit); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}
