package dialog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Answers are the filled slots of a form by name.
type Answers map[string]Answer

// Answer is a filled slot: JSON, and what was last read of it, because a form
// asks for the same few answers again and again in one turn.
type Answer struct {
	saved json.RawMessage
	read  any
}

// Saved returns the answer that a slot would have filled with this JSON, for
// Scenario.Upgrade.
func Saved(raw string) Answer { return Answer{saved: json.RawMessage(raw)} }

// MarshalJSON implements json.Marshaler.
func (a Answer) MarshalJSON() ([]byte, error) { return a.saved.MarshalJSON() }

// UnmarshalJSON implements json.Unmarshaler.
func (a *Answer) UnmarshalJSON(raw []byte) error {
	a.read = nil
	return a.saved.UnmarshalJSON(raw)
}

// Has reports whether the slot is filled.
func (a Answers) Has(slot string) bool { _, ok := a[slot]; return ok }

// Slot is the typed name of an answer, so that a misspelt one does not compile
// and one of another type cannot be read.
type Slot[T any] string

// In returns the answer, and whether there is one. An answer that can no
// longer be read counts as none: its question is asked again. Whoever asks again
// gets the same one: what it points to is not to be changed.
func (s Slot[T]) In(a Answers) (T, bool) {
	answer, ok := a[string(s)]
	if !ok {
		var none T
		return none, false
	}
	if v, ok := answer.read.(T); ok {
		return v, true
	}
	var v T
	if err := json.Unmarshal(answer.saved, &v); err != nil {
		return v, false
	}
	answer.read = v
	a[string(s)] = answer
	return v, true
}

// Of returns the answer, or the zero value.
func (s Slot[T]) Of(a Answers) T {
	v, _ := s.In(a)
	return v
}

// Set fills the slot. When it changes, what the same answer filled beside it
// and the answers that depend on it (Question.After) are forgotten: so a
// question sets its own slot first.
func (s Slot[T]) Set(t *Turn, v T) {
	t.set(string(s), v)
	t.passBy(string(s))
}

// Assume fills the slot with what is known without asking: the way back passes
// over it, the summary shows it.
func (s Slot[T]) Assume(t *Turn, v T) { t.set(string(s), v) }

// Clear empties the slot and what depends on it.
func (s Slot[T]) Clear(t *Turn) { t.clear(string(s)) }

// Show returns the answer as it stands, for Question.Show.
func (s Slot[T]) Show(t *Turn) string { return fmt.Sprint(s.Of(t.Answers)) }

// Written takes whatever is written, for Question.Take.
func Written(s Slot[string]) func(context.Context, *Turn) (Move, error) {
	return func(_ context.Context, t *Turn) (Move, error) {
		if t.Event.Kind != Text {
			return Unclear, nil
		}
		s.Set(t, t.Text)
		return Next, nil
	}
}

// Chosen takes the ID of the option that is chosen, for Question.Take.
func Chosen(s Slot[string]) func(context.Context, *Turn) (Move, error) {
	return func(_ context.Context, t *Turn) (Move, error) {
		if t.Picked == "" {
			return Unclear, nil
		}
		s.Set(t, t.Picked)
		return Next, nil
	}
}

func (t *Turn) set(slot string, v any) {
	if t.frame == nil {
		t.fail("set %s outside a form", slot)
		return
	}
	if t.reading && !t.mayFill(slot) {
		t.fail("an answer to %q fills %s without declaring it", t.frame.Asked, slot)
		return
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.fail("encode %s: %v", slot, err)
		return
	}
	if old, ok := t.Answers[slot]; ok && !bytes.Equal(old.saved, raw) {
		t.clear(slot)
	}
	t.Answers[slot] = Answer{saved: raw}
	t.more = nil
}

// passBy puts a slot on the way back.
func (t *Turn) passBy(slot string) {
	if f := t.frame; f != nil && !slices.Contains(f.Trail, slot) && t.question(slot) != nil {
		f.Trail = append(f.Trail, slot)
	}
}

// mayFill reports whether the answer that is being read may fill the slot.
func (t *Turn) mayFill(slot string) bool {
	return slot == t.frame.Asked || slices.ContainsFunc(t.fills, func(name string) bool {
		prefix, all := strings.CutSuffix(name, "*")
		return name == slot || all && strings.HasPrefix(slot, prefix)
	})
}

// clear forgets a slot, what the same answer filled beside it and, through
// Question.After, all that stands on it.
func (t *Turn) clear(slot string) {
	if !t.Answers.Has(slot) {
		return
	}
	q := t.question(slot)
	delete(t.Answers, slot)
	t.more = nil
	t.frame.Trail = slices.DeleteFunc(t.frame.Trail, func(s string) bool { return s == slot })
	if q != nil {
		for _, beside := range q.Fills {
			if t.question(beside) == nil {
				t.clear(beside)
			}
		}
	}
	for _, other := range t.questions() {
		if slices.Contains(other.After, slot) {
			t.clear(other.Slot)
		}
	}
}

// questions are those of the form at work, with what its data add by the answers
// so far.
func (t *Turn) questions() []Question {
	form := t.form()
	if form.More == nil {
		return form.Questions
	}
	if t.more == nil {
		t.more = append(slices.Clip(form.Questions), form.More(t)...)
	}
	return t.more
}

// question finds a question of the form at work; nil: it is not there, or not by
// the answers so far.
func (t *Turn) question(slot string) *Question {
	list := t.questions()
	if i := slices.IndexFunc(list, func(q Question) bool { return q.Slot == slot }); i >= 0 {
		return &list[i]
	}
	return nil
}
