package questions

import (
	"slices"

	"okoshko/core/knowledge"
	"okoshko/core/search"
)

// Seek finds articles by words for who answers customers, the best first, limit
// at most: those that hold for the reader, in his language. It hides nothing that
// is unlikely: he chooses himself.
func (s *Shelf) Seek(text string, r knowledge.Reader, limit int) []*knowledge.Article {
	c := s.Newest()
	if c == nil {
		return nil
	}
	var found []*knowledge.Article
	for _, name := range c.ear.seek(text, r, 4*limit) {
		slug, ok := Slug(name)
		if !ok {
			continue
		}
		a, ok := c.library.Article(slug, r)
		if ok && !slices.Contains(found, a) {
			found = append(found, a)
		}
		if len(found) == limit {
			break
		}
	}
	return found
}

// seek returns the names that a text may mean, the likeliest first: an answer without
// examples before all others where it fits closely, the rest of these behind.
func (e *Ear) seek(text string, r knowledge.Reader, limit int) (names []string) {
	if name := e.Beside(text, r); name != "" {
		names = append(names, name)
	}
	add := func(hits []search.Hit) {
		for _, hit := range hits {
			names = append(names, hit.ID)
		}
	}
	add(e.index.Search(text, limit))
	if e.beside != nil {
		add(e.beside.index.Search(text, limit))
	}
	return names
}
