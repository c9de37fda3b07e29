package dialog_test

import (
	"context"
	"testing"
	"testing/fstest"

	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/words"
)

// A scenario that says everything without asking first is held to the channel's
// row all the same: what it may not carry never becomes a reply.
func TestChannelPolicyHoldsEveryReply(t *testing.T) {
	t.Parallel()
	text := []byte("label: Счёт\nsum: |\n  Ваш счёт:\n  К оплате {sum}\n  Адрес {place}\nasked: \"{may} {leads}\"\n")
	careless := &dialog.Scenario{
		Name: "careless", Version: 1,
		Words: words.Must(fstest.MapFS{"text.ru.yaml": {Data: text}, "text.en.yaml": {Data: text}}),
		Open: func(_ context.Context, t *dialog.Turn) error {
			t.Say("sum", words.A("sum", words.Of(privacy.Money, "10 ₽")), words.A("place", words.Of(privacy.Identity, "Садовая, 5")))
			t.Say("asked", words.A("may", t.May(privacy.Identity)), words.A("leads", t.Leads(privacy.Identity))).Holding(privacy.Money)
			return nil
		},
	}
	for _, c := range []struct {
		channel string
		policy  privacy.Policy
		want    [2]string
	}{
		{"web:1", privacy.HousePolicy(), [2]string{"Ваш счёт:\nК оплате 10 ₽\nАдрес Садовая, 5", "true false"}},
		{"tg:1", privacy.HousePolicy(), [2]string{"Ваш счёт:\nК оплате 10 ₽", "false true"}},
		{"tg:1", privacy.HousePolicy().Strict(), [2]string{"Ваш счёт:", privacy.Hidden}},
		{"pigeon:1", privacy.HousePolicy(), [2]string{"Ваш счёт:", privacy.Hidden}},
		{"pigeon:1", nil, [2]string{"Ваш счёт:\nК оплате 10 ₽\nАдрес Садовая, 5", "true false"}},
	} {
		h := house()
		h.Policy = c.policy
		book, err := dialog.NewBook(h, menu.New(), careless)
		if err != nil {
			t.Fatal(err)
		}
		st, err := dialog.Decode(nil)
		if err != nil {
			t.Fatal(err)
		}
		out, err := book.Step(t.Context(), st, 1, dialog.Event{ID: "e", Conversation: chat.Conversation(c.channel), Text: "счёт"})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Said) != 2 || out.Said[0].Plain() != c.want[0] || out.Said[1].Plain() != c.want[1] {
			t.Errorf("%s: %+v", c.channel, out.Said)
		}
	}
}
