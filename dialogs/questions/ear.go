package questions

import (
	"iter"
	"regexp"
	"strings"

	"okoshko/core/knowledge"
	"okoshko/core/search"
	"okoshko/dialogs/dialog"
)

// Clarity tells how well a text was understood.
type Clarity uint8

const (
	// Nothing fits.
	Nothing Clarity = iota
	// Near: one of a few may be meant.
	Near
	// Clear: it is the first choice.
	Clear
)

// Heard is what a text may mean.
type Heard struct {
	Clarity Clarity
	// Choices are names for dialog.Turn.Open, the likeliest first: of a dialog.Opening,
	// or of an article (ArticleName). At most mostChoices; one if it is clear.
	Choices []string
}

// mostChoices is how many choices a customer can take in at a glance.
const mostChoices = 3

// showArticle is the command that shows an article; its argument is the slug.
const showArticle = "questions.show"

// ArticleName returns the name under which an article is heard.
func ArticleName(slug knowledge.Slug) string { return showArticle + ":" + string(slug) }

// Ear tells what a free text asks for: an article, or something to be opened.
// It is immutable and safe for concurrent use; new articles make a new ear.
type Ear struct {
	index    *search.Index
	articles map[string]*knowledge.Article
}

// How much the parts of an article count, and a phrase of an opening.
const (
	titleWeight  = 2.5
	askWeight    = 2
	bodyWeight   = 0.3
	phraseWeight = 2
)

// NewEar makes an ear for all that can be asked for.
func NewEar(articles iter.Seq[*knowledge.Article], openings []dialog.Opening) *Ear {
	e := &Ear{articles: map[string]*knowledge.Article{}}
	var documents []search.Document
	at := map[string]int{}
	document := func(name string) *search.Document {
		i, ok := at[name]
		if !ok {
			i = len(documents)
			at[name] = i
			documents = append(documents, search.Document{ID: name})
		}
		return &documents[i]
	}
	for a := range articles {
		name := ArticleName(a.Slug)
		if a.Lang == knowledge.Source {
			e.articles[name] = a
		}
		d := document(name)
		d.Fields = append(d.Fields, search.Field{Text: a.Question, Weight: titleWeight})
		for _, ask := range a.Asks {
			d.Fields = append(d.Fields, search.Field{Text: ask, Weight: askWeight})
		}
		d.Fields = append(d.Fields, search.Field{Text: prose(a.Body), Weight: bodyWeight})
	}
	for _, o := range openings {
		d := document(o.Name)
		for _, phrase := range o.Phrases {
			d.Fields = append(d.Fields, search.Field{Text: phrase, Weight: phraseWeight})
		}
	}
	e.index = search.New(documents)
	return e
}

// markup is what an answer holds beside its words: figures and addresses.
var markup = regexp.MustCompile(`\{[a-z0-9_]*\}|\]\([^)]*\)`)

func prose(body string) string { return markup.ReplaceAllString(body, " ") }

// Where a text is clear, and where it is understood at all, by search.Hit's
// Score, and how near a second choice may come. Tuned on
// testdata/evaluation/seen.tsv.
const (
	leastScore    = 0.3
	clearScore    = 0.5
	clearDistance = 1.25 // of the first score to the second
	nearDistance  = 0.6  // of the last choice's score to the first
)

// Hear finds what the text means to a reader: articles that do not hold for him
// are not for him to choose.
func (e *Ear) Hear(text string, r knowledge.Reader) Heard {
	hits := e.index.Search(text, 4*mostChoices)
	var fit []search.Hit
	for _, h := range hits {
		if a := e.articles[h.ID]; (a == nil || a.For(r)) && len(fit) < mostChoices {
			fit = append(fit, h)
		}
	}
	if len(fit) == 0 || fit[0].Score < leastScore {
		return Heard{}
	}
	first := fit[0]
	if len(fit) == 1 || first.Score >= clearScore && first.Score >= clearDistance*fit[1].Score {
		return Heard{Clear, []string{first.ID}}
	}
	heard := Heard{Clarity: Near}
	for _, h := range fit {
		if h.Score >= nearDistance*first.Score {
			heard.Choices = append(heard.Choices, h.ID)
		}
	}
	return heard
}

// Slug returns the article that a name of Heard.Choices stands for.
func Slug(name string) (knowledge.Slug, bool) {
	slug, ok := strings.CutPrefix(name, showArticle+":")
	return knowledge.Slug(slug), ok
}
