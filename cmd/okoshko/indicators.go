package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"okoshko/bots/site/indicators"
	"okoshko/core/appeal/indicator"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/knowledge"
)

// countedFor is how long what was counted of a period is shown: the page is public,
// and counting reads every case of a year.
const countedFor = 5 * time.Minute

// abacus counts how well the company answers, and remembers it for a while.
type abacus struct {
	tables   registry.Tables
	figures  registry.Figures
	articles func() []knowledge.Article // those that hold; nil before the first content
	counter  term.Counter
	now      func() time.Time

	mu   sync.Mutex // one counts, the others wait for it
	last map[indicator.Period]indicators.Figures
}

// newAbacus counts in the company's zone.
func (s *server) newAbacus(zone *time.Location) *abacus {
	return &abacus{
		tables: s.stores.db, figures: s.stores.db, now: s.clock.Now,
		counter: term.Counter{Days: s.stores.days, Zone: zone},
		articles: func() []knowledge.Article {
			if c := s.librarian.content.Load(); c != nil {
				return c.Articles.Articles
			}
			return nil
		},
	}
}

// count implements indicators.Source.
func (a *abacus) count(ctx context.Context, p indicator.Period) (f indicators.Figures, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if f, ok := a.last[p]; ok && now.Sub(f.At).Abs() < countedFor {
		return f, nil
	}
	books, err := a.tables.CaseBooks(ctx)
	if err != nil {
		return f, err
	}
	from, to := p.Bounds(a.counter.Zone)
	cases, err := a.figures.AnsweredCases(ctx, from, to)
	if err != nil {
		return f, err
	}
	f = indicators.Figures{Called: books.Forms.Kinds(), Kinds: indicator.Count(slices.Values(cases), indicator.ByKind), At: now}
	for _, r := range indicator.Count(slices.Values(cases), func(indicator.Case) string { return "" }) {
		f.All = r
	}
	pages := func(yield func(indicator.Page) bool) {
		for _, article := range a.articles() {
			if !yield(indicator.Page{Changed: article.SourceChanged.At(0, a.counter.Zone), Published: article.Published}) {
				return
			}
		}
	}
	if f.Fresh, err = indicator.Fresh(pages, books.Terms, a.counter, now); err != nil {
		return f, err
	}
	if a.last == nil || len(a.last) >= mostPeriods {
		a.last = map[indicator.Period]indicators.Figures{}
	}
	a.last[p] = f
	return f, nil
}

// mostPeriods bounds what is remembered: whoever asks for every month since the
// beginning fills no memory.
const mostPeriods = 64
