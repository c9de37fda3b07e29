package detect

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The words the detector knows; each file tells its own format.
var (
	//go:embed words.txt
	wordsFile string
	//go:embed names.txt
	namesFile string
	//go:embed surnames.txt
	surnamesFile string
	//go:embed marks.txt
	marksFile string
)

// roles is a set of what a word may be for the rules.
type roles uint64

// The roles of words.txt, in one order with roleNames.
const (
	account roles = 1 << iota
	bank
	card
	passport
	snils
	inn
	ogrn
	meter
	phone
	contract
	reading
	plate
	index
	birth
	number
	unit
	month
	street
	village
	fellowship
	house
	vague
	ordinal
	address
	town
	place
	joins
	lead
	call
	kinship
	at
	dot
	site
	plain
	born
	year
	letterR
	issued
	inner
	atHome
	flats
	counted
	byNumber
	calledAfter
	along
	away
	inside
	and
	said
	short
	caseNumber
)

// letter is the length of a Russian letter in bytes.
const letter = 2

var roleNames = strings.Fields(`account bank card passport snils inn ogrn meter phone contract reading plate
	index birth number unit month street village fellowship house vague ordinal address town place joins
	lead call kinship at dot site plain born year letter_r issued inner athome flats counted bynumber
	named along away inside and said short case`)

// owners are the roles that say what a number belongs to.
const owners = account | bank | card | passport | snils | inn | ogrn | meter | phone | contract | reading

// kin is a set of what a word may be in a person's name.
type kin uint8

const (
	first        kin = 1 << iota // a first name, whatever its case
	firstWeak                    // a first name and another word
	firstPair                    // a first name only beside another part
	patronymic                   // «Петровна»
	surname                      // by its ending
	surnameWeak                  // by an ending that other words have as well
	surnameKnown                 // by the list
	adopted                      // a neighbour that its place makes a part
)

type lexicon struct {
	words    map[string]roles
	prefixes map[string]roles
	stems    map[string]roles // of all case forms
	lengths  []int            // of the prefixes and stems, in bytes
	spoken   map[string]int
	names    map[string]kin
	// endings are the surnames' by their text; the longest is at most 8 letters.
	endings map[string]kin
	// fathers are what patronymics begin with: «петр», «алексе».
	fathers map[string]bool
	// lists are the endings, letters and pairs of words.txt by their sort.
	lists map[string][]string
	// cases and patronymics are endings for looking up: of a patronymic, whether
	// any father will do.
	cases       map[string]bool
	patronymics map[string]bool
	forms       map[rune][]string // of first names, by their last letter
	cyrillic    *strings.Replacer // writes a passport's letters in Russian
	marks       [kinds]string
}

var known = readLexicon()

func readLexicon() *lexicon {
	x := &lexicon{
		words: map[string]roles{}, prefixes: map[string]roles{}, stems: map[string]roles{}, spoken: map[string]int{},
		names: map[string]kin{}, endings: map[string]kin{}, fathers: map[string]bool{},
		lists: map[string][]string{}, cases: map[string]bool{"": true}, patronymics: map[string]bool{}, forms: map[rune][]string{},
	}
	eachLine(wordsFile, x.addWords)
	x.arrange()
	eachLine(namesFile, x.addNames)
	eachLine(surnamesFile, x.addSurnames)
	eachLine(marksFile, func(sort string, list []string) {
		x.marks[slices.Index(kindNames[:], sort)] = strings.Join(list, " ")
	})
	for _, set := range []map[string]roles{x.prefixes, x.stems} {
		for prefix := range set {
			if !slices.Contains(x.lengths, len(prefix)) {
				x.lengths = append(x.lengths, len(prefix))
			}
		}
	}
	slices.Sort(x.lengths)
	return x
}

func eachLine(file string, add func(sort string, list []string)) {
	for line := range strings.Lines(file) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] != "#" {
			add(fields[0], fields[1:])
		}
	}
}

func (x *lexicon) addWords(sort string, list []string) {
	switch {
	case sort == "forms":
		last, _ := utf8.DecodeRuneInString(list[0])
		x.forms[last] = list[1:]
		return
	case sort == "latin", strings.HasPrefix(sort, "ending_"), strings.HasPrefix(sort, "letters_"):
		x.lists[sort] = append(x.lists[sort], list...)
		return
	case sort == "spoken":
		for i := 0; i+1 < len(list); i += 2 {
			value, err := strconv.Atoi(list[i+1])
			if err != nil {
				panic(fmt.Sprintf("words.txt: %s has no value", list[i]))
			}
			x.spoken[list[i]] = value
		}
		return
	}
	at := slices.Index(roleNames, sort)
	if at < 0 {
		panic("words.txt: unknown role " + sort)
	}
	for _, w := range list {
		if prefix, ok := strings.CutSuffix(w, "*"); ok {
			x.prefixes[prefix] |= 1 << at
		} else if stem, ok := strings.CutSuffix(w, "+"); ok {
			x.stems[stem] |= 1 << at
		} else {
			x.words[w] |= 1 << at
		}
	}
}

func (x *lexicon) addNames(sort string, list []string) {
	as := map[string]kin{"strong": first, "weak": firstWeak, "pair": firstPair, "form": first, "vocative": firstWeak}[sort]
	if as == 0 {
		panic("names.txt: unknown sort " + sort)
	}
	for _, name := range list {
		if sort == "form" || sort == "vocative" {
			x.names[name] |= as
			continue
		}
		for _, form := range x.caseForms(name) {
			x.names[form] |= as
		}
		x.fathers[x.fatherOf(name)] = true
	}
}

func (x *lexicon) addSurnames(sort string, list []string) {
	if sort == "word" {
		for _, name := range list {
			for _, form := range x.caseForms(name) {
				x.names[form] |= surnameKnown
			}
		}
		return
	}
	as := map[string]kin{"strong": surname, "weak": surnameWeak}[sort]
	stem, rest, ok := strings.Cut(list[0], "|")
	if as == 0 || !ok {
		panic("surnames.txt: not understood: " + sort + " " + list[0])
	}
	x.endings[stem+rest] |= as
	for _, ending := range list[1:] {
		x.endings[stem+ending] |= as
	}
}

// arrange makes of the lists what is looked up.
func (x *lexicon) arrange() {
	for _, e := range x.lists["ending_case"] {
		x.cases[e] = true
	}
	for _, e := range x.lists["ending_father"] {
		x.patronymics[e] = false
	}
	for _, e := range x.lists["ending_patronymic"] {
		x.patronymics[e] = true
	}
	x.cyrillic = strings.NewReplacer(x.lists["latin"]...)
}

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
		k |= x.endings[norm[i:]]
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
