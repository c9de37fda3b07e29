package readings

import (
	"slices"
	"strings"

	"okoshko/core/billing"
	"okoshko/dialogs/words"
)

// ear decides whether a free text is about submitting readings.
type ear struct{ phrases []string }

func newEar(c *words.Catalogue) ear {
	var e ear
	for _, lang := range []words.Lang{words.RU, words.EN} {
		for _, p := range c.Phrases(lang, "opens") {
			e.phrases = append(e.phrases, words.Normalise(p))
		}
	}
	return e
}

// hears: a phrase of ours stands in it, or it is nothing but numbers that may
// be an account and readings ("0145201372 14800", as suppliers take by SMS).
func (e ear) hears(text string) bool {
	normal := words.Normalise(text)
	if slices.ContainsFunc(e.phrases, func(p string) bool { return strings.Contains(normal, p) }) {
		return true
	}
	said := billing.Parse(text)
	return said.Rest == "" && (len(said.Accounts) == 1 || mayRead(said) && said.Place == "")
}

// leastDigits is how many digits a bare number has at least to be taken for a
// reading that nobody asked for.
const leastDigits = 3

// mayRead reports whether there are values that may be readings.
func mayRead(said billing.Message) bool {
	return said.Readings || slices.ContainsFunc(said.Values, func(v billing.Value) bool {
		return len(strings.Join(v.Groups, "")) >= leastDigits
	})
}
