package detect

import "unicode/utf8"

// nameBefore returns the beginning of a street's name that goes on with token i: what
// of it stands before, several parts in a row («ул. 2-я К. Маркса»), or i.
func (s *scan) nameBefore(i int) int {
	for n := 0; n < 3; n++ {
		at := s.partOfName(i)
		if at == i {
			break
		}
		i = at
	}
	return i
}

// partOfName returns the beginning of the part of a street's name that stands before
// its word at token i, or i. Somebody who writes «карла маркса» writes all of it small.
func (s *scan) partOfName(i int) int {
	t, before := s.at(i), s.at(i-1)
	after := t.is == word && (t.street && !adjective(t.norm) || known.ends(t.norm, "ending_after")) // somebody's street
	small := t.street && !t.capital
	switch {
	case t.line, t.is != word && t.is != digits:
		return i
	case before.sign("-") && before.glued && t.glued && s.at(i-2).is == word && !s.at(i-2).has(house) && (s.at(i-2).capital || s.at(i-2).roles == 0): // «Ново-Садовая»
		return i - 2
	case s.numeral(i) < i:
		return s.numeral(i)
	case !t.capital && !small:
		return i
	case before.has(calledAfter): // «Маршала Жукова»
		return i - 1
	case before.sign(".") && s.at(i-2).has(calledAfter): // «ген. Карбышева»
		return i - 2
	case before.sign(".") && before.glued && after && s.shortName(i-2, small) && !s.person(i-3): // «К. Маркса», «Ст. Разина»
		return i - 2
	case small && t.kin&surname != 0 && before.is == word && utf8.RuneCountInString(before.norm) == 1 && !before.has(place): // «к маркса»
		return i - 1
	case s.nameWord(before, small) && (before.kin&(first|firstWeak) != 0 || t.street && before.roles == 0) && after && known.ends(before.norm, "ending_genitive") && !s.person(i-2): // «Карла Маркса»
		return i - 1
	case before.has(and) && !before.capital && after && s.nameWord(s.at(i-2), false) && !s.at(i-2).street: // «Минина и Пожарского»
		return i - 2
	case before.sign("/") && before.glued && t.glued && s.at(i-2).proper() && adjectiveOrAfter(s.at(i-2).norm): // «Красная/Лесная»
		return i - 2
	case s.nameWord(before, small) && (before.street && !adjective(before.norm) || known.ends(before.norm, "ending_plural") || (t.has(month) || small) && adjective(before.norm)): // «Красных Партизан», «Трудовые Резервы», «Красный Октябрь», «героев Танкограда»
		return i - 1
	}
	return i
}

// nameWord reports whether a word may be one of a street's name of several, if small
// words may.
func (s *scan) nameWord(t *token, small bool) bool {
	return (t.proper() || small && t.is == word && t.roles == 0) && !t.has(parts|plain|lead)
}

// shortName reports whether token i is a first name in one to three letters.
func (s *scan) shortName(i int, small bool) bool {
	t := s.at(i)
	n := utf8.RuneCountInString(t.norm)
	return t.is == word && n <= 3 && (t.capital && !t.caps && (!t.has(parts|plain) || initial(t) && !t.has(street|town)) || small && n == 1 && !t.has(street|town|village))
}

// person reports whether token i is a surname or an initial whose name goes on: «Гуз А.
// Кирова, 5» is somebody, and then where he lives, as «гуров антон кирова 5» is.
func (s *scan) person(i int) bool {
	t := s.at(i)
	return t.is == word && (t.proper() || t.kin != 0 && t.roles == 0) && !t.has(parts|plain|address) || t.sign(".") && initial(s.at(i-1)) && t.glued
}

// numeral returns the beginning of the number that the name of a street at token i goes
// on from: «2-я» of «2-я Садовая», «40 лет» of «40 лет Победы», «9» of «9 Мая», «XX» of
// «XX Партсъезда», «третья» of «третья Парковая»; or i.
func (s *scan) numeral(i int) int {
	t, at := s.at(i), i-1
	before := s.at(at)
	named := t.capital || t.street || t.has(street|month)
	joined := before.has(joins) && before.glued && s.at(at-1).sign("-‑–") && s.at(at-1).glued
	switch {
	case t.is != word || !named && !joined && !s.suffix(at):
		return i
	case known.ordinalOf(before.norm) > 0 && (t.has(month) || (t.proper() || t.street) && adjective(t.norm)): // «Первого Мая»
		return at
	case roman(before), before.is == digits && len(before.norm) == 1 && s.at(i+1).has(street) && adjective(t.norm): // «2 Заводской проезд»
		return at
	case joined, s.suffix(at): // «60-летия Победы», «2-я Садовая»
		at -= 2
	case before.has(joins) && utf8.RuneCountInString(before.norm) > 2 && (t.street || t.has(month) || t.capital) && (t.street || t.has(month) || t.caps || known.ends(t.norm, "ending_genitive")): // «40 лет Победы»
		at--
	case !t.has(month):
		return i
	}
	if n := s.at(at); n.is != digits || len(n.norm) > 3 || s.at(at+1).line {
		return i
	}
	return at
}

// suffix reports whether token i is what a number in figures ends with: «я» of «2-я».
func (s *scan) suffix(i int) bool {
	t, dash := s.at(i), s.at(i-1)
	return t.is == word && t.glued && dash.sign("-‑–") && dash.glued && s.at(i-2).is == digits && known.in("suffix", t.norm)
}
