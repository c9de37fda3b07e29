package questions

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/words"
)

// Figures fill the placeholders of answers from data.
type Figures interface {
	// Args returns the values of the figures that are named, for a reader at a
	// moment. One that has no data says so kindly, and is named in missing.
	Args(names []string, at time.Time, r knowledge.Reader) (args []words.Arg, missing []string)
	// Link returns the organisation of a kind; false if none is known.
	Link(kind string) (knowledge.Link, bool)
}

// Texts are the answers as of one moment, without the ear that finds them: what can
// be read on a page. They are immutable and safe for concurrent use.
type Texts struct {
	edition knowledge.Edition // what of it can be read
	library *knowledge.Library
	figures Figures
	bodies  map[*knowledge.Article]*words.Text
	offices *visit.Directory
}

// NewTexts makes the answers of an edition, beside the offices of the same moment.
// An article that cannot be read is left out, and named in the error; the texts are
// good all the same.
func NewTexts(e knowledge.Edition, f Figures, offices *visit.Directory) (*Texts, error) {
	var readable []knowledge.Article
	var problems []error
	for _, a := range e.Articles {
		if _, err := words.ParseText(a.Body); err != nil {
			problems = append(problems, fmt.Errorf("article %s/%s: %w", a.Lang, a.Slug, err))
			continue
		}
		readable = append(readable, a)
	}
	e.Articles = readable
	t := &Texts{edition: e, library: knowledge.NewLibrary(e), figures: f, offices: offices, bodies: map[*knowledge.Article]*words.Text{}}
	for a := range t.library.All() {
		if body, err := words.ParseText(a.Body); err == nil {
			t.bodies[a] = body
		}
	}
	return t, errors.Join(problems...)
}

// Library returns the articles.
func (t *Texts) Library() *knowledge.Library { return t.library }

// Offices returns the offices.
func (t *Texts) Offices() *visit.Directory { return t.offices }

// Body returns the text of an article of the library, with the figures of a moment,
// for a reader: the same in every chat and on every page.
func (t *Texts) Body(a *knowledge.Article, at time.Time, r knowledge.Reader) []chat.Block {
	body := t.bodies[a]
	r.Lang = a.Lang
	args, _ := t.figures.Args(body.Args(), at, r)
	return body.Say(words.Lang(a.Lang), args...)
}

// Local reports whether an article tells of payment points, which are those of a
// territory.
func (t *Texts) Local(a *knowledge.Article) bool {
	return slices.Contains(t.bodies[a].Args(), pointsFigure)
}

// Missing returns the names of figures that articles need and the data do not
// have at a moment: answers that send their readers to the phone.
func (t *Texts) Missing(at time.Time) []string {
	names := map[string]bool{}
	for a, body := range t.bodies {
		_, missing := t.figures.Args(body.Args(), at, knowledge.Reader{Lang: a.Lang})
		for _, name := range missing {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
