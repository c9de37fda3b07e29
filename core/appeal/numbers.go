package appeal

import (
	"strings"
	"unicode"
)

// ParseNumbers returns the numbers that a text may mean where the number of a case
// is asked for, none if it is no number. It takes what ParseNumber does, and less
// than a whole number: without its year it means this year or the one before, and
// figures alone mean a case of any kind. The likeliest comes first.
func ParseNumbers(text string, thisYear int) []Number {
	if n, err := ParseNumber(text, 0); err == nil {
		return []Number{n}
	}
	if n, err := ParseNumber(text, thisYear); err == nil {
		return lately(n, thisYear)
	}
	bare, ok := newNumberScan(text).bare()
	if !ok {
		return nil
	}
	years := []Number{bare}
	if bare.Year == 0 {
		years = lately(bare, thisYear)
	}
	var list []Number
	for _, n := range years {
		for _, n.Kind = range Kinds() {
			list = append(list, n)
		}
	}
	return list
}

// lately returns the number of this year and of the one before.
func lately(n Number, thisYear int) []Number {
	return []Number{{n.Kind, thisYear, n.Serial}, {n.Kind, thisYear - 1, n.Serial}}
}

// bare reads figures without a kind, with a word beside them at most: «номер 123».
func (s numberScan) bare() (n Number, ok bool) {
	for i, r := range s {
		if !unicode.IsDigit(r) {
			continue
		}
		n, end, ok := s.figures(i)
		if !ok || unicode.IsLetter(s.at(i-1)) || s[end:].digits() {
			return Number{}, false
		}
		words := strings.FieldsFunc(string(s[:i])+" "+string(s[end:]), func(r rune) bool { return !unicode.IsLetter(r) })
		return n, len(words) <= 1
	}
	return Number{}, false
}
