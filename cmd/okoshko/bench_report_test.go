//go:build bench

package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

const tableHead = "" +
	"| run | turns/s | reply p50 / p99, ms | ack p50 / p99, ms | CPU, s per 1000 (kernel) | Redis | PostgreSQL | driver | others | allocations, KiB per turn | memory, peak, MiB |\n" +
	"|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"

// line is the run as a row of the table.
func (f measured) line(title string) string {
	ack, allocated := "", ""
	if f.ackP50 > 0 {
		ack = ms(f.ackP50) + " / " + ms(f.ackP99)
	}
	if f.objects > 0 {
		allocated = fmt.Sprintf("%.0f, %.1f", f.objects, f.bytes/1024)
	}
	return fmt.Sprintf("| %s | %.0f | %s / %s | %s | %.3f (%.0f %%) | %.3f | %.3f | %.3f | %.0f %% | %s | %.0f, %.0f |",
		title, f.rate, ms(f.replyP50), ms(f.replyP99), ack, f.cpu(), 100*f.system/f.cpu(),
		f.redis, f.postgres, f.driver, 100*f.others, allocated, f.memory, f.peak)
}

func ms(d time.Duration) string {
	return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond))
}

// typical is the run whose every figure is the median of its title's.
func (b *bench) typical(title string) measured {
	of := func(get func(measured) float64) float64 { return b.median(title, get) }
	long := func(get func(measured) time.Duration) time.Duration {
		return time.Duration(of(func(f measured) float64 { return float64(get(f)) }))
	}
	return measured{
		rate:     of(func(f measured) float64 { return f.rate }),
		replyP50: long(func(f measured) time.Duration { return f.replyP50 }),
		replyP99: long(func(f measured) time.Duration { return f.replyP99 }),
		ackP50:   long(func(f measured) time.Duration { return f.ackP50 }),
		ackP99:   long(func(f measured) time.Duration { return f.ackP99 }),
		slowest:  long(func(f measured) time.Duration { return f.slowest }),
		user:     of(func(f measured) float64 { return f.user }),
		system:   of(func(f measured) float64 { return f.system }),
		redis:    of(func(f measured) float64 { return f.redis }),
		driver:   of(func(f measured) float64 { return f.driver }),
		postgres: of(func(f measured) float64 { return f.postgres }),
		others:   of(func(f measured) float64 { return f.others }),
		objects:  of(func(f measured) float64 { return f.objects }),
		bytes:    of(func(f measured) float64 { return f.bytes }),
		memory:   of(func(f measured) float64 { return f.memory }),
		peak:     of(func(f measured) float64 { return f.peak }),
	}
}

// report prints everything as it stands in docs/performance.md.
func (b *bench) report() {
	var out strings.Builder
	fmt.Fprintf(&out, "%s, %s; medians of %d rounds.\n\n%s", time.Now().Format("2 January 2006 15:04 MST"), machineName(), b.plan.rounds, tableHead)
	for _, title := range b.titles {
		out.WriteString(b.typical(title).line(title) + "\n")
	}
	out.WriteString("\n| ratio, product over | rate | CPU |\n|---|--:|--:|\n")
	rate, cpu := func(f measured) float64 { return f.rate }, measured.cpu
	for _, c := range levels {
		for _, other := range []string{"raw", "echo"} {
			product, to := fmt.Sprintf("product C=%d", c), fmt.Sprintf("%s C=%d", other, c)
			if len(b.runs[product]) == 0 {
				continue
			}
			fmt.Fprintf(&out, "| %s | 1/%.1f | %.1f× |\n", to, 1/b.ratio(product, to, rate), b.ratio(product, to, cpu))
		}
	}
	out.WriteString("\n| ratio, sockets over Telegram | rate | CPU |\n|---|--:|--:|\n")
	for _, c := range levels {
		if site, to := fmt.Sprintf("sockets C=%d", c), fmt.Sprintf("product C=%d", c); len(b.runs[site]) > 0 {
			fmt.Fprintf(&out, "| C=%d | %.2f | %.2f× |\n", c, b.ratio(site, to, rate), b.ratio(site, to, cpu))
		}
	}
	if len(b.stores) > 0 {
		turns := b.typical("product C=32").rate
		out.WriteString("\n| store alone | a second | for each turn at C=32 |\n|---|--:|--:|\n")
		for _, l := range b.stores {
			fmt.Fprintf(&out, "| %s | %.0f | %.1f |\n", l.what, l.rate, l.rate/turns)
		}
	}
	out.WriteString("\n| aim | measured | |\n|---|--:|---|\n")
	for _, a := range b.aims() {
		verdict := "misses"
		if a.meets {
			verdict = "meets"
		}
		fmt.Fprintf(&out, "| %s | %s | %s |\n", a.what, a.measured, verdict)
	}
	for _, n := range b.notes {
		out.WriteString("\n" + n + "\n")
	}
	fmt.Println("\n" + out.String())
}

// aim is what the product should reach, and whether it does. A miss does not
// fail the benchmark: the machine may have other things to do.
type aim struct {
	run            string // the title of what shows it
	what, measured string
	meets          bool
}

func (b *bench) aims() []aim {
	at32, at256, at500 := b.typical("product C=32"), b.typical("product C=256"), b.typical("product 500/s")
	slowest := b.typical(thinkTitle).slowest
	rate := b.ratio("product C=32", "echo C=32", func(f measured) float64 { return f.rate })
	cpu := b.ratio("product C=32", "echo C=32", measured.cpu)
	all := []aim{
		{"product C=32", "CPU at C=32 ≤ 0.15 s per 1000 turns", fmt.Sprintf("%.3f", at32.cpu()), at32.cpu() <= .15},
		{"product C=32", "the same, good: ≤ 0.12", fmt.Sprintf("%.3f", at32.cpu()), at32.cpu() <= .12},
		{"product C=32", "rate at C=32 ≥ 1/4 of an echo that makes one call", fmt.Sprintf("1/%.1f", 1/rate), rate >= .25},
		{"product C=32", "CPU at C=32 ≤ 4 times that of the echo", fmt.Sprintf("%.1f×", cpu), cpu <= 4},
		{"product 500/s", "reply p99 at 500/s ≤ 6 ms", ms(at500.replyP99), at500.replyP99 <= 6*time.Millisecond},
		{"product C=256", "memory at C=256 ≤ 60 MiB", fmt.Sprintf("%.0f", at256.peak), at256.peak <= 60},
		{thinkTitle, "no reply waits for a sweep while people think", ms(slowest), slowest < sweepNoticed},
	}
	return slices.DeleteFunc(all, func(a aim) bool { return len(b.runs[a.run]) == 0 })
}

// machineName says what the figures were taken on.
func machineName() string {
	name, load := "unknown processor", "?"
	if raw, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(raw)) {
			if key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	if raw, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = strings.Join(strings.Fields(string(raw))[:3], " ")
	}
	return fmt.Sprintf("%d × %s, %s, %s, load average at the end %s", runtime.NumCPU(), name, runtime.GOOS, runtime.Version(), load)
}
