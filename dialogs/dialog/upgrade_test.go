package dialog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/menu"
)

// now is a working hour of the company.
var now = time.Date(2026, time.November, 24, 10, 0, 0, 0, zone)

// talk is a conversation with a book, one step after another.
type talk struct {
	t        testing.TB
	book     *dialog.Book
	state    []byte
	revision int64
	now      time.Time
}

func (c *talk) event(kind dialog.Kind, text string) dialog.Event {
	return dialog.Event{
		ID: "e" + text, Kind: kind, Text: text, Conversation: "test:1", At: c.now, Now: c.now, Language: "ru",
		Foreign: "m" + text,
	}
}

// step takes an event and keeps the state.
func (c *talk) step(ev dialog.Event) dialog.Outcome {
	c.t.Helper()
	st, err := dialog.Decode(c.state)
	if err != nil {
		c.t.Fatal(err)
	}
	out, err := c.book.Step(c.t.Context(), st, c.revision+1, ev)
	if err != nil {
		c.t.Fatalf("step on %s: %v", ev.Kind, err)
	}
	if out.State != nil {
		c.revision++
		if c.state, err = out.State.Encode(); err != nil {
			c.t.Fatal(err)
		}
	}
	return out
}

// says lets the customer write and returns what he is told.
func (c *talk) says(texts ...string) string {
	c.t.Helper()
	var said []string
	for _, text := range texts {
		said = plain(c.step(c.event(dialog.Text, text)))
	}
	return strings.Join(said, "\n")
}

func plain(out dialog.Outcome) []string {
	var said []string
	for _, m := range out.Said {
		said = append(said, m.Plain())
	}
	return said
}

// press presses a choice of what was said.
func (c *talk) press(out dialog.Outcome, label string) dialog.Outcome {
	c.t.Helper()
	for _, m := range out.Said {
		for _, choice := range m.Choices {
			if choice.Label == label {
				return c.step(c.event(dialog.Press, choice.Token))
			}
		}
	}
	c.t.Fatalf("no button [%s]", label)
	return dialog.Outcome{}
}

func begin(t testing.TB, book *dialog.Book) *talk { return &talk{t: t, book: book, now: now} }

// deployed is the example at a later version.
func deployed(t testing.TB, change func(*dialog.Scenario)) *dialog.Book {
	t.Helper()
	s := visit(bookVisit)
	s.Version = 3
	change(s)
	book, err := dialog.NewBook(house(), menu.New(), s)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func rename(a dialog.Answers) { a["subject"] = a["topic"]; delete(a, "topic") }

func TestUpgradeCarriesAnswers(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт", "завтра")
	c.book = deployed(t, func(s *dialog.Scenario) {
		s.Upgrade = map[int]func(dialog.Answers){
			1: rename,
			2: func(a dialog.Answers) { a["topic"] = dialog.Saved(`"contract"`); delete(a, "subject") },
		}
	})
	if said := c.says("2"); !strings.Contains(said, "Договор") || !strings.Contains(said, "Завтра") {
		t.Errorf("the summary after two upgrades is %q", said)
	}
}

func TestUpgradeCarriesDrafts(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт", "завтра")
	c.now = c.now.Add(24 * time.Hour)
	c.step(c.event(dialog.Timer, "set_aside"))
	c.book = deployed(t, func(s *dialog.Scenario) {
		s.Upgrade = map[int]func(dialog.Answers){1: func(a dialog.Answers) { a["topic"] = dialog.Saved(`"contract"`) }}
	})
	if said := c.says("/visit", "да", "2"); !strings.Contains(said, "Договор") {
		t.Errorf("the summary of the draft is %q", said)
	}
}

// An unknown step becomes the first question without an answer, and that is
// said once; what the customer wrote was no answer to it.
func TestUnknownStep(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт", "завтра")
	c.book = deployed(t, func(s *dialog.Scenario) {
		q := &s.Form.Questions[3]
		q.Slot, q.Key, q.Take = "visitors", "people", dialog.Written("visitors")
	})
	said := c.says("2")
	if want := "Мы обновили этот раздел. Ваши ответы сохранились, продолжим с места, где нужен ответ.\nСколько человек придёт?"; said != want {
		t.Errorf("said %q", said)
	}
	if said := c.says("3"); !strings.HasPrefix(said, "Проверьте и отправьте.") || !strings.Contains(said, "Счёт") {
		t.Errorf("then said %q", said)
	}
	// A button of the old step is stale.
	c = begin(t, newBook(t))
	c.says("/visit")
	out := c.step(c.event(dialog.Text, "счёт"))
	c.book = deployed(t, func(s *dialog.Scenario) { s.Form.Questions = slices.Delete(s.Form.Questions, 2, 3) })
	got := plain(c.press(out, "Завтра"))
	if len(got) != 2 || got[1] != "Сколько человек придёт?" {
		t.Errorf("an old button led to %q", got)
	}
	if said := c.says("назад"); said != "С каким вопросом придёте?" {
		t.Errorf("back led to %q", said)
	}
}

func TestNewerStateIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := begin(t, deployed(t, func(*dialog.Scenario) {}))
	c.says("/visit", "счёт")
	old := newBook(t)
	for name, saved := range map[string][]byte{
		"scenario": c.state,
		"state":    []byte(`{"v":99,"f":{"shape":"unknown"}}`),
		"draft":    []byte(`{"v":1,"d":{"visit":{"v":3,"a":{},"t":"2026-11-24T10:00:00Z"}}}`),
	} {
		st, err := dialog.Decode(saved)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := old.Step(t.Context(), st, 9, c.event(dialog.Text, "меню")); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: the error is %v, want Unavailable", name, err)
		}
	}
}

func TestScenarioGone(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/poll", "хорошо")
	c.book = deployed(t, func(*dialog.Scenario) {})
	if said := c.says("/visit"); said != "Этот раздел мы закрыли, незаконченное в нём не отправлено.\nС каким вопросом придёте?" {
		t.Errorf("said %q", said)
	}
	// In the middle of being sent nobody can say that it was not.
	c = begin(t, newBook(t))
	c.says("/poll", "хорошо", "так", "да")
	c.book = deployed(t, func(*dialog.Scenario) {})
	if said := c.says("меню"); !strings.HasPrefix(said, "Что-то сломалось у нас") {
		t.Errorf("said %q", said)
	}
	// Its old buttons lead to the menu.
	if out := c.step(c.event(dialog.Press, "c:poll")); len(out.Said) != 1 || len(out.Said[0].Choices) == 0 {
		t.Errorf("its button led to %q", plain(out))
	}
}

func TestBrokenStates(t *testing.T) {
	t.Parallel()
	for _, saved := range []string{`{`, `[]`, `{"f":[null]}`, `{"v":1,"f":{}}`} {
		if _, err := dialog.Decode([]byte(saved)); err == nil {
			t.Errorf("%s was read", saved)
		}
	}
	// Answers that can no longer be read are asked again.
	c := begin(t, newBook(t))
	c.state = []byte(`{"v":1,"f":[{"s":"visit","v":1,"r":1,"q":"topic"}]}`)
	if said := c.says("счёт"); said != "В какой день?" {
		t.Errorf("said %q", said)
	}
}

// What fails must not come back for ever, and must not lose answers.
func TestApologise(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт", "завтра", "2")
	summary := slices.Clone(c.state)
	out := c.step(c.event(dialog.Text, "да"))
	apologise := func(saved []byte, kind dialog.Kind, text string) (*dialog.State, []string) {
		st, err := dialog.Decode(saved)
		if err != nil {
			t.Fatal(err)
		}
		out := c.book.Apologise(st, c.event(kind, text))
		return out.State, plain(out)
	}
	st, said := apologise(summary, dialog.Text, "бум")
	if len(st.Frames) != 1 || len(said) != 1 || len(st.Offer) != 2 {
		t.Errorf("a text: %d forms, %q, %d choices", len(st.Frames), said, len(st.Offer))
	}
	st, said = apologise(summary, dialog.Timer, "remind")
	if _, ok := st.Timers["remind"]; ok || len(said) != 0 || len(st.Frames) != 1 {
		t.Error("a reminder that fails rings for ever, or speaks")
	}
	for kind, forms := range map[dialog.Kind]int{dialog.Done: 0, dialog.Failed: 1, dialog.Delayed: 1} {
		st, _ = apologise(c.state, kind, out.Run.Effect)
		if len(st.Frames) != forms || kind != dialog.Delayed && len(st.Pending()) != 0 {
			t.Errorf("%s: %d forms and %d commands are left", kind, len(st.Frames), len(st.Pending()))
		}
	}
	if st, said := apologise([]byte(`{"v":1,"f":[{"s":"nosuch"}]}`), dialog.Text, "x"); len(said) != 1 || len(st.Frames) != 1 {
		t.Error("a form of a scenario that is gone is no reason to panic")
	}
}

// Tokens can be made up; what was not offered is not taken.
func TestForgedTokens(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт")
	before := string(c.state)
	for _, token := range []string{
		"a:1.1:.send", "a:1.1:.continue", "a:1.1:nosuch", "a:1.1:.slot.topic", "a:1.0:bill", "a:1.99:.send", "a:2.1:.cancel",
		"a:1.1", "a:", ":", "", "x", "x:9:topic", "z:1:2", "a::", "a:..:", strings.Repeat("a", 5000),
	} {
		out := c.step(c.event(dialog.Press, token))
		if out.Toast == "" || out.Run != nil || len(out.Said) > 0 || !out.Refused {
			t.Errorf("%.20q did something", token)
		}
	}
	st, err := dialog.Decode(c.state)
	if err != nil {
		t.Fatal(err)
	}
	st.Toasted = nil
	if after, err := st.Encode(); err != nil || string(after) != before {
		t.Errorf("a forged token changed the state: %s, %v", after, err)
	}
}

// What an upgrade has filled can be gone back to.
func TestUpgradeFills(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт")
	c.book = deployed(t, func(s *dialog.Scenario) {
		s.Upgrade = map[int]func(dialog.Answers){2: func(a dialog.Answers) { a["day"] = dialog.Saved(`"today"`) }}
	})
	if said := c.says("назад"); said != "В какой день?" {
		t.Errorf("back led to %q", said)
	}
}

// A delay is told once, however often the command is tried.
func TestDelayIsToldOnce(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт", "завтра", "2")
	effect := c.step(c.event(dialog.Text, "да")).Run.Effect
	for i, want := range []int{1, 0, 0} {
		if out := c.step(c.event(dialog.Delayed, effect)); len(out.Said) != want {
			t.Errorf("delay %d: %d messages, want %d", i, len(out.Said), want)
		}
	}
}
