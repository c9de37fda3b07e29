package questions

import (
	"slices"

	"okoshko/core/knowledge"
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
	for _, hit := range c.ear.index.Search(text, 4*limit) {
		slug, ok := Slug(hit.ID)
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
