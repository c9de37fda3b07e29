//go:build bench

package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
	"okoshko/bots/telegram/telegramtest"
)

var (
	profileDir = flag.String("profiles", "", "write profiles of the server at C=32 into this `folder`")
	only       = flag.String("only", "", "take only the loads whose name holds this `text`, such as C=32, and nothing else")
)

// plan is how long the benchmark measures; -short is for a first look.
type plan struct {
	rounds                   int
	closed, raw, open, think time.Duration // of one load of that kind
}

func newPlan() plan {
	if testing.Short() {
		return plan{rounds: 1, closed: 2 * time.Second, raw: time.Second, open: 4 * time.Second, think: 8 * time.Second}
	}
	return plan{rounds: 3, closed: 5 * time.Second, raw: 2 * time.Second, open: 10 * time.Second, think: 15 * time.Second}
}

// How many people submit readings under load, and how many others take their
// time.
const (
	readers  = 2000
	thinkers = 500
)

// levels are the closed loads, rates the open ones, in turns a second.
var (
	levels = []int{1, 32, 256}
	rates  = []float64{500, 2000}
)

// TestBench measures the whole product on this machine: the program with its
// own PostgreSQL and Redis, both writing to the disk, and an emulated Telegram
// whose customers submit meter readings. What it is compared with runs in the
// same round, since machines drift by a third within minutes.
func TestBench(t *testing.T) {
	t.Setenv("OKOSHKO_TEST_FSYNC", "on")
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	b := openBench(t, newPlan(), program)
	b.warmUp()
	for round := range b.plan.rounds {
		b.round(round)
	}
	if *only == "" {
		b.thinking()
		b.limits()
	}
	b.report()
}

// bench is the product and what it is compared with, ready for load.
type bench struct {
	*testing.T
	plan    plan
	product *town
	site    *town // its visitors, over sockets
	replica *process
	redis   *redistest.Server
	dbURL   string
	echo    *town
	echoing *echo
	runs    map[string][]measured // by title, one per round
	titles  []string              // in the order of the report
	stores  []limit
	notes   []string

	redisPID, postgresPID int
}

// town is an emulated Telegram and who stands before it.
type town struct {
	tg     *telegramtest.Server
	acks   *stopwatch
	people []actor
}

func openTown(t *testing.T) *town {
	t.Helper()
	s := &town{acks: &stopwatch{}}
	s.tg = telegramtest.New(telegramtest.Config{Silent: true, Keep: 20, OnAttempt: func(a telegramtest.Attempt) {
		if a.Err == nil && a.Status == 200 {
			s.acks.add(a.Took)
		}
	}})
	if err := s.tg.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.tg.Close() })
	return s
}

// openBench makes everything ready for a build of the program.
func openBench(t *testing.T, p plan, program string) *bench {
	t.Helper()
	b := &bench{T: t, plan: p, runs: map[string][]measured{}, product: openTown(t), echo: openTown(t)}
	b.redis, b.dbURL = redistest.Start(t), pgtest.URL(t)
	b.findStores()
	b.replica = newProcess(t,
		"OKOSHKO_POSTGRES_URL="+b.dbURL,
		"OKOSHKO_REDIS_URL=unix://"+b.redis.Config().Addrs[0],
		"OKOSHKO_TELEGRAM_TOKEN="+b.product.tg.Token(),
		"OKOSHKO_TELEGRAM_API_URL="+b.product.tg.URL(),
		"OKOSHKO_TELEGRAM_MODE=webhook",
		"OKOSHKO_HTTP_TRUSTED_PROXIES=127.0.0.0/8", "OKOSHKO_WEBCHAT_MESSAGES_PER_MINUTE=60000",
	)
	b.replica.program = program
	b.replica.env = append(b.replica.env, "OKOSHKO_TELEGRAM_WEBHOOK_URL="+b.replica.webhook())
	homes := b.replica.settle(readers + thinkers + siteReaders)
	for _, who := range crowd(t, b.product.tg, homes[:readers+thinkers], 1_000_000) {
		b.product.people = append(b.product.people, &reader{person: who, first: rand.IntN(50)})
	}
	for i := range readers {
		b.echo.people = append(b.echo.people, &shouter{b.echo.tg.Customer(int64(2_000_000+i), telegramtest.Profile{})})
	}
	b.replica.start()
	b.echoing = startEcho(t, b.echo.tg)
	b.await(b.product, b.replica.log.String)
	b.site = b.openSite(homes[readers+thinkers:])
	return b
}

// await returns when the webhook of the product is registered: the first
// customer is answered.
func (b *bench) await(s *town, log func() string) {
	b.Helper()
	if err := inTime(b, s.people[0], time.Now().Add(startLimit)); err != nil {
		b.Fatalf("%v\n%s", err, log())
	}
}

// warmUp brings every person's conversation into being, which happens once in
// its life, and fills pools and caches.
func (b *bench) warmUp() {
	b.run("", b.product, b.replica.cmd.Process.Pid, func(l *drive) {
		l.everybody(b.product.people, 32)
		l.closed(b.product.people[:readers], 32, b.plan.closed)
	})
	b.run("", b.site, b.replica.cmd.Process.Pid, func(l *drive) { l.everybody(b.site.people, 32) })
	b.run("", b.echo, b.echoing.pid(), func(l *drive) { l.closed(b.echo.people, 32, time.Second) })
}

// round measures everything once; neighbours are compared with each other.
func (b *bench) round(n int) {
	people := b.product.people[:readers]
	for _, c := range levels {
		title := " C=" + strconv.Itoa(c)
		if !strings.Contains(title, *only) {
			continue
		}
		b.raw("raw"+title, c)
		b.run("echo"+title, b.echo, b.echoing.pid(), func(l *drive) { l.closed(b.echo.people, c, b.plan.closed) })
		profile := b.profile(n, c)
		b.run("product"+title, b.product, b.replica.cmd.Process.Pid, func(l *drive) { l.closed(people, c, b.plan.closed) })
		profile()
		b.run("sockets"+title, b.site, b.replica.cmd.Process.Pid, func(l *drive) { l.closed(b.site.people, c, b.plan.closed) })
	}
	for _, rate := range rates {
		title := fmt.Sprintf(" %.0f/s", rate)
		if !strings.Contains(title, *only) {
			continue
		}
		b.run("echo"+title, b.echo, b.echoing.pid(), func(l *drive) { l.open(b.echo.people, rate, b.plan.open/2) })
		b.run("product"+title, b.product, b.replica.cmd.Process.Pid, func(l *drive) { l.open(people, rate, b.plan.open) })
		b.run("sockets"+title, b.site, b.replica.cmd.Process.Pid, func(l *drive) { l.open(b.site.people, rate, b.plan.open/2) })
	}
}

// run measures a load on a process and keeps the figures under the title, if
// there is one.
func (b *bench) run(title string, s *town, pid int, through func(*drive)) measured {
	b.Helper()
	l := &drive{acks: s.acks}
	m := b.measure(pid)
	l.started, l.ended = m.begin, m.end
	through(l)
	f := m.figures(l)
	for _, err := range l.errors {
		b.Errorf("%s: %v", title, err)
	}
	if len(l.errors) > 0 {
		b.Fatalf("the server says:\n%s", b.replica.log)
	}
	b.keep(title, f)
	return f
}

func (b *bench) keep(title string, f measured) {
	if title == "" {
		return
	}
	if !slices.Contains(b.titles, title) {
		b.titles = append(b.titles, title)
	}
	b.runs[title] = append(b.runs[title], f)
	b.Log(f.line(title))
}

// median is the median run of a title by one of its figures.
func (b *bench) median(title string, of func(measured) float64) float64 {
	return median(b.runs[title], of)
}

// ratio is the median of a figure of one title over that of another in the
// same round.
func (b *bench) ratio(title, to string, of func(measured) float64) float64 {
	var all []float64
	for i := range min(len(b.runs[title]), len(b.runs[to])) {
		all = append(all, of(b.runs[title][i])/of(b.runs[to][i]))
	}
	return median(all, func(x float64) float64 { return x })
}

func median[T any](all []T, of func(T) float64) float64 {
	if len(all) == 0 {
		return 0
	}
	values := make([]float64, len(all))
	for i, x := range all {
		values[i] = of(x)
	}
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
