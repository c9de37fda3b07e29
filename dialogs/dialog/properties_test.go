package dialog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
)

// What strangers write.
var hostile = []string{
	"", " ", "\t\n", "\x00\x01\x1b[31m", "\u202etxet\u202c", "\u200b\u200b", "👍", "/", "//", "/ ", "/nosuch x", "@", "\xff\xfe",
	"<script>", "{n} **x** [y](javascript:1)", "-1", "0", "1e9", "9999999999999999999999", strings.Repeat("я", 10_000),
	strings.Repeat("a ", 2048), "null", `{"v":1}`, "c:menu", "a:1.0:bill", "да", "нет", "1", "2", "3", "4",
}

// Random conversations: see transcript.Wander for what must hold.
func TestRandomConversations(t *testing.T) {
	t.Parallel()
	words := append([]string{
		"/visit", "/poll", "/meter", "/callback", "/tour", "ещё", "к началу", "/start", "меню", "назад", "отмена", "оператор", "договор", "другое",
		"завтра", "сегодня", "2", "пинг", "режим работы", "сломай", "недоступно", "хочу оценить", "хорошо", "english",
	}, hostile...)
	book := newBook(t)
	for seed := range uint64(120) {
		transcript.Wander(t, book, rand.New(rand.NewPCG(seed, 1)), 120, words) //nolint:gosec // a repeatable walk
	}
}

func FuzzStep(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, uint8(0))
	}
	f.Add("a:1.1:.send", uint8(1))
	book := newBook(f)
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		for _, before := range [][]string{nil, {"/visit"}, {"/visit", "другое"}, {"/visit", "счёт", "завтра", "2"}, {"/poll"}, {"/meter"}, {"/tour"}, {"/tour", "ещё"}} {
			c := begin(t, book)
			c.says(before...)
			ev := c.event(dialog.Kind(kind%2), text) // text or press
			out := c.step(ev)
			if len(out.Said) == 0 && out.Toast == "" && out.Run == nil {
				t.Errorf("after %q nothing answers %q", before, text)
			}
		}
	})
}

// A text that is too long is refused politely; everything else hostile is
// answered, and «отмена» always gets out.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	book := newBook(t)
	for i, text := range hostile {
		c := begin(t, book)
		c.says("/visit", "другое")
		if said := c.says(text); said == "" {
			t.Errorf("text %d is met by silence", i)
		}
		if len(c.state) > 3*4096 {
			t.Errorf("text %d makes a state of %d bytes", i, len(c.state))
		}
		for range 4 {
			c.says("отмена")
		}
		if st, _ := dialog.Decode(c.state); len(st.Frames) > 0 {
			t.Errorf("text %d cannot be cancelled", i)
		}
	}
}

// The same event on the same state gives the same outcome, whatever happened
// to the book before.
func TestStepIsPure(t *testing.T) {
	t.Parallel()
	book := newBook(t)
	run := func() string {
		c := begin(t, book)
		var all strings.Builder
		for _, text := range []string{"/visit", "другое", "вопрос", "что", "/poll", "хорошо", "отмена", "сегодня", "2", "да"} {
			out := c.step(c.event(dialog.Text, text))
			fmt.Fprintf(&all, "%+v %s %s\n", plain(out), c.state, out.Toast)
		}
		return all.String()
	}
	first := run()
	for range 20 {
		if run() != first {
			t.Fatal("the same events led elsewhere")
		}
	}
}

// A timer that the state no longer holds, or that is not due, means nothing;
// a reminder that rings late waits for the morning.
func TestTimers(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт")
	for _, name := range []string{"remind", "set_aside", "album", "drafts", "nosuch", ""} {
		if out := c.step(c.event(dialog.Timer, name)); out.State != nil || len(out.Said) > 0 {
			t.Errorf("the timer %q rang before its time", name)
		}
	}
	c.now = now.Add(12 * time.Hour) // 22:00
	if out := c.step(c.event(dialog.Timer, "remind")); len(out.Said) > 0 {
		t.Error("a late reminder spoke in the quiet hours")
	}
	st, err := dialog.Decode(c.state)
	if err != nil {
		t.Fatal(err)
	}
	if at := st.Timers["remind"].At.In(zone); at.Hour() != 9 || at.Day() != 25 {
		t.Errorf("the reminder was put off to %s", at)
	}
}

// A failed command leaves a form that still reminds, and still becomes a draft.
func TestTimersAfterFailure(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "счёт", "завтра", "2")
	out := c.step(c.event(dialog.Text, "да"))
	if st, _ := dialog.Decode(c.state); len(st.Timers) != 0 {
		t.Errorf("%d timers run while a command does", len(st.Timers))
	}
	c.step(c.event(dialog.Failed, out.Run.Effect))
	if st, _ := dialog.Decode(c.state); len(st.Timers) != 2 {
		t.Errorf("%d timers run after the failure, want 2", len(st.Timers))
	}
}

// Drafts hold personal data: a day later they are gone from the state, not
// merely unoffered.
func TestDraftsAreDropped(t *testing.T) {
	t.Parallel()
	c := begin(t, newBook(t))
	c.says("/visit", "другое", "секрет")
	c.now = now.Add(24 * time.Hour)
	c.step(c.event(dialog.Timer, "set_aside"))
	if !strings.Contains(string(c.state), "секрет") {
		t.Fatal("no draft was kept")
	}
	st, _ := dialog.Decode(c.state)
	name, timer, ok := st.NextTimer()
	if !ok || name != "drafts" || timer.At.Sub(c.now) > 24*time.Hour {
		t.Fatalf("the next timer is %s at %s", name, timer.At)
	}
	c.now = timer.At
	c.step(c.event(dialog.Timer, name))
	if strings.Contains(string(c.state), "секрет") {
		t.Error("the draft outlives its day")
	}
	if st, _ := dialog.Decode(c.state); len(st.Timers) != 0 {
		t.Error("a timer is left without a draft")
	}
}

func BenchmarkStep(b *testing.B) {
	book := newBook(b)
	c := begin(b, book)
	c.says("/visit", "счёт")
	ev := c.event(dialog.Text, "Завтра")
	b.ReportAllocs()
	for b.Loop() {
		st, err := dialog.Decode(c.state)
		if err != nil {
			b.Fatal(err)
		}
		out, err := book.Step(b.Context(), st, 3, ev)
		if err != nil || len(out.Said) != 1 {
			b.Fatal(err)
		}
		if _, err := out.State.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}

// A name that the house has not is a mistake of whoever leads there.
func TestOpenNothing(t *testing.T) {
	t.Parallel()
	state, err := dialog.Decode(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = newBook(t).Step(context.Background(), state, 1, dialog.Event{Kind: dialog.Text, Text: "хочу чуда"}); err == nil {
		t.Error("nothing was opened, and nobody said so")
	}
}
