package detect

import "unicode/utf8"

// houseAlone reads a house, a flat, a plot without a street: «кв. 12», «12-я
// квартира», «дом № 5», and the author's «5-12».
func (s *scan) houseAlone(i int) (location, bool) {
	t := s.at(i)
	if to := s.neighbour(i); to > i {
		return location{from: i, to: to}, true
	}
	if t.is == digits {
		return s.numberAlone(i)
	}
	if to := s.ownPair(i); to > i {
		return location{from: i, to: to, certain: true}, true
	}
	if to := s.ordinalHouse(i, false); to > 0 {
		_, to = s.tail(to)
		return location{from: i, to: s.onStreet(to)}, true
	}
	if to := s.ownSaid(i); to > i {
		return location{from: i, to: to, certain: true}, true
	}
	if !t.has(house) || t.has(inner) {
		return location{}, false
	}
	if to := max(s.flatBeside(i), s.housesFromTo(i)); to > i {
		return location{from: i, to: to}, true
	}
	next := s.overKind(i)
	if s.at(next).has(mine) && next == i+1 { // «квартира моя сто сороковая»
		next++
	}
	end, norm := s.houseNumber(next)
	switch {
	case s.at(next - 1).has(mine):
		return location{from: next, to: end, certain: s.own.lives([]string{norm})}, end > next && !s.quantity(end-1) && s.ends(end)
	case end == next, s.counts(next), !s.meant(i, next):
		return location{}, false
	}
	numbers, to := s.tail(i)
	return location{from: i, to: s.onStreet(to), certain: s.own.lives(numbers)}, to > i
}

// meant reports whether the word at token i means a house, a flat, a plot whose number
// is token next, and nothing else that it is said of.
func (s *scan) meant(i, next int) bool {
	t, before := s.at(i), s.at(i-1)
	numbered := s.isNumberSign(next - 1)
	page := known.in("page", t.norm)
	switch {
	case t.has(atHome) && s.at(next).is == word: // «дома два»
		return false
	case before.is == digits && s.at(i+1).sign(":"): // «1 комната: 96»
		return false
	case yearLike(s.at(next)) && !numbered: // «в кв 2025»
		return false
	case before.is == word && known.in("measured", before.norm): // «площадь квартиры 54»
		return numbered
	case t.has(vague) || page:
		return numbered || s.anotherHouse(next+1) || !page && s.at(i+1).is == sign ||
			t.has(atHome) && known.in("of_house", before.norm) && !s.at(next+1).has(lead)
	}
	return true
}

// flatBeside returns the end of «квартира напротив, 32» at token i, or i.
func (s *scan) flatBeside(i int) int {
	at := i + 1
	if !known.in("beside", s.at(at).norm) {
		return i
	}
	if at++; s.at(at).sign(",") {
		at++
	}
	if n := s.at(at); n.is != digits || len(n.norm) > 3 || n.line || s.quantity(at) || !s.ends(at+1) {
		return i
	}
	return at + 1
}

// housesFromTo returns the end of «дома с 1 по 15» at token i, or i.
func (s *scan) housesFromTo(i int) int {
	at := i + 1
	for n := range 2 {
		prep, from := s.at(at), s.at(at+1)
		if !prep.has(place) || n == 0 != prep.has(away) || n == 1 != prep.has(along) || from.is != digits || len(from.norm) > 3 || from.line {
			return i
		}
		if at += 2; s.suffix(at + 1) {
			at += 2
		}
	}
	if s.counts(at - 1) {
		return i
	}
	return at
}

// numberAlone reads an address that begins with the number at token i.
func (s *scan) numberAlone(i int) (location, bool) {
	if to := s.ownPair(i); to > i {
		return location{from: i, to: to, certain: true}, true
	}
	flat := s.flatAfter(i, false)
	if flat == 0 || s.at(i-1).has(house) {
		return location{}, false
	}
	numbers, to := s.tail(flat)
	return location{from: i, to: s.onStreet(to), certain: s.own.lives(append(numbers, s.at(i).norm))}, true
}

// onStreet returns the end of a street that follows a house which ends before
// token i, «дома 18 на Энергетиков», «домов 3 и 5 по ул. Мира», or i.
func (s *scan) onStreet(i int) int {
	next := i
	if s.at(next).sign(",") {
		next++
	}
	if !s.at(next).has(place) && next == i || s.at(next).line {
		return i
	}
	if s.at(next).has(along) && s.at(next+1).has(address) { // «по адресу»
		next += 2
	} else if s.at(next).has(place) {
		next++
	} else if t := s.at(next); t.street && !t.capital && s.ends(next+1) { // «кв 7, дом 12, лесная»
		return next + 1
	}
	if street, ok := s.address(next); ok {
		return street.to
	}
	if s.at(next - 1).has(place | address) {
		if street, ok := s.streetWord(next); ok {
			return street
		}
		if end := s.numberedName(next + 1); end > 0 && s.at(next).is == digits && s.at(end-1).capital { // «дом 14 по 30 лет Победы»
			return end
		}
	}
	return i
}

func endsInU(norm string) bool {
	last, _ := utf8.DecodeLastRuneInString(norm)
	return last == 'у'
}

// anotherHouse reports whether an address goes on at token i: «д 5 кв 12», «дома 5, 7».
func (s *scan) anotherHouse(i int) bool {
	for s.at(i).sign(",–-/") || s.at(i).has(and) {
		i++
		if n := s.at(i); n.is == digits && len(n.norm) <= 3 && !s.counts(i) {
			return true
		}
	}
	return s.at(i).has(house) || s.at(i).has(place) && s.at(i+1).capital
}

// streetWord returns the end of a street's name at token i that nothing calls
// so.
func (s *scan) streetWord(i int) (int, bool) {
	t := s.at(i)
	if t.is != word || !(t.proper() || t.ownStreet) || t.has(plain|lead|town) && !t.ownStreet || !adjective(t.norm) && !known.ends(t.norm, "ending_genitive") {
		return 0, false
	}
	return i + 1, true
}

// postCodes finds six digits before a town or an address.
func (s *scan) postCodes() {
	for i := range s.tokens {
		t := s.at(i)
		if t.is == digits && len(t.norm) == 3 && s.at(i+1).is == digits && len(s.at(i+1).norm) == 3 && s.before(i, index|address|owners)&index != 0 && !s.at(i+1).line { // «индекс 300 012»
			s.mark(i, i+2, Address, false)
			continue
		}
		if t.is != digits || len(t.norm) != 6 || t.norm[0] == '0' || s.at(i+1).has(unit) {
			continue
		}
		next := s.at(i + 1)
		if next.sign(",") {
			next = s.at(i + 2)
		}
		said := s.before(i, index|address|owners)&(index|address) != 0
		ahead := next.has(town|street|village) || s.at(i+1).sign(",") && (next.proper() || next.is == barrier && next != &outside) || t.line && next.is == barrier && next != &outside
		behind := s.at(i-1).sign(",") && s.at(i-2).is == barrier // «…, кв. 3, 620000»
		if said || ahead || behind {
			s.mark(i, i+1, Address, false)
		}
	}
}
