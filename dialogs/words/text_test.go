package words_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/dialogs/words"
)

func TestText(t *testing.T) {
	t.Parallel()
	text, err := words.ParseText("До **{day}** числа.\n\n- [сайт]({site})\n{offices}\nИтого: {offices}.")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"day", "offices", "site"}, text.Args()); diff != "" {
		t.Error(diff)
	}
	item := func(s string) chat.Block { return chat.Block{Kind: chat.Item, Spans: []chat.Span{{Text: s}}} }
	offices := words.Blocks{item("Садовая, 14"), item("[Мира], **5**")} // never markup
	got := text.Say(words.RU, words.A("day", 25), words.A("site", "https://a.example"), words.A("offices", offices))
	want := []chat.Block{
		{Spans: []chat.Span{{Text: "До "}, {Text: "25", Bold: true}, {Text: " числа."}}},
		{Kind: chat.Item, Spans: []chat.Span{{Text: "сайт", Link: "https://a.example"}}},
		item("Садовая, 14"), item("[Мира], **5**"),
		chat.Para("Итого: Садовая, 14, [Мира], **5**."),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := text.Say(words.EN); len(got) != 3 { // the line of nothing but a list is left out
		t.Errorf("without arguments: %+v", got)
	}
}

func TestParseTextNamesEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := words.ParseText("ok\n{Name}\n\n**open")
	if err == nil || !strings.Contains(err.Error(), "2: ") || !strings.Contains(err.Error(), "4: ") {
		t.Errorf("got %v", err)
	}
}
