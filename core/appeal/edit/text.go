package edit

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"okoshko/core/fault"
	"okoshko/core/privacy"
)

// Texts are what stands in two languages: "ru" and "en".
type Texts map[string]string

// Bounds of texts, in characters: a title stands on a button, an explanation in a
// list, a question in one message.
const (
	mostTitle    = 64
	mostPlain    = 200
	mostQuestion = 600
)

// put writes both texts into a row under <name>_ru and <name>_en. A text is one
// line in the letters of its language: names are matched by them, and an English
// customer cannot read the other. There are no brackets of markup in it: what a
// channel would make of them is nobody's wish.
func (t Texts) put(c cell, name string, most int, empty *fault.Error) error {
	for lang, letters := range alphabets {
		text := strings.Join(strings.Fields(t[lang]), " ")
		switch {
		case text == "" || utf8.RuneCountInString(text) > most || !utf8.ValidString(text) || strings.ContainsAny(text, "<>\uFFFD") || strings.ContainsFunc(text, unprintable):
			return empty
		case !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(letters, r) }):
			return ErrLanguage
		case lang == "en" && strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }):
			return ErrLanguage
		case strings.ContainsFunc(text, foreign):
			return ErrLanguage
		}
		c[name+"_"+lang] = text
	}
	return nil
}

var alphabets = map[string]*unicode.RangeTable{"ru": unicode.Cyrillic, "en": unicode.Latin}

func foreign(r rune) bool {
	return unicode.IsLetter(r) && !unicode.Is(unicode.Cyrillic, r) && !unicode.Is(unicode.Latin, r)
}

// unprintable signs are controls, and those that turn the direction of what
// follows.
func unprintable(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// empty reports whether nothing is said in any language.
func (t Texts) empty() bool { return strings.TrimSpace(t["ru"]+t["en"]) == "" }

// Codes: a category's in Russian capitals, so that a Latin В is none; a queue's
// and a field's in small Latin letters.
var (
	categoryCode = regexp.MustCompile(`^[\x{410}-\x{42F}\x{401}]{1,2}-\d{1,3}$`)
	queueCode    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	fieldName    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)
)

func email(s string) (string, error) {
	e, err := privacy.ParseEmail(strings.TrimSpace(s))
	if err != nil {
		return "", ErrEmail
	}
	return e.Reveal(), nil
}

// oneOf reports whether a text is one of some words.
func oneOf[T ~string](text T, words []T) bool { return slices.Contains(words, text) }
