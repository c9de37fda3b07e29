//go:build bench

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
)

// measured is what one run has shown. CPU is in seconds per 1000 turns.
type measured struct {
	rate                        float64 // turns a second
	replyP50, replyP99, slowest time.Duration
	ackP50, ackP99              time.Duration
	user, system                float64 // the process that is measured
	redis, postgres, driver     float64
	others                      float64 // share of the machine that other programs took
	objects, bytes              float64 // allocated per turn; 0: not known
	commands                    float64 // of Redis per turn, those of scripts too
	transfers                   float64 // reads and writes of sockets and files per turn
	memory, peak                float64 // MiB
}

// cpu is what the server has used.
func (f measured) cpu() float64 { return f.user + f.system }

// meter measures a process from begin to end.
type meter struct {
	b              *bench
	pid            int
	before, after  spent
	objects, bytes float64
}

// spent is how much has been used up to a moment, in seconds.
type spent struct {
	at                                                   time.Time
	user, system, redis, postgres, driver, busy, elapsed float64
	commands, transfers                                  float64
}

func (b *bench) measure(pid int) *meter { return &meter{b: b, pid: pid} }

// begin and end do not count their own look at /metrics.
func (m *meter) begin() {
	// The highest memory counts from here (proc_pid_clear_refs(5)).
	_ = os.WriteFile("/proc/"+strconv.Itoa(m.pid)+"/clear_refs", []byte("5"), 0)
	m.objects, m.bytes = m.allocated()
	m.before = m.read()
}

func (m *meter) end() {
	m.after = m.read()
	objects, bytes := m.allocated()
	m.objects, m.bytes = objects-m.objects, bytes-m.bytes
}

func (m *meter) allocated() (objects, bytes float64) {
	if p := m.b.replica; p.cmd != nil && m.pid == p.cmd.Process.Pid {
		return p.metric("go_memstats_mallocs_total"), p.metric("go_memstats_alloc_bytes_total")
	}
	return 0, 0
}

func (m *meter) read() spent {
	r := spent{at: time.Now()}
	r.user, r.system = m.b.used(m.pid)
	user, system := m.b.used(m.b.redisPID)
	r.redis = user + system
	user, system = m.b.used(os.Getpid())
	r.driver = user + system
	r.postgres = m.b.family(m.b.postgresPID)
	r.busy, r.elapsed = m.b.machine()
	r.commands, r.transfers = m.b.redisCommands(), m.b.transfers(m.pid)
	return r
}

// used returns the processor time of a process, in seconds.
func (b *bench) used(pid int) (user, system float64) {
	b.Helper()
	s, err := processStat(pid)
	if err != nil {
		b.Fatal(err)
	}
	return s.user, s.system
}

// family returns the processor time of a process and of all its children,
// those that have ended included.
func (b *bench) family(parent int) (total float64) {
	user, system := b.used(parent)
	total = user + system
	own, err := processStat(parent)
	if err != nil {
		b.Fatal(err)
	}
	total += own.reaped
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range all {
		pid, _ := strconv.Atoi(filepath.Base(path))
		if s, err := processStat(pid); err == nil && s.parent == parent { // it may be gone by now
			total += s.user + s.system
		}
	}
	return total
}

// stat is what the system knows of a process; times are in seconds.
type stat struct {
	parent       int
	user, system float64 // its own, in the kernel
	reaped       float64 // of its children that have ended
}

func processStat(pid int) (s stat, err error) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return s, err
	}
	// The name in brackets may hold spaces; after it come the state, the parent
	// and, from the 12th field, four times (proc_pid_stat(5)).
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	const ticks = 100 // USER_HZ on every Linux that Go runs on
	var times [4]float64
	for i := range times {
		n, _ := strconv.ParseFloat(fields[11+i], 64)
		times[i] = n / ticks
	}
	s.parent, _ = strconv.Atoi(fields[1])
	s.user, s.system, s.reaped = times[0], times[1], times[2]+times[3]
	return s, nil
}

// processMemory returns a line of /proc/PID/status in MiB: VmRSS now, VmHWM at
// most.
func processMemory(pid int, line string) (mib float64, err error) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(l, line+":"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("process %d has no %s", pid, line)
}

// machine returns for how long the machine's processors have been busy, and
// have been there, in seconds.
func (b *bench) machine() (busy, elapsed float64) {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		b.Fatal(err)
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	for i, field := range strings.Fields(line)[1:9] { // guests are counted among the users
		n, _ := strconv.ParseFloat(field, 64)
		elapsed += n / 100
		if i != 3 && i != 4 { // idle, and waiting for a disk
			busy += n / 100
		}
	}
	return busy, elapsed
}

func (m *meter) figures(l *drive) measured {
	replies := l.replies.stop()
	n := len(replies)
	f := measured{
		replyP50: quantile(replies, .5), replyP99: quantile(replies, .99), slowest: quantile(replies, 1),
		ackP50: quantile(l.acked, .5), ackP99: quantile(l.acked, .99),
	}
	if n == 0 || m.after.at.IsZero() {
		return f
	}
	per := func(before, after float64) float64 { return (after - before) / float64(n) * 1000 }
	f.rate = float64(n) / m.after.at.Sub(m.before.at).Seconds()
	f.user, f.system = per(m.before.user, m.after.user), per(m.before.system, m.after.system)
	f.redis, f.postgres = per(m.before.redis, m.after.redis), per(m.before.postgres, m.after.postgres)
	f.driver = per(m.before.driver, m.after.driver)
	ours := (f.user + f.system + f.redis + f.postgres + f.driver) * float64(n) / 1000
	f.others = max(0, m.after.busy-m.before.busy-ours) / (m.after.elapsed - m.before.elapsed)
	f.commands = (m.after.commands - m.before.commands) / float64(n)
	f.transfers = (m.after.transfers - m.before.transfers) / float64(n)
	f.objects, f.bytes = m.objects/float64(n), m.bytes/float64(n)
	f.memory, f.peak = m.b.memoryOf(m.pid, "VmRSS"), m.b.memoryOf(m.pid, "VmHWM")
	return f
}

func (b *bench) memoryOf(pid int, line string) float64 {
	mib, err := processMemory(pid, line)
	if err != nil {
		b.Fatal(err)
	}
	return mib
}

// findStores asks the private servers for their processes.
func (b *bench) findStores() {
	b.Helper()
	b.redisPID = b.askRedis()
	backend := 0
	if err := pgtest.Conn(b, b.dbURL).QueryRow(b.Context(), "SELECT pg_backend_pid()").Scan(&backend); err != nil {
		b.Fatal(err)
	}
	s, err := processStat(backend)
	if err != nil {
		b.Fatal(err)
	}
	b.postgresPID = s.parent
}

func (b *bench) askRedis() int {
	found := regexp.MustCompile(`process_id:(\d+)`).FindStringSubmatch(b.redisInfo("server"))
	if found == nil {
		b.Fatal("redis does not say its process")
	}
	pid, _ := strconv.Atoi(found[1])
	return pid
}

func (b *bench) redisInfo(section string) string {
	b.Helper()
	client := redistest.Client(b.redis.Config())
	defer client.Close()
	info, err := client.Info(b.Context(), section).Result()
	if err != nil {
		b.Fatal(err)
	}
	return info
}

// redisCommands is how many commands Redis has carried out.
func (b *bench) redisCommands() (total float64) {
	b.Helper()
	for _, found := range regexp.MustCompile(`calls=(\d+)`).FindAllStringSubmatch(b.redisInfo("commandstats"), -1) {
		n, _ := strconv.ParseFloat(found[1], 64)
		total += n
	}
	return total
}

// transfers is how often a process has read from, or written to, sockets and
// files (proc_pid_io(5)).
func (b *bench) transfers(pid int) (total float64) {
	b.Helper()
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/io")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		name, count, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if name == "syscr" || name == "syscw" {
			n, _ := strconv.ParseFloat(count, 64)
			total += n
		}
	}
	return total
}

// fetchProfile fetches a profile of the server; the caller waits for it.
func (b *bench) fetchProfile(path, to string) error {
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/debug/pprof/%s", b.replica.admin, path), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	return os.WriteFile(to, raw, 0o600)
}

// profile takes a CPU profile of every round at C=32, and what was allocated
// until then, if there is a folder for them; what it returns waits for them.
func (b *bench) profile(round, c int) (wait func()) {
	if *profileDir == "" || c != 32 {
		return func() {}
	}
	done := make(chan error, 1)
	seconds := max(1, int(b.plan.closed.Seconds()))
	go func() {
		err := b.fetchProfile("profile?seconds="+strconv.Itoa(seconds), filepath.Join(*profileDir, fmt.Sprintf("cpu%d.pprof", round)))
		if err == nil {
			err = b.fetchProfile("allocs", filepath.Join(*profileDir, "allocs.pprof"))
		}
		done <- err
	}()
	return func() {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}

// shareOf returns the share of a CPU profile's samples that have a function on
// their stack that matches.
func (b *bench) shareOf(profile, function string) float64 {
	out, err := exec.Command("go", "tool", "pprof", "-top", "-nodecount=100000", "-nodefraction=0", "-focus="+function, profile).CombinedOutput()
	if err != nil {
		b.Fatalf("read the profile: %v\n%s", err, out)
	}
	// "Showing nodes accounting for 10ms, 0.37% of 2.7s total"
	found := regexp.MustCompile(`Active filters:[\s\S]*?accounting for [^,]+, ([0-9.]+)%`).FindSubmatch(out)
	if found == nil {
		return 0
	}
	percent, _ := strconv.ParseFloat(string(found[1]), 64)
	return percent / 100
}
