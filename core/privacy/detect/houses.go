package detect

import "unicode/utf8"

// settlement reads a village or a fellowship with what follows: «с. Ключи,
// Луговая ул., 21», «СНТ «Ветерок», участок 17». Token i is its kind.
func (s *scan) settlement(i int) (location, bool) {
	t := s.at(i)
	if !t.has(village | fellowship) {
		return location{}, false
	}
	at := i + 1
	single := utf8.RuneCountInString(t.norm) == 1
	if s.at(at).sign(".") && s.at(at).glued && len(t.norm) <= 3*letter {
		at++
	} else if single {
		return location{}, false
	}
	quoted := s.at(at).sign("«\"")
	if quoted {
		at++
	}
	if !(s.at(at).is == word && s.at(at).capital && !s.at(at).line && (!s.at(at).shout || !t.has(plain))) {
		return location{}, false
	}
	if single && utf8.RuneCountInString(s.at(at).norm) == 1 {
		return location{}, false // initials
	}
	end := at + 1
	for n := 0; n < 4; n++ {
		next := s.at(end)
		if next.sign("-") && next.glued && (s.at(end+1).is == digits || s.at(end+1).capital) && s.at(end+1).glued {
			end += 2
			continue
		}
		if next.is != word || next.line || !(next.capital || quoted) || next.has(plain|lead|street|house|fellowship) {
			break
		}
		end++
	}
	end = s.closeQuote(end)
	from := i
	if t.has(fellowship) && adjective(s.at(i-1).norm) { // «гаражный кооператив»
		from--
	}
	// A street may follow, with its kind or by its name alone.
	to := end
	at = end
	for s.at(at).sign(",()") {
		at++
	}
	if inner, ok := s.streetAhead(at); ok {
		to = inner.to
	} else if numbers, tail := s.tail(end); len(numbers) > 0 {
		to = tail
	}
	return location{from: from, to: to}, true
}

// streetAhead reads a street that begins at token i or one word later.
func (s *scan) streetAhead(i int) (location, bool) {
	if s.at(i).line {
		return location{}, false
	}
	if inner, ok := s.address(i); ok {
		return inner, true
	}
	if inner, ok := s.address(i + 1); ok && inner.from == i {
		return inner, true
	}
	t := s.at(i)
	if t.is == word && t.capital && !t.has(lead|town|house|plain) {
		to := i + 1
		for s.at(to).is == word && s.at(to).capital && !s.at(to).line && !s.at(to).has(house|lead|plain) && to < i+3 {
			to++
		}
		if numbers, end := s.tail(to); len(numbers) > 0 {
			return location{from: i, to: end}, true
		}
	}
	return location{}, false
}

// bareStreet reads a street that nothing calls so: the author's own, one with a
// house («Ладожская, 9, кв. 77», «Мира 14»), one of «на Луговой».
func (s *scan) bareStreet(i int) (location, bool) {
	t := s.at(i)
	if t.is != word || t.has(lead|month|street|house|village|town|account|meter) || t.kin&(first|patronymic) != 0 && !t.ownStreet || utf8.RuneCountInString(t.norm) < 3 {
		return location{}, false
	}
	small := !t.capital && known.ends(t.norm, "ending_feminine") && t.roles == 0 // «лесная 7 живет»
	if !t.ownStreet && !small && (!t.capital || t.has(plain)) {
		return location{}, false
	}
	to := i + 1
	if next := s.at(to); next.is == word && next.proper() && !next.line && !next.has(house|lead|plain|town|street) && adjective(t.norm) && next.kin&(first|firstWeak) == 0 {
		to++
	}
	numbers, end := s.tail(to)
	placed := s.at(i-1).has(place) && !s.at(i-1).has(away) || s.at(i-1).has(place) && len(numbers) > 0
	looks := adjective(t.norm) || streetGenitive(t.norm)
	from := s.houseBefore(i)
	switch {
	case t.ownStreet && (t.capital || len(numbers) > 0 || placed):
		return location{from: from, to: end, key: s.key(i, to, numbers), certain: t.capital}, true
	case small && (len(numbers) == 0 || !s.at(end).has(address) && s.before(i, address) == 0):
		return location{}, false
	case small, from < i && placed && looks:
	case len(numbers) == 0:
		// «на Луговой», but not «на Ивановой»: a wife is not lived on.
		if !placed || t.shout || t.opens || !known.ends(t.norm, "ending_lived") || !s.at(i-1).has(along) {
			return location{}, false
		}
	case placed && looks, s.before(i, address) != 0 && looks,
		looks && len(numbers) > 1, len(numbers) == 2 && s.at(to).is == digits && s.at(to+1).sign("-"), looks && !t.opens && !t.shout, looks && s.ends(end) && (!t.shout || adjective(t.norm)), looks && adjective(t.norm) && !t.shout && s.at(i+1).sign(","):
	default:
		return location{}, false
	}
	return location{from: from, to: end, key: s.key(i, to, numbers)}, true
}

// ends reports whether a sentence or a part of it ends before token i.
func (s *scan) ends(i int) bool {
	t := s.at(i)
	return t == &outside || t.line || t.sign(".,;!?)")
}

// streetGenitive reports whether a word may be what a street is named after:
// «Мира», «Энергетиков».
func streetGenitive(norm string) bool { return known.ends(norm, "ending_genitive") }

// houseAlone reads a house, a flat, a plot without a street: «кв. 12», «12-я
// квартира», «дом № 5», and the author's «5-12».
func (s *scan) houseAlone(i int) (location, bool) {
	t := s.at(i)
	if t.is == digits {
		if s.own.house != "" && s.own.flat != "" && t.norm == s.own.house && s.at(i+1).sign("-/,") && s.at(i+2).norm == s.own.flat && !s.quantity(i+2) {
			return location{from: i, to: i + 3, certain: true}, true
		}
		if flat := s.flatAfter(i); flat > 0 && !s.at(i-1).has(house) {
			_, to := s.tail(flat)
			return location{from: i, to: s.onStreet(max(flat, to))}, true
		}
		return location{}, false
	}
	if to := s.ordinalHouse(i); to > 0 {
		return location{from: i, to: s.onStreet(to)}, true
	}
	if !t.has(house) {
		return location{}, false
	}
	next := i + 1
	numbered := false
	for s.at(next).sign(".№«\":") || s.isNumberSign(next) {
		numbered = numbered || s.at(next).is == sign
		next++
	}
	if end, _ := s.houseNumber(next); end == next || t.has(atHome) && s.at(next).is == word || s.quantity(next) || s.at(next+1).has(flats) || t.has(vague) && !numbered && !s.anotherHouse(next+1) {
		return location{}, false
	}
	if t.has(inner) {
		return location{}, false
	}
	_, to := s.tail(i)
	if to <= i {
		return location{}, false
	}
	return location{from: i, to: s.onStreet(to)}, true
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
	if s.at(next).has(place) {
		next++
	}
	if street, ok := s.address(next); ok {
		return street.to
	}
	if s.at(next - 1).has(place) {
		if street, ok := s.streetWord(next); ok {
			return street
		}
	}
	return i
}

// ordinalHouse returns the end of «в пятом доме», «третья квартира» at token i,
// or 0; «купили вторую квартиру» tells no number.
func (s *scan) ordinalHouse(i int) int {
	t, h := s.at(i), s.at(i+1)
	if !t.has(ordinal) || !adjective(t.norm) || !h.has(house) || h.line || accusative(h.norm) || h.has(vague) && !h.has(atHome) {
		return 0
	}
	return i + 2
}

func accusative(norm string) bool {
	last, _ := utf8.DecodeLastRuneInString(norm)
	return last == 'у'
}

// anotherHouse reports whether an address goes on at token i: «д 5 кв 12».
func (s *scan) anotherHouse(i int) bool {
	for s.at(i).sign(",") {
		i++
	}
	return s.at(i).has(house) || s.at(i).has(place) && s.at(i+1).capital
}

// streetWord returns the end of a street's name at token i that nothing calls
// so.
func (s *scan) streetWord(i int) (int, bool) {
	t := s.at(i)
	if t.is != word || !(t.proper() || t.ownStreet) || t.has(plain|lead|town) && !t.ownStreet || !adjective(t.norm) && !streetGenitive(t.norm) {
		return 0, false
	}
	return i + 1, true
}
