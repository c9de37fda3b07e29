package search

import "math"

// How much words tell that no document uses, beside 1 for one that a single
// document does. Tuned, as all numbers here, on the evaluation set's open part.
const (
	unknownInfo  = 0.5
	foreignInfo  = 0.8
	electricInfo = 0.3
	ordinaryInfo = 0.08
	ordinaryPart = 0.69 // of an ordinary word's own, if documents use it
	ordinaryMost = 0.32
	numberPart   = 0.4
)

// How much words weigh in the question whether a text is ours at all. A word
// that every other document uses tells documents apart badly, and yet shows
// that the text is for us.
const (
	ourWeight      = 1.2  // the matter itself
	conceptWeight  = 0.7  // a concept of the trade
	termWeight     = 0.45 // some word of a document
	ordinaryWeight = 0.15
	unknownWeight  = 0.3
	foreignWeight  = 1.5
)

// What a score is made of.
const (
	thinness     = 0.6  // information at which a window is worth half: one common word is no question
	uncovered    = 0.3  // of the score that is lost by what is not explained
	foreignLoss  = 0.65 // of the score, for a matter of another trade that the document does not explain
	windowWords  = 12   // words of a window of a long sentence
	windowStep   = 6
	shortText    = 14 // words up to which a text is also taken as a whole
	mostWindows  = 96
	partOfLonger = 0.75 // of a window's score, where it is a part of the text
	unexplained  = 0.3  // of the model's odds that is lost by what is not explained
	learned      = 0.55 // of the model's odds, where there is one; what remains by what is above
	whole        = 0.24 // of the whole text's score, beside the best window's
)

// Which of the documents is meant, the words and what was learned say together:
// their votes multiply, for each rules out what the other would confuse. Added to
// both, so that neither rules out alone; what was learned is surer of itself than it
// is right, so that a power of it votes.
const (
	leastOdds  = 1e-6
	leastWords = 0.1
	modesty    = 0.7
)

// Hit is a document that was found.
type Hit struct {
	ID string
	// Score is how well it fits, 0…1, comparable between texts: whether the text is
	// for the document at all.
	Score float32
	// Likely is how likely it is the one that is meant, of all that were found, 0…1:
	// by this they are ordered.
	Likely float32
	// Coverage is the share of what the text, or its best part, says that the
	// document explains, 0…1.
	Coverage float32
}

// word is a concept of a query.
type word struct {
	concept  int32 // unknown
	quality  float32
	info     float32 // see entry
	weight   float32
	sentence int32
}

// scratch is what a search needs beside the index. It is used again.
type scratch struct {
	text, layout, latin, sound []byte
	tokens                     []token
	stems                      []byte // of the tokens
	sentence                   int32
	repairs                    int
	habit                      int     // the way in which the text's Latin letters are read
	shared                     []uint8 // trigrams, by term
	near                       []int32

	words     []word
	documents []found
	touched   []int32 // documents found in the window
	all       []int32 // documents found in any window
	group     uint32  // the word at work, of all windows
	row       []word  // those that the model reads
	features  []feature
	odds      []float32 // the model's, by document
	foreign   bool      // the text is of another trade's matter
	aside     bool      // it may be
}

// found is what a document has earned.
type found struct {
	group           uint32 // the last word that it was found by
	touched         bool
	share, coverage float32 // of the window
	own             bool    // it explains what is aside for others
	best            Hit     // of all windows; Score 0: none
	belongs         float32 // what is left for a matter that is not the document's
	whole           float32
}

func newScratch(x *Index) *scratch {
	return &scratch{documents: make([]found, len(x.ids)), odds: make([]float32, len(x.ids))}
}

// grown returns a slice of zeros of at least that length; s has zeros alone.
func grown(s []uint8, n int) []uint8 {
	if len(s) < n {
		return make([]uint8, n)
	}
	return s
}

// Search returns the documents that fit the text best, at most limit, the best
// first. Its time is bounded whatever the text is.
func (x *Index) Search(text string, limit int) []Hit {
	s := x.pool.Get().(*scratch) //nolint:forcetypeassert // the pool's own
	defer x.pool.Put(s)
	reader{x.lexicon, false}.read(s, text)
	x.understand(s)
	x.windows(s)
	if x.model != nil {
		x.model.judge(x.model.read(x, s, false), s.odds)
	}
	return x.best(s, limit)
}

// understand makes concepts of the words.
func (x *Index) understand(s *scratch) {
	s.words = s.words[:0]
	foreign, electric := false, false
	s.aside = false
	for row := s.tokens; len(row) > 0; {
		w := word{
			concept: unknown, quality: row[0].quality, info: unknownInfo, weight: unknownWeight, sentence: row[0].sentence,
		}
		n := 1
		if row[0].term != unknown {
			w.concept, n = x.lexicon.match(row)
			for _, t := range row[1:max(n, 1)] {
				w.quality = min(w.quality, t.quality)
			}
			if n == 0 {
				w.concept, n = x.lexicon.terms[row[0].term].concept, 1
			}
			role := x.lexicon.terms[w.concept].role
			foreign = foreign || role&roleForeign != 0
			s.aside = s.aside || role&roleAside != 0
			electric = electric || role&roleElectric != 0
			w.info, w.weight = x.entries[w.concept].info, x.entries[w.concept].weight
			if row[0].number {
				w.info *= numberPart
				w.weight *= numberPart
			}
		} else if row[0].number {
			w.info = 0
		}
		if w.info > 0 {
			s.words = append(s.words, w)
		}
		row = row[n:]
	}
	s.foreign = foreign && !electric
	s.aside = s.aside && !electric
}

// windows scores the text as a whole and in parts: sentences, neighbouring
// sentences together, stretches of long ones.
func (x *Index) windows(s *scratch) {
	s.all = s.all[:0]
	n := len(s.words)
	if n == 0 {
		return
	}
	sentences := s.words[n-1].sentence != s.words[0].sentence
	if n <= shortText {
		x.window(s, s.words, 1, true)
	} else {
		x.window(s, s.words, partOfLonger, true)
	}
	if !sentences && n <= shortText {
		return
	}
	left := mostWindows
	before := 0
	for i := 0; i < n && left > 0; {
		j := i
		for j < n && s.words[j].sentence == s.words[i].sentence {
			j++
		}
		switch {
		case j-i > windowWords+windowStep:
			for k := i; k < j && left > 0; k += windowStep {
				x.window(s, s.words[k:min(k+windowWords, j)], partOfLonger, false)
				left--
			}
		default:
			x.window(s, s.words[i:j], partOfLonger, false)
			left--
			if i > 0 && j-before <= windowWords+windowStep {
				x.window(s, s.words[before:j], partOfLonger, false)
				left--
			}
		}
		before, i = i, j
	}
}

// window scores one part of the text.
func (x *Index) window(s *scratch, words []word, part float32, all bool) {
	s.touched = s.touched[:0]
	var total, weight float32
	for i := range words {
		w := &words[i]
		if repeats(words[:i], w.concept) {
			continue
		}
		total += w.info
		weight += w.weight
		if w.concept == unknown {
			continue
		}
		isAside := s.aside && x.lexicon.terms[w.concept].role&roleAside != 0
		s.group++
		x.earn(s, w, w.concept, w.quality, isAside)
		for _, r := range x.entries[w.concept].related {
			x.earn(s, w, r.concept, w.quality*r.weight, false)
		}
	}
	if total == 0 {
		return
	}
	for _, id := range s.touched {
		d := &s.documents[id]
		coverage := d.coverage / weight
		score := d.share / total
		score *= d.coverage / (d.coverage + thinness) * part
		score *= 1 - uncovered*(1-coverage)
		belongs := float32(1)
		if !x.other[id] && (s.foreign || s.aside && !d.own) {
			belongs = 1 - foreignLoss
		}
		score = min(score*belongs, 1)
		if all {
			d.whole = score
		}
		if score > 0 && d.best.Score == 0 { // what scores nothing is not found
			s.all = append(s.all, id)
		}
		if score > d.best.Score {
			d.best = Hit{ID: x.ids[id], Score: score, Coverage: coverage}
			d.belongs = belongs
		}
		d.touched, d.share, d.coverage, d.own = false, 0, 0, false
	}
}

func repeats(before []word, concept int32) bool {
	for i := range before {
		if before[i].concept == concept && concept != unknown {
			return true
		}
	}
	return false
}

// earn gives the documents that use a concept their share, unless
// the word at work has already found them by a better one.
func (x *Index) earn(s *scratch, w *word, concept int32, quality float32, aside bool) {
	e := &x.entries[concept]
	for _, p := range e.documents {
		d := &s.documents[p.document]
		if d.group == s.group {
			continue
		}
		d.group = s.group
		if !d.touched {
			d.touched = true
			s.touched = append(s.touched, p.document)
		}
		d.share += w.info * quality * p.share
		d.coverage += w.weight * quality * p.credit
		d.own = d.own || aside && p.credit == strong
	}
}

// best takes the best documents out of the scratch and leaves it clean.
func (x *Index) best(s *scratch, limit int) []Hit {
	hits := make([]Hit, 0, min(limit, len(s.all)))
	var all float32
	for _, id := range s.all {
		d := &s.documents[id]
		h := d.best
		h.Score = (1-whole)*h.Score + whole*d.whole
		h.Likely = h.Score
		if x.model != nil {
			odds := s.odds[id]
			h.Likely = float32(math.Pow(float64(odds+leastOdds), modesty)) * (h.Score + leastWords)
			odds *= d.belongs
			if !x.other[id] {
				odds *= 1 - unexplained*(1-min(h.Coverage, 1))
			}
			h.Score = (1-learned)*h.Score + learned*odds
		}
		all += h.Likely
		*d = found{group: d.group}
		i := len(hits)
		for i > 0 && (hits[i-1].Likely < h.Likely || hits[i-1].Likely == h.Likely && hits[i-1].ID > h.ID) {
			i--
		}
		switch {
		case len(hits) < limit:
			hits = append(hits, Hit{})
		case i >= limit:
			continue
		}
		copy(hits[i+1:], hits[i:])
		hits[i] = h
	}
	for i := range hits {
		hits[i].Likely /= all
	}
	return hits
}
