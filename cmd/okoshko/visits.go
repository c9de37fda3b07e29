package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"

	"okoshko/adapters/files"
	"okoshko/adapters/invite"
	"okoshko/adapters/postgres"
	"okoshko/core/chat"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
	visits "okoshko/dialogs/visit"
)

// visitDesk makes the facts of visits, and tells the consoles of their offices.
type visitDesk struct {
	*postgres.DB
	hints turn.Hints
}

// HoldSlot implements the scenario's port.
func (d visitDesk) HoldSlot(ctx context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error) {
	return d.told(ctx)(d.DB.HoldSlot(ctx, e, c))
}

// Book implements the scenario's port.
func (d visitDesk) Book(ctx context.Context, e dialog.Effect, o visit.Order) (visit.Outcome, error) {
	return d.told(ctx)(d.DB.Book(ctx, e, o))
}

// MoveBooking implements the scenario's port.
func (d visitDesk) MoveBooking(ctx context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error) {
	return d.told(ctx)(d.DB.MoveBooking(ctx, e, c))
}

// CancelBooking implements the scenario's port.
func (d visitDesk) CancelBooking(ctx context.Context, e dialog.Effect, id int64) (visit.Outcome, error) {
	return d.told(ctx)(d.DB.CancelBooking(ctx, e, id))
}

// ConfirmBooking implements the scenario's port.
func (d visitDesk) ConfirmBooking(ctx context.Context, e dialog.Effect, id int64) (visit.Outcome, error) {
	return d.told(ctx)(d.DB.ConfirmBooking(ctx, e, id))
}

// told tells of what was done, if it was. Whoever does not hear of it looks for
// himself.
func (d visitDesk) told(ctx context.Context) func(visit.Outcome, error) (visit.Outcome, error) {
	return func(out visit.Outcome, err error) (visit.Outcome, error) {
		if err != nil || out.Refused != "" {
			return out, err
		}
		for _, office := range []string{out.Booking.Office, out.Left} {
			if office != "" {
				_ = d.hints.Publish(ctx, turn.Hint{Kind: turn.AtOffice, By: office})
			}
		}
		return out, nil
	}
}

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
func (i invitations) Invitation(ctx context.Context, e dialog.Effect, b visit.Booking, w visit.Wording) (chat.File, error) {
	entry, err := invite.Write(invite.Event{Booking: b, Title: w.Title, Place: w.Place, Text: w.Text}, i.host, e.At)
	if err != nil {
		return chat.File{}, err
	}
	owner := files.File{Owner: madePrefix + "visit/" + e.ID, Conversation: e.Conversation, Name: cmp.Or(w.File, "visit.ics")} // one that was ordered before files had names
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
