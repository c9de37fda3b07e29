package main

import (
	"context"
	"crypto/rand"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"okoshko/adapters/files"
	"okoshko/adapters/postgres"
	"okoshko/bots/console/casework"
	"okoshko/bots/site/answers"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
	"okoshko/dialogs/words"
)

// stalledDays is after how many days without a step a case is stalled
// (R-5.2.8-e).
const stalledDays = 3

// newCasework puts the staff's work on cases on its stores.
func (s *server) newCasework(hours calendar.Hours, address func(*fiber.Ctx) string) *casework.Casework {
	c := casework.Config{
		Register: s.stores.db,
		Staff:    s.workers,
		Library:  library{s.librarian, s.config.HTTP.PublicURL},
		Files:    caseFiles{s.stores.files, s.stores.db},
		Payments: s.stores.db,
		Letters:  s.letters.papers,
		Publish:  s.stores.live.Publish,
		Open:     hours.Open, StalledDays: stalledDays, Zone: hours.Zone,
		Address: address, Now: s.clock.Now, Log: s.log,
	}
	if s.till != nil {
		c.Refund = s.till.refund
	}
	return casework.New(c)
}

// enclosing begins the owner of a file that staff have uploaded for an answer; the
// case's number and a name of its own follow.
const enclosing = "answer/"

// caseFiles gives the console the files of cases. It implements casework.Files.
type caseFiles struct {
	*files.Store
	db *postgres.DB
}

// Enclose implements casework.Files: what is the case's customer's goes with him.
func (f caseFiles) Enclose(ctx context.Context, r *registry.Record, name string, content io.Reader) (chat.File, error) {
	owner := files.File{Owner: enclosing + r.Number.String() + "/" + rand.Text(), Conversation: r.Conversation, Name: name}
	return putFile(ctx, f.Store, owner, content)
}

// Enclosure implements casework.Files.
func (f caseFiles) Enclosure(ctx context.Context, n appeal.Number, id string) (chat.File, error) {
	owner, _, err := f.db.FileOwner(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !strings.HasPrefix(owner, enclosing+n.String()+"/") {
		return chat.File{}, registry.ErrFile
	}
	if err != nil {
		return chat.File{}, err
	}
	known, content, err := f.Open(ctx, id)
	if err != nil {
		return known, err
	}
	return known, content.Close()
}

// workers is the staff, and who of them is at work: who has a session open that he
// has used within half an hour.
type workers struct {
	*postgres.DB
	sessions func(ctx context.Context, holder int64, secret string) ([]staff.OpenSession, error)

	mu   sync.Mutex
	here map[int64]bool
	at   time.Time // when it was looked at, on real time
}

// presenceHolds is for how long a look at who is there is good.
const presenceHolds = 15 * time.Second

// lookers is how many are looked for at a time.
const lookers = 16

// Present implements casework.Staff.
func (w *workers) Present(ctx context.Context) (map[int64]bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.at) < presenceHolds {
		return w.here, nil
	}
	list, err := w.ListStaff(ctx)
	if err != nil {
		return nil, err
	}
	open := make([]bool, len(list))
	looks, ctx := errgroup.WithContext(ctx)
	looks.SetLimit(lookers)
	for i := range list {
		looks.Go(func() error {
			sessions, err := w.sessions(ctx, list[i].ID, "")
			open[i] = len(sessions) > 0 && !list[i].Disabled
			return err
		})
	}
	if err := looks.Wait(); err != nil {
		return nil, err
	}
	here := map[int64]bool{}
	for i := range list {
		here[list[i].ID] = open[i]
	}
	w.here, w.at = here, time.Now()
	return here, nil
}

// library is what answers can point to. site is the address of the public pages.
type library struct {
	*librarian
	site string
}

// mostArticles is how many articles a search offers.
const mostArticles = 10

// Articles implements casework.Library.
func (l library) Articles(_ context.Context, text, lang string) ([]casework.Article, error) {
	day := calendar.DateOf(l.now(), l.zone)
	found := l.shelf.Seek(text, knowledge.Reader{Lang: lang, Day: day}, mostArticles)
	list := make([]casework.Article, len(found))
	for i, a := range found {
		list[i] = l.pointed(a, words.ParseLang(lang))
	}
	return list, nil
}

// Article implements casework.Library.
func (l library) Article(slug knowledge.Slug, lang words.Lang) (casework.Article, bool) {
	c := l.shelf.Newest()
	if c == nil {
		return casework.Article{}, false
	}
	a, found := c.Library().Article(slug, knowledge.Reader{Lang: string(lang), Day: calendar.DateOf(l.now(), l.zone)})
	if !found {
		return casework.Article{}, false
	}
	return l.pointed(a, lang), true
}

func (l library) pointed(a *knowledge.Article, lang words.Lang) casework.Article {
	return casework.Article{Slug: a.Slug, Title: a.Question, Address: answers.Address(l.site, a.Slug, lang)}
}

// Organisations implements casework.Library.
func (l library) Organisations(context.Context) ([]knowledge.Link, error) {
	if f := l.facts.Load(); f != nil {
		return f.Directory.Links(), nil
	}
	return nil, nil
}

// Service implements casework.Library.
func (l library) Service(code string, on calendar.Date) (map[string]string, bool) {
	f := l.facts.Load()
	if f == nil {
		return nil, false
	}
	one, err := f.Prices.Service(code, on)
	return one.Titles, err == nil
}
