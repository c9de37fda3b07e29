package desk

import "time"

// Standing is where a customer stands at the desk at one moment.
type Standing struct {
	Handoff int64 `json:"h"`
	// Place counts from 1: those who called before him and still wait, and he.
	// 0: he does not wait; somebody serves him, or he has left.
	Place int `json:"p,omitempty"`
	// Again: he had called before and has kept his place.
	Again bool `json:"a,omitempty"`
	// Present is how many of the staff are at the desk.
	Present int `json:"n,omitempty"`
	// Typical is how long a dialog lasts; 0: too few are known to say.
	Typical time.Duration `json:"t,omitempty"`
}

// step is what estimates are rounded up to, longest the longest that is named:
// beyond it a number would only pretend to know.
const (
	step    = 5 * time.Minute
	longest = time.Hour
)

// Wait estimates how long the customer waits at most, in steps of five
// minutes. known is false when nothing honest can be said: nobody is there, or
// too little is known of how long dialogs last. What is over an hour comes as
// more than an hour.
func (s Standing) Wait() (wait time.Duration, known bool) {
	if s.Place <= 0 || s.Present <= 0 || s.Typical <= 0 {
		return 0, false
	}
	rounds := (s.Place + s.Present - 1) / s.Present // somebody ends a dialog, everybody moves up
	wait = (time.Duration(rounds)*s.Typical + step - 1).Truncate(step)
	return min(wait, longest+step), true
}
