package turn

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
)

// How often the background looks, and how much it takes at a time.
const (
	sweepEvery   = 250 * time.Millisecond
	sweepAtMost  = 100 // conversations a partition
	sweepWorkers = 64
	archiveEvery = time.Second // folds the turns of a lively conversation into one copy
	archiveBatch = 128
	archiveBurst = 32 // of a batch, in one trip: the store serves nobody else meanwhile
	markEvery    = 2 * time.Second
)

// Start agrees with the live store on its generation; turns may then be taken.
func (e *Engine) Start(ctx context.Context) error { return e.refreshMark(ctx) }

// Suspect tells the engine that the live store may have lost something: its
// server restarted or failed over.
func (e *Engine) Suspect() { e.generation.doubts.Add(1) }

// Run sweeps, archives and watches the generation until ctx ends. It then
// waits for deliveries and commands under way.
func (e *Engine) Run(ctx context.Context) error {
	var loops sync.WaitGroup
	loops.Go(func() { e.every(ctx, sweepEvery, e.sweep) })
	loops.Go(func() { e.every(ctx, archiveEvery, e.archive) })
	loops.Go(func() { e.every(ctx, markEvery, e.watchMark) })
	loops.Go(func() { e.every(ctx, recallFor, e.recollections.age) })
	loops.Wait()
	select {
	case <-e.work.done():
	case <-time.After(drainFor):
	}
	e.stop() // sends and commands under way end, and couriers give their leases back
	select {
	case <-e.work.done():
	case <-time.After(windUpFor): // what is unfinished is found by the next replica
	}
	return nil
}

// drainFor is how long a stop waits for deliveries and commands under way,
// windUpFor how long for those that it has cut short.
const (
	drainFor  = 6 * time.Second
	windUpFor = 2 * time.Second
)

// every calls do again and again; at once when do says that there is more.
func (e *Engine) every(ctx context.Context, pause time.Duration, do func(context.Context) (more bool, err error)) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		more, err := do(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			e.log.Warn("background work put off", "error", err) // once per trouble
		}
		failing = err != nil
		wait := pause
		if more && err == nil {
			wait = 0
		}
		timer.Reset(wait)
	}
}

// sweep serves the conversations whose time has come.
func (e *Engine) sweep(ctx context.Context) (bool, error) {
	due, err := e.Agenda.Due(ctx, e.now(), sweepAtMost)
	if err != nil {
		return false, fmt.Errorf("list due conversations: %w", err)
	}
	e.meter.Swept(len(due))
	for _, c := range due {
		if _, busy := e.visiting.LoadOrStore(c, true); busy {
			continue
		}
		select {
		case e.slots <- struct{}{}:
		case <-ctx.Done():
			e.visiting.Delete(c)
			return false, nil
		}
		e.work.start(func() {
			defer func() { e.visiting.Delete(c); <-e.slots }()
			if err := e.visit(ctx, c); err != nil && ctx.Err() == nil {
				e.log.Debug("visit put off", "conversation", string(c), "error", err)
			}
		})
	}
	return false, nil
}

// visit gives a due conversation what it waits for: delivery, the end of a
// command, a timer, or rest.
func (e *Engine) visit(ctx context.Context, c chat.Conversation) error {
	claimed, err := e.claim(ctx, c)
	if err != nil || !claimed {
		return err
	}
	had, err := e.load(ctx, c)
	if err != nil {
		return err
	}
	st, err := dialog.Decode(had.State)
	if err != nil { // it can keep no promise: the turn puts it aside and says so
		return e.ring(ctx, c, unreadable, dialog.Timeout{Revision: had.Revision})
	}
	e.carryOutAll(c, st)
	now := e.now()
	if name, t, ok := st.NextTimer(); ok && !t.At.After(now) {
		return e.ring(ctx, c, name, t)
	}
	if len(st.Pending()) > 0 {
		return nil // its result sets a new due time; without one the claim runs out and we come again
	}
	if gone, err := e.Backlog.Evict(ctx, c, now.Add(-KeepFor)); gone || err != nil {
		return err
	}
	return e.Agenda.Settle(ctx, c, now, KeepFor)
}

// unreadable is the timer that rings for a state which cannot be decoded.
const unreadable = "unreadable"

// claim takes the conversation, and its delivery if nobody else has it.
func (e *Engine) claim(ctx context.Context, c chat.Conversation) (bool, error) {
	leave, err := e.gates.enter(ctx, c)
	if err != nil {
		return false, err
	}
	defer leave()
	if e.couriers.active(c) {
		return false, nil
	}
	asked := time.Now()
	deliver, ok, err := e.Agenda.Claim(ctx, c, e.now())
	if err != nil || !ok {
		return false, err
	}
	if channel := e.Channels[c.Channel()]; deliver && channel != nil {
		e.fetchAndDeliver(c, channel, asked)
	}
	return true, nil
}

// ring brings a timer into the dialog.
func (e *Engine) ring(ctx context.Context, c chat.Conversation, name string, t dialog.Timeout) error {
	now := e.now()
	_, err := e.Take(ctx, dialog.Event{
		ID:           fmt.Sprintf("timer:%s:%s:%d", c, name, t.Revision),
		Conversation: c, Kind: dialog.Timer, Text: name, At: now, Now: now,
	})
	return err
}

// archive copies what has changed.
func (e *Engine) archive(ctx context.Context) (bool, error) {
	dirty, err := e.Backlog.Dirty(ctx, archiveBatch)
	if err != nil || len(dirty) == 0 {
		return false, err
	}
	for part := range slices.Chunk(dirty, archiveBurst) {
		if err := e.copy(ctx, part); err != nil {
			return false, err
		}
	}
	return len(dirty) >= archiveBatch, nil
}

func (e *Engine) copy(ctx context.Context, dirty []chat.Conversation) error {
	chapters, err := e.Backlog.Read(ctx, dirty)
	if err != nil {
		return fmt.Errorf("read for the archive: %w", err)
	}
	if err := e.Archive.Save(ctx, chapters); err != nil {
		return fmt.Errorf("save to the archive: %w", err)
	}
	if err := e.Backlog.Archived(ctx, chapters, e.now().Add(-KeepFor)); err != nil {
		return fmt.Errorf("note what is archived: %w", err)
	}
	e.meter.Archived(len(chapters))
	return nil
}
