package detect

import (
	"strconv"
	"unicode/utf8"
)

// tail reads what follows a street: houses, blocks, flats, each with its word or
// bare. It returns the numbers and the end, i if there is nothing.
func (s *scan) tail(i int) (numbers []string, to int) {
	to = i
	at := i
	if s.at(at).sign(":") && s.at(at+1).is == digits { // «ул. Мира: 3, 5, 7»
		at++
	}
	// bare is how many numbers stood without a word: a house, a block, a flat.
	for bare := 0; ; {
		at = s.overSigns(at)
		if s.at(at).line && at > i && s.at(at-1).line {
			return numbers, to
		}
		if w := s.at(at); to > i && w.is == word && (w.has(mine) || adjective(w.norm) && w.roles == 0) && s.at(at+1).has(house) { // «нежилое помещение 3»
			at++
		}
		t := s.at(at)
		end, norm := 0, t.norm
		switch {
		case t.has(house):
			end, norm = s.housePart(at, to > i)
			bare = max(bare, 1)
		case to > i && t.has(inner) && !t.has(place) && s.at(at+1).is == digits && !s.counts(at+1): // «д 3 п 1 кв 14»
			end, norm = at+2, ""
		case t.has(ordinal | numeral):
			if end, norm = s.ordinalHouse(at, to > i), ""; end == 0 && to > i {
				end, norm = s.saidNext(at)
			}
		case t.is != digits || len(t.norm) > 4 || yearLike(t) || s.quantity(at):
		case s.flatAfter(at, to > i) > 0:
			end = s.flatAfter(at, to > i)
			bare = max(bare, 1)
		case bare == 0 || bare < 4 && s.another(at):
			end = s.houseLetter(at + 1)
			bare++
		}
		if end == 0 {
			return numbers, to
		}
		if norm != "" {
			numbers = append(numbers, norm)
		}
		to, at = end, end
	}
}

// another reports whether the number at token i goes on with an address that has
// begun: «5, 7 и 9», «5/12», «5 12».
func (s *scan) another(i int) bool {
	before := s.at(i - 1)
	return before.is == sign || before.has(and) || before.is == digits && len(s.at(i).norm) <= 3 && !s.at(i).glued
}

// overSigns passes what stands between the parts of an address: signs, «и», and
// the «в» of «на площади Труда в доме 6».
func (s *scan) overSigns(i int) int {
	for n := 0; n < 3 && (s.at(i).sign(",;(«\"-–—/\\|№") || s.at(i).has(and)); n++ {
		i++
	}
	if s.at(i).has(house) && s.at(i+1).has(house) && s.at(i+2).is == digits { // «дом 2 общежитие комната 318»
		i++
	}
	if s.at(i).has(number) && s.at(i+1).is == digits { // «дом 12, номер 45»
		i++
	}
	if s.at(i).has(inside) && (s.at(i+1).has(ordinal) || s.flatAfter(i+1, false) > 0 || s.at(i+1).has(house) && s.at(i+2).is == digits) {
		i++
	}
	return i
}

// housePart reads «д. 5», «кв. № 12», «дом двадцать», and, in an address that
// has begun, «корп. Б». It returns 0 if token i begins none.
func (s *scan) housePart(i int, begun bool) (end int, norm string) {
	next := s.overKind(i)
	if end, norm = s.houseNumber(next); end > next && !s.counts(end-1) {
		return s.houseLetter(end), norm
	}
	if begun && s.at(next).has(ordinal) && (s.ends(next+1) || s.at(next+1).has(house)) { // «подъезд третий»
		return next + 1, ""
	}
	if begun && s.at(next).is == word && utf8.RuneCountInString(s.at(next).norm) == 1 {
		if s.at(next+1).is == digits && s.at(next+1).glued { // «литер Б1»
			next++
		}
		return s.closeQuote(next + 1), ""
	}
	return 0, ""
}

// overKind returns what follows the word for a part of an address at token i: «№ 5» of
// «кв. № 5», «Дом: 5», «дом - 5».
func (s *scan) overKind(i int) int {
	next := i + 1
	for s.at(next).sign(".№#«\":") || s.at(next).has(number) || s.at(next).sign("-–—") && !s.at(i).has(vague) {
		next++
	}
	return next
}

// counts reports whether the number at i is a quantity, is a day, or counts what is in a
// house: «в доме 2 подъезда», «в квартире 3 комнаты».
func (s *scan) counts(i int) bool {
	next, after := s.at(i+1), s.at(i+2)
	if s.suffix(i+2) && utf8.RuneCountInString(after.norm) > 1 { // «квартиру 12-го продала»
		return true
	}
	return s.quantity(i) || !next.line && known.in("counted", next.norm) && after.is != digits && !after.sign("№")
}

// quantity reports whether the number at i counts something, tells a time or
// begins a sum: no house is meant.
func (s *scan) quantity(i int) bool {
	next, after := s.at(i+1), s.at(i+2)
	figures := after.is == digits && after.glued
	switch {
	case next.is == digits: // «12 340»
		return !next.line && len(next.norm) == 3 && len(s.at(i).norm) <= 3
	case next.is == sign:
		return next.glued && (next.sign("₽%") || next.sign(":") && figures ||
			next.sign(",.") && figures && len(after.norm) == 2 && (len(s.at(i).norm) > 2 || s.compared(i)) ||
			next.sign(".") && figures && s.at(i+3).sign(".") && s.at(i+3).glued && s.at(i+4).is == digits && s.at(i+4).glued) // «3.14.2», «12.05.2025»
	}
	if s.voltage(i + 1) {
		return true
	}
	litera := utf8.RuneCountInString(next.norm) == 1 && !next.has(letterR) && (next.glued || after.has(house) && s.at(i+3).is == digits) // «12в», «5 а кв 12»
	return next.has(unit|month) && !next.line && !next.has(house|place) && !litera
}

// voltage reports whether token i is «кВ» and no flat: no number follows.
func (s *scan) voltage(i int) bool {
	if s.at(i).norm != known.letters("letters_volts") || s.at(i).line {
		return false
	}
	for i++; s.at(i).sign(".№«\":"); i++ {
	}
	return s.at(i).is != digits && !s.at(i).has(numeral|ordinal|number|mine)
}

// compared reports whether the house before the number at i is one of several, whose
// sum follows: «в таком же доме 41,90».
func (s *scan) compared(i int) bool {
	h, before := s.at(i-1), s.at(i-2)
	return h.has(house) && before.is == word && !before.has(place) && (before.has(plain) || adjective(before.norm))
}

// flatAfter returns the end of «31 квартира», «12-й квартире» at number i, or 0; in an
// address that has begun, of «4 этаж» as well.
func (s *scan) flatAfter(i int, begun bool) int {
	at := i + 1
	joined := s.suffix(at + 1)
	for n := 0; joined; n++ {
		at += 2
		if n == 4 || s.at(at+1).is != digits || !s.suffix(at+3) || !s.at(at).has(and) && !s.at(at).sign(",") { // «45-й и 46-й квартир»
			break
		}
		at += 2
	}
	t := s.at(at)
	meant := !t.has(vague) || t.has(atHome|flats) && joined || begun && len(t.norm) > 2*letter
	if t.line || !meant || !t.has(house) || !t.has(counted) || t.has(flats) && !joined {
		return 0
	}
	next := at + 1
	for s.at(next).sign("№.") {
		next++
	}
	short := len(t.norm) == 2*letter && t.has(counted) && !t.has(vague) // «54 кв» may be metres
	switch {
	case s.at(next).is != digits:
		if short && !begun && !(s.at(next).has(house) && s.at(next+1).is == digits) { // «45 кв. дома 12»
			return 0
		}
		return at + 1
	case s.at(next).line, !s.at(next + 1).has(house), s.at(s.overKind(next+1)).is == digits:
		return 0
	}
	return at + 1 // «12 дом 45 квартира»
}

// houseNumber reads a number of a house or flat at token i, in digits or words:
// «двадцать пять». It returns its end, or i.
func (s *scan) houseNumber(i int) (to int, norm string) {
	t := s.at(i)
	if t.is == digits && len(t.norm) <= 4 && t.norm[0] != '0' {
		return i + 1, t.norm
	}
	for to = i; to < i+3 && s.at(to).is == word && !s.at(to).line; to++ {
		if v, ok := known.spoken[s.at(to).norm]; !ok || v == 1 && to == i {
			break
		}
	}
	if end, counts, compound := s.saidPlace(i); compound && end > to { // «дом шестьдесят первый»
		return end, strconv.Itoa(counts)
	}
	_, norm = s.spoken(i, to)
	return to, norm
}

// houseLetter returns the end of a house's letter after its number: «12а»,
// «2 «б»», «12-А».
func (s *scan) houseLetter(i int) int {
	at := i
	for n := 0; n < 2 && (s.at(at).sign("«\"-") && (s.at(at).glued || s.at(at).sign("«\""))); n++ {
		at++
	}
	t := s.at(at)
	if s.at(at+1).is == digits && s.at(at+1).glued && t.is == word && t.glued { // «11к3», «3с1»
		if !t.has(house) && utf8.RuneCountInString(t.norm) == 1 && at == i && !t.line {
			return at + 2
		}
		return i
	}
	if letterAlone := t.is == word && utf8.RuneCountInString(t.norm) == 1 && !t.has(house|place) && !t.line; letterAlone && (s.at(at+1).has(house) && s.at(at+2).is == digits || at == i && s.ends(at+1) && (t.capital || s.at(at+2).has(house)) || at == i && !t.has(unit) && s.numbered(at+1)) {
		return at + 1 // «5 а кв 12», «12 А, кв. 7», «3 б, 14»
	}
	if t.is == word && utf8.RuneCountInString(t.norm) == 1 && !t.line && (t.glued || at > i || t.capital && !t.has(house)) &&
		!(t.has(place|plain) && !t.glued) && (!s.at(at+1).sign("/") || s.at(at+2).is == digits) {
		return s.closeQuote(at + 1)
	}
	return i
}
