package registry

import (
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/privacy"
)

// Standing is how far a case has come: what may be told of it to somebody who knows
// its number and how its customer is reached (spec §3.6). What was written, by whom
// and about what is not in it, nor when somebody will come.
type Standing struct {
	Number     appeal.Number
	State      life.State
	Resolution life.Resolution
	// Due is the first moment that is too late for the answer, Answered when it was
	// given; zero: not yet.
	Due, Answered time.Time
	// Contact is by which way he is asked, AnswerWay by which he is answered.
	Contact, AnswerWay string
	// Other is the case that this one repeats.
	Other appeal.Number
}

// Late reports whether the answer is owed and its term is over.
func (s *Standing) Late(now time.Time) bool { return s.State.Open() && !now.Before(s.Due) }

// Asked is a case that somebody asks after: how it stands, and how its customer has
// said that he can be reached.
type Asked struct {
	Standing
	Phone privacy.Phone
	Email privacy.Email
}

// AskedOf returns what of a case is of interest to whoever asks after it.
func AskedOf(c *life.Case) Asked {
	a := Asked{Standing: Standing{
		Number: c.Number, State: c.State, Resolution: c.Resolution, Due: c.Clocks[term.Answer].At, Answered: c.Answered,
		Contact: c.Answers.One(appeal.Contact), AnswerWay: c.Answers.One(appeal.AnswerWay), Other: c.Other,
	}}
	// What is not one proves nothing.
	a.Phone, _ = privacy.ParsePhone(c.Answers.One(appeal.Phone))
	a.Email, _ = privacy.ParseEmail(c.Answers.One(appeal.Email))
	return a
}
