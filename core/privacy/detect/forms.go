package detect

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ends reports whether a word has one of a list's endings after two letters at
// least.
func (x *lexicon) ends(norm, list string) bool {
	for _, ending := range x.lists[list] {
		if strings.HasSuffix(norm, ending) && len(norm) >= len(ending)+2*letter {
			return true
		}
	}
	return false
}

// letters returns a list of single letters.
func (x *lexicon) letters(list string) string { return x.lists[list][0] }

// caseForms returns all forms of a name in the singular, and a few that it does
// not have: nobody declines names as grammars do.
func (x *lexicon) caseForms(name string) []string {
	last, size := utf8.DecodeLastRuneInString(name)
	stems := []string{name[:len(name)-size]}
	endings, ok := x.forms[last]
	if !ok {
		endings = x.forms['-']
		stems[0] = name
		if short := withoutVowel(x, name); short != "" {
			stems = append(stems, short)
		}
	}
	forms := []string{name}
	for _, stem := range stems {
		for _, ending := range endings {
			forms = append(forms, stem+ending)
		}
	}
	return forms
}

// withoutVowel returns a word whose last vowel flees in other cases, without it:
// «кравец», «кравц». It is empty if none flees.
func withoutVowel(x *lexicon, w string) string {
	last, size := utf8.DecodeLastRuneInString(w)
	stem := w[:len(w)-size]
	vowel, size := utf8.DecodeLastRuneInString(stem)
	if strings.ContainsRune(x.letters("letters_vowels"), last) || vowel != 'е' && vowel != 'о' || len(stem) < 2*letter {
		return ""
	}
	stem = stem[:len(stem)-size]
	if before, _ := utf8.DecodeLastRuneInString(stem); before == 'л' {
		stem += string('ь')
	}
	return stem + string(last)
}

// fatherOf is a first name without what its patronymic does not keep.
func (x *lexicon) fatherOf(name string) string {
	return strings.TrimRight(name, x.letters("letters_father"))
}

// rolesOf returns what a word in its normal looks may be.
func (x *lexicon) rolesOf(norm string) roles {
	r := x.words[norm]
	for _, n := range x.lengths {
		if n > len(norm) {
			break
		}
		r |= x.prefixes[norm[:n]]
		if len(norm)-n <= 3*letter && x.cases[norm[n:]] {
			r |= x.stems[norm[:n]]
		}
	}
	return r
}

// kinOf returns what a word in its normal looks may be in a name. Capital says
// that it was written with a capital, which lets unknown fathers pass.
func (x *lexicon) kinOf(norm string, capital bool) kin {
	k := x.names[norm]
	if k&(firstWeak|firstPair) != 0 {
		k &^= first
	}
	if x.patronymic(norm, capital) {
		k |= patronymic
	}
	// A surname has two letters at least before its ending.
	for n, i := 0, len(norm); n < 8; n++ {
		_, size := utf8.DecodeLastRuneInString(norm[:i])
		i -= size
		if i < 2*letter {
			break
		}
		e := x.endings[norm[i:]]
		if e&petOwned != 0 && !x.pets[norm[:i]] {
			e &^= petOwned
		}
		k |= e
	}
	return k
}

// patronymic reports whether a word is one: a known father's, or by its ending
// alone if it has a capital.
func (x *lexicon) patronymic(norm string, capital bool) bool {
	for i, n := len(norm), 0; n < 6; n++ {
		_, size := utf8.DecodeLastRuneInString(norm[:i])
		i -= size
		if i < 2*letter {
			return false
		}
		loose, ok := x.patronymics[norm[i:]]
		if ok && (loose && capital || x.fathers[x.fatherOf(norm[:i])]) {
			return true
		}
	}
	return false
}

// ordinalOf returns what an ordinal counts, «третьего» 3, or 0.
func (x *lexicon) ordinalOf(norm string) int {
	for _, ending := range x.lists["ending_ordinal"] {
		if stem, ok := strings.CutSuffix(norm, ending); ok && x.ordinals[stem] > 0 {
			return x.ordinals[stem]
		}
	}
	return 0
}

// addStreet takes a street's name, an adjective in all the case forms that are said of
// streets: the ending, then two that take its place.
func (x *lexicon) addStreet(name string) {
	x.streets[name] = true
	for of := range slices.Chunk(x.lists["ending_street"], 3) {
		if stem, ok := strings.CutSuffix(name, of[0]); ok {
			x.streets[stem+of[1]], x.streets[stem+of[2]] = true, true
		}
	}
}

func (x *lexicon) addSet(set string, list []string) {
	of, ok := x.sets[set]
	if !ok {
		of = wordSet{words: map[string]bool{}, stems: map[string]bool{}}
		x.sets[set] = of
	}
	for _, w := range list {
		if stem, ok := strings.CutSuffix(w, "+"); ok {
			of.stems[stem] = true
		} else {
			of.words[w] = true
		}
	}
}

// in reports whether a word is in a set, by itself or in a case form of one.
func (x *lexicon) in(set, norm string) bool {
	if x.sets[set].words[norm] {
		return true
	}
	stems := x.sets[set].stems
	for cut := len(norm); len(stems) > 0 && cut > letter && cut >= len(norm)-3*letter; cut -= letter {
		if stems[norm[:cut]] && x.cases[norm[cut:]] {
			return true
		}
	}
	return false
}
