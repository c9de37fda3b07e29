package words

import (
	"maps"
	"slices"
	"sync/atomic"

	"okoshko/core/chat"
)

// Catalogue is an immutable set of texts and phrases in every language.
type Catalogue struct {
	entries map[string]*entry
	onMiss  atomic.Pointer[func(Miss)]
}

// entry is what one key says, in the order of languages.
type entry struct {
	versions [len(languages)]version
	// matches holds the normalised phrases, or the label, of all languages.
	matches map[string]struct{}
}

// version is an entry in one language: a text, a plural or phrases.
type version struct {
	text    *template
	plural  *[len(forms)]*template
	phrases []string
	line    int // in its file
}

// count is the argument that chooses a plural form.
const count = "n"

// Miss is something that was asked for and is not there: a key, or an
// argument of a key.
type Miss struct {
	Lang Lang
	Key  string
	// Arg is empty when the key itself is missing.
	Arg string
}

// OnMiss sets who is told of misses, to count or log them. It is called from
// whichever goroutine speaks, and must not block.
func (c *Catalogue) OnMiss(hook func(Miss)) { c.onMiss.Store(&hook) }

func (c *Catalogue) miss(m Miss) {
	if hook := c.onMiss.Load(); hook != nil && *hook != nil {
		(*hook)(m)
	}
}

// Say returns the text of the key with its arguments filled in as plain text.
// The blocks are the caller's own. A missing key says ‹key›.
func (c *Catalogue) Say(lang Lang, key string, args ...Arg) []chat.Block {
	t := c.template(lang, key, args)
	if t == nil {
		c.miss(Miss{Lang: lang, Key: key})
		return []chat.Block{chat.Para(placard(key))}
	}
	return t.say(lang, args, func(arg string) { c.miss(Miss{Lang: lang, Key: key, Arg: arg}) })
}

// Line returns the text of the key as one plain line, for labels and toasts:
// its blocks joined by spaces, without looks. A missing key says ‹key›.
func (c *Catalogue) Line(lang Lang, key string, args ...Arg) string {
	t := c.template(lang, key, args)
	switch {
	case t == nil:
		c.miss(Miss{Lang: lang, Key: key})
		return placard(key)
	case len(t.args) == 0:
		return t.line
	}
	var buffer [256]byte
	return string(t.appendLine(buffer[:0], lang, args, func(arg string) { c.miss(Miss{Lang: lang, Key: key, Arg: arg}) }))
}

// template returns the text to fill in, nil if the key has none.
func (c *Catalogue) template(lang Lang, key string, args []Arg) *template {
	e, ok := c.entries[key]
	if !ok {
		return nil
	}
	v := &e.versions[lang.index()]
	if v.plural == nil {
		return v.text
	}
	missing := func(arg string) { c.miss(Miss{Lang: lang, Key: key, Arg: arg}) }
	return v.plural[formOf(lang, find(args, count, missing))]
}

// placard is what stands where a text should have stood.
func placard(key string) string { return "‹" + key + "›" }

// Phrases returns the phrases of the key as they are written, nil if it has
// none.
func (c *Catalogue) Phrases(lang Lang, key string) []string {
	e, ok := c.entries[key]
	if !ok || e.versions[lang.index()].phrases == nil {
		c.miss(Miss{Lang: lang, Key: key})
		return nil
	}
	return slices.Clone(e.versions[lang.index()].phrases)
}

// Matches reports whether a customer who typed input meant the key: one of its
// phrases, or its label if it is a text without placeholders. All languages
// count, since labels of the other one may still be on the screen. Input is
// compared by Normalise; input that is normalised already costs no allocation.
func (c *Catalogue) Matches(key, input string) bool {
	e, ok := c.entries[key]
	if !ok {
		c.miss(Miss{Key: key})
		return false
	}
	_, ok = e.matches[Normalise(input)]
	return ok
}

// Has reports whether the key exists, in every language then.
func (c *Catalogue) Has(key string) bool { return c.entries[key] != nil }

// Keys returns all keys, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.entries)) }

// Args returns the names of the arguments that the key takes, sorted; n is
// among them if the key is a plural in any language.
func (c *Catalogue) Args(key string) []string {
	var names []string
	if e, ok := c.entries[key]; ok {
		for i := range e.versions {
			names = append(names, e.versions[i].args()...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// args returns the names that the version takes, sorted.
func (v *version) args() []string {
	switch {
	case v.text != nil:
		return v.text.args
	case v.plural != nil:
		names := []string{count}
		for _, t := range v.plural {
			if t != nil {
				names = append(names, t.args...)
			}
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	return nil
}

// index fills matches.
func (e *entry) index() {
	e.matches = make(map[string]struct{})
	for _, v := range e.versions {
		if v.text != nil && len(v.text.args) == 0 {
			e.matches[Normalise(v.text.line)] = struct{}{}
		}
		for _, phrase := range v.phrases {
			e.matches[Normalise(phrase)] = struct{}{}
		}
	}
	delete(e.matches, "") // a text of signs alone is met by no words
}
