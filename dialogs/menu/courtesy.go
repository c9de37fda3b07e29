package menu

import (
	"context"
	"slices"
	"strings"

	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// courtesies are what people say who ask for nothing: the names of their words in
// the catalogue, "<name>.heard". Of several in one text the first is answered.
var courtesies = []string{identity, thanks, parting, presence, greeting, assent}

// answeredAmid are those that are answered in the middle of a form, too.
var answeredAmid = []string{thanks, parting, identity}

const (
	thanks   = "thanks"
	parting  = "parting"
	identity = "identity" // whether he speaks with a person
	presence = "presence" // is anybody there
	greeting = "greeting"
	assent   = "assent" // understood
)

// besides are the words that go with a courtesy and are none.
const besides = "besides.heard"

// manners know a text that is nothing but courtesy: to search for an answer to it
// would be to say "I do not know" to a thank-you.
type manners struct {
	known   map[string]string // phrase, normalised → courtesy; "": besides
	longest int               // phrase, in words
}

func newManners(c *words.Catalogue) *manners {
	m := &manners{known: map[string]string{}}
	for _, lang := range []words.Lang{words.RU, words.EN} {
		m.learn("", c.Phrases(lang, besides))
		for _, name := range courtesies {
			m.learn(name, c.Phrases(lang, name+".heard"))
		}
	}
	return m
}

func (m *manners) learn(courtesy string, phrases []string) {
	for _, phrase := range phrases {
		normal := words.Normalise(phrase)
		m.known[normal] = courtesy
		m.longest = max(m.longest, len(strings.Fields(normal)))
	}
}

// mostCourtesy is how many words may be looked at: nobody is polite for longer
// without wanting something.
const mostCourtesy = 12

// of returns the courtesy that the text is; "" if it says anything else.
func (m *manners) of(text string) string {
	rest := strings.Fields(words.Normalise(text))
	if len(rest) > mostCourtesy {
		return ""
	}
	found := ""
	for len(rest) > 0 {
		courtesy, n := m.next(rest)
		if n == 0 {
			return ""
		}
		if courtesy != "" && (found == "" || slices.Index(courtesies, courtesy) < slices.Index(courtesies, found)) {
			found = courtesy
		}
		rest = rest[n:]
	}
	return found
}

// next finds the longest known phrase that the words begin with, and its length.
func (m *manners) next(rest []string) (courtesy string, n int) {
	for n := min(m.longest, len(rest)); n > 0; n-- {
		if courtesy, ok := m.known[strings.Join(rest[:n], " ")]; ok {
			return courtesy, n
		}
	}
	return "", 0
}

// reply answers a courtesy in its own coin, and honestly who asks what he speaks
// with. A greeting opens the menu, see New; who waits for a person says it to him; and
// in a form "ok" and "are you there" are answered by its question, which comes again.
func (m *manners) reply(_ context.Context, t *dialog.Turn) (bool, error) {
	courtesy := m.of(t.Text)
	switch {
	case courtesy == "", courtesy == greeting, t.Waiting(), t.Amid() && !slices.Contains(answeredAmid, courtesy):
		return false, nil
	}
	said := t.Say(courtesy+".said", t.Contacts()...)
	if courtesy == presence || courtesy == identity {
		said.Offer(t.Scenario("operator"))
	}
	said.Offer(t.Menu())
	return true, nil
}
