package words

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
)

// FileName returns the name of the language's file in a folder of words.
func FileName(lang Lang) string { return "text." + string(lang) + ".yaml" }

// Must loads a catalogue that is compiled in, usually by
//
//	//go:embed text.*.yaml
//	var files embed.FS
//	var text = words.Must(files)
//
// It panics with what Load says: such a fault belongs to the build.
func Must(fsys fs.FS) *Catalogue {
	c, err := Load(fsys)
	if err != nil {
		panic(err)
	}
	return c
}

// Load reads text.ru.yaml and text.en.yaml in the root of fsys. Its error
// lists every problem, one sentence a line, each with its file and line: what
// cannot be read, bad markup, empty texts, plural forms that the language
// lacks or does not have, keys of one language only, placeholders that differ.
func Load(fsys fs.FS) (*Catalogue, error) {
	l := new(loader)
	var sources [len(languages)]map[string]version
	readable := true
	for i, lang := range languages {
		content, err := fs.ReadFile(fsys, FileName(lang))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", FileName(lang), err)
		}
		sources[i] = make(map[string]version)
		readable = l.file(lang, content, sources[i]) && readable
	}
	c := &Catalogue{entries: make(map[string]*entry)}
	if readable {
		l.pair(sources, c.entries)
	}
	if err := l.err(); err != nil {
		return nil, err
	}
	for _, e := range c.entries {
		e.index()
	}
	return c, nil
}

// loader gathers problems.
type loader struct{ problems []problem }

// problem is a sentence about a line of a file; line 0 is the file itself.
type problem struct {
	file     string
	line     int
	sentence string
}

func (l *loader) add(lang Lang, line int, format string, args ...any) {
	l.problems = append(l.problems, problem{FileName(lang), line, fmt.Sprintf(format, args...)})
}

func (l *loader) err() error {
	slices.SortStableFunc(l.problems, func(a, b problem) int {
		return cmp.Or(-cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.sentence, b.sentence))
	})
	var all []error
	for _, p := range l.problems {
		if p.line == 0 {
			all = append(all, fmt.Errorf("%s: %s", p.file, p.sentence))
		} else {
			all = append(all, fmt.Errorf("%s:%d: %s", p.file, p.line, p.sentence))
		}
	}
	return errors.Join(all...)
}

// pair puts the languages together and compares them.
func (l *loader) pair(sources [len(languages)]map[string]version, entries map[string]*entry) {
	for i, source := range sources {
		for key, v := range source {
			e := entries[key]
			if e == nil {
				e = new(entry)
				entries[key] = e
			}
			e.versions[i] = v
			for j, other := range languages {
				if _, ok := sources[j][key]; !ok {
					l.add(languages[i], v.line, "The key %q is missing in %s.", key, FileName(other))
				}
			}
		}
	}
	for key, e := range entries {
		ru, en := &e.versions[0], &e.versions[1]
		if ru.line == 0 || en.line == 0 {
			continue // missing, said above
		}
		if (ru.phrases != nil) != (en.phrases != nil) {
			l.add(EN, en.line, "The key %q is a list of phrases in one language and a text in the other.", key)
			continue
		}
		l.compareArgs(key, ru, en)
	}
}

// compareArgs holds both languages to the same placeholders. The argument n of
// a plural may be unsaid in either: «одна заявка».
func (l *loader) compareArgs(key string, ru, en *version) {
	ruArgs, enArgs := ru.args(), en.args()
	if ru.plural != nil || en.plural != nil {
		ruArgs, enArgs = without(ruArgs, count), without(enArgs, count)
	}
	if !slices.Equal(ruArgs, enArgs) {
		l.add(EN, en.line, "The key %q has the placeholders %s where Russian has %s.", key, braced(enArgs), braced(ruArgs))
	}
}

// checkPlural holds a plural to the forms of its language, and all its forms
// to the same placeholders, n apart.
func (l *loader) checkPlural(lang Lang, key string, v version) {
	want := needed[lang.index()]
	var missing, alien []string
	var first *template
	for form, t := range v.plural {
		switch needs := slices.Contains(want, plural.Form(form)); {
		case needs && t == nil:
			missing = append(missing, forms[form])
		case !needs && t != nil:
			alien = append(alien, forms[form])
		}
		switch {
		case t == nil:
		case first == nil:
			first = t
		case !slices.Equal(without(t.args, count), without(first.args, count)):
			l.add(lang, v.line, "The plural %q has different placeholders in its forms: %s and %s.", key, braced(first.args), braced(t.args))
		}
	}
	if missing != nil {
		l.add(lang, v.line, "The plural %q lacks the form %s.", key, strings.Join(missing, ", "))
	}
	if alien != nil {
		l.add(lang, v.line, "The plural %q has the form %s, which the language has not.", key, strings.Join(alien, ", "))
	}
}

// checkPhrases refuses phrases that nobody could type or that repeat another.
func (l *loader) checkPhrases(lang Lang, key string, v version) {
	if len(v.phrases) == 0 {
		l.add(lang, v.line, "The list %q is empty.", key)
	}
	seen := make(map[string]string)
	for _, phrase := range v.phrases {
		normal := Normalise(phrase)
		if normal == "" {
			l.add(lang, v.line, "The list %q has the phrase %q, which holds no word.", key, phrase)
		} else if before, ok := seen[normal]; ok {
			l.add(lang, v.line, "The list %q has the phrases %q and %q, which are the same to us.", key, before, phrase)
		}
		seen[normal] = phrase
	}
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

func braced(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "{" + strings.Join(names, "}, {") + "}"
}
