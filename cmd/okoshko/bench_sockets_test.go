//go:build bench

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/adapters/redis/redistest"
)

// TestBenchSockets holds many idle chats open on one replica: what each of them
// costs, whether a message still gets through quickly, and how long everybody
// takes to come back at once.
func TestBenchSockets(t *testing.T) {
	n := 15_000
	if testing.Short() {
		n = 2_000
	}
	b := &socketBench{T: t, replica: newProcess(t,
		"OKOSHKO_POSTGRES_URL="+pgtest.URL(t), "OKOSHKO_REDIS_URL=unix://"+redistest.Start(t).Config().Addrs[0],
		"OKOSHKO_HTTP_TRUSTED_PROXIES=127.0.0.0/8")}
	b.replica.start()
	b.tabs = make([]tab, n)
	b.everybody("newcomers connect")
	empty := b.memory
	b.measure("one more round of pings and looks", 30*time.Second)
	fmt.Printf("\n%d idle sockets: %.1f KiB of memory each (%.1f MiB before, %.1f MiB now), %.0f goroutines, stacks %.1f MiB\n",
		n, (b.memory-empty)*1024/float64(n), empty, b.memory,
		b.replica.metric("go_goroutines"), b.replica.metric("go_memstats_stack_inuse_bytes")/(1<<20))
	b.talk(200)
	for i := range b.tabs {
		_ = b.tabs[i].conn.Close()
	}
	b.readers.Wait()
	b.everybody("all come back at once")
	took := b.replica.stop()
	b.readers.Wait()
	fmt.Printf("stop: %d of %d were told to come back, in %v\n", b.told.Load(), n, took.Round(time.Millisecond))
	if int(b.told.Load()) != n {
		t.Errorf("%d of %d were told of the stop", b.told.Load(), n)
	}
}

// socketBench is one replica and its idle visitors.
type socketBench struct {
	*testing.T
	replica *process
	tabs    []tab
	readers sync.WaitGroup
	told    atomic.Int64 // byes that were heard
	memory  float64      // of the replica, MiB, at the last look
}

// tab is a visitor's.
type tab struct {
	visitor string
	conn    net.Conn
	live    chan struct{}
	heard   chan string // IDs of messages that came back as entries
}

// hands is how many browsers act at the same moment.
const hands = 64

// everybody connects all tabs and waits until each has its backlog.
func (b *socketBench) everybody(what string) {
	b.Helper()
	b.memory = b.resident()
	var next atomic.Int64
	var workers sync.WaitGroup
	took := make([]time.Duration, len(b.tabs))
	begun, cpu := time.Now(), b.replica.metric("process_cpu_seconds_total")
	for range hands {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(b.tabs); i = int(next.Add(1)) - 1 {
				at := time.Now()
				if err := b.connect(i); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(at)
			}
		})
	}
	workers.Wait()
	if b.Failed() {
		b.Fatalf("the server says:\n%s", b.replica.log)
	}
	all := time.Since(begun)
	slices.Sort(took)
	fmt.Printf("%s: %d in %v, %.0f a second; one takes %v, 99 %% at most %v; CPU %.2f s\n", what, len(b.tabs), all.Round(time.Millisecond),
		float64(len(b.tabs))/all.Seconds(), took[len(took)/2], took[len(took)*99/100], b.replica.metric("process_cpu_seconds_total")-cpu)
	if open := b.replica.metric("okoshko_web_sockets"); int(open) != len(b.tabs) {
		b.Errorf("%.0f sockets are open", open)
	}
}

// browsers keeps connections for requests.
var browsers = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: hands}, Timeout: 30 * time.Second}

func (b *socketBench) connect(i int) error {
	ctx, cancel := context.WithTimeout(b.Context(), 30*time.Second)
	defer cancel()
	tab := &b.tabs[i]
	ask, err := json.Marshal(map[string]string{"visitor": tab.visitor, "language": "ru"})
	if err != nil {
		return err
	}
	server := "127.0.0.1:" + strconv.Itoa(b.replica.port)
	header := http.Header{"Origin": {"http://localhost"}, "X-Forwarded-For": {fmt.Sprintf("10.0.%d.%d", i/200/250, i/200%250)}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+server+"/chat/session", bytes.NewReader(ask))
	if err != nil {
		return err
	}
	r.Header = header
	response, err := browsers.Do(r)
	if err != nil {
		return err
	}
	var s struct{ Visitor, Ticket string }
	err = json.NewDecoder(response.Body).Decode(&s)
	_ = response.Body.Close()
	if err != nil || s.Ticket == "" {
		return fmt.Errorf("session: %d, %w", response.StatusCode, err)
	}
	if tab.visitor == "" {
		tab.visitor = s.Visitor
	}
	dialer := ws.Dialer{
		Protocols: []string{"okoshko.v1"}, Header: ws.HandshakeHeaderHTTP(header), ReadBufferSize: 512, WriteBufferSize: 512,
		NetDial: func(ctx context.Context, network, address string) (net.Conn, error) {
			from := &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i%4))} // an address has 28,000 ports
			return (&net.Dialer{LocalAddr: from}).DialContext(ctx, network, address)
		},
	}
	conn, early, _, err := dialer.Dial(ctx, "ws://"+server+"/chat/socket?ticket="+s.Ticket)
	if err != nil {
		return err
	}
	if early != nil {
		return errors.New("the server speaks first")
	}
	tab.conn, tab.live, tab.heard = conn, make(chan struct{}), make(chan string, 4)
	b.readers.Go(func() { b.listen(tab) })
	if err := say(conn, `{"t":"hello","after":""}`); err != nil {
		return err
	}
	select {
	case <-tab.live:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no backlog: %w", ctx.Err())
	}
}

func say(conn net.Conn, frame string) error {
	return ws.WriteFrame(conn, ws.MaskFrame(ws.NewTextFrame([]byte(frame))))
}

// listen reads a socket to its end, as little as it can.
func (b *socketBench) listen(tab *tab) {
	conn, live := tab.conn, tab.live
	defer conn.Close()
	for {
		h, err := ws.ReadHeader(conn)
		if err != nil {
			return
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(conn, payload); err != nil {
			return
		}
		switch {
		case h.OpCode == ws.OpPing:
			_ = ws.WriteFrame(conn, ws.MaskFrame(ws.NewPongFrame(payload)))
		case h.OpCode == ws.OpClose:
			return
		case bytes.HasPrefix(payload, []byte(`{"t":"live"`)):
			close(live)
		case bytes.HasPrefix(payload, []byte(`{"t":"bye"`)):
			b.told.Add(1)
		case bytes.Contains(payload, []byte(`"kind":"out"`)):
			select {
			case tab.heard <- "":
			default:
			}
		}
	}
}

// talk sends messages, one at a time, while the others sit idle.
func (b *socketBench) talk(times int) {
	b.Helper()
	took := make([]time.Duration, times)
	for i := range times {
		tab := &b.tabs[i*len(b.tabs)/times]
		at := time.Now()
		if err := say(tab.conn, fmt.Sprintf(`{"t":"say","id":"message-%d","text":"меню"}`, i)); err != nil {
			b.Fatal(err)
		}
		select {
		case <-tab.heard:
		case <-time.After(10 * time.Second):
			b.Fatalf("no answer to message %d", i)
		}
		took[i] = time.Since(at)
	}
	slices.Sort(took)
	fmt.Printf("a message and its answer beside them: %v, 99 %% at most %v\n", took[times/2], took[times*99/100])
}

// measure lets the sockets idle and looks at what that costs.
func (b *socketBench) measure(what string, d time.Duration) {
	b.Helper()
	cpu := b.replica.metric("process_cpu_seconds_total")
	time.Sleep(d)
	used := b.replica.metric("process_cpu_seconds_total") - cpu
	b.memory = b.resident()
	fmt.Printf("%s, %v: %.1f %% of a processor\n", what, d, 100*used/d.Seconds())
}

// resident is the memory of the replica, in MiB.
func (b *socketBench) resident() float64 {
	b.Helper()
	mib, err := processMemory(b.replica.cmd.Process.Pid, "VmRSS")
	if err != nil {
		b.Fatal(err)
	}
	return mib
}
