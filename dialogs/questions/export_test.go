package questions

import (
	"iter"

	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
)

// EarOf returns the ear of a content.
func EarOf(c *Content) *Ear { return c.ear }

// AllExamples are what every ear learns from, by the name under which they are
// heard; "" stands for what is foreign.
func AllExamples() map[string][]string {
	from := readExamples(exampleFiles)
	all := map[string][]string{"": from.foreign}
	for name, list := range from.named {
		all[name] = list
	}
	return all
}

// NewEarOf makes an ear that learns from those examples alone.
func NewEarOf(articles iter.Seq[*knowledge.Article], openings []dialog.Opening, of map[string][]string) *Ear {
	from := examples{named: of, foreign: of[""]}
	main, others := divide(articles, from.count())
	return learnFrom(main, openings, from, learnAddressees(from)).with(others)
}
