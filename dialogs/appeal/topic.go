package appeal

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"okoshko/core/appeal"
	"okoshko/core/knowledge"
	"okoshko/core/privacy/detect"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

const (
	// mostNear is how many categories a customer is offered by his words.
	mostNear = 3
	// shortList is how many categories need no words to choose among.
	shortList = 4
)

// The choices that are no kinds and no categories.
const (
	optOrder = "order"
	optList  = "list"
	optOther = "another"
	optKind  = "kind"
	optOwn   = "own"
)

// in chooses the text of the customer's language, else the Russian one.
func in(t *dialog.Turn, texts map[string]string) string {
	return cmp.Or(texts[string(t.Language())], texts[string(words.RU)])
}

// asksKind: neither has he said anything yet, nor the answer that he comes from.
func asksKind(t *dialog.Turn) bool {
	return !t.Answers.Has(string(said)) && !t.Answers.Has(string(category)) && !t.Answers.Has(string(named)) && !list.Of(t.Answers)
}

func (s *scenario) kindOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, k := range s.forms().Kinds() {
		name := in(t, k.Names)
		out = append(out, dialog.Option{
			ID: string(k.Kind), Label: name,
			Line: "kind.item", Args: []words.Arg{words.A("name", name), words.A("plain", lowered(in(t, k.Plain)))},
		})
	}
	if s.ordering(t) != nil {
		out = append(out, dialog.Option{ID: optOrder, Key: "order.label"})
	}
	return out
}

// takeKind: what an answer names is no longer wanted by who was asked for a kind.
func (s *scenario) takeKind(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	named.Clear(t)
	switch k := appeal.Kind(t.Picked); {
	case t.Picked == optOrder:
		if c := s.ordering(t); c != nil {
			kind.Set(t, c.Kind)
			return dialog.Next, s.choose(ctx, t, c)
		}
		return dialog.Unclear, nil
	case k.Exists():
		kind.Set(t, k)
		return dialog.Next, nil
	}
	if k, heard := heardKind(t.Text); heard && t.Event.Kind == dialog.Text && bare(t.Text) {
		kind.Set(t, k)
		return dialog.Next, nil
	}
	move, _ := s.takeWords(t)
	return move, nil
}

// asksWords: what it is about is found by his own words, unless there is little to
// choose from.
func (s *scenario) asksWords(t *dialog.Turn) bool {
	return !t.Answers.Has(string(category)) && !t.Answers.Has(string(named)) && !list.Of(t.Answers) && len(s.offered(t)) > shortList
}

func saidArgs(t *dialog.Turn) []words.Arg {
	lead := t.Line("said.lead.any")
	if k, known := kind.In(t.Answers); known {
		lead = t.Line("said.lead." + string(k))
	}
	return []words.Arg{words.A("lead", lead)}
}

func saidOptions(t *dialog.Turn) []dialog.Option {
	if t.Answers.Has(string(category)) {
		return nil
	}
	return dialog.Options("said", optList)
}

func (s *scenario) takeSaid(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Picked == optList {
		list.Set(t, true)
		return dialog.Next, nil
	}
	move, _ := s.takeWords(t)
	return move, nil
}

// takeWords takes the text of the appeal, and files that come with it; taken is
// true once there is a text.
func (s *scenario) takeWords(t *dialog.Turn) (move dialog.Move, taken bool) {
	a := said.Of(t.Answers)
	first := a.one() == ""
	switch t.Event.Kind {
	case dialog.Text:
		if !telling(t.Text) {
			return dialog.Refuse("said.short"), false
		}
		a = a.with(discreet(t, joined(a, captioned(t, t.Text))), t.At())
	case dialog.Upload:
		if no, ok := s.attach(&a, t); !ok {
			return no, false
		}
		if telling(t.Text) {
			a = a.with(discreet(t, joined(a, captioned(t, t.Text))), t.At())
		}
	default:
		return dialog.Unclear, false
	}
	if a.one() == "" { // files alone: the text is still to come
		pending.Set(t, a.Files)
		s.keepCaption(t)
		t.Say("attached")
		return dialog.To(said), false
	}
	a.Files = append(a.Files, pending.Of(t.Answers)...)
	said.Set(t, a)
	pending.Clear(t)
	if first {
		hearKind(t, t.Text)
	}
	return dialog.Next, true
}

// telling reports whether a text can be of use to somebody who reads it.
func telling(text string) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 2
}

// joined is a text with what was written before it.
func joined(a answer, text string) string {
	if before := a.one(); before != "" {
		return before + "\n" + text
	}
	return text
}

// discreet is a text without what may not be written in a chat (spec §3.6: passports,
// dates of birth, bank cards), and says what became of it.
func discreet(t *dialog.Turn, text string) string {
	found := detect.Secrets(text)
	if len(found) == 0 {
		return text
	}
	t.Say("discreet")
	return detect.Redact(text, found)
}

// takeOpening takes the text that has opened the form: what it says more than that
// somebody wants to write, and of which kind that is. A choice may be made by its
// number, which tells nothing.
func (s *scenario) takeOpening(t *dialog.Turn) {
	typed := words.Normalise(t.Text)
	switch {
	case t.Event.Kind != dialog.Text || !telling(t.Text) || strings.HasPrefix(t.Text, "/") || catalogue.Matches("label", typed):
	case catalogue.Matches("phrases", typed):
		hearKind(t, t.Text)
	default:
		s.takeText(t, t.Text)
	}
}

// hearKind takes the kind that a text names, unless it is known.
func hearKind(t *dialog.Turn, text string) {
	if k, heard := heardKind(text); heard && !t.Answers.Has(string(kind)) {
		kind.Assume(t, k)
	}
}

// takeText takes words that were said before the form was opened; false for those
// that only say that somebody wants to write.
func (s *scenario) takeText(t *dialog.Turn, text string) bool {
	hearKind(t, text)
	if bare(text) {
		return false
	}
	said.Set(t, answer{}.with(discreet(t, text), t.At()))
	return true
}

// asksAudience: the form depends on it, and nothing tells.
func (s *scenario) asksAudience(t *dialog.Turn) bool {
	c := s.chosen(t)
	if c == nil || s.who(t, c) != "" {
		return false
	}
	asks := slices.ContainsFunc(c.Form, func(i appeal.Item) bool {
		return slices.ContainsFunc(i.Need.If, func(cond appeal.Condition) bool { return cond.Field == "audience" })
	})
	return asks || s.termDepends(t, c)
}

func audienceOptions(*dialog.Turn) []dialog.Option {
	return dialog.Options("audience", string(knowledge.Individuals), string(knowledge.Companies))
}

func (s *scenario) takeAudience(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch a := knowledge.Audience(t.Picked); a {
	case knowledge.Individuals, knowledge.Companies:
		audience.Set(t, a)
		s.warn(t, s.chosen(t))
		return dialog.Next, nil
	}
	return dialog.Unclear, nil
}

func showAudience(t *dialog.Turn) string { return t.Line("audience." + string(audience.Of(t.Answers))) }

// longestShown is how much of a text the summary shows, in letters.
const longestShown = 300

func showSaid(t *dialog.Turn) string { return showText(t, said.Of(t.Answers)) }

func showText(t *dialog.Turn, a answer) string {
	text := []rune(strings.Join(strings.Fields(a.one()), " "))
	shown := string(text)
	if shown == appeal.Bare {
		shown = t.Line("said.bare")
	}
	if len(text) > longestShown {
		shown = t.Line("said.more", words.A("start", string(text[:longestShown])), words.A("n", len(text)-longestShown))
	}
	if n := len(a.Files); n > 0 {
		return t.Line("said.files", words.A("text", shown), words.A("n", n))
	}
	return shown
}

// lowered begins with a small letter, for the middle of a sentence: unless it is
// an abbreviation, or "I", which English writes large.
func lowered(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	if second, _ := utf8.DecodeRuneInString(text[n:]); unicode.IsUpper(second) || strings.HasPrefix(text, "I ") {
		return text
	}
	return string(unicode.ToLower(first)) + text[n:]
}
