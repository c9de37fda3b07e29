package detect

import "okoshko/core/privacy"

const (
	longestRun    = 24 // numbers in a row that are read as one
	longestNumber = 20 // digits: a bank account
)

// runs finds what a number of many digits is, however it is cut in groups.
func (s *scan) runs() {
	var groups []int
	for i := 0; i < len(s.tokens); i++ {
		if s.at(i).is != digits {
			continue
		}
		if before := s.at(i - 1); s.at(i).glued && len(s.at(i).norm) <= 3 && before.is != sign && !before.has(owners|number) {
			continue // «Т1», «СЕ101»
		}
		groups = append(groups[:0], i)
		for len(groups) < longestRun {
			next := s.nextGroup(groups[len(groups)-1])
			if next < 0 {
				break
			}
			groups = append(groups, next)
		}
		last := groups[len(groups)-1]
		for g := 0; g < len(groups); {
			g += max(1, s.number(groups[g:]))
		}
		i = last
	}
}

// nextGroup returns the number that goes on with the one at i, with at most
// three signs between them, or -1.
func (s *scan) nextGroup(i int) int {
	for n := i + 1; n <= i+4; n++ {
		t := s.at(n)
		switch {
		case t.line:
			return -1
		case t.is == digits:
			return n
		case !t.sign("-–—‑−().+*"):
			return -1
		}
	}
	return -1
}

// figures is the beginning of a run: some groups and their digits.
type figures struct {
	digits string
	groups []int // tokens
	sizes  []int // in digits
}

func (f *figures) single() bool { return len(f.groups) == 1 }

func (f *figures) shape(sizes ...int) bool {
	if len(sizes) != len(f.sizes) {
		return false
	}
	for i, size := range sizes {
		if f.sizes[i] != size {
			return false
		}
	}
	return true
}

// verdict is what some figures are.
type verdict struct {
	kind    Kind
	certain bool
	ours    bool // nobody's data
}

// number decides what the groups begin with, marks it and returns how many
// groups it took.
func (s *scan) number(groups []int) int {
	s.scratch, s.run.sizes = s.scratch[:0], s.run.sizes[:0]
	for n, g := range groups {
		norm := s.at(g).norm
		if n > 0 && len(s.scratch)+len(norm) > longestNumber {
			groups = groups[:n]
			break
		}
		s.scratch = append(s.scratch, norm...)
		s.run.sizes = append(s.run.sizes, len(norm))
	}
	if len(s.scratch) < 5 {
		return len(groups)
	}
	s.run.groups, s.run.digits = groups, string(s.scratch)
	s.around = s.surroundings(groups[0])
	if n := s.publicFigures(); n > 0 {
		return n
	}
	if n := s.try(s.ownFigures, bankFigures, snilsFigures, policyFigures, cardFigures, taxFigures); n > 0 {
		return n
	}
	if s.around.owner&account != 0 && !s.around.unit {
		if n := s.try(accountFigures); n > 0 {
			return n
		}
		if n := s.widest(6, 14, Account); n > 0 {
			return n
		}
	}
	if n := s.try(s.phoneFigures, houseFigures); n > 0 {
		return n
	}
	if s.around.owner&meter != 0 && !s.around.unit {
		least := 7 // fewer may be a reading
		if s.around.numbered {
			least = 5
		}
		if n := s.widest(least, 20, Meter); n > 0 {
			return n
		}
	}
	if s.around.owner&passport != 0 && (s.around.numbered && s.run.single() || s.at(groups[0]-1).has(passport)) {
		return s.widest(4, 12, Document)
	}
	return 0
}

// rule says what the beginning of a run is.
type rule func(*figures, *around) (verdict, bool)

// try asks the rules, one after the other, of every beginning of the run, the
// longest first.
func (s *scan) try(rules ...rule) int {
	for _, decide := range rules {
		total := len(s.run.digits)
		for n := len(s.run.groups); n > 0; n-- {
			s.part = figures{s.run.digits[:total], s.run.groups[:n], s.run.sizes[:n]}
			total -= s.run.sizes[n-1]
			if v, ok := decide(&s.part, &s.around); ok {
				s.settle(s.part.groups, v)
				return n
			}
		}
	}
	return 0
}

// settle marks or leaves the run's groups, with the + or bracket before them.
func (s *scan) settle(groups []int, v verdict) {
	from, to := groups[0], groups[len(groups)-1]+1
	for s.at(from).glued && (s.at(from-1).sign("+") || s.at(from-1).sign("(") && s.at(groups[0]+1).sign(")")) {
		from--
	}
	if v.ours {
		s.leave(from, to)
		return
	}
	s.mark(from, to, v.kind, v.certain)
}

// widest marks the run as kind: its first group if that one is long enough, else
// all groups that have between least and most digits together.
func (s *scan) widest(least, most int, kind Kind) int {
	all := &s.run
	n, total := 1, all.sizes[0]
	for total < least && n < len(all.sizes) {
		total += all.sizes[n]
		n++
	}
	for n < len(all.sizes) && total+all.sizes[n] <= most && (all.sizes[0] < least || s.at(all.groups[n]-1).sign("-–")) {
		total += all.sizes[n]
		n++
	}
	if total < least || total > most {
		return 0
	}
	s.settle(all.groups[:n], verdict{kind: kind, certain: true})
	return n
}

// around is what stands around a run.
type around struct {
	owner    roles // of the nearest word that owns numbers
	numbered bool  // a № stands before it
	plus     bool  // a + does
	bracket  bool  // a bracket opens before or within
	unit     bool  // a unit stands after the first number
}

// surroundings reads what stands around the run that begins with token i.
func (s *scan) surroundings(i int) around {
	c := around{owner: s.before(i, owners)}
	at := i - 1
	for s.at(at).sign(":(-–— ") {
		c.bracket = c.bracket || s.at(at).sign("(")
		at--
	}
	c.numbered = s.isNumberSign(at) || s.at(at).sign(".") && s.isNumberSign(at-1)
	c.plus = s.at(i - 1).sign("+")
	c.bracket = c.bracket || s.at(i+1).sign("(")
	c.unit = s.at(i+1).has(unit) && !s.at(i+1).has(place) || s.at(i+1).sign("₽%")
	return c
}

func (s *scan) ownFigures(f *figures, _ *around) (verdict, bool) {
	kind, ok := s.own.kindOf(f.digits)
	return verdict{kind: kind, certain: true}, ok
}

func bankFigures(f *figures, c *around) (verdict, bool) {
	if len(f.digits) == 20 {
		// 405–407 begin accounts of organisations, which are published (domain.md
		// §3.3); the persons' begin with 408 and 423.
		public := f.digits[:3] >= "405" && f.digits[:3] <= "407" || f.digits[:3] == "301"
		return verdict{kind: Bank, certain: true, ours: public}, true
	}
	return verdict{}, false
}

func snilsFigures(f *figures, c *around) (verdict, bool) {
	shaped := f.shape(3, 3, 3, 2)
	switch {
	case len(f.digits) != 11:
		return verdict{}, false
	case c.owner&snils != 0:
		return verdict{kind: Document, certain: true}, true
	case shaped, snilsValid(f.digits) && f.digits[0] != '7' && f.digits[0] != '8' && (f.single() || len(f.groups) == 4):
		return verdict{kind: Document, certain: snilsValid(f.digits)}, true
	}
	return verdict{}, false
}

func cardFigures(f *figures, c *around) (verdict, bool) {
	total := len(f.digits)
	switch {
	case total < 13 || total > 19 || c.plus || c.owner&(inn|ogrn|account) != 0:
		return verdict{}, false
	case total >= 16 && luhn(f.digits), c.owner&card != 0, total == 16 && f.shape(4, 4, 4, 4):
		return verdict{kind: Card, certain: luhn(f.digits) || c.owner&card != 0}, true
	}
	return verdict{}, false
}

// taxFigures finds persons' numbers and leaves those of organisations, which are
// public (domain.md §3.3).
func taxFigures(f *figures, c *around) (verdict, bool) {
	said := c.owner&(inn|ogrn) != 0
	switch total := len(f.digits); {
	case total == 12 && (c.owner&inn != 0 || f.single() && privacy.ValidTaxID(f.digits)):
		return verdict{kind: TaxID, certain: true}, true
	case total == 15 && (c.owner&ogrn != 0 || f.single() && f.digits[0] == '3' && privacy.ValidOGRN(f.digits)):
		return verdict{kind: TaxID, certain: true}, true
	case said && (total == 10 || total == 13), total == 13 && f.single() && f.digits[0] == '1' && privacy.ValidOGRN(f.digits):
		return verdict{ours: true}, true
	}
	return verdict{}, false
}

// accountFigures finds ten digits with our check after a word for an account;
// any other number there is found by its length.
func accountFigures(f *figures, _ *around) (verdict, bool) {
	if len(f.digits) == 10 && luhn(f.digits) {
		return verdict{kind: Account, certain: true}, true
	}
	return verdict{}, false
}

// houseFigures finds our accounts by themselves: territory 01–08, serial, check
// (domain.md §5.1).
func houseFigures(f *figures, _ *around) (verdict, bool) {
	if len(f.digits) == 10 && f.digits[0] == '0' && f.digits[1] >= '1' && f.digits[1] <= '8' && luhn(f.digits) &&
		len(f.groups) <= 5 {
		return verdict{kind: Account, certain: true}, true
	}
	return verdict{}, false
}
