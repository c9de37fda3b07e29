package dialog

import (
	"context"
	"encoding/json"
	"fmt"
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
