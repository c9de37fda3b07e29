package main

import (
	"log/slog"
	"testing"
	"time"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
)

// replica is a program with a shelf of its own on a common database.
type replica struct {
	*librarian
	book *dialog.Book
}

func newReplica(t *testing.T, url string) *replica {
	t.Helper()
	ports := dialogstest.Ports()
	ports.Answers = new(questions.Shelf)
	book := dialogstest.OpenAs(t, ports, transcript.NewWindow())
	l, err := newLibrarian(Default(), pgtest.Connect(t, url), ports.Answers, book, ports.Days, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return &replica{l, book}
}

// ask returns what is said to a text.
func (r *replica) ask(t *testing.T, text string) string {
	t.Helper()
	st, err := dialog.Decode(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.book.Step(t.Context(), st, 1, dialog.Event{
		ID: "e", Conversation: "web:1", Text: text, Language: "ru", At: time.Date(2026, 11, 27, 7, 0, 0, 0, time.UTC),
	})
	if err != nil || len(out.Said) == 0 {
		t.Fatalf("%q: %v, %d messages", text, err, len(out.Said))
	}
	return out.Said[0].Plain()
}

// What an editor changes is said by every replica within a second; while the
// database is away, what was read last is.
func TestContentReachesEveryReplica(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	editor := pgtest.Connect(t, url)
	if err := editor.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := editor.AddArticles(t.Context(), knowledge.Published()); err != nil {
		t.Fatal(err)
	}
	replicas := []*replica{newReplica(t, url), newReplica(t, url)}
	const question = "до какого числа платить за свет"
	before := replicas[0].ask(t, question)
	for _, r := range replicas {
		go func() { _ = r.Run(t.Context()) }()
	}
	said := func(want string) {
		t.Helper()
		for _, r := range replicas {
			deadline := time.Now().Add(patience) // a second, where the machine has nothing else to do
			for {
				got := r.ask(t, question)
				if got != before && (want == "" || got == want) {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("a replica still says %q", got)
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
	}
	said("")

	next := knowledge.Published()
	for i := range next.Articles {
		if next.Articles[i].Slug == "pay-deadline" {
			next.Articles[i].Body = "Как договоримся."
		}
	}
	if err := editor.AddArticles(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	said("До какого числа платить?\nКак договоримся.")

	for _, r := range replicas {
		r.db.Close()
	}
	time.Sleep(2 * lookForNews)
	said("До какого числа платить?\nКак договоримся.")
}
