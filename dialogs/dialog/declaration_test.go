package dialog_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/words"
)

// NewBook names the mistakes of a declaration.
func TestNewBookRefuses(t *testing.T) {
	t.Parallel()
	take := dialog.Written("x")
	for _, c := range []struct {
		want   string
		change func(*dialog.Scenario)
	}{
		{"stands twice in the catalogue", func(s *dialog.Scenario) { s.Name = "menu" }},
		{"its name is not made", func(s *dialog.Scenario) { s.Name = "a:b" }},
		{"its form submits nothing", func(s *dialog.Scenario) { s.Form.Submit = dialog.Action{} }},
		{"slot day is asked twice", func(s *dialog.Scenario) { s.Form.Questions[0].Slot = "day" }},
		{`no words "nosuch.ask"`, func(s *dialog.Scenario) { s.Form.Questions[0].Key = "nosuch" }},
		{"takes no answer", func(s *dialog.Scenario) { s.Form.Questions[0].Take = nil }},
		{"names slot nosuch", func(s *dialog.Scenario) { s.Form.Questions[0].Goes = []string{"nosuch"} }},
		{"too long for a token", func(s *dialog.Scenario) {
			s.Form.Questions = append(s.Form.Questions, dialog.Question{Slot: strings.Repeat("x", 50), Key: "day", Take: take})
		}},
		{"it upgrades from version 7", func(s *dialog.Scenario) { s.Upgrade = map[int]func(dialog.Answers){7: rename} }},
		{"neither a form nor anything to say", func(s *dialog.Scenario) { s.Form = nil }},
		{"/menu means both", func(s *dialog.Scenario) { s.Slash = "menu" }},
		{"does nothing", func(s *dialog.Scenario) { s.Commands = []dialog.Command{{Name: "day"}} }},
		{"action submit stands twice", func(s *dialog.Scenario) { s.Form.Actions = []dialog.Action{s.Form.Submit} }},
		{`means both c:copy and c:visit`, func(s *dialog.Scenario) { s.Name = "copy" }},
	} {
		s := visit(bookVisit)
		c.change(s)
		if _, err := dialog.NewBook(house(), menu.New(), s, visit(bookVisit)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}

// A scenario that moves where it has not declared to is stopped.
func TestUndeclaredMoves(t *testing.T) {
	t.Parallel()
	say := func(f func(*dialog.Turn) dialog.Move) func(context.Context, *dialog.Turn) (dialog.Move, error) {
		return func(_ context.Context, t *dialog.Turn) (dialog.Move, error) { return f(t), nil }
	}
	for want, change := range map[string]func(*dialog.Form){
		"fills day without declaring it": func(f *dialog.Form) {
			f.Questions[0].Take = say(func(t *dialog.Turn) dialog.Move { day.Set(t, "today"); return dialog.Next })
		},
		"leads to day without declaring it": func(f *dialog.Form) {
			f.Questions[0].Take = say(func(*dialog.Turn) dialog.Move { return dialog.To(day) })
		},
		"does nosuch without declaring it": func(f *dialog.Form) {
			f.Questions[0].Take = say(func(*dialog.Turn) dialog.Move { return dialog.Do("nosuch", nil) })
		},
		"is reserved": func(f *dialog.Form) {
			f.Questions[0].Options = func(*dialog.Turn) []dialog.Option { return dialog.Options("topic", ".send") }
		},
		"is too long for a token": func(f *dialog.Form) {
			f.Questions[0].Options = func(*dialog.Turn) []dialog.Option {
				return []dialog.Option{{ID: strings.Repeat("x", 60), Label: "счёт"}}
			}
		},
		"panicked": func(f *dialog.Form) {
			f.Questions[0].Take = say(func(*dialog.Turn) dialog.Move { panic("boom") })
		},
		"to an answer on the summary": nil,
	} {
		s := visit(bookVisit)
		texts := []string{"/visit", "счёт"}
		if change == nil {
			want = "fills day without declaring it"
			s.Form.Summary.Take = say(func(t *dialog.Turn) dialog.Move { day.Set(t, "today"); return dialog.Next })
			texts = []string{"/visit", "счёт", "завтра", "2", "иначе"}
		} else {
			change(s.Form)
		}
		book, err := dialog.NewBook(house(), menu.New(), s)
		if err != nil {
			t.Fatal(err)
		}
		st, _ := dialog.Decode(nil)
		var last error
		for i, text := range texts {
			if _, last = book.Step(t.Context(), st, int64(i+1), begin(t, book).event(dialog.Text, text)); last != nil {
				break
			}
		}
		if last == nil || !strings.Contains(last.Error(), want) {
			t.Errorf("want %q, got %v", want, last)
		}
	}
}

// The result of a command that the new version no longer knows leaves the
// answers, and one that would repeat itself for ever is stopped.
func TestResults(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт", "завтра", "2")
	out := c.step(c.event(dialog.Text, "да"))
	done := c.event(dialog.Done, out.Run.Effect)
	done.Result = []byte(`{"Number":1}`)
	old := c.state
	c.book = deployed(t, func(s *dialog.Scenario) {
		s.Form.Submit = dialog.NewAction("other", bookVisit, booked)
	})
	if said := plain(c.step(done)); len(said) != 1 || !strings.HasPrefix(said[0], "Проверьте") {
		t.Errorf("said %q", said)
	}
	if out := c.step(done); out.State != nil {
		t.Error("a result counted twice")
	}
	again := deployed(t, func(s *dialog.Scenario) {
		s.Form.Summary = nil
		s.Form.Submit = dialog.NewAction("submit", bookVisit, func(context.Context, *dialog.Turn, ticket) (dialog.Move, error) {
			return dialog.Next, nil
		})
	})
	st, err := dialog.Decode(old)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Step(t.Context(), st, 9, done); err == nil || !strings.Contains(err.Error(), "itself again") {
		t.Errorf("the error is %v", err)
	}
	for _, result := range []string{"", "nonsense", "[]"} {
		st, err := dialog.Decode(old)
		if err != nil {
			t.Fatal(err)
		}
		done.Result = []byte(result)
		if _, err := newBook(t).Step(t.Context(), st, 9, done); err == nil {
			t.Errorf("the result %q was read", result)
		}
	}
}

// An older message keeps what is added to it after another was begun, and a
// command without a form has no answers in reach.
func TestMessagesAreTheirOwn(t *testing.T) {
	t.Parallel()
	s := &dialog.Scenario{
		Name: "two", Version: 1, Words: words.Must(os.DirFS("testdata/words/faq")),
		Open: func(_ context.Context, t *dialog.Turn) error {
			first := t.Say("hours")
			for range 5 {
				t.Say("ping.pong")
			}
			first.Append(chat.Para("ещё"))
			if t.Answers != nil || t.Picked != "" {
				t.Say("nosuch")
			}
			return nil
		},
	}
	book, err := dialog.NewBook(house(), menu.New(), visit(bookVisit), s)
	if err != nil {
		t.Fatal(err)
	}
	c := begin(t, book)
	c.says("/visit")
	said := c.says("вопросы")
	if !strings.HasPrefix(said, "Мы работаем с 8 до 20.\nещё\n") || strings.Contains(said, "nosuch") {
		t.Errorf("said %q", said)
	}
}

// Back passes over what an answer filled beside itself and nobody was asked for.
func TestBackAsksOnlyWhatWasAsked(t *testing.T) {
	t.Parallel()
	s := visit(bookVisit)
	s.Form.Questions[0].Fills = []string{"detail"}
	s.Form.Questions[0].Take = func(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
		topic.Set(t, "bill")
		detail.Set(t, "filled")
		return dialog.Next, nil
	}
	c := begin(t, book(t, s))
	if said := c.says("/visit", "счёт", "назад"); said != "С каким вопросом придёте?" {
		t.Errorf("back led to %q", said)
	}
}

// Whoever answers a stray question has no form in reach.
func TestAnswersOutsideTheForm(t *testing.T) {
	t.Parallel()
	stray := faq()
	stray.Answers = func(_ context.Context, t *dialog.Turn) (bool, error) {
		topic.Set(t, "bill")
		return true, nil
	}
	c := begin(t, book(t, visit(bookVisit), stray))
	c.says("/visit")
	st, err := dialog.Decode(c.state)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.book.Step(t.Context(), st, 2, c.event(dialog.Text, "чепуха")); err == nil {
		t.Error("an answer to a stray question filled a slot")
	}
}

// What a question of prose refuses is for nobody else.
func TestProseIsForNobodyElse(t *testing.T) {
	t.Parallel()
	s := visit(bookVisit)
	s.Form.Questions[1].Take = func(context.Context, *dialog.Turn) (dialog.Move, error) { return dialog.Unclear, nil }
	b := book(t, s, faq())
	for _, text := range []string{"когда вы работаете", "1"} {
		c := begin(t, b)
		if said := c.says("/visit", "другое", text); said != "Опишите вопрос своими словами." {
			t.Errorf("%s: said %q", text, said)
		}
	}
}

func book(t *testing.T, scenarios ...*dialog.Scenario) *dialog.Book {
	t.Helper()
	b, err := dialog.NewBook(house(), append(scenarios, menu.New())...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
