package dialog

import (
	"slices"

	"okoshko/dialogs/words"
)

// Opening is what people say, in sentences of their own, to come to a scenario,
// a command or a word that works everywhere. Unlike Command's phrases these are
// examples: whoever knows how to compare texts finds others by them.
type Opening struct {
	// Name is for Turn.Open: "readings", "readings.mine", "cancel".
	Name    string
	Phrases []string
}

// Openings collects the examples of the engine's own words ("opens.<word>" in
// its catalogue) and of the scenarios ("opens", "<command>.opens" in theirs),
// in all languages. A scenario without examples is not opened by free text.
func Openings(scenarios ...*Scenario) []Opening {
	var out []Opening
	add := func(c *words.Catalogue, name, key string) {
		if !c.Has(key) {
			return
		}
		o := Opening{Name: name}
		for _, lang := range languages {
			o.Phrases = append(o.Phrases, c.Phrases(lang, key)...)
		}
		slices.Sort(o.Phrases)
		o.Phrases = slices.Compact(o.Phrases)
		out = append(out, o)
	}
	own := words.Must(texts)
	for _, word := range []string{wordBack, wordCancel} {
		add(own, word, "opens."+word)
	}
	for _, s := range scenarios {
		add(s.Words, s.Name, "opens")
		for _, c := range s.Commands {
			add(s.Words, s.Name+"."+c.Name, c.Name+".opens")
		}
	}
	return out
}
