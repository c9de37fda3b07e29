package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sort is what a token is made of.
type sort uint8

const (
	sign    sort = iota // one sign that is neither letter nor digit
	word                // letters
	digits              // digits
	barrier             // found, allowed, or a mark of ours: no rule reads it
)

// token is a piece of a letter.
type token struct {
	start, end int    // bytes of the text
	norm       string // small letters, е for ё, lookalikes mended; digits as ASCII
	is         sort
	roles      roles
	kin        kin  // what it may be in a name
	capital    bool // the first letter is a capital
	caps       bool // all letters are, and there are two at least
	latin      bool // all letters are Latin
	glued      bool // nothing stands between it and the token before
	line       bool // the first one of a line
	opens      bool // begins a sentence, so that its capital says nothing
	shout      bool // stands in a line of capitals, so that capitals say nothing
	ownName    bool // a word of the author's name
	ownStreet  bool // the author's street
	street     bool // streets have this name in every town
}

func (t *token) has(r roles) bool { return t.is == word && t.roles&r != 0 }

func (t *token) sign(set string) bool { return t.is == sign && strings.Contains(set, t.norm) }

// proper reports whether the word's capital says that it is a name.
func (t *token) proper() bool { return t.is == word && t.capital && !t.shout }

// lookalikes are letters that are read as another: Latin ones in Russian words,
// and Ukrainian ones, whose names are found under their Russian forms.
var (
	lookalikes = map[rune]rune{
		'a': 'а', 'b': 'в', 'c': 'с', 'e': 'е', 'h': 'н', 'k': 'к', 'm': 'м', 'o': 'о', 'p': 'р', 't': 'т', 'x': 'х', 'y': 'у',
	}
	ukrainian = map[rune]rune{'ё': 'е', 'і': 'и', 'ї': 'и', 'є': 'е', 'ґ': 'г'}
)

// tokenize cuts a letter. Invalid bytes are signs of one byte.
func tokenize(text string) []token {
	c := cutter{text: text, line: true, tokens: make([]token, 0, len(text)/6+8), buf: make([]byte, 0, len(text)+16)}
	for c.at < len(text) {
		if mark := markAt(text[c.at:]); mark > 0 {
			c.add(barrier, c.at+mark)
			continue
		}
		r, size := utf8.DecodeRuneInString(text[c.at:])
		switch {
		case r == '\n' || r == '\r':
			c.line = true
			c.at += size
		case unicode.IsSpace(r), invisible(r):
			c.at += size
		case unicode.IsLetter(r):
			c.word()
		case unicode.IsDigit(r):
			c.number()
		default:
			c.buf = append(c.buf, text[c.at:c.at+size]...)
			c.add(sign, c.at+size)
		}
	}
	whole := string(c.buf)
	from := 0
	for i := range c.tokens {
		t := &c.tokens[i]
		n := c.lengths[i]
		t.norm = whole[from : from+n]
		from += n
		if t.is == word {
			t.roles, t.kin, t.street = known.rolesOf(t.norm), known.kinOf(t.norm, t.capital), known.streets[t.norm]
			if t.latin {
				t.kin, t.street = latinKin(t), known.streets[known.cyrillic.Replace(t.norm)]
			}
			if t.capital && !t.caps && t.roles&namesake != 0 {
				t.roles &^= plain
			}
		}
	}
	return joinCompounds(c.tokens)
}

type cutter struct {
	text    string
	at      int
	line    bool
	tokens  []token
	buf     []byte // the norms, one after the other
	lengths []int
	done    int
}

func (c *cutter) add(is sort, end int) *token {
	glued := len(c.tokens) > 0 && c.tokens[len(c.tokens)-1].end == c.at
	c.tokens = append(c.tokens, token{start: c.at, end: end, is: is, glued: glued, line: c.line})
	c.lengths = append(c.lengths, len(c.buf)-c.done)
	c.done = len(c.buf)
	c.line, c.at = false, end
	return &c.tokens[len(c.tokens)-1]
}

// word reads letters, with what is invisible between them.
func (c *cutter) word() {
	start, end := len(c.buf), c.at
	latin, upper, letters := 0, 0, 0
	capital := false
	for end < len(c.text) {
		r, size := utf8.DecodeRuneInString(c.text[end:])
		if r >= 'а' && r <= 'я' {
			letters++
			c.buf = append(c.buf, c.text[end:end+size]...)
		} else if unicode.IsLetter(r) {
			if unicode.IsUpper(r) {
				upper++
				capital = capital || letters == 0
			}
			letters++
			r = unicode.ToLower(r)
			if r < utf8.RuneSelf {
				latin++
			}
			if other, ok := ukrainian[r]; ok {
				r = other
			}
			c.buf = utf8.AppendRune(c.buf, r)
		} else if !invisible(r) {
			break
		} else if last, _ := utf8.DecodeLastRune(c.buf[start:]); r == '\u0306' && last == 'и' { // й in two signs
			c.buf = utf8.AppendRune(c.buf[:len(c.buf)-letter], 'й')
		}
		end += size
	}
	if latin > 0 && (latin < letters || letters > 2) {
		if mended, ok := mend(c.buf[start:], latin < letters); ok {
			c.buf = append(c.buf[:start], mended...)
			latin = 0
		}
	}
	t := c.add(word, end)
	t.capital, t.caps, t.latin = capital, upper == letters && letters > 1, latin == letters
}

// mend puts Russian letters for Latin ones. Of a wholly Latin word every letter
// must have a twin.
func mend(letters []byte, mixed bool) ([]byte, bool) {
	out := make([]byte, 0, 2*len(letters))
	for _, r := range string(letters) {
		other, ok := lookalikes[r]
		if ok {
			r = other
		} else if r < utf8.RuneSelf && !mixed {
			return nil, false
		}
		out = utf8.AppendRune(out, r)
	}
	return out, true
}

// asTokens returns a word of the lists as its tokens look: «telegram» as it is,
// «com» in the Russian letters that it is taken for.
func asTokens(w string) string {
	parts := strings.SplitAfter(w, ".")
	for i, part := range parts {
		name := strings.TrimRight(part, ".*+")
		if mended, ok := mend([]byte(name), false); ok && len(name) > 2 && len(mended) == letter*len(name) {
			parts[i] = string(mended) + part[len(name):]
		}
	}
	return strings.Join(parts, "")
}

// number reads digits of any script as ASCII ones, and an О between digits as
// the nought it is taken for.
func (c *cutter) number() {
	end := c.at
	for end < len(c.text) {
		r, size := utf8.DecodeRuneInString(c.text[end:])
		switch {
		case r >= '0' && r <= '9':
			c.buf = append(c.buf, byte(r))
		case unicode.IsDigit(r):
			c.buf = append(c.buf, '0'+digitOf(r))
		case (r == 'O' || r == 'o' || r == 'О' || r == 'о') && startsWithDigit(c.text[end+size:]):
			c.buf = append(c.buf, '0')
		case invisible(r):
		default:
			c.add(digits, end)
			return
		}
		end += size
	}
	c.add(digits, end)
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// digitOf returns the value of a decimal digit: Unicode gives each script ten in
// a row, the nought first.
func digitOf(r rune) byte {
	n := byte(0)
	for n < 9 && unicode.IsDigit(r-1) && (r-1)&^0xf == r&^0xf {
		r--
		n++
	}
	return n
}

// invisible reports what stands inside words and numbers unseen: stress marks,
// soft hyphens, joiners, what makes a digit a key.
func invisible(r rune) bool {
	if r < '\u0300' {
		return r == '\u00ad'
	}
	return r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff' ||
		unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r)
}

// markAt returns the length of the mark that s begins with, or 0.
func markAt(s string) int {
	if s[0] != '[' {
		return 0
	}
	for _, mark := range known.marks {
		if strings.HasPrefix(s, mark) {
			return len(mark)
		}
	}
	return 0
}

// joinCompounds makes one token of «л/с», «г.р», «пр-кт».
func joinCompounds(tokens []token) []token {
	out := tokens[:0]
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if i+2 < len(tokens) && t.is == word && tokens[i+1].sign("/-.") && tokens[i+1].glued &&
			tokens[i+2].is == word && tokens[i+2].glued {
			norm := t.norm + tokens[i+1].norm + tokens[i+2].norm
			initials := t.capital && tokens[i+1].sign(".") && len(t.norm) == letter // «Сидоренко Н.П.» is no н.п.
			if r := known.words[norm]; r != 0 && !(initials && r&(village|fellowship) != 0) {
				t.norm, t.roles, t.end = norm, r, tokens[i+2].end
				i += 2
			}
		}
		out = append(out, t)
	}
	return out
}

// annotate tells sentences' beginnings and lines of capitals. Barriers are
// passed over, so that a text and its redacted self are read alike.
func annotate(tokens []token) {
	open := true
	for i := range tokens {
		t := &tokens[i]
		open = open || t.line
		switch {
		case t.is != sign:
			t.opens, open = open, false
		case t.sign(".!?…"):
			open = t.norm != "." || !abbreviates(tokens, i)
		}
	}
	for from := 0; from < len(tokens); {
		to, words, caps := from, 0, 0
		for ; to < len(tokens) && (to == from || !tokens[to].line); to++ {
			if t := &tokens[to]; t.is == word && len(t.norm) > 4 {
				words++
				if t.caps {
					caps++
				}
			}
		}
		shout := words > 2 && caps*10 >= words*7
		for ; from < to; from++ {
			tokens[from].shout = shout
		}
	}
}

// abbreviates reports whether the point at i belongs to the word before it.
func abbreviates(tokens []token, i int) bool {
	if i == 0 || !tokens[i].glued || tokens[i-1].is != word {
		return false
	}
	before := &tokens[i-1]
	return utf8.RuneCountInString(before.norm) == 1 || before.has(street|village|house|town) && len(before.norm) <= 5*letter || before.has(short)
}
