package billing

import "strconv"

// leastSpoken is how many number words make a number: one alone ("a thousand
// thanks", "two meters") is rarely a reading.
const leastSpoken = 2

// dictated replaces numbers in words ("fourteen thousand nine hundred and
// twenty") by digits, where a text has no digits at all. Words that do not make
// one well-formed number below a million are left alone: it is asked for in
// digits then.
func (s scan) dictated() scan {
	for _, t := range s {
		if t.kind == number {
			return s
		}
	}
	out := make(scan, 0, len(s))
	for i := 0; i < len(s); {
		n, value, ok := s.spoken(i)
		switch {
		case n == 0:
			out = append(out, s[i])
			n = 1
		case ok && n >= leastSpoken:
			out = append(out, token{kind: number, text: strconv.Itoa(value), space: s[i].space})
		default:
			out = append(out, s[i:i+n]...)
		}
		i += n
	}
	return out
}

// spoken reads the number words from token i: how many there are, what they
// make, and whether that is one number.
func (s scan) spoken(i int) (n, value int, ok bool) {
	part, room := 0, 1000 // What may follow in this group is below room.
	thousands := 0
	ok = true
	for ; i+n < len(s); n++ {
		v, known := words().spoken[s[i+n].text]
		if !known || s[i+n].kind != word {
			break
		}
		switch {
		case v == 1000:
			ok = ok && thousands == 0
			thousands, part, room = max(part, 1)*1000, 0, 1000
		case v >= room:
			ok = false
		default:
			part += v
			room = below(v)
		}
	}
	return n, thousands + part, ok
}

// below returns what may follow a number word: tens after hundreds, units
// after tens, nothing after units and teens.
func below(v int) int {
	switch {
	case v >= 100:
		return 100
	case v >= 20:
		return 10
	default:
		return 0
	}
}
