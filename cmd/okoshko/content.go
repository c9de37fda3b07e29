package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"okoshko/adapters/postgres"
	"okoshko/bots/site/answers"
	"okoshko/bots/site/frontpage"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/questions/figures"
	"okoshko/dialogs/words"
)

// librarian keeps what answers are made of as the database has it: articles,
// prices, offices, the calendar. While the database is away the last of it goes on serving.
type librarian struct {
	db       *postgres.DB
	shelf    *questions.Shelf
	book     *dialog.Book
	openings []dialog.Opening
	company  figures.Company
	now      func() time.Time
	zone     *time.Location // the company's, in which days begin
	days     *calendar.Production
	log      *slog.Logger
	facts    atomic.Pointer[frontpage.Facts] // nil before the first
	content  atomic.Pointer[postgres.Content]
	version  int64         // of what is on the shelf,
	day      calendar.Date // and when it was read
	silent   bool          // the trouble is known
}

func newLibrarian(c Config, db *postgres.DB, shelf *questions.Shelf, book *dialog.Book, days *calendar.Production, now func() time.Time, log *slog.Logger) (*librarian, error) {
	zone, err := c.Company.Location()
	if err != nil {
		return nil, err
	}
	return &librarian{
		db: db, shelf: shelf, book: book, openings: dialog.Openings(book.Scenarios()...), now: now, zone: zone, days: days, log: log,
		company: c.Company.Figures(),
	}, nil
}

// newest is what is told to everybody; nil before the first, and as long as there is
// nobody who reads it.
func (l *librarian) newest() *frontpage.Facts {
	if l == nil {
		return nil
	}
	return l.facts.Load()
}

// answers are what the public pages of answers show, nil before the first.
func (l *librarian) answers() answers.Content {
	if c := l.shelf.Newest(); c != nil {
		return c
	}
	return nil
}

// links are the ways into the chat to what an answer leads to.
func (l *librarian) links(a *knowledge.Article, lang words.Lang) []dialog.Link {
	return questions.Links(l.book, a, lang)
}

// lookForNews is how often the database is asked for a change: an editor sees
// his words within a second, on every replica.
const lookForNews = 500 * time.Millisecond

// Run looks for news until the context ends.
func (l *librarian) Run(ctx context.Context) error {
	tick := time.NewTicker(lookForNews)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		l.look(ctx)
	}
}

// look reads the content if it has changed, or another day has begun: what holds
// from today on is read today.
func (l *librarian) look(ctx context.Context) {
	newest, err := l.db.ContentVersion(ctx)
	if err == nil && (newest != l.version || calendar.DateOf(l.now(), l.zone) != l.day) {
		err = l.read(ctx)
	}
	l.report(ctx, err)
}

// read puts the newest content on the shelf.
func (l *librarian) read(ctx context.Context) error {
	day := calendar.DateOf(l.now(), l.zone)
	c, err := l.db.Content(ctx)
	if err != nil {
		return err
	}
	l.days.Put(c.Years...)
	published, err := l.db.Publications(ctx, life.Published, mostPublished)
	if err != nil {
		return err
	}
	c.Articles.Articles = append(c.Articles.Articles, feed(published, l.zone)...)
	cases, err := l.db.CaseBooks(ctx)
	if err != nil && !errors.Is(err, registry.ErrNoBooks) {
		return err
	}
	var forms *registry.Books
	terms := new(term.Book) // none: answers send to the phone
	if err == nil {
		forms, terms = &cases, cases.Terms
	}
	facts := &figures.Facts{
		Company: l.company, Zone: l.zone, Days: l.days, Terms: terms,
		Prices: c.Prices, Directory: c.Directory, Offices: c.Offices,
	}
	content, err := questions.NewContent(c.Articles, facts, c.Prices, c.Offices, forms, l.openings)
	if err != nil { // some articles: the others are good
		l.log.Error("articles left out", "error", err)
	}
	if missing := content.Missing(l.now()); len(missing) > 0 {
		l.log.Warn("answers lack figures", "figures", missing)
	}
	l.shelf.Put(content)
	l.facts.Store(&frontpage.Facts{Prices: c.Prices, Days: facts.Days, Directory: c.Directory, Offices: c.Offices, Figures: facts})
	l.content.Store(&c)
	l.version, l.day = c.Version, day
	// An ear is learned in three times the memory that it has afterwards; the
	// runtime would keep that for minutes, and a process that was just started has
	// no other use for it.
	debug.FreeOSMemory()
	l.log.Info("content read", "version", c.Version, "articles", len(c.Articles.Articles))
	return nil
}

// mostPublished is how many answers to customers can be read and found beside the
// articles: the newest.
const mostPublished = 2000

// feed makes articles of answers to customers that were published, the newest
// first: each stands in the feed under its section (R-5.1.2-p, R-5.2.10-e), is found by
// the search, and is gone when it is withdrawn.
func feed(published []registry.Publication, zone *time.Location) (list []knowledge.Article) {
	const behind = 1 << 20 // whatever place an editor gives
	for i, p := range published {
		n := p.Number
		list = append(list, knowledge.Article{
			Slug: knowledge.Slug(fmt.Sprintf("%s-%d-%d", n.Kind, n.Year, n.Serial)), Lang: p.Lang, Category: p.Section, Place: behind + i,
			Audience: p.Audience, Asked: true, SourceChanged: calendar.DateOf(p.Published, zone), Published: p.Published, Question: p.Question, Body: p.Answer,
		})
	}
	return list
}

// report tells of trouble once, and of its end.
func (l *librarian) report(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil && !l.silent:
		l.log.Warn("content cannot be read, the last one goes on serving", "error", err)
		l.silent = true
	case err == nil && l.silent:
		l.log.Info("content can be read again")
		l.silent = false
	}
}
