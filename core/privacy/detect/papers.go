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

// lettered reads a few capitals and six or seven digits, after a word for a paper:
// «удостоверение В № 1204487», «серия РМ-12 № 604518». By its form alone one of two
// capitals and seven digits is likely, a licence with its region or a foreign passport:
// «99 АА 1840027», «FA 1284507».
func (s *scan) lettered(i int) (from, to int, certain bool) {
	t := s.at(i)
	letters := utf8.RuneCountInString(t.norm)
	if !seriesWord(t, 4) || t.has(number) {
		return 0, 0, false
	}
	next := i + 1
	if part := s.at(i + 2); s.at(next).sign("-–") && part.glued && (seriesWord(part, 3) || part.is == digits && len(part.norm) <= 4) {
		next += 2
	}
	if to = s.paperNumber(next); to == 0 {
		return 0, 0, false
	}
	from = i
	region := s.at(i - 1)
	if region.is == digits && len(region.norm) == 2 && !t.line {
		from--
	}
	certain = s.before(from, owners) == passport
	if !certain && (letters != 2 || next > i+1 || len(s.at(to-1).norm) != 7 || from == i && !t.latin) {
		return 0, 0, false
	}
	return from, to, certain
}

// paperNumber returns the end of six or seven digits at token i, a № or a hyphen
// before them or none, or 0.
func (s *scan) paperNumber(i int) int {
	if s.isNumberSign(i) || s.at(i).sign("-–") && s.at(i).glued && s.at(i+1).glued { // «МД-004417»
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

// seriesWord reports whether a word may be the series of a paper: a few capitals.
func seriesWord(t *token, most int) bool {
	n := utf8.RuneCountInString(t.norm)
	return t.is == word && n <= most && (t.caps || n == 1 && t.capital)
}

// passports finds series and number after a word for a person's paper. The two
// may stand in separate runs: «серия 4510 номер 123987».
func (s *scan) passports() {
	for i := range s.tokens {
		if !s.at(i).has(passport) {
			continue
		}
		for at := i + 1; at < i+10; at++ {
			t := s.at(at)
			if t == &outside || t.sign("!?;") || t.has(owners&^passport) {
				break
			}
			if t.is != digits {
				continue
			}
			if to, ok := s.seriesAndNumber(at); ok {
				s.mark(at, to, Document, true)
			}
			break
		}
	}
}

// seriesAndNumber reads four digits and six, in any parts and with a № between,
// or two and seven, as passports for journeys have them.
func (s *scan) seriesAndNumber(at int) (to int, ok bool) {
	total := 0
	for to = at; to < at+12; to++ {
		t := s.at(to)
		switch {
		case t.is == digits && total+len(t.norm) <= 10:
			last := total
			total += len(t.norm)
			if total == 10 || last == 2 && total == 9 {
				return to + 1, !s.at(to+1).glued || s.at(to+1).is != digits
			}
		case t.sign(",.-/:№#") || t.has(number) || t.has(passport):
		default:
			return to, false
		}
	}
	return to, false
}

// policyFigures finds the sixteen digits of a policy of health insurance.
func policyFigures(f *figures, c *around) (verdict, bool) {
	return verdict{kind: Document, certain: true}, len(f.digits) == 16 && c.owner&passport != 0
}
