package main

import (
	"context"
	"slices"
	"sync"
	"time"

	console "okoshko/bots/console/indicators"
	"okoshko/bots/site/indicators"
	"okoshko/core/appeal"
	"okoshko/core/appeal/indicator"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/dialogs/words"
)

// countedFor is how long what was counted is shown: the page is public, and
// counting reads every case of a year.
const countedFor = 5 * time.Minute

// mostCounted bounds what is remembered: whoever asks for every month since the
// beginning fills no memory.
const mostCounted = 64

// abacus counts how well the company answers, and remembers it for a while.
type abacus struct {
	tables    registry.Tables
	figures   registry.Figures
	librarian *librarian
	counter   term.Counter
	now       func() time.Time

	mu   sync.Mutex // one counts, the others wait for it
	last map[counted]sums
}

// counted is what was asked for, sums what it came to.
type counted struct {
	period indicator.Period
	by     console.By
}

type sums struct {
	all    indicator.Row
	groups []console.Row
	at     time.Time
}

// openAbacus counts in the company's zone.
func (s *server) openAbacus() error {
	zone, err := s.config.Company.Location()
	s.abacus = &abacus{
		tables: s.stores.db, figures: s.stores.db, librarian: s.librarian, now: s.clock.Now,
		counter: term.Counter{Days: s.stores.days, Zone: zone}, last: map[counted]sums{},
	}
	return err
}

// groups implements console.Config.Count.
func (a *abacus) groups(ctx context.Context, p indicator.Period, by console.By) (indicator.Row, []console.Row, error) {
	t, err := a.count(ctx, counted{p, by})
	return t.all, t.groups, err
}

// public implements indicators.Source.
func (a *abacus) public(ctx context.Context, p indicator.Period) (f indicators.Figures, err error) {
	t, err := a.count(ctx, counted{p, console.Kind})
	if err != nil {
		return f, err
	}
	books, err := a.tables.CaseBooks(ctx)
	if err != nil {
		return f, err
	}
	f = indicators.Figures{All: t.all, Called: books.Forms.Kinds(), At: t.at}
	for _, g := range t.groups {
		f.Kinds = append(f.Kinds, g.Row)
	}
	f.Fresh, err = indicator.Fresh(a.pages, books.Terms, a.counter, a.now())
	return f, err
}

// pages are the articles that had to follow what they tell of: a first text was new
// when it came, and an answer to a customer is not renewed.
func (a *abacus) pages(yield func(indicator.Page) bool) {
	c := a.librarian.content.Load()
	if c == nil {
		return
	}
	for _, article := range c.Articles.Articles {
		if article.Version < 2 {
			continue
		}
		if !yield(indicator.Page{Changed: article.SourceChanged.At(0, a.counter.Zone), Published: article.Published}) {
			return
		}
	}
}

func (a *abacus) count(ctx context.Context, key counted) (t sums, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if t, ok := a.last[key]; ok && now.Sub(t.at).Abs() < countedFor {
		return t, nil
	}
	books, err := a.tables.CaseBooks(ctx)
	if err != nil {
		return t, err
	}
	span := key.period.Span(a.counter.Zone)
	cases, err := a.figures.CountedCases(ctx, span, now)
	if err != nil {
		return t, err
	}
	t = sums{at: now}
	for _, r := range indicator.Count(slices.Values(cases), span, func(indicator.Case) string { return "" }) {
		t.all = r
	}
	group, names := a.grouping(key.by, books)
	for _, r := range indicator.Count(slices.Values(cases), span, group) {
		t.groups = append(t.groups, console.Row{Row: r, Names: names(r.Group)})
	}
	if key.by == console.Kind {
		order := appeal.Kinds()
		slices.SortFunc(t.groups, func(x, y console.Row) int {
			return slices.Index(order, appeal.Kind(x.Group)) - slices.Index(order, appeal.Kind(y.Group))
		})
	}
	if len(a.last) >= mostCounted {
		clear(a.last)
	}
	a.last[key] = t
	return t, nil
}

// grouping returns the group of a case and the names of a group.
func (a *abacus) grouping(by console.By, b registry.Books) (group func(indicator.Case) string, names func(string) map[string]string) {
	today := calendar.DateOf(a.now(), a.counter.Zone)
	switch by {
	case console.Category:
		return func(c indicator.Case) string { return c.Category }, func(code string) map[string]string {
			if c, err := b.Forms.Category(code, today); err == nil {
				return c.Names
			}
			return words.Plain(code)
		}
	case console.Queue:
		return func(c indicator.Case) string { return c.Queue }, func(code string) map[string]string {
			if q, ok := b.Routes.Queue(code); ok {
				return q.Names
			}
			return words.Plain("–")
		}
	case console.Territory:
		return func(c indicator.Case) string { return c.Territory }, a.territory
	}
	return indicator.ByKind, func(code string) map[string]string {
		for _, k := range b.Forms.Kinds() {
			if string(k.Kind) == code {
				return k.Names
			}
		}
		return words.Plain(code)
	}
}

// territory returns the names of one.
func (a *abacus) territory(code string) map[string]string {
	var d *knowledge.Directory
	if f := a.librarian.facts.Load(); f != nil {
		d = f.Directory
	}
	if d != nil {
		if t, ok := d.Territory(code); ok {
			return t.Names
		}
	}
	if code == "" {
		code = "–"
	}
	return words.Plain(code)
}
