package chat_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
)

func message(texts ...string) chat.Message {
	var m chat.Message
	for _, t := range texts {
		m.Blocks = append(m.Blocks, chat.Para(t))
	}
	return m
}

func TestFitLeavesAlone(t *testing.T) {
	t.Parallel()
	m := message("коротко")
	m.Choices = []chat.Choice{{Token: "1", Label: "Да"}}
	got := chat.Fit(m, chat.Caps{Text: 4096, Buttons: 100})
	if diff := cmp.Diff([]chat.Message{m}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFitCutsBetweenBlocks(t *testing.T) {
	t.Parallel()
	m := message(strings.Repeat("а", 6), strings.Repeat("б", 6), strings.Repeat("в", 2))
	m.Choices = []chat.Choice{{Token: "1", Label: "Да"}}
	m.Prompt = true
	got := chat.Fit(m, chat.Caps{Text: 10, Buttons: 8})
	if len(got) != 2 || got[0].Plain() != "аааааа" || got[1].Plain() != "бббббб\nвв" {
		t.Fatalf("cut into %+v", got)
	}
	if len(got[0].Choices) != 0 || got[0].Prompt || len(got[1].Choices) != 1 || !got[1].Prompt {
		t.Error("choices and prompt must stand with the last part")
	}
}

func TestChoicesBecomeANumberedList(t *testing.T) {
	t.Parallel()
	m := message("Выберите")
	m.Choices = []chat.Choice{{Token: "1", Label: "Да"}, {Token: "2", Label: "Нет"}}
	got := chat.Fit(m, chat.Caps{Text: 100})
	if len(got) != 1 || got[0].Plain() != "Выберите\n1. Да\n2. Нет" || got[0].Choices != nil {
		t.Errorf("got %+v", got)
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	labels := func(rows [][]chat.Choice) [][]string {
		var out [][]string
		for _, row := range rows {
			var r []string
			for _, c := range row {
				r = append(r, c.Label)
			}
			out = append(out, r)
		}
		return out
	}
	choices := []chat.Choice{{Label: "Да"}, {Label: "Нет"}, {Label: "Не знаю, что ответить"}, {Label: "Назад"}, {Label: "Меню", Wide: true}}
	got := labels(chat.Rows(choices, chat.Caps{Row: 2, Label: 12}))
	want := [][]string{{"Да", "Нет"}, {"Не знаю, что ответить"}, {"Назад"}, {"Меню"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Many brief choices stay buttons, in rows that a phone has room for.
func TestDenseChoices(t *testing.T) {
	t.Parallel()
	caps := chat.Caps{Buttons: 3, Row: 2, Label: 12}
	for label, want := range map[string][]int{"09:15": {4, 4, 2, 2}, "пн 30 ноя": {3, 3, 3, 1, 2}} {
		m := chat.Message{Blocks: []chat.Block{chat.Para("Когда?")}}
		for range 10 {
			m.Choices = append(m.Choices, chat.Choice{Label: label, Dense: true})
		}
		m.Choices = append(m.Choices, chat.Choice{Label: "Назад"}, chat.Choice{Label: "Отмена"})
		fit := chat.Fit(m, caps)
		if len(fit) != 1 || len(fit[0].Choices) != 12 {
			t.Fatalf("they became %d messages with %d buttons", len(fit), len(fit[0].Choices))
		}
		var got []int
		for _, row := range chat.Rows(fit[0].Choices, caps) {
			got = append(got, len(row))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows of %s: %s", label, diff)
		}
	}
	if plain := chat.Fit(chat.Message{Choices: []chat.Choice{{Label: "09:15", Dense: true}}}, chat.Caps{}); len(plain[0].Choices) != 0 {
		t.Error("a channel without buttons is sent some")
	}
}

// FuzzFit: whatever the text, no part is over the limit and nothing but
// spaces at the cuts is lost.
func FuzzFit(f *testing.F) {
	f.Add("одно слово", "и ещё, 😀😀😀😀", 12)
	f.Add(strings.Repeat("щ", 100), "", 7)
	f.Fuzz(func(t *testing.T, a, b string, limit int) {
		if limit < 8 || limit > 5000 {
			return
		}
		a, b = strings.ToValidUTF8(a, ""), strings.ToValidUTF8(b, "")
		var joined strings.Builder
		for _, part := range chat.Fit(message(a, b), chat.Caps{Text: limit}) {
			if n := chat.Units(part.Plain()); n > limit {
				t.Errorf("part of %d units, limit %d", n, limit)
			}
			joined.WriteString(part.Plain())
		}
		squash := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
		if got, want := squash(joined.String()), squash(a+b); got != want {
			t.Errorf("lost text: %q, want %q", got, want)
		}
	})
}
