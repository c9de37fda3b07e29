package dialog

import (
	"context"

	"okoshko/core/customer"
	"okoshko/dialogs/words"
)

// Consent makes of a question one that asks for a consent (152-FZ, art. 9; spec
// §3.1): agreeing is a choice of its own, the whole document can be read before,
// and who does not agree is told by refused what he can do without it; the form
// is over then. The slot is true once he has agreed.
func Consent(slot Slot[bool], q Question, document func(*Turn) customer.Document, refused func(*Turn)) Question {
	q.Slot, q.Goes = string(slot), []string{string(slot)}
	q.Options = func(t *Turn) []Option {
		var out []Option
		for _, id := range []string{"yes", "text", "no"} {
			out = append(out, Option{ID: id, Label: t.book.words.Line(t.lang, "consent."+id)})
		}
		return out
	}
	q.Take = func(_ context.Context, t *Turn) (Move, error) {
		switch t.Picked {
		case "yes":
			slot.Set(t, true)
			return Next, nil
		case "text":
			d := document(t)
			t.say(t.book.words, "consent.version", words.A("version", d.Version)).Append(d.Blocks()...)
			return To(slot), nil
		case "no":
			refused(t)
			return Close, nil
		}
		return Unclear, nil
	}
	return q
}
