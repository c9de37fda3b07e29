package questions

import (
	"okoshko/core/search"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// surelyTheirs is from which likelihood on a foreign matter is somebody's: better
// no addressee than a wrong one.
const surelyTheirs = 0.6

// learnAddressees makes an index that tells whose matter a text is that is not
// ours: a document for each kind of organisation, and one for what is nobody's
// whom we could name.
func learnAddressees(from examples) *search.Index {
	documents := []search.Document{{ID: "", Other: true}}
	at := map[string]int{}
	known := map[string]bool{}
	for _, m := range from.theirs {
		known[m.text] = true
		i, begun := at[m.kind]
		if !begun {
			i = len(documents)
			at[m.kind] = i
			documents = append(documents, search.Document{ID: m.kind, Other: true})
		}
		documents[i].Fields = append(documents[i].Fields, search.Field{Text: m.text, Weight: askWeight})
	}
	for _, text := range from.foreign {
		if !known[text] {
			documents[0].Fields = append(documents[0].Fields, search.Field{Text: text, Weight: askWeight})
		}
	}
	return search.Learn(documents)
}

// addressee returns whose matter a text is that is not ours, "" if it is not clear.
func (e *learned) addressee(text string) string {
	hits := e.addressees.Search(text, 1)
	if len(hits) == 0 || hits[0].Likely < surelyTheirs {
		return ""
	}
	return hits[0].ID
}

// refer names the organisation whose matter the text is (R-5.1.2-w); false if the
// directory has none of that kind. The customer may have meant something else.
func (s *scenario) refer(t *dialog.Turn, c *Content, kind string) bool {
	l, found := c.figures.Link(kind)
	if !found {
		return false
	}
	key := "theirs.said"
	switch {
	case l.Phone == "":
		key = "theirs.unphoned"
	case s.words.Has("theirs." + kind):
		key = "theirs." + kind
	}
	lang := string(t.Language())
	t.Keep(keptAsked, forEditors(t.Text))
	t.Say(key, words.A("name", inLanguage(l.Names, lang)), words.A("about", inLanguage(l.About, lang)),
		words.A("phone", l.Phone), words.A("link", l.Address)).
		Offer(labelled(t.Command("questions.other", ""), t.Line("theirs.mistaken")), t.Scenario("operator"), t.Menu())
	return true
}
