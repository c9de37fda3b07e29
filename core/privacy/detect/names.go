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
	if utf8.RuneCountInString(t.norm) < 2 || t.has(plain|month|town|lead|street|house|village|call) {
		return i, i
	}
	if s.at(i-1).has(town) && !t.line && t.capital && utf8.RuneCountInString(s.at(i-1).norm) > 3 { // «города Лесогорска»
		return i, i
	}
	if s.looksNamed(t, i) || s.led(i) || s.called(i) || s.pairAhead(i) || s.unexplained(i) {
		return i, i + 1
	}
	return i, i
}

// looksNamed reports whether the word at i is a part of a name by its own looks.
// The doubtful ones need a capital that is not a sentence's, unless they are a
// sentence by themselves, a signature, or call somebody: «Вера, …».
func (s *scan) looksNamed(t *token, i int) bool {
	amid, signature := !t.opens, t.opens && s.endsSentence(i)
	switch {
	case t.kin&patronymic != 0:
		return !t.has(owners | unit)
	case t.kin&first != 0:
		return t.capital || !t.has(unit|owners)
	case t.kin&petOwned != 0:
		return t.capital || t.roles == 0
	case !t.proper(): // a signature at the letter's end: «мазаев»
		return t.kin&surname != 0 && t.roles == 0 && t.opens && i > 0 && !t.capital && s.lastWord(i) && utf8.RuneCountInString(t.norm) > 4
	case s.district(i):
		return false
	case t.kin&surname != 0 && utf8.RuneCountInString(t.norm) > 3, t.kin&eastern != 0:
		return true
	case t.kin&firstWeak != 0 && !s.at(i-1).sign("«"):
		return amid || signature || s.at(i+1).sign(",")
	case t.kin&surnameKnown != 0:
		return amid || signature
	}
	return t.kin&surnameWeak != 0 && amid
}

// unexplained reports whether a word amid a sentence has a capital for no reason
// that the detector knows: «видели Гуза».
func (s *scan) unexplained(i int) bool {
	t, before := s.at(i), s.at(i-1)
	return t.proper() && !t.opens && t.roles == 0 && !t.caps && !t.latin && utf8.RuneCountInString(t.norm) > 2 && !s.district(i) &&
		(before.is == word && !before.capital || before.sign(","))
}

// district reports whether the word at i names one or a town, «Озёрного района», or
// what stands in the grid, «ПС Лесная», «Кировский РЭС»: that may stand (domain.md §3.3).
func (s *scan) district(i int) bool {
	next := s.at(i + 1)
	return adjective(s.at(i).norm) && !next.line && (!next.capital && next.has(town) || known.in("grid", next.norm) || known.in("grid", s.at(i-1).norm))
}

// endsSentence reports whether the word at i is the last one of its sentence: a
// signature.
func (s *scan) endsSentence(i int) bool {
	next := s.at(i + 1)
	return next == &outside || next.line || next.sign(".!?")
}

// lastWord reports whether the letter ends with the word at i.
func (s *scan) lastWord(i int) bool {
	for i++; s.at(i).sign(".!)"); i++ {
	}
	return s.at(i) == &outside
}

// pairAhead reports whether a small or shouted surname stands beside a first
// name, «гаврилюк степан», or a doubtful first name beside a surname or another
// capital.
func (s *scan) pairAhead(i int) bool {
	t, next := s.at(i), s.at(i+1)
	if t.kin == 0 || next.is != word || next.line || next.has(plain) {
		return false
	}
	doubtful := t.kin&(firstWeak|firstPair) != 0
	if doubtful && !next.capital && known.idioms[t.norm+" "+next.norm] {
		return false
	}
	return next.kin&(first|patronymic) != 0 ||
		doubtful && next.kin&(surname|surnameWeak) != 0 ||
		doubtful && next.kin&surnameKnown != 0 && next.capital ||
		doubtful && next.proper() && t.proper() && !t.opens
}

// led reports whether a word before token i says that a person is named next,
// and the token may be a name: it has a capital, or a name's looks.
func (s *scan) led(i int) bool {
	at := i - 1
	for n := 0; n < 2 && s.at(at).sign(":(—–-,«\".") && !s.at(at+1).line; n++ {
		at--
	}
	if !s.at(at).has(lead|call) || s.at(at+1).line || s.at(i-1).sign(".") && !abbreviates(s.tokens, i-1) {
		return false
	}
	t := s.at(i)
	company := t.caps && len(t.norm) <= 4*letter
	return t.proper() && !company && (!t.opens || s.at(i-1).sign(":")) ||
		t.kin&(first|firstWeak|surname|surnameKnown) != 0
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
	notNames := street | house | village | town | month | plain
	if initial(t) {
		end, n, dotted := s.initials(i)
		next := s.at(end)
		if n > 0 && dotted && next.is == word && !next.line && next.capital && !next.latin && !next.has(notNames) &&
			utf8.RuneCountInString(next.norm) > 1 && !s.at(i-1).has(street) {
			return i, end + 1
		}
		return i, i
	}
	if utf8.RuneCountInString(t.norm) < 2 || t.has(notNames|lead|call) {
		return i, i
	}
	letterOne, letterTwo := s.at(i+1), s.at(i+2)
	end, n, dotted := s.initials(i + 1)
	switch {
	case n == 0 || letterOne.line || letterOne.glued:
		return i, i
	case dotted && t.capital && letterOne.capital, // «Гуз А.»
		dotted && n == 2 && t.kin != 0, // «иванов и.п.»
		n == 2 && t.kin != 0 && t.capital && letterOne.capital && letterTwo.capital: // «Щукина В Ю»
		return i, end
	}
	return i, i
}

// afterInitial reports whether token i is the second initial of somebody, «К. С.
// Воронцов», and not a short word for a village or a road.
func (s *scan) afterInitial(i int) bool {
	return initial(s.at(i)) && s.at(i-1).sign(".") && s.at(i-1).glued && initial(s.at(i-2)) && s.at(i+1).sign(".")
}

func initial(t *token) bool {
	return t.is == word && t.capital && !t.latin && utf8.RuneCountInString(t.norm) == 1
}

// initials reads one or two single letters from token i on; dotted says that a
// point follows the first.
func (s *scan) initials(i int) (end, n int, dotted bool) {
	for end = i; n < 2; n++ {
		t, next := s.at(end), s.at(end+1)
		if t.is != word || utf8.RuneCountInString(t.norm) != 1 || t.line && n > 0 {
			break
		}
		if next.sign(".") && next.glued {
			dotted = true
			end += 2
			continue
		}
		if next.sign("/-") && next.glued { // «с/т»
			break
		}
		if dotted && n == 1 && (!t.capital || !t.glued && t.has(plain)) { // «Иванов И. и Петров»
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
	if t.has(kinship) || s.partLike(t) {
		if at+1 < len(s.tokens) && s.at(at+1).sign(".") && s.shortened(t) {
			return at + 2
		}
		return at + 1
	}
	return i
}

// shortened reports whether a word is the beginning of a patronymic: «Викт.».
func (s *scan) shortened(t *token) bool { return known.fathers[t.norm] && known.names[t.norm] == 0 }

// partBefore returns the beginning of the part of a name that ends before token
// i, or i. Whatever stands before a known father's name belongs to it: «марью
// семёновну».
func (s *scan) partBefore(i int) int {
	at := i - 1
	if s.at(i).line {
		return i
	}
	hyphened := s.at(at).sign("-‑–") && s.at(at).glued && s.at(i).glued
	if hyphened {
		at--
	}
	t := s.at(at)
	unknown := t.roles == 0 && utf8.RuneCountInString(t.norm) > 2
	child := !hyphened && unknown && known.patronymic(s.at(i).norm, false)
	switch {
	case t.is != word, !child && !s.partLike(t):
		return i
	case t.opens && t.kin == 0 && !(t.roles == 0 && t.proper()): // «Прошу Ивана»
		return i
	}
	return at
}

// partLike reports whether a word beside a name is a part of it.
func (s *scan) partLike(t *token) bool {
	switch {
	case t.ownName:
		return true
	case utf8.RuneCountInString(t.norm) < 2, t.has(plain | month | town | street | house | village | unit | call | owners):
		return false
	case t.has(lead):
		return t.proper() && !t.opens && t.kin != 0
	case t.proper():
		return true
	}
	return t.kin != 0 && !t.has(place)
}

// latinKin reads a Latin word with a capital as a Russian name in the letters of
// a passport: «Kirill».
func latinKin(t *token) kin {
	if !t.capital || len(t.norm) < 4 {
		return 0
	}
	return known.names[known.cyrillic.Replace(t.norm)] & (first | firstWeak)
}
