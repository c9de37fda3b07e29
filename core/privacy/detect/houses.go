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
	} else if letters == 1 {
		return i, i // a preposition
	}
	if s.at(at).has(calledAfter) { // «посёлок имени Кирова»
		at++
	}
	end := s.settlementName(at)
	if end == at && t.has(fellowship) && !t.has(bank) {
		end = s.numberOfFellowship(at)
	}
	if end == at || letters == 1 && utf8.RuneCountInString(s.at(at).norm) == 1 { // «С. П. Иванов»
		return i, i
	}
	return at, end
}

// numberOfFellowship returns the end of the number that a fellowship is called by at
// token i, «№ 14», «-5», «5», or i.
func (s *scan) numberOfFellowship(i int) int {
	at := i
	for s.at(at).sign("№-") || s.at(at).has(number) {
		at++
	}
	if t := s.at(at); t.is == digits && !t.line && len(t.norm) <= 3 && !s.quantity(at) {
		return at + 1
	}
	return i
}

// settlement reads a village or a fellowship with what follows: «с. Ключи,
// Луговая ул., 21», «СНТ «Ветерок», участок 17». Token i is its kind.
func (s *scan) settlement(i int) (location, bool) {
	name, end := s.settlementAfter(i)
	if name == end {
		return location{}, false
	}
	from := i
	if s.at(i).has(fellowship) && adjective(s.at(i-1).norm) { // «гаражный кооператив»
		from--
	}
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

// settlementName returns the end of the name of a village or fellowship that
// begins with token i, or i: words with capitals, or anything in quotes.
func (s *scan) settlementName(i int) int {
	end := i
	quoted := s.at(end).sign("«\"")
	if quoted {
		end++
	}
	first := s.at(end)
	if first.is != word || !first.capital || first.line || first.shout && first.has(plain) {
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
	pair := adjective(t.norm) && t.capital && s.houseAndFlat(i+1) // «Новая 22-70», «Заводская, 9-31»
	dated := t.has(month) && s.numeralBefore(i) < i               // «9 Мая»
	if t.is != word || t.has(lead|month|street|house|village|town|account|meter) && !t.ownStreet && !pair && !dated || utf8.RuneCountInString(t.norm) < 3 {
		return location{}, false
	}
	small := !t.capital && t.roles == 0 && (known.ends(t.norm, "ending_feminine") || known.ends(t.norm, "ending_genitive")) // «лесная 7», «свободы 44»
	honoured := !t.capital && t.roles&lead == 0 && s.at(i+1).is == digits && known.honorees[t.norm]                         // «ленина 52»
	if !t.ownStreet && !small && !honoured && !pair && (!t.capital || t.has(plain) || t.kin&(first|patronymic) != 0) {
		return location{}, false
	}
	if t.caps && len(t.norm) <= 4*letter && !t.ownStreet { // «СОИ 12,3»
		return location{}, false
	}
	to := i + 1
	if adjective(t.norm) && s.secondWord(to) { // «Новая Заря»
		to++
	}
	numbers, end := s.tail(to)
	if end == to && t.ownStreet { // of others «Сбера две квитанции» would be one
		numbers, end = s.spokenTail(to)
	}
	if said, to := s.spokenTail(end); end == i+1 && t.capital && adjectiveOrAfter(t.norm) && (len(said) > 1 || len(said) == 1 && s.ends(to) && (s.at(i-1).has(along) || s.before(i, address) != 0)) { // «Лесная восемь, квартира семь»
		numbers, end = said, to
	}
	first := s.numeralBefore(i)
	from := s.houseBefore(first)
	placed := s.at(first - 1).has(place)
	looks := adjectiveOrAfter(t.norm)
	spoken := s.before(first, address) != 0
	believed := false
	switch {
	case t.ownStreet:
		believed = t.capital || len(numbers) > 0 || placed && !s.at(i-1).has(away)
	case honoured, dated:
		believed = len(numbers) > 1 || len(numbers) == 1 && (honoured || placed || spoken || s.ends(end))
	case small:
		told := spoken && (placed || adjective(t.norm) || t.kin&surname != 0) // «пишет ошибка 404» tells no street
		believed = len(numbers) > 0 && (told || s.at(end).has(address) || s.flatWithin(to, end))
	case from < first:
		believed = placed && looks
	case first < i && len(numbers) > 0:
		believed = true // «40 лет Победы, 22»
	case len(numbers) == 0: // «на Луговой», but not «у Ивановой»
		believed = s.at(i-1).has(along) && known.ends(t.norm, "ending_lived") && !t.shout && !t.opens
	case looks:
		believed = placed || spoken || len(numbers) > 1 || !t.opens && !t.shout ||
			s.ends(end) && (!t.shout || adjective(t.norm)) || adjective(t.norm) && !t.shout && s.at(i+1).sign(",")
	}
	if len(numbers) > 1 && t.proper() && s.flatWithin(to, end) { // «Партизан 5, кв. 12»
		believed = true
	}
	if len(numbers) == 2 && s.at(to).is == digits && s.at(to+1).sign("-") { // «Новостроек 15-8» needs no looks
		believed = believed || !small || known.ends(t.norm, "ending_feminine") || t.kin&surname != 0
	}
	believed = believed || pair && len(numbers) == 2
	return location{from: from, to: end, key: s.key(i, to, numbers), certain: t.ownStreet}, believed
}

// adjectiveOrAfter reports whether a word looks like a street's name: an adjective, or
// after whom it is named.
func adjectiveOrAfter(norm string) bool {
	return adjective(norm) || known.ends(norm, "ending_genitive")
}

// secondWord reports whether token i may be the second one of a street's name.
func (s *scan) secondWord(i int) bool {
	t := s.at(i)
	return t.proper() && !t.line && !t.has(house|lead|plain|town|street) && t.kin&(first|firstWeak) == 0
}

// flatWithin reports whether tokens [from, to) call a flat so: «44 кв 17».
func (s *scan) flatWithin(from, to int) bool {
	for i := from; i < to; i++ {
		if s.at(i).has(house) {
			return true
		}
	}
	return false
}

// houseAndFlat reports whether «22-70» follows at token i, a comma before it or none.
func (s *scan) houseAndFlat(i int) bool {
	if s.at(i).sign(",") {
		i++
	}
	return s.at(i).is == digits && !s.at(i).line && len(s.at(i).norm) <= 3 && s.at(i+1).sign("-") && s.at(i+1).glued &&
		s.at(i+2).is == digits && s.at(i+2).glued && len(s.at(i+2).norm) <= 3
}

// ends reports whether a sentence or a part of it ends before token i.
func (s *scan) ends(i int) bool {
	t := s.at(i)
	return t == &outside || t.line || t.sign(".,;!?)")
}

// houseAlone reads a house, a flat, a plot without a street: «кв. 12», «12-я
// квартира», «дом № 5», and the author's «5-12».
func (s *scan) houseAlone(i int) (location, bool) {
	t := s.at(i)
	if t.is == digits {
		return s.numberAlone(i)
	}
	if to := s.ownPair(i); to > i {
		return location{from: i, to: to, certain: true}, true
	}
	if to := s.ordinalHouse(i, false); to > 0 {
		return location{from: i, to: s.onStreet(to)}, true
	}
	if to := s.neighbour(i); to > i {
		return location{from: i, to: to}, true
	}
	if to := s.ownSaid(i); to > i {
		return location{from: i, to: to, certain: true}, true
	}
	if !t.has(house) || t.has(inner) {
		return location{}, false
	}
	next, numbered := i+1, false
	for s.at(next).sign(".№«\":") || s.isNumberSign(next) {
		numbered = numbered || s.at(next).is == sign
		next++
	}
	if s.at(next).has(mine) && next == i+1 { // «квартира моя сто сороковая»
		next++
	}
	end, norm := s.houseNumber(next)
	if s.at(next - 1).has(mine) {
		return location{from: next, to: end, certain: s.own.lives([]string{norm})}, end > next && !s.quantity(end-1) && s.ends(end)
	}
	switch {
	case end == next, s.quantity(next):
		return location{}, false
	case t.has(atHome) && s.at(next).is == word, s.at(next + 1).has(flats): // «дома два», «в доме 48 квартир»
		return location{}, false
	case t.has(vague) && !numbered && !s.anotherHouse(next+1):
		return location{}, false
	}
	numbers, to := s.tail(i)
	return location{from: i, to: s.onStreet(to), certain: s.own.lives(numbers)}, to > i
}

// numberAlone reads an address that begins with the number at token i.
func (s *scan) numberAlone(i int) (location, bool) {
	if to := s.ownPair(i); to > i {
		return location{from: i, to: to, certain: true}, true
	}
	flat := s.flatAfter(i)
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
	if t.is != word || !(t.proper() || t.ownStreet) || t.has(plain|lead|town) && !t.ownStreet || !adjective(t.norm) && !known.ends(t.norm, "ending_genitive") {
		return 0, false
	}
	return i + 1, true
}

// postCodes finds six digits before a town or an address.
func (s *scan) postCodes() {
	for i := range s.tokens {
		t := s.at(i)
		if t.is != digits || len(t.norm) != 6 || t.norm[0] == '0' || s.at(i+1).has(unit) {
			continue
		}
		next := s.at(i + 1)
		if next.sign(",") {
			next = s.at(i + 2)
		}
		said := s.before(i, index|address|owners)&(index|address) != 0
		ahead := next.has(town|street|village) || s.at(i+1).sign(",") && (next.proper() || next.is == barrier && next != &outside)
		behind := s.at(i-1).sign(",") && s.at(i-2).is == barrier // «…, кв. 3, 620000»
		if said || ahead || behind {
			s.mark(i, i+1, Address, false)
		}
	}
}
