package search

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed letters.txt
var lettersFile string

// Inside the package a text has one byte a sign: Russian small letters from
// firstLetter on, in the order of the alphabet without ё; Latin small letters,
// digits and signs as in ASCII; every other sign is a blank. So words are cut,
// stemmed and compared without decoding.
const (
	firstLetter = 0xE0
	lastLetter  = 0xFF
	blank       = ' '
	newline     = '\n'
)

// firstRune is the letter that firstLetter stands for.
const firstRune = '\u0430'

func isRussian(c byte) bool { return c >= firstLetter }
func isLatin(c byte) bool   { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool   { return '0' <= c && c <= '9' }
func isLetter(c byte) bool  { return isRussian(c) || isLatin(c) }

// rewrite is a beginning and what is written for it.
type rewrite struct{ from, to string }

// letters is letters.txt, read.
var letters = readLetters(lettersFile)

type letterTables struct {
	fold      map[rune]byte
	lookalike [256]byte
	keyboard  [256]byte
	latin     [256][]rewrite // by the first byte, the longest first
	sound     [256][]rewrite
}

func readLetters(file string) *letterTables {
	t := &letterTables{fold: map[rune]byte{}}
	for line := range lines(file) {
		for i := 1; i+1 < len(line); i += 2 {
			from, to := line[i], folded(line[i+1])
			if to == "-" {
				to = ""
			}
			switch line[0] {
			case "fold":
				r, _ := utf8.DecodeRuneInString(from)
				t.fold[r] = to[0]
			case "lookalike":
				t.lookalike[from[0]] = to[0]
			case "keyboard":
				t.keyboard[from[0]] = to[0]
			case "latin":
				add(&t.latin[from[0]], rewrite{from, to})
			case "sound":
				from = folded(from)
				add(&t.sound[from[0]], rewrite{from, to})
			default:
				panic("letters.txt: unknown table " + line[0])
			}
		}
	}
	return t
}

// add keeps the longest beginning first.
func add(list *[]rewrite, r rewrite) {
	i := 0
	for i < len(*list) && len((*list)[i].from) >= len(r.from) {
		i++
	}
	*list = append(*list, rewrite{})
	copy((*list)[i+1:], (*list)[i:])
	(*list)[i] = r
}

// rewritten appends text to dst, each beginning replaced as the table says;
// what it does not name stays.
func rewritten(dst, text []byte, table *[256][]rewrite) []byte {
next:
	for i := 0; i < len(text); {
		for _, r := range table[text[i]] {
			if len(text)-i >= len(r.from) && string(text[i:i+len(r.from)]) == r.from {
				dst = append(dst, r.to...)
				i += len(r.from)
				continue next
			}
		}
		dst = append(dst, text[i])
		i++
	}
	return dst
}

// sound appends to dst how a word sounds to whoever writes by ear; double
// letters are one.
func sound(dst, word []byte) []byte {
	start := len(dst)
	dst = rewritten(dst, word, &letters.sound)
	out := start
	for i := start; i < len(dst); i++ {
		if out == start || dst[i] != dst[out-1] {
			dst[out] = dst[i]
			out++
		}
	}
	return dst[:out]
}

// folded is a word of a data file in the letters of the package. Unlike fold
// it takes the letters as they are, before letters.txt is read.
func folded(word string) string {
	var out []byte
	for _, r := range word {
		switch {
		case r >= firstRune && r < firstRune+lastLetter-firstLetter+1:
			out = append(out, byte(r-firstRune)+firstLetter)
		case r < utf8.RuneSelf:
			out = append(out, byte(r)) //nolint:gosec // ASCII
		}
	}
	return string(out)
}

// fold appends text to dst in the letters of the package. Composed letters,
// stress marks and invisible signs are mended.
func fold(dst []byte, text string) []byte {
	const breve, shortI, plainI = '\u0306', firstLetter + 9, firstLetter + 8
	for _, r := range text {
		if r < utf8.RuneSelf {
			dst = append(dst, foldASCII(byte(r)))
			continue
		}
		r = unicode.ToLower(r)
		switch c, ok := letters.fold[r]; {
		case r >= firstRune && r <= firstRune+lastLetter-firstLetter:
			dst = append(dst, byte(r-firstRune)+firstLetter)
		case ok:
			dst = append(dst, c)
		case r == breve && len(dst) > 0 && dst[len(dst)-1] == plainI:
			dst[len(dst)-1] = shortI
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf): // nothing that is seen alone
		case r == '\u2026': // …
			dst = append(dst, '.')
		case r == '\u2019' || r == '\u02bc': // apostrophes
			dst = append(dst, '\'')
		default:
			dst = append(dst, blank)
		}
	}
	return dst
}

func foldASCII(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c | 0x20
	case c == '\n' || c > ' ' && c < 0x7f:
		return c
	default:
		return blank
	}
}

// lines reads a data file: the fields of each line, without comments and
// blank lines.
func lines(file string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(file) {
			fields := strings.Fields(line)
			if len(fields) > 0 && !strings.HasPrefix(fields[0], "#") && !yield(fields) {
				return
			}
		}
	}
}
