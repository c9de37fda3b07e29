package words_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
)

// debt is a value whose type tells its class.
type debt string

func (debt) Class() privacy.Class { return privacy.Money }

// A block holds what the values in it are: it is they that may not leave
// through every channel.
func TestBlocksHoldWhatTheirValuesAre(t *testing.T) {
	t.Parallel()
	text := "bill: |\n  Здравствуйте.\n  **К оплате** {sum}, адрес {place}\n  - [счёт]({link}) {n}\n"
	c, err := words.Load(folder(text, text))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Say(words.RU, "bill", words.A("sum", debt("10 ₽")), words.A("n", 2),
		words.A("place", words.Of(privacy.Identity, "Садовая, 5")), words.A("link", words.Of(privacy.Document, "https://example.org/")))
	want := []chat.Block{
		{Spans: []chat.Span{{Text: "Здравствуйте."}}},
		{
			Spans: []chat.Span{{Text: "К оплате", Bold: true}, {Text: " 10 ₽, адрес Садовая, 5"}},
			Holds: privacy.ClassesOf(privacy.Money, privacy.Identity),
		},
		{
			Kind: chat.Item, Spans: []chat.Span{{Text: "счёт", Link: "https://example.org/"}, {Text: " 2"}},
			Holds: privacy.ClassesOf(privacy.Document),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
}
