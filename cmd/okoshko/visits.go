package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"

	"okoshko/adapters/files"
	"okoshko/adapters/invite"
	"okoshko/core/chat"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	visits "okoshko/dialogs/visit"
)

// invitations are visits for calendars, kept for the conversations that they were
// booked in.
type invitations struct {
	files *files.Store
	host  string // the company's, in the names of visits
}

func newInvitations(c Config, s *stores) invitations {
	i := invitations{files: s.files, host: "okoshko"}
	if u, err := url.Parse(c.HTTP.PublicURL); err == nil && u.Hostname() != "" {
		i.host = u.Hostname()
	}
	return i
}

// Invitation implements the scenario's port.
func (i invitations) Invitation(ctx context.Context, e dialog.Effect, b visit.Booking, title, place, text string) (chat.File, error) {
	entry, err := invite.Write(invite.Event{Booking: b, Title: title, Place: place, Text: text}, i.host, e.At)
	if err != nil {
		return chat.File{}, err
	}
	owner := files.File{Owner: madePrefix + "visit/" + e.ID, Conversation: e.Conversation, Name: "visit.ics"}
	return putFile(ctx, i.files, owner, bytes.NewReader(entry))
}

// tellVisit says something of a visit in its conversation: a reminder, a move of
// ours, a slot that it waited for.
func (s *server) tellVisit(ctx context.Context, n visit.News) error {
	ev := visits.Tidings(n)
	ev.ID = fmt.Sprintf("job:visit/%d/%d/%s", n.Booking.ID, n.Booking.Sequence, n.Kind)
	ev.At, ev.Now = n.At, s.clock.Now()
	_, err := s.engine.Take(ctx, ev)
	return err
}
