package detect

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

// adultYear is the first year of birth that is not taken for one without a word
// that says so: dates of this century's life of a meter are everywhere.
const adultYear = 2011

// century stands for a year that was written as 00.
const century = 100

// dates finds dates and years of birth, in words as well, and leaves other full
// dates, so that no rule takes them for numbers.
func (s *scan) dates() {
	for i := range s.tokens {
		if t := s.at(i); t.is != digits && !t.has(numeral|ordinal|thousand) {
			continue
		}
		to, of, ok := s.date(i)
		if !ok {
			to, of, ok = s.isoDate(i)
		}
		switch {
		case !ok:
			s.birthYear(i)
		case of > 0 && s.bornAt(i, to):
			s.mark(i, to, Birth, true)
		case s.turnsAt(i, to):
			s.mark(i, to, Birth, of >= 1900 && of < adultYear || of > 30 && of < 100)
		case of == 0 && s.bornBeside(i, to), of >= 1900 && s.personAt(i-1), of >= 1900 && of < adultYear && !s.issued(i):
			s.mark(i, to, Birth, false)
		case of >= 1000, of > 0 && s.at(i+2).is == digits: // not «ул. 9-го Января»
			s.leave(i, to)
		}
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

// date reads «03.04.1962», «3/4/62», «3 апреля 1962», «третьего мая пятьдесят
// второго года», «3 мая» from token i on: its end and its year, as it was said, 0
// for none.
func (s *scan) date(i int) (to, of int, ok bool) {
	if at := s.dayOfMonth(i); at > i && s.at(at).has(month) && !s.at(at).line {
		to, of = s.yearOf(at + 1)
		return to, of, true
	}
	day := s.at(i)
	if day.is != digits || len(day.norm) > 2 || value(day.norm) < 1 || value(day.norm) > 31 {
		return 0, 0, false
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
	return i + 5, cmp.Or(value(y.norm), century), true
}

func yearLike(t *token) bool {
	return t.is == digits && len(t.norm) == 4 && (strings.HasPrefix(t.norm, "19") || strings.HasPrefix(t.norm, "20"))
}

// dayOfMonth returns the end of a day at token i, «3», «3-го», «двадцать третьего»,
// or i.
func (s *scan) dayOfMonth(i int) int {
	t := s.at(i)
	if t.is == digits {
		if len(t.norm) > 2 || value(t.norm) < 1 || value(t.norm) > 31 {
			return i
		}
		return s.overEnding(i + 1)
	}
	tens := 0
	if t.has(numeral) && known.spoken[t.norm]%10 == 0 {
		tens = known.spoken[t.norm]
		i++
	}
	day := s.saidOrdinal(i)
	if day == 0 || tens > 0 && (day > 9 || tens > 30) || tens+day > 31 {
		return i - min(tens, 1)
	}
	return i + 1
}

// overEnding returns the end of a number's ending at token i, «-го», «-м», or i.
func (s *scan) overEnding(i int) int {
	if t := s.at(i + 1); s.at(i).sign("-") && s.at(i).glued && t.is == word && t.glued && utf8.RuneCountInString(t.norm) <= 3 {
		return i + 2
	}
	return i
}

// yearOf reads the year of a date that goes on at token i: its end, i if there is
// none, and the year as it was said.
func (s *scan) yearOf(i int) (to, of int) {
	t := s.at(i)
	switch {
	case yearLike(t), t.is == digits && len(t.norm) == 2 && !t.line && s.at(i+1).has(year):
		return i + 1, value(t.norm)
	}
	return s.saidYear(i)
}

// born reports whether token i speaks of a birth; Christmas does not.
func (s *scan) born(i int) bool { return s.at(i).has(birth) && !s.at(i).has(plain) }

// bornAt reports whether words around tokens [from, to) speak of a birth.
func (s *scan) bornAt(from, to int) bool {
	for n := range 5 {
		t := s.at(to + n)
		if t == &outside || t.is == digits || t.sign("!?;") || t.line {
			break
		}
		if s.born(to+n) || t.has(born) || t.has(year) && s.at(to+n+1).sign(".") && s.at(to+n+2).has(letterR) {
			return true
		}
	}
	for n := 1; n <= 4; n++ {
		t := s.at(from - n)
		if t == &outside || t.is == digits || t.sign("!?;") {
			return false
		}
		if s.born(from - n) {
			return true
		}
	}
	return false
}

// bornBeside reports whether the words next to tokens [from, to), a day without its
// year, speak of a birth: «день рождения мужа — третьего мая».
func (s *scan) bornBeside(from, to int) bool {
	before := from - 1
	for n := 0; n < 3 && (s.at(before).sign(":—–-") || s.at(before).has(place|lead)); n++ {
		before--
	}
	return s.born(before) || s.born(to) && !s.at(to).line || s.born(to+1) && !s.at(to+1).line && !s.at(to).line
}

// personAt reports whether token i ends somebody's name: «дети: Амир 02.04.2013».
func (s *scan) personAt(i int) bool {
	t := s.at(i)
	return t.capital && t.kin&(first|firstWeak|patronymic) != 0 && !s.at(i+1).line
}

// turnsAt reports whether somebody turns so many years old at the date of tokens
// [from, to): «мне 03.05.52 исполнилось», «сыну исполнится 18 лет 3 мая». A meter
// does so as well.
func (s *scan) turnsAt(from, to int) bool {
	turning, somebody := false, false
	for n := range 8 {
		i := from - n - 1
		if n > 3 {
			i = to + n - 4
		}
		turning = turning || s.at(i).has(turns)
		somebody = somebody || s.at(i).has(whose|lead)
	}
	return turning && somebody
}

// issued reports whether the date at token i is a paper's or a thing's: «поверка
// 12.04.2005», «от 12.04.2005».
func (s *scan) issued(i int) bool {
	if s.at(i - 1).has(away) {
		return true
	}
	for n := 1; n <= 6; n++ {
		if s.at(i - n).has(issued) {
			return true
		}
	}
	return false
}

// birthYear finds «1948 г.р.», «сорок восьмого года рождения», and the first one of
// «1950 и 1952 г.р.». Of two digits it wants the words next to them.
func (s *scan) birthYear(i int) {
	to, of := s.yearOf(i)
	if t := s.at(i); t.is == digits && len(t.norm) == 2 {
		to, of = s.overEnding(i+1), value(t.norm)
	}
	switch {
	case of == 0:
	case of >= 1000 && s.bornAt(i, to), of < 1000 && s.bornIn(i, to):
		s.mark(i, to, Birth, true)
	case yearLike(s.at(i)):
		for n := i + 1; n <= i+4; n++ {
			if yearLike(s.at(n)) && s.bornAt(n, n+1) {
				s.mark(i, to, Birth, true)
				return
			}
		}
	}
}

// bornIn reports whether tokens [from, to) are a year of birth without its century:
// «52 года рождения», «52 г.р.», «родилась в пятьдесят втором году».
func (s *scan) bornIn(from, to int) bool {
	next := s.at(to)
	if next.line {
		return false
	}
	if next.has(ofBirth) {
		return true
	}
	said := false // before it, up to three words away
	for n := 1; n <= 4 && s.at(from-n).is == word; n++ {
		said = said || s.born(from-n)
	}
	if !next.has(year) {
		return said && s.at(from-1).has(place) && s.at(from).is == word && !next.has(house)
	}
	after := to + 1
	if s.at(after).sign(".") {
		after++
	}
	if s.at(after).has(ofBirth) || after > to+1 && s.at(after).has(letterR) {
		return true
	}
	in := endsInU(next.norm) || len(next.norm) == letter // «в 52 году», «в 52 г.», but not «в 21 год»
	return in && (said || s.born(after))
}
