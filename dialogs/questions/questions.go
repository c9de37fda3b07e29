// Package questions answers what customers ask (R-5.1.2-q, R-5.2.2-a, R-5.2.4):
// an Ear tells which article or scenario a free text means, and every article can
// be reached by browsing, too.
package questions

import (
	"context"
	"embed"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// What is counted: dialog.Turn.Mark.
const (
	// MarkUnknown counts questions that nothing answered, scrubbed.
	MarkUnknown = "question.unknown"
	// MarkHelped and MarkUnhelped count what readers say of an article.
	MarkHelped   = "article.helped"
	MarkUnhelped = "article.unhelped"
)

// What the conversation keeps: for whom answers are (R-5.1.2-b), which article
// was judged last, and the question, scrubbed, that a choice was offered for.
const (
	keptAudience = "for"
	keptJudged   = "judged"
	keptAsked    = "asked"
)

// mostRelated is how many related questions stand under an answer.
const mostRelated = 2

type scenario struct {
	shelf  *Shelf
	links  customer.Links
	hours  calendar.Hours // in which people answer
	zone   *time.Location
	words  *words.Catalogue
	asking []string // words of which one makes a text a question
}

// New returns the scenario; hours are those in which people answer, zone is the
// company's, in which days begin.
func New(shelf *Shelf, links customer.Links, hours calendar.Hours, zone *time.Location) *dialog.Scenario {
	catalogue := words.Must(texts)
	s := &scenario{shelf: shelf, links: links, hours: hours, zone: zone, words: catalogue}
	for _, lang := range []words.Lang{words.RU, words.EN} {
		s.asking = append(s.asking, catalogue.Phrases(lang, "asking")...)
	}
	return &dialog.Scenario{
		Name: "questions", Version: 1, Words: catalogue, Slash: "questions",
		Open:    s.browse,
		Warns:   s.warn,
		Answers: s.answer,
		Asks:    s.asks,
		Commands: []dialog.Command{
			{Name: "for", Leaves: true, Do: s.choose},
			{Name: "topics", Leaves: true, Do: s.browse},
			{Name: "in", Leaves: true, Do: s.list},
			{Name: "feed", Leaves: true, Do: s.feed},
			{Name: "show", Do: s.show},
			{Name: "other", Do: s.other},
			{Name: "points", Leaves: true, Do: s.points},
			{Name: "news", Leaves: true, Linked: true, Do: s.news},
			{Name: "helped", Do: s.helped},
			{Name: "unhelped", Do: s.unhelped},
		},
	}
}

// reader is who asks.
func (s *scenario) reader(t *dialog.Turn) knowledge.Reader {
	return knowledge.Reader{
		Day: calendar.DateOf(t.At(), s.zone), Audience: knowledge.Audience(t.Kept(keptAudience)), Lang: string(t.Language()),
		NoMoney: !t.May(privacy.Money),
	}
}

// content returns what answers are made of; without any it says so.
func (s *scenario) content(t *dialog.Turn) *Content {
	c := s.shelf.Newest()
	if c == nil {
		t.Say("empty", t.Contacts()...).Offer(t.Resume(), t.Scenario("operator"), t.Menu())
	}
	return c
}

// browse shows the topics, once it is known for whom.
func (s *scenario) browse(_ context.Context, t *dialog.Turn) error {
	c := s.content(t)
	if c == nil {
		return nil
	}
	r := s.reader(t)
	if r.Audience == "" {
		t.Say("audience.ask").InPlace().Offer(
			t.Command("questions.for", string(knowledge.Individuals)), t.Command("questions.for", string(knowledge.Companies)),
			t.Resume(), t.Menu())
		return nil
	}
	key, other := "topics.fl", knowledge.Companies
	if r.Audience == knowledge.Companies {
		key, other = "topics.ul", knowledge.Individuals
	}
	t.Note("") // he looks around
	said := t.Say(key).InPlace()
	for _, category := range c.library.Categories(r) {
		said.Offer(labelled(t.Command("questions.in", category.ID), category.Title(r.Lang)))
	}
	if len(c.library.Feed("", r)) > 0 {
		said.Offer(t.Command(feedOf, everyTopic))
	}
	said.Offer(t.Command("questions.for", string(other)), t.Resume(), t.Menu())
	return nil
}

// labelled gives a choice another label.
func labelled(c chat.Choice, label string) chat.Choice {
	c.Label = label
	return c
}

// choose notes for whom answers are to be.
func (s *scenario) choose(ctx context.Context, t *dialog.Turn) error {
	switch a := knowledge.Audience(t.Argument()); a {
	case knowledge.Individuals, knowledge.Companies:
		t.Keep(keptAudience, string(a))
	default: // typed in words: asked anew
		t.Keep(keptAudience, "")
	}
	return s.browse(ctx, t)
}

// list shows the questions of a category, page by page: none is reachable by
// search alone (R-5.2.4-a).
func (s *scenario) list(ctx context.Context, t *dialog.Turn) error {
	c := s.content(t)
	if c == nil {
		return nil
	}
	id, number, _ := strings.Cut(t.Argument(), ".")
	category, found := c.library.Category(id)
	r := s.reader(t)
	articles := c.library.In(id, r)
	if !found || len(articles) == 0 {
		return s.browse(ctx, t)
	}
	said := t.Say("in.ask", words.A("topic", category.Title(r.Lang))).InPlace()
	choices := make([]chat.Choice, len(articles))
	for i, a := range articles {
		choices[i] = s.choice(t, a)
	}
	t.List(said, choices, "questions.in", id, number)
	if len(c.library.Feed(id, r)) > 0 {
		said.Offer(t.Command(feedOf, id))
	}
	said.Offer(t.Command("questions.topics", ""), t.Resume(), t.Menu())
	return nil
}

// choice is the button of an article: a question is wide.
func (s *scenario) choice(t *dialog.Turn, a *knowledge.Article) chat.Choice {
	label := a.Question
	if a.Asked {
		label = t.Line("customer", words.A("day", a.Published.In(s.zone)), words.A("question", a.Question))
	}
	c := labelled(t.Command(showArticle, string(a.Slug)), label)
	c.Wide = true
	return c
}

// show answers the question that the command names.
func (s *scenario) show(ctx context.Context, t *dialog.Turn) error {
	c := s.content(t)
	if c == nil {
		return nil
	}
	a, found := c.library.Article(knowledge.Slug(t.Argument()), s.reader(t).Anybody()) // a button outlives a change of audience
	if !found {
		t.Say("show.gone")
		return s.browse(ctx, t)
	}
	s.tell(ctx, t, c, a)
	return nil
}

// judge notes what a reader says of an article that there is: tokens can be made
// up. Saying it twice is saying it once.
func (s *scenario) judge(t *dialog.Turn, what string) {
	c, verdict := s.shelf.Newest(), what+" "+t.Argument()
	if c == nil || t.Kept(keptJudged) == verdict {
		return
	}
	if _, found := c.library.Article(knowledge.Slug(t.Argument()), s.reader(t).Anybody()); !found {
		return
	}
	t.Keep(keptJudged, verdict)
	t.Mark(what, t.Argument())
}

func (s *scenario) helped(_ context.Context, t *dialog.Turn) error {
	s.judge(t, MarkHelped)
	t.Say("helped.said").Offer(t.Menu())
	return nil
}

func (s *scenario) unhelped(_ context.Context, t *dialog.Turn) error {
	s.judge(t, MarkUnhelped)
	c := s.content(t)
	if c == nil {
		return nil
	}
	r := s.reader(t)
	var related []chat.Choice
	if a, found := c.library.Article(knowledge.Slug(t.Argument()), r.Anybody()); found {
		for _, other := range c.library.Related(a, r) {
			related = append(related, s.choice(t, other))
		}
	}
	if len(related) == 0 {
		t.Say("unhelped.alone").Offer(t.Command("appeal.ask", ""), t.Scenario("operator"), t.Command("questions.topics", ""), t.Menu())
		return nil
	}
	t.Say("unhelped.related").Offer(related...).Offer(t.Command("appeal.ask", ""), t.Scenario("operator"), t.Menu())
	return nil
}
