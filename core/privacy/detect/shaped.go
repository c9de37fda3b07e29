package detect

import (
	"strings"
	"unicode/utf8"
)

// shaped finds numbers that have a form of their own.
func (s *scan) shaped() {
	for i := range s.tokens {
		switch t := s.at(i); {
		case t.is == barrier:
		case s.appealNumber(i), s.cadastral(i), s.unifiedAccount(i), s.numberPlate(i), s.contractForm(i), s.meterForm(i), s.coordinates(i):
		case t.has(contract):
			s.contractAfter(i)
		}
	}
}

// sequence reports whether the tokens from i on are what forms says, glued to
// each other: a number of digits, or the letter a for a word, or a sign.
func (s *scan) sequence(i int, forms ...any) bool {
	for n, form := range forms {
		t := s.at(i + n)
		if n > 0 && !t.glued {
			return false
		}
		switch f := form.(type) {
		case int:
			if t.is != digits || len(t.norm) != f {
				return false
			}
		case string:
			if !t.sign(f) {
				return false
			}
		}
	}
	return true
}

// appealNumber leaves the numbers of appeals, «ОБ-2026-000123»: they are ours.
func (s *scan) appealNumber(i int) bool {
	if t := s.at(i); !t.has(caseNumber) || !s.at(i+1).glued || !s.sequence(i+1, "-", 4, "-", 6) {
		return false
	}
	s.leave(i, i+5)
	return true
}

// cadastral finds «66:41:0204016:1187».
func (s *scan) cadastral(i int) bool {
	if !s.sequence(i, 2, ":", 2, ":") || s.at(i+4).is != digits || len(s.at(i+4).norm) < 6 || len(s.at(i+4).norm) > 7 ||
		!s.at(i+4).glued || !s.at(i+5).sign(":") || s.at(i+6).is != digits {
		return false
	}
	s.mark(i, i+7, Address, true)
	return true
}

// unifiedAccount finds the ЕЛС of ГИС ЖКХ and what grows from it:
// «75АА533315», «75АА533315-01».
func (s *scan) unifiedAccount(i int) bool {
	letters := s.at(i + 1)
	if s.at(i).is != digits || len(s.at(i).norm) != 2 || letters.is != word || !letters.glued ||
		utf8.RuneCountInString(letters.norm) != 2 || !s.sequence(i+1, nil, 6) {
		return false
	}
	to := i + 3
	for s.at(to).sign("-") && s.at(to).glued && s.at(to+1).is == digits && s.at(to+1).glued {
		to += 2
	}
	s.mark(i, to, Account, true)
	return true
}

// numberPlate finds «А123ВС77» and «А 123 ВС 77», and without the region where a
// vehicle is spoken of.
func (s *scan) numberPlate(i int) bool {
	a, n, b, region := s.at(i), s.at(i+1), s.at(i+2), s.at(i+3)
	if !plateWord(a, 1) || n.is != digits || len(n.norm) != 3 || !plateWord(b, 2) || n.line || b.line {
		return false
	}
	glued := n.glued && b.glued
	if !glued && !(a.capital && b.caps) {
		return false
	}
	if region.is == digits && !region.line && (len(region.norm) == 2 || len(region.norm) == 3) {
		s.mark(i, i+4, Plate, true)
		return true
	}
	if s.before(i, plate) != 0 {
		s.mark(i, i+3, Plate, false)
		return true
	}
	return false
}

func plateWord(t *token, letters int) bool {
	return t.is == word && utf8.RuneCountInString(t.norm) == letters &&
		strings.IndexFunc(t.norm, func(r rune) bool { return !strings.ContainsRune(known.letters("letters_plate"), r) }) < 0
}

// contractForm finds letters, a dash, a number, a stroke and a number, as the
// house's contracts are, «ЭС-0123/26», wherever they stand.
func (s *scan) contractForm(i int) bool {
	t := s.at(i)
	if t.is != word || !t.capital || utf8.RuneCountInString(t.norm) > 6 || s.at(i).glued && s.at(i-1).is == word ||
		!s.at(i+1).glued || !s.at(i+1).sign("-–—") || s.at(i+2).is != digits || !s.at(i+2).glued || len(s.at(i+2).norm) < 2 ||
		!s.at(i+3).sign("/") || !s.at(i+3).glued || s.at(i+4).is != digits || !s.at(i+4).glued || len(s.at(i+4).norm) < 2 {
		return false
	}
	s.mark(i, i+5, Contract, true)
	return true
}

// contractAfter finds the number that a contract is named by: after a №, or one
// that holds a dash or a stroke.
func (s *scan) contractAfter(i int) {
	at, numbered := i+1, false
	for n := 0; n < 3 && (s.isNumberSign(at) || s.at(at).sign(":.№#") || s.at(at).has(plain) && s.isNumberSign(at+1)); n++ {
		numbered = numbered || s.isNumberSign(at)
		at++
	}
	to, figures, joints := at, 0, 0
	for t := s.at(to); (t.is == word || t.is == digits || t.sign("-/–")) && (to == at || t.glued); t = s.at(to) {
		if t.is == digits {
			figures += len(t.norm)
		}
		if t.is == sign {
			joints++
		}
		to++
	}
	for to > at && s.at(to-1).is == sign {
		to--
	}
	long := to > at && s.at(to-1).end-s.at(at).start >= len("1/26")
	switch {
	case s.at(at).is == sign || figures == 0 || !long:
	case numbered || joints > 0 && figures > 2 || figures > 5:
		s.mark(at, to, Contract, true)
	}
}

// isNumberSign reports whether token i says that a number follows.
func (s *scan) isNumberSign(i int) bool { return s.at(i).sign("№#") || s.at(i).has(number) }

// before returns which of the wanted roles the nearest word before token i has
// that has any: up to six words and twenty signs and numbers back, not over a
// sentence's end.
func (s *scan) before(i int, wanted roles) roles {
	for words, at := 0, i; words < 6 && i-at < 26; {
		if s.at(at).opens && at < i || s.at(at-1).sign("!?;") {
			return 0
		}
		at--
		t := s.at(at)
		if t == &outside {
			return 0
		}
		if t.is == word {
			words++
			if got := t.roles & wanted; got != 0 {
				return got
			}
		}
	}
	return 0
}

// meterForm finds a meter's number that holds letters, after a №: «№ ЕМ-1234567»,
// «зав. № С1Б 204518».
func (s *scan) meterForm(i int) bool {
	if !s.at(i).has(meter|number) && !s.isNumberSign(i) || s.before(i+1, owners)&meter == 0 {
		return false
	}
	at := i + 1
	for s.at(at).sign(":.№#") || s.at(at).has(number) {
		at++
	}
	first := s.at(at)
	if at == i+1 && !s.isNumberSign(i) || !seriesWord(first, 3) || first.has(number) {
		return false
	}
	to, figures := at, 0
	for t := s.at(to); seriesWord(t, 3) || t.is == digits || t.sign("-/–"); t = s.at(to) {
		if to > at && !t.glued && (t.is != digits || len(t.norm) < 5 || figures > 4) {
			break
		}
		if t.is == digits {
			figures += len(t.norm)
		}
		to++
	}
	for s.at(to-1).is == sign {
		to--
	}
	if figures < 5 {
		return false
	}
	s.mark(at, to, Meter, true)
	return true
}

// publicFigures leaves what stands after a word for a number that is public, a
// bank's, a norm's, and returns how many groups it took: «БИК 043601607», «ГОСТ Р
// 55706-2013».
func (s *scan) publicFigures() int {
	groups := s.run.groups
	at := groups[0] - 1
	for n := 0; n < 3 && (s.at(at).sign(":№-–") || s.at(at).has(letterR)); n++ {
		at--
	}
	if !s.at(at).has(public) {
		return 0
	}
	n := 1
	for n < len(groups) && s.at(groups[n]).glued && s.at(groups[n]-1).glued {
		n++
	}
	s.leave(groups[0], groups[n-1]+1)
	return n
}
