package knowledge

import (
	"cmp"
	"iter"
	"slices"
)

// Library is a snapshot of all articles. It is immutable and safe for
// concurrent use.
type Library struct {
	categories []Category
	shelves    map[string][]*work // by a category's ID, in their order
	works      map[Slug]*work
	all        []*work
	feed       []*work // answers to customers, the newest first
}

// work is an article with its translations.
type work struct {
	source *Article
	in     map[string]*Article
}

// NewLibrary makes a snapshot of an edition. It keeps what it is given and
// makes the best of it: an article of an unknown category is found by name and
// search alone, a translation without its source is left out.
func NewLibrary(e Edition) *Library {
	l := &Library{
		categories: e.Categories,
		shelves:    map[string][]*work{},
		works:      map[Slug]*work{},
	}
	for i := range e.Articles {
		if a := &e.Articles[i]; a.Lang == Source {
			w := &work{source: a, in: map[string]*Article{Source: a}}
			l.works[a.Slug] = w
		}
	}
	for i := range e.Articles {
		a := &e.Articles[i]
		if w, ok := l.works[a.Slug]; ok {
			w.in[a.Lang] = a
		}
	}
	for _, w := range l.works {
		l.all = append(l.all, w)
	}
	slices.SortFunc(l.all, func(a, b *work) int {
		return cmp.Or(
			cmp.Compare(l.rank(a.source.Category), l.rank(b.source.Category)),
			cmp.Compare(a.source.Place, b.source.Place), cmp.Compare(a.source.Slug, b.source.Slug))
	})
	for _, w := range l.all {
		if w.source.Asked {
			l.feed = append(l.feed, w)
			continue
		}
		l.shelves[w.source.Category] = append(l.shelves[w.source.Category], w)
	}
	slices.SortStableFunc(l.feed, func(a, b *work) int { return b.source.Published.Compare(a.source.Published) })
	return l
}

// rank is the place of a category, after all others if it is not known.
func (l *Library) rank(category string) int {
	if i := slices.IndexFunc(l.categories, func(c Category) bool { return c.ID == category }); i >= 0 {
		return i
	}
	return len(l.categories)
}

// lang returns the article in a language, in the source if it is not
// translated.
func (w *work) lang(lang string) *Article {
	if a, ok := w.in[lang]; ok {
		return a
	}
	return w.source
}

// Len returns how many articles there are, translations not counted.
func (l *Library) Len() int { return len(l.all) }

// All yields every article in every language, valid or not, in the order of
// the contents: what an index of the search is made of. They are the library's
// own and must not be changed, as all that its methods return.
func (l *Library) All() iter.Seq[*Article] {
	return func(yield func(*Article) bool) {
		for _, w := range l.all {
			if !yield(w.source) {
				return
			}
			for lang, a := range w.in {
				if lang != Source && !yield(a) {
					return
				}
			}
		}
	}
}

// Article returns an article by its name, if it holds for the reader, in his
// language or else in Russian.
func (l *Library) Article(slug Slug, r Reader) (a *Article, found bool) {
	w, ok := l.works[slug]
	if !ok || !w.source.For(r) {
		return nil, false
	}
	return w.lang(r.Lang), true
}

// Category returns a category by its ID.
func (l *Library) Category(id string) (c Category, found bool) {
	if i := l.rank(id); i < len(l.categories) {
		return l.categories[i], true
	}
	return Category{}, false
}

// Categories returns those that have something for the reader, in their order.
func (l *Library) Categories(r Reader) []Category {
	var list []Category
	for _, c := range l.categories {
		if slices.ContainsFunc(l.shelves[c.ID], func(w *work) bool { return w.source.For(r) }) {
			list = append(list, c)
		}
	}
	return list
}

// In returns the articles of a category that hold for the reader, in their
// order.
func (l *Library) In(category string, r Reader) []*Article {
	var list []*Article
	for _, w := range l.shelves[category] {
		if w.source.For(r) {
			list = append(list, w.lang(r.Lang))
		}
	}
	return list
}

// Feed returns the answers to customers' questions that hold for the reader, of a
// category or of all (""), the newest first (R-5.1.2-p).
func (l *Library) Feed(category string, r Reader) []*Article {
	var list []*Article
	for _, w := range l.feed {
		if w.source.For(r) && (category == "" || w.source.Category == category) {
			list = append(list, w.lang(r.Lang))
		}
	}
	return list
}

// Related returns the related articles that hold for the reader and that the
// article's own readers read, too.
func (l *Library) Related(a *Article, r Reader) []*Article {
	var list []*Article
	for _, slug := range a.Related {
		if other, ok := l.Article(slug, r); ok && !a.Replaces(other) {
			list = append(list, other)
		}
	}
	return list
}

// Instead returns the articles that answer the matter of one of another audience for
// the reader: those that replace it, then those that it replaces.
func (l *Library) Instead(a *Article, r Reader) []*Article {
	var list, replaced []*Article
	for _, w := range l.all {
		switch {
		case !w.source.For(r):
		case w.source.Replaces(a):
			list = append(list, w.lang(r.Lang))
		case a.Replaces(w.source):
			replaced = append(replaced, w.lang(r.Lang))
		}
	}
	return append(list, replaced...)
}
