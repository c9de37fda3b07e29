package main

import (
	"context"
	"fmt"
	"strconv"

	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
)

// tellVisit says something of a visit in its conversation: a reminder, a move of
// ours, a slot that it waited for.
func (s *server) tellVisit(ctx context.Context, n visit.News) error {
	b := n.Booking
	lang := b.Lang
	if lang == "" {
		lang = "ru"
	}
	const day, clock = "02.01.2006", "15:04"
	start, was := b.Start.In(n.Zone), n.Was.In(n.Zone)
	_, err := s.engine.Take(ctx, dialog.Event{
		ID:           fmt.Sprintf("job:visit/%d/%d/%s", b.ID, b.Sequence, n.Kind),
		Conversation: b.Conversation, Kind: dialog.Tell, Text: "visit.told." + string(n.Kind),
		Facts: map[string]string{
			"visit": strconv.FormatInt(b.ID, 10), "code": b.Code,
			"office": n.Office.Names[lang], "address": n.Office.Addresses[lang], "service": n.Service.Names[lang],
			"day": start.Format(day), "time": start.Format(clock), "was": was.Format(day + " " + clock),
			"until": b.Until.In(n.Zone).Format(clock),
		},
		At: n.At, Now: s.clock.Now(),
	})
	return err
}
