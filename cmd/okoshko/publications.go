package main

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console/indicators"
	"okoshko/bots/console/publication"
	newsroom "okoshko/core/appeal/press"
	"okoshko/core/knowledge"
)

// newPublications puts the publication of answers on its stores.
func (s *server) newPublications(address func(*fiber.Ctx) string) *publication.Part {
	db := s.stores.db
	return publication.New(publication.Config{
		Desk: newsroom.NewDesk(db, newsroom.NewCensor(s.discretion)), Register: db,
		Name: func(ctx context.Context, id int64) (string, error) {
			a, _, err := db.StaffByID(ctx, id)
			return a.Name, err
		},
		Sections: func() []knowledge.Category {
			if c := s.librarian.content.Load(); c != nil {
				return c.Articles.Categories
			}
			return nil
		},
		Publish: s.stores.live.Publish, Address: address, Now: s.clock.Now, Log: s.log,
	})
}

// indicatorsOfStaff is the supervisor's page of what the public one shows.
func (s *server) indicatorsOfStaff(zone *time.Location) *indicators.Part {
	return indicators.New(indicators.Config{Count: s.abacus.groups, Zone: zone, Now: s.clock.Now, Log: s.log})
}
