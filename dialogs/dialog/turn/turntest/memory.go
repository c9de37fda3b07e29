package turntest

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

// Memory is a live store and an archive in memory, shared by any number of
// replicas. Leases run on real time, which is a test's own under synctest.
type Memory struct {
	mu         sync.Mutex
	live       *live
	server     int
	replicas   int
	commits    int
	tell       []func()
	rows       map[chat.Conversation]turn.Record
	messages   map[chat.Conversation][]turn.Entry
	erased     map[chat.Conversation]int64
	mark       string
	owner      string
	marks      int
	quarantine map[string]turn.Casualty
	told       []func(turn.Hint)
	anew       []func() // whoever is told, that it begins again
}

// live is what a loss of the live store loses.
type live struct {
	mark     string
	rows     map[chat.Conversation]*row
	due      map[chat.Conversation]time.Time
	dirty    map[chat.Conversation]bool
	archiver string
	archives time.Time // until when the archiver holds the dirty ones
}

// row is one live conversation.
type row struct {
	turn.Record
	mark    string
	by      string // the commit that made the revision
	log     []turn.Entry
	holder  string // of the delivery lease
	lease   time.Time
	hold    time.Time
	covered int64
	floor   turn.Position // the log is whole after it
	changed time.Time
}

func (r *row) unsent() bool { return r.Cursor.Before(r.Tail) }

// NewMemory returns empty stores.
func NewMemory() *Memory {
	return &Memory{
		live: newLive(), rows: map[chat.Conversation]turn.Record{}, messages: map[chat.Conversation][]turn.Entry{},
		erased: map[chat.Conversation]int64{}, quarantine: map[string]turn.Casualty{},
	}
}

func newLive() *live {
	return &live{rows: map[chat.Conversation]*row{}, due: map[chat.Conversation]time.Time{}, dirty: map[chat.Conversation]bool{}}
}

// Wipe empties the live store, as FLUSHALL does: its server stays the same.
func (m *Memory) Wipe() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.live = newLive()
}

// Restart gives the live store's server a new identity; its data stay.
func (m *Memory) Restart() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.restarted()
}

// restarted breaks every connection: calls in flight fail, and whoever has
// asked is told before his next one.
func (m *Memory) restarted() {
	m.server++
	for _, tell := range m.tell {
		tell()
	}
	for _, anew := range m.anew {
		anew()
	}
}

// Copy keeps the live store as it is now; the function that it returns puts
// that back under a new identity, as a failover to a lagging copy does.
func (m *Memory) Copy() (rollBack func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.live.clone()
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.live = kept.clone()
		m.restarted()
	}
}

func (l *live) clone() *live {
	c := *l
	c.rows, c.due, c.dirty = map[chat.Conversation]*row{}, maps.Clone(l.due), maps.Clone(l.dirty)
	for name, r := range l.rows {
		copied := *r
		copied.log = slices.Clone(r.log)
		c.rows[name] = &copied
	}
	return &c
}

// Erase forgets a conversation for good: its next life begins above floor.
func (m *Memory) Erase(c chat.Conversation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	floor := m.rows[c].Revision
	if r := m.live.rows[c]; r != nil {
		floor = max(floor, r.Revision)
	}
	m.erased[c] = floor
	delete(m.rows, c)
	delete(m.messages, c)
	m.live.forget(c)
}

func (l *live) forget(c chat.Conversation) {
	delete(l.rows, c)
	delete(l.due, c)
	delete(l.dirty, c)
}

// Log returns the whole log of a conversation, archived and live.
func (m *Memory) Log(c chat.Conversation) []turn.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Clone(m.messages[c])
	if r := m.live.rows[c]; r != nil {
		for _, e := range r.log {
			all = insert(all, e)
		}
	}
	return all
}

// Live returns the record in the live store.
func (m *Memory) Live(c chat.Conversation) (turn.Record, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.live.rows[c]; r != nil {
		return r.Record, true
	}
	return turn.Record{}, false
}

// Change lets a test spoil a live record.
func (m *Memory) Change(c chat.Conversation, do func(*turn.Record)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	do(&m.live.rows[c].Record)
}

// Clean reports whether the archive holds everything.
func (m *Memory) Clean() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.live.dirty) == 0
}

// Casualty returns what is in quarantine under an ID.
func (m *Memory) Casualty(id string) (turn.Casualty, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.quarantine[id]
	return c, ok
}

// Casualties lists the IDs of what is in quarantine.
func (m *Memory) Casualties() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.quarantine))
}

// insert keeps a log in order and every position once; what is there stays.
func insert(log []turn.Entry, e turn.Entry) []turn.Entry {
	i, found := slices.BinarySearchFunc(log, e, func(a, b turn.Entry) int {
		switch {
		case a.Position.Before(b.Position):
			return -1
		case b.Position.Before(a.Position):
			return 1
		default:
			return 0
		}
	})
	if found {
		return log
	}
	return slices.Insert(log, i, e)
}

// Trouble is what befalls a call.
type Trouble uint8

// The troubles.
const (
	// Fine: the call is carried out and answered.
	Fine Trouble = iota
	// Refused: the call fails and changes nothing.
	Refused
	// Lost: the call is carried out, but its answer is lost.
	Lost
)

// Call is one use of a port.
type Call struct {
	// Name of the method: "Commit"; those of two ports that share one are
	// told apart: "Marks.Mark".
	Name         string
	Conversation chat.Conversation
}

// Replica is the stores as one process sees them. It implements every port.
type Replica struct {
	m       *Memory
	name    string
	mu      sync.Mutex
	dead    bool
	trouble func(Call) Trouble
}

// Replica returns the stores for one more process.
func (m *Memory) Replica() *Replica {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.replicas++
	return &Replica{m: m, name: strconv.Itoa(m.replicas)}
}

// OnRestart calls back when the live store's server is another one, before
// anything is asked of that: turn.Engine.Suspect.
func (r *Replica) OnRestart(tell func()) {
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	r.m.tell = append(r.m.tell, tell)
}

// Trouble sets what befalls the calls to come; it may also wait.
func (r *Replica) Trouble(of func(Call) Trouble) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.trouble = of
}

// Kill ends the process, as far as the stores can see: from now on its calls
// are refused.
func (r *Replica) Kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dead = true
}

// Dead reports whether the process was killed.
func (r *Replica) Dead() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.dead
}

var errAway = fault.New(fault.Unavailable, "store is away")

// call carries out one use of a port, with its trouble.
func (r *Replica) call(ctx context.Context, name string, c chat.Conversation, effect func(m *Memory, l *live)) error {
	r.mu.Lock()
	trouble := r.trouble
	r.mu.Unlock()
	r.m.mu.Lock()
	server := r.m.server
	r.m.mu.Unlock()
	what := Fine
	if trouble != nil {
		what = trouble(Call{name, c})
	}
	if what == Refused || ctx.Err() != nil || r.Dead() && what != Lost {
		return errAway
	}
	r.m.mu.Lock()
	defer r.m.mu.Unlock()
	if server != r.m.server {
		return errAway
	}
	effect(r.m, r.m.live)
	if what == Lost {
		return errAway
	}
	return nil
}
