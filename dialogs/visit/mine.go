package visit

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

func find(list []visit.Booking, id int64) (visit.Booking, bool) {
	i := slices.IndexFunc(list, func(b visit.Booking) bool { return b.ID == id })
	if i < 0 {
		return visit.Booking{}, false
	}
	return list[i], true
}

// mine lists the visits that are still to come, to be moved and called off, and
// what has become of the last ones.
func (s *scenario) mine(ctx context.Context, t *dialog.Turn) error {
	if !t.May(privacy.Booking) || s.Offices.Offices() == nil {
		return t.Begin(ctx, "") // which says so
	}
	list, err := s.Diary.Bookings(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	past, err := s.Diary.PastVisits(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	lead := "mine.lead"
	if len(list) == 0 {
		lead = "mine.none"
	}
	said := t.Say(lead).InPlace().Holding(privacy.Booking)
	for _, b := range list {
		said.Append(t.Blocks("mine.visit", s.told(t, b)...)...)
	}
	for _, b := range list {
		if !b.Status.Expected() {
			continue
		}
		if len(list) == 1 {
			s.offerChanges(t, said, b)
			continue
		}
		for _, command := range []string{toMove, toCancel} {
			choice := t.Command("visit."+command, strconv.FormatInt(b.ID, 10))
			choice.Label = t.Line(command+".of", words.A("at", s.moment(t, b)))
			choice.Wide = true
			said.Offer(choice)
		}
	}
	s.appendPast(t, said, past)
	said.Offer(t.Resume(), t.Scenario("visit"), t.Menu())
	return nil
}

// ends are what is told of a visit that is over.
var ends = map[visit.Status]string{visit.Served: "mine.served", visit.NoShow: "mine.missed"}

// appendPast adds what has become of visits that are over.
func (s *scenario) appendPast(t *dialog.Turn, said dialog.Said, past []visit.Booking) {
	if len(past) == 0 {
		return
	}
	said.Append(t.Blocks("mine.past")...)
	for _, b := range past {
		said.Append(t.Blocks(cmp.Or(ends[b.Status], "mine.over"), s.told(t, b)...)...)
	}
}

// amongOthers adds the visits to all that the customer has with the company.
func (s *scenario) amongOthers(ctx context.Context, t *dialog.Turn, said dialog.Said) error {
	if !t.May(privacy.Booking) || s.Offices.Offices() == nil {
		return nil
	}
	list, err := s.Diary.Bookings(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil || len(list) == 0 {
		return err
	}
	said.Append(t.Blocks("mine.lead")...)
	for _, b := range list {
		said.Append(t.Blocks("mine.visit", s.told(t, b)...)...)
	}
	said.Offer(t.Command("visit.mine", ""))
	return nil
}

// offices lists the offices with their hours, and whether they are open now.
func (s *scenario) offices(_ context.Context, t *dialog.Turn) error {
	directory := s.Offices.Offices()
	if directory == nil {
		t.Say(nowhere, t.Contacts()...).Offer(t.Resume(), t.Menu())
		return nil
	}
	said := t.Say("offices.lead", t.Contacts()...)
	for _, o := range directory.Offices("", "") {
		said.Append(t.Blocks("offices.card", s.card(t, o)...)...)
	}
	said.Offer(t.Resume(), t.Scenario("visit"), t.Menu())
	return nil
}

// visitArgs tell of the visit that is to be called off.
func (s *scenario) visitArgs(t *dialog.Turn) []words.Arg {
	return s.told(t, visit.Booking{Office: office.Of(t.Answers), Service: service.Of(t.Answers), Start: was.Of(t.Answers)})
}

func sureOptions(*dialog.Turn) []dialog.Option { return dialog.Options("sure", "yes", "no") }

func takeSure(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch t.Picked {
	case "yes":
		sure.Set(t, true)
		return dialog.Do("cancel", which.Of(t.Answers)), nil
	case "no":
		t.Say("kept").Offer(t.Command("visit.mine", ""), t.Menu())
		return dialog.Close, nil
	}
	return dialog.Unclear, nil
}

func (s *scenario) cancelled(ctx context.Context, t *dialog.Turn, out visit.Outcome) (dialog.Move, error) {
	return s.answered(ctx, t, out, "cancelled")
}

func (s *scenario) confirmed(ctx context.Context, t *dialog.Turn, out visit.Outcome) (dialog.Move, error) {
	return s.answered(ctx, t, out, "confirmed")
}

func (s *scenario) answered(ctx context.Context, t *dialog.Turn, out visit.Outcome, key string) (dialog.Move, error) {
	if out.Refused != "" {
		return s.refused(ctx, t, out)
	}
	said := t.Say(key, s.told(t, out.Booking)...)
	if out.Booking.Status.Expected() {
		s.offerChanges(t, said, out.Booking)
		if o, found := s.Offices.Offices().Office(out.Booking.Office); found {
			said.Offer(chat.Choice{Label: t.Line("map"), Link: mapOf(o)})
		}
	} else {
		said.Offer(t.Scenario("visit"))
	}
	said.Offer(t.Menu())
	return dialog.Close, nil
}
