//go:build bench

package main

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var against = flag.String("against", "", "compare with another build of the program, this `file`")

// TestBenchAgainst compares two builds of the program, each with stores and
// people of its own, that work at the same time under the same load (-only, or
// C=32): whatever else the machine does hits both. What a change of a tenth costs
// or saves is lost in its drift otherwise.
func TestBenchAgainst(t *testing.T) {
	if *against == "" {
		t.Skip("name another build with -against")
	}
	t.Setenv("OKOSHKO_TEST_FSYNC", "on")
	now, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := newPlan()
	builds := []struct {
		name string
		*bench
	}{{name: "other", bench: openBench(t, p, *against)}, {name: "this", bench: openBench(t, p, now)}}
	for _, b := range builds {
		b.warmUp()
	}
	title := cmp.Or(*only, "C=32")
	for range 2 * p.rounds {
		var both sync.WaitGroup
		for _, b := range builds {
			both.Go(func() {
				b.run(b.name, b.product, b.replica.cmd.Process.Pid, func(l *drive) { b.load(l, title) })
			})
		}
		both.Wait()
		if t.Failed() {
			return
		}
	}
	other, this := builds[0], builds[1]
	fmt.Printf("\n| %s | other | this | ratio, worst to best round |\n|---|--:|--:|--:|\n", "per turn, "+title)
	for _, row := range []struct {
		name string
		of   func(measured) float64
	}{
		{"CPU, µs", func(f measured) float64 { return 1000 * f.cpu() }},
		{"of it in the kernel, µs", func(f measured) float64 { return 1000 * f.system }},
		{"Redis CPU, µs", func(f measured) float64 { return 1000 * f.redis }},
		{"allocations", func(f measured) float64 { return f.objects }},
		{"allocated, KiB", func(f measured) float64 { return f.bytes / 1024 }},
		{"memory at most, MiB", func(f measured) float64 { return f.peak }},
		{"commands of Redis, those of scripts too", func(f measured) float64 { return f.commands }},
		{"reads and writes of sockets and files", func(f measured) float64 { return f.transfers }},
		{"turns/s", func(f measured) float64 { return f.rate }},
		{"reply p50, µs", func(f measured) float64 { return float64(f.replyP50.Microseconds()) }},
		{"reply p99, µs", func(f measured) float64 { return float64(f.replyP99.Microseconds()) }},
	} {
		a, b, worst, best := other.median("other", row.of), this.median("this", row.of), 0.0, math.MaxFloat64
		for i := range this.runs["this"] {
			ratio := row.of(this.runs["this"][i]) / row.of(other.runs["other"][i])
			worst, best = max(worst, ratio), min(best, ratio)
		}
		fmt.Printf("| %s | %.1f | %.1f | %.2f (%.2f to %.2f) |\n", row.name, a, b, b/a, worst, best)
	}
}

// load is what the title of a load says: so many people at work, or so many turns
// a second.
func (b *bench) load(l *drive, title string) {
	b.Helper()
	people := b.product.people[:readers]
	if rate, open := strings.CutSuffix(title, "/s"); open {
		l.open(people, float64(b.atoi(rate)), b.plan.open)
		return
	}
	l.closed(people, b.atoi(strings.TrimPrefix(title, "C=")), b.plan.closed)
}

func (b *bench) atoi(s string) int {
	b.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		b.Fatalf("-only %s is no load", *only)
	}
	return n
}
