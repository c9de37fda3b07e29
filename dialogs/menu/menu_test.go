package menu_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/words"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

// open returns a house with the menu and two scenarios that it knows, one with
// a form and a command; the others of its buttons are not built here.
func open(t *testing.T) *dialog.Book {
	t.Helper()
	house := dialog.House{
		Zone:    zone,
		Company: map[words.Lang]string{words.RU: "Старогорэнергосбыт", words.EN: "Starogorenergosbyt"},
		Phone:   "8 800 000-01-01",
		Hours: map[words.Lang]string{
			words.RU: "пн–пт 08:00–20:00, сб 09:00–15:00", words.EN: "Mon–Fri 08:00–20:00, Sat 09:00–15:00",
		},
		RemindAfter: 30 * time.Minute, SetAsideAfter: 24 * time.Hour,
	}
	book, err := dialog.NewBook(house, menu.New(), readings(), questions())
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func catalogue(ru, en string) *words.Catalogue {
	return words.Must(fstest.MapFS{
		"text.ru.yaml": {Data: []byte(ru)}, "text.en.yaml": {Data: []byte(en)},
	})
}

func readings() *dialog.Scenario {
	value := dialog.Slot[string]("value")
	return &dialog.Scenario{
		Name: "readings", Version: 1,
		Words: catalogue("label: Передать показания\nvalue.ask: Введите показание.\nmine.label: Мои показания\n",
			"label: Submit a reading\nvalue.ask: Enter the reading.\nmine.label: My readings\n"),
		Form: &dialog.Form{
			Questions: []dialog.Question{{
				Slot: "value", Expect: chat.Number,
				Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
					value.Set(t, t.Text)
					return dialog.Next, nil
				},
			}},
			Submit: dialog.NewAction("submit",
				func(context.Context, dialog.Effect, struct{}) (struct{}, error) { return struct{}{}, nil },
				func(context.Context, *dialog.Turn, struct{}) (dialog.Move, error) { return dialog.Close, nil }),
		},
		Commands: []dialog.Command{{
			Name: "mine", Do: func(context.Context, *dialog.Turn) error { return nil },
		}},
	}
}

func questions() *dialog.Scenario {
	return &dialog.Scenario{
		Name: "questions", Version: 1,
		Words: catalogue("label: Частые вопросы\nhere: Спрашивайте.\n", "label: Questions and answers\nhere: Ask.\n"),
		Open: func(_ context.Context, t *dialog.Turn) error {
			t.Say("here").Offer(t.Menu())
			return nil
		},
	}
}

func TestTranscripts(t *testing.T) {
	t.Parallel()
	transcript.Run(t, "testdata/*.chat", zone, func(t *testing.T, _ *transcript.Script) transcript.Stage {
		t.Helper()
		return transcript.NewEngine(open(t), nil)
	})
}

// What customers are in the middle of survives a deploy.
func TestSavedStates(t *testing.T) {
	t.Parallel()
	transcript.Saved(t, "testdata/*.chat", zone, menu.New().Version, open)
}
