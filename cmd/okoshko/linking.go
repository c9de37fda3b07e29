package main

import (
	"context"
	"fmt"

	"okoshko/core/customer"
	"okoshko/core/notice"
	"okoshko/dialogs/dialog"
)

// tries are the limits of guessing.
func (c LimitsConfig) tries() customer.Limits {
	return customer.Limits{Tries: c.GuestTriesPerHour, Address: c.AddressTriesPerHour, Codes: c.CodesPerHour}
}

// tellNewLink says in one conversation that another one was linked to its
// account.
func (s *server) tellNewLink(ctx context.Context, n customer.NewLink) error {
	zone, err := s.config.Company.Location()
	if err != nil {
		return err
	}
	_, err = s.engine.Take(ctx, dialog.Event{
		ID:           fmt.Sprintf("job:link/%d/%d", n.Link, n.Told),
		Conversation: n.Conversation, Kind: dialog.Tell, Text: "account.told." + n.Channel,
		Facts: map[string]string{"account": n.Account.Masked(), "at": notice.Instant(n.At.In(zone))},
		At:    n.At, Now: s.clock.Now(),
	})
	return err
}
