package questions_test

import (
	"slices"
	"testing"

	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
)

// An ear is made once for the same words, in whatever order they come, and anew
// for others.
func TestAnEarIsMadeOnce(t *testing.T) {
	openings := []dialog.Opening{{Name: "readings", Phrases: []string{"передать показания"}}}
	content := func(change func(*knowledge.Edition)) *questions.Ear {
		e := knowledge.Published()
		e.Articles = slices.Clone(e.Articles[:40])
		change(&e)
		c, err := questions.NewContent(e, dialogstest.Facts(), dialogstest.Facts().Prices, dialogstest.Facts().Offices, nil, openings)
		if err != nil {
			t.Fatal(err)
		}
		return questions.EarOf(c)
	}
	first := content(func(*knowledge.Edition) {})
	if content(func(e *knowledge.Edition) { slices.Reverse(e.Articles) }) != first {
		t.Error("another order made another ear")
	}
	if content(func(e *knowledge.Edition) { e.Articles[3].Version = 9 }) != first {
		t.Error("another version of the same words made another ear")
	}
	if content(func(e *knowledge.Edition) { e.Articles[3].Asks = []string{"другие слова"} }) == first {
		t.Error("other words made no other ear")
	}
}
