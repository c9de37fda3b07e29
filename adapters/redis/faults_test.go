package redis_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	client "github.com/redis/go-redis/v9"

	"okoshko/adapters/redis"
	"okoshko/adapters/redis/redistest"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

// turns takes turns in many conversations at once, as the engine would: what
// fails is loaded again, and an event that the record has seen is not taken
// twice. It stops when stop is closed and returns how many turns each took.
func turns(t *testing.T, s *redis.Store, workers int, stop <-chan struct{}) []int64 {
	t.Helper()
	taken := make([]int64, workers)
	var all sync.WaitGroup
	for i := range workers {
		all.Go(func() {
			c := chat.Conversation("tg:" + strconv.Itoa(i))
			for event := int64(1); ; event++ {
				select {
				case <-stop:
					return
				default:
				}
				if !take(t, s, c, event) {
					return
				}
				taken[i] = event
			}
		})
	}
	all.Wait()
	return taken
}

// take commits and delivers one event, however often it must be repeated.
func take(t *testing.T, s *redis.Store, c chat.Conversation, event int64) bool {
	deadline := time.Now().Add(time.Minute)
	id := " event " + strconv.FormatInt(event, 10) + "\n"
	for time.Now().Before(deadline) {
		snap, err := s.Load(context.Background(), c)
		if err == nil && strings.HasSuffix(snap.Seen, id) {
			deliverAll(s, c)
			return true
		}
		if err == nil {
			commit := said(c, snap.Revision, 1)
			commit.Seen = strconv.FormatInt(commit.Revision, 10) + id
			_, err = s.Commit(context.Background(), commit)
		}
		if err != nil && !fault.Is(err, fault.Unavailable) {
			t.Errorf("kind %v: %v", fault.Of(err), err)
			return false
		}
	}
	t.Errorf("event %d of %s was never taken", event, c)
	return false
}

func deliverAll(s *redis.Store, c chat.Conversation) {
	unsent, err := s.Unsent(context.Background(), c, 10)
	if err != nil {
		return
	}
	for _, e := range unsent {
		_, _, _ = s.Delivered(context.Background(), turn.Delivery{
			Conversation: c, Position: e.Position, Now: noon,
			Receipt: turn.Entry{Kind: turn.Receipt, At: noon, Body: []byte(e.Position.String())},
		})
	}
}

// audit checks that every turn stands in the log once, and no delivery twice.
func audit(t *testing.T, s *redis.Store, taken []int64) {
	t.Helper()
	var sum int64
	for i, n := range taken {
		c := chat.Conversation("tg:" + strconv.Itoa(i))
		var came, replies int64
		receipts := map[string]int{}
		for _, e := range log(t, s, c) {
			switch e.Kind {
			case turn.Came:
				came++
			case turn.Said:
				replies++
			case turn.Receipt:
				if receipts[string(e.Body)]++; receipts[string(e.Body)] > 1 {
					t.Errorf("%s: two receipts of %s", c, e.Body)
				}
			}
		}
		if revision := load(t, s, c).Revision; revision != n || came != n || replies != n {
			t.Errorf("%s: %d turns, but revision %d, %d came, %d replies", c, n, revision, came, replies)
		}
		sum += n
	}
	if sum == 0 {
		t.Error("no turn was taken")
	}
}

// underLoad runs trouble again and again under the load of workers.
func underLoad(t *testing.T, pipelined bool, trouble func(t *testing.T, server *redistest.Server, c *client.Client)) {
	t.Helper()
	server := redistest.Start(t)
	h := house{config: server.Config(), force: pipelined}
	h.config.PlainOnly = !pipelined
	s := h.replica(t)
	if err := s.SetMark(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	conn := client.NewClient(&client.Options{Network: "unix", Addr: h.config.Addrs[0]})
	defer conn.Close()
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		for range 10 {
			trouble(t, server, conn)
		}
	}()
	audit(t, s, turns(t, s, 16, stop))
}

func bothWays(t *testing.T, test func(t *testing.T, pipelined bool)) {
	t.Parallel()
	for name, pipelined := range map[string]bool{"plain": false, "pipelined": true} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, pipelined) })
	}
}

func TestNothingDoublesWhenConnectionsAreKilled(t *testing.T) {
	bothWays(t, func(t *testing.T, pipelined bool) {
		underLoad(t, pipelined, func(t *testing.T, _ *redistest.Server, c *client.Client) {
			waitForCommands(t, c, 300)
			if err := c.Do(t.Context(), "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes").Err(); err != nil {
				t.Error(err)
			}
		})
	})
}

func TestScriptsThatTheServerForgotAreLoadedAgain(t *testing.T) {
	bothWays(t, func(t *testing.T, pipelined bool) {
		underLoad(t, pipelined, func(t *testing.T, _ *redistest.Server, c *client.Client) {
			waitForCommands(t, c, 300)
			if err := c.ScriptFlush(t.Context()).Err(); err != nil {
				t.Error(err)
			}
		})
	})
}

// waitForCommands returns when the server has carried out n more.
func waitForCommands(t *testing.T, c *client.Client, n int64) {
	processed := func() int64 {
		for line := range strings.Lines(c.Info(t.Context(), "stats").Val()) {
			if v, ok := strings.CutPrefix(strings.TrimSpace(line), "total_commands_processed:"); ok {
				count, _ := strconv.ParseInt(v, 10, 64)
				return count
			}
		}
		return 0
	}
	deadline := time.Now().Add(time.Minute)
	for begin := processed(); processed() < begin+n; {
		if time.Now().After(deadline) {
			t.Error("no load")
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func TestAKilledServerLosesNothingAndIsSuspected(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	var suspected atomic.Int64
	c := server.Config()
	c.Suspect = func() { suspected.Add(1) }
	s := redistest.Connect(t, c)
	if err := s.SetMark(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	_, before, err := s.Mark(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	taken := turns(t, s, 4, afterKill(t, server))
	audit(t, s, taken)
	got, after, err := s.Mark(t.Context())
	if err != nil || got != mark || after == before || after == "" {
		t.Errorf("mark %q, server %q before and %q after the kill, %v", got, before, after, err)
	}
	if suspected.Load() == 0 {
		t.Error("nobody was told of the restart")
	}
}

// afterKill kills the server and closes the channel when it is back.
func afterKill(t *testing.T, server *redistest.Server) <-chan struct{} {
	back := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		defer close(back)
		server.Kill(t)
	})
	t.Cleanup(done.Wait)
	return back
}

func TestAnEmptiedServerHasNoMark(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s := redistest.Connect(t, server.Config())
	if err := s.SetMark(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	mustCommit(t, s, said("tg:1", 0, 1), turn.WonDelivery)
	conn := redistest.Client(server.Config())
	defer conn.Close()
	if err := conn.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	mustCommit(t, s, said("tg:1", 1, 1), turn.OtherMark)
	if got, _, err := s.Mark(t.Context()); err != nil || got != "" {
		t.Errorf("mark is %q, %v", got, err)
	}
	if err := conn.Set(t.Context(), "ok:{7}:mark", mark, 0).Err(); err != nil { // one partition of 64
		t.Fatal(err)
	}
	if got, _, err := s.Mark(t.Context()); err != nil || got != "" {
		t.Errorf("mark of one partition is %q, %v", got, err)
	}
}

func TestFailuresOfTheStoreAreUnavailable(t *testing.T) {
	t.Parallel()
	c := redis.Config{Kind: redis.Single, Network: "unix", Addrs: []string{"/nonexistent/redis.sock"}}
	if _, err := redis.Open(t.Context(), c); !fault.Is(err, fault.Unavailable) {
		t.Errorf("open: kind %v of %v", fault.Of(err), err)
	}
	c.Lazy = true
	s := redistest.Connect(t, c)
	if _, err := s.Load(t.Context(), "tg:1"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("load: kind %v of %v", fault.Of(err), err)
	}
	if _, err := redis.Open(t.Context(), redis.Config{Kind: "ring"}); !fault.Is(err, fault.Invalid) {
		t.Errorf("unknown kind: kind %v of %v", fault.Of(err), err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, force := range []bool{false, true} {
		s := house{config: redistest.Config(t), force: force}.replica(t)
		if _, err := s.Commit(ended, said("tg:1", 0, 1)); !fault.Is(err, fault.Unavailable) {
			t.Errorf("commit in an ended context: kind %v of %v", fault.Of(err), err)
		}
		if load(t, s, "tg:1").Found {
			t.Error("it was carried out")
		}
	}
}

func TestAFullOrReadOnlyServerIsUnavailable(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	s := redistest.Connect(t, server.Config())
	conn := redistest.Client(server.Config())
	defer conn.Close()
	if err := s.SetMark(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	for _, trouble := range [][2]string{{"maxmemory", "1"}, {"min-replicas-to-write", "1"}} {
		if err := conn.ConfigSet(t.Context(), trouble[0], trouble[1]).Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(t.Context(), said("tg:1", 0, 1)); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: kind %v of %v", trouble[0], fault.Of(err), err)
		}
		if err := conn.ConfigSet(t.Context(), trouble[0], "0").Err(); err != nil {
			t.Fatal(err)
		}
	}
	mustCommit(t, s, said("tg:1", 0, 1), turn.WonDelivery)
	key := "ok:{" + strconv.Itoa(redis.Partition("tg:2")) + "}:c:tg:2"
	if err := conn.Set(t.Context(), key, "not a hash", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), "tg:2"); !fault.Is(err, fault.Internal) {
		t.Errorf("a wrong type: kind %v of %v", fault.Of(err), err)
	}
}

// go-redis carries a call out again when its answer is lost.
func TestACallThatIsCarriedOutTwiceIsOne(t *testing.T) {
	everywhere(t, func(t *testing.T, h house) {
		s, other := h.replica(t), h.replica(t)
		s.RepeatCalls()
		const c = "tg:1"
		mustCommit(t, s, said(c, 0, 2), turn.WonDelivery)
		mustCommit(t, other, said(c, 1, 1), turn.Won)
		if mine, more := deliver(t, s, c, at(1, 1)); !mine || !more {
			t.Errorf("delivery: mine %v, more %v", mine, more)
		}
		if mine, err := s.Renew(t.Context(), c); err != nil || !mine {
			t.Errorf("renewal: %v, %v", mine, err)
		}
		deliver(t, s, c, at(1, 2))
		if mine, more := deliver(t, s, c, at(2, 1)); !mine || more {
			t.Errorf("last delivery: mine %v, more %v", mine, more)
		}
		mustCommit(t, s, said(c, 2, 0), turn.Won)
		mustCommit(t, s, said(c, 2, 0), turn.Moved) // the same turn, but another commit
		want := []string{"1-0", "1-1", "1-2", "2-0", "2-1", "2-2", "2-3", "2-4", "3-0"}
		if diff := cmp.Diff(want, positions(log(t, s, c))); diff != "" {
			t.Error(diff)
		}
		mustCommit(t, s, said("tg:2", 0, 1), turn.WonDelivery)
		mustCommit(t, s, said("tg:2", 1, 1), turn.WonBehind)
		for i, allowed := range []bool{true, true, false} {
			got, err := s.Reserve(t.Context(), []string{"chat"}, strconv.Itoa(i), noon, time.Hour, 2)
			if err != nil || (len(got) == 1) != allowed {
				t.Errorf("try %d: %v, %v", i, got, err)
			}
		}
	})
}
