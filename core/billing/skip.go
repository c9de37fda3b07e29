package billing

import "strings"

// takeLinks takes out e-mail and web addresses: everything without a space
// around an at sign or after the scheme.
func (p *parser) takeLinks() {
	s := p.scan
	for i := range s {
		web := s.is(i, ":") && s.is(i+1, "/") && s.is(i+2, "/")
		if !web && !s.is(i, "@") {
			continue
		}
		from, to := i, i+1
		for from > 0 && !s[from].space && s[from-1].kind != line {
			from--
		}
		for to < len(s) && !s[to].space && s[to].kind != line {
			to++
		}
		s.take(from, to-from)
	}
}

// takeContracts takes out contract numbers.
func (p *parser) takeContracts() {
	for i := range p.scan {
		if a, n, ok := p.scan.contract(i, false); ok {
			p.addAccount(a)
			p.scan.take(i, n)
		}
	}
}

func (p *parser) addAccount(a AccountNumber) {
	for _, known := range p.Accounts {
		if known == a {
			return
		}
	}
	p.Accounts = append(p.Accounts, a)
}

// takeLong takes out phone numbers and account numbers.
func (p *parser) takeLong() {
	first := true
	for i := range p.scan {
		if p.scan[i].kind != number {
			continue
		}
		if n := p.phone(i); n > 0 {
			p.scan.take(i, n)
			continue
		}
		p.account(i, first)
		first = false
	}
}

// account takes out an account number that begins at token i. Ten digits in
// one piece are always one. In several pieces they are one if a word says so
// or they open the message, begin with a territory and have a right check
// digit. Nearly ten digits after such a word, or with a leading zero, were
// meant as one.
func (p *parser) account(i int, first bool) {
	s := p.scan
	named := s.after(i, roleAccount)
	if s.after(i, roleMeter) && !named {
		return
	}
	digits, n := s.digits(i, accountDigits)
	one := s[i].text
	switch {
	case len(digits) == accountDigits && (n == 1 || named || first && digits[0] == '0' && luhn(digits)):
		a, err := personal(digits)
		if err != nil {
			p.Mistyped = true
		} else {
			p.addAccount(a)
		}
		s.take(i, n)
	case len(one) > 7 && len(one) < 13 && named,
		len(one) > accountDigits && len(one) < 13 && one[0] == '0':
		p.Mistyped = true
		s.take(i, 1)
	}
}

// digits joins number tokens from i that only a space or a dash parts, until
// there are want digits; it returns what it joined and the tokens it takes.
func (s scan) digits(i, want int) (string, int) {
	joined, n := s[i].text, 1
	for len(joined) < want {
		k := i + n
		if s.is(k, "-") {
			k++
		}
		if s.at(k).kind != number || len(joined)+len(s[k].text) > want {
			break
		}
		joined += s[k].text
		n = k + 1 - i
	}
	return joined, n
}

// after reports whether the number at token i is introduced by a word of that
// role, with nothing between but signs, short abbreviations and the word for
// "number".
func (s scan) after(i int, r role) bool {
	for k := i - 1; k >= 0 && k >= i-5; k-- {
		t := s[k]
		if t.role == r {
			return true
		}
		short := t.kind == word && len(t.text) <= 2 // One Cyrillic letter is two bytes.
		if t.kind != sign && t.role != roleOrdinal && !short {
			return false
		}
	}
	return false
}

// phone tells how many tokens from i a phone number takes, 0 if it is none:
// +7 or 8 with ten digits (brackets, dashes or an 800 or 9xx code make it
// sure), ten digits that begin with 9, or any long number after a word for it.
func (p *parser) phone(i int) int {
	s := p.scan
	plus := s.is(i-1, "+")
	named := s.after(i, rolePhone)
	joined, n, marks := s[i].text, 1, plus || named
	for len(joined) < 11 {
		k := i + n
		for s.is(k, "-") || s.is(k, "(") || s.is(k, ")") {
			marks = true
			k++
		}
		if s.at(k).kind != number || len(joined)+len(s[k].text) > 11 {
			break
		}
		joined += s[k].text
		n = k + 1 - i
		if len(joined) == accountDigits && joined[0] == '9' {
			break
		}
	}
	code := len(joined) > 3 && (joined[1] == '9' || joined[1:4] == "800")
	switch {
	case len(joined) == 11 && (joined[0] == '7' || joined[0] == '8') && (n == 1 || marks || code):
		return n
	case len(joined) == accountDigits && joined[0] == '9' && (n == 1 || marks):
		return n
	case (plus || named) && len(joined) > 4:
		return n
	}
	return 0
}

// takeMoments takes out what can only be a date or an hour.
func (p *parser) takeMoments() {
	for i := range p.scan {
		n := p.date(i)
		if n == 0 {
			n = p.monthName(i)
		}
		if n == 0 {
			n = p.hour(i)
		}
		p.scan.take(i, n)
	}
}

// date reads 24.11.2026, 24.11.26, 24/11/2026, 24-11-2026, 2026-11-24 and
// 11.2026.
func (p *parser) date(i int) int {
	s := p.scan
	if s.tight(i, 3) && s.is(i+1, ".") && isMonth(s[i]) && isYear(s[i+2]) && len(s[i+2].text) == 4 {
		return 3
	}
	mark := s.at(i + 1).text
	if !s.tight(i, 5) || s.at(i+1).kind != sign || !strings.Contains("./-", mark) || !s.is(i+3, mark) {
		return 0
	}
	a, b, c := s[i], s[i+2], s[i+4]
	if len(a.text) == 4 {
		a, c = c, a
	}
	year := len(c.text) == 4 && (c.text[:2] == "20" || c.text[:2] == "19") || len(c.text) == 2 && mark == "."
	if year && isDay(a) && isMonth(b) {
		return 5
	}
	return 0
}

// tight reports whether n tokens from i are numbers and signs in turn without
// a space between.
func (s scan) tight(i, n int) bool {
	for k := i; k < i+n; k++ {
		t := s.at(k)
		if (k-i)%2 == 0 && t.kind != number || k > i && t.space {
			return false
		}
	}
	return true
}

func isDay(t token) bool { n := atoi(t); return n >= 1 && n <= 31 && len(t.text) <= 2 }

func isMonth(t token) bool { n := atoi(t); return n >= 1 && n <= 12 && len(t.text) <= 2 }

func isYear(t token) bool { n := atoi(t); return n >= 2000 && n <= 2099 }

// monthName reads "24 November 2026", "24 November" and "November 2026".
func (p *parser) monthName(i int) int {
	s, k := p.scan, i
	if isDay(s[i]) && s.at(i+1).role == roleMonth {
		k = i + 1
	}
	if s[k].role != roleMonth {
		return 0
	}
	k++
	if isYear(s.at(k)) && len(s[k].text) == 4 {
		k++
	}
	return k - i
}

// hour reads 18:30, 18:30:05, "at 18.30", "18 h" and "18 h 30 min".
func (p *parser) hour(i int) int {
	s := p.scan
	if h := atoi(s[i]); h < 0 || h > 24 || len(s[i].text) > 2 {
		return 0
	}
	switch {
	case s.tight(i, 5) && s.is(i+1, ":") && s.is(i+3, ":") && isMinute(s[i+2]) && isMinute(s[i+4]):
		return 5
	case s.tight(i, 3) && s.is(i+1, ":") && isMinute(s[i+2]):
		return 3
	case s.tight(i, 3) && (s.is(i+1, ".") || s.is(i+1, "-")) && isMinute(s[i+2]) && s.at(i-1).role == roleAt:
		return 3
	case s.at(i+1).role != roleHours:
		return 0
	case isMinute(s.at(i+2)) && s.at(i+3).role == roleMinutes:
		return 4
	default:
		return 2
	}
}

func isMinute(t token) bool { n := atoi(t); return n >= 0 && n <= 59 && len(t.text) == 2 }

// takeWeakDates takes out 24.11 and 24/11/26, which could be readings, where
// another number is left to be one or a preposition says that it is a date.
func (p *parser) takeWeakDates() {
	s := p.scan
	for i := range s {
		n := 0
		switch {
		case !isDay(s[i]) || !isMonth(s.at(i+2)) || s.is(i-1, ".") || s.is(i-1, "/"):
			continue
		case s.tight(i, 5) && s.is(i+1, "/") && s.is(i+3, "/") && len(s[i+4].text) == 2:
			n = 5
		case s.tight(i, 3) && s.is(i+1, ".") && len(s[i+2].text) == 2 && !p.chain(i+1):
			n = 3
		default:
			continue
		}
		others := 0
		for k, t := range s {
			if t.kind == number && len(t.text) > 2 && (k < i || k >= i+n) {
				others++
			}
		}
		if others > 0 || s.at(i-1).role == roleUntil {
			s.take(i, n)
		}
	}
}

// longestHouse is how many digits a house or flat has at most: a longer number
// after the short word for "house" may be a reading of the day.
const longestHouse = 3

// takeOthers takes out numbers that words say are no readings: previous
// values, consumption, money, addresses, numbers of documents, values that are
// being corrected.
func (p *parser) takeOthers() {
	s := p.scan
	for i := range s {
		if s[i].kind != number {
			continue
		}
		_, n := p.value(i)
		next := s.at(i + n)
		ending := next
		if s.is(i+n, "-") && !next.space {
			ending = s.at(i + n + 1)
		}
		switch {
		case len(s[i].text) <= longestHouse && p.beforePlace(i+1):
			p.place = append(p.place, s[i].text)
			s.take(i, 1)
		case len(s[i].text) <= longestHouse && s.after(i, roleAddress):
			house := s[i].text
			if next.kind == word && !next.space && len(next.text) <= 2 {
				house += next.text
			}
			if s.is(i+1, "/") && s.at(i+2).kind == number {
				house, n = house+"/"+s[i+2].text, 3
			}
			p.place = append(p.place, house)
			s.take(i, n)
		case p.saidBefore(i), p.corrected(i + n),
			next.role == roleCounted && !p.labelNext(i, n),
			next.role == roleMeter && n == 1 && len(s[i].text) == 1,
			next.role == roleMinutes && isMinute(s[i]),
			ending.role == roleOrdinalEnd && !ending.space,
			next.kind == word && !next.space && next.role == roleNone,
			p.glued(i), p.numbered(i):
			s.take(i, n)
		}
	}
}

// beforePlace reports whether a flat or a block with its number stands at token
// i, so that the number before it is a house: "5, flat 12".
func (p *parser) beforePlace(i int) bool {
	s := p.scan
	if s.is(i, ",") {
		i++
	}
	if s.at(i).role != roleAddress {
		return false
	}
	i++
	if s.is(i, ".") {
		i++
	}
	t := s.at(i)
	return t.kind == number && len(t.text) <= longestHouse
}

// saidBefore reports whether a word before token i says that the number is an
// old one or a consumption.
func (p *parser) saidBefore(i int) bool {
	s := p.scan
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		switch r := s[k].role; {
		case r == roleNot:
			return k == i-1
		case r == roleInstead || r == roleBefore || r == roleUsed:
			return true
		case s[k].kind != sign && r != roleFiller && r != roleReading && r != roleAt && r != roleUntil:
			return false
		case s.is(k, ",") || s.is(k, ";"):
			return false
		}
	}
	return false
}

// corrected reports whether the number that ends before token i is the old one
// of "5095 to 5100" in a correction.
func (p *parser) corrected(i int) bool {
	return p.Correction && p.scan.at(i).role == roleUntil && p.scan.at(i+1).kind == number
}

// labelNext reports whether the number of n tokens at i is a T-number.
func (p *parser) labelNext(i, n int) bool {
	_, label := p.listLabel(i)
	return label > n
}

// glued reports whether the number hangs on a word that nothing is known about.
func (p *parser) glued(i int) bool {
	t := p.scan.at(i - 1)
	return t.kind == word && !p.scan[i].space && t.role == roleNone
}

// numbered reports whether the word or sign for "number" stands before token i
// and makes it the number of something, other than of a meter or a register.
func (p *parser) numbered(i int) bool {
	s, k := p.scan, i-1
	for s.is(k, ".") {
		k--
	}
	if s.at(k).role != roleOrdinal {
		return false
	}
	for s.at(k).role == roleOrdinal || s.is(k, ".") {
		k--
	}
	r := s.at(k).role
	return r != roleMeter && r != roleRegister && r != roleTariff
}
