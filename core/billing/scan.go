package billing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestText is how many characters of a message the parsers look at: a
// message with readings in it is short.
const longestText = 1000

// kind is the sort of a token.
type kind uint8

const (
	number kind = iota + 1 // ASCII digits
	word                   // letters of one script family, folded
	sign                   // one other character
	line                   // end of a line
	gone                   // something recognised and taken out; a hard border
)

// token is a piece of a folded text.
type token struct {
	kind  kind
	text  string
	role  role // of a word or sign
	space bool // white space stands before it
}

// scan is a folded text in tokens.
type scan []token

// newScan folds a text and cuts it into tokens. Folding: lower case, one kind
// of digits, dashes and spaces, no marks of emoji, Latin look-alikes in
// Cyrillic words made Cyrillic.
func newScan(text string) scan {
	s := make(scan, 0, 16)
	folded := Fold(text)
	space := false
	for i := 0; i < len(folded); {
		r, size := utf8.DecodeRuneInString(folded[i:])
		start := i
		i += size
		t := token{kind: sign, space: space}
		switch {
		case r == '\n':
			t.kind = line
		case r == ' ':
			space = true
			continue
		case r >= '0' && r <= '9':
			t.kind = number
			for i < len(folded) && folded[i] >= '0' && folded[i] <= '9' {
				i++
			}
		case unicode.IsLetter(r):
			t.kind = word
			for i < len(folded) {
				r, size := utf8.DecodeRuneInString(folded[i:])
				if !unicode.IsLetter(r) {
					break
				}
				i += size
			}
		}
		t.text = folded[start:i]
		if t.kind == word {
			t.text = cyrillic(t.text)
		}
		if t.kind == word || t.kind == sign {
			t.role = words().role(t.text)
		}
		s = append(s, t)
		space = false
	}
	return s
}

// Fold makes one spelling of the many for the same characters: small letters, one
// kind of blank and dash, ASCII digits for those of every script, nothing that does
// not show. A long text is cut.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	count := 0
	for _, r := range text {
		if count++; count > longestText {
			break
		}
		switch d, ok := digit(r); {
		case ok:
			b.WriteByte(d)
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			b.WriteByte('-')
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case r >= '\uff01' && r <= '\uff5e': // Full-width ASCII.
			b.WriteRune(unicode.ToLower(r - 0xfee0))
		case r == '\u0401' || r == '\u0451': // Letter io is written as ie.
			b.WriteRune('\u0435')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// digit returns the ASCII digit for a decimal digit of any script.
func digit(r rune) (byte, bool) {
	if r < 0x80 {
		return byte(r), r >= '0' && r <= '9'
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	if r >= 0x1d7ce && r <= 0x1d7ff { // Mathematical digits: five sets without a gap.
		return '0' + byte((r-0x1d7ce)%10), true
	}
	// Every other set begins at a zero and runs for ten.
	zero := r
	for r-zero < 9 && unicode.Is(unicode.Nd, zero-1) {
		zero--
	}
	return '0' + byte(r-zero), true
}

// cyrillic replaces Latin look-alikes in a word that holds other Cyrillic
// letters; a word all in Latin stays.
func cyrillic(w string) string {
	var latin, russian bool
	for _, r := range w {
		latin = latin || r < 0x80
		russian = russian || unicode.Is(unicode.Cyrillic, r)
	}
	if !latin || !russian {
		return w
	}
	return strings.Map(func(r rune) rune {
		if c, ok := words().lookalikes[r]; ok {
			return c
		}
		return r
	}, w)
}

// at returns the token i, an empty one beyond the ends.
func (s scan) at(i int) token {
	if i < 0 || i >= len(s) {
		return token{}
	}
	return s[i]
}

// is reports whether token i is that sign.
func (s scan) is(i int, text string) bool {
	t := s.at(i)
	return t.kind == sign && t.text == text
}

// take marks n tokens from i as recognised.
func (s scan) take(i, n int) {
	for k := i; k < i+n && k < len(s); k++ {
		s[k].kind, s[k].role = gone, roleNone
	}
}

// contract reads a contract number that begins at token i and tells how many
// tokens it takes. The prefix may be typed with letters or a digit that look
// alike, be split from the number by signs, and the year may have four digits.
// If bare, the prefix may be missing.
func (s scan) contract(i int, bare bool) (AccountNumber, int, bool) {
	k, digits := i, ""
	switch first := s.at(i); {
	case first.kind == word && looksLikeContract(first.text):
		k++
	case first.kind == number && strings.HasSuffix(first.text, "3") && len(first.text) == 1 &&
		s.at(i+1).kind == word && !s.at(i+1).space && looksLikeContract("3"+s.at(i+1).text):
		k += 2
	case bare && first.kind == number:
	default:
		return "", 0, false
	}
	for s.at(k).kind == sign && !s.is(k, "/") || s.at(k).role == roleOrdinal {
		k++
	}
	digits = s.at(k).text
	if s.at(k).kind != number || len(digits) > 4 {
		return "", 0, false
	}
	// A dash may stand for the slash only after a prefix.
	if !s.is(k+1, "/") && (k == i || !s.is(k+1, "-")) && !s.is(k+1, "\\") {
		return "", 0, false
	}
	year := s.at(k + 2).text
	if s.at(k+2).kind != number || len(year) != 2 && (len(year) != 4 || year[:2] != "20") {
		return "", 0, false
	}
	printed := words().contract + "-" + strings.Repeat("0", 4-len(digits)) + digits + "/" + year[len(year)-2:]
	return AccountNumber(printed), k + 3 - i, true
}

// looksLikeContract reports whether a folded word reads as the contract's
// prefix.
func looksLikeContract(w string) bool {
	looks, i := words().looks, 0
	for _, r := range w {
		if i >= len(looks) || !strings.ContainsRune(looks[i], r) {
			return false
		}
		i++
	}
	return i == len(looks)
}
