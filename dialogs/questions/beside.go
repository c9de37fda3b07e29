package questions

import (
	"iter"
	"maps"
	"slices"

	"okoshko/core/knowledge"
	"okoshko/core/search"
	"okoshko/dialogs/words"
)

// leastWays is how many ways to ask for an article it must have to be learned: the
// words of others alone are compared, or those of hundreds would always outvote them.
const leastWays = 3

// divide tells articles that can be learned from those that have too few ways to ask
// for them; exampled is how many examples each name has.
func divide(articles iter.Seq[*knowledge.Article], exampled map[string]int) (main, others []*knowledge.Article) {
	all := slices.Collect(articles)
	ways := map[string]int{}
	for _, a := range all {
		ways[ArticleName(a.Slug)] += 1 + len(a.Asks)
	}
	for _, a := range all {
		if name := ArticleName(a.Slug); ways[name]+exampled[name] < leastWays {
			others = append(others, a)
		} else {
			main = append(main, a)
		}
	}
	return main, others
}

// beside are answers without examples (R-5.2.10-e). They are found by their words, in
// an index where the other articles, too, have nothing but theirs to say.
type beside struct {
	index   *search.Index
	answers map[string]*knowledge.Article
	asked   map[string]string // their questions, normalised → name
}

// with returns the ear with such answers beside what it has learned. Of two with the
// same question the first is heard.
func (e *Ear) with(answers []*knowledge.Article) *Ear {
	if len(answers) == 0 {
		return &Ear{learned: e.learned}
	}
	b := &beside{answers: map[string]*knowledge.Article{}, asked: map[string]string{}}
	var documents []search.Document
	for _, name := range slices.Sorted(maps.Keys(e.articles)) {
		documents = append(documents, search.Document{ID: name, Fields: ownWords(e.articles[name])})
	}
	for _, a := range answers {
		name := ArticleName(a.Slug)
		b.answers[name] = a
		for _, q := range append([]string{a.Question}, a.Asks...) {
			if q = words.Normalise(q); b.asked[q] == "" {
				b.asked[q] = name
			}
		}
		documents = append(documents, search.Document{ID: name, Fields: ownWords(a)})
	}
	b.index = search.New(documents)
	return &Ear{learned: e.learned, beside: b}
}

// fit is how well an answer that stands beside fits a text.
type fit uint8

const (
	unfit fit = iota
	// loose: something of the matter is the same.
	loose
	// close: most of what one says, the other says, and no article is closer by its
	// words.
	close
	// same: it is the same question in other forms of its words.
	same
)

// How much of the text the answer must explain, and of its question the text must say.
const (
	looseShare = 0.5
	closeShare = 0.6
	sameShare  = 0.9
)

// find returns the answer that fits best, and how well.
func (b *beside) find(text string, r knowledge.Reader) (name string, f fit) {
	if b == nil {
		return "", unfit
	}
	for i, hit := range b.index.Search(text, mostChoices) {
		a := b.answers[hit.ID]
		if a == nil || !a.For(r) {
			continue
		}
		got := unfit
		switch share := min(hit.Coverage, b.index.Says(text, a.Question)); {
		case share >= sameShare:
			got = same
		case share >= closeShare && i == 0:
			got = close
		case share >= looseShare:
			got = loose
		}
		if got > f {
			name, f = hit.ID, got
		}
	}
	return name, f
}

// Beside returns the name of an answer without examples that fits a text closely,
// beside whatever is clear; "" if none does.
func (e *Ear) Beside(text string, r knowledge.Reader) string {
	if name, f := e.beside.find(text, r); f >= close {
		return name
	}
	return ""
}

// beside puts an answer that fits beside what was heard. It takes no certainty from
// what is clear (tell shows it there), nor the first place from what has examples,
// unless it is the very question.
func (h Heard) beside(name string, f fit) Heard {
	switch {
	case f == unfit || h.Clarity == Clear:
		return h
	case h.Clarity == Nothing && f == same:
		return Heard{Clarity: Clear, Choices: []string{name}}
	case h.Clarity == Nothing:
		return h
	}
	place := map[fit]int{loose: len(h.Choices), close: 1, same: 0}[f]
	h.Choices = slices.Insert(slices.Clone(h.Choices), place, name)
	h.Choices = h.Choices[:min(len(h.Choices), mostChoices)]
	return h
}
