package detect

// phoneFigures finds telephone numbers: with the country's code, mobile ones of
// ten digits, with a town's code in brackets, and short ones of a town where
// their form or a word says so.
func (s *scan) phoneFigures(f *figures, c *around) (verdict, bool) {
	kind, ok := s.phoneForm(f, c)
	if ok && s.d.phones[lastDigits(f.digits)] {
		kind.ours = true
	}
	return kind, ok
}

func (s *scan) phoneForm(f *figures, c *around) (verdict, bool) {
	certain := verdict{kind: Phone, certain: true}
	likely := verdict{kind: Phone}
	said := c.owner&phone != 0
	total, d := len(f.digits), f.digits
	other := c.owner&(meter|contract|inn|ogrn|passport) != 0 && !c.plus
	dashed := len(f.groups) > 1 && s.dashed(f)
	switch {
	case c.plus && total >= 10 && total <= 15:
		return certain, true
	case total == 11 && (d[0] == '8' || d[0] == '7') && d[1] >= '3' && d[1] != '5' && d[1] != '6' && !(other && f.single()):
		return certain, true
	case total == 10 && d[0] == '9' && !(other && f.single()) && (f.single() || said || c.bracket || f.sizes[0] == 3 || f.sizes[0] == 1):
		return certain, true
	case total == 10 && d[0] >= '3' && d[0] != '9' && (c.bracket || said && f.sizes[0] >= 3 && f.sizes[0] <= 5):
		return certain, true
	case other, c.unit, c.owner&reading != 0:
		return verdict{}, false
	case said && total >= 5 && total <= 7 && (dashed || f.single()):
		return certain, true
	case dashed && (f.shape(3, 2, 2) || f.shape(3, 4)):
		return certain, true
	case dashed && (f.shape(2, 2, 2) && d[2:4] > "12" || f.shape(1, 2, 2)):
		return likely, true
	}
	return verdict{}, false
}

// dashed reports whether nothing but dashes stands between the groups.
func (s *scan) dashed(f *figures) bool {
	for i := 1; i < len(f.groups); i++ {
		if f.groups[i]-f.groups[i-1] != 2 || !s.at(f.groups[i]-1).sign("-–‑—") {
			return false
		}
	}
	return true
}

// longNumbers finds numbers of eight digits and more that nothing explains, and
// those whose groups only a number has (domain.md §3.5, step 2).
func (s *scan) longNumbers() {
	for i := range s.tokens {
		t := s.at(i)
		if t.is != digits {
			continue
		}
		if len(t.norm) >= 8 {
			s.mark(i, i+1, Number, false)
			continue
		}
		to, total, short := i+1, len(t.norm), len(t.norm) <= 4
		for s.at(to).sign("-") && s.at(to).glued && s.at(to+1).is == digits && s.at(to+1).glued {
			total += len(s.at(to + 1).norm)
			to += 2
		}
		if spaced := t.norm[0] == '0' && to == i+1; spaced {
			for s.at(to).is == digits && !s.at(to).line && !s.at(to+1).has(unit) {
				short = short && len(s.at(to).norm) <= 4
				total += len(s.at(to).norm)
				to++
			}
			if !short {
				continue
			}
		}
		if total >= 8 {
			s.mark(i, to, Number, false)
		}
	}
}
