package dialog_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// The answers of the form.
const (
	topic  = dialog.Slot[string]("topic")
	detail = dialog.Slot[string]("detail")
	day    = dialog.Slot[string]("day")
	people = dialog.Slot[int]("people")
)

// booking is what is sent, and what comes back.
type (
	booking struct {
		Topic, Detail, Day string
		People             int
	}
	ticket struct{ Number int }
)

// visit books a visit to an office: a form of four questions, the second of
// which is asked only of those who chose "else".
func visit(book func(context.Context, dialog.Effect, booking) (ticket, error)) *dialog.Scenario {
	return &dialog.Scenario{
		Name: "visit", Version: 1, Slash: "visit", Words: words.Must(os.DirFS("testdata/words/visit")),
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{Slot: "topic", Options: topics, Take: dialog.Chosen(topic), Show: topicName},
				{
					Slot: "detail", Needed: isElse, After: []string{"topic"},
					Expect: chat.Text, Prose: true, Take: dialog.Written(detail), Show: detail.Show,
				},
				{Slot: "day", Options: days, Take: dialog.Chosen(day), Show: dayName},
				{Slot: "people", Expect: chat.Number, Take: takePeople, Show: people.Show},
			},
			Summary: &dialog.Summary{},
			With: func(t *dialog.Turn) any {
				a := t.Answers
				return booking{topic.Of(a), detail.Of(a), day.Of(a), people.Of(a)}
			},
			Submit: dialog.NewAction("submit", book, booked),
		},
	}
}

func topics(*dialog.Turn) []dialog.Option { return dialog.Options("topic", "contract", "bill", "else") }
func topicName(t *dialog.Turn) string     { return t.Line("topic." + topic.Of(t.Answers)) }
func isElse(t *dialog.Turn) bool          { return topic.Of(t.Answers) == "else" }
func days(*dialog.Turn) []dialog.Option   { return dialog.Options("day", "today", "tomorrow") }
func dayName(t *dialog.Turn) string       { return t.Line("day." + day.Of(t.Answers)) }

func takePeople(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	n, err := strconv.Atoi(t.Text)
	switch {
	case err != nil:
		return dialog.Unclear, nil
	case n < 1 || n > 5:
		return dialog.Refuse("people.most", words.A("n", 5)), nil
	}
	people.Set(t, n)
	return dialog.Next, nil
}

func booked(_ context.Context, t *dialog.Turn, done ticket) (dialog.Move, error) {
	if done.Number == 0 {
		return dialog.Refuse("full"), nil
	}
	t.Say("booked", words.A("number", done.Number)).Offer(t.Menu())
	return dialog.Close, nil
}

// A step takes one event through the form. Here a customer types everything;
// he may as well press the choices.
func Example() {
	desk := func(context.Context, dialog.Effect, booking) (ticket, error) { return ticket{Number: 7}, nil }
	book, err := dialog.NewBook(dialog.House{Zone: time.UTC}, visit(desk))
	if err != nil {
		fmt.Println(err)
		return
	}
	state, _ := dialog.Decode(nil)
	for i, text := range []string{"/visit", "счёт", "завтра", "двое", "2"} {
		out, err := book.Step(context.Background(), state, int64(i+1), dialog.Event{Kind: dialog.Text, Text: text})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(">", text)
		for _, m := range out.Said {
			fmt.Println("<", m.Plain())
		}
	}
	// Output:
	// > /visit
	// < С каким вопросом придёте?
	// > счёт
	// < В какой день?
	// > завтра
	// < Сколько человек придёт?
	// > двое
	// < Напишите число цифрами, например 2.
	// > 2
	// < Проверьте и отправьте.
	// • Вопрос: Счёт
	// • День: Завтра
	// • Посетители: 2
}
