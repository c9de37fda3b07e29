package dialog

import (
	"context"
	"encoding/json"
	"fmt"
)

// Answers are the filled slots of a form, as JSON by slot name.
type Answers map[string]json.RawMessage

// Has reports whether the slot is filled.
func (a Answers) Has(slot string) bool { _, ok := a[slot]; return ok }

// Slot is the typed name of an answer, so that a misspelt one does not compile
// and one of another type cannot be read.
type Slot[T any] string

// In returns the answer, and whether there is one. An answer that can no
// longer be read counts as none: its question is asked again.
func (s Slot[T]) In(a Answers) (T, bool) {
	var v T
	raw, ok := a[string(s)]
	if !ok {
		return v, false
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, false
	}
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
func (s Slot[T]) Set(t *Turn, v T) { t.set(string(s), v) }

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
