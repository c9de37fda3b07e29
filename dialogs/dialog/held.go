package dialog

import (
	"context"
	"fmt"
	"strconv"

	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/words"
)

// leaveDesk is the command by which a customer goes back to the bot; its
// argument leaveHeld names the button of one who talks to a person already.
const (
	leaveDesk = wordOperator + ".leave"
	leaveHeld = "back"
)

// askInstead is the command by which a customer has what he wrote answered as a
// case; its argument is the hand-off that he waits with.
const askInstead = "appeal.ask"

// Handoff is what a conversation remembers of the desk: its latest hand-off, as
// of the last change that was applied.
type Handoff struct {
	ID     int64        `json:"i"`
	Number int          `json:"n"` // of that change
	Did    desk.Did     `json:"d"`
	By     *desk.Member `json:"b,omitempty"`
	// Asked is the revision at which the operator's last buttons were sent,
	// Labels are theirs: a press is told to him in words.
	Asked  int64    `json:"r,omitempty"`
	Labels []string `json:"l,omitempty"`
}

// Remark is something for staff alone to see: a step of the hand-off, or what
// one tells the others.
type Remark struct {
	Did  desk.Did     // "" for a remark in words
	Text string       // of desk.Filed the number of the case
	By   *desk.Member // nil: the customer
}

// HolderWaiting is the holder of a conversation in which the bot answers while
// the customer waits for a person.
const HolderWaiting = "waiting"

// Holder tells who answers: "" the bot, HolderWaiting, else the ID of a member
// of staff.
func (s *State) Holder() string {
	switch {
	case s.held():
		return strconv.FormatInt(s.Desk.By.ID, 10)
	case s.waiting():
		return HolderWaiting
	default:
		return ""
	}
}

// held reports whether a person answers, and the bot keeps silent.
func (s *State) held() bool { return s.Desk != nil && s.Desk.Did == desk.Taken && s.Desk.By != nil }

func (s *State) waiting() bool { return s.Desk != nil && s.Desk.Did == desk.Called }

// shift applies a change of the hand-off. One that was applied before, or has
// been overtaken, means nothing.
func (t *Turn) shift(ctx context.Context) (bool, error) {
	c, last := t.Event.Change, t.state.Desk
	if last != nil && (c.Handoff < last.ID || c.Handoff == last.ID && c.Number <= last.Number) {
		return false, nil
	}
	talked := t.state.held()
	t.state.Desk = &Handoff{ID: c.Handoff, Number: c.Number, Did: c.Did, By: c.By}
	t.remark = &Remark{Did: c.Did, By: c.By}
	if !c.Case.IsZero() {
		t.remark.Text = c.Case.String()
	}
	switch {
	case c.Did == desk.Called, c.Did == desk.Filed: // the scenario has said what there is to say
		return true, nil
	case c.Did == desk.Taken:
		t.state.Album = nil // its files are in the log, for him to see
		delete(t.state.Timers, timerAlbum)
		t.house("desk.taken", words.A("name", c.By.Name)).Offer(t.Command(leaveDesk, leaveHeld))
		return true, nil
	case c.Did == desk.Left && !talked:
		t.house("desk.left_queue")
	case c.Did == desk.Left:
		t.house("desk.left")
	case c.Did == desk.Ended:
		t.house("desk.closed")
	default:
		t.house("desk.returned")
	}
	if f := t.state.top(); f != nil && f.Doing == nil {
		return true, t.restate(ctx)
	}
	return true, t.withMenu(ctx)
}

// Wait notes that the customer waits at the desk. The change of the hand-off that
// says so comes a little later, and what he writes meanwhile is for the desk.
func (t *Turn) Wait(handoff int64) {
	if last := t.state.Desk; last == nil || last.ID < handoff {
		t.state.Desk = &Handoff{ID: handoff, Did: desk.Called}
	}
}

// Release lets the bot answer again in a dialog of which the desk knows nothing
// any more.
func (t *Turn) Release() {
	if t.state.Desk != nil {
		t.state.Desk.Did = desk.Left
	}
}

// speak says what an operator has written, or a reply of the log once more.
// The bot's own replies may be sent again while nobody holds the dialog.
func (t *Turn) speak() (bool, error) {
	mine := t.state.held() && t.state.Desk.By.ID == t.Event.By.ID
	if !mine && (t.Event.Kind == Operator || t.state.held()) {
		return false, desk.ErrNotHolder
	}
	m := *t.Event.Reply
	if t.Event.Kind == Operator {
		m.By = t.Event.By.Name
		t.askAside(&m)
	}
	t.said = append(t.said, &m)
	return true, nil
}

// askAside gives an operator's buttons their tokens.
func (t *Turn) askAside(m *chat.Message) {
	if len(m.Choices) == 0 {
		return
	}
	choices := make([]chat.Choice, len(m.Choices))
	t.state.Desk.Asked, t.state.Desk.Labels = t.revision, nil
	for i, c := range m.Choices {
		choices[i] = chat.Choice{Token: asideToken(t.revision, i), Label: c.Label}
		t.state.Desk.Labels = append(t.state.Desk.Labels, c.Label)
	}
	m.Choices = choices
}

// asideToken is the token of an operator's button: "o:<revision>:<number>".
func asideToken(revision int64, n int) string {
	return "o:" + strconv.FormatInt(revision, 36) + ":" + strconv.Itoa(n)
}

// pass leaves an event of the customer to the operator: it goes to the log. Only
// the way back to the bot works.
func (t *Turn) pass(ctx context.Context) (bool, error) {
	switch t.Event.Kind {
	case Press:
		return t.passPress(ctx)
	case Text:
		if meaning, _, ok := t.everywhere(); ok && meaning == commandToken(leaveDesk, "") {
			return true, t.command(ctx, leaveDesk, leaveHeld)
		}
	case Contact:
		if t.Event.Phone != nil {
			t.inWords = t.Event.Phone.Phone
		}
	case Location:
		if p := t.Event.Place; p != nil {
			t.inWords = fmt.Sprintf("%.6f, %.6f", p.Latitude, p.Longitude)
		}
	}
	return true, nil
}

func (t *Turn) passPress(ctx context.Context) (bool, error) {
	if kind, name, arg, ok := readToken(t.Event.Text); ok && kind == 'c' && name == leaveDesk {
		return true, t.command(ctx, name, arg)
	}
	for i, label := range t.state.Desk.Labels {
		if t.Event.Text == asideToken(t.state.Desk.Asked, i) {
			t.inWords = label
			return true, nil
		}
	}
	t.toast = t.book.words.Line(t.lang, "desk.held")
	return false, nil
}

// kept tells a customer who waits that what he sent will be read.
func (t *Turn) kept() {
	t.house("desk.kept").Offer(t.AskInstead(), t.Command(leaveDesk, ""), t.Menu())
}

// AskInstead is the way of one who waits for a person to be answered in writing: what
// he wrote becomes a question, and he waits no longer. It is empty for any other.
func (t *Turn) AskInstead() chat.Choice {
	if !t.state.waiting() {
		return chat.Choice{}
	}
	return t.Command(askInstead, strconv.FormatInt(t.state.Desk.ID, 10))
}
