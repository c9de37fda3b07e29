//go:build bench

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// limit is what a tool of the stores themselves reaches on this machine.
type limit struct {
	what string
	rate float64 // a second
}

// limits measures the stores alone, with the tools that come with them.
func (b *bench) limits() {
	seconds := strconv.Itoa(max(1, int(b.plan.raw.Seconds())))
	if tool, err := exec.LookPath("redis-benchmark"); err == nil {
		socket := b.redis.Config().Addrs[0]
		for _, pipeline := range []string{"1", "16"} {
			out := b.tool(tool, "-s", socket, "-t", "set", "-c", "32", "-n", "100000", "-P", pipeline, "-q")
			b.limit("Redis SET, 32 connections, pipelines of "+pipeline, out, `([0-9.]+) requests per second`)
		}
	} else {
		b.note("redis-benchmark is not installed")
	}
	tool, err := pgbench()
	if err != nil {
		b.note("pgbench is not installed")
		return
	}
	script := filepath.Join(b.TempDir(), "insert.sql")
	if err := os.WriteFile(script, []byte("INSERT INTO bench_rows VALUES (DEFAULT, 'x');\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	b.tool(tool, "-i", "-q", b.dbURL)
	for _, clients := range []string{"1", "32"} {
		out := b.tool(tool, "-n", "-S", "-M", "prepared", "-c", clients, "-T", seconds, b.dbURL)
		b.limit("PostgreSQL SELECT of one row, "+clients+" clients", out, `tps = ([0-9.]+)`)
	}
	b.tool(filepath.Join(filepath.Dir(tool), "psql"), "-q", "-c", "CREATE TABLE bench_rows (id bigserial PRIMARY KEY, x text)", b.dbURL)
	for _, clients := range []string{"1", "32"} {
		out := b.tool(tool, "-n", "-f", script, "-M", "prepared", "-c", clients, "-T", seconds, b.dbURL)
		b.limit("PostgreSQL INSERT of one row, "+clients+" clients", out, `tps = ([0-9.]+)`)
	}
}

// pgbench finds the tool, which often stands outside PATH, beside initdb.
func pgbench() (string, error) {
	if path, err := exec.LookPath("pgbench"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil && filepath.Base(real) == "pgbench" {
			return real, nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if len(found) == 0 {
		return "", exec.ErrNotFound
	}
	slices.Sort(found)
	return found[len(found)-1], nil
}

func (b *bench) tool(name string, args ...string) string {
	b.Helper()
	out, err := exec.CommandContext(b.Context(), name, args...).CombinedOutput()
	if err != nil {
		b.Fatalf("%s: %v\n%s", filepath.Base(name), err, out)
	}
	return strings.ReplaceAll(string(out), "\r", "\n")
}

func (b *bench) limit(what, out, pattern string) {
	found := regexp.MustCompile(pattern).FindAllStringSubmatch(out, -1)
	if len(found) == 0 {
		b.Fatalf("%s: no figure in\n%s", what, out)
	}
	rate, _ := strconv.ParseFloat(found[len(found)-1][1], 64) // the last line is the whole run's
	b.stores = append(b.stores, limit{what, rate})
}

// thinking runs people who think for longer than a delivery lease lasts: if the
// engine forgot to give a lease back, or wrote down the wrong owner, their
// replies would wait for a sweep or come twice, which a closed load never
// shows.
func (b *bench) thinking() {
	const think = 3 * time.Second
	people := b.product.people[readers:]
	profile := filepath.Join(b.TempDir(), "think.pprof")
	done := make(chan error, 1)
	go func() {
		time.Sleep(warm)
		done <- b.fetchProfile("profile?seconds="+strconv.Itoa(int(b.plan.think.Seconds())), profile)
	}()
	f := b.run(thinkTitle, b.product, b.replica.cmd.Process.Pid, func(l *drive) { l.thinking(people, think, b.plan.think) })
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	b.note(fmt.Sprintf("With %v of thought before each step the slowest reply took %v and none came twice; sweeping was %.1f %% of the server's CPU.",
		think, f.slowest.Round(100*time.Microsecond), 100*b.shareOf(profile, `turn\.\(\*Engine\)\.sweep|Agenda\)\.Due|Store\)\.Due`)))
}

// A reply whose courier was lost waits for its lease, two seconds, and then for
// a sweep; a machine that only has much to do is quicker.
const sweepNoticed = 1500 * time.Millisecond

const thinkTitle = "product, thinking"

func (b *bench) note(s string) { b.notes = append(b.notes, s) }
