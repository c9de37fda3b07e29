package search

import (
	"math"
	"slices"
	"sync"
)

// Document is what can be found.
type Document struct {
	ID     string
	Fields []Field
	// Other: it stands for what is no matter of the index: other trades' matters
	// are its own.
	Other bool
}

// Field is a text of a document. From strong on, its weight makes it a way to
// ask for the document: a query is compared with each such field by itself, too.
// Below, it only adds to what the document explains.
type Field struct {
	Text   string
	Weight float32
}

// strong is the weight of a field that says what its document is about.
const strong = 1

// A use is worth the more, the more fields of the document name the concept
// beyond what would be expected of as many fields of any: BM25's saturation,
// with the expectation in the place of the document's length. Tuned on the
// evaluation set's open part.
const (
	saturation  = 0.7
	expectation = 1.5
)

// Index finds documents. It is immutable and safe for concurrent use.
type Index struct {
	lexicon *lexicon
	ids     []string
	other   []bool
	entries []entry // by concept
	model   *model  // nil: none
	pool    sync.Pool
}

// entry is what the index knows of a concept.
type entry struct {
	info      float32 // how well it tells documents apart, 0…1
	weight    float32 // what it weighs in the question whether a text is ours
	documents []posting
	related   []relation
}

// posting is a concept's use in a document.
type posting struct {
	document int32
	share    float32 // of the most that a use can be worth, 0…1
	credit   float32 // how much of the concept the document explains, 0…1
}

// New makes an index. A second document with the same ID is a second document.
func New(documents []Document) *Index {
	x := &Index{lexicon: newLexicon()}
	b := builder{Index: x, reader: reader{x.lexicon, true}}
	for _, d := range documents {
		for _, f := range d.Fields {
			b.reader.read(&b.scratch, f.Text) // its words become terms
		}
	}
	x.lexicon.seal()
	for _, d := range documents {
		b.read(d)
	}
	x.entries = make([]entry, len(x.lexicon.terms))
	b.weigh()
	b.post()
	x.pool.New = func() any { return newScratch(x) }
	return x
}

// builder holds what is needed until the index is made.
type builder struct {
	*Index
	reader  reader
	scratch scratch
	uses    []use     // of concepts in documents
	lengths []float32 // of documents: the sum of their fields' weights
	rates   []float32 // of concepts: the share of all fields that use them
}

// use is how often a document names a concept.
type use struct {
	concept, document int32
	weight            float32 // the sum of the weights of the fields that name it
	credit            float32
}

// read takes in a document.
func (b *builder) read(d Document) {
	document := int32(len(b.ids)) //nolint:gosec // far fewer
	b.ids, b.other = append(b.ids, d.ID), append(b.other, d.Other)
	at := map[int32]int{}
	var length float32
	for _, f := range d.Fields {
		b.reader.read(&b.scratch, f.Text)
		concepts := b.lexicon.concepts(b.scratch.tokens)
		slices.Sort(concepts)
		concepts = slices.Compact(concepts)
		for _, c := range concepts {
			i, ok := at[c]
			if !ok {
				i = len(b.uses)
				at[c] = i
				b.uses = append(b.uses, use{concept: c, document: document})
			}
			b.uses[i].weight += f.Weight
			b.uses[i].credit = max(b.uses[i].credit, min(f.Weight, strong))
		}
		length += f.Weight
	}
	b.lengths = append(b.lengths, length)
}

// concepts are what the words mean, phrases as one.
func (l *lexicon) concepts(row []token) []int32 {
	var out []int32
	for len(row) > 0 {
		concept, n := l.match(row)
		if n == 0 {
			concept, n = l.terms[row[0].term].concept, 1
		}
		if l.terms[concept].role&roleStop == 0 {
			out = append(out, concept)
		}
		row = row[n:]
	}
	return out
}

// weigh finds how well each concept tells documents apart: the fewer fields use
// it, the better.
func (b *builder) weigh() {
	users := make([]float32, len(b.entries))
	for _, u := range b.uses {
		users[u.concept] += u.weight
	}
	var n float32
	for _, length := range b.lengths {
		n += length
	}
	rarest := idf(n, 1)
	b.rates = make([]float32, len(b.entries))
	for concept, count := range users {
		role := b.lexicon.terms[concept].role
		info := float32(unknownInfo)
		switch {
		case count > 0:
			info = min(1, idf(n, count)/rarest)
			b.rates[concept] = count / n
		case role&roleForeign != 0:
			info = foreignInfo
		case role&roleElectric != 0:
			info = electricInfo
		}
		if role&roleOrdinary != 0 {
			info = min(info*ordinaryPart, ordinaryMost)
			if count == 0 {
				info = ordinaryInfo
			}
		}
		if role&roleStop != 0 {
			info = 0
		}
		b.entries[concept].info = info
		b.entries[concept].weight = weight(role, count > 0)
	}
}

func weight(r role, used bool) float32 {
	switch {
	case r&roleStop != 0:
		return 0
	case r&(roleForeign|roleAside) != 0:
		return foreignWeight
	case r&roleOrdinary != 0:
		return ordinaryWeight
	case r&(roleElectric|roleOurs) != 0:
		return ourWeight
	case r&roleConcept != 0:
		return conceptWeight
	case used:
		return termWeight
	default:
		return unknownWeight
	}
}

func idf(n, users float32) float32 {
	return float32(math.Log(1 + float64((max(n-users, 0)+0.5)/(users+0.5))))
}

// post fills the entries.
func (b *builder) post() {
	for _, u := range b.uses {
		e := &b.entries[u.concept]
		expected := b.rates[u.concept] * b.lengths[u.document]
		e.documents = append(e.documents, posting{u.document, u.weight / (u.weight + expectation*expected + saturation), u.credit})
	}
	for concept, list := range b.lexicon.related {
		slices.SortStableFunc(list, func(a, b relation) int {
			switch {
			case a.weight > b.weight:
				return -1
			case a.weight < b.weight:
				return 1
			}
			return 0
		})
		for _, r := range list {
			if len(b.entries[r.concept].documents) > 0 {
				b.entries[concept].related = append(b.entries[concept].related, r)
			}
		}
	}
}
