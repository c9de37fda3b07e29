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
	numeral // of the spoken ones
	thousand
	turns
	whose
	ofBirth
	zone
	signSaid
	messenger
	common
	compass
	namesake
	public
	mine
)

// letter is the length of a Russian letter in bytes.
const letter = 2

var roleNames = strings.Fields(`account bank card passport snils inn ogrn meter phone contract reading plate
	index birth number unit month street village fellowship house vague ordinal address town place joins
	lead call kinship at dot site plain born year letter_r issued inner athome flats counted bynumber
	named along away inside and said short case numeral thousand turns whose of_birth zone sign messenger
	common compass namesake public mine`)

// owners are the roles that say what a number belongs to.
const owners = account | bank | card | passport | snils | inn | ogrn | meter | phone | contract | reading

// kin is a set of what a word may be in a person's name.
type kin uint16

const (
	first        kin = 1 << iota // a first name, whatever its case
	firstWeak                    // a first name and another word
	firstPair                    // a first name only beside another part
	patronymic                   // «Петровна»
	surname                      // by its ending
	surnameWeak                  // by an ending that other words have as well
	surnameKnown                 // by the list
	eastern                      // a surname of one syllable and nothing else: «Цой»
	petOwned                     // of one called by a pet name: «колькин»
)

// wordSet is a list of words that few rules ask for, so that it needs no role: words as
// they are, and stems of all case forms.
type wordSet struct{ words, stems map[string]bool }

type lexicon struct {
	words    map[string]roles
	prefixes map[string]roles
	stems    map[string]roles // of all case forms
	lengths  []int            // of the prefixes and stems, in bytes
	spoken   map[string]int
	ordinals map[string]int // by their stems
	names    map[string]kin
	// endings are the surnames' by their text; the longest is at most 8 letters.
	endings map[string]kin
	// fathers are what patronymics begin with: «петр», «алексе».
	fathers map[string]bool
	// pets are what belongs to a pet name begins with: «кольк», of «колькин».
	pets map[string]bool
	// streets are names that streets have in every town: «ленина», «садовой».
	streets map[string]bool
	sets    map[string]wordSet
	// idioms are two words that only look like a name: «роза ветров».
	idioms map[string]bool
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
		words: map[string]roles{}, prefixes: map[string]roles{}, stems: map[string]roles{}, spoken: map[string]int{}, ordinals: map[string]int{},
		pets: map[string]bool{}, idioms: map[string]bool{}, streets: map[string]bool{}, sets: map[string]wordSet{}, names: map[string]kin{}, endings: map[string]kin{}, fathers: map[string]bool{},
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
	case sort == "street_name":
		for _, w := range list {
			x.addStreet(w)
		}
		return
	case strings.HasPrefix(sort, "set_"):
		x.addSet(sort[len("set_"):], list)
		return
	case sort == "spoken":
		for w, value := range valuesOf(list) {
			x.spoken[w] = value
			x.words[w] |= numeral
		}
		return
	case sort == "ordinal":
		for stem, value := range valuesOf(list) {
			x.ordinals[stem] = value
			x.stems[stem] |= ordinal
		}
		return
	}
	at := slices.Index(roleNames, sort)
	if at < 0 {
		panic("words.txt: unknown role " + sort)
	}
	for _, w := range list {
		w = asTokens(w)
		if prefix, ok := strings.CutSuffix(w, "*"); ok {
			x.prefixes[prefix] |= 1 << at
		} else if stem, ok := strings.CutSuffix(w, "+"); ok {
			x.stems[stem] |= 1 << at
		} else {
			x.words[w] |= 1 << at
		}
	}
}

// valuesOf reads pairs of a word and its value.
func valuesOf(list []string) map[string]int {
	values := make(map[string]int, len(list)/2)
	for i := 0; i+1 < len(list); i += 2 {
		value, err := strconv.Atoi(list[i+1])
		if err != nil {
			panic(fmt.Sprintf("words.txt: %s has no value", list[i]))
		}
		values[list[i]] = value
	}
	return values
}

func (x *lexicon) addNames(sort string, list []string) {
	as := map[string]kin{
		"strong": first, "pet": first, "weak": firstWeak, "pair": firstPair, "form": first, "vocative": firstWeak, "patronymic": patronymic,
	}[sort]
	switch {
	case sort == "idiom":
		for _, form := range x.caseForms(list[0]) {
			x.idioms[form+" "+list[1]] = true
		}
		return
	case as == 0:
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
		switch sort {
		case "pet":
			_, size := utf8.DecodeLastRuneInString(name)
			x.pets[name[:len(name)-size]] = true
		case "patronymic":
		default:
			x.fathers[x.fatherOf(name)] = true
		}
	}
}

func (x *lexicon) addSurnames(sort string, list []string) {
	if as := map[string]kin{"word": surnameKnown, "eastern": surnameKnown | eastern}[sort]; as != 0 {
		for _, name := range list {
			for _, form := range x.caseForms(name) {
				x.names[form] |= as
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
	for _, e := range x.lists["ending_owned"] {
		x.endings[e] |= petOwned
	}
	x.cyrillic = strings.NewReplacer(x.lists["latin"]...)
}
