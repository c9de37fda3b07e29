package questions

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"okoshko/core/appeal/registry"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

// Content is everything that answers are made of, as of one moment. It is
// immutable and safe for concurrent use.
type Content struct {
	*Texts
	ear    *Ear
	prices *tariff.Book
	cases  *registry.Books
}

// NewContent makes the content of an edition, beside the prices, the offices and
// the forms of cases (nil: there are none) of the same moment; openings are what
// free text may lead to besides articles. The error is that of NewTexts.
func NewContent(e knowledge.Edition, f Figures, prices *tariff.Book, offices *visit.Directory, cases *registry.Books, openings []dialog.Opening) (*Content, error) {
	texts, err := NewTexts(e, f, offices)
	return &Content{Texts: texts, ear: earFor(texts.edition, openings), prices: prices, cases: cases}, err
}

// ears are the two that were heard with last, the newest first, and what for. To
// learn one takes a good part of a second and 10 MiB, most of what changes (prices,
// offices, published answers) is nothing that it learns from, and a change may be
// taken back.
var ears struct {
	sync.Mutex
	kept []keptEar
}

type keptEar struct {
	learned, beside [sha256.Size]byte // of what
	ear             *Ear
}

// earFor returns an ear for an edition and openings: one of the last two, if it
// was made for the same, or what it has learned with other answers beside.
func earFor(e knowledge.Edition, openings []dialog.Opening) *Ear {
	main, others := divide(knowledge.NewLibrary(e).All(), exampled())
	one := keptEar{learned: sum(e.Categories, openings, main), beside: sum(nil, nil, others)}
	ears.Lock()
	defer ears.Unlock()
	for _, k := range ears.kept {
		switch {
		case k.learned == one.learned && k.beside == one.beside:
			one.ear = k.ear
		case k.learned == one.learned && one.ear == nil:
			one.ear = k.ear.with(others)
		}
	}
	if one.ear == nil {
		one.ear = learn(main, openings).with(others)
	}
	kept := slices.DeleteFunc(ears.kept, func(k keptEar) bool { return k.ear == one.ear })
	ears.kept = append([]keptEar{one}, kept[:min(len(kept), 1)]...)
	return one.ear
}

// sum tells whether an ear was made for the same.
func sum(categories []knowledge.Category, openings []dialog.Opening, articles []*knowledge.Article) [sha256.Size]byte {
	h := sha256.New()
	plain := json.NewEncoder(h) // of plain values into a hash: it cannot fail
	_ = plain.Encode(categories)
	_ = plain.Encode(openings)
	inOrder := slices.SortedFunc(slices.Values(articles), func(a, b *knowledge.Article) int {
		return cmp.Or(cmp.Compare(a.Slug, b.Slug), cmp.Compare(a.Lang, b.Lang))
	})
	for _, a := range inOrder {
		plainly := *a
		plainly.Version, plainly.Published = 0, time.Time{}
		_ = plain.Encode(plainly)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Shelf holds the newest content. The zero value holds none. It is safe for
// concurrent use: a step looks once and goes on with what it has seen.
type Shelf struct{ newest atomic.Pointer[Content] }

// Put replaces the content.
func (s *Shelf) Put(c *Content) { s.newest.Store(c) }

// Prices returns the newest prices, nil before the first content.
func (s *Shelf) Prices() *tariff.Book {
	if c := s.Newest(); c != nil {
		return c.prices
	}
	return nil
}

// Offices returns the newest offices, nil before the first content.
func (s *Shelf) Offices() *visit.Directory {
	if c := s.Newest(); c != nil {
		return c.offices
	}
	return nil
}

// Cases returns the newest tables by which cases live, nil before the first content
// and while nobody has said what can be written.
func (s *Shelf) Cases() *registry.Books {
	if c := s.Newest(); c != nil {
		return c.cases
	}
	return nil
}

// Forms returns the categories of cases that an answer names, none if there is no
// such answer on the day.
func (s *Shelf) Forms(answer knowledge.Slug, day calendar.Date) []string {
	c := s.Newest()
	if c == nil {
		return nil
	}
	a, found := c.library.Article(answer, knowledge.Reader{Day: day, Lang: knowledge.Source})
	if !found {
		return nil
	}
	return a.Forms
}

// Newest returns the newest content, nil before the first.
func (s *Shelf) Newest() *Content { return s.newest.Load() }
