package search

import (
	"cmp"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
)

// model tells documents apart by what it has learned from their fields: a
// softmax regression over concepts, words and pairs of neighbours. Where a score
// counts what a text and a document share, the model knows which of it matters
// between these documents: «когда» between "how" and "until when".
type model struct {
	features map[uint64]int32
	classes  int
	weights  []int8    // by feature, then by document, in steps of
	steps    []float32 // its feature: a quarter of the memory of what was learned
}

// feature is a feature of a text, with its part of the text's unit vector.
type feature struct {
	id    int32
	value float32
}

// How the model learns: passes over all examples, the step of AdaGrad (Duchi,
// Hazan, Singer, 2011) and the pull towards zero. Classes whose probability is
// negligible are not touched, which makes a pass ten times cheaper.
const (
	passes     = 5
	step       = 0.5
	decay      = 1e-4
	negligible = 1e-2
)

// What pairs count beside single concepts: neighbours, and those with one
// concept between them.
const (
	neighbours = 0.6
	nearby     = 0.3
)

// What the beginnings, middles and ends of words count beside them: by these a
// form is known that no document holds. Pieces have gram letters.
const (
	pieces = 0.3
	gram   = 4
)

// What words count that say nothing to a score («до», «от», «не мой»), and two
// words side by side as they are, of whatever concept: between documents it
// matters who did what to whom.
const (
	stopWord  = 0.3
	asTheyAre = 0.3
)

// prior is what every text has: how likely a document is before a word is read.
// Without it, what no document knows would belong to all of them alike, and little
// to that of foreign matters.
const prior = 0.7

// rareWord is what it counts that a text has words which are new, or nearly: other
// trades' matters have them more often than ours. Rare words of examples teach what
// new ones of customers mean.
const rareWord = 0.3

// leastSeen is in how many examples a feature must stand to be kept: what stands
// in one alone tells of that one, and would take most of the memory.
const leastSeen = 2

// Learn makes an index that has also learned to tell its documents apart, each
// strong field being an example of what is asked for it. It is for few documents
// with many ways to ask; the more and the more lifelike they are, the better. One with
// hardly any would always be outvoted: it belongs into an index of its own, by New.
// The same documents make the same index.
func Learn(documents []Document) *Index {
	x := New(documents)
	m := &model{features: map[uint64]int32{}, classes: len(x.ids)}
	s := newScratch(x)
	var examples []example
	each := func(f func(document int32, text string)) {
		for id, d := range documents {
			for _, field := range d.Fields {
				if field.Weight >= strong {
					reader{x.lexicon, false}.read(s, field.Text)
					x.understand(s)
					f(int32(id), field.Text) //nolint:gosec // far fewer
				}
			}
		}
	}
	var seen []int32 // by feature
	each(func(int32, string) {
		list := m.read(x, s, true)
		seen = append(seen, make([]int32, len(m.features)-len(seen))...)
		for _, f := range list {
			seen[f.id]++
		}
	})
	m.keep(seen)
	each(func(document int32, text string) {
		if list := m.read(x, s, false); len(list) > 0 {
			examples = append(examples, example{features: slices.Clone(list), answer: document, key: key(text)})
		}
	})
	m.pack(m.learn(examples))
	x.model = m
	return x
}

// keep forgets features that too few examples have.
func (m *model) keep(seen []int32) {
	number := make([]int32, len(seen)) // those that stay, in their order
	n := int32(0)
	for id, count := range seen {
		if number[id] = n; count >= leastSeen {
			n++
		}
	}
	kept := make(map[uint64]int32, n)
	for key, id := range m.features {
		if seen[id] >= leastSeen {
			kept[key] = number[id]
		}
	}
	m.features = kept
}

// learn returns the weights that fit the examples best, by feature, then by
// document.
func (m *model) learn(examples []example) []float32 {
	weights := make([]float32, len(m.features)*m.classes)
	slopes := make([]float32, len(weights)) // sums of squared gradients
	sums := make([]float32, len(weights))
	odds := make([]float32, m.classes)
	for pass := range passes {
		mix(examples, pass)
		for _, e := range examples {
			clear(odds)
			for _, f := range e.features {
				for class, w := range weights[int(f.id)*m.classes:][:m.classes] {
					odds[class] += w * f.value
				}
			}
			normalise(odds)
			odds[e.answer]--
			for class, miss := range odds {
				if -negligible < miss && miss < negligible {
					continue
				}
				for _, f := range e.features {
					at := int(f.id)*m.classes + class
					gradient := miss*f.value + decay*weights[at]
					slopes[at] += gradient * gradient
					weights[at] -= step * gradient / float32(math.Sqrt(float64(slopes[at])+1e-4))
				}
			}
		}
		if pass > 0 {
			for i, w := range weights {
				sums[i] += w / (passes - 1)
			}
		}
	}
	return sums // what they were on the way tells more of texts yet unseen than where they ended
}

// pack keeps weights as whole steps between zero and the largest of their feature.
func (m *model) pack(weights []float32) {
	m.weights, m.steps = make([]int8, len(weights)), make([]float32, len(m.features))
	for id := range m.steps {
		row := weights[id*m.classes:][:m.classes]
		var most float32
		for _, w := range row {
			most = max(most, w, -w)
		}
		if most == 0 {
			continue
		}
		m.steps[id] = most / math.MaxInt8
		for class, w := range row {
			m.weights[id*m.classes+class] = int8(math.Round(float64(w / m.steps[id])))
		}
	}
}

// example is a text to learn from.
type example struct {
	features []feature
	answer   int32  // its document
	key      uint64 // of its words
	turn     uint64 // when it comes in a pass
}

func key(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // cannot fail
	return h.Sum64()
}

// mix puts examples into the order of a pass: what stands side by side would otherwise
// be forgotten together. An example's turn is drawn by its words, so that a new one
// leaves the others in theirs, and decides nothing between documents that it is far from.
func mix(examples []example, pass int) {
	for i := range examples {
		e := &examples[i]
		e.turn = rand.NewPCG(e.key, uint64(pass)).Uint64() //nolint:gosec // an order, no secret
	}
	slices.SortStableFunc(examples, func(a, b example) int { return cmp.Compare(a.turn, b.turn) })
}

// judge puts into odds how likely each document is the one that is asked for.
func (m *model) judge(list []feature, odds []float32) {
	clear(odds)
	for _, f := range list {
		value := f.value * m.steps[f.id]
		for class, w := range m.weights[int(f.id)*m.classes:][:m.classes] {
			odds[class] += float32(w) * value
		}
	}
	normalise(odds)
}

// normalise makes probabilities of what speaks for each.
func normalise(odds []float32) {
	most := odds[0]
	for _, o := range odds {
		most = max(most, o)
	}
	var sum float32
	for class, o := range odds {
		odds[class] = float32(math.Exp(float64(o - most)))
		sum += odds[class]
	}
	for class := range odds {
		odds[class] /= sum
	}
}

// read returns the features of the words in the scratch. While learning, new
// ones are taken in.
func (m *model) read(x *Index, s *scratch, learning bool) []feature {
	s.features, s.row = s.features[:0], s.row[:0]
	for i := range s.words {
		if s.words[i].concept != unknown {
			s.row = append(s.row, s.words[i])
		}
	}
	for i, w := range s.row {
		m.add(s, uint64(uint32(w.concept)), w.info*w.quality, learning) //nolint:gosec // an index
		for back, part := range [...]float32{1: neighbours, 2: nearby} {
			if back > 0 && back <= i {
				b := s.row[i-back]
				m.add(s, pair(b.concept, w.concept), part*(w.info*w.quality+b.info*b.quality), learning)
			}
		}
	}
	before := int32(unknown)
	for _, t := range s.tokens {
		switch {
		case t.number:
		case x.rare(t.term):
			m.add(s, wordsKey|rareKey, rareWord, learning)
		case x.entries[x.lexicon.terms[t.term].concept].info == 0:
			m.add(s, wordsKey|uint64(uint32(t.term)), stopWord, learning) //nolint:gosec // an index
		}
		if t.term != unknown && before != unknown {
			m.add(s, wordsKey|pair(before, t.term), asTheyAre, learning)
		}
		before = t.term
		m.addPieces(x, s, t, learning)
	}
	if len(s.features) > 0 {
		m.add(s, wordsKey|priorKey, prior, learning)
	}
	var square float32
	for _, f := range s.features {
		square += f.value * f.value
	}
	length := float32(math.Sqrt(float64(square)))
	for i := range s.features {
		s.features[i].value /= length
	}
	return s.features
}

// rare reports whether a word is unknown, or as good as: one example has it, and
// it means nothing but itself.
func (x *Index) rare(term int32) bool {
	return term == unknown || x.lexicon.terms[term].uses < leastSeen && x.lexicon.terms[term].concept == term && x.entries[term].info > 0
}

// addPieces adds the pieces of a word; one that is nothing to us has none.
func (m *model) addPieces(x *Index, s *scratch, t token, learning bool) {
	value := float32(pieces * unknownInfo)
	if t.term != unknown {
		value = pieces * x.entries[x.lexicon.terms[t.term].concept].info
	}
	if t.stem == (span{}) || value == 0 {
		return
	}
	window, n := uint32('^'), 1
	for i := t.stem.from; i <= t.stem.to; i++ {
		c := byte('$')
		if i < t.stem.to {
			c = s.stems[i]
		}
		window = window<<8 | uint32(c)
		if n++; n >= gram {
			m.add(s, pieceKey|uint64(window), value, learning)
		}
	}
}

// These set the keys of pieces, of words as they are, of the prior and of rare
// words apart from those of concepts, and from each other: no index is so high.
const (
	pieceKey = 1 << 63
	wordsKey = 1 << 62
	priorKey = 1 << 31
	rareKey  = priorKey + 1
)

// pair is the key of two concepts, apart from those of one.
func pair(a, b int32) uint64 { return uint64(uint32(a)+1)<<32 | uint64(uint32(b)) } //nolint:gosec // indices

func (m *model) add(s *scratch, key uint64, value float32, learning bool) {
	id, ok := m.features[key]
	if !ok && learning {
		id, ok = int32(len(m.features)), true //nolint:gosec // far fewer
		m.features[key] = id
	}
	if !ok || value == 0 {
		return
	}
	for i := range s.features {
		if s.features[i].id == id {
			return
		}
	}
	s.features = append(s.features, feature{id, value})
}
