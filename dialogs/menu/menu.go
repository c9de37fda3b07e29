// Package menu is the way to everything else: a greeting and other courtesies, the
// main menu, the rest of it under "more", and the choice of language.
package menu

import (
	"context"
	"embed"
	"strings"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// first and rest are the scenarios and commands of the two menus, in the order
// of their buttons. Those that the house has not are not shown.
var (
	first = []string{"readings", "bill", "questions", "visit", "appeal"}
	rest  = []string{"tariffs", "outage", "cases.mine", "readings.mine", "account", "questions.news", "carry.site", "carry.telegram", "operator"}
)

// New returns the scenario.
func New() *dialog.Scenario {
	catalogue := words.Must(texts)
	manners := newManners(catalogue)
	greets := func(text string) bool { return manners.of(text) == greeting }
	return &dialog.Scenario{
		Name: "menu", Version: 1, Words: catalogue,
		Hears: greets, Answers: manners.reply,
		Open: func(_ context.Context, t *dialog.Turn) error {
			key := "menu"
			if strings.HasPrefix(t.Text, "/start") || greets(t.Text) {
				key = "hello"
			}
			said := t.Say(key, t.Contacts()...).InPlace().Offer(t.Resume())
			return offer(t, said, first, t.Command("menu.more", ""))
		},
		Commands: []dialog.Command{
			{Name: "more", Leaves: true, Do: func(_ context.Context, t *dialog.Turn) error {
				said := t.Say("more.ask").InPlace()
				return offer(t, said, rest, t.Command("menu.language", ""), t.Menu())
			}},
			{Name: "language", Slash: "language", Leaves: true, Do: language},
		},
	}
}

// offer adds what the house has of the names, then the rest.
func offer(t *dialog.Turn, said dialog.Said, names []string, others ...chat.Choice) error {
	for _, name := range names {
		said.Offer(t.Scenario(name), t.Command(name, ""))
	}
	said.Offer(others...)
	return nil
}

// language shows the languages, or changes to the one that was chosen or named.
func language(_ context.Context, t *dialog.Turn) error {
	lang := words.Lang(t.Argument())
	for _, l := range []words.Lang{words.RU, words.EN} {
		if t.Event.Kind == dialog.Text && words.Normalise(t.Text) == words.Normalise(t.Line("language."+string(l))) {
			lang = l
		}
	}
	switch lang {
	case words.RU, words.EN:
		t.SetLanguage(lang)
		t.Say("language.done").Offer(t.Resume(), t.Menu())
	default:
		t.Say("language.ask").InPlace().Offer(
			t.Command("menu.language", string(words.RU)), t.Command("menu.language", string(words.EN)), t.Menu())
	}
	return nil
}
