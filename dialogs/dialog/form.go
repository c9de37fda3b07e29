package dialog

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/chat"
	"okoshko/dialogs/words"
)

// The options that every form offers beside those of its questions.
const (
	optBack     = "back"
	optCancel   = "cancel"
	optSend     = "send"
	optChange   = "change"
	optContinue = "continue"
	optAnew     = "anew"
)

// enter makes f the form at work of this turn.
func (t *Turn) enter(f *Frame) {
	t.frame, t.scenario, t.question, t.fills = f, t.book.scenarios[f.Scenario], nil, nil
	if f.Answers == nil {
		f.Answers = Answers{}
	}
	t.Answers = f.Answers
}

// answer gives a text to the form's open question and reports whether it was
// an answer.
func (t *Turn) answer(ctx context.Context, f *Frame) (bool, error) {
	t.enter(f)
	if id, ok := t.chosen(f); ok {
		return t.pick(ctx, f, id)
	}
	return t.give(ctx, f)
}

// pressed takes a pressed option of the open question.
func (t *Turn) pressed(ctx context.Context, f *Frame, id string) (bool, error) {
	if f.Doing != nil {
		return t.sending()
	}
	t.enter(f)
	taken, err := t.pick(ctx, f, id)
	if !taken && err == nil {
		return t.stale(ctx)
	}
	return taken, err
}

// pick takes an option: the form's own, or one of the question's.
func (t *Turn) pick(ctx context.Context, f *Frame, id string) (bool, error) {
	switch id {
	case optBack:
		return true, t.back(ctx)
	case optCancel:
		return true, t.cancel(ctx)
	case optSend:
		return true, t.submit(ctx, f)
	case optChange:
		f.Listing = true
		return true, t.ask(ctx, f)
	case optContinue:
		f.Resumed = false
		return true, t.proceed(ctx, f)
	case optAnew:
		f.Resumed, f.Answers, f.Trail = false, Answers{}, nil
		t.Answers = f.Answers
		return true, t.proceed(ctx, f)
	}
	if slot, ok := strings.CutPrefix(id, "change."); ok {
		return true, t.change(ctx, f, slot)
	}
	t.Picked = id
	return t.give(ctx, f)
}

// give hands the event to whoever reads the open question's answers.
func (t *Turn) give(ctx context.Context, f *Frame) (bool, error) {
	if f.Resumed || f.Listing {
		return false, nil // only their choices are answers
	}
	form := t.form()
	if f.Asked == "" {
		if form.Summary == nil || form.Summary.Take == nil {
			return false, nil
		}
		t.question, t.fills = nil, form.Summary.Fills
		move, err := form.Summary.Take(ctx, t)
		return t.apply(ctx, f, move, form.Summary.Goes, err)
	}
	q := form.question(f.Asked)
	if q.Expect == chat.Nothing && t.Picked == "" {
		return false, nil
	}
	t.question, t.fills = q, q.Fills
	move, err := q.Take(ctx, t)
	return t.apply(ctx, f, move, q.Goes, err)
}

// apply goes where an answer leads.
func (t *Turn) apply(ctx context.Context, f *Frame, m Move, goes []string, err error) (bool, error) {
	t.question = nil
	if err != nil || m.kind == moveUnclear {
		return false, err
	}
	if m.kind != moveRefuse {
		t.note(f)
	}
	switch m.kind {
	case moveRefuse:
		t.Say(m.key, m.args...)
		return true, t.offer(ctx, f)
	case moveTo:
		if !slices.Contains(goes, m.slot) {
			t.fail("%s leads to %s without declaring it", f.Asked, m.slot)
		}
		t.clear(m.slot)
		f.Asked = m.slot
		return true, t.ask(ctx, f)
	case moveDo:
		return true, t.begin(f, m.slot, m.do)
	case moveClose:
		return true, t.close(ctx, f)
	default:
		return true, t.proceed(ctx, f)
	}
}

// note remembers that an answer was taken: buttons of its question are stale
// from now on, and an edit of its message can be recognised.
func (t *Turn) note(f *Frame) {
	f.Turns++
	f.Misses, f.Changing, f.Listing = 0, false, false
	if f.Asked != "" && t.Event.Foreign != "" && t.Event.Kind != Press {
		if f.Said == nil {
			f.Said = map[string]string{}
		}
		f.Said[f.Asked] = t.Event.Foreign
	}
}

// proceed asks the next question: the first that is needed and unanswered,
// else the summary, else nothing more stands before sending.
func (t *Turn) proceed(ctx context.Context, f *Frame) error {
	t.enter(f)
	for i := range t.form().Questions {
		q := &t.form().Questions[i]
		if !f.Answers.Has(q.Slot) && t.needed(q) {
			f.Asked = q.Slot
			return t.ask(ctx, f)
		}
	}
	f.Asked = ""
	if t.form().Summary == nil {
		return t.submit(ctx, f)
	}
	return t.ask(ctx, f)
}

func (t *Turn) needed(q *Question) bool { return q.Needed == nil || q.Needed(t) }

// submit names the command that the form exists for.
func (t *Turn) submit(_ context.Context, f *Frame) error {
	form := t.form()
	var args any
	if form.With != nil {
		args = form.With(t)
	}
	f.Turns++
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
	_, err = t.apply(ctx, f, move, t.slots(), nil)
	return true, err
}

// slots lists all questions: after a command a form may go anywhere.
func (t *Turn) slots() []string {
	var out []string
	for _, q := range t.form().Questions {
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

// change asks an answered question again, from the summary.
func (t *Turn) change(ctx context.Context, f *Frame, slot string) error {
	t.enter(f)
	q := t.form().question(slot)
	if q == nil || q.Show == nil || !f.Answers.Has(slot) {
		return t.ask(ctx, f)
	}
	f.Asked, f.Changing, f.Listing = slot, true, false
	f.Turns++
	return t.ask(ctx, f)
}

// back returns to the answer before, or out of the form at its first question.
func (t *Turn) back(ctx context.Context) error {
	f := t.state.top()
	if f == nil {
		return t.showMenu(ctx)
	}
	if f.Doing != nil {
		_, err := t.sending()
		return err
	}
	t.enter(f)
	f.Turns++
	switch {
	case f.Listing:
		f.Listing = false
	case f.Changing:
		f.Changing = false
		return t.proceed(ctx, f)
	case len(f.Trail) > 0:
		last := f.Trail[len(f.Trail)-1]
		t.clear(last)
		f.Asked = last
	default:
		return t.cancel(ctx)
	}
	return t.ask(ctx, f)
}

// cancel closes the form at work; nothing is sent.
func (t *Turn) cancel(ctx context.Context) error {
	f := t.state.top()
	if f == nil {
		t.house("cancel.nothing")
		return t.withMenu(ctx)
	}
	if f.Doing != nil {
		_, err := t.sending()
		return err
	}
	t.house("cancelled").Offer(t.Scenario(f.Scenario), t.Menu())
	return t.close(ctx, f)
}

// close ends a form and returns to the one below it.
func (t *Turn) close(ctx context.Context, f *Frame) error {
	t.state.drop(f)
	t.frame = nil
	return t.restate(ctx)
}

// restate asks the open question once more, after something else was said.
func (t *Turn) restate(ctx context.Context) error {
	f := t.state.top()
	if f == nil || f.Doing != nil {
		return nil
	}
	return t.ask(ctx, f)
}

// receive gives a file, a contact or a place to the question that waits for
// it; else one polite line.
func (t *Turn) receive(ctx context.Context) error {
	if t.tooLarge() {
		t.house("file.large")
		return t.restate(ctx)
	}
	f := t.state.top()
	if f != nil && f.Doing == nil {
		t.enter(f)
		taken, err := t.give(ctx, f)
		if taken || err != nil {
			return err
		}
	}
	t.house("unexpected." + t.Event.Kind.String())
	if f == nil {
		return t.withMenu(ctx)
	}
	return t.restate(ctx)
}

func (t *Turn) tooLarge() bool {
	limit := t.book.house.Largest
	return limit > 0 && slices.ContainsFunc(t.Event.Files, func(f chat.File) bool { return f.Size > limit })
}

// edited never acts; if the message was an answer of an open form, it offers
// to change that.
func (t *Turn) edited() (bool, error) {
	for _, f := range t.state.Frames {
		for slot, foreign := range f.Said {
			if foreign != t.Event.Foreign || f.Doing != nil {
				continue
			}
			t.enter(f)
			q := t.form().question(slot)
			if q == nil || q.Show == nil || !f.Answers.Has(slot) {
				continue
			}
			t.house("edited").Offer(chat.Choice{
				Token: changeToken(f, slot),
				Label: t.book.words.Line(t.lang, "label.change") + ": " + t.Line(q.key()+".label", t.arguments(q)...),
			})
			return true, nil
		}
	}
	return false, nil
}

func (t *Turn) arguments(q *Question) []words.Arg {
	if q.Args == nil {
		return nil
	}
	return q.Args(t)
}
