package local_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"okoshko/adapters/local"
)

// The environment of the program below.
const (
	programDir     = "OKOSHKO_TEST_PROGRAM_DIR"
	programUmask   = "OKOSHKO_TEST_PROGRAM_UMASK"
	programServers = "OKOSHKO_TEST_PROGRAM_SERVERS"
)

// program serves on a data folder and counts, in a row and in a key, printing
// each number when its server has acknowledged it. SIGTERM ends it.
func program(dir string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if mask, err := strconv.ParseInt(os.Getenv(programUmask), 8, 0); err == nil {
		syscall.Umask(int(mask))
	}
	both := os.Getenv(programServers) == ""
	s, err := local.Open(ctx, local.Config{Dir: dir, Postgres: both, Redis: true, Serve: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	go func() {
		for ctx.Err() == nil {
			fmt.Printf("pids %d %d\n", s.PostgresPID(), s.RedisPID())
			time.Sleep(2 * time.Millisecond)
		}
	}()
	var counting sync.WaitGroup
	if both {
		counting.Go(func() {
			for ctx.Err() == nil {
				if n, err := number(query(s.PostgresURL(), countRow)); err == nil {
					fmt.Printf("row %d\n", n)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	counting.Go(func() {
		for ctx.Err() == nil {
			if n, err := command(s.RedisURL(), "INCR counter"); err == nil {
				fmt.Printf("incr %s\n", n)
			}
			time.Sleep(time.Millisecond) // the tests beside it need the processors, too
		}
	})
	select {
	case <-ctx.Done():
	case err := <-s.Failed():
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	counting.Wait()
	if err := s.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

const (
	makeRow  = "CREATE TABLE counter AS SELECT 0 AS n"
	countRow = "UPDATE counter SET n = n + 1 RETURNING n"
)

// sight is what the program has said so far.
type sight struct {
	row, incr       int // the last numbers acknowledged
	postgres, redis int // process IDs, 0 while not ready
	backwards       string
}

// running is a program that has been started.
type running struct {
	cmd    *exec.Cmd
	mu     sync.Mutex
	now    sight
	errors strings.Builder
	read   chan struct{} // closed when it has said all
}

// startProgram starts the program, which is to go on from what another has
// acknowledged.
func startProgram(t *testing.T, dir string, since sight, environment ...string) *running {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &running{cmd: exec.Command(self), now: sight{row: since.row, incr: since.incr}, read: make(chan struct{})}
	p.cmd.Env = append(append(os.Environ(), programDir+"="+dir), environment...)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout = in
	p.cmd.Stderr = &p.errors
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	go p.listen(out)
	t.Cleanup(func() {
		p.kill()
		_ = out.Close()
	})
	return p
}

func (p *running) listen(out io.Reader) {
	defer close(p.read)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return // half a line was not acknowledged
		}
		p.mu.Lock()
		var a, b int
		switch {
		case scan(line, "pids %d %d\n", &a, &b):
			p.now.postgres, p.now.redis = a, b
		case scan(line, "row %d\n", &a):
			p.now.advance(&p.now.row, a, "row")
		case scan(line, "incr %d\n", &a):
			p.now.advance(&p.now.incr, a, "INCR")
		}
		p.mu.Unlock()
	}
}

func scan(line, format string, to ...any) bool {
	n, err := fmt.Sscanf(line, format, to...)
	return err == nil && n == len(to)
}

func (s *sight) advance(last *int, n int, what string) {
	if n <= *last {
		s.backwards = fmt.Sprintf("%s %d after %d", what, n, *last)
	}
	*last = n
}

func (p *running) seen() sight {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// words is what the program complained of; to be asked when it has ended.
func (p *running) words() string {
	p.kill()
	return p.errors.String()
}

// kill kills the program and returns when all that it said has been read.
func (p *running) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	<-p.read
}

// stop asks the program to end and wants it to do so well.
func (p *running) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the program ended with %v: %s", err, p.errors.String())
	}
	<-p.read
}
