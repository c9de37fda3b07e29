package questions

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/privacy/detect"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// worded reports whether a text is a question by its words: few people end one with
// a sign.
func (s *scenario) worded(text string) bool {
	tokens := strings.Fields(words.Normalise(text))
	return len(tokens) > 1 && (strings.Contains(text, "?") || slices.ContainsFunc(tokens, func(token string) bool {
		return slices.Contains(s.asking, token)
	}))
}

// asks reports whether there is an answer to a question that is worded so. What may
// mean the open form itself is rather meant for that. A number in a question is not
// the one that a form waits for, even if the question is not quite clear: «можно в
// 15000 округлить».
func (s *scenario) asks(t *dialog.Turn) bool {
	c := s.shelf.Newest()
	if c == nil || !s.worded(t.Text) {
		return false
	}
	heard := c.ear.Hear(t.Text, s.reader(t))
	form, awaits := t.Within()
	if own := slices.Index(heard.Choices, form); own == 0 || own > 0 && !strings.Contains(t.Text, "?") {
		return false
	}
	return heard.Clarity == Clear || heard.Clarity == Near && awaits == chat.Number && len(strings.Fields(t.Text)) >= wholeWish
}

// beside reports whether what a text may mean is offered in the middle of a form: it
// ends a question with its sign, or has words enough for a wish and either asks by
// them or comes where a number is awaited, without any. Others may be wrong answers:
// a name, a street.
func (s *scenario) beside(t *dialog.Turn) bool {
	_, awaits := t.Within()
	said := len(strings.Fields(t.Text))
	return strings.Contains(t.Text, "?") || said >= wholeWish &&
		(s.worded(t.Text) || awaits == chat.Number && !strings.ContainsFunc(t.Text, unicode.IsDigit))
}

// wholeWish is from how many words on a text tells of a matter by itself.
const wholeWish = 3

// answer takes a text that no step understood: an answer, a scenario that it
// opens, a choice of what may have been meant, whose matter it is instead of ours,
// or an honest "I do not know".
func (s *scenario) answer(ctx context.Context, t *dialog.Turn) (bool, error) {
	c := s.shelf.Newest()
	if c == nil {
		return false, nil
	}
	s.note(t)
	r := s.reader(t)
	heard := c.ear.Hear(t.Text, r)
	// One who waits for a person tells him what it is about; out of hours that is long.
	soon := t.Waiting() && s.hours.Open(t.At())
	switch heard.Clarity {
	case Clear:
		if slug, ok := Slug(heard.Choices[0]); ok {
			a, found := c.library.Article(slug, r.Anybody())
			if found {
				s.tell(ctx, t, c, a)
			}
			return found, nil
		}
		return true, t.Open(ctx, heard.Choices[0])
	case Near:
		if soon || t.Amid() && !s.beside(t) {
			return false, nil
		}
		return s.offer(t, c, r, heard.Choices), nil
	}
	said := len(strings.Fields(words.Normalise(t.Text)))
	slip := said < 2 // of the finger, rather than a question
	switch {
	case soon:
		return false, nil
	// In the middle of a form a name may be a wrong answer: «Газовая, 5».
	case heard.Addressee != "" && (!t.Amid() || said >= wholeWish) && s.refer(t, c, heard.Addressee):
		return true, nil
	case slip, t.Waiting():
		return false, nil
	case t.Amid():
		if strings.Contains(t.Text, "?") {
			t.Mark(MarkUnknown, forEditors(t.Text))
		}
		return false, nil
	}
	s.unknown(t, forEditors(t.Text))
	return true, nil
}

// note remembers the question, for a letter to those who answer: nobody should have
// to write it again. One who waits for a person may say it in several messages.
func (s *scenario) note(t *dialog.Turn) {
	switch before := t.Noted(); {
	case t.Amid():
	case t.Waiting() && before != "":
		t.Note(before + "\n" + t.Text)
	default:
		t.Note(t.Text)
	}
}

// unknown says honestly that there is no answer, and has the question counted for
// the editors.
func (s *scenario) unknown(t *dialog.Turn, question string) {
	t.Mark(MarkUnknown, question)
	t.Say("unknown").Offer(t.Command("questions.topics", ""), t.Command("appeal.ask", ""), t.Scenario("operator"), t.Menu())
}

// other: nothing that was offered was meant. Pressing it twice counts once.
func (s *scenario) other(ctx context.Context, t *dialog.Turn) error {
	question := t.Kept(keptAsked)
	if question == "" {
		return s.browse(ctx, t)
	}
	t.Keep(keptAsked, "")
	s.unknown(t, question)
	return nil
}

// offer shows what may have been meant.
func (s *scenario) offer(t *dialog.Turn, c *Content, r knowledge.Reader, names []string) bool {
	var choices []chat.Choice
	form, _ := t.Within()
	for _, name := range names {
		if name == form { // its question is repeated below
			continue
		}
		choice := next(t, name, "")
		if slug, ok := Slug(name); ok {
			a, found := c.library.Article(slug, r.Anybody())
			if !found {
				continue
			}
			choice = s.choice(t, a)
		}
		if choice.Label != "" && choice.Token != t.Scenario("operator").Token && choice.Token != t.Menu().Token { // they stand below every choice
			choices = append(choices, choice)
		}
	}
	if len(choices) == 0 {
		return false
	}
	t.Keep(keptAsked, forEditors(t.Text))
	said := t.Say("near")
	if t.Waiting() {
		said.Append(t.Blocks("waiting")...).Offer(choices...).Offer(t.Command("questions.other", ""), t.AskInstead(), t.Menu())
		return true
	}
	said.Offer(choices...).Offer(t.Command("questions.other", ""), t.Scenario("operator"), t.Menu())
	return true
}

// longestMark is how much of a question editors are shown, in letters.
const longestMark = 200

// forEditors is a question as it is counted: without what tells of a person, and
// the same however it was typed.
func forEditors(text string) string {
	letters := []rune(words.Normalise(detect.Scrub(text)))
	return string(letters[:min(len(letters), longestMark)])
}
