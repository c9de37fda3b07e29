// Package turn carries dialogs out. Every source of events is a durable queue
// already, so an event is acknowledged only after its commit:
//
//	load → step → commit (compare and set) → acknowledge → do → deliver
//
// A turn that loses the race for a commit loads and steps again. What must
// follow a commit, a command or a delivery, is promised by it and found again
// by the sweeper after a crash. Nothing in this package holds a lock in a
// store.
package turn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// Meter counts what the engine does. Methods must not block.
type Meter interface {
	// Turn is one event taken: its kind, what became of it ("taken", "seen",
	// "nothing", "apologised", "unavailable"), how long it took to its commit.
	Turn(kind, result string, took time.Duration)
	// Conflict is a commit that lost its race.
	Conflict()
	// Sent is one reply handed to a channel, and its fate.
	Sent(channel, fate string, took time.Duration)
	// Command is one run of a command: "done", "unavailable", "failed".
	Command(name, result string, took time.Duration)
	// Swept is how many conversations a sweep found due.
	Swept(due int)
	// Archived is how many conversations were copied to the archive.
	Archived(n int)
}

// Ports are the outside that the engine stands on.
type Ports struct {
	Conversations Conversations
	Outbox        Outbox
	Agenda        Agenda
	Backlog       Backlog
	Archive       Archive
	Marks         Marks
	Quarantine    Quarantine
	// Channels by name. A conversation of a channel that is missing here is
	// read from the log by its client; nothing is sent.
	Channels map[string]Channel
}

// Engine takes turns. Make it with New, run its background work with Run.
type Engine struct {
	Ports
	book  *dialog.Book
	now   func() time.Time // the program's clock; leases and time-outs use real time
	log   *slog.Logger
	meter Meter

	gates    *gates
	couriers *couriers
	effects  effects
	mark     atomic.Pointer[string]
	suspect  atomic.Bool
	visiting sync.Map // conversations that the sweeper is at
	slots    chan struct{}
	work     sync.WaitGroup // deliveries, commands and visits under way
	base     context.Context
	stop     context.CancelFunc
}

// New returns an engine that is ready to take turns once Start has succeeded.
func New(book *dialog.Book, ports Ports, now func() time.Time, log *slog.Logger, meter Meter) *Engine {
	e := &Engine{Ports: ports, book: book, now: now, log: log, meter: meter, gates: newGates(), couriers: newCouriers()}
	e.effects.running = map[string]*run{}
	e.slots = make(chan struct{}, sweepWorkers)
	e.base, e.stop = context.WithCancel(context.Background())
	return e
}

// Ack is what the source of an event is told.
type Ack struct {
	// Position of the event in the log; zero if it left no trace there.
	Position Position
	// Toast answers a press; it may be empty.
	Toast string
}

// attempts is how often a turn is stepped before its source is asked to come
// again.
const attempts = 5

// patience is how long an event waits for a command that its conversation is
// carrying out.
const patience = 2 * time.Second

// Take takes one event. When it returns nil, the event is committed, or was
// before, or means nothing: it may be acknowledged. An error of kind
// fault.Unavailable asks for the event again later; there is no other.
func (e *Engine) Take(ctx context.Context, ev dialog.Event) (Ack, error) {
	start := time.Now()
	ack, result, err := e.take(ctx, ev)
	e.meter.Turn(ev.Kind.String(), result, time.Since(start))
	return ack, err
}

func (e *Engine) take(ctx context.Context, ev dialog.Event) (Ack, string, error) {
	leave := e.gates.enter(ev.Conversation)
	defer func() { leave() }()
	waited, failures := !ev.Kind.FromCustomer(), 0
	for range attempts {
		snap, err := e.load(ctx, ev.Conversation)
		if err != nil {
			return Ack{}, "unavailable", err
		}
		if revision, ok := seenAt(snap.Seen, ev.ID); ok {
			return Ack{Position: Position{revision, 0}}, "seen", nil
		}
		st, err := dialog.Decode(snap.State)
		if err == nil && !waited && len(st.Pending()) > 0 {
			waited = true
			leave()
			err := e.letFinish(ctx, ev.Conversation, st)
			leave = e.gates.enter(ev.Conversation)
			if err != nil {
				return Ack{}, "unavailable", err
			}
			continue
		}
		out, result, err := e.step(ctx, snap, st, err, ev, &failures)
		switch {
		case errors.Is(err, errAgain):
			continue
		case err != nil:
			return Ack{}, "unavailable", err
		case out.State == nil:
			return Ack{Toast: out.Toast}, "nothing", nil
		}
		won, err := e.commit(ctx, snap, ev, out)
		if err != nil {
			return Ack{}, "unavailable", fault.Wrap(fault.Unavailable, err)
		}
		if won {
			return Ack{Position: Position{snap.Revision + 1, 0}, Toast: out.Toast}, result, nil
		}
		e.meter.Conflict()
	}
	return Ack{}, "unavailable", fault.New(fault.Unavailable, "conversation is too busy")
}

var errAgain = errors.New("step again")

// step takes the event through the book. A step that fails twice is our
// mistake: the event goes to quarantine and the customer gets an apology. So
// is a state that cannot be read: it would silence the customer for ever.
func (e *Engine) step(ctx context.Context, snap Snapshot, st *dialog.State, unread error, ev dialog.Event, failures *int) (dialog.Outcome, string, error) {
	err := unread
	if err == nil {
		var out dialog.Outcome
		out, err = e.book.Step(ctx, st, snap.Revision+1, ev)
		if err == nil {
			return out, "taken", nil
		}
		if fault.Is(err, fault.Unavailable) {
			return dialog.Outcome{}, "", err
		}
		if *failures++; *failures < 2 {
			return dialog.Outcome{}, "", errAgain
		}
	}
	e.log.Error("step failed", "event", ev.ID, "kind", ev.Kind.String(), "error", err)
	if err := e.putAside(ctx, ev, err); err != nil {
		return dialog.Outcome{}, "", err
	}
	before, err := dialog.Decode(snap.State) // the failed step has changed st
	if err != nil {
		before, _ = dialog.Decode(nil)
	}
	return e.book.Apologise(before, ev), "apologised", nil
}

// putAside quarantines an event that no step can take.
func (e *Engine) putAside(ctx context.Context, ev dialog.Event, cause error) error {
	err := e.Quarantine.Put(ctx, Casualty{
		ID: ev.ID, Conversation: ev.Conversation, At: ev.Now,
		Cause: fmt.Sprintf("step on %s: %v", ev.Kind, cause), Payload: []byte(ev.Text),
	})
	if err != nil {
		return fault.Wrap(fault.Unavailable, fmt.Errorf("quarantine event: %w", err))
	}
	return nil
}

// commit writes the turn and hands its replies and its command over. It
// reports false when another commit was first.
func (e *Engine) commit(ctx context.Context, snap Snapshot, ev dialog.Event, out dialog.Outcome) (bool, error) {
	state, err := out.State.Encode()
	if err != nil {
		return false, err
	}
	revision := snap.Revision + 1
	channel := e.Channels[ev.Conversation.Channel()]
	var caps chat.Caps
	if channel != nil {
		caps = channel.Caps()
	}
	log, parcels, err := entries(ev, out, revision, snap.Prompt, caps)
	if err != nil {
		return false, err
	}
	c := Commit{
		Conversation: ev.Conversation, Base: snap.Revision, Revision: revision,
		State: state, Seen: remember(snap.Seen, revision, ev.ID), Holder: snap.Holder,
		Entries: log, Due: e.due(out.State), Now: e.now(), InChat: ev.Kind.InChat(), Mark: e.currentMark(),
	}
	if channel != nil && len(parcels) > 0 {
		c.Tail = parcels[len(parcels)-1].position
	}
	verdict, err := e.Conversations.Commit(ctx, c)
	switch {
	case err != nil:
		return false, fmt.Errorf("commit turn: %w", err)
	case verdict == Moved:
		return false, nil
	case verdict == OtherMark:
		e.suspect.Store(true)
		return false, e.refreshMark(ctx)
	}
	if verdict == WonDelivery && channel != nil && len(parcels) > 0 {
		prompt := snap.Prompt
		if c.InChat {
			prompt = ""
		}
		e.handOver(ev.Conversation, channel, parcels, prompt)
	}
	if out.Run != nil {
		e.carryOut(ev.Conversation, out.Scenario, out.Run)
	}
	return true, nil
}

// commandGrace is how long after its commit a command that nobody has finished
// is looked at by the sweeper.
const commandGrace = 2 * time.Second

// due is when the state next wants attention.
func (e *Engine) due(st *dialog.State) time.Time {
	var due time.Time
	if _, t, ok := st.NextTimer(); ok {
		due = t.At
	}
	if len(st.Pending()) > 0 {
		if at := e.now().Add(commandGrace); due.IsZero() || at.Before(due) {
			due = at
		}
	}
	return due
}

// load returns the conversation, restored from the archive if the live store
// does not have it or has it from another generation.
func (e *Engine) load(ctx context.Context, c chat.Conversation) (Snapshot, error) {
	if e.suspect.Load() {
		if err := e.refreshMark(ctx); err != nil {
			return Snapshot{}, err
		}
	}
	for range attempts {
		snap, err := e.Conversations.Load(ctx, c)
		if err != nil {
			return Snapshot{}, fmt.Errorf("load conversation: %w", err)
		}
		if snap.Found && snap.Mark != e.currentMark() {
			if err := e.refreshMark(ctx); err != nil {
				return Snapshot{}, err
			}
		}
		if snap.Found && snap.Mark == e.currentMark() {
			return snap, nil
		}
		fresh, err := e.restore(ctx, snap, c)
		if err != nil {
			return Snapshot{}, err
		}
		if fresh { // nobody has ever heard of it
			return snap, nil
		}
	}
	return Snapshot{}, fault.New(fault.Unavailable, "conversation is being restored")
}

// leap is added to the revision of a restored conversation, so that no position
// that may have been given before the loss is given again.
const leap = 1 << 20

// restore brings a conversation into the live store: the newer of what the
// store and the archive know. It reports true when neither knows anything.
func (e *Engine) restore(ctx context.Context, snap Snapshot, c chat.Conversation) (bool, error) {
	row, known, err := e.Archive.Find(ctx, c)
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, fmt.Errorf("find archived conversation: %w", err))
	}
	if !known && !snap.Found {
		return true, nil
	}
	record, base := row, int64(0)
	var unsent []Entry
	if snap.Found {
		base = snap.Revision
	}
	if snap.Found && (!known || snap.Revision >= row.Revision) {
		record = snap.Record
	} else if row.Cursor.Before(row.Tail) {
		if unsent, err = e.archivedReplies(ctx, row); err != nil {
			return false, err
		}
	}
	record.Revision += leap
	if _, err := e.Conversations.Restore(ctx, base, record, unsent, e.currentMark()); err != nil {
		return false, fmt.Errorf("restore conversation: %w", err)
	}
	return false, nil
}

func (e *Engine) archivedReplies(ctx context.Context, row Record) ([]Entry, error) {
	const most = 1000
	log, err := e.Archive.Entries(ctx, row.Conversation, row.Cursor, most)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("read archived replies: %w", err))
	}
	replies := log[:0]
	for _, entry := range log {
		if entry.Kind == Said {
			replies = append(replies, entry)
		}
	}
	return replies, nil
}
