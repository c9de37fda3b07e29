package detect

import "unicode/utf8"

// home is where an author lives: the words of its street or village, its house and
// flat, "" if it names none.
type home struct {
	words       []string
	house, flat string
}

// parts are the words that say what in an address follows or went before.
const parts = street | village | fellowship | house | town | joins | place | number | index

// homesOf reads an address, for which every form has its own way: «Старогорск, пр-кт
// Энергетиков, 18, кв. 40», «д. Сосновка, ул. Полевая, 3», «садовая 5-12». A village
// and its street are two homes. Towns and districts may be told (domain.md §3.3).
func homesOf(text string) (list []home) {
	s := &scan{d: &Detector{}, tokens: tokenize(text)}
	for i := range s.tokens {
		// Here a word is a name or a part's: a small letter says nothing, nor does a
		// line of capitals.
		t := &s.tokens[i]
		_, counts := known.spoken[t.norm]
		t.capital = t.capital || t.is == word && !counts && t.roles&parts == 0
		t.caps = false
	}
	annotate(s.tokens)
	for i := range s.tokens {
		if found, ok := s.address(i); ok {
			from, to := s.nameOfStreet(i)
			list = append(list, s.home(from, to, found.numbers))
			s.leave(found.from, found.to)
		}
	}
	for i := range s.tokens {
		if from, to := s.settlementAfter(i); to > from {
			numbers, end := s.tail(to)
			list = append(list, s.home(from, to, numbers))
			s.leave(i, end)
		}
	}
	for i := 0; i < len(s.tokens); i++ {
		to := i
		for to < i+3 && s.streetLike(to) {
			to++
		}
		if to == i && !s.at(i).has(house) { // «д. 6, кв. 31» alone
			continue
		}
		numbers, end := s.tail(to)
		if end == to {
			numbers, end = s.spokenTail(to)
		}
		if len(numbers) > 0 {
			list = append(list, s.home(i, to, numbers))
		}
		i = max(end, to, i+1) - 1
	}
	return list
}

// home is that whose name is tokens [from, to), with the numbers after it.
func (s *scan) home(from, to int, numbers []string) (h home) {
	for i := from; i < to; i++ {
		if t := s.at(i); t.is == word {
			h.words = append(h.words, wordsOf(t.norm, 3)...)
		}
	}
	if len(numbers) > 0 {
		h.house = numbers[0]
	}
	if len(numbers) > 1 {
		h.flat = numbers[len(numbers)-1]
	}
	return h
}

// streetLike reports whether token i of an address may be a word of a street that
// nothing calls so.
func (s *scan) streetLike(i int) bool {
	t, before := s.at(i), s.at(i-1)
	if before.sign(".") {
		before = s.at(i - 2)
	}
	_, counts := known.spoken[t.norm]
	return t.is == word && !counts && utf8.RuneCountInString(t.norm) > 2 && !t.has(parts|plain) && !before.has(town)
}

// lives reports whether numbers are all a home's of the author's.
func (o *own) lives(numbers []string) bool {
	if len(numbers) == 0 {
		return false
	}
	for _, h := range o.homes {
		all := true
		for _, n := range numbers {
			all = all && (n == h.house || n == h.flat || h.flat != "" && n == h.house+h.flat)
		}
		if all {
			return true
		}
	}
	return false
}

// ownPair returns the end of the author's house and flat at token i, «5-12», «пять
// двенадцать», or i.
func (s *scan) ownPair(i int) int {
	for _, h := range s.own.homes {
		if h.house == "" || h.flat == "" {
			continue
		}
		if s.at(i).is == digits {
			if s.at(i).norm == h.house && s.at(i+1).sign("-/,") && s.at(i+2).norm == h.flat && !s.quantity(i+2) {
				return i + 3
			}
			continue
		}
		if to, said := s.spoken(i, i+mostSaid); to > i+1 && said == h.house+h.flat && !s.quantity(to-1) {
			return to
		}
	}
	return i
}
