package questions

import (
	"context"
	"strings"

	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

const (
	feedOf = "questions.feed"
	// everyTopic stands for a topic where the feed is of all.
	everyTopic = "all"
)

// feed shows what customers have asked and everybody may read, the newest first: of a
// topic, or of all (R-5.1.2-p, R-5.2.4-a).
func (s *scenario) feed(ctx context.Context, t *dialog.Turn) error {
	c := s.content(t)
	if c == nil {
		return nil
	}
	id, number, _ := strings.Cut(t.Argument(), ".")
	r := s.reader(t)
	key, said := "fresh.all", []words.Arg(nil)
	topic, found := c.library.Category(id)
	if found {
		key, said = "fresh.topic", []words.Arg{words.A("topic", topic.Title(r.Lang))}
	}
	answers := c.library.Feed(topic.ID, r)
	if len(answers) == 0 {
		return s.browse(ctx, t)
	}
	list := t.Say(key, said...).InPlace()
	choices := make([]chat.Choice, len(answers))
	for i, a := range answers {
		choices[i] = s.choice(t, a)
	}
	of := everyTopic
	if found {
		of = id
	}
	t.List(list, choices, feedOf, of, number)
	if found {
		list.Offer(labelled(t.Command(feedOf, everyTopic), t.Line("fresh.every")))
	}
	list.Offer(t.Command("questions.topics", ""), t.Resume(), t.Menu())
	return nil
}

// asked says of an answer to a customer's question that it is one: of which topic, and
// of which day.
func (s *scenario) asked(t *dialog.Turn, c *Content, a *knowledge.Article) []chat.Block {
	topic, _ := c.library.Category(a.Category)
	return t.Blocks("asked", words.A("topic", topic.Title(string(t.Language()))), words.A("day", a.Published.In(s.zone)))
}
