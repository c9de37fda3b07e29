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
	if a.Asked {
		said.Append(s.asked(t, c, a)...)
	}
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
			said.Offer(next(t, name, a.Slug))
		}
	}
	if c.Local(a) {
		said.Offer(t.Command("questions.points", ""))
	}
	s.lead(t, c, a, r, said)
	slug := string(a.Slug)
	said.Offer(t.Command("questions.helped", slug), t.Command("questions.unhelped", slug))
	for i, related := range c.library.Related(a, r) {
		if i < mostRelated {
			said.Offer(s.choice(t, related))
		}
	}
	if a.Asked {
		said.Offer(t.Command(feedOf, everyTopic))
	}
	said.Offer(t.Scenario("operator"), t.Menu())
}

// lead offers what may be meant beside the answer: what was published on the very
// question and, beneath an answer for others, the reader's own on that matter or, if
// there are none, those of its topic, or all.
func (s *scenario) lead(t *dialog.Turn, c *Content, a *knowledge.Article, r knowledge.Reader, said dialog.Said) {
	if t.Event.Kind == dialog.Text {
		if slug, ok := Slug(c.ear.Beside(t.Text, r)); ok && slug != a.Slug {
			if published, found := c.library.Article(slug, r); found {
				said.Offer(s.choice(t, published))
			}
		}
	}
	if a.Audience.Meets(r.Audience) {
		return
	}
	his := c.library.Instead(a, r)
	for _, other := range his[:min(len(his), mostChoices)] {
		said.Offer(s.choice(t, other))
	}
	if len(his) > 0 {
		return
	}
	own := t.Command("questions.topics", "")
	if category, found := c.library.Category(a.Category); found && len(c.library.In(a.Category, r)) > 0 {
		own = t.Command("questions.in", category.ID)
	}
	said.Offer(labelled(own, t.Line("own."+string(r.Audience))))
}

// next is the button of a scenario or a command, empty if the house has none, under
// an answer ("": none).
func next(t *dialog.Turn, action string, under knowledge.Slug) chat.Choice {
	for _, c := range commands(action, under) {
		if choice := t.Command(c.name, c.argument); choice.Label != "" {
			return choice
		}
	}
	return t.Scenario(action)
}

// Links are the ways into the chat to what an answer leads to, under the labels of its
// buttons there: for pages on which it stands.
func Links(book *dialog.Book, a *knowledge.Article, lang words.Lang) []dialog.Link {
	var list []dialog.Link
	for _, action := range a.Actions {
		for _, c := range append(commands(action, a.Slug), command{action, ""}) {
			if l, ok := book.Link(c.name, c.argument, lang); ok {
				list = append(list, l)
				break
			}
		}
	}
	return list
}

type command struct{ name, argument string }

// commands are those that an action may stand for, the one that is meant first: a
// scenario that goes on with what was asked, and with the answer to it, has a command
// for that.
func commands(action string, under knowledge.Slug) []command {
	name, argument, _ := strings.Cut(action, ":")
	return []command{{name + ".heard", string(under)}, {name, argument}}
}
