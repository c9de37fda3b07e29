package detect

import (
	"strings"
	"unicode/utf8"
)

// location is a stretch of tokens that is an address.
type location struct {
	from, to int
	key      string // street and house, "" if it does not name both
	numbers  []string
	certain  bool
}

// addresses finds streets with what stands around them, villages, fellowships,
// and houses and flats by themselves. Towns and districts may stay
// (domain.md §3.3).
func (s *scan) addresses() {
	for i := 0; i < len(s.tokens); i++ {
		if s.at(i).is == barrier || s.at(i).is == sign {
			continue
		}
		found, ok := s.address(i)
		if !ok && s.at(i+1).has(street) { // «Зелёная улица»
			found, ok = s.address(i + 1)
			ok = ok && found.from <= i
		}
		if !ok {
			found, ok = s.settlement(i)
		}
		if !ok {
			found, ok = s.bareStreet(i)
		}
		if !ok {
			found, ok = s.houseAlone(i)
		}
		if !ok {
			continue
		}
		if found.key != "" && s.d.addresses[found.key] {
			s.leave(found.from, found.to)
		} else {
			s.mark(s.villageBefore(found.from), found.to, Address, found.certain)
		}
		i = found.to - 1
	}
	s.postCodes()
}

// address reads an address with the kind of its street: «ул. Садовая, 5, кв.
// 12», «Садовая улица», «дома 3 и 5 по ул. Мира». Token i is the kind.
func (s *scan) address(i int) (location, bool) {
	kind := s.at(i)
	if !kind.has(street) || s.afterInitial(i) {
		return location{}, false
	}
	from, to := s.nameOfStreet(i)
	if from == to {
		return location{}, false
	}
	after := max(to, i+1)
	if s.at(after).sign(".") {
		after++
	}
	numbers, end := s.tail(after)
	if end == after {
		said, to := s.spokenTail(after)
		// «На улице минус двадцать» is none, «площадь ленина два» is one.
		if t := s.at(from); s.named(from, i) || t.kin&surname != 0 && t.roles == 0 && s.ends(to) {
			numbers, end = said, to
		}
	}
	if first := s.at(from); from < i && (first.is == digits && yearLike(s.at(i+1)) || first.has(ordinal) && !first.proper() && (len(numbers) == 0 || yearLike(s.at(i+1)))) { // «третья линия поддержки», «второй квартал 2008»
		return location{}, false
	}
	shown := from < i && s.at(from).proper() && !s.at(from).opens // «меня найти просто: Зелёная улица»
	if len(numbers) == 0 && !shown && (from < i && kind.has(vague) || from > i && !s.named(from, i)) {
		return location{}, false // «за 3 квартал», «на улице темно»
	}
	return location{from: s.houseBefore(s.nameBefore(min(from, i))), to: end, key: s.key(from, to, numbers), numbers: numbers}, true
}

// nameOfStreet returns the name of the street whose kind is token i: after it,
// or before it if it is a number or an adjective there.
func (s *scan) nameOfStreet(i int) (from, to int) {
	if number := s.numberBefore(i); number < i {
		return number, i
	}
	from = i + 1
	if s.at(from).sign(".") && len(s.at(i).norm) <= 5*letter && !known.ends(s.at(i).norm, "ending_noun") { // «ул.», but «улица. Когда»
		from++
	}
	to = s.streetName(from)
	if s.adjectiveBefore(i) && (to == from || !s.at(from).capital) {
		return i - 1, i
	}
	if t := s.at(i - 1); to == from && t.street && !s.at(i).line && !t.has(street) { // «Ленина пр., 40»
		return i - 1, i
	}
	return from, to
}

// named reports whether the name at token i after a kind of street needs no
// house to be believed: a capital, the author's own, or «ул. садовая».
func (s *scan) named(i, kind int) bool {
	t := s.at(i)
	return t.is != word || t.capital || t.ownStreet || len(s.at(kind).norm) <= 4*letter && s.at(kind+1).sign(".")
}

// numberBefore returns the beginning of «5-й микрорайон», «14 мкр» at kind i, or
// i.
func (s *scan) numberBefore(i int) int {
	at := i - 1
	joined := s.suffix(at)
	if !s.at(i).has(byNumber) && !joined || s.at(i).line {
		return i
	}
	if joined {
		at -= 2
	} else if t := s.at(at); t.is == word && t.glued && utf8.RuneCountInString(t.norm) == 1 { // «11А микрорайон»
		at--
	}
	if t := s.at(at); t.has(ordinal) && adjective(t.norm) && !joined {
		return at
	}
	if s.at(at).is == digits && len(s.at(at).norm) < 3 {
		return at
	}
	return i
}

// adjectiveBefore reports whether the word before token i is a street's name:
// «Заречный переулок».
func (s *scan) adjectiveBefore(i int) bool {
	t := s.at(i - 1)
	small := t.roles == 0 && !s.at(i).has(vague|byNumber) && s.numbered(i+1) // «школьный переулок 5»
	return t.is == word && (t.capital || t.ownStreet || small) && !s.at(i).line && !t.has(plain|town|street|house|lead) && adjective(t.norm)
}

// numbered reports whether a house follows at token i, a sign before it or none.
func (s *scan) numbered(i int) bool {
	if s.at(i).sign(",.") {
		i++
	}
	at := i
	if s.at(i).has(house) {
		at = s.overKind(i)
	}
	return s.at(at).is == digits && !s.at(i).line && !s.counts(at)
}

// adjective reports whether a word ends as adjectives do.
func adjective(norm string) bool { return known.ends(norm, "ending_adjective") }

// streetName returns the end of the name that begins with token i, or i: words
// with capitals, a number with its words («8 Марта», «1-я Полевая»), or one
// small word.
func (s *scan) streetName(i int) int {
	at := i
	for s.at(at).sign("«\"") || s.at(at).has(calledAfter) && (s.at(at+1).capital || s.at(at+1).sign(".")) || at > i && s.at(at-1).has(calledAfter) && s.at(at).sign(".") {
		at++
	}
	t := s.at(at)
	switch {
	case t.line && at > i:
		return i
	case yearLike(t) && s.at(at+1).has(year) && !s.at(i-1).has(vague) && !s.at(i-2).has(vague): // «1905 года»
		return at + 2
	case t.is == digits && len(t.norm) <= 3 && t.norm[0] != '0':
		if end := s.numberedName(at + 1); end > 0 {
			return s.closeQuote(end)
		}
		if (s.at(i-1).has(byNumber) || s.at(i+1).sign(",") && s.at(i+2).has(house) && s.at(s.overKind(i+2)).is == digits) && !s.quantity(i) { // «мкр. 11А», «улица 12, дом 3»
			return s.houseLetter(i + 1)
		}
		return i
	case t.caps && t.has(plain): // «ЖК РФ»
		return i
	case t.is != word, t.has(house|street|town) && !t.capital:
		return i
	case t.has(numeral|ordinal) && s.at(at+1).has(joins|month): // «Сорок лет Октября»
		return s.closeQuote(max(at+1, s.numberedName(at+1)))
	case t.capital && !t.shout:
		end := s.capitals(at)
		if end == at+1 && s.smallSecond(end) {
			end++
		}
		return s.closeQuote(end)
	case t.has(plain|place|unit|signSaid) && !t.ownStreet, s.at(i - 1).has(vague), s.at(i-2).has(vague) && s.at(i-1).sign("."):
		return i
	}
	return s.closeQuote(at + 1)
}

// smallSecond reports whether token i is the second word of a street's name in small
// letters, «Красных партизан», and a house follows.
func (s *scan) smallSecond(i int) bool {
	t, first, next := s.at(i), s.at(i-1), s.at(i+1)
	if !adjective(first.norm) && !known.ends(first.norm, "ending_plural") || t.is != word || t.roles != 0 || t.line {
		return false
	}
	if next.sign(",") {
		next = s.at(i + 2)
	}
	return next.is == digits || next.has(house)
}

// numberedName returns the end of a street's name after its number: «Марта» of
// «8 Марта», «-я Полевая», «лет Октября»; 0 if none begins at token i.
func (s *scan) numberedName(i int) int {
	end := i
	for s.at(end).sign("-") && s.at(end).glued {
		end++
	}
	first := end
	for t := s.at(end); t.is == word && !t.has(house) && (t.capital || t.has(joins) || end == first && t.has(month)); t = s.at(end) {
		end++
	}
	if end == first {
		return 0
	}
	if t := s.at(end); end == first+1 && known.ends(s.at(first).norm, "ending_plural") && t.is == word && t.roles == 0 && !t.line { // «26 Бакинских комиссаров»
		end++
	}
	return end
}

// capitals returns the end of up to four words with capitals that begin with
// token i, hyphened or with initials: «Карла Маркса», «Б. Хмельницкого».
func (s *scan) capitals(i int) int {
	end := i + 1
	for end < i+8 {
		next, after := s.at(end), s.at(end+1)
		initial := utf8.RuneCountInString(s.at(end-1).norm) == 1
		switch {
		case next.glued && (next.sign("-") || next.sign(".") && initial) && after.is == word && after.capital:
			end += 2
		case next.is != word, !next.capital, next.line, next.has(house | lead), next.has(plain) && !s.at(end-1).has(plain):
			return end
		default:
			end++
		}
	}
	return end
}

func (s *scan) closeQuote(i int) int {
	if s.at(i).sign("»\"") {
		return i + 1
	}
	return i
}

// houseBefore returns the beginning of an address at i with what stands before
// its street: «дома 3 и 5 по», «дом № 9 на».
func (s *scan) houseBefore(i int) int {
	at := i - 1
	if s.at(at).has(place) {
		at--
	}
	from := i
	for n := 0; n < 6; n++ {
		t := s.at(at)
		switch {
		case t.is == digits && len(t.norm) <= 4, t.sign("№,-/"), t.has(and):
			at--
		case t.has(house):
			if s.at(at+1).is == digits || s.at(at+1).sign("№.") {
				from = at
			}
			if s.at(at - 1).has(ordinal) {
				from = at - 1
			}
			return from
		default:
			return i
		}
	}
	return i
}

// key returns the street's stem and its house, without flats: what offices are
// known by. Somebody's flat in an office's house has no key.
func (s *scan) key(from, to int, numbers []string) string {
	if len(numbers) != 1 {
		return ""
	}
	var out strings.Builder
	for i := from; i < to; i++ {
		if t := s.at(i); t.is == digits || t.is == word && !t.has(joins) {
			out.WriteString(caseStem(t.norm))
			out.WriteByte(' ')
		}
	}
	out.WriteString(numbers[0])
	return out.String()
}

// caseStem cuts the longest ending of cases, leaving three letters at least.
func caseStem(norm string) string {
	for i := 3 * letter; i < len(norm); i++ {
		if utf8.RuneStart(norm[i]) && known.cases[norm[i:]] {
			return norm[:i]
		}
	}
	return norm
}
