package main

import (
	"context"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"okoshko/adapters/postgres"
	"okoshko/bots/console/casework"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
)

// stalledDays is after how many days without a step a case is stalled
// (R-5.2.8-e).
const stalledDays = 3

// newCasework puts the staff's work on cases on its stores.
func (s *server) newCasework(hours calendar.Hours, address func(*fiber.Ctx) string) *casework.Casework {
	return casework.New(casework.Config{
		Register: s.stores.db,
		Staff:    &workers{DB: s.stores.db, sessions: s.stores.live.Sessions},
		Library:  library{s.librarian, s.config.chatPage()},
		Files:    s.stores.files,
		Payments: s.stores.db,
		Letters:  s.letters.papers,
		Publish:  s.stores.live.Publish,
		Open:     hours.Open, StalledDays: stalledDays, Zone: hours.Zone,
		Address: address, Now: s.clock.Now, Log: s.log,
	})
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

// library is what answers can point to. page is where everybody finds it.
type library struct {
	*librarian
	page string
}

// mostArticles is how many articles a search offers.
const mostArticles = 10

// Articles implements casework.Library.
func (l library) Articles(_ context.Context, text, lang string) ([]casework.Article, error) {
	day := calendar.DateOf(l.now(), l.zone)
	found := l.shelf.Seek(text, knowledge.Reader{Lang: lang, Day: day}, mostArticles)
	list := make([]casework.Article, len(found))
	for i, a := range found {
		list[i] = casework.Article{Slug: a.Slug, Title: a.Question, Address: l.page}
	}
	return list, nil
}

// Organisations implements casework.Library.
func (l library) Organisations(context.Context) ([]knowledge.Link, error) {
	if f := l.facts.Load(); f != nil {
		return f.Directory.Links(), nil
	}
	return nil, nil
}
