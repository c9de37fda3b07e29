// Package questions answers what customers ask (R-5.1.2-q, R-5.2.2-a, R-5.2.4):
// an Ear tells which article or scenario a free text means, and every article can
// be reached by browsing, too.
package questions

import (
	"context"
	"embed"
	"slices"
	"strings"
	"time"
	"unicode"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
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
		label = t.Line("customer", words.A("day", a.Published.In(s.zone).Format("02.01.06")), words.A("question", a.Question))
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
