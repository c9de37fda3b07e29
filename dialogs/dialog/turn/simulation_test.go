package turn_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	"okoshko/dialogs/dialog/turn/turntest"
)

var (
	simSeed  = flag.Int64("sim.seed", -1, "play this one schedule of the simulation")
	simCount = flag.Int("sim.count", 0, "how many schedules to play; 0: as many as fit a test run")
)

// TestSimulation plays seeded schedules: customers, duplicates, crashes, lost
// answers, a lost live store and a channel in trouble, on one thread of fate.
// Every use of a port waits until the schedule lets it go, so a seed replays.
// A ledger is checked at the end of each.
func TestSimulation(t *testing.T) {
	t.Parallel()
	if *simSeed >= 0 {
		for _, line := range play(t, uint64(*simSeed)) {
			t.Error(line)
		}
		return
	}
	count := cmp.Or(*simCount, 2000)
	if testing.Short() {
		count = min(count, 200)
	}
	var next atomic.Int64
	var failed atomic.Int32
	for worker := range runtime.GOMAXPROCS(0) {
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			for failed.Load() < 5 {
				seed := next.Add(1) - 1
				if seed >= int64(count) {
					return
				}
				for _, line := range play(t, uint64(seed)) {
					failed.Add(1)
					t.Errorf("%s (replay: -run TestSimulation -sim.seed=%d)", line, seed)
				}
			}
		})
	}
}

func play(t *testing.T, seed uint64) (broken []string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, seed)
		w.play(t)
		broken = w.ledger()
	})
	return broken
}

// world is one schedule. All its choices come from one source, in one
// goroutine, while everything else is blocked.
type world struct {
	*stage
	t   *testing.T
	rng *rand.Rand

	mu       sync.Mutex
	parked   []*parked
	calm     bool // no more faults, nothing waits
	crew     []*sailor
	unsure   map[chat.Conversation]int // sends that may be repeated
	accepted map[string]accepted
	broken   []string
	rollBack func()
	ashore   *sailor   // whoever is no replica
	away     time.Time // until when the archive is
}

// sailor is a replica with its fate.
type sailor struct {
	*replica
	n       int
	paused  time.Time
	sending map[chat.Conversation]bool // sent, not yet recorded
}

type parked struct {
	who  *sailor
	id   string
	call turntest.Call
	free chan turntest.Trouble
}

type accepted struct {
	ev  dialog.Event
	ack turn.Ack
}

func newWorld(t *testing.T, seed uint64) *world {
	ashore := &sailor{n: 99, replica: &replica{stores: turntest.NewMemory().Replica()}}
	return &world{
		t: t, ashore: ashore, stage: newStage(), rng: rand.New(rand.NewPCG(seed, 17)),
		unsure: map[chat.Conversation]int{}, accepted: map[string]accepted{},
	}
}

// trace tells what happens, when one schedule is played.
func (w *world) trace(format string, args ...any) {
	if *simSeed >= 0 {
		w.t.Logf(time.Now().Format("05.000 ")+format, args...)
	}
}

// enlist starts a replica; its calls wait for the schedule.
func (w *world) enlist(t *testing.T) {
	s := &sailor{n: len(w.crew), sending: map[chat.Conversation]bool{}}
	stores := w.memory.Replica()
	stores.Trouble(func(c turntest.Call) turntest.Trouble { return w.park(s, c) })
	s.replica = &replica{stores: stores, Engine: w.engine(stores, &mast{w, s}, turntest.Book(w.desk))}
	stores.OnRestart(s.Suspect)
	w.crew = append(w.crew, s)
	go func() {
		for s.Start(t.Context()) != nil {
			if stores.Dead() {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	s.background()
}

func (w *world) park(s *sailor, c turntest.Call) turntest.Trouble {
	w.mu.Lock()
	if w.calm {
		w.mu.Unlock()
		return turntest.Fine
	}
	p := &parked{s, fmt.Sprintf("%d %s %s", s.n, c.Conversation, c.Name), c, make(chan turntest.Trouble, 1)}
	w.parked = append(w.parked, p)
	w.mu.Unlock()
	return <-p.free
}

// mast is the channel as one replica uses it.
type mast struct {
	w *world
	s *sailor
}

func (m *mast) Caps() chat.Caps { return m.w.channel.Caps() }

func (m *mast) Send(ctx context.Context, p turn.Parcel) turn.Report {
	fate := m.w.park(m.s, turntest.Call{Name: "Send", Conversation: p.Conversation})
	m.w.mu.Lock()
	defer m.w.mu.Unlock()
	if m.s.stores.Dead() && fate != turntest.Lost || fate == turntest.Refused {
		return turn.Report{Fate: turn.Later, Why: "trouble", After: 300 * time.Millisecond}
	}
	report := m.w.channel.Send(ctx, p)
	if fate == turntest.Lost {
		m.w.unsure[p.Conversation]++
		return turn.Report{Fate: turn.Later, Why: "time-out"}
	}
	m.s.sending[p.Conversation] = true
	return report
}

// play runs the schedule to its end.
func (w *world) play(t *testing.T) {
	w.desk.Trouble(func(context.Context, string, bool) error { return w.deskTrouble() })
	for range 1 + w.rng.IntN(2) {
		w.enlist(t)
	}
	var customers sync.WaitGroup
	for n := range 1 + w.rng.IntN(2) {
		own := rand.New(rand.NewPCG(w.rng.Uint64(), uint64(n)))
		customers.Go(func() { w.customer(t.Context(), own, n) })
	}
	over := make(chan struct{})
	go func() { customers.Wait(); close(over) }()
	faults, step := w.rng.IntN(4), 0
	for running := true; running; step++ {
		synctest.Wait()
		select {
		case <-over:
			running = false
		default:
		}
		if step > 5000 {
			w.broken = append(w.broken, "the schedule never ends")
			break
		}
		if faults > 0 && w.rng.IntN(60) == 0 {
			faults--
			w.disaster(t)
		}
		w.letGo()
	}
	w.settleDown()
}

// letGo frees one of those that wait, or lets time pass.
func (w *world) letGo() {
	w.mu.Lock()
	slices.SortStableFunc(w.parked, func(a, b *parked) int { return cmp.Compare(a.id, b.id) })
	var ready []int
	for i, p := range w.parked {
		if !p.who.paused.After(time.Now()) {
			ready = append(ready, i)
		}
	}
	if len(ready) == 0 {
		w.mu.Unlock()
		time.Sleep(50 * time.Millisecond)
		return
	}
	i := ready[w.rng.IntN(len(ready))]
	p := w.parked[i]
	w.parked = slices.Delete(w.parked, i, i+1)
	fate := w.fate(p)
	w.trace("%s → %d", p.id, fate)
	w.mu.Unlock()
	p.free <- fate
}

// fate decides on a call: few fail, of those half after their effect.
func (w *world) fate(p *parked) turntest.Trouble {
	c := p.call
	trouble := turntest.Fine
	if w.rng.IntN(25) == 0 {
		trouble = turntest.Refused + turntest.Trouble(w.rng.IntN(2))
	}
	switch c.Name {
	case "Find", "Save", "Entries", "Owing", "Marks.Mark", "NewMark", "Put":
		if w.away.After(time.Now()) {
			return turntest.Refused
		}
	case "Delivered":
		if trouble != turntest.Fine || p.who.stores.Dead() {
			w.unsure[c.Conversation]++
		}
		delete(p.who.sending, c.Conversation)
	case "Renew":
		if trouble != turntest.Fine {
			w.unsure[c.Conversation]++
		}
	}
	if p.who.stores.Dead() && trouble == turntest.Lost {
		return turntest.Refused
	}
	return trouble
}

// disaster strikes once.
func (w *world) disaster(t *testing.T) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.crew[len(w.crew)-1-w.rng.IntN(min(2, len(w.crew)))]
	kind := w.rng.IntN(6)
	w.trace("disaster %d at replica %d, archived %v", kind, s.n, w.memory.Clean())
	switch kind {
	case 0, 1: // a crash at one of its calls, carried out or not
		w.doubt(s)
		s.stores.Kill()
		s.stop()
		for i, p := range w.parked {
			if p.who == s && p.call.Name != "Send" && w.rng.IntN(3) == 0 {
				w.parked = slices.Delete(w.parked, i, i+1)
				p.free <- turntest.Lost
				break
			}
		}
		w.enlist(t)
	case 2:
		w.doubt(s)
		s.paused = time.Now().Add(time.Duration(1+w.rng.IntN(5)) * time.Second)
	case 3:
		w.away = time.Now().Add(time.Duration(1+w.rng.IntN(6)) * time.Second)
	default: // the live store is lost, but the archive has everything
		if !w.memory.Clean() {
			return
		}
		for _, s := range w.crew {
			w.doubt(s)
		}
		if w.rollBack != nil && kind == 4 {
			w.rollBack()
		} else {
			w.memory.Wipe()
		}
	}
	if w.rollBack == nil {
		w.rollBack = w.memory.Copy()
	}
}

// doubt counts what the replica is sending: it may be sent again.
func (w *world) doubt(s *sailor) {
	for c := range s.sending {
		w.unsure[c]++
	}
	for _, p := range w.parked {
		if p.who == s && p.call.Name == "Send" {
			w.unsure[p.call.Conversation]++
		}
	}
	clear(s.sending)
}

func (w *world) deskTrouble() error {
	w.mu.Lock()
	calm := w.calm
	w.mu.Unlock()
	if calm {
		return nil
	}
	if w.park(w.ashore, turntest.Call{Name: "Desk"}) != turntest.Fine {
		return fault.New(fault.Unavailable, "desk is away")
	}
	return nil
}

// settleDown ends the faults, lets everybody finish, and stops.
func (w *world) settleDown() {
	w.mu.Lock()
	w.calm = true
	for _, p := range w.parked {
		p.free <- turntest.Fine
	}
	w.parked = nil
	w.mu.Unlock()
	time.Sleep(20 * time.Second)
	for _, s := range w.crew {
		s.stop()
		<-s.ended
	}
}
