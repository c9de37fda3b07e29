package press_test

import (
	"errors"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/press"
	"okoshko/core/appeal/registry"
	"okoshko/core/privacy/detect"
)

func answers(pairs ...string) appeal.Answers {
	a := appeal.Answers{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a = a.With(appeal.Name(pairs[i]), pairs[i+1])
	}
	return a
}

// What the case itself tells of its author is certain, in any case form; the
// company's own is left.
func TestLook(t *testing.T) {
	t.Parallel()
	c := press.NewCensor(detect.New(detect.Allow{Phones: []string{"8 800 000-01-01"}, Names: []string{"Старогорэнергосбыт"}}))
	author := press.Author(demo.Book(), answers(
		"name", "Лесной Пётр Ильич", "address", "г. Старогорск, ул. Морозная, д. 14, кв. 20", "phone", "+79120000001", "email", "lesnoy@post.example",
		"account", "0145201372", "text", "живу один",
	))
	x := registry.Excerpt{
		Question: "Почему вырос счёт у Лесного?",
		Answer:   "На Морозной, 14 поменяли счётчик. Спросите у Анны Сергеевны. Звоните 8 800 000-01-01, Старогорэнергосбыт.",
	}
	found := c.Look(x, author, nil, false)
	got := map[string]bool{} // words → certain
	for _, f := range found {
		text := map[press.Field]string{press.Question: x.Question, press.Answer: x.Answer}[f.Field]
		if text[f.Start:f.End] != f.Words || !f.Unresolved {
			t.Errorf("%+v", f)
		}
		got[f.Words] = f.Certain
	}
	if !got["Лесного"] {
		t.Errorf("his name is not found for certain: %v", got)
	}
	if certain, any := got["Анны Сергеевны"]; !any || certain {
		t.Errorf("another name is not likely: %v", got)
	}
	for words := range got {
		if strings.Contains(words, "800") || strings.Contains(words, "Старогор") {
			t.Errorf("the company's own is found: %v", got)
		}
	}
	// Who has written it lets stand what is likely, for a reason; the rest a second
	// person.
	all := func(reason string) (list []press.Dismissal) {
		for _, f := range found {
			list = append(list, press.Dismissal{Kind: f.Kind, Words: f.Words, Reason: reason})
		}
		return list
	}
	for _, row := range []struct {
		dismissed []press.Dismissal
		second    bool
		open      bool
	}{
		{nil, false, true}, {nil, true, true}, {all(" "), true, true}, {all("....... ок"), true, true}, {all("это вымышленное имя"), false, true}, {all("это вымышленное имя"), true, false},
	} {
		if got := press.Unresolved(c.Look(x, author, row.dismissed, row.second)); got != row.open {
			t.Errorf("%+v: open %v", row, got)
		}
	}
	likely := registry.Excerpt{Question: "Кому звонить?", Answer: "Спросите у Анны Сергеевны."}
	if press.Unresolved(c.Look(likely, author, all("сотрудница офиса"), false)) {
		t.Error("a likely finding stays open")
	}
}

// Every address and name of a case is looked for, whichever the fields are, each
// time.
func TestAuthor(t *testing.T) {
	t.Parallel()
	c := press.NewCensor(detect.New(detect.Allow{}))
	x := registry.Excerpt{Question: "Что на энергетиков восемнадцать?", Answer: "На Полевой и у беляева было темно."}
	for range 20 {
		author := press.Author(demo.Book(), answers(
			"address", "Старогорск, пр-кт Энергетиков, 18, кв. 40", "post_address", "д. Сосновка, ул. Полевая, 3", "name", "Беляев Олег Петрович",
		))
		var got []string
		for _, f := range c.Look(x, author, nil, false) {
			if f.Certain {
				got = append(got, f.Words)
			}
		}
		if want := "энергетиков восемнадцать|Полевой|беляева"; strings.Join(got, "|") != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := registry.Excerpt{Question: "Почему вырос счёт?", Answer: "Первое.\n\n- второе"}
	if err := press.Check(good); err != nil {
		t.Error(err)
	}
	for want, list := range map[error][]registry.Excerpt{
		registry.ErrExcerpt: {{}, {Question: "?", Answer: " \n"}, {Question: "\xff", Answer: "а"}},
		press.ErrLong:       {{Question: strings.Repeat("я", 61), Answer: "а"}, {Question: "?", Answer: strings.Repeat("я", 1201)}},
		press.ErrSigns:      {{Question: "{phone}?", Answer: "а"}, {Question: "а\nб", Answer: "а"}, {Question: "?", Answer: "[x](https://evil.example)"}, {Question: "?", Answer: "**а**"}},
	} {
		for _, x := range list {
			if err := press.Check(x); !errors.Is(err, want) {
				t.Errorf("%.30q: %v, want %v", x, err, want)
			}
		}
	}
}

// A profile is read from whatever customers have typed.
func FuzzAuthor(f *testing.F) {
	book := demo.Book()
	for _, s := range []string{"г. Старогорск, ул. Лыжная, д. 14, кв. 20", "д.", ",,,", "ул.", "кв. 9\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = press.Author(book, answers("address", s, "name", s, "phone", s))
		press.NewCensor(detect.New(detect.Allow{})).Look(registry.Excerpt{Question: s, Answer: s}, detect.Author{}, nil, true)
	})
}
