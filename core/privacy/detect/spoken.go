package detect

import "strconv"

// mostSaid is how many words in a row are read as one number: a bank account, each
// figure by itself, with what stands between.
const mostSaid = 48

// spokenNumbers finds numbers that are written in words, «лицевой счёт ноль один
// четыре пять…», or partly so, by their owner as those in figures, phones by their
// form as well.
func (s *scan) spokenNumbers() {
	for i := 0; i < len(s.tokens); i++ {
		to, said, words := s.dictated(i)
		if to == i {
			continue
		}
		owner := s.before(i, owners)
		if owner&passport != 0 && len(said) == 4 { // the series, then the number
			next := to
			for s.at(next).has(number|passport) || s.at(next).sign("№,.:") {
				next++
			}
			if end, rest, more := s.dictated(next); len(rest) == 6 {
				to, said, words = end, said+rest, words || more
			}
		}
		if kind, certain, ok := s.saidKind(said, owner); words && ok && !s.quantity(to-1) {
			s.mark(i, to, kind, certain)
		} else if words && s.opensPhone(said, to) {
			s.mark(i, to, Phone, true)
		}
		i = to - 1
	}
}

// opensPhone reports whether what was said in words is the beginning of a phone whose
// rest, in figures, is found already: «восемь девятьсот двенадцать 555 03 41».
func (s *scan) opensPhone(said string, to int) bool {
	code := len(said) == 4 && (said[0] == '8' || said[0] == '7') || len(said) == 3 && said[0] == '9'
	return code && to < len(s.tokens) && s.at(to).is == barrier && !s.at(to).line
}

// dictated reads a number from token i on, said in words or partly in figures: «65
// 00 сто двадцать три…». It tells whether there are words.
func (s *scan) dictated(i int) (to int, said string, words bool) {
	for to = i; len(said) <= longestNumber; {
		if t := s.at(to); t.is == digits && (to == i || !t.line) {
			said += t.norm
			to++
			continue
		}
		end, more := s.spoken(to, i+mostSaid)
		if end == to || to > i && s.at(to).line {
			break
		}
		to, said, words = end, said+more, true
	}
	return to, said, words
}

// saidKind returns what a number is that was said in words after a word for its
// owner.
func (s *scan) saidKind(said string, owner roles) (kind Kind, certain, ok bool) {
	if kind, ok := s.own.kindOf(said); ok {
		return kind, true, true
	}
	n := len(said)
	for _, rule := range []struct {
		owner       roles
		least, most int
		kind        Kind
	}{
		{account, 8, 14, Account},
		{meter, 8, 20, Meter},
		{contract, 6, 20, Contract},
		{passport, 10, 10, Document},
		{snils, 11, 11, Document},
		{card, 13, 19, Card},
		{inn, 12, 12, TaxID},
		{ogrn, 15, 15, TaxID},
		{bank, 20, 20, Bank},
		{phone, 5, 7, Phone},
	} {
		if owner&rule.owner != 0 && n >= rule.least && n <= rule.most {
			return rule.kind, true, true
		}
	}
	switch {
	case n == 11 && (said[0] == '8' || said[0] == '7'), n == 10 && said[0] == '9':
		return Phone, true, true
	case n == 16 && luhn(said):
		return Card, true, true
	case n >= 10 && owner&reading == 0:
		return Number, false, true
	}
	return 0, false, false
}

// spoken reads number words from token i on, up to token end, as they are dictated:
// hundreds take the tens after them, tens the ones.
func (s *scan) spoken(i, end int) (to int, said string) {
	part, room := 0, 0 // room: what may still be added is smaller
	flush := func() {
		if room > 0 {
			said += strconv.Itoa(part)
		}
		part, room = 0, 0
	}
	for to = i; to < end; to++ {
		t := s.at(to)
		if to > i && t.sign(",-–") && s.at(to+1).is == word {
			continue
		}
		if !t.has(numeral) {
			break
		}
		v := known.spoken[t.norm]
		if v < room && v > 0 {
			part += v
		} else {
			flush()
			part = v
		}
		switch {
		case v >= 100:
			room = 100
		case v >= 20:
			room = 10
		default:
			room = 1
		}
	}
	flush()
	for to > i && s.at(to-1).is == sign {
		to--
	}
	return to, said
}

// saidOrdinal returns what the ordinal at token i counts, 0 if it is none.
func (s *scan) saidOrdinal(i int) int {
	if t := s.at(i); t.has(ordinal) {
		return known.ordinalOf(t.norm)
	}
	return 0
}

// saidYear reads a year in words from token i on: «тысяча девятьсот пятьдесят
// второго», «две тысячи первого», «один девять пять два», and «пятьдесят второго»
// without its century. It returns its end, or i, and what was said.
func (s *scan) saidYear(i int) (to, of int) {
	at, base := i, 0
	switch {
	case s.at(i).has(thousand):
		at, base = i+1, 1000
	case s.at(i+1).has(thousand) && s.at(i).has(numeral) && known.spoken[s.at(i).norm] == 2:
		at, base = i+2, 2000
	}
	to, said := s.spoken(at, at+4)
	if len(said) == 4 && base == 0 && (said[:2] == "19" || said[:2] == "20") {
		return to, value(said)
	}
	if len(said) > 3 {
		return i, 0
	}
	n := value(said)
	last := s.saidOrdinal(to)
	switch {
	case last == 0 && base == 1000 && n > 900 && (!s.at(to).has(unit) || s.at(to).has(year)): // «тысяча девятьсот пятьдесят два»
		return to, base + n
	case last == 0, last < 10 && (n%10 != 0 || n%100 == 10), last >= 10 && n%100 != 0, n > 0 && last > 99, base+n+last < 10:
		return i, 0
	case n >= 900 && base == 0: // «девятьсот пятьдесят второго»
		base = 1000
	}
	return to + 1, base + n + last
}

// spokenTail reads a house after a street that is said in words, with what follows:
// «площадь Ленина, два, квартира пять»; «на Садовой два дома» names none.
func (s *scan) spokenTail(i int) (numbers []string, to int) {
	at := i
	if s.at(at).sign(",-–—") {
		at++
	}
	end, norm := s.houseNumber(at)
	if end == at || s.at(at).is != word || s.at(at).line || s.quantity(end-1) {
		return nil, i
	}
	if s.at(end).has(house) {
		if part, _ := s.housePart(end, true); part == 0 {
			return nil, i
		}
	}
	if more, second := s.saidNext(s.overSigns(end)); more > 0 {
		return []string{norm, second}, more
	}
	numbers, to = s.tail(end)
	return append([]string{norm}, numbers...), to
}
