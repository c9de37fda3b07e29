// Package operator is the way to a person: the customer is told when people are
// there, his place and how long it may take; meanwhile he may go on with the
// bot, or leave. What follows, when somebody has come in, is the engine's.
package operator

import (
	"cmp"
	"context"
	"embed"
	"strconv"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// leaving is the only slot: set when the form was opened to leave the desk.
const leaving = dialog.Slot[bool]("leaving")

// wish is what the desk is asked for.
type wish struct {
	Leave bool `json:"l,omitempty"`
}

type scenario struct {
	desk     Desk
	hours    calendar.Hours
	handling time.Duration
}

// New returns the scenario. hours are those in which people answer, handling is
// how long a dialog lasts while the desk does not know; 0: no time is promised.
func New(d Desk, hours calendar.Hours, handling time.Duration) *dialog.Scenario {
	s := &scenario{desk: d, hours: hours, handling: handling}
	return &dialog.Scenario{
		Name: "operator", Version: 1, Words: words.Must(texts),
		Open: func(_ context.Context, t *dialog.Turn) error {
			leaving.Set(t, t.Argument() != "")
			return nil
		},
		Commands: []dialog.Command{
			{Name: "leave", Leaves: true, Do: func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, "leave") }},
		},
		Form: &dialog.Form{
			With:   func(t *dialog.Turn) any { return wish{leaving.Of(t.Answers)} },
			Submit: dialog.NewAction("ask", s.ask, s.answered),
		},
	}
}

// ask is one transaction of the desk.
func (s *scenario) ask(ctx context.Context, e dialog.Effect, w wish) (desk.Standing, error) {
	if w.Leave {
		return s.desk.LeaveDesk(ctx, e)
	}
	return s.desk.CallDesk(ctx, e)
}

// answered tells the customer where he stands. That he has left is said when
// the change of his hand-off comes in, so that it is said once.
func (s *scenario) answered(_ context.Context, t *dialog.Turn, at desk.Standing) (dialog.Move, error) {
	if at.Place > 0 {
		t.Wait(at.Handoff)
	}
	switch {
	case leaving.Of(t.Answers) && at.Handoff == 0:
		t.Release()
		t.Say("left").Offer(t.Menu())
	case leaving.Of(t.Answers):
	case at.Place == 0:
		t.Say("joining")
	case s.hours.Open(t.At()):
		said := t.Say(first(at.Again, "again", "called"), words.A("place", at.Place))
		at.Typical = cmp.Or(at.Typical, s.handling)
		said.Append(estimate(t, at)...).Append(t.Blocks("meanwhile", t.Contacts()...)...)
		offer(t, said)
	default:
		said := t.Say(first(at.Again, "closed_again", "closed"))
		offer(t, said.Append(s.opening(t)...).Offer(t.Command("appeal.ask", strconv.FormatInt(at.Handoff, 10))))
	}
	return dialog.Close, nil
}

func first(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func offer(t *dialog.Turn, said dialog.Said) {
	said.Offer(t.Command("operator.leave", ""), t.Menu())
}

// estimate says how long it may take, or why nobody can know.
func estimate(t *dialog.Turn, at desk.Standing) []chat.Block {
	wait, known := at.Wait()
	switch {
	case at.Present == 0:
		return t.Blocks("wait.nobody", t.Contacts()...)
	case !known:
		return t.Blocks("wait.unknown")
	case wait > time.Hour:
		return t.Blocks("wait.long")
	default:
		return t.Blocks("wait.about", words.A("n", int(wait/time.Minute)))
	}
}

// opening says when what the customer writes will be read.
func (s *scenario) opening(t *dialog.Turn) []chat.Block {
	at, ok := s.hours.NextOpening(t.At())
	if !ok {
		return t.Blocks("opening.unknown", t.Contacts()...)
	}
	at = at.In(s.hours.Zone)
	return t.Blocks("opening.at", append(t.Contacts(), words.A("day", words.Day(at)), words.A("time", words.Clock(at)))...)
}
