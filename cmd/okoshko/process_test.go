package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the program, compiled once for all tests of this binary.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "okoshko-built")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "okoshko")
	out, err := exec.Command("go", "build", "-trimpath", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

// parent starts processes that end with us. The kernel counts the end of the
// thread that started a process as its parent's death (prctl(2),
// PR_SET_PDEATHSIG), so one thread starts them all and never ends.
var parent = sync.OnceValue(func() chan<- func() {
	orders := make(chan func())
	go func() {
		runtime.LockOSThread()
		for order := range orders {
			order()
		}
	}()
	return orders
})

// begin starts a process that ends with this one.
func begin(cmd *exec.Cmd) error {
	failed := make(chan error)
	parent() <- func() { failed <- cmd.Start() }
	return <-failed
}

// process is the program, run as an operator runs it: one replica.
type process struct {
	t       testing.TB
	program string
	env     []string
	port    int    // of customers
	admin   int    // of operators
	dir     string // of its data
	cmd     *exec.Cmd
	log     *logFile
}

// processKey seals what replicas keep.
var processKey = bytes.Repeat([]byte{7}, 32)

// newProcess prepares a replica on the stores and the Telegram that env names;
// it is not started yet.
func newProcess(t testing.TB, env ...string) *process {
	t.Helper()
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, program: program, port: freePort(t), admin: freePort(t), dir: t.TempDir(), log: &logFile{}}
	p.env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
		"OKOSHKO_HTTP_LISTEN=127.0.0.1:" + strconv.Itoa(p.port),
		"OKOSHKO_ADMIN_LISTEN=127.0.0.1:" + strconv.Itoa(p.admin),
		"OKOSHKO_DATA_DIR=" + p.dir,
		"OKOSHKO_DATA_KEY=k1:" + base64.StdEncoding.EncodeToString(processKey),
	}, env...)
	t.Cleanup(func() { p.kill() })
	return p
}

// webhook is the address at which this replica takes updates.
func (p *process) webhook() string {
	return "http://127.0.0.1:" + strconv.Itoa(p.port) + "/telegram/webhook"
}

// start runs the replica and returns when it answers.
func (p *process) start() {
	p.t.Helper()
	p.launch()
	p.await()
}

// launch runs the replica without waiting for it.
func (p *process) launch() {
	p.t.Helper()
	p.cmd = exec.Command(p.program, "serve", "--demo")
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.env, p.log, p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := begin(p.cmd); err != nil {
		p.t.Fatal(err)
	}
}

// startLimit is how long a replica may take until it can take turns.
const startLimit = 30 * time.Second

// await returns when the replica can take turns.
func (p *process) await() {
	p.t.Helper()
	for deadline := time.Now().Add(startLimit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if status, _ := p.get(p.port, "/readyz"); status == http.StatusOK {
			return
		}
	}
	p.t.Fatalf("the program does not become ready:\n%s", p.log)
}

// kill ends the replica as a crash would.
func (p *process) kill() {
	if p.cmd == nil || p.cmd.Process == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.cmd = nil
}

// stop ends the replica as an operator would, and returns how long it took.
func (p *process) stop() time.Duration {
	p.t.Helper()
	start := time.Now()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the program did not end well: %v\n%s", err, p.log)
	}
	p.cmd = nil
	return time.Since(start)
}

// signal sends a signal, such as SIGSTOP and SIGCONT.
func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// get fetches an address of the replica.
func (p *process) get(port int, path string) (status int, body string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(port)+path, nil)
	if err != nil {
		return 0, ""
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw)
}

// metric reads a number of /metrics; name holds its labels.
func (p *process) metric(name string) float64 {
	_, body := p.get(p.admin, "/metrics")
	for line := range strings.Lines(body) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			v, _ := strconv.ParseFloat(strings.TrimSpace(rest), 64)
			return v
		}
	}
	return 0
}

// firstPort and lastPort bound the ports that replicas get. They lie below those
// which the kernel gives to outgoing connections (ip_local_port_range, from
// 32768 on): while a replica is down nobody else may come by its port.
const firstPort, lastPort = 20_000, 32_000

// ports are those given to this binary's replicas.
var ports sync.Map

// freePort returns a port that is nobody's, and stays so until its replica ends
// for good.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		if _, given := ports.LoadOrStore(port, true); given {
			continue
		}
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no free port")
	return 0
}

// logFile keeps the end of what a replica has written, or all of it.
type logFile struct {
	mu   sync.Mutex
	text []byte
	all  bool
}

const logKept = 64 << 10

// Write implements io.Writer.
func (l *logFile) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, b...)
	if over := len(l.text) - logKept; over > 0 && !l.all {
		l.text = append(l.text[:0], l.text[over:]...)
	}
	return len(b), nil
}

// String returns the end of the log.
func (l *logFile) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
