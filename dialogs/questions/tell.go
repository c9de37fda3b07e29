package questions

import (
	"context"
	"strings"

	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// tell says an answer: the question, so that it can be seen what was understood,
// the text, and what its reader may want next.
func (s *scenario) tell(ctx context.Context, t *dialog.Turn, c *Content, a *knowledge.Article) {
	r := s.reader(t)
	said := t.Say("question", words.A("question", a.Question))
	if a.Lang != r.Lang {
		said.Append(t.Blocks("untranslated")...)
	}
	switch {
	case a.Audience.Meets(r.Audience):
	case a.Audience == knowledge.Companies:
		said.Append(t.Blocks("foreign.ul")...)
	default:
		said.Append(t.Blocks("foreign.fl")...)
	}
	said.Append(c.Body(a, t.At(), s.located(ctx, t, c, a, r))...)
	if t.Waiting() {
		said.Append(t.Blocks("waiting")...)
	}
	for _, name := range a.Actions {
		if name != "operator" { // he stands below every answer
			said.Offer(next(t, name))
		}
	}
	if c.Local(a) {
		said.Offer(t.Command("questions.points", ""))
	}
	slug := string(a.Slug)
	said.Offer(t.Command("questions.helped", slug), t.Command("questions.unhelped", slug))
	for i, related := range c.library.Related(a, r) {
		if i < mostRelated {
			said.Offer(s.choice(t, related))
		}
	}
	said.Offer(t.Scenario("operator"), t.Menu())
}

// next is the button of a scenario or a command, empty if the house has none. A
// scenario that goes on with what was asked has a command for it.
func next(t *dialog.Turn, name string) chat.Choice {
	name, argument, _ := strings.Cut(name, ":")
	if c := t.Command(name+".heard", ""); c.Label != "" {
		return c
	}
	if c := t.Command(name, argument); c.Label != "" {
		return c
	}
	return t.Scenario(name)
}
