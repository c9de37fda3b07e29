package detect

import "unicode/utf8"

// settlementAfter returns the name of the village or fellowship whose kind is token
// i, an empty stretch if it is none.
func (s *scan) settlementAfter(i int) (from, to int) {
	t := s.at(i)
	if !t.has(village|fellowship) || s.afterInitial(i) {
		return i, i
	}
	at := i + 1
	letters := utf8.RuneCountInString(t.norm)
	if s.at(at).sign(".") && s.at(at).glued && letters <= 3 {
		at++
	} else if letters == 1 { // a preposition, but for «с Покровка, дом 5»
		end := s.settlementName(at)
		if end == at || s.at(at).has(street) || s.at(at).kin&(first|patronymic) != 0 || known.ends(s.at(end-1).norm, "ending_with") || !s.housed(end) {
			return i, i
		}
		return at, end
	}
	if s.at(at).has(calledAfter) { // «посёлок имени Кирова»
		at++
		if s.at(at).sign(".") {
			at++
		}
	}
	end := s.settlementName(at)
	if end == at && s.smallName(i, at) {
		end = at + 1
	}
	if end == at && (t.has(fellowship) && !t.has(bank) || t.has(village) && letters > 2) {
		end = s.numberOfSettlement(at, t.has(village))
	}
	if end == at || letters == 1 && utf8.RuneCountInString(s.at(at).norm) == 1 { // «С. П. Иванов»
		return i, i
	}
	if known.in("weak", t.norm) && !s.housed(end) { // «ст. Гражданского кодекса», «ЖК РФ»
		return i, i
	}
	return at, end
}

// smallName reports whether token i is the name of the settlement whose kind is token
// kind, in small letters: «снт родник уч 77», «село покровка, дом 5», «в снт родник».
func (s *scan) smallName(kind, i int) bool {
	name := s.at(i)
	if name.is != word || name.line || name.capital || name.roles != 0 && !name.street || known.ends(name.norm, "ending_verb") {
		return false
	}
	alone := s.at(kind).has(fellowship) && (s.at(kind-1).has(place) || s.at(kind).line) && !adjective(name.norm) && (s.ends(i+1) || s.at(i+1).has(plain))
	return alone && !known.in("weak", s.at(kind).norm) || s.housed(i+1)
}

// housed reports whether a street with its kind or a house follows at token i, a comma
// before it or none.
func (s *scan) housed(i int) bool {
	if s.at(i).sign(",") {
		i++
	}
	t, next := s.at(i), s.overKind(i)
	switch {
	case t.line && s.at(i-1).is != sign:
		return false
	case t.has(street), t.has(village|fellowship) && utf8.RuneCountInString(t.norm) > 1:
		return true
	case t.has(house) && s.at(next).is == digits:
		return !s.counts(next)
	case t.is == digits && s.at(i+1).sign(",.") && s.at(i+1).glued && s.at(i+2).is == digits && s.at(i+2).glued: // «3,81»
		return false
	case t.is == digits && len(t.norm) <= 3 && !s.counts(i) && s.ends(s.houseLetter(i+1)):
		return true
	}
	_, ok := s.streetAhead(i)
	return ok
}

// numberOfSettlement returns the end of the number that a fellowship is called by at
// token i, «№ 14», «-5», «5», or with a house after it a village, «разъезд 12, дом 3»;
// or i.
func (s *scan) numberOfSettlement(i int, ofVillage bool) int {
	at := i
	for s.at(at).sign("№-") || s.at(at).has(number) {
		at++
	}
	t := s.at(at)
	if t.is != digits || t.line || len(t.norm) > 3 && !ofVillage || len(t.norm) > 4 || s.quantity(at) && !ofVillage {
		return i
	}
	end := at + 1
	if ofVillage && s.at(end).has(unit) { // «казарма 41 км, кв. 2»
		end++
	}
	next := end
	if s.at(next).sign(",") {
		next++
	}
	if ofVillage && !(s.at(next).has(house) && s.at(s.overKind(next)).is == digits) {
		return i
	}
	return end
}

// settlement reads a village or a fellowship with what follows: «с. Ключи,
// Луговая ул., 21», «СНТ «Ветерок», участок 17». Token i is its kind.
func (s *scan) settlement(i int) (location, bool) {
	name, end := s.settlementAfter(i)
	if name == end {
		return location{}, false
	}
	from := s.kindBefore(i)
	// A street may follow, with its kind or by its name alone.
	next := end
	for s.at(next).sign(",()") {
		next++
	}
	if inner, ok := s.streetAhead(next); ok {
		return location{from: from, to: inner.to}, true
	}
	_, to := s.tail(end)
	return location{from: from, to: to}, true
}

// kindBefore returns the beginning of what the kind of a settlement at token i is called
// besides: «гаражно-строительный кооператив», «жилой массив», «тер. СНТ»; or i.
func (s *scan) kindBefore(i int) int {
	at := i - 1
	if s.at(at).sign(".") {
		at--
	}
	t := s.at(at)
	switch {
	case s.at(i).line, t.is != word:
		return i
	case known.in("area", t.norm):
		return at
	case at < i-1 || !adjective(t.norm) || t.capital && !t.opens || utf8.RuneCountInString(s.at(i).norm) < 3:
		return i
	case s.at(at-1).sign("-") && t.glued && s.at(at-2).is == word:
		return at - 2
	}
	return at
}

// villageBefore returns the beginning of a village that nothing calls so before a street
// at token i: «Покровка, Ленина, 12»; or i.
func (s *scan) villageBefore(i int) int {
	t := s.at(i - 2)
	if s.at(i-1).sign(",") && !s.at(i).line && t.proper() && t.roles == 0 && (t.kin == 0 || known.ends(t.norm, "ending_village") && t.kin&(first|patronymic) == 0) && !t.latin && !known.ends(t.norm, "ending_verb") && (!s.at(i-3).capital || adjective(s.at(i-3).norm) || known.ends(s.at(i-3).norm, "ending_plural")) {
		if big := s.at(i - 3); big.proper() && (adjective(big.norm) || known.ends(big.norm, "ending_plural")) && !big.has(plain|lead|parts) { // «Малые Вязёмы»
			return i - 3
		}
		return i - 2
	}
	return i
}

// settlementName returns the end of the name of a village or fellowship that
// begins with token i, or i: words with capitals, or anything in quotes.
func (s *scan) settlementName(i int) int {
	end := i
	quoted := s.at(end).sign("«\"")
	if quoted {
		end++
	}
	first := s.at(end)
	if first.is != word || !first.capital && !quoted || first.line || (first.shout || first.caps) && first.has(plain) {
		return i
	}
	end++
	for n := 0; n < 4; n++ {
		next, after := s.at(end), s.at(end+1)
		switch {
		case next.sign("-") && next.glued && after.glued && (after.is == digits || after.capital):
			end += 2
		case next.is != word, next.line, !next.capital && !quoted, next.has(plain | lead | street | house | fellowship):
			return s.closeQuote(end)
		default:
			end++
		}
	}
	return s.closeQuote(end)
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
	if inner, ok := s.address(i + 3); ok && inner.from == i { // «3-я аллея»
		return inner, true
	}
	t := s.at(i)
	if t.has(street) && s.at(i+1).is == digits && !s.quantity(i+1) { // «СНТ «Заря», улица 4, участок 81»
		_, end := s.tail(i + 1)
		return location{from: i, to: end}, true
	}
	if t.is == word && (t.capital || t.street) && !t.has(lead|town|house|plain) {
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
