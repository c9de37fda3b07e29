package dialog

import (
	"context"
	"maps"
	"slices"
	"strings"

	"okoshko/core/chat"
	"okoshko/dialogs/words"
)

// The options that every form offers beside those of its questions. A dot
// keeps them apart from a question's own.
const (
	optBack     = ".back"
	optCancel   = ".cancel"
	optSend     = ".send"
	optChange   = ".change"
	optContinue = ".continue"
	optAnew     = ".anew"
	optSlot     = ".slot." // and the slot to change
	optPage     = ".page." // and the number of the page to show
)

// enter makes f the form at work of this turn.
func (t *Turn) enter(f *Frame) {
	t.frame, t.scenario, t.reading, t.more = f, t.book.scenarios[f.Scenario], false, nil
	if f.Answers == nil {
		f.Answers = Answers{}
	}
	t.Answers = f.Answers
}

// turn makes the buttons of the open question stale: the next one is asked
// afresh.
func (f *Frame) turn() {
	f.Turns++
	f.Misses, f.Page = 0, 0
}

// note remembers that an answer was taken: buttons of its question are stale
// from now on, and an edit of its message can be recognised.
func (t *Turn) note(f *Frame) {
	f.turn()
	f.Changing, f.Listing = false, false
	if f.Asked != "" && t.Event.Foreign != "" && t.Event.Kind != Press {
		if f.Said == nil {
			f.Said = map[string]string{}
		}
		f.Said[f.Asked] = t.Event.Foreign
	}
}

// proceed asks the next question: the first that is needed and unanswered,
// else the summary, else nothing more stands before sending, or telling.
func (t *Turn) proceed(ctx context.Context, f *Frame) error {
	t.enter(f)
	f.Asked = t.next(f)
	switch form := t.form(); {
	case f.Asked == "" && form.Tell != nil:
		t.state.drop(f)
		if err := form.Tell(ctx, t); err != nil || t.showsWayBack() {
			return err
		}
		t.frame = nil
		return t.restate(ctx)
	case f.Asked == "" && form.Summary == nil:
		return t.submit(ctx, f)
	}
	return t.ask(ctx, f)
}

// next is the first question that is needed and unanswered; "": none is.
func (t *Turn) next(f *Frame) string {
	list := t.questions()
	for i := range list {
		if q := &list[i]; !f.Answers.Has(q.Slot) && t.needed(q) {
			return q.Slot
		}
	}
	return ""
}

func (t *Turn) needed(q *Question) bool { return q.Needed == nil || q.Needed(t) }

// change asks an answered question again, from the summary.
func (t *Turn) change(ctx context.Context, f *Frame, slot string) error {
	t.enter(f)
	q := t.question(slot)
	if q == nil || q.Show == nil || !f.Answers.Has(slot) {
		return t.ask(ctx, f)
	}
	f.Asked, f.Changing, f.Listing = slot, true, false
	f.turn()
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
	f.turn()
	switch {
	case f.Listing:
		f.Listing = false
	case f.Changing:
		f.Changing = false
		return t.proceed(ctx, f)
	case f.Resumed || !t.undo(f):
		return t.cancel(ctx)
	}
	return t.ask(ctx, f)
}

// undo forgets the newest answer that the customer was asked for, and asks for
// it again. What another answer filled by itself goes with it.
func (t *Turn) undo(f *Frame) bool {
	for len(f.Trail) > 0 {
		last := f.Trail[len(f.Trail)-1]
		t.clear(last)
		if q := t.question(last); q != nil && t.needed(q) {
			f.Asked = last
			return true
		}
	}
	return false
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

// leave ends a form and gives a command.
func (t *Turn) leave(ctx context.Context, f *Frame, command string) error {
	t.state.drop(f)
	t.frame = nil
	name, arg, _ := strings.Cut(command, ":")
	return t.command(ctx, name, arg)
}

// close ends a form and returns to the one below it. What has waited for it waits
// no more.
func (t *Turn) close(ctx context.Context, f *Frame) error {
	if e := t.state.Errand; e != nil && e.Through == f.Scenario {
		t.state.Errand = nil
	}
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
	if t.Event.Kind <= Press && !t.missed {
		f.Misses = 0 // what was said meanwhile has been understood
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
	if f != nil && f.Doing == nil && f != t.moved {
		t.enter(f)
		taken, err := t.give(ctx, f)
		if taken || err != nil {
			return err
		}
	}
	if f == nil && t.state.waiting() {
		t.kept()
		return nil
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
		for _, slot := range slices.Sorted(maps.Keys(f.Said)) {
			if f.Said[slot] != t.Event.Foreign || f.Doing != nil {
				continue
			}
			t.enter(f)
			q := t.question(slot)
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
