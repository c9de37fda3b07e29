package questions

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"okoshko/core/billing"
	"okoshko/core/knowledge"
	"okoshko/core/search"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
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
	// or of an article (ArticleName). At most mostChoices; if it is clear, the first is
	// meant, and what stands beside it are buttons of its own.
	Choices []string
	// Addressee is the kind of knowledge.Link whose matter it is, if nothing of ours is
	// clear and that is; else empty.
	Addressee string
}

// mostChoices is how many choices a customer can take in at a glance.
const mostChoices = 3

// showArticle is the command that shows an article; its argument is the slug.
const showArticle = "questions.show"

// ArticleName returns the name under which an article is heard.
func ArticleName(slug knowledge.Slug) string { return showArticle + ":" + string(slug) }

// Ear tells what a free text asks for: an article, or something to be opened.
// It is immutable and safe for concurrent use; new articles make a new ear.
//
// What has examples is learned, and told apart by them. Answers without any, such as
// those to one customer that were published, stand beside: however many they are, they
// change nothing about how well the others are told apart.
type Ear struct {
	*learned
	beside *beside // nil: none
}

// learned is the part of an ear that has examples to be known by.
type learned struct {
	index      *search.Index
	addressees *search.Index // of what is no matter of ours
	articles   map[string]*knowledge.Article
	asked      map[string]string   // the articles' own questions, normalised → name; "": of several
	replaced   map[string][]string // by those for other readers: names
	names      map[string]int      // of all that can be heard
}

// How much the parts of an article count, and a phrase of an opening.
const (
	titleWeight  = 1.5
	askWeight    = 1
	bodyWeight   = 0.2
	phraseWeight = 1
)

// nothing is the ID of the document that stands for what is no matter of ours.
const nothing = "-"

// NewEar makes an ear for all that can be asked for.
func NewEar(articles iter.Seq[*knowledge.Article], openings []dialog.Opening) *Ear {
	main, others := divide(articles, exampled())
	return learn(main, openings).with(others)
}

// own are the addressees of the program's own examples, and how many each name has:
// whatever the content, they are the same, and learned once.
var own struct {
	sync.Once
	addressees *search.Index
	exampled   map[string]int
}

func (e examples) count() map[string]int {
	count := map[string]int{}
	for name, list := range e.named {
		count[name] = len(list)
	}
	return count
}

func exampled() map[string]int {
	own.Do(func() {
		from := readExamples(exampleFiles)
		own.addressees, own.exampled = learnAddressees(from), from.count()
	})
	return own.exampled
}

// learn makes an ear of what can be learned by the program's own examples.
func learn(articles []*knowledge.Article, openings []dialog.Opening) *Ear {
	exampled()
	return learnFrom(articles, openings, readExamples(exampleFiles), own.addressees)
}

// learnFrom makes an ear that has learned from those examples.
func learnFrom(articles []*knowledge.Article, openings []dialog.Opening, from examples, addressees *search.Index) *Ear {
	e := &learned{addressees: addressees, articles: map[string]*knowledge.Article{}, asked: map[string]string{}, names: map[string]int{}}
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
	for _, a := range articles {
		name := ArticleName(a.Slug)
		if a.Lang == knowledge.Source {
			e.articles[name] = a
		}
		d := document(name)
		if a.Lang == knowledge.Source {
			for _, example := range from.named[name] {
				d.Fields = append(d.Fields, search.Field{Text: example, Weight: askWeight})
			}
		}
		d.Fields = append(d.Fields, ownWords(a)...)
		e.asks(name, append([]string{a.Question}, a.Asks...))
	}
	e.pair()
	for _, o := range openings {
		d := document(o.Name)
		for _, phrases := range [][]string{o.Phrases, from.named[o.Name]} {
			for _, phrase := range phrases {
				d.Fields = append(d.Fields, search.Field{Text: phrase, Weight: phraseWeight})
			}
		}
	}
	other := search.Document{ID: nothing, Other: true}
	for _, m := range from.foreign {
		other.Fields = append(other.Fields, search.Field{Text: m, Weight: askWeight})
	}
	documents = append(documents, other)
	e.index = search.Learn(documents)
	return &Ear{learned: e}
}

// pair notes which articles answer for their readers what others answer for theirs.
func (e *learned) pair() {
	e.replaced = map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(e.articles)) {
		for _, slug := range e.articles[name].Related {
			other := ArticleName(slug)
			if a, ok := e.articles[other]; ok && e.articles[name].Replaces(a) {
				e.replaced[other] = append(e.replaced[other], name)
			}
		}
	}
}

// ownWords are what an article itself says.
func ownWords(a *knowledge.Article) []search.Field {
	fields := []search.Field{{Text: a.Question, Weight: titleWeight}}
	for _, ask := range a.Asks {
		fields = append(fields, search.Field{Text: ask, Weight: askWeight})
	}
	return append(fields, search.Field{Text: prose(a.Body), Weight: bodyWeight})
}

// asks notes the questions that an article itself says it answers.
func (e *learned) asks(name string, questions []string) {
	for _, q := range questions {
		q = words.Normalise(q)
		if other, ok := e.asked[q]; ok && other != name {
			e.asked[q] = ""
			continue
		}
		e.asked[q] = name
	}
}

// markup is what an answer holds beside its words: figures and addresses.
var markup = regexp.MustCompile(`\{[a-z0-9_]*\}|\]\([^)]*\)`)

func prose(body string) string { return markup.ReplaceAllString(body, " ") }

// Where a text is ours, by search.Hit's Score, and where it is clear, by its
// Likely. Tuned by leaving a fifth of the examples out in turn, foreign ones too.
const (
	leastScore    = 0.06 // of the best
	commonWords   = 6    // of a text: what is shorter says less for us, what is longer more
	lengthMatters = 0.7  // so much: a power
	mostDoubt     = 1.6  // of a short text, as a factor: one word alone can be clear
	foreignScore  = 0.9  // what is foreign counts beside the best
	surely        = 0.82 // of the likelihood
	nearDistance  = 0.02 // of the last choice's likelihood to the first
	bringsBonus   = 0.3  // of the likelihood, for the readings' form, if the text brings readings
)

// Hear finds what the text means to a reader. Whom answers are for settles a
// doubt, and which of two that answer the same matter it is; it hides no other answer
// that is clear, or the only one (R-5.1.2-b).
func (e *Ear) Hear(text string, r knowledge.Reader) Heard {
	if name := e.exactly(words.Normalise(text)); name != "" {
		return e.instead(Heard{Clarity: Clear, Choices: []string{name}}, r) // typed off a list, or as its editor foresaw
	}
	return e.instead(e.hear(text, r), r).beside(e.beside.find(text, r))
}

// instead puts the answer for the reader in the place of a clear one for others; if
// there are several, he chooses.
func (e *learned) instead(h Heard, r knowledge.Reader) Heard {
	if h.Clarity != Clear {
		return h
	}
	a := e.articles[h.Choices[0]]
	if a == nil || a.Audience.Meets(r.Audience) {
		return h
	}
	var his []string
	for _, name := range e.replaced[h.Choices[0]] {
		if e.articles[name].For(r) {
			his = append(his, name)
		}
	}
	switch len(his) {
	case 0:
		return h
	case 1:
		return Heard{Clarity: Clear, Choices: his}
	}
	return Heard{Clarity: Near, Choices: append(his[:min(len(his), mostChoices-1)], h.Choices[0])}
}

// exactly returns the name of the article that says itself that it answers a question.
func (e *Ear) exactly(question string) string {
	if name, ok := e.asked[question]; ok || e.beside == nil {
		return name
	}
	return e.beside.asked[question]
}

// hear finds what the text means of what was learned.
func (e *learned) hear(text string, r knowledge.Reader) Heard {
	hits := e.index.Search(text, 4*mostChoices)
	if brings(text, hits) {
		for i := range hits {
			if hits[i].ID == readings {
				hits[i].Likely += bringsBonus
			}
		}
		slices.SortStableFunc(hits, func(a, b search.Hit) int { return cmp.Compare(b.Likely, a.Likely) })
	}
	if !ours(hits, len(strings.Fields(text))) {
		return Heard{Addressee: e.addressee(text)}
	}
	anybody := e.judge(hits, r.Anybody())
	if anybody.Clarity == Near { // what may be this or that of ours, and is surely theirs
		if kind := e.addressee(text); kind != "" {
			return Heard{Addressee: kind}
		}
		if _, taken := e.names[complaints]; taken && complains(text) {
			return Heard{Clarity: Clear, Choices: []string{complaints}}
		}
	}
	if r.Audience == "" || anybody.Clarity == Clear {
		return anybody
	}
	if his := e.judge(hits, r); his.Clarity != Nothing {
		return his.or(anybody.Choices)
	}
	return anybody
}

// or offers the likeliest of others beside what is only near: who reads for his home
// may ask for his café.
func (h Heard) or(others []string) Heard {
	if h.Clarity == Near && len(others) > 0 && !slices.Contains(h.Choices, others[0]) {
		h.Choices = append(h.Choices[:min(len(h.Choices), mostChoices-1)], others[0])
	}
	return h
}

// ours reports whether a text of so many words is a matter of ours at all.
func ours(hits []search.Hit, words int) bool {
	var best, other float32
	for _, h := range hits {
		if h.ID == nothing {
			other = h.Score
		} else {
			best = max(best, h.Score)
		}
	}
	doubt := float32(min(math.Pow(commonWords/float64(max(words, 1)), lengthMatters), mostDoubt))
	return best > 0 && best >= leastScore*doubt && best >= foreignScore*other*doubt
}

// judge makes up its mind about hits, best first: articles that do not hold for
// the reader are not for him to choose. An article that comes first is the answer
// for those, too, who want what one of its own buttons does: «как отвязать счёт?».
func (e *learned) judge(hits []search.Hit, r knowledge.Reader) Heard {
	var heard Heard
	var first, served, all float32
	var buttons []string // of the first, which serves those who want one of them
	for _, h := range hits {
		a := e.articles[h.ID]
		if a != nil && !a.For(r) {
			continue
		}
		all += h.Likely
		if slices.Contains(buttons, h.ID) {
			served += h.Likely
		}
		switch {
		case h.ID == nothing || len(heard.Choices) == mostChoices:
		case len(heard.Choices) == 0:
			first = h.Likely
			heard.Choices = append(heard.Choices, h.ID)
			if a != nil {
				buttons = a.Actions
			}
		case h.Likely >= nearDistance*first:
			heard.Choices = append(heard.Choices, h.ID)
		}
	}
	switch {
	case len(heard.Choices) == 0:
	case first >= surely*all:
		return Heard{Clarity: Clear, Choices: heard.Choices[:1]}
	case first+served >= surely*all:
		heard.Clarity = Clear
		heard.Choices = slices.DeleteFunc(heard.Choices, func(c string) bool {
			return c != heard.Choices[0] && !slices.Contains(buttons, c)
		})
	default:
		heard.Clarity = Near
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
	if !ok && e.beside != nil {
		_, ok = e.beside.answers[name]
	}
	return ok
}

// Slug returns the article that a name of Heard.Choices stands for.
func Slug(name string) (knowledge.Slug, bool) {
	slug, ok := strings.CutPrefix(name, showArticle+":")
	return knowledge.Slug(slug), ok
}
