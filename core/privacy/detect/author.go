package detect

import (
	"slices"
	"strings"
	"unicode/utf8"

	"okoshko/core/privacy"
)

// own is an author's profile in the looks of tokens.
type own struct {
	names   []string
	homes   []home
	locals  []string // of mailboxes
	numbers []ownNumber
}

type ownNumber struct {
	digits string
	kind   Kind
}

// Mentions reports whether a word of a person's name stands in a text, in any case
// form: of who is called «Игорь Петров», «Игорем» as well as «петрову».
func Mentions(text string, name privacy.PersonName) bool {
	o := ownOf(Author{Names: []privacy.PersonName{name}})
	tokens := tokenize(text)
	o.recognise(tokens)
	return slices.ContainsFunc(tokens, func(t token) bool { return t.ownName })
}

func ownOf(a Author) (o own) {
	for _, n := range a.Names {
		o.names = append(o.names, wordsOf(n.Reveal(), 2)...)
	}
	for _, text := range a.Addresses {
		o.homes = append(o.homes, homesOf(text.Reveal())...)
	}
	for _, h := range a.Homes {
		o.homes = append(o.homes, home{house: looks(h.House.Reveal()), flat: looks(h.Flat.Reveal())})
	}
	for _, p := range a.Phones {
		o.add(Phone, lastDigits(onlyDigits(p.Reveal())))
	}
	// In one order: a number that is two things at once is always the same one.
	for _, list := range []struct {
		kind    Kind
		numbers []privacy.Text
	}{{Account, a.Accounts}, {Contract, a.Contracts}, {Meter, a.Meters}} {
		for _, n := range list.numbers {
			o.add(list.kind, onlyDigits(n.Reveal()))
		}
	}
	for _, e := range a.Emails {
		if local, _, ok := strings.Cut(e.Reveal(), "@"); ok && len(local) > 3 {
			// One of letters that all look Russian is read as a word: «mama».
			if local = looks(local); strings.ContainsFunc(local, func(r rune) bool { return r < utf8.RuneSelf }) {
				o.locals = append(o.locals, local)
			}
		}
	}
	return o
}

// looks returns a text as its tokens look, in one piece.
func looks(s string) string {
	var out strings.Builder
	for _, t := range tokenize(s) {
		out.WriteString(t.norm)
	}
	return out.String()
}

// add takes a number of the author's; one of a few digits would be found
// everywhere.
func (o *own) add(kind Kind, number string) {
	if len(number) >= 5 {
		o.numbers = append(o.numbers, ownNumber{number, kind})
	}
}

// kindOf returns what of the author's a number is. The last digits of his phone
// tell as much as all of them.
func (o *own) kindOf(number string) (Kind, bool) {
	for _, n := range o.numbers {
		if number == n.digits || n.kind == Phone && len(number) >= 6 &&
			(strings.HasSuffix(n.digits, number) || len(number) == 11 && number[1:] == n.digits) {
			return n.kind, true
		}
	}
	return 0, false
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
		t.ownStreet = slices.ContainsFunc(o.homes, func(h home) bool { return ownWord(t, h.words) })
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
