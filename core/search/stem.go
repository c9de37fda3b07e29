package search

import (
	_ "embed"
	"slices"
)

//go:embed stem.txt
var stemFile string

// stems is stem.txt, read.
var stems = readStems(stemFile)

// ending is an ending of a group; after: it counts only after а or я.
type ending struct {
	text  string
	after bool
}

type stemTables struct {
	gerund, adjective, participle, reflexive, verb, noun, superlative, derivation []ending
	vowel                                                                         [256]bool
	a, ya, i, n, soft                                                             byte
	whole                                                                         map[string]bool // words that are not cut
}

func readStems(file string) *stemTables {
	t := &stemTables{whole: map[string]bool{}}
	groups := map[string]*[]ending{
		"gerund": &t.gerund, "adjective": &t.adjective, "participle": &t.participle, "reflexive": &t.reflexive,
		"verb": &t.verb, "noun": &t.noun, "superlative": &t.superlative, "derivation": &t.derivation,
	}
	for line := range lines(file) {
		name, list := line[0], line[1:]
		switch name {
		case "vowels":
			for _, v := range list {
				t.vowel[folded(v)[0]] = true
			}
			continue
		case "whole":
			for _, w := range list {
				t.whole[folded(w)] = true
			}
			continue
		case "letters":
			for i, to := range []*byte{&t.a, &t.ya, &t.i, &t.n, &t.soft} {
				*to = folded(list[i])[0]
			}
			continue
		}
		base, after := name, false
		if n := len(name) - len("_after"); n > 0 && name[n:] == "_after" {
			base, after = name[:n], true
		}
		group := groups[base]
		if group == nil {
			panic("stem.txt: unknown group " + name)
		}
		for _, text := range list {
			*group = append(*group, ending{folded(text), after})
		}
	}
	for _, group := range groups { // the longest is the one that counts
		slices.SortStableFunc(*group, func(a, b ending) int { return len(b.text) - len(a.text) })
	}
	return t
}

// leastStemmed is the length from which on words have endings: shorter ones are
// abbreviations (ЛК, СНТ, ИПУ) and forms that stand in the language files.
const leastStemmed = 4

// stem returns the beginning of a word that its forms share. It allocates
// nothing: the stem is the word, cut.
func stem(word []byte) []byte {
	if len(word) < leastStemmed {
		return word
	}
	if !isRussian(word[0]) {
		return stemEnglish(word)
	}
	t := stems
	if t.whole[string(word)] {
		return word
	}
	rv, r2 := t.regions(word)
	w := word
	if !cutEnding(&w, rv, t.gerund) {
		cutEnding(&w, rv, t.reflexive)
		if cutEnding(&w, rv, t.adjective) {
			cutEnding(&w, rv, t.participle)
		} else if !cutEnding(&w, rv, t.verb) {
			cutEnding(&w, rv, t.noun)
		}
	}
	if n := len(w); n > rv && w[n-1] == t.i {
		w = w[:n-1]
	}
	cutEnding(&w, max(rv, r2), t.derivation)
	switch n := len(w); {
	case cutEnding(&w, rv, t.superlative):
		w = t.single(w, rv)
	case n > rv && w[n-1] == t.soft:
		w = w[:n-1]
	default:
		w = t.single(w, rv)
	}
	return w
}

// single makes a double н at the end a single one.
func (t *stemTables) single(w []byte, rv int) []byte {
	if n := len(w); n-2 >= rv && w[n-1] == t.n && w[n-2] == t.n {
		return w[:n-1]
	}
	return w
}

// regions returns where endings may begin: RV after the first vowel, R2 after
// the second pair of a vowel and a consonant.
func (t *stemTables) regions(word []byte) (rv, r2 int) {
	n := len(word)
	i := 0
	past := func(vowel bool) {
		for i < n && t.vowel[word[i]] != vowel {
			i++
		}
		i = min(i+1, n)
	}
	past(true)
	rv = i
	past(false)
	past(true)
	past(false)
	return rv, i
}

// cutEnding cuts the longest ending of the group that begins at from or later.
// As in Snowball, no shorter one is tried where the longest does not count.
func cutEnding(w *[]byte, from int, group []ending) bool {
	for _, e := range group {
		at := len(*w) - len(e.text)
		if at < from || string((*w)[at:]) != e.text {
			continue
		}
		if e.after && (at <= from || (*w)[at-1] != stems.a && (*w)[at-1] != stems.ya) {
			return false
		}
		*w = (*w)[:at]
		return true
	}
	return false
}

// stemEnglish cuts the common endings of English words: few of our customers
// write English, and none of them much.
func stemEnglish(w []byte) []byte {
	cut := func(suffix string, keep int) bool {
		at := len(w) - len(suffix)
		if at < 3 || string(w[at:]) != suffix {
			return false
		}
		w = w[:at+keep]
		return true
	}
	switch {
	case cut("'s", 0), cut("ies", 0), cut("sses", 2), len(w) > 3 && w[len(w)-2] != 's' && w[len(w)-2] != 'u' && cut("s", 0):
	}
	switch {
	case cut("ing", 0), cut("ment", 0), cut("ied", 0), cut("ed", 0), cut("ly", 0):
		if n := len(w); n > 3 && w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' {
			w = w[:n-1]
		}
	}
	if !cut("y", 0) {
		cut("e", 0)
	}
	return w
}
