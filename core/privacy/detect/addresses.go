package detect

import (
	"strings"
	"unicode/utf8"
)

// place_ is a stretch of tokens that is an address.
type location struct {
	from, to int
	key      string // street and house, "" if it does not name both
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
	if !s.at(i).has(street) {
		return location{}, false
	}
	at := i + 1
	if s.at(at).sign(".") {
		at++
	}
	from, nameFrom, nameTo := i, at, s.streetName(at)
	if numberFrom := s.numberBefore(i); numberFrom < i {
		from, nameFrom, nameTo = numberFrom, numberFrom, i
	} else if nameTo == at || s.adjectiveBefore(i) && !s.at(at).capital {
		// The name may stand before its kind.
		if !s.adjectiveBefore(i) {
			return location{}, false
		}
		from, nameFrom, nameTo = i-1, i-1, i
	} else {
		at = nameTo
	}
	numbers, to := s.tail(at)
	if nameFrom > i && !s.at(nameFrom).capital && s.at(nameFrom).is == word && len(numbers) == 0 && !s.at(nameFrom).ownStreet && !s.at(nameFrom).shout {
		// «на улице темно» is no address.
		if len(s.at(i).norm) > 4*letter || !s.at(i+1).sign(".") {
			return location{}, false
		}
	}
	if s.at(i).has(vague) && len(numbers) == 0 && nameFrom < i {
		return location{}, false // «за 3 квартал»
	}
	from = s.houseBefore(from)
	return location{from: from, to: to, key: s.key(nameFrom, nameTo, numbers)}, true
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
	return t.is == word && (t.capital || t.ownStreet) && !s.at(i).line && !t.has(plain&^0|town|street|house|lead) && adjective(t.norm)
}

// adjective reports whether a word ends as adjectives do.
func adjective(norm string) bool { return known.ends(norm, "ending_adjective") }

// streetName returns the end of the name that begins with token i, or i: words
// with capitals, a number with its words («8 Марта», «1-я Полевая»), or one
// small word.
func (s *scan) streetName(i int) int {
	at := i
	for s.at(at).sign("«\"") || s.at(at).has(named) || at > i && s.at(at-1).has(named) && s.at(at).sign(".") {
		at++
	}
	t := s.at(at)
	if t.line && at > i {
		return i
	}
	switch {
	case t.is == digits && len(t.norm) <= 3 && t.norm[0] != '0':
		end := at + 1
		for s.at(end).sign("-") && s.at(end).glued {
			end++
		}
		if s.at(end).is == word && (s.at(end).has(joins|month) || s.at(end).capital) && !s.at(end).has(house) {
			for s.at(end).is == word && (s.at(end).has(joins) || s.at(end).capital) && !s.at(end).has(house) {
				end++
			}
			return s.closeQuote(end)
		}
		if i > 0 && s.at(i-1).has(byNumber) {
			return i + 1
		}
		return i
	case t.is != word || t.has(house|street|town) && !t.capital:
		return i
	case t.capital && !t.shout:
		end := at + 1
		for n := 0; n < 3; n++ {
			next := s.at(end)
			if next.sign("-.") && next.glued && s.at(end+1).is == word && s.at(end+1).capital && utf8.RuneCountInString(s.at(end-1).norm) < 12 && (next.norm == "-" || utf8.RuneCountInString(s.at(end-1).norm) == 1) {
				end += 2
				continue
			}
			if next.is != word || !next.capital || next.line || next.has(house|lead) || next.has(plain) && !s.at(end-1).has(plain) {
				break
			}
			end++
		}
		return s.closeQuote(end)
	case t.has(plain|place|unit) && !t.ownStreet:
		return i
	}
	return s.closeQuote(at + 1)
}

func (s *scan) closeQuote(i int) int {
	if s.at(i).sign("»\"") {
		return i + 1
	}
	return i
}

// tail reads what follows a street: houses, blocks, flats, each with its word or
// bare. It returns the numbers and the end.
func (s *scan) tail(i int) (numbers []string, to int) {
	to, at, bare := i, i, 0
	for {
		for n := 0; n < 3 && (s.at(at).sign(",;(«\"-/") || s.at(at).has(and)); n++ {
			at++
		}
		if s.at(at).has(inside) && (s.at(at+1).has(ordinal) || s.at(at+1).has(house) && s.at(at+2).is == digits) {
			at++ // «на площади Труда в доме 6»
		}
		t := s.at(at)
		if t.line && at > i && s.at(at-1).line {
			return numbers, to
		}
		if t.has(house) {
			next := at + 1
			for s.at(next).sign(".№«\"") || s.at(next).has(number) {
				next++
			}
			n := s.at(next)
			if end, norm := s.houseNumber(next); end > next && !s.quantity(end-1) {
				numbers = append(numbers, norm)
				to = s.houseLetter(end)
				at, bare = to, 1
				continue
			} else if n.is == word && utf8.RuneCountInString(n.norm) == 1 && to > i {
				to, at = s.closeQuote(next+1), next+1
				continue
			}
			return numbers, to
		}
		if end := s.ordinalHouse(at); end > 0 {
			to, at = end, end
			continue
		}
		if t.is != digits || len(t.norm) > 4 || s.quantity(at) {
			return numbers, to
		}
		if flat := s.flatAfter(at); flat > 0 {
			numbers = append(numbers, t.norm)
			to, at = flat, flat
			continue
		}
		if bare >= 3 || bare > 0 && !s.at(at-1).sign(",-/") {
			return numbers, to
		}
		bare++
		numbers = append(numbers, t.norm)
		to = s.houseLetter(at + 1)
		at = to
	}
}

// quantity reports whether the number at i counts something, tells a time or
// begins a sum: no house is meant.
func (s *scan) quantity(i int) bool {
	next := s.at(i + 1)
	if next.sign("₽%") && next.glued || next.sign(":") && next.glued && s.at(i+2).glued && s.at(i+2).is == digits || next.sign(",.") && next.glued && s.at(i+2).is == digits && s.at(i+2).glued && len(s.at(i+2).norm) == 2 && len(s.at(i).norm) > 2 {
		return true
	}
	if next.is == digits && !next.line && len(next.norm) == 3 && len(s.at(i).norm) <= 3 {
		return true
	}
	return next.is == word && !next.line && next.has(unit|month) && !next.has(house|place) && !(next.glued && utf8.RuneCountInString(next.norm) == 1)
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
		norm += s.at(to).norm
	}
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
		near := s.before(i, index|address|owners)&(index|address) != 0
		if near || next.has(town|street|village) || s.at(i+1).sign(",") && (next.is == barrier && next != &outside || next.proper()) || s.at(i-1).sign(",") && s.at(i-2).is == barrier {
			s.mark(i, i+1, Address, false)
		}
	}
}
