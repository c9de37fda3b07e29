//go:build bench

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
	"okoshko/bots/webchat/webtest"
)

// TestBenchSockets holds many idle chats open on one replica: what each of them
// costs, whether a message still gets through quickly, and how long everybody
// takes to come back at once: to a replica that knows them, and to one that has
// just been started.
func TestBenchSockets(t *testing.T) {
	n := 15_000
	if testing.Short() {
		n = 2_000
	}
	b := &socketBench{bench: &bench{T: t, redis: redistest.Start(t), dbURL: pgtest.URL(t)}}
	b.findStores()
	b.replica = newProcess(t,
		"OKOSHKO_POSTGRES_URL="+b.dbURL, "OKOSHKO_REDIS_URL=unix://"+b.redis.Config().Addrs[0],
		"OKOSHKO_HTTP_TRUSTED_PROXIES=127.0.0.0/8")
	b.replica.start()
	b.openTabs(n)
	empty := b.resident()
	b.everybody("newcomers connect", b.connect)
	b.idle("one more round of pings and looks", 30*time.Second)
	memory := b.resident()
	fmt.Printf("\n%d idle sockets: %.1f KiB of memory each (%.1f MiB before, %.1f MiB now), %.0f goroutines, stacks %.1f MiB\n",
		n, (memory-empty)*1024/float64(n), empty, memory,
		b.replica.metric("go_goroutines"), b.replica.metric("go_memstats_stack_inuse_bytes")/(1<<20))
	b.talk(200)
	b.everybody("each says something", b.speak)
	for i := range b.tabs {
		_ = b.tabs[i].line.Close()
	}
	b.readers.Wait()
	b.everybody("all come back at once", b.connect)
	took := b.replica.stop()
	b.readers.Wait()
	fmt.Printf("stop: %d of %d were told to come back, in %v\n", b.told.Load(), n, took.Round(time.Millisecond))
	if int(b.told.Load()) != n {
		t.Errorf("%d of %d were told of the stop", b.told.Load(), n)
	}
	b.replica.start()
	b.everybody("all come back to a new replica", b.connect)
}

// socketBench is one replica and its idle visitors.
type socketBench struct {
	*bench
	tabs    []socketTab
	readers sync.WaitGroup
	told    atomic.Int64 // byes that were heard
}

// socketTab is a visitor's.
type socketTab struct {
	webtest.Browser
	line  *webtest.Line
	after string // the last position
	live  chan struct{}
	heard chan struct{} // a reply came
}

// hands is how many browsers act at the same moment.
const hands = 64

func (b *socketBench) openTabs(n int) {
	b.tabs = make([]socketTab, n)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: hands}, Timeout: 30 * time.Second}
	for i := range b.tabs {
		b.tabs[i].Browser = webtest.Browser{
			Base: "http://127.0.0.1:" + strconv.Itoa(b.replica.port), Origin: "http://localhost", Language: "ru", HTTP: client,
			Header: http.Header{"X-Forwarded-For": {fmt.Sprintf("10.0.%d.%d", i/200/250, i/200%250)}},
			NetDial: func(ctx context.Context, network, address string) (net.Conn, error) {
				from := &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i%4))} // an address has 28,000 ports
				return (&net.Dialer{LocalAddr: from}).DialContext(ctx, network, address)
			},
		}
	}
}

// everybody has all tabs do something and says what it cost.
func (b *socketBench) everybody(what string, do func(ctx context.Context, tab *socketTab) error) {
	b.Helper()
	if *profileDir != "" {
		done := make(chan error, 1)
		path := filepath.Join(*profileDir, strings.ReplaceAll(what, " ", "-")+".pprof")
		go func() { done <- b.fetchProfile("profile?seconds=3", path) }()
		defer func() {
			if err := <-done; err != nil {
				b.Error(err)
			}
		}()
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	took := make([]time.Duration, len(b.tabs))
	m := b.measure(b.replica.cmd.Process.Pid)
	before := m.read()
	for range hands {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(b.tabs) && !b.Failed(); i = int(next.Add(1)) - 1 {
				at := time.Now()
				ctx, cancel := context.WithTimeout(b.Context(), 30*time.Second)
				err := do(ctx, &b.tabs[i])
				cancel()
				if err != nil {
					b.Error(err)
				}
				took[i] = time.Since(at)
			}
		})
	}
	workers.Wait()
	after := m.read()
	if b.Failed() {
		b.Fatalf("the server says:\n%s", b.replica.log)
	}
	slices.Sort(took)
	all := after.at.Sub(before.at)
	per := 1000 / float64(len(b.tabs))
	server := after.user + after.system - before.user - before.system
	fmt.Printf("%s: %d in %v, %.0f a second; one takes %v, 99 %% at most %v; CPU for 1000: server %.3f s, driver %.3f, Redis %.3f, PostgreSQL %.3f; the machine was busy for %.0f %%\n",
		what, len(b.tabs), all.Round(time.Millisecond), float64(len(b.tabs))/all.Seconds(),
		took[len(took)/2].Round(100*time.Microsecond), took[len(took)*99/100].Round(100*time.Microsecond),
		server*per, (after.driver-before.driver)*per, (after.redis-before.redis)*per, (after.postgres-before.postgres)*per,
		100*(after.busy-before.busy)/(after.elapsed-before.elapsed))
	if open := b.replica.metric("okoshko_web_sockets"); int(open) != len(b.tabs) {
		b.Errorf("%.0f sockets are open", open)
	}
}

// connect opens a session and a socket and waits for the backlog.
func (b *socketBench) connect(ctx context.Context, tab *socketTab) error {
	known := tab.Visitor
	line, err := tab.Dial(ctx)
	if err != nil {
		return err
	}
	if known != "" && tab.Visitor != known {
		return errors.New("a known visitor was made anew")
	}
	tab.line, tab.live, tab.heard = line, make(chan struct{}), make(chan struct{}, 4)
	hello := `{"t":"hello","after":"` + tab.after + `"}`
	b.readers.Go(func() { b.listen(tab, line) })
	if err := line.Say(hello); err != nil {
		return err
	}
	select {
	case <-tab.live:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no backlog: %w", ctx.Err())
	}
}

// listen reads a socket to its end, as little as it can.
func (b *socketBench) listen(tab *socketTab, line *webtest.Line) {
	defer line.Close()
	for {
		frame, _, err := line.Raw()
		switch {
		case err != nil:
			return
		case bytes.HasPrefix(frame, []byte(`{"t":"live"`)):
			close(tab.live)
		case bytes.HasPrefix(frame, []byte(`{"t":"bye"`)):
			b.told.Add(1)
		case bytes.HasPrefix(frame, []byte(`{"t":"entry"`)) && bytes.Contains(frame, []byte(`"kind":"out"`)):
			_, rest, _ := bytes.Cut(frame, []byte(`"position":"`))
			position, _, _ := bytes.Cut(rest, []byte(`"`))
			tab.after = string(position)
			select {
			case tab.heard <- struct{}{}:
			default:
			}
		}
	}
}

// speak says something and waits for the answer.
func (b *socketBench) speak(ctx context.Context, tab *socketTab) error {
	for len(tab.heard) > 0 {
		<-tab.heard
	}
	if err := tab.line.Send(webtest.Say(fmt.Sprintf("message-%d", time.Now().UnixNano()), "меню")); err != nil {
		return err
	}
	select {
	case <-tab.heard:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no answer: %w", ctx.Err())
	}
}

// talk sends messages, one at a time, while the others sit idle.
func (b *socketBench) talk(times int) {
	b.Helper()
	took := make([]time.Duration, times)
	for i := range times {
		at := time.Now()
		ctx, cancel := context.WithTimeout(b.Context(), 10*time.Second)
		err := b.speak(ctx, &b.tabs[i*len(b.tabs)/times])
		cancel()
		if err != nil {
			b.Fatal(err)
		}
		took[i] = time.Since(at)
	}
	slices.Sort(took)
	fmt.Printf("a message and its answer beside them: %v, 99 %% at most %v\n", took[times/2], took[times*99/100])
}

// idle lets the sockets idle and looks at what that costs.
func (b *socketBench) idle(what string, d time.Duration) {
	b.Helper()
	cpu := b.replica.metric("process_cpu_seconds_total")
	time.Sleep(d)
	used := b.replica.metric("process_cpu_seconds_total") - cpu
	fmt.Printf("%s, %v: %.1f %% of a processor\n", what, d, 100*used/d.Seconds())
}

// resident is the memory of the replica, in MiB.
func (b *socketBench) resident() float64 { return b.memoryOf(b.replica.cmd.Process.Pid, "VmRSS") }
