package search

import (
	"bytes"
	"unicode/utf8"
)

// Limits of a text: what is longer is not read to the end, and only so many
// words are mended. They bound the time that a hostile text can cost.
const (
	longestText = 8192 // bytes as they come
	mostWords   = 1024
	mostMended  = 48
)

// token is a word of a text, as it was found.
type token struct {
	term     int32 // unknown where nothing is known
	quality  float32
	sentence int32
	number   bool
	stem     span // in scratch.stems; empty for a number
}

// span is a piece of a buffer.
type span struct{ from, to int32 }

const unknown = -1

// reader cuts texts into words. learns: unknown words become terms, and Latin
// letters are taken as they are.
type reader struct {
	*lexicon
	learns bool
}

// read puts the words of a text into s.tokens.
func (r reader) read(s *scratch, text string) {
	s.tokens, s.stems, s.sentence, s.repairs = s.tokens[:0], s.stems[:0], 0, 0
	if len(text) > longestText {
		text = text[:longestText]
		for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
	}
	s.text = fold(s.text[:0], text)
	if !r.learns {
		r.habits(s)
	}
	for rest := s.text; len(rest) > 0 && len(s.tokens) < mostWords; {
		if rest[0] == newline {
			s.sentence++
		}
		if rest[0] == newline || rest[0] == blank {
			rest = rest[1:]
			continue
		}
		n := bytes.IndexAny(rest, " \n")
		if n < 0 {
			n = len(rest)
		}
		r.chunk(s, rest[:n])
		rest = rest[n:]
	}
}

// chunk reads what stands between two blanks.
func (r reader) chunk(s *scratch, chunk []byte) {
	if bytes.IndexByte(chunk, '@') >= 0 || bytes.Contains(chunk, []byte("://")) {
		return // an address says nothing
	}
	latin, russian := scripts(chunk)
	if latin && russian {
		mendLookalikes(chunk)
		latin, _ = scripts(chunk)
	}
	if latin && !r.learns {
		chunk = r.reading(s, chunk)
	}
	r.words(s, chunk)
}

func scripts(chunk []byte) (latin, russian bool) {
	for _, c := range chunk {
		latin = latin || isLatin(c)
		russian = russian || isRussian(c)
	}
	return latin, russian
}

// run returns the end of the run of signs that begins at i and that is accepts.
func run(text []byte, i int, is func(byte) bool) int {
	for i < len(text) && is(text[i]) {
		i++
	}
	return i
}

// mendLookalikes makes Latin letters Russian in words that have letters of
// both, in place.
func mendLookalikes(chunk []byte) {
	for i := 0; i < len(chunk); {
		end := run(chunk, i, isLetter)
		if end == i {
			i++
			continue
		}
		word := chunk[i:end]
		latin, russian := scripts(word)
		mendable := latin && russian
		for _, c := range word {
			mendable = mendable && (isRussian(c) || letters.lookalike[c] != 0)
		}
		if mendable {
			for j, c := range word {
				if isLatin(c) {
					word[j] = letters.lookalike[c]
				}
			}
		}
		i = end
	}
}

// words adds the words of a chunk.
func (r reader) words(s *scratch, chunk []byte) {
	for i := 0; i < len(chunk) && len(s.tokens) < mostWords; {
		switch c := chunk[i]; {
		case isDigit(c):
			end := run(chunk, i, isDigit)
			r.number(s, chunk[i:end])
			i = end
		case isLetter(c):
			script := isRussian
			if isLatin(c) {
				script = isLatin
			}
			end := run(chunk, i, script)
			r.word(s, chunk[i:end])
			i = end
		default:
			if ends(chunk, i) {
				s.sentence++
			}
			i++
		}
	}
}

// ends reports whether the sign at i ends a sentence: a point inside a chunk
// does not.
func ends(chunk []byte, i int) bool {
	switch chunk[i] {
	case '!', '?', ';':
		return true
	case '.':
		return i+1 == len(chunk) || !isLetter(chunk[i+1]) && !isDigit(chunk[i+1])
	}
	return false
}

func (s *scratch) add(term int32, quality float32) {
	s.tokens = append(s.tokens, token{term: term, quality: quality, sentence: s.sentence})
}

// number adds a number, which counts only where documents speak of it.
func (r reader) number(s *scratch, digits []byte) {
	id, ok := r.ids[string(digits)]
	if !ok && r.learns && len(digits) <= longestWord {
		id, ok = r.lexicon.add(digits), true
	}
	if !ok {
		id = unknown
	}
	s.add(id, 1)
	s.tokens[len(s.tokens)-1].number = true
}

// word adds a word: as it is known, as it sounds, as two, or mended.
func (r reader) word(s *scratch, word []byte) {
	w := stem(word)
	if r.learns {
		id := r.lexicon.add(w)
		if !r.sealed {
			r.terms[id].uses++
		}
		s.add(id, 1)
		return
	}
	id, ok := r.ids[string(w)]
	if ok {
		s.addWord(w, id, 1)
		return
	}
	if id, ok = r.bySounding(w, s); ok {
		s.addWord(w, id, bySound)
		return
	}
	if at, ok := r.parted(word); ok {
		r.word(s, word[:at])
		r.word(s, word[at:])
		return
	}
	if s.repairs < mostMended {
		s.repairs++
		if id, quality := r.mended(w, s); quality > 0 {
			s.addWord(w, id, quality)
			return
		}
	}
	if len(word) > 1 {
		s.addWord(w, unknown, 1)
	}
}

// addWord adds a word with its stem as it was written.
func (s *scratch) addWord(stem []byte, term int32, quality float32) {
	from := int32(len(s.stems)) //nolint:gosec // longestText
	s.stems = append(s.stems, stem...)
	s.add(term, quality)
	s.tokens[len(s.tokens)-1].stem = span{from, int32(len(s.stems))} //nolint:gosec // longestText
}

// The ways to read a chunk with Latin letters.
const (
	asItIs = iota
	keyboard
	keyboardTrimmed // the sign at the end is a sign, no letter
	transliterated
	ways
)

// habit is what a text that is read the same way throughout adds to that way.
const habit = 0.25

// reading chooses how a chunk with Latin letters is read: as it is, through the
// other keyboard layout or as a transliteration. What holds most known letters
// wins; whoever began one way goes on.
func (r reader) reading(s *scratch, chunk []byte) []byte {
	alternatives := r.alternatives(s, chunk)
	best, most := 0, float32(0)
	for _, mending := range []bool{false, true} {
		for way, a := range alternatives {
			k := r.knows(s, a, mending)
			if k > 0 && (way == s.habit || way == keyboardTrimmed && s.habit == keyboard) {
				k += habit
			}
			if k > most {
				best, most = way, k
			}
		}
		if most >= enough {
			break
		}
	}
	return alternatives[best]
}

// alternatives are a chunk in all ways. They stand in the scratch.
func (r reader) alternatives(s *scratch, chunk []byte) [ways][]byte {
	trimmed := len(chunk)
	for trimmed > 0 && !isLetter(chunk[trimmed-1]) && !isDigit(chunk[trimmed-1]) {
		trimmed--
	}
	s.layout = s.layout[:0]
	for _, c := range chunk {
		if k := letters.keyboard[c]; k != 0 {
			c = k
		}
		s.layout = append(s.layout, c)
	}
	s.latin = rewritten(s.latin[:0], chunk, &letters.latin)
	return [ways][]byte{asItIs: chunk, keyboard: s.layout, keyboardTrimmed: s.layout[:trimmed], transliterated: s.latin}
}

// habits finds the way in which most of the text's Latin words are known.
func (r reader) habits(s *scratch) {
	var known [ways]float32
	for rest := s.text; len(rest) > 0; {
		chunk, after := cut(rest)
		rest = after
		if latin, russian := scripts(chunk); latin && !russian && len(chunk) <= longestWord {
			for way, a := range r.alternatives(s, chunk) {
				known[way] += float32(len(chunk)) * r.knows(s, a, false)
			}
		}
	}
	known[keyboard] = max(known[keyboard], known[keyboardTrimmed])
	s.habit = asItIs
	for way := range known {
		if known[way] > known[s.habit] {
			s.habit = way
		}
	}
}

// cut returns what stands before the first blank, and after it.
func cut(text []byte) (chunk, rest []byte) {
	n := bytes.IndexAny(text, " \n")
	if n < 0 {
		return text, nil
	}
	return text[:n], text[n+1:]
}

// enough of a chunk is known to read it so without mending its words first.
const enough = 0.6

// knows returns the share of a chunk's letters that stand in known words.
func (r reader) knows(s *scratch, chunk []byte, mending bool) float32 {
	var known, all float32
	for i := 0; i < len(chunk); {
		end := run(chunk, i, isLetter)
		if end == i {
			i++
			continue
		}
		word := chunk[i:end]
		n := float32(len(word))
		all += n
		w := stem(word)
		if _, ok := r.ids[string(w)]; ok {
			known += n
		} else if _, ok := r.bySounding(w, s); ok {
			known += n * bySound
		} else if mending && s.repairs < mostMended {
			s.repairs++
			_, quality := r.mended(w, s)
			known += n * quality * quality
		}
		i = end
	}
	if all == 0 {
		return 0
	}
	return known / all
}
