package detect

import "unicode/utf8"

// names finds persons' names. A seed is what is certainly a part of one: a first
// name, a patronymic, a surname by its ending, initials beside a word, what
// follows «сосед» or «меня зовут», the author's own words. Neighbours that look
// like other parts join it.
func (s *scan) names() {
	for i := 0; i < len(s.tokens); i++ {
		t := s.at(i)
		if t.is != word {
			continue
		}
		from, to := s.seed(i)
		if from == to {
			continue
		}
		from, to = s.grow(from, to)
		s.mark(from, to, Name, false)
		i = to - 1
	}
}

// seed returns the tokens at i that are surely a name's, an empty stretch if
// none.
func (s *scan) seed(i int) (from, to int) {
	t := s.at(i)
	if t.ownName && (t.capital || utf8.RuneCountInString(t.norm) > 3 && !t.has(plain)) {
		return i, i + 1
	}
	if from, to := s.initialled(i); to > from {
		return from, to
	}
	if t.has(plain|month|town) || utf8.RuneCountInString(t.norm) < 2 {
		return i, i
	}
	k := t.kin
	if t.has(lead | street | house | village | call) {
		return i, i
	}
	lonely := t.opens && s.endsSentence(i)
	switch {
	case k&patronymic != 0 && (!t.has(owners | unit)):
	case k&first != 0 && (t.capital || !t.has(unit|owners)):
	case k&firstWeak != 0 && t.proper() && !s.at(i-1).sign("«") && (!t.opens || lonely || s.at(i+1).sign(",")):
	case k&surname != 0 && t.proper() && utf8.RuneCountInString(t.norm) > 3:
	case k&(surnameWeak|surnameKnown) != 0 && t.proper() && (!t.opens || lonely && k&surnameKnown != 0):
	case s.led(i) && t.proper() && !(t.caps && len(t.norm) <= 4*letter) && (!t.opens || s.at(i-1).sign(":")):
	case s.led(i) && k&(first|firstWeak|surname|surnameKnown) != 0:
	case s.called(i):
	case s.pairAhead(i, k):
	case s.unexplained(i):
	default:
		return i, i
	}
	return i, i + 1
}

// unexplained reports whether a word amid a sentence has a capital for no reason
// that the detector knows: «видели Гуза».
func (s *scan) unexplained(i int) bool {
	t, before := s.at(i), s.at(i-1)
	return t.proper() && !t.opens && t.roles == 0 && !t.caps && !t.latin && utf8.RuneCountInString(t.norm) > 2 &&
		(before.is == word && !before.capital || before.sign(","))
}

// endsSentence reports whether the word at i is the last one of its sentence: a
// signature.
func (s *scan) endsSentence(i int) bool {
	next := s.at(i + 1)
	return next == &outside || next.line || next.sign(".!?")
}

// pairAhead reports whether a small or shouted surname stands beside a first
// name: «гаврилюк степан», or a doubtful first name beside a surname.
func (s *scan) pairAhead(i int, k kin) bool {
	if k == 0 {
		return false
	}
	next := s.at(i + 1)
	if next.is != word || next.line || next.has(plain) {
		return false
	}
	other := next.kin
	return other&(first|patronymic) != 0 ||
		k&(firstWeak|firstPair) != 0 && other&(surname|surnameKnown|surnameWeak) != 0 && (next.capital || other&surnameKnown == 0) ||
		next.proper() && k&(firstWeak|firstPair) != 0 && s.at(i).proper() && !s.at(i).opens
}

// led reports whether a word before token i says that a person is named next.
func (s *scan) led(i int) bool {
	at := i - 1
	for n := 0; n < 2 && s.at(at).sign(":(—–-,«\".") && !s.at(at+1).line; n++ {
		at--
	}
	return s.at(at).has(lead|call) && !s.at(at+1).line && !(s.at(i-1).sign(".") && !abbreviates(s.tokens, i-1))
}

// called reports whether token i is what somebody says to be called.
func (s *scan) called(i int) bool {
	at := i - 1
	for s.at(at).sign(":—–-") && !s.at(at+1).line {
		at--
	}
	t := s.at(i)
	return s.at(at).has(call) && !s.at(at+1).line && t.capital && !t.opens ||
		s.at(at).has(said) && !t.line && !t.has(plain|lead|call|place|owners)
}

// initialled finds a surname with initials at token i, on either side of it:
// «Иванов И. П.», «И.П. Иванов», «Щукина В Ю», «иванов и.п.».
func (s *scan) initialled(i int) (from, to int) {
	t := s.at(i)
	if initial(t) {
		end, n, dotted := s.initials(i)
		next := s.at(end)
		if n > 0 && dotted && next.is == word && !next.line && next.capital && !next.latin && utf8.RuneCountInString(next.norm) > 1 &&
			!next.has(street|house|village|town|month) && (!next.has(plain) || n == 2 && !next.has(plain)) && !s.at(i-1).has(street) && (s.at(i+1).is != sign || s.at(i+1).glued) {
			return i, end + 1
		}
		return i, i
	}
	if utf8.RuneCountInString(t.norm) < 2 || t.has(street|house|village|town|plain|month|lead|call) {
		return i, i
	}
	end, n, dotted := s.initials(i + 1)
	if n == 0 || s.at(i+1).line || s.at(i+1).glued {
		return i, i
	}
	k := t.kin
	switch {
	case dotted && t.capital && s.at(i+1).capital, dotted && n == 2 && k != 0,
		n == 2 && t.capital && s.at(i+1).capital && s.at(i+2).capital && k != 0:
		return i, end
	}
	return i, i
}

func initial(t *token) bool {
	return t.is == word && t.capital && !t.latin && utf8.RuneCountInString(t.norm) == 1
}

// initials reads one or two single letters from token i on; dotted says that a
// point follows the first.
func (s *scan) initials(i int) (end, n int, dotted bool) {
	for end = i; n < 2; n++ {
		t := s.at(end)
		if t.is != word || utf8.RuneCountInString(t.norm) != 1 || t.line && n > 0 {
			break
		}
		if s.at(end+1).sign(".") && s.at(end+1).glued {
			dotted = true
			end += 2
			continue
		}
		if dotted && n == 1 && !t.capital || s.at(end+1).sign("/-") && s.at(end+1).glued || n == 1 && !t.glued && t.has(plain) && dotted {
			break
		}
		end++
	}
	return end, n, dotted
}

// grow joins the neighbours of a name that may belong to it.
func (s *scan) grow(from, to int) (int, int) {
	for to-from < 12 {
		if at := s.partAfter(to); at > to {
			to = at
			continue
		}
		if at := s.partBefore(from); at < from {
			from = at
			continue
		}
		break
	}
	return from, to
}

// partAfter returns the end of the part of a name that begins at token i, or i.
func (s *scan) partAfter(i int) int {
	at := i
	if s.at(at).sign("-‑–") && s.at(at).glued && s.at(at+1).glued {
		at++
	}
	t := s.at(at)
	if t.is != word || t.line {
		return i
	}
	if _, n, dotted := s.initials(at); n > 0 {
		if dotted && t.capital && at == i {
			end, _, _ := s.initials(at)
			return end
		}
		return i
	}
	if t.has(kinship) || s.partLike(t, at > i) {
		if at+1 < len(s.tokens) && s.at(at+1).sign(".") && s.shortened(t) {
			return at + 2
		}
		return at + 1
	}
	return i
}

// shortened reports whether a word is the beginning of a patronymic: «Викт.».
func (s *scan) shortened(t *token) bool { return known.fathers[t.norm] && known.names[t.norm] == 0 }

func (s *scan) partBefore(i int) int {
	at := i - 1
	if s.at(i).line {
		return i
	}
	if s.at(at).sign("-‑–") && s.at(at).glued && s.at(i).glued {
		at--
	}
	t := s.at(at)
	father := at == i-1 && t.roles == 0 && known.patronymic(s.at(i).norm, false) && utf8.RuneCountInString(t.norm) > 2
	if t.is != word || !father && !s.partLike(t, at < i-1) {
		return i
	}
	if t.opens && t.kin == 0 && !s.mayOpen(t) {
		return i
	}
	return at
}

// mayOpen reports whether a word at a sentence's beginning, of no name's looks,
// may yet be a surname: it is nothing the rules know otherwise.
func (s *scan) mayOpen(t *token) bool { return t.roles == 0 && t.proper() }

// partLike reports whether a word beside a name is a part of it. Hyphened says
// that a hyphen joins the two.
func (s *scan) partLike(t *token, hyphened bool) bool {
	if t.ownName {
		return true
	}
	if t.has(plain|month|town|street|house|village|unit|call|owners) || t.has(lead) && !t.capital || utf8.RuneCountInString(t.norm) < 2 {
		return false
	}
	if t.proper() {
		return !t.has(lead) || !t.opens && t.kin != 0
	}
	k := t.kin
	return k&(first|firstWeak|firstPair|patronymic|surname|surnameKnown|surnameWeak) != 0 && (!hyphened || k != 0) && !t.has(place|phone)
}

// latinKin reads a Latin word with a capital as a Russian name in the letters of
// a passport: «Kirill».
func latinKin(t *token) kin {
	if !t.capital || len(t.norm) < 4 {
		return 0
	}
	return known.names[known.cyrillic.Replace(t.norm)] & (first | firstWeak)
}
