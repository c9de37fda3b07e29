package questions

import (
	"cmp"
	"embed"
	"io/fs"
	"iter"
	"path"
	"regexp"
	"slices"
	"strings"

	"okoshko/core/billing"
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
	names    map[string]int // of all that can be heard
}

// How much the parts of an article count, and a phrase of an opening.
const (
	titleWeight  = 1.5
	askWeight    = 1
	bodyWeight   = 0.2
	phraseWeight = 1
)

// exampleFiles hold what customers write about each topic: "== <slug>", then a
// message a line; those of wishFile what they write who want something opened:
// "== <name of dialog.Opening>". The search is as good as they are many and
// lifelike.
//
//go:embed examples/*.txt
var exampleFiles embed.FS

const (
	wishFile    = "wishes.txt"
	foreignFile = "foreign.txt"
)

// examples are the messages of exampleFiles, by the name under which they are
// heard; foreign are those that are no matter of ours.
var examples, foreign = readExamples(exampleFiles)

// nothing is the ID of the document that stands for what is no matter of ours.
const nothing = "-"

func readExamples(files fs.FS) (named map[string][]string, others []string) {
	named = map[string][]string{}
	names, err := fs.Glob(files, "examples/*.txt")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		var heard string
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			switch title, ok := strings.CutPrefix(line, "== "); {
			case line == "" || line[0] == '#':
			case ok && path.Base(name) == wishFile:
				heard = title
			case ok:
				heard = ArticleName(knowledge.Slug(title))
			case path.Base(name) == foreignFile:
				others = append(others, line)
			default:
				named[heard] = append(named[heard], line)
			}
		}
	}
	return named, others
}

// NewEar makes an ear for all that can be asked for.
func NewEar(articles iter.Seq[*knowledge.Article], openings []dialog.Opening) *Ear {
	e := &Ear{articles: map[string]*knowledge.Article{}, names: map[string]int{}}
	var documents []search.Document
	document := func(name string) *search.Document {
		i, ok := e.names[name]
		if !ok {
			i = len(documents)
			e.names[name] = i
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
		if a.Lang == knowledge.Source {
			for _, example := range examples[name] {
				d.Fields = append(d.Fields, search.Field{Text: example, Weight: askWeight})
			}
		}
		d.Fields = append(d.Fields, search.Field{Text: a.Question, Weight: titleWeight})
		for _, ask := range a.Asks {
			d.Fields = append(d.Fields, search.Field{Text: ask, Weight: askWeight})
		}
		d.Fields = append(d.Fields, search.Field{Text: prose(a.Body), Weight: bodyWeight})
	}
	for _, o := range openings {
		d := document(o.Name)
		for _, phrases := range [][]string{o.Phrases, examples[o.Name]} {
			for _, phrase := range phrases {
				d.Fields = append(d.Fields, search.Field{Text: phrase, Weight: phraseWeight})
			}
		}
	}
	other := search.Document{ID: nothing, Other: true}
	for _, m := range foreign {
		other.Fields = append(other.Fields, search.Field{Text: m, Weight: askWeight})
	}
	documents = append(documents, other)
	e.index = search.Learn(documents)
	return e
}

// markup is what an answer holds beside its words: figures and addresses.
var markup = regexp.MustCompile(`\{[a-z0-9_]*\}|\]\([^)]*\)`)

func prose(body string) string { return markup.ReplaceAllString(body, " ") }

// Where a text is clear, and where it is understood at all, by search.Hit's
// Score, and how near a second choice may come. Tuned on
// testdata/evaluation/seen.tsv.
const (
	leastScore    = 0.12
	clearScore    = 0.6
	clearDistance = 3    // of the first score to the second
	bringsBonus   = 0.2  // for the readings' form, if the text brings readings
	nearDistance  = 0.03 // of the last choice's score to the first
)

// Hear finds what the text means to a reader. Whom answers are for settles a
// doubt; it hides no answer that is clear, or the only one (R-5.1.2-b).
func (e *Ear) Hear(text string, r knowledge.Reader) Heard {
	hits := e.index.Search(text, 4*mostChoices)
	if brings(text, hits) {
		for i := range hits {
			if hits[i].ID == readings {
				hits[i].Score += bringsBonus
			}
		}
		slices.SortStableFunc(hits, func(a, b search.Hit) int { return cmp.Compare(b.Score, a.Score) })
	}
	anybody := e.judge(hits, r.Anybody())
	if r.Audience == "" || anybody.Clarity == Clear {
		return anybody
	}
	if his := e.judge(hits, r); his.Clarity != Nothing {
		return his
	}
	return anybody
}

// judge makes up its mind about hits, best first: articles that do not hold for
// the reader are not for him to choose.
func (e *Ear) judge(hits []search.Hit, r knowledge.Reader) Heard {
	var fit []search.Hit
	other := float32(0)
	for _, h := range hits {
		a := e.articles[h.ID]
		switch {
		case h.ID == nothing:
			other = h.Score
		case len(fit) < mostChoices && (a == nil || a.For(r)):
			fit = append(fit, h)
		}
	}
	if len(fit) == 0 || fit[0].Score < leastScore || fit[0].Score < other {
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

// readings is the scenario that takes meter readings.
const readings = "readings"

// brings reports whether the text brings readings, so that it asks for their
// form rather than for an article about them.
func brings(text string, hits []search.Hit) bool {
	if !slices.ContainsFunc(hits, func(h search.Hit) bool { return h.ID == readings }) {
		return false
	}
	said := billing.Parse(text)
	return said.Readings || len(said.Accounts) == 1 && len(said.Values) > 0
}

// Knows reports whether the name can be heard at all.
func (e *Ear) Knows(name string) bool {
	_, ok := e.names[name]
	return ok
}

// Slug returns the article that a name of Heard.Choices stands for.
func Slug(name string) (knowledge.Slug, bool) {
	slug, ok := strings.CutPrefix(name, showArticle+":")
	return knowledge.Slug(slug), ok
}
