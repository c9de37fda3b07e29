package appeal

import (
	"context"
	"hash/fnv"
	"io"
	"strconv"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// What a customer has asked before is noted (Turn.Note) and taken over into the
// form. It stays noted until a case is registered: whoever cancels, and comes back
// the same day, is offered it again.

// keptTaken is the kind that a text was taken over as, if there was one, and the
// mark of the text.
const keptTaken = "taken"

// takeNoted takes the question that the customer has asked before; false if there
// is none.
func (s *scenario) takeNoted(t *dialog.Turn) bool {
	text, as := t.Noted(), kind.Of(t.Answers)
	if text == "" || !s.takeText(t, text) {
		t.Note("")
		return false
	}
	t.Keep(keptTaken, string(as)+" "+markOf(text))
	return true
}

// markOf tells a text from others without keeping it.
func markOf(text string) string {
	h := fnv.New32a()
	_, _ = io.WriteString(h, text)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// offerNoted offers what was taken over once and not sent, to whoever opens the
// form without saying what it is about.
func offerNoted(t *dialog.Turn) {
	text := t.Noted()
	_, mark, _ := strings.Cut(t.Kept(keptTaken), " ")
	if text != "" && mark == markOf(text) && !t.Answers.Has(string(said)) {
		earlier.Set(t, answer{}.with(detect.Redact(text, detect.Secrets(text)), t.At()))
	}
}

// forgetNoted forgets it: a case was registered.
func forgetNoted(t *dialog.Turn) {
	t.Note("")
	t.Keep(keptTaken, "")
}

func asksKept(t *dialog.Turn) bool { return t.Answers.Has(string(earlier)) && asksKind(t) }

func keptArgs(t *dialog.Turn) []words.Arg {
	return []words.Arg{words.A("text", words.Of(privacy.Case, showText(t, earlier.Of(t.Answers))))}
}

func keptOptions(*dialog.Turn) []dialog.Option { return dialog.Options("kept", "send", "anew") }

// takeKept: a text is another appeal.
func (s *scenario) takeKept(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	kept.Set(t, t.Picked == "send")
	switch t.Picked {
	case "send":
		if as, _, _ := strings.Cut(t.Kept(keptTaken), " "); as != "" {
			kind.Assume(t, appeal.Kind(as))
		}
		s.takeText(t, earlier.Of(t.Answers).one())
		return dialog.Next, nil
	case "anew":
		forgetNoted(t)
		return dialog.Next, nil
	}
	return s.takeKind(ctx, t)
}
