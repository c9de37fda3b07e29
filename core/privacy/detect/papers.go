package detect

import (
	"strings"
	"unicode/utf8"
)

// papers finds numbers of a person's papers that begin with letters: certificates of
// the civil registry, licences, foreign passports, findings of disability.
func (s *scan) papers() {
	for i := range s.tokens {
		if to := s.certificate(i); to > 0 {
			s.mark(i, to, Document, true)
		} else if from, to, certain := s.lettered(i); to > 0 {
			s.mark(from, to, Document, certain)
		}
	}
}

// certificate returns the end of one of the civil registry's, «II-АР № 604512», or of a
// commission's finding with its year, «МСЭ-2019 № 1180273», at token i, or 0: no other
// number has such a form.
func (s *scan) certificate(i int) int {
	t, second := s.at(i), s.at(i+2)
	if !s.at(i+1).sign("-–") || !second.glued {
		return 0
	}
	civil := roman(t) && second.is == word && second.caps && utf8.RuneCountInString(second.norm) == 2
	finding := t.is == word && t.caps && utf8.RuneCountInString(t.norm) == 3 && second.is == digits && len(second.norm) == 4 && s.at(i+3).sign("№")
	if to := s.paperNumber(i + 3); civil || finding {
		return to
	}
	return 0
}

// lettered reads one or two capitals and six or seven digits, after a word for a paper:
// «удостоверение В № 1204487»; by its form alone a paper of two capitals and seven digits
// is likely, a licence with its region or a foreign passport: «99 АА 1840027», «FA 1284507».
func (s *scan) lettered(i int) (from, to int, certain bool) {
	t := s.at(i)
	letters := utf8.RuneCountInString(t.norm)
	if t.is != word || !t.capital || letters > 2 || letters == 2 && !t.caps {
		return 0, 0, false
	}
	if to = s.paperNumber(i + 1); to == 0 {
		return 0, 0, false
	}
	from = i
	region := s.at(i - 1)
	if region.is == digits && len(region.norm) == 2 && !t.line {
		from--
	}
	certain = s.before(from, owners) == passport
	if !certain && (letters < 2 || len(s.at(to-1).norm) != 7 || from == i && !t.latin) {
		return 0, 0, false
	}
	return from, to, certain
}

// paperNumber returns the end of six or seven digits at token i, a № before them or
// none, or 0.
func (s *scan) paperNumber(i int) int {
	if s.at(i).sign("№") {
		i++
	}
	t := s.at(i)
	if t.is != digits || len(t.norm) < 6 || len(t.norm) > 7 || t.line || s.at(i+1).glued && s.at(i+1).is == digits {
		return 0
	}
	return i + 1
}

// roman reports whether a word counts in Roman numerals.
func roman(t *token) bool {
	return t.is == word && t.capital && t.latin && strings.Trim(t.norm, "ivx") == ""
}
