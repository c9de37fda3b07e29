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
			s.mark(found.from, found.to, Address, found.certain)
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
	shown := from < i && s.at(from).proper() && !s.at(from).opens // «меня найти просто: Зелёная улица»
	if len(numbers) == 0 && !shown && (from < i && kind.has(vague) || from > i && !s.named(from, i)) {
		return location{}, false // «за 3 квартал», «на улице темно»
	}
	return location{from: s.houseBefore(min(from, i)), to: end, key: s.key(from, to, numbers), numbers: numbers}, true
}

// nameOfStreet returns the name of the street whose kind is token i: after it,
// or before it if it is a number or an adjective there.
func (s *scan) nameOfStreet(i int) (from, to int) {
	if number := s.numberBefore(i); number < i {
		return number, i
	}
	from = i + 1
	if s.at(from).sign(".") {
		from++
	}
	to = s.streetName(from)
	if s.adjectiveBefore(i) && (to == from || !s.at(from).capital) {
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
	if !s.at(i).has(byNumber) || s.at(i).line {
		return i
	}
	if s.at(at).has(joins) && s.at(at-1).sign("-") && s.at(at).glued {
		at -= 2
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
	return t.is == word && (t.capital || t.ownStreet) && !s.at(i).line && !t.has(plain|town|street|house|lead) && adjective(t.norm)
}

// adjective reports whether a word ends as adjectives do.
func adjective(norm string) bool { return known.ends(norm, "ending_adjective") }

// streetName returns the end of the name that begins with token i, or i: words
// with capitals, a number with its words («8 Марта», «1-я Полевая»), or one
// small word.
func (s *scan) streetName(i int) int {
	at := i
	for s.at(at).sign("«\"") || s.at(at).has(calledAfter) || at > i && s.at(at-1).has(calledAfter) && s.at(at).sign(".") {
		at++
	}
	t := s.at(at)
	switch {
	case t.line && at > i:
		return i
	case t.is == digits && len(t.norm) <= 3 && t.norm[0] != '0':
		if end := s.numberedName(at + 1); end > 0 {
			return s.closeQuote(end)
		}
		if s.at(i - 1).has(byNumber) {
			return i + 1
		}
		return i
	case t.is != word, t.has(house|street|town) && !t.capital:
		return i
	case t.capital && !t.shout:
		return s.closeQuote(s.capitals(at))
	case t.has(plain|place|unit) && !t.ownStreet:
		return i
	}
	return s.closeQuote(at + 1)
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

// tail reads what follows a street: houses, blocks, flats, each with its word or
// bare. It returns the numbers and the end, i if there is nothing.
func (s *scan) tail(i int) (numbers []string, to int) {
	to = i
	at := i
	// bare is how many numbers stood without a word: a house, a block, a flat.
	for bare := 0; ; {
		at = s.overSigns(at)
		if s.at(at).line && at > i && s.at(at-1).line {
			return numbers, to
		}
		t := s.at(at)
		end, norm := 0, t.norm
		switch {
		case t.has(house):
			end, norm = s.housePart(at, to > i)
			bare = max(bare, 1)
		case t.has(ordinal):
			end, norm = s.ordinalHouse(at), ""
		case t.is != digits || len(t.norm) > 4 || s.quantity(at):
		case s.flatAfter(at) > 0:
			end = s.flatAfter(at)
		case bare == 0 || bare < 3 && s.at(at-1).sign(",-/"):
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

// overSigns passes what stands between the parts of an address: signs, «и», and
// the «в» of «на площади Труда в доме 6».
func (s *scan) overSigns(i int) int {
	for n := 0; n < 3 && (s.at(i).sign(",;(«\"-/") || s.at(i).has(and)); n++ {
		i++
	}
	if s.at(i).has(inside) && (s.at(i+1).has(ordinal) || s.at(i+1).has(house) && s.at(i+2).is == digits) {
		i++
	}
	return i
}

// housePart reads «д. 5», «кв. № 12», «дом двадцать», and, in an address that
// has begun, «корп. Б». It returns 0 if token i begins none.
func (s *scan) housePart(i int, begun bool) (end int, norm string) {
	next := i + 1
	for s.at(next).sign(".№«\"") || s.at(next).has(number) {
		next++
	}
	if end, norm = s.houseNumber(next); end > next && !s.quantity(end-1) {
		return s.houseLetter(end), norm
	}
	if begun && s.at(next).is == word && utf8.RuneCountInString(s.at(next).norm) == 1 {
		return s.closeQuote(next + 1), ""
	}
	return 0, ""
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
			next.sign(",.") && figures && len(after.norm) == 2 && len(s.at(i).norm) > 2)
	}
	litera := next.glued && utf8.RuneCountInString(next.norm) == 1 // «12в»
	return next.has(unit|month) && !next.line && !next.has(house|place) && !litera
}

// flatAfter returns the end of «31 квартира», «12-й квартире» at number i, or 0.
func (s *scan) flatAfter(i int) int {
	at := i + 1
	if s.at(at).sign("-") && s.at(at).glued && s.at(at+1).has(joins) {
		at += 2
	}
	if t := s.at(at); t.has(house) && !t.line && !t.has(vague) && t.has(counted) && !t.has(flats) {
		next := at + 1
		for s.at(next).sign("№.") {
			next++
		}
		if s.at(next).is != digits {
			return at + 1
		}
	}
	return 0
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
	if t.is == word && utf8.RuneCountInString(t.norm) == 1 && !t.line && (t.glued || at > i || t.capital && !t.has(house)) &&
		!(t.has(place|plain) && !t.glued) && !s.at(at+1).sign("/") {
		return s.closeQuote(at + 1)
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
		if t := s.at(i); t.is == word && !t.has(joins) {
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
