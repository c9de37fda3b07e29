package detect

import (
	"slices"
	"strings"
	"unicode/utf8"

	"okoshko/core/privacy"
)

// own is an author's profile in the looks of tokens.
type own struct {
	names       []string
	streets     []string
	house, flat string
	locals      []string // of mailboxes
	numbers     []ownNumber
}

type ownNumber struct {
	digits string
	kind   Kind
}

// Mentions reports whether a word of a person's name stands in a text, in any case
// form: of who is called «Игорь Петров», «Игорем» as well as «петрову».
func Mentions(text string, name privacy.PersonName) bool {
	o := ownOf(Author{Name: name})
	tokens := tokenize(text)
	o.recognise(tokens)
	return slices.ContainsFunc(tokens, func(t token) bool { return t.ownName })
}

func ownOf(a Author) own {
	o := own{house: firstNorm(a.House.Reveal()), flat: firstNorm(a.Flat.Reveal())}
	o.names = wordsOf(a.Name.Reveal(), 2)
	o.streets = wordsOf(a.Street.Reveal(), 3)
	for _, p := range a.Phones {
		o.add(Phone, lastDigits(onlyDigits(p.Reveal())))
	}
	for kind, list := range map[Kind][]privacy.Text{Account: a.Accounts, Contract: a.Contracts, Meter: a.Meters} {
		for _, n := range list {
			o.add(kind, onlyDigits(n.Reveal()))
		}
	}
	for _, e := range a.Emails {
		if local, _, ok := strings.Cut(e.Reveal(), "@"); ok && len(local) > 3 {
			o.locals = append(o.locals, strings.ToLower(local))
		}
	}
	return o
}

// add takes a number of the author's; one of a few digits would be found
// everywhere.
func (o *own) add(kind Kind, number string) {
	if len(number) >= 5 {
		o.numbers = append(o.numbers, ownNumber{number, kind})
	}
}

func firstNorm(s string) string {
	for _, t := range tokenize(s) {
		return t.norm
	}
	return ""
}

// wordsOf returns the words of least letters at least, and the forms whose
// vowel flees: «Павел», «Павл».
func wordsOf(s string, least int) []string {
	var list []string
	for _, t := range tokenize(s) {
		if t.is == word && utf8.RuneCountInString(t.norm) >= least && !t.has(joins) {
			list = append(list, t.norm)
			if short := withoutVowel(known, t.norm); short != "" {
				list = append(list, short)
			}
		}
	}
	return list
}

// recognise marks the author's words among tokens.
func (o *own) recognise(tokens []token) {
	for i := range tokens {
		t := &tokens[i]
		if t.is != word {
			continue
		}
		t.ownName = ownWord(t, o.names)
		t.ownStreet = ownWord(t, o.streets)
	}
}

func ownWord(t *token, list []string) bool {
	for _, w := range list {
		if t.norm == w || sameWord(t.norm, w) && (t.capital || len(w) > 4*letter || !t.has(plain)) {
			return true
		}
	}
	return false
}

// sameWord reports whether a and b, in normal looks, are case forms of one
// word: they differ in their endings alone.
func sameWord(a, b string) bool {
	if a == b {
		return true
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	// The endings may begin within what both share: «Садовая», «Садовую».
	for cut := 0; cut < 2 && n >= 2*letter; cut++ {
		if known.cases[a[n:]] && known.cases[b[n:]] {
			return true
		}
		_, size := utf8.DecodeLastRuneInString(a[:n])
		n -= size
	}
	return false
}
