package operator_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

var (
	anna  = desk.Member{ID: 1, Name: "Анна"}
	pavel = desk.Member{ID: 2, Name: "Павел"}
)

// counter is a conversation before the desk, step by step.
type counter struct {
	t        testing.TB
	book     *dialog.Book
	state    []byte
	revision int64
}

func newCounter(t testing.TB) *counter {
	t.Helper()
	return &counter{t: t, book: dialogstest.Open(t, dialogstest.Ports(), transcript.NewWindow())}
}

func (c *counter) take(ev dialog.Event) (dialog.Outcome, error) {
	c.t.Helper()
	st, err := dialog.Decode(c.state)
	if err != nil {
		c.t.Fatal(err)
	}
	c.revision++
	ev.ID, ev.Conversation = "e"+strconv.FormatInt(c.revision, 10), "test:1"
	ev.At = time.Date(2026, 11, 24, 10, 0, 0, 0, dialogstest.Zone)
	ev.Now = ev.At
	out, err := c.book.Step(c.t.Context(), st, c.revision, ev)
	if err == nil && out.State != nil {
		if c.state, err = out.State.Encode(); err != nil {
			c.t.Fatal(err)
		}
	}
	return out, err
}

func (c *counter) holder() string {
	c.t.Helper()
	st, err := dialog.Decode(c.state)
	if err != nil {
		c.t.Fatal(err)
	}
	return st.Holder()
}

func change(handoff int64, n int, did desk.Did, by *desk.Member) dialog.Event {
	return dialog.Event{Kind: dialog.Desk, Change: &desk.Change{Handoff: handoff, Number: n, Did: did, By: by}}
}

func says(by desk.Member, text string) dialog.Event {
	return dialog.Event{Kind: dialog.Operator, By: &by, Reply: &chat.Message{Blocks: []chat.Block{chat.Para(text)}}}
}

// Changes that come again, late or out of order leave the holder as the newest
// has it.
func TestChangesComeAsTheyLike(t *testing.T) {
	t.Parallel()
	life := []dialog.Event{
		change(7, 1, desk.Called, nil), change(7, 2, desk.Taken, &anna), change(7, 3, desk.Taken, &pavel),
		change(7, 4, desk.Returned, &pavel), change(8, 1, desk.Called, nil), change(8, 2, desk.Taken, &anna),
	}
	want := []string{"waiting", "1", "2", "", "waiting", "1"}
	c := newCounter(t)
	for i, ev := range life {
		for _, before := range slices.Backward(life[:i+1]) { // the new one, then all that were before
			if _, err := c.take(before); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.holder(); got != want[i] {
			t.Errorf("after change %d/%d: held by %q, want %q", ev.Change.Handoff, ev.Change.Number, got, want[i])
		}
	}
	for seed := range uint64(50) {
		c, r := newCounter(t), rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // a repeatable shuffle
		shuffled := slices.Concat(life, life)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, ev := range shuffled {
			if _, err := c.take(ev); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.holder(); got != "1" {
			t.Errorf("seed %d: held by %q", seed, got)
		}
	}
}

// Nobody speaks but the holder; the bot's own words may be sent again by anybody
// while nobody holds the dialog.
func TestOnlyTheHolderSpeaks(t *testing.T) {
	t.Parallel()
	resend := func(by desk.Member) dialog.Event {
		ev := says(by, "ещё раз")
		ev.Kind = dialog.Resend
		return ev
	}
	c := newCounter(t)
	must := func(ev dialog.Event, refused bool) dialog.Outcome {
		t.Helper()
		out, err := c.take(ev)
		if refused != errors.Is(err, desk.ErrNotHolder) || !refused && err != nil {
			t.Errorf("%s of %v: %v", ev.Kind, ev.By, err)
		}
		return out
	}
	must(says(anna, "рано"), true)
	must(resend(pavel), false)
	must(change(1, 1, desk.Called, nil), false)
	must(says(anna, "рано"), true)
	must(change(1, 2, desk.Taken, &anna), false)
	if out := must(says(anna, "да"), false); out.Said[0].By != "Анна" {
		t.Errorf("said by %q", out.Said[0].By)
	}
	must(says(pavel, "нет"), true)
	must(resend(pavel), true)
	must(resend(anna), false)
	if out := must(dialog.Event{Kind: dialog.Note, By: &pavel, Text: "для своих"}, false); len(out.Said) > 0 || out.Remark.Text != "для своих" {
		t.Errorf("a note says %v, is kept as %+v", out.Said, out.Remark)
	}
	must(change(1, 3, desk.Left, nil), false)
	must(says(anna, "поздно"), true)
}

// What a customer does with an operator's buttons, and his telephone and place,
// reaches the operator in words.
func TestAnswersInWords(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	take := func(ev dialog.Event) dialog.Outcome {
		t.Helper()
		out, err := c.take(ev)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	take(change(1, 1, desk.Called, nil))
	take(change(1, 2, desk.Taken, &anna))
	asks := says(anna, "Перезвонить?")
	asks.Reply.Choices = []chat.Choice{{Label: "Да"}, {Label: "Нет"}}
	old := take(asks).Said[0].Choices
	asks.Reply.Choices = []chat.Choice{{Label: "Утром"}, {Label: "Днём"}}
	choices := take(asks).Said[0].Choices
	if out := take(dialog.Event{Kind: dialog.Press, Text: choices[1].Token}); out.Answer != "Днём" || len(out.Said) > 0 {
		t.Errorf("the press says %q, the bot %v", out.Answer, out.Said)
	}
	if out := take(dialog.Event{Kind: dialog.Press, Text: old[0].Token}); out.Answer != "" || out.Toast == "" || !out.Refused {
		t.Errorf("an old press says %q, toast %q", out.Answer, out.Toast)
	}
	if out := take(dialog.Event{Kind: dialog.Contact, Phone: &dialog.SharedContact{Phone: "+79120000000"}}); out.Answer != "+79120000000" {
		t.Errorf("the contact says %q", out.Answer)
	}
	if out := take(dialog.Event{Kind: dialog.Location, Place: &dialog.Place{Latitude: 55.5, Longitude: 60}}); out.Answer != "55.500000, 60.000000" {
		t.Errorf("the place says %q", out.Answer)
	}
	edit := take(dialog.Event{Kind: dialog.Edited, Text: "иначе", Foreign: "c1"})
	if edit.State == nil || len(edit.Said) > 0 {
		t.Error("an edit does not reach the log, or is answered")
	}
}
