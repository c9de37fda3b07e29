package questions_test

import (
	"slices"
	"testing"

	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
)

// BenchmarkHear takes the messages of the evaluation set's open part, long
// letters among them, one after another.
func BenchmarkHear(b *testing.B) {
	articles := slices.Values(slices.Collect(knowledge.NewLibrary(knowledge.Published()).All()))
	openings := dialog.Openings(dialogstest.Open(b, dialogstest.Ports(), transcript.NewWindow()).Scenarios()...)
	ear := questions.NewEar(articles, openings)
	messages, _ := readMessages(b, "seen.tsv", ear.Knows)
	b.Run("hear", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			ear.Hear(messages[i%len(messages)].text, knowledge.Reader{})
		}
	})
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			questions.NewEar(articles, openings)
		}
	})
}
