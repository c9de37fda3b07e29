package detect

import "unicode/utf8"

// bare is a street that nothing calls so, as far as it is read.
type bare struct {
	i         int // the last word of its name that a rule looked at
	first, to int // its name, with what belongs to it before
	from, end int // all of it, with houses and flats on both sides
	numbers   []string
	placed    bool // «на», «по», «с» stand before it
	told      bool // «живу», «адрес» do
	flat      bool // a word calls a house or a flat so
}

// housed reports whether a house follows.
func (b *bare) housed() bool { return b.end > b.to }

// families are the ways in which a bare street shows itself; one is enough.
var families = []func(*scan, *bare) bool{
	(*scan).ownsIt, (*scan).wellKnown, (*scan).datedIt, (*scan).small, (*scan).composed, (*scan).houseFirst,
	(*scan).lived, (*scan).looksIt, (*scan).withFlat, (*scan).paired, (*scan).onIt, (*scan).villageAlone,
}

// bareStreet reads a street that nothing calls so: the author's own, one with a
// house («Ладожская, 9, кв. 77», «Мира 14»), one of «на Луговой».
func (s *scan) bareStreet(i int) (location, bool) {
	if !s.mayBeStreet(i) {
		return location{}, false
	}
	t := s.at(i)
	b := bare{i: i, first: s.nameBefore(i), to: i + 1}
	if t.caps && len(t.norm) <= 4*letter && !t.ownStreet && !t.street && b.first == i { // «СОИ 12,3»
		return location{}, false
	}
	if adjective(t.norm) && s.secondWord(b.to) { // «Новая Заря»
		b.to++
	}
	b.numbers, b.end = s.tail(b.to)
	if b.end == b.to {
		s.saidHouse(&b)
	}
	if (known.in("grid", s.at(b.first-1).norm) || known.in("public", s.at(b.first-1).norm)) && !t.ownStreet { // «фидер Школьный 5»
		return location{}, false
	}
	b.from = s.houseBefore(b.first)
	b.placed = s.at(b.first - 1).has(place)
	b.told = s.before(b.first, address) != 0
	b.flat = s.flatWithin(b.to, b.end)
	for _, believes := range families {
		if believes(s, &b) {
			return location{from: b.from, to: b.end, key: s.key(b.first, b.to, b.numbers), certain: t.ownStreet}, true
		}
	}
	return location{}, false
}

// mayBeStreet reports whether token i may be the word that a street is called by.
func (s *scan) mayBeStreet(i int) bool {
	t := s.at(i)
	switch {
	case t.is != word || utf8.RuneCountInString(t.norm) < 3:
		return false
	case t.ownStreet, t.capital && adjective(t.norm) && s.houseAndFlat(i+1): // «Новая 22-70», «Заводская, 9-31»
		return true
	case t.has(month):
		return s.nameBefore(i) < i // «9 Мая»
	case t.has(lead | house | village | town):
		return false
	case t.street:
		return t.capital || !t.has(street|account|meter|plain)
	case t.has(street | account | meter):
		return false
	case !t.capital: // «лесная 7», «свободы 44»
		return t.roles == 0 && (known.ends(t.norm, "ending_feminine") || known.ends(t.norm, "ending_after"))
	}
	return !t.has(plain) && t.kin&(first|patronymic) == 0
}

// saidHouse reads the house of a street in words, where the street is sure enough:
// «Лесная восемь, квартира семь», «садовой пять» of the author's own.
func (s *scan) saidHouse(b *bare) {
	t := s.at(b.i)
	said, to := s.spokenTail(b.to)
	sure := t.ownStreet // of others «Сбера две квитанции» would be one
	if b.to == b.i+1 && (t.street || t.capital && adjectiveOrAfter(t.norm)) {
		sure = sure || len(said) > 1 || len(said) == 1 && s.ends(to) && (t.street || s.at(b.i-1).has(along) || s.before(b.i, address) != 0) ||
			t.street && to > b.to+1
	}
	if sure {
		b.numbers, b.end = said, to
	}
}

// ownsIt: «Садовую, 5», «на садовой», of the author's own street.
func (s *scan) ownsIt(b *bare) bool {
	t := s.at(b.i)
	return t.ownStreet && (t.capital || b.housed() || b.placed && !s.at(b.i-1).has(away))
}

// wellKnown: «Фрунзе 22», «ленина 52», «на садовой 14», of a name that streets have
// in every town.
func (s *scan) wellKnown(b *bare) bool {
	t := s.at(b.i)
	switch {
	case !t.street || !b.housed():
		return false
	case t.capital && (!t.has(plain) || s.ends(b.end)), t.kin&surname != 0, len(b.numbers) > 1, b.told, s.ends(b.end):
		return true
	case s.at(b.first - 1).has(inside): // «в новой 5»
		return false
	}
	return b.placed && !known.ends(s.at(b.end).norm, "ending_counted") || s.at(b.first).line && (s.at(b.end).has(address|place) || b.first < b.i)
}

// datedIt: «9 Мая 15-3», «8 марта 5, кв. 2», but not the days themselves.
func (s *scan) datedIt(b *bare) bool {
	return s.at(b.i).has(month) && (len(b.numbers) > 1 || b.housed() && (b.flat || b.placed || b.told || s.ends(b.end)))
}

// small: «лесная 7» after a word that tells of an address, «вишнёвая 3 кв 8».
func (s *scan) small(b *bare) bool {
	t := s.at(b.i)
	if t.capital || t.roles != 0 || !b.housed() {
		return false
	}
	told := b.told && (b.placed || adjective(t.norm) || t.kin&surname != 0) // «пишет ошибка 404» tells no street
	return told || s.at(b.end).has(address) || b.flat
}

// composed: «40 лет Победы, 22», «2-я Садовая, 8», «К. Маркса, 15»: a name of several
// parts needs no more than a house.
func (s *scan) composed(b *bare) bool {
	return b.first < b.i && b.housed() && b.from == b.first && !s.at(b.i).has(month)
}

// houseFirst: «дома 3 на Мира», «дом 9 по Ладожской».
func (s *scan) houseFirst(b *bare) bool {
	return b.from < b.first && b.placed && adjectiveOrAfter(s.at(b.i).norm)
}

// lineUp: «Садовая, нет света», «живу на садовой», «света нет по советской», of a name
// that is known.
func (s *scan) lineUp(b *bare) bool {
	t := s.at(b.i)
	if t.capital {
		return s.at(b.first-1).has(along) || adjective(t.norm) && s.ends(b.end) && (s.at(b.first).line || s.at(b.first-1).sign(":"))
	}
	return s.at(b.first-1).has(along) && (b.told || s.ends(b.end))
}

// lived: «на Луговой», but not «у Ивановой».
func (s *scan) lived(b *bare) bool {
	t := s.at(b.i)
	if t.street && !b.housed() && !t.has(plain) && s.lineUp(b) {
		return true
	}
	return !b.housed() && t.capital && s.at(b.first-1).has(along) && known.ends(t.norm, "ending_lived") && !t.shout && !t.opens
}

// looksIt: «Мингажева, 121», «по Кольцевой 5», of a word that looks as streets do.
func (s *scan) looksIt(b *bare) bool {
	t := s.at(b.i)
	if !b.housed() || !t.capital || t.has(month) || !adjectiveOrAfter(t.norm) {
		return false
	}
	if s.noun(b) {
		return b.placed || b.told || b.flat
	}
	return b.placed || b.told || len(b.numbers) > 1 || !t.opens && !t.shout ||
		s.ends(b.end) && (!t.shout || adjective(t.norm)) || adjective(t.norm) && !t.shout && s.at(b.i+1).sign(",")
}

// noun reports whether a capital only opens a sentence with what may be any noun:
// «Таблица 5-7», «Ставка 5,12», «Группа 2».
func (s *scan) noun(b *bare) bool {
	t := s.at(b.i)
	return t.opens && !t.street && t.kin&surname == 0 && !adjective(t.norm) && known.ends(t.norm, "ending_noun")
}

// withFlat: «Партизан 5, кв. 12», whatever the word.
func (s *scan) withFlat(b *bare) bool {
	return len(b.numbers) > 1 && b.flat && s.at(b.i).proper()
}

// paired: «Новостроек 15-8», «вишнёвая 11-5».
func (s *scan) paired(b *bare) bool {
	t := s.at(b.i)
	if len(b.numbers) != 2 {
		return false
	}
	if t.capital && adjective(t.norm) && s.houseAndFlat(b.i+1) {
		return true
	}
	return s.at(b.to).is == digits && s.at(b.to+1).sign("-") && !s.noun(b) &&
		(t.capital || known.ends(t.norm, "ending_feminine") || t.kin&surname != 0)
}

// onIt: «на Гафури 12», «по Зорге, 5»: whatever has a house and is lived on.
func (s *scan) onIt(b *bare) bool {
	t := s.at(b.i)
	return b.housed() && t.proper() && t.roles == 0 && !t.latin && s.at(b.first-1).has(along) && s.ends(b.end)
}

// villageAlone: «в Малиновке, 14».
func (s *scan) villageAlone(b *bare) bool {
	t := s.at(b.i)
	return b.housed() && t.proper() && !t.latin && !t.caps && t.roles == 0 && s.at(b.first-1).has(inside) && s.at(b.to).sign(",") && s.ends(b.end)
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
