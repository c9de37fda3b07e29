package dialog

import (
	"context"
	"encoding/json"
	"strconv"
)

// submit names the command that the form exists for. A form that makes no fact
// has come here because what its opening asked for failed: that is tried again.
func (t *Turn) submit(ctx context.Context, f *Frame) error {
	form := t.form()
	if form.Tell != nil {
		return t.start(ctx, f)
	}
	var args any
	if form.With != nil {
		args = form.With(t)
	}
	f.turn()
	return t.begin(f, form.Submit.Name, args)
}

// begin puts the form into "doing": the command runs after the commit.
func (t *Turn) begin(f *Frame, action string, args any) error {
	if t.form().action(action) == nil {
		t.fail("it does %s without declaring it", action)
		return nil
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	f.Submissions++
	f.Doing = &Doing{
		Effect: string(t.Event.Conversation) + "/" + strconv.FormatInt(f.Form, 10) + "/" + strconv.Itoa(f.Submissions),
		Action: action, Args: raw, At: t.Event.At,
	}
	t.named, t.doer = f.Doing, f.Scenario
	return nil
}

// finish takes the result of a command.
func (t *Turn) finish(ctx context.Context) (bool, error) {
	f := t.state.frameDoing(t.Event.Text)
	if f == nil {
		return false, nil
	}
	t.enter(f)
	action := t.form().action(f.Doing.Action)
	if action == nil { // a newer version has dropped it: the fact stands
		f.Doing = nil
		return true, t.proceed(ctx, f)
	}
	f.Doing = nil
	move, err := action.done(ctx, t, t.Event.Result)
	if err != nil {
		return false, err
	}
	if _, err = t.apply(ctx, f, move, t.slots(), nil); err != nil {
		return false, err
	}
	if t.named != nil && t.named.Action == action.Name && action.Name == t.form().Submit.Name {
		t.fail("%s leads to itself again, for ever", action.Name)
	}
	return true, nil
}

// slots lists all questions: after a command a form may go anywhere.
func (t *Turn) slots() []string {
	var out []string
	for _, q := range t.questions() {
		out = append(out, q.Slot)
	}
	return out
}

// delay tells the customer, once, that a command takes longer.
func (t *Turn) delay() (bool, error) {
	f := t.state.frameDoing(t.Event.Text)
	if f == nil || f.Doing.Told {
		return false, nil
	}
	f.Doing.Told = true
	t.house("delayed")
	return true, nil
}

// failed takes a form out of "doing" when its command cannot be carried out:
// nothing was made, the answers stay.
func (t *Turn) failed(ctx context.Context) (bool, error) {
	f := t.state.frameDoing(t.Event.Text)
	if f == nil {
		return false, nil
	}
	f.Doing = nil
	t.house("apology")
	return true, t.ask(ctx, f)
}

// sending answers whatever is meant for a form that is being sent.
func (t *Turn) sending() (bool, error) {
	if t.Event.Kind == Press {
		t.toast = t.book.words.Line(t.lang, "sending")
		return false, nil
	}
	t.house("sending")
	return true, nil
}
