package transcript

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog"
)

// Window is the desk in memory: the transcript's own conversation and those who
// called before it. Nobody sits there until somebody is told to come.
type Window struct {
	handoffs []desk.Handoff
	changes  []desk.Change
	counts   map[int64]int
	effects  map[string]desk.Standing
	present  int
}

// own is the conversation of the stage.
const own chat.Conversation = "test:1"

// NewWindow returns a desk in memory.
func NewWindow() *Window {
	return &Window{counts: map[int64]int{}, effects: map[string]desk.Standing{}}
}

func (w *Window) open(c chat.Conversation) *desk.Handoff {
	i := slices.IndexFunc(w.handoffs, func(h desk.Handoff) bool { return h.Conversation == c && h.State != desk.Closed })
	if i < 0 {
		return nil
	}
	return &w.handoffs[i]
}

func (w *Window) change(h *desk.Handoff, did desk.Did, by *desk.Member) {
	w.counts[h.ID]++
	w.changes = append(w.changes, desk.Change{
		Handoff: h.ID, Number: w.counts[h.ID], Conversation: h.Conversation, Did: did, By: by,
	})
}

func (w *Window) call(c chat.Conversation, at time.Time) desk.Standing {
	h, again := w.open(c), true
	if h == nil {
		w.handoffs = append(w.handoffs, desk.Handoff{
			ID: int64(len(w.handoffs) + 1), Conversation: c, State: desk.Waiting, Since: at,
		})
		h, again = &w.handoffs[len(w.handoffs)-1], false
		w.change(h, desk.Called, nil)
	}
	s := desk.Standing{Handoff: h.ID, Again: again, Present: w.present}
	for _, o := range w.handoffs {
		if h.State == desk.Waiting && o.State == desk.Waiting && o.ID <= h.ID {
			s.Place++
		}
	}
	return s
}

// CallDesk implements operator.Desk.
func (w *Window) CallDesk(_ context.Context, e dialog.Effect) (desk.Standing, error) {
	if _, done := w.effects[e.ID]; !done {
		w.effects[e.ID] = w.call(e.Conversation, e.At)
	}
	return w.effects[e.ID], nil
}

// LeaveDesk implements operator.Desk.
func (w *Window) LeaveDesk(_ context.Context, e dialog.Effect) (desk.Standing, error) {
	h := w.open(e.Conversation)
	if h == nil {
		return w.effects[e.ID], nil
	}
	h.State = desk.Closed
	w.change(h, desk.Left, nil)
	w.effects[e.ID] = desk.Standing{Handoff: h.ID}
	return w.effects[e.ID], nil
}

// File ends a hand-off of a conversation that waits, because a case was filed
// instead; false for any other.
func (w *Window) File(c chat.Conversation, handoff int64, n appeal.Number) bool {
	h := w.open(c)
	if h == nil || h.ID != handoff || h.State != desk.Waiting {
		return false
	}
	h.State = desk.Closed
	w.change(h, desk.Filed, nil)
	w.changes[len(w.changes)-1].Case = n
	return true
}

// happened returns what has happened to the transcript's own hand-off since the
// last call.
func (w *Window) happened() []desk.Change {
	out := w.changes
	w.changes = nil
	return slices.DeleteFunc(out, func(c desk.Change) bool { return c.Conversation != own })
}

// order makes the staff do something; "queue" makes somebody else call.
func (w *Window) order(what string, now time.Time) error {
	h := w.open(own)
	switch what {
	case "queue":
		w.call(chat.Conversation(fmt.Sprintf("test:%d", len(w.handoffs)+2)), now)
		return nil
	case "come":
		w.present++
		return nil
	case "go":
		w.present--
		return nil
	}
	if h == nil {
		return errors.New("nobody has called")
	}
	switch what {
	case "take":
		h.State, h.Holder = desk.Held, &Anna
		w.change(h, desk.Taken, &Anna)
	case "return":
		h.State = desk.Closed
		w.change(h, desk.Returned, &Anna)
	case "close":
		h.State = desk.Closed
		w.change(h, desk.Ended, &Anna)
	default:
		return fmt.Errorf("no order %q", what)
	}
	return nil
}

// Handling is how long a dialog is expected to last.
const Handling = 7 * time.Minute

// Hours are those of the contact centre (spec §5.1).
func Hours(zone *time.Location) calendar.Hours {
	week, err := calendar.ParseWeek("Mon-Fri 08:00-20:00; Sat 09:00-15:00")
	if err != nil {
		panic(err)
	}
	return calendar.Hours{Week: week, Production: calendar.Published(), Zone: zone}
}
