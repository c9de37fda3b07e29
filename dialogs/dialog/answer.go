package dialog

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"okoshko/core/chat"
)

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
	if asked, err := t.questioned(ctx, f); asked || err != nil {
		return asked, err
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

// questioned answers a text that is surely a question of the customer's before the
// open question reads it, and reports whether it was one.
func (t *Turn) questioned(ctx context.Context, f *Frame) (bool, error) {
	if q := t.question(f.Asked); q != nil && !f.Resumed && !f.Listing {
		if q.Prose || q.Free {
			return false, nil
		}
		t.awaits = q.Expect
	}
	for _, s := range t.book.list {
		if s.Asks == nil {
			continue
		}
		if t.visit(s); !s.Asks(t) {
			continue
		}
		if said, err := t.replied(ctx, s); said || err != nil {
			return said, err
		}
	}
	t.enter(f)
	return false, nil
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
	if f.Resumed && !strings.HasPrefix(id, ".") { // a choice of the question at which he stopped
		f.Resumed = false
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
		f.Resumed, f.Asked, f.Answers, f.Trail = false, "", Answers{}, nil
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
		t.unread = m
		return false, err
	}
	if m.kind != moveRefuse && m.kind != moveStay {
		t.note(f)
	}
	switch m.kind {
	case moveRefuse, moveStay:
		return true, t.object(ctx, f, m)
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

// object says why the open question stands, with its choices below.
func (t *Turn) object(ctx context.Context, f *Frame, m Move) error {
	t.Say(m.key, m.args...)
	return t.offer(ctx, f)
}
