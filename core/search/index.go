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

// BM25F (Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009):
// saturation is k1, lengths is b, each tuned on the evaluation set's open part.
const (
	saturation = 1.2
	lengths    = 0.4
	weakUse    = 0.3 // of a document to the count of those that use a word, if only a weak field does
)

// Index finds documents. It is immutable and safe for concurrent use.
type Index struct {
	lexicon  *lexicon
	ids      []string
	passages []int32 // strong field → document
	entries  []entry // by concept
	pool     sync.Pool
}

// entry is what the index knows of a concept.
type entry struct {
	info      float32 // how much it tells, 0…1
	documents []posting
	passages  []passing
	related   []relation
}

// posting is a concept's use in a document.
type posting struct {
	document int32
	share    float32 // of the most that a use can be worth, 0…1
	credit   float32 // how much of the concept the document explains, 0…1
}

// passing is a concept's use in a strong field.
type passing struct {
	passage int32
	cosine  float32 // its part of the field's unit vector
}

// New makes an index. A second document with the same ID is a second document.
func New(documents []Document) *Index {
	x := &Index{lexicon: newLexicon()}
	b := builder{Index: x, reader: reader{x.lexicon, true}}
	for _, d := range documents {
		b.read(d)
	}
	x.lexicon.seal()
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
	lengths []float32 // of documents
	fields  [][]int32 // concepts of strong fields
}

// use is how often a document names a concept.
type use struct {
	concept, document int32
	weight            float32 // the sum of the fields' weights
	credit            float32
}

// read takes in a document.
func (b *builder) read(d Document) {
	document := int32(len(b.ids)) //nolint:gosec // far fewer
	b.ids = append(b.ids, d.ID)
	at := map[int32]int{}
	var length float32
	for _, f := range d.Fields {
		b.reader.read(&b.scratch, f.Text)
		concepts := b.lexicon.concepts(b.scratch.tokens)
		for _, c := range concepts {
			i, ok := at[c]
			if !ok {
				i = len(b.uses)
				at[c] = i
				b.uses = append(b.uses, use{concept: c, document: document})
			}
			b.uses[i].weight += f.Weight
			b.uses[i].credit = max(b.uses[i].credit, min(f.Weight, strong))
			length += f.Weight
		}
		if f.Weight >= strong {
			b.passages = append(b.passages, document)
			slices.Sort(concepts)
			b.fields = append(b.fields, slices.Compact(concepts))
		}
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

// weigh finds how much each concept tells: the fewer documents use it, the
// more.
func (b *builder) weigh() {
	users := make([]float32, len(b.entries))
	for _, u := range b.uses {
		if u.credit >= strong {
			users[u.concept]++
		} else {
			users[u.concept] += weakUse
		}
	}
	n := float64(len(b.ids))
	rarest := idf(n, 1)
	for concept, count := range users {
		role := b.lexicon.terms[concept].role
		info := float32(unknownInfo)
		switch {
		case count > 0:
			info = float32(min(1, idf(n, float64(count))/rarest))
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
	}
}

func idf(n, users float64) float64 { return math.Log(1 + (n-users+0.5)/(users+0.5)) }

// post fills the entries.
func (b *builder) post() {
	var average float32
	for _, length := range b.lengths {
		average += length / float32(len(b.lengths))
	}
	for _, u := range b.uses {
		e := &b.entries[u.concept]
		norm := 1 - lengths + lengths*b.lengths[u.document]/average
		e.documents = append(e.documents, posting{u.document, u.weight / (u.weight + saturation*norm), u.credit})
	}
	for passage, concepts := range b.fields {
		var sum float32
		for _, c := range concepts {
			sum += b.entries[c].info * b.entries[c].info
		}
		length := float32(math.Sqrt(float64(sum)))
		for _, c := range concepts {
			if info := b.entries[c].info; info > 0 {
				b.entries[c].passages = append(b.entries[c].passages, passing{int32(passage), info / length}) //nolint:gosec // far fewer
			}
		}
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
