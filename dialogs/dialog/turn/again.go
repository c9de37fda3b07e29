package turn

import (
	"context"
	"encoding/json"
	"time"

	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// ErrNotAgain says that what was put aside cannot be taken once more: it was nothing
// that a customer did, or is not there whole. It is of kind fault.Conflict.
var ErrNotAgain error = &fault.Error{Kind: fault.Conflict, Key: "casualty_final"}

// keptEvent is an event as quarantine keeps it. The kind stands in it by its name.
type keptEvent struct {
	Kind  string       `json:"kind"`
	Event dialog.Event `json:"event"`
}

// aside is what quarantine keeps of an event: all that it takes to take it again.
func aside(ev dialog.Event) []byte {
	kept, err := json.Marshal(keptEvent{ev.Kind.String(), ev})
	if err != nil {
		return []byte(ev.Text)
	}
	return kept
}

// Event returns the event that was put aside, and false for what was none: an update
// that no channel could read.
func (c Casualty) Event() (dialog.Event, bool) {
	var kept keptEvent
	if json.Unmarshal(c.Payload, &kept) != nil || kept.Kind == "" || kept.Event.ID == "" {
		return dialog.Event{}, false
	}
	kind, ok := dialog.ParseKind(kept.Kind)
	kept.Event.Kind = kind
	return kept.Event, ok
}

// oldest is how far back the time of an event counts (design §2).
const oldest = 24 * time.Hour

// Again takes an event of a customer's once more that was put aside, as one of its
// own: taken twice, it is taken once. ok is false if it failed again, and stands in
// quarantine under that new name. The errors are ErrNotAgain and those of Take.
func (e *Engine) Again(ctx context.Context, c Casualty) (ok bool, err error) {
	ev, found := c.Event()
	if !found || !ev.Kind.FromCustomer() || ev.Conversation == "" {
		return false, ErrNotAgain
	}
	ev.ID, ev.Now = "again:"+c.ID, e.now()
	if ev.Now.Sub(ev.At) > oldest {
		ev.At = ev.Now
	}
	start := time.Now()
	_, result, err := e.take(ctx, ev)
	e.meter.Turn(ev.Kind.String(), result, time.Since(start))
	return err == nil && result != "apologised", err
}
