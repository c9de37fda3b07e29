package detect

import "strconv"

// saidPlace reads an ordinal from token i on, «пятая», «двадцать пятую», «сто
// сороковой»: its end, i if there is none, what it counts, and whether it has more
// than one word.
func (s *scan) saidPlace(i int) (to, counts int, compound bool) {
	for to = i; to < i+2 && s.at(to).has(numeral) && !s.at(to).line; to++ {
		v := known.spoken[s.at(to).norm]
		if v < 20 || v%10 != 0 || counts > 0 && (counts < 100 || v >= 100) {
			return i, 0, false
		}
		counts += v
	}
	last := s.saidOrdinal(to)
	if last == 0 || to > i && (s.at(to).line || counts%100 > 0 && last > 9 || last > 99) {
		return i, 0, false
	}
	return to + 1, counts + last, to > i
}

// ordinalHouse returns the end of «в пятом доме», «сто третья квартира» at token i,
// or 0; «купили вторую квартиру» tells no number. In an address that has begun it may
// be a floor as well.
func (s *scan) ordinalHouse(i int, begun bool) int {
	to, _, compound := s.saidPlace(i)
	h := s.at(to)
	switch {
	case to == i, !adjective(s.at(to - 1).norm), !h.has(house), h.line, h.has(vague) && !h.has(atHome) && !(begun && len(h.norm) > 2*letter):
		return 0
	case endsInU(h.norm) && !compound:
		return 0
	}
	return to + 1
}

// saidNext reads a part of an address in words at token i, after a comma or «дробь»:
// its end, 0 for none.
func (s *scan) saidNext(i int) (to int, norm string) {
	if !s.at(i-1).sign(",-/") && !s.at(i-1).has(and) || s.at(i).line {
		return 0, ""
	}
	to, norm = s.houseNumber(i)
	if to == i || s.quantity(to-1) || !s.ends(to) && !s.at(to).has(house) {
		return 0, ""
	}
	return to, norm
}

// neighbour returns the end of a flat that only its number tells, after who comes from
// there, at token i: «к Никитичне из сорок первой»; or i.
func (s *scan) neighbour(i int) int {
	from := s.at(i - 1)
	if !from.has(place) || from.has(along|inside) {
		return i
	}
	to, _, compound := s.saidPlace(i)
	switch {
	case s.at(i).is == digits && s.flatAfter(i, false) > 0:
		return i
	case s.at(i).is == digits && len(s.at(i).norm) <= 3 && s.suffix(i+2) && known.ends(s.at(i+2).norm, "ending_flat"): // «из 32-й»
		to = i + 3
	case to == i || !known.ends(s.at(to-1).norm, "ending_lived") || !compound && !s.ends(to) && !s.at(to).has(plain|place):
		return i
	case compound && known.ends(s.at(to).norm, "ending_verb"): // «из сорок первой стучат»
		return to
	}
	if who := s.at(i - 2); who.is == barrier && who != &outside || who.has(lead) || who.kin != 0 && who.roles == 0 {
		return to
	}
	return i
}

// ownSaid returns the end of the author's house or flat in words at token i, where a
// word for a house or a number stands shortly before: «номер его семьдесят семь»; or i.
func (s *scan) ownSaid(i int) int {
	if !s.at(i).has(numeral|ordinal) || !s.at(i-1).has(mine|number|house) {
		return i
	}
	to, said := s.spoken(i, i+3)
	if end, counts, _ := s.saidPlace(i); end > to {
		to, said = end, strconv.Itoa(counts)
	}
	for _, h := range s.own.homes {
		if to > i && (said == h.house || said == h.flat) && !s.quantity(to-1) {
			return to
		}
	}
	return i
}
