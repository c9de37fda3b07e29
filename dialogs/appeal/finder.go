package appeal

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"okoshko/core/appeal"
	"okoshko/core/calendar"
	"okoshko/core/search"
	"okoshko/dialogs/words"
)

// exampleFile holds what customers write about each category: "== <code>", then a
// message a line.
//
//go:embed examples.txt
var exampleFile embed.FS

var examples = readExamples()

func readExamples() map[string][]string {
	text, err := fs.ReadFile(exampleFile, "examples.txt")
	if err != nil {
		panic(err) // it is part of the program
	}
	named, code := map[string][]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch title, ok := strings.CutPrefix(line, "== "); {
		case line == "" || line[0] == '#':
		case ok:
			code = title
		default:
			named[code] = append(named[code], line)
		}
	}
	return named
}

// How much the parts of a category count.
const (
	nameWeight    = 1.5
	plainWeight   = 1
	exampleWeight = 1
)

// leastScore is where a category is offered at all, farthest how much of the
// first one's score the next must have. By search.Hit's Score, tuned on
// testdata/letters.tsv.
const (
	leastScore = 0.05
	farthest   = 0.01
)

// finder finds the categories that a text may be about. It learns a book once.
type finder struct {
	mu    sync.Mutex
	of    *appeal.Book
	day   calendar.Date
	index *search.Index
}

// find returns codes of categories, the likeliest first.
func (f *finder) find(b *appeal.Book, day calendar.Date, text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	var codes []string
	first := float32(0)
	for _, hit := range f.learn(b, day).Search(text, len(examples)) {
		first = max(first, hit.Score)
		if hit.Score >= leastScore && hit.Score >= farthest*first {
			codes = append(codes, hit.ID)
		}
	}
	return codes
}

func (f *finder) learn(b *appeal.Book, day calendar.Date) *search.Index {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == b && f.day == day {
		return f.index
	}
	var documents []search.Document
	for _, k := range appeal.Kinds() {
		for _, c := range b.Offered(k, "", day) {
			d := search.Document{ID: c.Code}
			for _, lang := range []words.Lang{words.RU, words.EN} {
				d.Fields = append(d.Fields, search.Field{Text: c.Names[string(lang)], Weight: nameWeight},
					search.Field{Text: c.Plain[string(lang)], Weight: plainWeight})
			}
			for _, example := range examples[c.Code] {
				d.Fields = append(d.Fields, search.Field{Text: example, Weight: exampleWeight})
			}
			documents = append(documents, d)
		}
	}
	f.of, f.day, f.index = b, day, search.Learn(documents)
	return f.index
}

var languages = []words.Lang{words.RU, words.EN}

// heardKind is the kind that the words of a text name; false if they name none, or
// several. A word that is none of those that say nothing is meant before one that is.
func heardKind(text string) (k appeal.Kind, ok bool) {
	tokens := strings.Fields(words.Normalise(text))
	if k, named := kindAmong(slices.DeleteFunc(slices.Clone(tokens), isFiller)); named > 0 {
		return k, named == 1
	}
	k, named := kindAmong(tokens)
	return k, named == 1
}

// kindAmong is a kind that words name, and how many kinds they name.
func kindAmong(tokens []string) (k appeal.Kind, named int) {
	for _, of := range appeal.Kinds() {
		if slices.ContainsFunc(tokens, func(token string) bool { return namesKind(token, of) }) {
			k, named = of, named+1
		}
	}
	return k, named
}

// wants reports whether a text says only that somebody wants to write, and what: more
// than a question, which is asked at once, or thanks, which are answered.
func wants(text string) bool {
	tokens := slices.DeleteFunc(strings.Fields(words.Normalise(text)), isFiller)
	k, named := kindAmong(tokens)
	thanks := func(token string) bool { return beginsLike(token, "stems.thanks") }
	return named == 1 && k != appeal.Question && bare(text) && !slices.ContainsFunc(tokens, thanks)
}

func isFiller(token string) bool {
	return slices.ContainsFunc(languages, func(lang words.Lang) bool { return slices.Contains(catalogue.Phrases(lang, "filler"), token) })
}

// bare reports whether a text says only that somebody wants to write.
func bare(text string) bool {
	return !slices.ContainsFunc(strings.Fields(words.Normalise(text)), func(token string) bool {
		return !isFiller(token) && !slices.ContainsFunc(appeal.Kinds(), func(k appeal.Kind) bool { return namesKind(token, k) })
	})
}

// namesKind reports whether a word begins like those that name a kind.
func namesKind(token string, k appeal.Kind) bool { return beginsLike(token, "stems."+string(k)) }

func beginsLike(token, stems string) bool {
	return slices.ContainsFunc(languages, func(lang words.Lang) bool {
		return slices.ContainsFunc(catalogue.Phrases(lang, stems), func(stem string) bool { return strings.HasPrefix(token, stem) })
	})
}
