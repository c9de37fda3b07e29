package detect

import "strings"

// adultYear is the first year of birth that is not taken for one without a word
// that says so: dates of this century's life of a meter are everywhere.
const adultYear = 2011

// dates finds dates and years of birth and leaves other full dates, so that no
// rule takes them for numbers.
func (s *scan) dates() {
	for i := range s.tokens {
		if s.at(i).is != digits {
			continue
		}
		to, of, ok := s.date(i)
		if !ok {
			to, of, ok = s.isoDate(i)
		}
		if ok {
			switch {
			case s.bornAt(i, to):
				s.mark(i, to, Birth, true)
			case of >= 1900 && of < adultYear && !s.issued(i):
				s.mark(i, to, Birth, false)
			default:
				s.leave(i, to)
			}
			continue
		}
		s.birthYear(i)
	}
}

// isoDate reads «1962-04-03» from token i on.
func (s *scan) isoDate(i int) (to, of int, ok bool) {
	m, d := s.at(i+2), s.at(i+4)
	if !yearLike(s.at(i)) || !s.sequence(i, 4, "-", 2, "-", 2) || value(m.norm) > 12 || value(d.norm) > 31 {
		return 0, 0, false
	}
	return i + 5, value(s.at(i).norm), true
}

// date reads «03.04.1962», «3/4/62», «3 апреля 1962» from token i on.
func (s *scan) date(i int) (to, of int, ok bool) {
	day := s.at(i)
	if len(day.norm) > 2 || value(day.norm) < 1 || value(day.norm) > 31 {
		return 0, 0, false
	}
	if s.at(i+1).has(month) && yearLike(s.at(i+2)) {
		return i + 3, value(s.at(i + 2).norm), true
	}
	sep, m, y := s.at(i+1), s.at(i+2), s.at(i+4)
	if !sep.sign("./-") || m.is != digits || len(m.norm) > 2 || value(m.norm) < 1 || value(m.norm) > 12 ||
		s.at(i+3).is != sign || s.at(i+3).norm != sep.norm || y.is != digits ||
		!yearLike(y) && (len(y.norm) != 2 || sep.norm != "." || !y.glued) {
		return 0, 0, false
	}
	if s.at(i+5).sign("-") && s.at(i+5).glued && s.at(i+6).is == digits {
		return 0, 0, false
	}
	return i + 5, value(y.norm), true
}

func yearLike(t *token) bool {
	return t.is == digits && len(t.norm) == 4 && (strings.HasPrefix(t.norm, "19") || strings.HasPrefix(t.norm, "20"))
}

// bornAt reports whether words around tokens [from, to) speak of a birth.
func (s *scan) bornAt(from, to int) bool {
	for n := range 4 {
		t := s.at(to + n)
		if t == &outside || t.is == digits || t.sign("!?;") || t.line {
			break
		}
		if t.has(birth) || t.has(born) || t.has(year) && s.at(to+n+1).sign(".") && s.at(to+n+2).has(letterR) {
			return true
		}
	}
	for n := 1; n <= 4; n++ {
		t := s.at(from - n)
		if t == &outside || t.is == digits || t.sign("!?;") {
			return false
		}
		if t.has(birth) {
			return true
		}
	}
	return false
}

// issued reports whether a paper was given on the date before which it stands.
func (s *scan) issued(i int) bool {
	for n := 1; n <= 6; n++ {
		if s.at(i - n).has(issued) {
			return true
		}
	}
	return false
}

// birthYear finds «1948 г.р.», and the first one of «1950 и 1952 г.р.».
func (s *scan) birthYear(i int) {
	if !yearLike(s.at(i)) {
		return
	}
	if s.bornAt(i, i+1) {
		s.mark(i, i+1, Birth, true)
		return
	}
	for n := i + 1; n <= i+4; n++ {
		if yearLike(s.at(n)) && s.bornAt(n, n+1) {
			s.mark(i, i+1, Birth, true)
			return
		}
	}
}
