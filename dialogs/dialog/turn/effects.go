package turn

import (
	"context"
	"fmt"
	"sync"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// effects are the commands that this process is carrying out. Two replicas may
// carry out the same one: its effect ID makes it one fact.
type effects struct {
	sync.Mutex
	running map[string]*run
}

// run is one attempt at a command.
type run struct {
	began time.Time // on real time
	done  chan struct{}
}

// commandLimit is how long one attempt at a command may take.
const commandLimit = 30 * time.Second

// carryOut starts a command unless it is under way here, and returns its run.
func (e *Engine) carryOut(c chat.Conversation, scenario string, d *dialog.Doing) *run {
	e.effects.Lock()
	defer e.effects.Unlock()
	if r := e.effects.running[d.Effect]; r != nil {
		return r
	}
	r := &run{began: time.Now(), done: make(chan struct{})}
	promised := *d // d itself belongs to a state that goes on
	e.effects.running[promised.Effect] = r
	e.work.start(func() {
		defer func() {
			e.effects.Lock()
			delete(e.effects.running, promised.Effect)
			e.effects.Unlock()
			close(r.done)
		}()
		ctx, cancel := context.WithTimeout(e.base, commandLimit)
		defer cancel()
		e.do(ctx, c, scenario, &promised)
	})
	return r
}

// carryOutAll starts every command that the state has promised.
func (e *Engine) carryOutAll(c chat.Conversation, st *dialog.State) {
	for _, f := range st.Frames {
		if f.Doing != nil {
			e.carryOut(c, f.Scenario, f.Doing)
		}
	}
}

// do makes one attempt at a command and brings its result into the dialog. What
// fails for a time is tried again by the sweeper; the customer is told once.
func (e *Engine) do(ctx context.Context, c chat.Conversation, scenario string, d *dialog.Doing) {
	start := time.Now()
	name := scenario + "." + d.Action
	result, err := e.runCommand(ctx, c, scenario, d)
	ev := dialog.Event{Conversation: c, Text: d.Effect, At: d.At, Now: e.now()}
	switch {
	case err == nil:
		e.meter.Command(name, "done", time.Since(start))
		ev.ID, ev.Kind, ev.Result = "done:"+d.Effect, dialog.Done, result
	case fault.Is(err, fault.Unavailable) || ctx.Err() != nil:
		e.meter.Command(name, "unavailable", time.Since(start))
		e.log.Warn("command put off", "command", name, "effect", d.Effect, "error", err)
		if e.base.Err() != nil {
			return // we are stopping; another replica finishes it
		}
		ev.ID, ev.Kind = "delayed:"+d.Effect, dialog.Delayed
	default:
		e.meter.Command(name, "failed", time.Since(start))
		e.log.Error("command failed", "command", name, "effect", d.Effect, "error", err)
		ev.ID, ev.Kind = "failed:"+d.Effect, dialog.Failed
		if err := e.putAside(ctx, ev, err); err != nil {
			return // the sweeper comes back to it
		}
	}
	if _, err := e.Take(context.WithoutCancel(ctx), ev); err != nil {
		e.log.Warn("result of command put off", "command", name, "effect", d.Effect, "error", err)
	}
}

func (e *Engine) runCommand(ctx context.Context, c chat.Conversation, scenario string, d *dialog.Doing) (result []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("command panicked: %v", p)
		}
	}()
	return e.book.Run(ctx, scenario, dialog.Effect{ID: d.Effect, Conversation: c, At: d.At}, d)
}

// letFinish waits until the commands that the conversation has promised are
// done, at most until patience has passed since their beginning: the event is
// then stepped on their results. Who was told that it takes longer is not kept
// waiting again. It reports whether there was anything to wait for.
func (e *Engine) letFinish(ctx context.Context, c chat.Conversation, st *dialog.State) bool {
	waited := false
	for _, f := range st.Frames {
		if f.Doing == nil || f.Doing.Told {
			continue
		}
		waited = true
		r := e.carryOut(c, f.Scenario, f.Doing)
		timeout := time.NewTimer(time.Until(r.began.Add(patience)))
		select {
		case <-r.done:
		case <-timeout.C:
		case <-ctx.Done():
		}
		timeout.Stop()
	}
	return waited
}
