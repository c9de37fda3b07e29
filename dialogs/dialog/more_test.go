package dialog_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/words"
)

// pizza asks what its data want of the dish that was chosen.
func pizza(t *testing.T, data map[string][]string) *dialog.Scenario {
	t.Helper()
	const dish, size = dialog.Slot[string]("dish"), dialog.Slot[string]("f_size")
	c, err := words.Load(fstest.MapFS{
		"text.ru.yaml": {Data: []byte("label: Заказ\ndish: {ask: Что?, label: Блюдо}\nfield: {ask: \"Какой {what}?\", label: \"{what}\"}\nsummary: {ask: Итог}\nask: {label: Спросить}\n")},
		"text.en.yaml": {Data: []byte("label: Order\ndish: {ask: What?, label: Dish}\nfield: {ask: \"Which {what}?\", label: \"{what}\"}\nsummary: {ask: All}\nask: {label: Ask}\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &dialog.Scenario{
		Name: "pizza", Version: 1, Words: c,
		Form: &dialog.Form{
			Questions: []dialog.Question{{
				Slot: "dish", Expect: chat.Text, Fills: []string{"f_*"}, Show: dish.Show,
				Take: func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
					dish.Set(t, t.Text)
					if t.Text == "обычная" {
						size.Assume(t, "средняя")
					}
					return dialog.Next, nil
				},
			}},
			More: func(t *dialog.Turn) (list []dialog.Question) {
				for _, name := range data[dish.Of(t.Answers)] {
					slot := dialog.Slot[string]("f_" + name)
					list = append(list, dialog.Question{
						Slot: string(slot), Key: "field", Expect: chat.Text, Take: dialog.Written(slot), Show: slot.Show,
						Args: func(*dialog.Turn) []words.Arg { return []words.Arg{words.A("what", name)} },
					})
				}
				return list
			},
			Summary: &dialog.Summary{},
			Submit: dialog.NewAction("send", func(context.Context, dialog.Effect, any) (int, error) { return 0, nil },
				func(context.Context, *dialog.Turn, int) (dialog.Move, error) { return dialog.Close, nil }),
		},
		Commands: []dialog.Command{{Name: "ask", Do: func(_ context.Context, t *dialog.Turn) error {
			t.Note(strings.TrimPrefix(t.Noted()+" "+t.Event.ID, " "))
			return nil
		}}},
	}
}

// A form can ask what data want: a question that they drop is not asked, on the
// way back neither, and its answer waits for the case that it is asked again.
func TestMoreQuestions(t *testing.T) {
	t.Parallel()
	data := map[string][]string{"пицца": {"size", "sauce"}, "суп": {"spoon", "size"}, "обычная": {"size", "sauce"}}
	open := func() *talk {
		book, err := dialog.NewBook(house(), menu.New(), pizza(t, data))
		if err != nil {
			t.Fatal(err)
		}
		c := &talk{t: t, book: book, now: now}
		c.says("Заказ")
		return c
	}
	for texts, want := range map[string]string{
		"пицца":                                                 "Какой size?",
		"пицца, большая":                                        "Какой sauce?",
		"пицца, большая, назад":                                 "Какой size?",
		"пицца, большая, острый":                                "Итог • Блюдо: пицца • size: большая • sauce: острый",
		"пицца, большая, острый, нет, Блюдо":                    "Что?",
		"пицца, большая, острый, нет, Блюдо, суп":               "Какой spoon?",
		"пицца, большая, острый, нет, Блюдо, суп, ложка":        "Итог • Блюдо: суп • spoon: ложка • size: большая",
		"пицца, большая, острый, нет, Блюдо, суп, ложка, назад": "Какой spoon?",
		"обычная":                          "Какой sauce?",
		"обычная, острый":                  "Итог • Блюдо: обычная • size: средняя • sauce: острый",
		"обычная, назад":                   "Что?",
		"обычная, острый, нет, size, мини": "Итог • Блюдо: обычная • size: мини • sauce: острый",
	} {
		c := open()
		got := c.says(strings.Split(texts, ", ")...)
		if got = strings.Join(strings.Fields(strings.SplitN(got, "[", 2)[0]), " "); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", texts, got, want)
		}
	}
	c := open()
	c.says("пицца")
	delete(data, "пицца") // nobody asks for it any more
	if got := c.says("большая"); !strings.Contains(got, "Итог") {
		t.Errorf("after the data changed: %s", got)
	}
}

// What was noted lives as long as a draft.
func TestNoted(t *testing.T) {
	t.Parallel()
	book, err := dialog.NewBook(house(), menu.New(), pizza(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	c := &talk{t: t, book: book, now: now}
	c.says("Спросить")
	if !strings.Contains(string(c.state), `"n":{"x":"eСпросить"`) {
		t.Fatalf("not noted: %s", c.state)
	}
	st, err := dialog.Decode(c.state)
	if err != nil {
		t.Fatal(err)
	}
	name, timer, ok := st.NextTimer()
	if !ok || !timer.At.Equal(now.Add(24*time.Hour)) {
		t.Fatalf("the next timer is %s at %s", name, timer.At)
	}
	c.now = timer.At
	c.step(c.event(dialog.Timer, name))
	if strings.Contains(string(c.state), "eСпросить") {
		t.Errorf("not forgotten: %s", c.state)
	}
}
