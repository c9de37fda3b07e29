package transcript

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// Bounds of what a conversation may grow to.
const (
	maxState = 64 << 10 // bytes of saved state; a stack of long answers, three times over
	maxLabel = 64       // characters: what a telephone shows of a button on a row of its own
	maxToken = 64       // bytes of callback_data (core.telegram.org/bots/api#inlinekeyboardbutton)
)

// Wander leads a conversation through steps of a random customer, who writes
// the given texts, presses any button he ever saw, sends files, edits, waits;
// commands succeed, are put off or fail. It fails t unless
//
//   - no step fails, and the same step taken twice gives the same outcome
//   - every event of the customer is answered by a message, a toast or a
//     command, but for items of an album and for edits, which never act
//   - states survive saving and stay below 64 KiB
//   - labels fit 64 characters; tokens fit 64 bytes and are made of declared
//     names and numbers alone; a form offers no more than dialog.MostButtons
//   - no two commands share an effect ID
//   - «отмена», repeated, ends every form
func Wander(t testing.TB, book *dialog.Book, r *rand.Rand, steps int, texts []string) {
	t.Helper()
	w := &wanderer{t: t, book: book, r: r, texts: texts, now: time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC), effects: map[string]bool{}}
	for range steps {
		w.take(w.next())
	}
	w.end()
}

type wanderer struct {
	t        testing.TB
	book     *dialog.Book
	r        *rand.Rand
	texts    []string
	now      time.Time
	state    []byte
	revision int64
	events   int
	tokens   []string
	effects  map[string]bool
	pending  []promise
}

// promise is a command on its way.
type promise struct {
	scenario string
	doing    dialog.Doing
}

func (w *wanderer) event(kind dialog.Kind, text string) dialog.Event {
	w.events++
	id := "e" + string(rune('a'+w.events%26)) + time.Duration(w.events).String()
	return dialog.Event{
		ID: id, Kind: kind, Text: text, Conversation: "test:1", At: w.now, Now: w.now, Foreign: id, Language: "ru",
	}
}

// next is what happens next.
func (w *wanderer) next() dialog.Event {
	w.now = w.now.Add(time.Duration(w.r.IntN(100)) * time.Second)
	if len(w.pending) > 0 && w.r.IntN(2) == 0 {
		return w.result()
	}
	file := chat.File{ID: "f", Type: "image/jpeg", Size: 1000, Image: true}
	switch n := w.r.IntN(20); {
	case n < 8:
		return w.event(dialog.Text, w.texts[w.r.IntN(len(w.texts))])
	case n < 14 && len(w.tokens) > 0:
		return w.event(dialog.Press, w.tokens[max(0, len(w.tokens)-1-w.r.IntN(12))])
	case n == 14:
		ev := w.event(dialog.Upload, w.texts[w.r.IntN(len(w.texts))])
		file.Size = int64(w.r.IntN(30) << 20)
		ev.Files = []chat.File{file}
		return ev
	case n == 15:
		ev := w.event(dialog.Upload, "")
		ev.Files, ev.Album = []chat.File{file}, string(rune('0'+w.r.IntN(2)))
		return ev
	case n == 16:
		ev := w.event(dialog.Contact, "")
		ev.Phone = &dialog.SharedContact{Phone: "+79120000000", Own: w.r.IntN(2) == 0}
		return ev
	case n == 17:
		ev := w.event(dialog.Location, "")
		ev.Place = &dialog.Place{Latitude: 55, Longitude: 60}
		return ev
	case n == 18:
		ev := w.event(dialog.Edited, "иначе")
		ev.Foreign = "e" + string(rune('a'+max(0, w.events-2)%26)) + time.Duration(max(0, w.events-2)).String()
		return ev
	default:
		return w.ring()
	}
}

// ring lets time pass until a timer is due, or sends a sticker.
func (w *wanderer) ring() dialog.Event {
	st, err := dialog.Decode(w.state)
	if err != nil {
		w.t.Fatal(err)
	}
	name, timer, ok := st.NextTimer()
	if !ok {
		return w.event(dialog.Unsupported, "")
	}
	if timer.At.After(w.now) {
		w.now = timer.At
	}
	return w.event(dialog.Timer, name)
}

// result is what became of a command: carried out, put off, failed.
func (w *wanderer) result() dialog.Event {
	i := w.r.IntN(len(w.pending))
	p := w.pending[i]
	kind, result, err := dialog.Done, []byte(nil), error(nil)
	switch w.r.IntN(4) {
	case 0:
		return w.event(dialog.Delayed, p.doing.Effect)
	case 1:
		kind = dialog.Failed
	default:
		effect := dialog.Effect{ID: p.doing.Effect, Conversation: "test:1", At: p.doing.At}
		if result, err = w.book.Run(w.t.Context(), p.scenario, effect, &p.doing); fault.Is(err, fault.Unavailable) {
			return w.event(dialog.Delayed, p.doing.Effect)
		} else if err != nil {
			kind = dialog.Failed
		}
	}
	w.pending = slices.Delete(w.pending, i, i+1)
	ev := w.event(kind, p.doing.Effect)
	ev.Result = result
	return ev
}

// step is one step on the saved state.
func (w *wanderer) step(ev dialog.Event) (dialog.Outcome, []byte) {
	w.t.Helper()
	st, err := dialog.Decode(w.state)
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := w.book.Step(w.t.Context(), st, w.revision+1, ev)
	if err != nil {
		w.t.Fatalf("%s %.40q: %v", ev.Kind, ev.Text, err)
	}
	if out.State == nil {
		return out, w.state
	}
	saved, err := out.State.Encode()
	if err != nil {
		w.t.Fatal(err)
	}
	return out, saved
}

func (w *wanderer) take(ev dialog.Event) dialog.Outcome {
	w.t.Helper()
	out, saved := w.step(ev)
	again, savedAgain := w.step(ev)
	if !bytes.Equal(saved, savedAgain) || !cmp.Equal(out.Said, again.Said) || out.Toast != again.Toast {
		w.t.Fatalf("%s %.40q: the same step gave two outcomes", ev.Kind, ev.Text)
	}
	quiet := ev.Kind == dialog.Edited || ev.Album != ""
	if ev.Kind.FromCustomer() && !quiet && len(out.Said) == 0 && out.Toast == "" && out.Run == nil {
		w.t.Fatalf("%s %.40q: no answer in %s", ev.Kind, ev.Text, w.state)
	}
	w.remember(ev, out, saved)
	return out
}

func (w *wanderer) remember(ev dialog.Event, out dialog.Outcome, saved []byte) {
	w.t.Helper()
	if out.State != nil {
		w.revision++
	}
	w.state = saved
	if st, err := dialog.Decode(saved); err != nil || len(saved) > maxState {
		w.t.Fatalf("a state of %d bytes (%v)", len(saved), err)
	} else if back, _ := st.Encode(); len(saved) > 0 && !bytes.Equal(back, saved) {
		w.t.Fatalf("a state changes when it is saved:\n%s\n%s", saved, back)
	}
	for _, m := range out.Said {
		if m.Empty() {
			w.t.Fatalf("%s %.40q: an empty message", ev.Kind, ev.Text)
		}
		if strings.Contains(m.Plain(), "‹") {
			w.t.Fatalf("%s %.40q: words are missing: %s", ev.Kind, ev.Text, m.Plain())
		}
		asked := 0 // buttons of a form's question
		for _, c := range m.Choices {
			if strings.HasPrefix(c.Token, "a:") && !c.Dense {
				asked++
			}
			if c.Link == "" && (c.Token == "" || len(c.Token) > maxToken || strings.ContainsFunc(c.Token, notToken)) {
				w.t.Fatalf("the token %q of [%s]", c.Token, c.Label)
			}
			if utf8.RuneCountInString(c.Label) > maxLabel {
				w.t.Fatalf("the label [%s] is too long for a button", c.Label)
			}
			w.tokens = append(w.tokens, c.Token)
		}
		if asked > dialog.MostButtons {
			w.t.Fatalf("%s %.40q: %d buttons to choose among", ev.Kind, ev.Text, asked)
		}
	}
	if out.Run != nil {
		if w.effects[out.Run.Effect] {
			w.t.Fatalf("two commands are called %s", out.Run.Effect)
		}
		w.effects[out.Run.Effect] = true
		w.pending = append(w.pending, promise{out.Scenario, *out.Run})
	}
}

// notToken reports whether a token holds what no declared name is made of, as
// what customers write mostly is.
func notToken(r rune) bool {
	return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789:._-", r)
}

// end cancels everything.
func (w *wanderer) end() {
	w.t.Helper()
	for range 4 {
		for len(w.pending) > 0 { // what is being sent cannot be cancelled
			w.take(w.result())
		}
		w.take(w.event(dialog.Text, "отмена"))
	}
	if st, err := dialog.Decode(w.state); err != nil || len(st.Frames) > 0 {
		w.t.Fatalf("cancelling does not end everything: %s", w.state)
	}
}
