package paper

import (
	_ "embed" // signs
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// drawn are the letters that both fonts have.
var drawn = sync.OnceValue(func() *[1 << 16]bool {
	has := new([1 << 16]bool)
	for i := range has {
		has[i] = true
	}
	for _, data := range [][]byte{goregular.TTF, gobold.TTF} {
		font, err := sfnt.Parse(data)
		if err != nil {
			panic(err) // the font is compiled in
		}
		var buffer sfnt.Buffer
		for r := range has {
			i, err := font.GlyphIndex(&buffer, rune(r))
			has[r] = has[r] && err == nil && i != 0
		}
	}
	return has
})

// signs are those that people write or copy and the fonts lack.
//
//go:embed signs.tsv
var signs string

// plainer writes such signs another way; roubles are words for that of the rouble, by
// language.
var plainer, roubles = readSigns()

func readSigns() (*strings.Replacer, map[string]string) {
	var pairs []string
	words := map[string]string{}
	for sign, plain := range ReadWords(signs) {
		if lang, of := strings.CutPrefix(sign, "rouble."); of {
			words[lang] = plain
			continue
		}
		pairs = append(pairs, unquoted(sign), unquoted(plain))
	}
	return strings.NewReplacer(pairs...), words
}

// unquoted reads signs that stand as their numbers.
func unquoted(text string) string {
	text, err := strconv.Unquote(`"` + text + `"`)
	if err != nil {
		panic(err) // the file is compiled in
	}
	return text
}

// rouble finds the sign of the rouble, with the space before it and an end of a
// sentence behind it.
var rouble = regexp.MustCompile(`([\pL\d]?)([ \x{a0}]?)₽(\.?)`)

// spell writes the sign of the rouble, which the fonts lack, as a word: an answer on
// paper has to name its sums (R-5.2.10-a).
func spell(lang, text string) string {
	if !strings.Contains(text, "₽") {
		return text
	}
	word, known := roubles[lang]
	if !known {
		word = roubles["ru"]
	}
	return rouble.ReplaceAllStringFunc(text, func(found string) string {
		part := rouble.FindStringSubmatch(found)
		before, space, stop := part[1], part[2], part[3]
		if before != "" { // the sum and its word stay together
			space = "\u00a0"
		}
		return before + space + strings.TrimSuffix(word, stop) + stop
	})
}

// printable returns a text of letters that the fonts can draw: what they lack is
// written another way, and becomes a question mark where there is none, so that
// nothing vanishes without a trace.
func printable(lang, text string) string {
	has := drawn()
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case int(r) >= len(has) || !has[r]:
			return '?'
		}
		return r
	}, plainer.Replace(spell(lang, text)))
}
