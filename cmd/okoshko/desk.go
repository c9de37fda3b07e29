package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/bots/console/journal"
	"okoshko/bots/console/quarantine"
	"okoshko/bots/console/tables"
	"okoshko/bots/telegram"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	visits "okoshko/dialogs/visit"
)

// Schedule is when people answer, by a production calendar.
func (c Config) Schedule(days *calendar.Production) (calendar.Hours, error) {
	week, err := calendar.ParseWeek(c.Desk.Hours)
	if err != nil {
		return calendar.Hours{}, fmt.Errorf("read desk.hours: %w", err)
	}
	zone, err := c.Company.Location()
	if err != nil {
		return calendar.Hours{}, err
	}
	return calendar.Hours{Week: week, Production: days, Zone: zone}, nil
}

// newConsole puts the staff console on its stores.
func (s *server) newConsole() (*console.Console, error) {
	hours, err := s.config.Schedule(s.stores.days)
	if err != nil {
		return nil, err
	}
	find := addressOf(s.config.HTTP.TrustedProxies)
	address := func(c *fiber.Ctx) string { return find(c).String() }
	return console.New(console.Config{
		Engine: s.engine, Desk: s.stores.db, Staff: s.stores.db, Live: s.stores.live, Links: s.stores.db, Visits: s.stores.db,
		Schedules: s.stores.db, Told: visits.Told,
		Files: deskFiles{webFiles{s.stores.files, s.stores.db}, s.bot},
		Apply: s.applyHandoff, ShowTyping: s.showTyping, PublicURL: s.config.HTTP.PublicURL, Hours: hours,
		Company: s.config.Company.Brand.EN, Demo: s.demo,
		Parts: slices.Concat(s.newCasework(hours, address).Doors(), s.newPublications(address).Doors(), s.indicatorsOfStaff(hours.Zone).Doors(),
			tables.New(tables.Config{Store: s.stores.db, Address: address, Log: s.log}).Doors(), s.newQuarantine(address).Doors(),
			s.newJournal(hours.Zone, address).Doors()),
		Address: address,
		Now:     s.clock.Now, Log: s.log,
	}), nil
}

// newJournal is where the audit is read.
func (s *server) newJournal(zone *time.Location, address func(*fiber.Ctx) string) *journal.Part {
	return journal.New(journal.Config{
		Store: s.stores.db, Organisations: library{s.librarian, s.config.HTTP.PublicURL}.Organisations, Address: address,
		Zone: zone, Now: s.clock.Now, Log: s.log,
	})
}

// newQuarantine is where staff look after what could not be taken.
func (s *server) newQuarantine(address func(*fiber.Ctx) string) *quarantine.Part {
	q := quarantine.Config{Store: s.stores.db, Engine: s.engine, Kept: casualtyLife, Address: address, Now: s.clock.Now, Log: s.log}
	if s.bot != nil {
		q.Raw = func(ctx context.Context, c turn.Casualty) error { return s.bot.Again(ctx, s.engine, c.Payload) }
	}
	return quarantine.New(q)
}

// showTyping tells a customer of Telegram that a person writes.
func (s *server) showTyping(ctx context.Context, c chat.Conversation) {
	if s.bot != nil && c.Channel() == telegram.Name {
		s.bot.ShowTyping(ctx, c)
	}
}

// applyHandoff brings all that happened to a hand-off into its conversation,
// which drops what it has had.
func (s *server) applyHandoff(ctx context.Context, id int64) error {
	changes, err := s.stores.db.Changes(ctx, id)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if err := s.tellConversation(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// tellConversation brings one change into its conversation, and tells the
// consoles.
func (s *server) tellConversation(ctx context.Context, c desk.Change) error {
	_, err := s.engine.Take(ctx, dialog.Event{
		ID:           fmt.Sprintf("job:%d/%d", c.Handoff, c.Number),
		Conversation: c.Conversation, Kind: dialog.Desk, Change: &c, At: c.At, Now: s.clock.Now(),
	})
	if err != nil {
		return err
	}
	if err := s.stores.live.Publish(ctx, turn.Hint{Conversation: c.Conversation, Kind: turn.AtDesk}); err != nil {
		s.log.Debug("consoles not told", "error", err) // they look for themselves
	}
	return nil
}

// brought begins the owner of a file that an operator has uploaded.
const brought = "desk/"

// deskFiles gives the console the files of one conversation at a time.
type deskFiles struct {
	web webFiles
	bot *telegram.Bot // nil: the channel is off
}

// Upload implements console.Files.
func (d deskFiles) Upload(ctx context.Context, c chat.Conversation, name string, r io.Reader) (chat.File, error) {
	return d.web.put(ctx, brought+rand.Text(), c, name, r)
}

// Stored implements console.Files.
func (d deskFiles) Stored(ctx context.Context, c chat.Conversation, id string) (chat.File, error) {
	f, _, err := d.web.Find(ctx, c, id)
	return f, err
}

// Fetch implements console.Files: what a customer sent by Telegram may still be
// there.
func (d deskFiles) Fetch(ctx context.Context, c chat.Conversation, f chat.File, came bool) (chat.File, io.ReadCloser, error) {
	if came && c.Channel() == telegram.Name && d.bot != nil {
		content, err := d.bot.Fetch(ctx, f.ID)
		return f, content, err
	}
	return d.web.Open(ctx, c, f.ID)
}
