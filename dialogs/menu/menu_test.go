package menu_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/words"
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
	transcript.Saved(t, "testdata/*.chat", dialogstest.Zone, menu.New().Version, dialogstest.NewStage)
}

// The menus show what the house has, in their own order, and nothing else.
func TestOnlyWhatIsBuilt(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ built, first, more []string }{
		"nothing": {nil, []string{"menu.more"}, []string{"menu.language", "menu"}},
		"two, in another order": {
			[]string{"visit", "bill"}, []string{"bill", "visit", "menu.more"}, []string{"menu.language", "menu"},
		},
		"all": {
			[]string{"account", "outage", "tariffs", "appeal", "visit", "questions", "bill", "readings", "operator"},
			[]string{"readings", "bill", "questions", "visit", "appeal", "menu.more"},
			[]string{"tariffs", "outage", "account", "operator", "menu.language", "menu"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := []*dialog.Scenario{menu.New()}
			for _, name := range tc.built {
				list = append(list, stub(name))
			}
			book, err := dialog.NewBook(dialogstest.House(), list...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.first, offered(t, book, "/start")); diff != "" {
				t.Errorf("first (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.more, offered(t, book, "ещё")); diff != "" {
				t.Errorf("more (-want +got):\n%s", diff)
			}
		})
	}
}

// What is nothing but courtesy is known in any mix of its words, and whatever
// wants something besides is not.
func TestCourtesy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Спасибо!": "thanks",
		"СПАСИБКИ большое, всё ясно": "thanks",
		"спс понял":                        "thanks",
		"ок, спасибо, до свидания":         "thanks",
		"нет, спасибо":                     "thanks",
		"thx, got it":                      "thanks",
		"thank you very much for the help": "thanks",
		"пока":                             "parting",
		"ну всё, всего доброго вам":        "parting",
		"здрасьте вам":                     "greeting",
		"Алло! Есть тут кто-нибудь???":     "presence",
		"ало есть кто живой":               "",
		"добрый день, вы тут?":             "presence",
		"anybody there?":                   "presence",
		"ага понятно":                      "assent",
		"Хорошо":                           "assent",
		"ты бот?":                          "identity",
		"Здравствуйте, вы робот или человек?": "identity",
		"а с кем я говорю":                    "identity",
		"are you a bot?":                      "identity",
		"ты бот, позови человека":             "",
		"кто вы такие чтобы меня отключать":   "",
		"":                "",
		"да":              "",
		"ничего не понял": "",
		"не помогли":      "",
		"спасибо а когда платить":       "",
		"здравствуйте нет света":        "",
		"пока не пришёл счёт":           "",
		"хорошо передайте показания":    "",
		strings.Repeat("спасибо ", 100): "",
	} {
		if got := menu.Courtesy(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// stub is a scenario with that name and no more.
func stub(name string) *dialog.Scenario {
	text := &fstest.MapFile{Data: []byte("label: Stub " + name + "\n")}
	return &dialog.Scenario{
		Name: name, Version: 1, Words: words.Must(fstest.MapFS{"text.ru.yaml": text, "text.en.yaml": text}),
		Open: func(context.Context, *dialog.Turn) error { return nil },
	}
}

// offered returns what the answer to a text offers, by token.
func offered(t *testing.T, book *dialog.Book, text string) []string {
	t.Helper()
	st, err := dialog.Decode(nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := book.Step(t.Context(), st, 1, dialog.Event{ID: "e", Kind: dialog.Text, Text: text, Conversation: "test:1"})
	if err != nil || len(out.Said) != 1 {
		t.Fatalf("said %d messages, %v", len(out.Said), err)
	}
	var tokens []string
	for _, c := range out.Said[0].Choices {
		tokens = append(tokens, c.Token[len("c:"):])
	}
	return tokens
}
