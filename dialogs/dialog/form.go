package dialog

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

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

// answer gives a text to the form's open question and reports whether it was
// an answer.
func (t *Turn) answer(ctx context.Context, f *Frame) (bool, error) {
	t.enter(f)
	if t.moved == f {
		return true, t.ask(ctx, f)
	}
	if id, ok := t.chosen(f); ok {
		return t.pick(ctx, f, id)
	}
	taken, err := t.give(ctx, f)
	if taken || err != nil || t.prose(f) {
		return taken, err
	}
	if id, ok := t.numbered(f); ok && !t.counts(f, id) {
		return t.pick(ctx, f, id)
	}
	return false, nil
}

// counts reports whether the open question asks for a number, and id is none of its
// own choices: a sixth star must not be what stands sixth, «Отмена».
func (t *Turn) counts(f *Frame, id string) bool {
	q := t.question(f.Asked)
	return q != nil && q.Expect == chat.Number && strings.HasPrefix(id, ".")
}

// misnumbered reports whether a text is figures alone, at a question that offers
// choices: it means none of them, and nothing else either.
func (t *Turn) misnumbered(f *Frame) bool {
	t.enter(f)
	list, _ := t.choices(f)
	return len(list) > 0 && strings.ContainsFunc(t.Text, unicode.IsDigit) && !strings.ContainsFunc(t.Text, unicode.IsLetter)
}

// prose reports whether the open question takes whatever is written.
func (t *Turn) prose(f *Frame) bool {
	t.enter(f)
	q := t.question(f.Asked)
	return q != nil && q.Prose && !f.Resumed && !f.Listing
}

// pressed takes a pressed option of the open question.
func (t *Turn) pressed(ctx context.Context, f *Frame, id string) (bool, error) {
	t.enter(f)
	if number, ok := strings.CutPrefix(id, optPage); ok {
		return t.turnTo(ctx, f, number)
	}
	offered := slices.ContainsFunc(t.options(f), func(o Option) bool { return o.ID == id })
	if !offered { // nobody was shown it: tokens can be made up
		return t.stale(ctx)
	}
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
		f.turn()
		f.Listing = true
		return true, t.ask(ctx, f)
	case optContinue:
		f.turn()
		f.Resumed = false
		return true, t.proceed(ctx, f)
	case optAnew:
		f.turn()
		f.Resumed, f.Answers, f.Trail = false, Answers{}, nil
		return true, t.start(ctx, f)
	}
	if slot, ok := strings.CutPrefix(id, optSlot); ok {
		return true, t.change(ctx, f, slot)
	}
	if number, ok := strings.CutPrefix(id, optPage); ok {
		return t.turnTo(ctx, f, number)
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
		t.reading, t.fills = true, form.Summary.Fills
		move, err := form.Summary.Take(ctx, t)
		return t.apply(ctx, f, move, form.Summary.Goes, err)
	}
	q := t.question(f.Asked)
	if q.Expect == chat.Nothing && t.Picked == "" {
		return false, nil
	}
	t.reading, t.fills = true, q.Fills
	move, err := q.Take(ctx, t)
	return t.apply(ctx, f, move, q.Goes, err)
}

// apply goes where an answer leads.
func (t *Turn) apply(ctx context.Context, f *Frame, m Move, goes []string, err error) (bool, error) {
	t.reading = false
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
	case movePassed:
		return true, t.passed(ctx, f)
	case moveLeave:
		return true, t.leave(ctx, f, m.slot)
	default:
		return true, t.proceed(ctx, f)
	}
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
