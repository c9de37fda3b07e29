package detect

import (
	"slices"
	"strings"

	"okoshko/core/privacy"
)

// Author is what the house knows of the one whose letter it is: his own words
// are looked for in every case form, and what they find is certain
// (domain.md §3.5, step 3). Empty fields are unknown.
type Author struct {
	Names []privacy.PersonName
	// Addresses stand as somebody wrote them: «Старогорск, ул. Садовая, 5-12».
	Addresses []privacy.Text
	Homes     []Home
	Phones    []privacy.Phone
	Emails    []privacy.Email
	// Accounts, Contracts and Meters are numbers as they are printed.
	Accounts  []privacy.Text
	Contracts []privacy.Text
	Meters    []privacy.Text
}

// Home is a house and a flat, "" for none, as the register of accounts keeps them.
type Home struct{ House, Flat privacy.Text }

// With returns what both know of one author.
func (a Author) With(b Author) Author {
	return Author{
		Names: slices.Concat(a.Names, b.Names), Addresses: slices.Concat(a.Addresses, b.Addresses),
		Homes:  slices.Concat(a.Homes, b.Homes),
		Phones: slices.Concat(a.Phones, b.Phones), Emails: slices.Concat(a.Emails, b.Emails),
		Accounts: slices.Concat(a.Accounts, b.Accounts), Contracts: slices.Concat(a.Contracts, b.Contracts), Meters: slices.Concat(a.Meters, b.Meters),
	}
}

// Allow is what a text may say although it looks personal: the supplier's own
// and public things (domain.md §3.3).
type Allow struct {
	Phones    []string // in any form
	Emails    []string // mailboxes, or domains with all theirs: "@sesk.example"
	Addresses []string // of offices, with the house: "ул. Садовая, 14"
	Places    []Place  // of offices
	Pages     []string // of the company in social networks: "https://vk.com/sesk"
	Names     []string // companies, products, places called after people; any case form
}

// Detector finds personal data in letters. It is safe for concurrent use.
type Detector struct {
	phones    map[string]bool // last ten digits
	emails    map[string]bool // in the looks of tokens
	pages     []string        // in the looks of tokens, from the network's name on
	nicks     map[string]bool // the last parts of pages
	addresses map[string]bool // their keys
	places    []Place
	names     [][]string // phrases in normal looks
}

// New returns a detector that leaves what allow holds.
func New(allow Allow) *Detector {
	d := &Detector{places: allow.Places, phones: map[string]bool{}, emails: map[string]bool{}, nicks: map[string]bool{}, addresses: map[string]bool{}}
	for _, p := range allow.Phones {
		d.phones[lastDigits(onlyDigits(p))] = true
	}
	for _, e := range allow.Emails {
		d.emails[looks(e)] = true
	}
	for _, p := range allow.Pages {
		d.allowPage(p)
	}
	for _, a := range allow.Addresses {
		s := newScan(&Detector{}, a, Author{})
		for i := range s.tokens {
			if found, ok := s.address(i); ok && found.key != "" {
				d.addresses[found.key] = true
				break
			}
		}
	}
	for _, n := range allow.Names {
		var phrase []string
		for _, t := range tokenize(n) {
			if t.is != sign {
				phrase = append(phrase, t.norm)
			}
		}
		if len(phrase) > 0 {
			d.names = append(d.names, phrase)
		}
	}
	// The longest first, so that a short one does not cut it.
	slices.SortStableFunc(d.names, func(a, b []string) int { return len(b) - len(a) })
	return d
}

// Find returns what in text, a letter of author's or an answer to him, tells of
// a person: in the order of the text, not overlapping. It reads text as it
// stands: Finding's places are its bytes. Redact(text, Find(text)) has nothing
// left to find.
func (d *Detector) Find(text string, author Author) []Finding {
	s := newScan(d, text, author)
	for before := -1; before < len(s.found); {
		before = len(s.found)
		s.pass()
	}
	slices.SortFunc(s.found, func(a, b Finding) int { return a.Start - b.Start })
	return s.found
}

// scan is one reading of one letter.
type scan struct {
	d      *Detector
	tokens []token
	own    own
	found  []Finding
	// run, part and around are used again for every run of numbers.
	run, part figures
	around    around
	scratch   []byte
}

func newScan(d *Detector, text string, author Author) *scan {
	s := &scan{d: d, tokens: tokenize(text), own: ownOf(author)}
	s.own.recognise(s.tokens)
	annotate(s.tokens)
	return s
}

// pass runs every rule once over what is not yet found. The order matters: what
// has a form of its own goes before what is told by its words.
func (s *scan) pass() {
	annotate(s.tokens)
	s.allowNames()
	s.mailboxes()
	s.shaped()
	s.papers()
	s.passports()
	s.dates()
	s.runs()
	s.spokenNumbers()
	s.addresses()
	s.names()
	s.longNumbers()
	s.compact()
}

// mark makes tokens [from, to) a finding.
func (s *scan) mark(from, to int, kind Kind, certain bool) {
	for i := from; i < to; i++ {
		t := &s.tokens[i]
		certain = certain || t.ownName || t.ownStreet
		t.is = barrier
	}
	s.found = append(s.found, Finding{Start: s.tokens[from].start, End: s.tokens[to-1].end, Kind: kind, Certain: certain})
}

// pass over tokens [from, to): they are known, and nobody's.
func (s *scan) leave(from, to int) {
	for i := from; i < to; i++ {
		s.tokens[i].is = barrier
	}
}

// compact makes one token of each finding, as it stands in the redacted text.
func (s *scan) compact() {
	ends := make(map[int]int, len(s.found))
	for _, f := range s.found {
		ends[f.Start] = f.End
	}
	out := s.tokens[:0]
	for i := 0; i < len(s.tokens); i++ {
		t := s.tokens[i]
		if end, ok := ends[t.start]; ok {
			for i+1 < len(s.tokens) && s.tokens[i+1].start < end {
				i++
			}
			t.end = end
		}
		out = append(out, t)
	}
	s.tokens = out
}

// allowNames takes the allowed phrases away, in any case form.
func (s *scan) allowNames() {
	for i := range s.tokens {
		for _, phrase := range s.d.names {
			if to := s.phraseAt(i, phrase); to > 0 {
				s.leave(i, to)
				break
			}
		}
	}
}

func (s *scan) phraseAt(i int, phrase []string) int {
	for n, w := range phrase {
		for n > 0 && i < len(s.tokens) && s.tokens[i].is == sign && s.tokens[i].sign("«»\"-–— ") {
			i++
		}
		if i >= len(s.tokens) || s.tokens[i].is != word && s.tokens[i].is != digits || !sameWord(s.tokens[i].norm, w) {
			return 0
		}
		i++
	}
	return i
}

// at returns the token i, or a barrier outside the letter.
func (s *scan) at(i int) *token {
	if i < 0 || i >= len(s.tokens) {
		return &outside
	}
	return &s.tokens[i]
}

var outside = token{is: barrier, line: true}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// lastDigits returns a phone's number without the country's: 8 and +7 are one.
func lastDigits(number string) string {
	const national = 10
	return number[max(0, len(number)-national):]
}
