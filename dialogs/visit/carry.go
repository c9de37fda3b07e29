package visit

import (
	"context"
	"strconv"

	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// notes say of a move from when, and how long the time is kept while it is.
func (s *scenario) notes(t *dialog.Turn) []chat.Block {
	var notes []chat.Block
	if task.Of(t.Answers) == toMove {
		before := visit.Booking{Office: office.Of(t.Answers), Start: was.Of(t.Answers)}
		notes = t.Blocks("summary.was", words.A("was", s.moment(t, before)))
	}
	if kept := until.Of(t.Answers); t.Event.Now.Before(kept) {
		_, hours := s.hours(t)
		notes = append(notes, t.Blocks("summary.kept", words.A("until", words.Clock(kept.In(hours.Zone))))...)
	}
	return notes
}

// errand is what the form does at its end, with the words that a calendar is told
// in.
type errand struct {
	Task    string         `json:"task"`
	Order   visit.Order    `json:"order"`
	Consent customer.Given `json:"consent,omitzero"`
	visit.Wording
}

func (s *scenario) errand(t *dialog.Turn) any {
	if !choosesTime(t) {
		return errand{Task: task.Of(t.Answers)}
	}
	o, _ := s.hours(t)
	e := errand{
		Task: task.Of(t.Answers),
		Order: visit.Order{
			Choice: s.choice(t), Link: link.Of(t.Answers), Name: name.Of(t.Answers), Phone: phone.Of(t.Answers), Lang: string(t.Language()),
		},
		Wording: visit.Wording{
			Title: t.Line("calendar.title", append(t.Contacts(), words.A("service", s.showService(t)))...),
			Place: t.Line("calendar.place", words.A("office", in(t, o.Names)), words.A("address", in(t, o.Addresses))),
			Text:  s.bring(t, service.Of(t.Answers)), File: t.Line("calendar.file"),
		},
	}
	if asksWho(t) {
		e.Consent = s.document(t).Give()
	}
	return e
}

// bring says what to have with one, "" if there is nothing to say.
func (s *scenario) bring(t *dialog.Turn, service string) string {
	one, _ := s.Offices.Offices().Service(service)
	if text := in(t, one.Bring); text != "" {
		return t.Line("bring", words.A("what", text))
	}
	return ""
}

// done is what became of an errand.
type done struct {
	visit.Outcome
	File chat.File `json:"file,omitzero"`
}

// carryOut books or moves, and makes what the customer's calendar reads.
func (s *scenario) carryOut(ctx context.Context, e dialog.Effect, what errand) (done, error) {
	if what.Task != toBook && what.Task != toMove { // what was to be said first could not be
		return done{}, nil
	}
	out, err := s.keep(ctx, e, what)
	if err != nil || out.Refused != "" {
		return done{Outcome: out}, err
	}
	f, err := s.Invitations.Invitation(ctx, e, out.Booking, what.Wording)
	return done{out, f}, err
}

// keep makes the fact; a guest's consent to his name and phone being kept comes
// first.
func (s *scenario) keep(ctx context.Context, e dialog.Effect, what errand) (visit.Outcome, error) {
	if what.Task == toMove {
		return s.Desk.MoveBooking(ctx, e, what.Order.Choice)
	}
	if what.Consent.Purpose != "" {
		agreed := e
		agreed.ID += ".consent"
		if _, err := s.Desk.Consent(ctx, agreed, what.Consent); err != nil {
			return visit.Outcome{}, err
		}
	}
	return s.Desk.Book(ctx, e, what.Order)
}

func (s *scenario) carriedOut(ctx context.Context, t *dialog.Turn, d done) (dialog.Move, error) {
	switch {
	case !choosesTime(t):
		return s.led(ctx, t, true)
	case d.Refused != "":
		return s.refused(ctx, t, d.Outcome)
	}
	key := "booked"
	if task.Of(t.Answers) == toMove {
		key = "moved"
	}
	said := t.Say(key, s.told(t, d.Booking)...)
	if bring := s.bring(t, d.Booking.Service); bring != "" {
		said.Append(chat.Para(bring))
	}
	said.Attach(d.File)
	s.offerChanges(t, said, d.Booking)
	if o, found := s.Offices.Offices().Office(d.Booking.Office); found {
		said.Offer(chat.Choice{Label: t.Line("map"), Link: mapOf(o)})
	}
	said.Offer(t.Menu())
	return dialog.Close, nil
}

// moment says when a visit begins, on its office's clock.
func (s *scenario) moment(t *dialog.Turn, b visit.Booking) string {
	return times.Moment(t.Language(), b.Start.In(s.officeOf(b).Hours(s.Days, s.zone).Zone))
}

// officeOf is a visit's office; without a name, if it is gone.
func (s *scenario) officeOf(b visit.Booking) *visit.Office {
	if o, found := s.Offices.Offices().Office(b.Office); found {
		return o
	}
	return &visit.Office{}
}

// told are the arguments that tell of a visit.
func (s *scenario) told(t *dialog.Turn, b visit.Booking) []words.Arg {
	o := s.officeOf(b)
	service, _ := s.Offices.Offices().Service(b.Service)
	var args []words.Arg
	for name, value := range facts(t.Language(), b, o, service, o.Hours(s.Days, s.zone).Zone) {
		args = append(args, words.A(name, words.Of(privacy.Booking, value)))
	}
	return args
}

// offerChanges offers to move a visit and to call it off.
func (s *scenario) offerChanges(t *dialog.Turn, said dialog.Said, b visit.Booking) {
	id := strconv.FormatInt(b.ID, 10)
	said.Offer(t.Command("visit.move", id), t.Command("visit.cancel", id))
}

func (s *scenario) waiting(_ context.Context, t *dialog.Turn, out visit.WaitOutcome) (dialog.Move, error) {
	key := "waiting"
	if out.Refused != "" {
		key = "refused." + string(out.Refused)
	}
	t.Say(key, t.Contacts()...).Offer(t.Scenario("visit"), t.Menu())
	return dialog.Close, nil
}

// lead is the action of a form that has nothing to ask: it is over.
func lead(context.Context, dialog.Effect, any) (bool, error) { return true, nil }

func (s *scenario) led(ctx context.Context, t *dialog.Turn, _ bool) (dialog.Move, error) {
	what := task.Of(t.Answers)
	if what == gone {
		return s.refused(ctx, t, visit.Outcome{Refused: visit.Gone})
	}
	said := t.Say(what, t.Contacts()...)
	if what == elsewhere {
		said.Offer(t.Command("carry.site", "visit"))
	}
	said.Offer(t.Menu())
	return dialog.Close, nil
}
