package search

// How a word that is not known is mended. Shorter words have too many
// neighbours to be guessed at.
const (
	leastSound  = 4 // letters of a stem that is found by its sound
	leastMended = 5 // letters of a stem that is found by its trigrams
	twoTypos    = 8 // letters from which on two typos are forgiven
	longestWord = 32
	leastPart   = 4 // letters of either of two words run together, save for short common ones
)

// What is left of a word's weight when it had to be mended.
const (
	bySound   = 0.95
	bySplit   = 0.95
	byOneTypo = 0.95
	byTwo     = 0.7
	byRoot    = 0.5
)

// grams finds stems by the trigrams they share with another word.
type grams struct {
	lists map[uint32][]int32 // trigram → terms
}

// gramsOf calls yield with the trigrams of a stem, its ends among them.
func gramsOf[S string | []byte](stem S, yield func(uint32)) {
	var window uint32
	for i := -1; i <= len(stem); i++ {
		c := byte('^')
		if i >= 0 && i < len(stem) {
			c = stem[i]
		}
		window = (window<<8 | uint32(c)) & 0xFFFFFF
		if i >= 1 {
			yield(window)
		}
	}
}

func (g *grams) add(id int32, stem string) {
	if g.lists == nil {
		g.lists = map[uint32][]int32{}
	}
	gramsOf(stem, func(gram uint32) {
		if list := g.lists[gram]; len(list) == 0 || list[len(list)-1] != id {
			g.lists[gram] = append(list, id)
		}
	})
}

// mended returns the known term that an unknown stem is most likely a typo of,
// and what is left of its weight; 0 if there is none.
func (l *lexicon) mended(w []byte, s *scratch) (id int32, quality float32) {
	if len(w) < leastMended || len(w) > longestWord {
		return 0, 0
	}
	s.shared = grown(s.shared, len(l.terms))
	s.near = s.near[:0]
	gramsOf(w, func(gram uint32) {
		for _, id := range l.grams.lists[gram] {
			if s.shared[id] == 0 {
				s.near = append(s.near, id)
			}
			s.shared[id]++
		}
	})
	most := 1
	if len(w) >= twoTypos {
		most = 2
	}
	var best float32
	for _, near := range s.near {
		shared := int(s.shared[near])
		s.shared[near] = 0
		t := &l.terms[near]
		// Each typo spoils three trigrams at most.
		if isRussian(t.stem[0]) != isRussian(w[0]) || shared+3*most < max(len(w), len(t.stem)) {
			continue
		}
		var q float32
		switch d := distance(w, t.stem, most); {
		case d <= 1:
			q = byOneTypo
		case d <= most:
			q = byTwo
		case isKin(len(w), len(t.stem), shares(w, t.stem)):
			q = byRoot
		}
		if q > 0 && t.stem[0] != w[0] {
			q -= 0.15
		}
		if q > best || q == best && q > 0 && t.uses > l.terms[id].uses {
			id, best = near, q
		}
	}
	return id, best
}

// distance is the number of typos between two words (Damerau, neighbours
// swapped once at most): letters left out, put in, replaced, swapped. Beyond
// most it returns most+1.
func distance(a []byte, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	var rows [3][longestWord + 2]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = uint8(j) //nolint:gosec // longestWord
	}
	for i := 1; i <= len(a); i++ {
		row[0] = uint8(i) //nolint:gosec // longestWord
		least := row[0]
		for j := 1; j <= len(b); j++ {
			d := last[j-1]
			if a[i-1] != b[j-1] {
				d = min(d, last[j], row[j-1]) + 1
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d = min(d, before[j-2]+1)
				}
			}
			row[j] = d
			least = min(least, d)
		}
		if int(least) > most {
			return most + 1
		}
		before, last, row = last, row, before
	}
	return min(int(last[len(b)]), most+1)
}

// bySounding returns the term that an unknown stem sounds like.
func (l *lexicon) bySounding(w []byte, s *scratch) (int32, bool) {
	if len(w) < leastSound {
		return 0, false
	}
	s.sound = sound(s.sound[:0], w)
	list := l.sounds[string(s.sound)]
	if len(list) == 0 {
		return 0, false
	}
	return list[0], true
}

// parted finds two known words of which an unknown one was run together. A
// short first one must be followed by a long one: too many words begin with it.
func (l *lexicon) parted(w []byte) (at int, ok bool) {
	if len(w) > longestWord {
		return 0, false
	}
	for i := 2; i+leastPart <= len(w); i++ {
		first, ok := l.ids[string(stem(w[:i]))]
		if !ok || len(l.terms[first].stem) < 2 {
			continue
		}
		least := leastPart
		if i < leastPart {
			if l.terms[first].role&(roleStop|roleOrdinary) == 0 {
				continue
			}
			if l.terms[first].role&roleStop == 0 {
				least++
			}
		}
		if len(w)-i < least {
			continue
		}
		second, ok := l.ids[string(stem(w[i:]))]
		if ok && l.terms[second].role&(roleStop|roleOrdinary) == 0 {
			return i, true
		}
	}
	return 0, false
}
