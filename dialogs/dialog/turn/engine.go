// Package turn carries dialogs out. Every source of events is a durable queue
// already, so an event is acknowledged only after its commit:
//
//	load → step → commit (compare and set) → acknowledge → do → deliver
//
// A turn that loses the race for a commit loads and steps again; one that follows
// a turn of the same process need not load (see recollections). What must
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
	"time"

	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// Meter counts what the engine does. Methods must not block.
type Meter interface {
	// Turn is one event taken: its kind, what became of it ("taken", "seen",
	// "nothing", "refused", "apologised", "unavailable"), how long it took to its commit.
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
	History       History
	// Channels by name. A conversation of a channel that is missing here is
	// read from the log by its client; nothing is sent.
	Channels map[string]Channel
	// Readers are the channels whose clients read the log themselves, by what
	// they can show.
	Readers map[string]chat.Caps
}

// Engine takes turns. Make it with New, run its background work with Run.
type Engine struct {
	Ports
	book  *dialog.Book
	now   func() time.Time // the program's clock; leases and time-outs use real time
	log   *slog.Logger
	meter Meter

	queues     *gates // customers' events, from their arrival to their commit
	gates      *gates // every turn, from loading to the hand-over to delivery
	couriers   *couriers
	effects    effects
	generation generation
	visiting   sync.Map // conversations that the sweeper is at
	slots      chan struct{}
	work       work // deliveries, commands and visits under way
	base       context.Context
	stop       context.CancelFunc

	recollections recollections
}

// New returns an engine that is ready to take turns once Start has succeeded.
func New(book *dialog.Book, ports Ports, now func() time.Time, log *slog.Logger, meter Meter) *Engine {
	e := &Engine{Ports: ports, book: book, now: now, log: log, meter: meter}
	e.queues, e.gates, e.couriers = newGates(), newGates(), newCouriers()
	e.generation.turn = make(chan struct{}, 1)
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
// fault.Unavailable asks for the event again later, desk.ErrNotHolder refuses one
// of a member of staff; there is no other.
func (e *Engine) Take(ctx context.Context, ev dialog.Event) (Ack, error) {
	start := time.Now()
	ack, result, err := e.take(ctx, ev)
	e.meter.Turn(ev.Kind.String(), result, time.Since(start))
	return ack, err
}

func (e *Engine) take(ctx context.Context, ev dialog.Event) (Ack, string, error) {
	if ev.Kind.FromCustomer() { // in the order of their coming, though one may wait for a command
		leave, err := e.queues.enter(ctx, ev.Conversation)
		if err != nil {
			return Ack{}, "unavailable", err
		}
		defer leave()
	}
	leave, err := e.gates.enter(ctx, ev.Conversation)
	if err != nil {
		return Ack{}, "unavailable", err
	}
	defer func() { leave() }()
	waited, failures := !ev.Kind.FromCustomer() && ev.Kind != dialog.Desk, 0
	for attempt := range attempts {
		had, st, unread, err := e.find(ctx, ev.Conversation, attempt == 0)
		if err != nil {
			return Ack{}, "unavailable", err
		}
		if revision, ok := seenAt(had.Seen, ev.ID); ok {
			if had.by != "" {
				continue // what it still owes is known to the store alone
			}
			e.pickUp(ctx, had, st)
			ack := Ack{Position: Position{revision, 0}}
			if ev.Kind == dialog.Press && unread == nil {
				ack.Toast = e.book.ToastAgain(st, ev.ID, revision == 0)
			}
			return ack, "seen", nil
		}
		if !waited && unread == nil && len(st.Pending()) > 0 {
			waited = true
			leave()
			again := e.letFinish(ctx, ev.Conversation, st)
			if leave, err = e.gates.enter(ctx, ev.Conversation); err != nil {
				leave = func() {}
				return Ack{}, "unavailable", err
			}
			if again {
				continue
			}
		}
		out, result, err := e.step(ctx, had, st, unread, ev, &failures)
		switch {
		case errors.Is(err, errAgain):
			continue
		case had.by != "" && (errors.Is(err, desk.ErrNotHolder) || err == nil && out.State == nil):
			continue // it may mean something by now
		case errors.Is(err, desk.ErrNotHolder):
			return Ack{}, "refused", err
		case err != nil:
			return Ack{}, "unavailable", err
		case out.State == nil:
			return Ack{}, "nothing", nil
		}
		won, err := e.commit(ctx, had, ev, out)
		switch {
		case err != nil && ctx.Err() != nil:
			return Ack{}, "unavailable", fault.Wrap(fault.Unavailable, err)
		case err != nil: // it may stand: the next load tells
			e.log.Warn("answer to commit lost", "conversation", string(ev.Conversation), "error", err)
		case won:
			return Ack{Position{standing(had, ev, out), 0}, out.Toast}, result, nil
		}
		e.meter.Conflict()
	}
	return Ack{}, "unavailable", fault.New(fault.Unavailable, "conversation is too busy")
}

// standing is the revision at which the event stands in the log; 0 for one that
// stands nowhere: a press that was refused, a language.
func standing(had loaded, ev dialog.Event, out dialog.Outcome) int64 {
	if out.Refused || ev.Kind == dialog.Speaks {
		return 0
	}
	return had.next
}

// pickUp starts what an earlier commit has promised and this replica may do at
// once: its replies, if the lease is still its own, and its commands.
func (e *Engine) pickUp(ctx context.Context, had loaded, st *dialog.State) {
	c := had.Conversation
	if channel := e.Channels[c.Channel()]; channel != nil && had.Cursor.Before(had.Tail) && !e.couriers.active(c) {
		asked := time.Now()
		if mine, err := e.Outbox.Renew(ctx, c); err == nil && mine {
			e.fetchAndDeliver(c, channel, asked)
		}
	}
	if st != nil {
		e.carryOutAll(c, st)
	}
}

var errAgain = errors.New("step again")

// step takes the event through the book. A step that fails twice is our
// mistake: the event goes to quarantine and the customer gets an apology. So
// is a state that cannot be read: it would silence the customer for ever.
func (e *Engine) step(ctx context.Context, had loaded, st *dialog.State, unread error, ev dialog.Event, failures *int) (dialog.Outcome, string, error) {
	if ev.Kind == dialog.Reset {
		if st == nil || unread != nil {
			st, _ = dialog.Decode(nil)
		}
		return e.book.Restart(st, ev), "taken", nil
	}
	err := unread
	if err == nil {
		var out dialog.Outcome
		out, err = e.book.Step(ctx, st, had.next, ev)
		if err == nil {
			return out, "taken", nil
		}
		if errors.Is(err, desk.ErrNotHolder) {
			return dialog.Outcome{}, "", err
		}
		if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return dialog.Outcome{}, "", fault.Wrap(fault.Unavailable, err)
		}
		if *failures++; *failures < 2 {
			return dialog.Outcome{}, "", errAgain
		}
	}
	e.log.Error("step failed", "event", ev.ID, "kind", ev.Kind.String(), "error", err)
	if err := e.putAside(ctx, ev, err); err != nil {
		return dialog.Outcome{}, "", err
	}
	before, err := dialog.Decode(had.State) // the failed step has changed st
	if err != nil {
		before, _ = dialog.Decode(nil)
	}
	return e.book.Apologise(before, ev), "apologised", nil
}

// putAside quarantines an event that no step can take.
func (e *Engine) putAside(ctx context.Context, ev dialog.Event, cause error) error {
	err := e.Quarantine.Put(ctx, Casualty{
		ID: ev.ID, Conversation: ev.Conversation, At: ev.Now,
		Cause: fmt.Sprintf("step on %s: %v", ev.Kind, cause), Payload: aside(ev),
	})
	if err != nil {
		return fault.Wrap(fault.Unavailable, fmt.Errorf("quarantine event: %w", err))
	}
	return nil
}

// commit writes the turn and hands its replies and its command over. It
// reports false when another commit was first.
func (e *Engine) commit(ctx context.Context, had loaded, ev dialog.Event, out dialog.Outcome) (bool, error) {
	state, err := out.State.Encode()
	if err != nil {
		return false, err
	}
	channel := e.Channels[ev.Conversation.Channel()]
	caps, read := e.Readers[ev.Conversation.Channel()]
	if channel != nil {
		caps = channel.Caps()
	}
	log, parcels, err := entries(ev, out, had.next, caps)
	if err != nil {
		return false, err
	}
	c := Commit{
		Conversation: ev.Conversation, Base: had.Revision, After: had.by, Revision: had.next,
		State: state, Seen: remember(had.Seen, standing(had, ev, out), ev.ID), Holder: out.State.Holder(),
		Entries: log, Due: e.due(out.State), Now: e.now(), InChat: ev.Kind.InChat(), Mark: had.Mark,
	}
	c.Followed = read || had.Holder != "" || c.Holder != ""
	if channel != nil && len(parcels) > 0 {
		c.Tail = parcels[len(parcels)-1].position
	}
	asked := time.Now()
	made, err := e.Conversations.Commit(ctx, c)
	switch {
	case err != nil:
		return false, fmt.Errorf("commit turn: %w", err)
	case made.Verdict == Moved:
		if had.by != "" {
			e.recollections.distrust()
		}
		return false, nil
	case made.Verdict == OtherMark:
		return false, e.refreshMark(ctx)
	}
	if c.InChat {
		e.couriers.covered(c.Conversation, had.next)
	}
	if (made.Verdict == WonDelivery || made.Verdict == WonBehind) && channel != nil {
		e.handOver(channel, had.Tail, c, made, parcels, asked)
	}
	e.remember(had, c, made.By, out.State)
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
