package dialog

import (
	"context"
	"slices"
	"strings"
	"time"

	"okoshko/core/chat"
)

// Errand is a command that a customer gave and that waits until he has gone
// through a scenario.
type Errand struct {
	Through string `json:"t"`
	// Command with its argument, "bill.month:2026-10".
	Command string    `json:"c"`
	At      time.Time `json:"a"`
}

// Through returns the choice that opens a scenario which the customer has to go
// through before a command, "bill.month:2026-10", can be carried out. The command
// waits, for as long as drafts do, and follows by itself when that scenario ends
// with Passed; it is forgotten when it ends otherwise.
func (t *Turn) Through(scenario, command string) chat.Choice {
	if !t.Offers(command) {
		t.fail("%s waits for %s, but is no command", command, scenario)
		return chat.Choice{}
	}
	t.state.Errand = &Errand{Through: scenario, Command: command, At: t.Event.Now}
	return t.Scenario(scenario)
}

// begun returns the scenario that the last message offers to go through, if the
// text is what it asks for first.
func (t *Turn) begun() *Scenario {
	e := t.state.Errand
	if e == nil {
		return nil
	}
	s := t.book.scenarios[e.Through]
	if s == nil || s.Begins == nil || !slices.Contains(t.state.Offer, commandToken(e.Through, "")) || !s.Begins(t.Text) {
		return nil
	}
	return s
}

// Offers reports whether the house has a scenario or a command, here and on the
// customer's channel, "bill.month:2026-10".
func (t *Turn) Offers(command string) bool {
	name, _, _ := strings.Cut(command, ":")
	return t.Scenario(name).Label != "" || t.Command(name, "").Label != ""
}

// Latest is what the customer is at: the scenario that he opened last, or the
// command that waits for it, "bill.month:2026-10"; "" if he has opened none. The
// menu, the desk and the way elsewhere do not count.
func (t *Turn) Latest() string {
	if e := t.state.Errand; e != nil && e.Through == t.state.Latest {
		return e.Command
	}
	return t.state.Latest
}

// passed ends a form that has come to what it was opened for: the command that
// has waited for it follows, and offers what is to be chosen next.
func (t *Turn) passed(ctx context.Context, f *Frame) error {
	e := t.state.Errand
	if e == nil || e.Through != f.Scenario || t.Event.Now.Sub(e.At) >= t.book.house.SetAsideAfter {
		return t.close(ctx, f)
	}
	t.state.Errand = nil
	for _, m := range t.said {
		m.Choices = nil
	}
	return t.leave(ctx, f, e.Command)
}
