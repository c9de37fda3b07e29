package search

import "slices"

// Says returns the share of what a question says that a text says as well, 0…1: each
// concept counts by how well it tells the index's documents apart, and what is
// related to it by its part. Together with Hit.Coverage, which is the same the other
// way round, it tells whether two texts ask the same.
func (x *Index) Says(text, question string) float32 {
	s := x.pool.Get().(*scratch) //nolint:forcetypeassert // the pool's own
	defer x.pool.Put(s)
	reader{x.lexicon, false}.read(s, question)
	x.understand(s)
	asked := slices.Clone(s.words)
	reader{x.lexicon, false}.read(s, text)
	x.understand(s)
	var said, total float32
	for i := range asked {
		if w := &asked[i]; !repeats(asked[:i], w.concept) {
			total += w.info
			said += w.info * x.meant(s.words, w.concept)
		}
	}
	return said / max(total, leastOdds)
}

// meant is how much of a concept the words mean.
func (x *Index) meant(words []word, concept int32) float32 {
	var most float32
	for _, w := range words {
		switch {
		case w.concept == unknown:
		case w.concept == concept:
			most = max(most, w.quality)
		default:
			for _, r := range x.entries[w.concept].related {
				if r.concept == concept {
					most = max(most, w.quality*r.weight)
				}
			}
		}
	}
	return most
}
