package appeal

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"okoshko/core/fault"
)

// ErrNumber says that a text is no number of a case. It is of kind
// fault.Invalid.
var ErrNumber error = &fault.Error{Kind: fault.Invalid, Key: "case_number"}

// Number names a registered case: «ОБ-2026-000123» (spec §5.6). Serials of a kind
// begin with 1 every year.
type Number struct {
	Kind   Kind
	Year   int
	Serial int
}

const (
	serialDigits = 6 // that are always printed
	mostDigits   = 9 // of a serial
	firstYear    = 2000
	lastYear     = 2099
)

// IsZero reports whether there is no number.
func (n Number) IsZero() bool { return n == Number{} }

// String returns the number as it is printed, "" if there is none.
func (n Number) String() string {
	if n.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s-%04d-%0*d", looks.prefix[n.Kind], n.Year, serialDigits, n.Serial)
}

// MarshalText writes the number as String does.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (n *Number) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = Number{}
		return nil
	}
	read, err := ParseNumber(string(text), 0)
	if err != nil {
		return err
	}
	*n = read
	return nil
}

// ParseNumber reads a text that is the number of a case as people type it:
// without zeros, with blanks, with letters of the other alphabet, the kind in
// words, without the year, which then is this one (0: a year is needed). The
// error is ErrNumber.
func ParseNumber(text string, thisYear int) (Number, error) {
	s := newNumberScan(text)
	for i := range s {
		n, end, ok := s.number(i)
		if !ok || s[:i].digits() || s[end:].digits() {
			continue
		}
		if n.Year == 0 {
			n.Year = thisYear
		}
		if n.Year < firstYear || n.Year > lastYear {
			break
		}
		return n, nil
	}
	return Number{}, ErrNumber
}

// FindNumber finds the first number of a case in a text that may say more. It
// takes less than ParseNumber: what may be a date or a sum, "от 2026-11", is
// none.
func FindNumber(text string) (Number, bool) {
	s := newNumberScan(text)
	for i := range s {
		n, end, ok := s.number(i)
		if !ok || n.Year == 0 || s[i:end].trailingDigits() < 3 {
			continue
		}
		if at := s.at(end); (at == '-' || at == '.') && s.digit(end+1) >= 0 {
			continue
		}
		return n, true
	}
	return Number{}, false
}

// numberScan is a text in small letters, every dash a "-", every blank one " ".
type numberScan []rune

func newNumberScan(text string) numberScan {
	s := make(numberScan, 0, len(text))
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Pd, r) || r == '\u2212': // a minus
			r = '-'
		case '０' <= r && r <= '９': // full width
			r += '0' - '０'
		case unicode.IsSpace(r):
			if r = ' '; len(s) > 0 && s[len(s)-1] == ' ' {
				continue
			}
		case unicode.In(r, unicode.Cf, unicode.Mn):
			continue
		}
		s = append(s, unicode.ToLower(r))
	}
	return s
}

func (s numberScan) at(i int) rune {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}

// digit returns the digit at i, as it is or as a letter that looks like it; -1
// if there is none.
func (s numberScan) digit(i int) int {
	r := s.at(i)
	if '0' <= r && r <= '9' {
		return int(r - '0')
	}
	if d, ok := looks.digit[r]; ok {
		return d
	}
	return -1
}

func (s numberScan) digits() bool {
	return slices.ContainsFunc(s, func(r rune) bool { return '0' <= r && r <= '9' })
}

func (s numberScan) trailingDigits() int {
	n := 0
	for s.digit(len(s)-1-n) >= 0 {
		n++
	}
	return n
}

// number reads a number that begins at i, with the year 0 if it has none, and
// tells where it ends.
func (s numberScan) number(i int) (n Number, end int, ok bool) {
	if before := s.at(i - 1); unicode.IsLetter(before) || unicode.IsDigit(before) {
		return Number{}, 0, false
	}
	kind, at := s.prefix(i)
	if kind == "" {
		return Number{}, 0, false
	}
	n, end, ok = s.figures(s.skip(at))
	n.Kind = kind
	return n, end, ok
}

// figures reads the year and the serial that begin at i, with the year 0 if there
// is none, and tells where they end.
func (s numberScan) figures(i int) (n Number, end int, ok bool) {
	first, end := s.group(i)
	switch {
	case len(first) == 4 && isYear(first):
		if !s.parts(end) { // a year alone
			return Number{}, 0, false
		}
		serial, last := s.serial(end + 1)
		return numbered(first, serial, last)
	case len(first) > 4+2 && len(first) <= 4+mostDigits && isYear(first[:4]):
		return numbered(first[:4], first[4:], end)
	case len(first) == 2 && s.at(end) == '-':
		serial, last := s.serial(end + 1)
		return numbered("20"+first, serial, last)
	}
	serial, end := s.serial(i)
	if len(serial) > serialDigits {
		return Number{}, 0, false
	}
	return numbered("0", serial, end)
}

func numbered(year, serial string, end int) (Number, int, bool) {
	y, err1 := strconv.Atoi(year)
	n, err2 := strconv.Atoi(serial)
	return Number{Year: y, Serial: n}, end, err1 == nil && err2 == nil && n > 0 && len(serial) <= mostDigits
}

func isYear(digits string) bool {
	y, err := strconv.Atoi(digits)
	return err == nil && firstYear <= y && y <= lastYear
}

// prefix reads what a number begins with.
func (s numberScan) prefix(i int) (Kind, int) {
	for _, k := range Kinds() {
		for _, word := range looks.words[k] {
			if end := i + len(word); s.has(i, word) && !unicode.IsLetter(s.at(end)) {
				return k, end
			}
		}
		if end := s.letters(i, looks.letters[k]); end > 0 {
			return k, end
		}
	}
	return "", 0
}

// letters reads letters by all that is typed for them; 0 if they do not stand
// there.
func (s numberScan) letters(i int, letters [][][]rune) int {
	if len(letters) == 0 {
		return i
	}
	for _, typed := range letters[0] {
		if s.has(i, typed) {
			if end := s.letters(i+len(typed), letters[1:]); end > 0 {
				return end
			}
		}
	}
	return 0
}

func (s numberScan) has(i int, word []rune) bool {
	return i+len(word) <= len(s) && slices.Equal(s[i:i+len(word)], word)
}

// parts reports whether the sign at i parts the year from the serial.
func (s numberScan) parts(i int) bool { return strings.ContainsRune("- /._", s.at(i)) && s.at(i) != 0 }

// skip passes what may stand between a prefix and its digits.
func (s numberScan) skip(i int) int {
	for strings.ContainsRune("-/._:#№ ", s.at(i)) && s.at(i) != 0 {
		i++
	}
	return i
}

// group reads the digits at i. Letters that look like digits count beside a
// true one, and no letter follows.
func (s numberScan) group(i int) (digits string, end int) {
	var b strings.Builder
	end, sure := i, false
	for d := s.digit(end); d >= 0; d = s.digit(end) {
		sure = sure || unicode.IsDigit(s[end])
		b.WriteByte(byte('0' + d))
		end++
	}
	if !sure || unicode.IsLetter(s.at(end)) {
		return "", i
	}
	return b.String(), end
}

// serial reads digits that may be in two groups of three.
func (s numberScan) serial(i int) (digits string, end int) {
	i = s.skip(i)
	digits, end = s.group(i)
	if len(digits) == serialDigits/2 && s.at(end) == ' ' {
		if more, last := s.group(end + 1); len(more) == serialDigits/2 {
			return digits + more, last
		}
	}
	return digits, end
}

//go:embed number.txt
var numberFile string

// looks is number.txt, read.
var looks = readLooks(numberFile)

type numberLooks struct {
	prefix  map[Kind]string
	words   map[Kind][][]rune
	letters map[Kind][][][]rune // by letter of the prefix, all that is typed for it
	digit   map[rune]int
}

func readLooks(file string) *numberLooks {
	l := &numberLooks{prefix: map[Kind]string{}, words: map[Kind][][]rune{}, letters: map[Kind][][][]rune{}, digit: map[rune]int{}}
	typed := map[rune][][]rune{}
	for line := range strings.Lines(file) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] == "#" {
			continue
		}
		what, of, list := fields[0], fields[1], fields[2:]
		switch what {
		case "prefix":
			l.prefix[Kind(of)] = list[0]
		case "word":
			for _, w := range list {
				l.words[Kind(of)] = append(l.words[Kind(of)], []rune(w))
			}
		case "letter":
			for _, w := range list {
				typed[[]rune(of)[0]] = append(typed[[]rune(of)[0]], []rune(w))
			}
		case "digit":
			for _, r := range list[0] {
				l.digit[r] = int(of[0] - '0')
			}
		default:
			panic("number.txt: unknown table " + what) // the file is part of the program
		}
	}
	for k, prefix := range l.prefix {
		for _, r := range strings.ToLower(prefix) {
			l.letters[k] = append(l.letters[k], typed[r])
		}
	}
	return l
}
