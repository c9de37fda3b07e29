package dialog_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/words"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

func house() dialog.House {
	return dialog.House{
		Zone:    zone,
		Company: map[words.Lang]string{words.RU: "Сбыт", words.EN: "Power"},
		Phone:   "8 800 000-01-01",
		Hours:   map[words.Lang]string{words.RU: "с 8 до 20", words.EN: "8 to 20"},

		RemindAfter: 30 * time.Minute, SetAsideAfter: 24 * time.Hour, Largest: 20 << 20,
	}
}

// newBook is the example with neighbours: one scenario of each kind.
func newBook(t testing.TB) *dialog.Book {
	t.Helper()
	book, err := dialog.NewBook(house(), scenarios()...)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func scenarios() []*dialog.Scenario {
	return []*dialog.Scenario{menu.New(), visit(bookVisit), meter(), faq(), poll(), callback(), tour(20)}
}

// bookVisit makes tickets. It is a pure function of what it is asked, so that
// the same effect has the same result.
func bookVisit(_ context.Context, e dialog.Effect, b booking) (ticket, error) {
	switch b.Detail {
	case "сломай":
		return ticket{}, errors.New("the desk is broken")
	case "недоступно":
		return ticket{}, fault.New(fault.Unavailable, "the desk is away")
	}
	if b.Day == "today" {
		return ticket{}, nil
	}
	return ticket{Number: 10*b.People + len(e.ID)%2}, nil
}

// meter takes what is not text: a file, a contact, a place; and sends without
// a summary.
func meter() *dialog.Scenario {
	const (
		photo = dialog.Slot[int]("photo")
		phone = dialog.Slot[string]("phone")
		place = dialog.Slot[bool]("place")
	)
	type order struct{ Phone string }
	return &dialog.Scenario{
		Name: "meter", Version: 1, Slash: "meter", Words: words.Must(os.DirFS("testdata/words/meter")),
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{Slot: "photo", Expect: chat.Upload, Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
					if t.Event.Kind != dialog.Upload {
						return dialog.Unclear, nil
					}
					return dialog.Do("keep", len(t.Event.Files)), nil
				}},
				{Slot: "phone", Expect: chat.Contact, Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
					switch {
					case t.Event.Kind != dialog.Contact:
						return dialog.Unclear, nil
					case !t.Event.Phone.Own:
						return dialog.Refuse("phone.foreign"), nil
					}
					phone.Set(t, t.Event.Phone.Phone)
					return dialog.Next, nil
				}},
				{Slot: "place", Expect: chat.Location, Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
					if t.Event.Kind != dialog.Location {
						return dialog.Unclear, nil
					}
					place.Set(t, true)
					return dialog.Next, nil
				}},
			},
			With: func(t *dialog.Turn) any { return order{phone.Of(t.Answers)} },
			Actions: []dialog.Action{dialog.NewAction("keep",
				func(_ context.Context, _ dialog.Effect, n int) (int, error) { return n, nil },
				func(_ context.Context, t *dialog.Turn, n int) (dialog.Move, error) {
					photo.Set(t, n)
					t.Say("kept", words.A("n", n))
					return dialog.Next, nil
				})},
			Submit: dialog.NewAction("submit",
				func(_ context.Context, _ dialog.Effect, o order) (bool, error) {
					if o.Phone == "+79120000666" {
						return false, errors.New("the desk is broken")
					}
					return true, nil
				},
				func(_ context.Context, t *dialog.Turn, _ bool) (dialog.Move, error) {
					t.Say("ordered")
					return dialog.Close, nil
				}),
		},
	}
}

// wishes are what may be opened by free text.
var wishes = map[string]string{
	"записаться": "visit", "оценить": "poll", "перезвон в полдень": "callback", "проверку": "faq.ping", "список": "menu",
	"все бросить": "cancel", "вернуться": "back", "чуда": "nothing",
}

// faq answers questions, and has a command.
func faq() *dialog.Scenario {
	catalogue := words.Must(os.DirFS("testdata/words/faq"))
	say := func(_ context.Context, t *dialog.Turn) error { t.Say("hours"); return nil }
	return &dialog.Scenario{
		Name: "faq", Version: 1, Words: catalogue, Open: say,
		Answers: func(ctx context.Context, t *dialog.Turn) (bool, error) {
			if name, ok := strings.CutPrefix(t.Text, "хочу "); ok { // as an ear for free text would hear it
				return true, t.Open(ctx, wishes[name])
			}
			if !catalogue.Matches("about", t.Text) {
				return false, nil
			}
			return true, say(ctx, t)
		},
		Commands: []dialog.Command{{Name: "ping", Slash: "ping", Do: func(_ context.Context, t *dialog.Turn) error {
			t.Say("ping.pong")
			t.Toast("ping.toast")
			return nil
		}}},
	}
}

// poll opens on a word within a text.
func poll() *dialog.Scenario {
	const (
		mark = dialog.Slot[string]("mark")
		note = dialog.Slot[string]("note")
	)
	return &dialog.Scenario{
		Name: "poll", Version: 1, Slash: "poll", Words: words.Must(os.DirFS("testdata/words/poll")),
		Hears: func(text string) bool {
			return slices.Contains([]string{"хочу оценить", "rate you"}, words.Normalise(text))
		},
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{
					Slot: "mark", Take: dialog.Chosen(mark), Show: mark.Show, Expect: chat.Text,
					Options: func(*dialog.Turn) []dialog.Option { return dialog.Options("mark", "good", "bad") },
				},
				{Slot: "note", Take: dialog.Written(note), Show: note.Show, Expect: chat.Text},
			},
			Summary: &dialog.Summary{},
			Submit: dialog.NewAction("submit",
				func(context.Context, dialog.Effect, any) (bool, error) { return true, nil },
				func(_ context.Context, t *dialog.Turn, _ bool) (dialog.Move, error) {
					t.Say("thanks")
					return dialog.Close, nil
				}),
		},
	}
}

func callback() *dialog.Scenario {
	const when = dialog.Slot[string]("when")
	return &dialog.Scenario{
		Name: "callback", Version: 1, Slash: "callback", Words: words.Must(os.DirFS("testdata/words/callback")),
		Open: func(_ context.Context, t *dialog.Turn) error {
			if _, said, ok := strings.Cut(t.Text, " в "); ok { // "/callback в полдень"
				when.Set(t, said)
			}
			return nil
		},
		Form: &dialog.Form{
			Questions: []dialog.Question{{Slot: "when", Take: dialog.Written(when), Expect: chat.Text}},
			Submit: dialog.NewAction("submit",
				func(context.Context, dialog.Effect, any) (bool, error) { return true, nil },
				func(_ context.Context, t *dialog.Turn, _ bool) (dialog.Move, error) {
					t.Say("ordered")
					return dialog.Close, nil
				}),
		},
	}
}

func TestTranscripts(t *testing.T) {
	t.Parallel()
	book := newBook(t)
	transcript.Run(t, "testdata/*.chat", zone, func(*testing.T, *transcript.Script) transcript.Stage {
		return transcript.NewEngine(book, nil)
	})
}

// TestSaved: whoever is in the middle of something when a new version is
// deployed can finish it.
func TestSaved(t *testing.T) {
	t.Parallel()
	book := newBook(t)
	transcript.Saved(t, "testdata/*.chat", zone, visit(bookVisit).Version, func(*testing.T) *transcript.Engine {
		return transcript.NewEngine(book, nil)
	})
}
