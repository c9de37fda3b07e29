package search

import (
	"cmp"
	"slices"
)

// role is what the language files say of a concept.
type role uint8

const (
	roleOrdinary role = 1 << iota // says little of what a text is about
	roleStop                      // says nothing
	roleForeign                   // the matter of another trade
	roleAside                     // the same, unless the document speaks of it
	roleElectric                  // the matter of ours
	roleConcept                   // of the trade: synonyms.txt names it
	roleOurs                      // so much the matter of ours that it needs no other word
	roleName                      // known, so that it is not mended into another word
)

// term is a stem that is known: from the language files or from a document.
type term struct {
	stem    string
	concept int32 // what it means; the term itself, where it has no synonym
	role    role
	uses    int32 // in documents, to choose between equals
}

// phrase is what several words in a row mean.
type phrase struct {
	rest    []int32 // terms after the first
	concept int32
}

// relation leads from a concept to another that is often meant with it.
type relation struct {
	concept int32
	weight  float32
}

// lexicon knows words. While documents are read it grows; afterwards it is
// immutable.
type lexicon struct {
	terms    []term
	ids      map[string]int32     // stem → term
	sounds   map[string][]int32   // sound → terms
	phrases  map[int32][]phrase   // by the first term, the longest first
	related  map[int32][]relation // of concepts
	grams    grams
	language int      // so many terms are of the language files
	sealed   bool     // documents have been read: uses are counted
	faults   []string // of the language files, while they are read
}

func newLexicon() *lexicon {
	l := &lexicon{
		ids: map[string]int32{}, sounds: map[string][]int32{}, phrases: map[int32][]phrase{}, related: map[int32][]relation{},
	}
	l.readLanguage()
	l.language = len(l.terms)
	return l
}

// add returns the term of a stem, a new one if it is unknown.
func (l *lexicon) add(stem []byte) int32 {
	if id, ok := l.ids[string(stem)]; ok {
		return id
	}
	id := int32(len(l.terms)) //nolint:gosec // far fewer
	t := term{stem: string(stem), concept: id}
	l.terms = append(l.terms, t)
	l.ids[t.stem] = id
	return id
}

// seal ends the growth: sounds, trigrams and kinship are made of what is known
// by now.
func (l *lexicon) seal() {
	l.sealed = true
	var buf []byte
	for id := range l.terms {
		t := &l.terms[id]
		if !isWord(t.stem) {
			continue
		}
		if len(t.stem) >= leastSound {
			buf = sound(buf[:0], []byte(t.stem))
			l.sounds[string(buf)] = append(l.sounds[string(buf)], int32(id)) //nolint:gosec // far fewer
		}
		if len(t.stem) >= leastMended {
			l.grams.add(int32(id), t.stem) //nolint:gosec // far fewer
		}
	}
	for _, list := range l.sounds {
		slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(l.terms[b].uses, l.terms[a].uses) })
	}
	l.correct()
	l.findKin()
}

// leastCommon is how often documents use a word for which a single one that sounds
// the same is taken.
const leastCommon = 5

// correct gives words of documents that are common words misspelt their meaning:
// documents are written as people write, and a typo of theirs is no word.
func (l *lexicon) correct() {
	for _, list := range l.sounds {
		common := &l.terms[list[0]]
		for _, id := range list[1:] {
			t := &l.terms[id]
			if common.uses >= leastCommon && t.uses < leastSeen && t.concept == id && int(id) >= l.language {
				t.concept = common.concept
			}
		}
	}
}

// isWord reports whether a stem is letters of one script.
func isWord(stem string) bool {
	for i := range len(stem) {
		if !isLetter(stem[i]) || isRussian(stem[i]) != isRussian(stem[0]) {
			return false
		}
	}
	return stem != ""
}

// Kin are words of one root that stemming leaves apart: подключ(ить) and
// подключа(ть). They share a beginning of at least leastKin letters and have
// at most mostKin letters each after it.
const (
	leastKin  = 5
	mostKin   = 3
	kinWeight = 0.7
)

// findKin relates the concepts of kin.
func (l *lexicon) findKin() {
	order := make([]int32, 0, len(l.terms))
	for id := range l.terms {
		if len(l.terms[id].stem) >= leastKin && isRussian(l.terms[id].stem[0]) {
			order = append(order, int32(id)) //nolint:gosec // far fewer
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(l.terms[a].stem, l.terms[b].stem) })
	for i, a := range order {
		for _, b := range order[i+1:] {
			shared := shares(l.terms[a].stem, l.terms[b].stem)
			if shared < leastKin {
				break
			}
			if isKin(len(l.terms[a].stem), len(l.terms[b].stem), shared) {
				l.relate(l.terms[a].concept, l.terms[b].concept, kinWeight)
			}
		}
	}
}

func isKin(a, b, shared int) bool {
	return shared >= leastKin && a-shared <= mostKin && b-shared <= mostKin
}

// relate makes either concept count for the other; the stronger relation stays.
func (l *lexicon) relate(a, b int32, weight float32) {
	if a == b {
		return
	}
	l.relateOne(a, b, weight)
	l.relateOne(b, a, weight)
}

func (l *lexicon) relateOne(from, to int32, weight float32) {
	list := l.related[from]
	for i := range list {
		if list[i].concept == to {
			list[i].weight = max(list[i].weight, weight)
			return
		}
	}
	l.related[from] = append(list, relation{to, weight})
}

// shares returns the length of the beginning that two stems share.
func shares[S string | []byte](a S, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// match finds the longest phrase at the beginning of a row of words and the
// number of its words; 0 if there is none.
func (l *lexicon) match(row []token) (concept int32, n int) {
	for _, p := range l.phrases[row[0].term] {
		if len(p.rest) < len(row) && slices.EqualFunc(p.rest, row[1:1+len(p.rest)], func(t int32, w token) bool { return w.term == t }) {
			return p.concept, 1 + len(p.rest)
		}
	}
	return 0, 0
}
