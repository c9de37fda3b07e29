package questions_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
)

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", dialogstest.Zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
		t.Helper()
		return dialogstest.NewStage(t)
	})
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	version := questions.New(new(questions.Shelf), nil, calendar.Hours{}, dialogstest.Zone).Version
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, version, dialogstest.NewStage)
}

// A customer who does anything at any time cannot break the conversation.
func TestWander(t *testing.T) {
	t.Parallel()
	texts := []string{
		"вопросы", "для дома", "для организации", "как платить", "какой тариф", "показания", "0145201372", "/start",
		"меню", "назад", "отмена", "english", "questions", "абракадабра", "сколько стоит проезд в метро", "1", "2", "3", "9",
	}
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			transcript.Wander(t, dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow()), rand.New(rand.NewPCG(seed, 1)), 300, texts)
		})
	}
}

// An article's own title is no riddle, in any language: it may be typed off a list.
func TestTitlesAreClear(t *testing.T) {
	t.Parallel()
	h := newHouse(t, knowledge.NewLibrary(knowledge.Published()).All())
	for a := range knowledge.NewLibrary(knowledge.Published()).All() {
		heard := h.ear.Hear(a.Question, knowledge.Reader{})
		if want := questions.ArticleName(a.Slug); heard.Clarity != questions.Clear || heard.Choices[0] != want {
			t.Errorf("%q: heard as %v, want %s", a.Question, heard, want)
		}
	}
}
