package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normalise returns what two people would call the same words: it is for
// comparing what a customer typed with labels and phrases, not for reading
// numbers or keeping text.
//
//   - small letters; ё is е; й and ё may be composed of two signs
//   - Latin letters that look Cyrillic become Cyrillic in a word that has
//     Cyrillic letters: «Mеню» with a Latin M
//   - invisible signs (zero width, soft hyphen, variation selectors) and
//     stress marks vanish
//   - words are parted by one space: whatever space there was, no-break ones
//     included, emoji, quotes and punctuation are gone
//   - a sign stays between two letters or digits without spaces, where it is a
//     part of the word: кол-во, л/с, 10.11, o'clock; a comma between digits
//     only; dashes are hyphens there and apostrophes are straight
//
// Text of signs alone gives "". Normalise is idempotent, and costs nothing
// for text that is normal already and one allocation otherwise.
func Normalise(text string) string {
	if isPlainlyNormal(text) {
		return text
	}
	var n normaliser
	n.dst.Grow(len(text) + 8) // a Cyrillic letter is a byte longer than its double
	for i, r := range text {
		n.add(r, text[i:])
	}
	return n.dst.String()
}

const (
	cyrillicA  = '\u0430' // the first small letter of the Russian alphabet
	cyrillicIe = '\u0435'
	cyrillicI  = '\u0438'
	cyrillicJ  = '\u0439' // cyrillicI with a breve
	cyrillicYa = '\u044f' // the last
	cyrillicYo = '\u0451'
	breve      = '\u0306'
)

// isPlainlyNormal reports at a glance whether the text is words of small
// Russian letters, or of small Latin ones, and digits, parted by single spaces.
func isPlainlyNormal(text string) bool {
	latin, cyrillic, space := false, false, true
	for _, r := range text {
		switch {
		case r >= cyrillicA && r <= cyrillicYa:
			cyrillic, space = true, false
		case r >= 'a' && r <= 'z':
			latin, space = true, false
		case r >= '0' && r <= '9':
			space = false
		case r == ' ' && !space:
			latin, cyrillic, space = false, false, true
		default:
			return false
		}
		if latin && cyrillic {
			return false
		}
	}
	return !space || text == ""
}

// normaliser builds normal text rune by rune.
type normaliser struct {
	dst      strings.Builder
	last     rune // the last rune of dst, 0 if there is none
	joiner   rune // the only sign since then, 0 if there were none or several
	parted   bool // whether there was any sign or space since then
	cyrillic bool // whether the present run of letters has a Cyrillic one
}

// add takes the rune that stands first in rest.
func (n *normaliser) add(r rune, rest string) {
	switch {
	case isWord(r):
		n.addWord(r, rest)
	case isInvisible(r):
	case n.parted:
		n.joiner = 0
	default:
		n.parted, n.joiner = true, joinerOf(r)
	}
}

func (n *normaliser) addWord(r rune, rest string) {
	if n.parted || n.last == 0 {
		n.cyrillic = startsWithCyrillicRun(rest)
	}
	letter := n.letter(r, rest)
	if n.parted && n.last != 0 {
		if n.joiner == 0 || n.joiner == ',' && !(unicode.IsDigit(n.last) && unicode.IsDigit(letter)) {
			n.joiner = ' '
		}
		n.dst.WriteRune(n.joiner)
	}
	n.dst.WriteRune(letter)
	n.last, n.joiner, n.parted = letter, 0, false
}

// letter returns what stands for r, the first rune of rest.
func (n *normaliser) letter(r rune, rest string) rune {
	if n.cyrillic && r < rune(len(data.cyrillic)) && data.cyrillic[r] != 0 {
		return data.cyrillic[r]
	}
	switch letter := unicode.ToLower(r); letter {
	case cyrillicYo:
		return cyrillicIe
	case cyrillicI:
		if strings.HasPrefix(rest[utf8.RuneLen(r):], string(breve)) {
			return cyrillicJ
		}
		return letter
	default:
		return letter
	}
}

// startsWithCyrillicRun reports whether the letters that the text starts with
// have a Cyrillic one among them.
func startsWithCyrillicRun(text string) bool {
	for _, r := range text {
		switch {
		case r >= utf8.RuneSelf && unicode.Is(unicode.Cyrillic, r) && isWord(r):
			return true
		case !isWord(r) && !isInvisible(r):
			return false
		}
	}
	return false
}

// isWord reports whether words are made of r.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)
}

// isInvisible reports whether r changes how its neighbours look, or nothing.
func isInvisible(r rune) bool {
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}

// joinerOf returns the sign that r is inside a word, 0 for none.
func joinerOf(r rune) rune {
	switch {
	case strings.ContainsRune("-'./:_@+&,", r):
		return r
	case unicode.Is(unicode.Pd, r) || r == '\u2212': // dashes, minus
		return '-'
	case r == '\u2019': // apostrophe
		return '\''
	default:
		return 0
	}
}
