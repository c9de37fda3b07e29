// Package visit books visits to an office (R-5.1.2-t, R-5.1.2-v, R-5.2.2-b): what
// for, where, on which day and at what time, out of what is really free; moves and
// calls them off, and takes the answer to a reminder. A time that was chosen is
// kept for its customer while he goes on.
package visit

import (
	"context"
	"embed"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/visit"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// What the form can be for.
const (
	toBook    = "book"
	toMove    = "move"
	toCancel  = "cancel"
	toConfirm = "come"
	toTake    = "take"      // a time that was offered
	elsewhere = "elsewhere" // the channel carries no bookings
	nowhere   = "nowhere"   // no offices are known
	gone      = "gone"      // the visit is over, or somebody else's
)

// The answers of the form. Those without a question of their own are filled at
// its opening, or beside the one they belong to.
const (
	task  = dialog.Slot[string]("task")
	which = dialog.Slot[int64]("visit") // that is to be moved or cancelled
	link  = dialog.Slot[int64]("link")  // for whose account; 0: a guest
	// Of a linked customer: to whom services and offices are offered, whose come
	// first.
	audience  = dialog.Slot[knowledge.Audience]("audience")
	territory = dialog.Slot[string]("territory")
	service   = dialog.Slot[string]("service")       // its code
	office    = dialog.Slot[string]("office")        // its code
	wanted    = dialog.Slot[calendar.Date]("wanted") // a day that was named at once
	near      = dialog.Slot[[]string]("near")        // offices by their distance, once it is known
	place     = dialog.Slot[bool]("place")
	days      = dialog.Slot[[]calendar.Date]("days") // that offer something
	day       = dialog.Slot[calendar.Date]("day")
	slots     = dialog.Slot[[]time.Time]("slots") // that the day offers
	start     = dialog.Slot[time.Time]("time")
	until     = dialog.Slot[time.Time]("until") // when the time that was chosen is free again
	was       = dialog.Slot[time.Time]("was")   // when the visit to be moved begins
	consent   = dialog.Slot[bool]("consent")
	name      = dialog.Slot[privacy.PersonName]("name")
	phone     = dialog.Slot[privacy.Phone]("phone")
	sure      = dialog.Slot[bool]("sure")
)

type scenario struct {
	Ports
	zone *time.Location // the company's, in which an office's hours are unless it has its own
}

// New returns the scenario; zone is the company's.
func New(p Ports, zone *time.Location) *dialog.Scenario {
	s := &scenario{p, zone}
	return &dialog.Scenario{
		Name: "visit", Version: 1, Words: catalogue, Slash: "visit",
		Open:  s.open,
		Hears: s.hears,
		Mine:  s.amongOthers,
		Form: &dialog.Form{
			Questions: []dialog.Question{
				{Slot: "service", Needed: books, Options: s.serviceOptions, Take: s.takeService, Fills: []string{"office", "days", "day", "slots"}, Show: s.showService},
				{
					Slot: "office", Needed: books, Expect: chat.Text, After: []string{"service"}, Wording: officeWording, Options: s.officeOptions,
					Take: s.takeOffice, Fills: []string{"days", "day", "slots"}, Goes: []string{"place", "office"}, Show: s.showOffice,
				},
				{
					Slot: "place", Needed: never, Expect: chat.Location, Options: placeOptions, Take: s.takePlace,
					Fills: []string{"near"}, Goes: []string{"office"},
				},
				{
					Slot: "day", Needed: choosesTime, After: []string{"office", "service"}, Expect: chat.Text, Wording: dayWording,
					Args: s.dayArgs, Options: dayOptions, Take: s.takeDay, Fills: []string{"slots"}, Goes: []string{"office"},
				},
				{
					Slot: "time", Needed: choosesTime, After: []string{"day"}, Expect: chat.Text, Args: s.timeArgs,
					Options: s.timeOptions, Take: s.takeTime, Goes: []string{"day"}, Show: s.showTime,
				},
				dialog.Consent(consent, dialog.Question{Needed: asksWho}, s.document, declined),
				{Slot: "name", Needed: asksWho, Expect: chat.Text, Take: takeName, Show: showName},
				{Slot: "phone", Needed: asksWho, Expect: chat.Contact, Take: takePhone, Show: showPhone},
				{Slot: "sure", Needed: cancels, Args: s.visitArgs, Options: sureOptions, Keeps: "no", Take: takeSure},
			},
			Summary: &dialog.Summary{Notes: s.notes},
			With:    s.errand,
			Submit:  dialog.NewAction("do", s.carryOut, s.carriedOut),
			Actions: []dialog.Action{
				dialog.NewAction("hold", s.Desk.HoldSlot, s.held),
				dialog.NewAction("wait", s.Desk.JoinWaiting, s.waiting),
				dialog.NewAction("cancel", s.Desk.CancelBooking, s.cancelled),
				dialog.NewAction("come", s.Desk.ConfirmBooking, s.confirmed),
				dialog.NewAction("lead", lead, s.led),
			},
		},
		Commands: []dialog.Command{
			{Name: "mine", Slash: "visits", Leaves: true, Linked: true, Do: s.mine},
			{Name: "offices", Slash: "offices", Leaves: true, Do: s.offices},
			{Name: "move", Leaves: true, Do: begins(toMove)},
			{Name: "cancel", Leaves: true, Do: begins(toCancel)},
			{Name: "come", Leaves: true, Do: begins(toConfirm)},
			{Name: "take", Leaves: true, Do: begins(toTake)},
		},
	}
}

// hears reports whether a text asks for a booking and names the office or the day:
// «запишите меня на вторник».
func (s *scenario) hears(text string) bool {
	tokens := strings.Fields(words.Normalise(text))
	asks := slices.ContainsFunc([]words.Lang{words.RU, words.EN}, func(lang words.Lang) bool {
		return slices.ContainsFunc(catalogue.Phrases(lang, "heard"), func(word string) bool { return slices.Contains(tokens, word) })
	})
	if !asks || s.Offices.Offices() == nil {
		return false
	}
	_, dated := words.FindDay(text, calendar.DateOf(time.Unix(0, 0), s.zone))
	return dated || slices.ContainsFunc(s.Offices.Offices().Offices("", ""), func(o *visit.Office) bool { return speaksOf(tokens, bare(o.Names[string(words.RU)])) })
}

// begins opens the form for a task with the visit that the command names.
func begins(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error { return t.Begin(ctx, what+":"+t.Argument()) }
}

func never(*dialog.Turn) bool { return false }

func books(t *dialog.Turn) bool { return task.Of(t.Answers) == toBook }

func cancels(t *dialog.Turn) bool { return task.Of(t.Answers) == toCancel }

func choosesTime(t *dialog.Turn) bool { return books(t) || task.Of(t.Answers) == toMove }

// asksWho: of a linked account the supplier knows whose it is.
func asksWho(t *dialog.Turn) bool { return books(t) && link.Of(t.Answers) == 0 }

// open finds out what is to be done, and takes what was said at once.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	what, named, _ := strings.Cut(t.Argument(), ":")
	if !t.May(privacy.Booking) {
		task.Set(t, elsewhere)
		t.First("lead", nil)
		return nil
	}
	if s.Offices.Offices() == nil {
		task.Set(t, nowhere)
		t.First("lead", nil)
		return nil
	}
	switch what {
	case toMove, toCancel, toConfirm:
		id, err := strconv.ParseInt(named, 10, 64)
		if err != nil { // tokens can be made up: there is no such visit
			id = 0
		}
		return s.openVisit(ctx, t, what, id)
	}
	task.Set(t, toBook)
	if err := s.know(ctx, t); err != nil {
		return err
	}
	if what == toTake {
		s.openOffer(t, named)
		return nil
	}
	s.takeSaid(t)
	return nil
}

// know takes what is known of a linked customer.
func (s *scenario) know(ctx context.Context, t *dialog.Turn) error {
	list, err := s.Links.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	if l, ok := customer.Active(list); ok {
		link.Set(t, l.ID)
		audience.Set(t, knowledge.Individuals)
		if l.Account.Contract() {
			audience.Set(t, knowledge.Companies)
		}
		territory.Set(t, l.Account.Territory())
	}
	return nil
}

// openOffer begins with a time that was offered; one that cannot be read, for
// tokens can be made up, leaves everything to be chosen.
func (s *scenario) openOffer(t *dialog.Turn, named string) {
	at, ok := parseOffer(named)
	if !ok {
		return
	}
	o, found := s.Offices.Offices().Office(at.Office)
	if _, known := s.Offices.Offices().Service(at.Service); !found || !known {
		return
	}
	service.Set(t, at.Service)
	office.Set(t, at.Office)
	date := calendar.DateOf(at.Start, o.Hours(s.Days, s.zone).Zone)
	days.Set(t, []calendar.Date{date})
	day.Set(t, date)
	slots.Set(t, []time.Time{at.Start})
	start.Set(t, at.Start)
	t.First("hold", at)
}

// openVisit begins with a visit that there is; one that is over or somebody
// else's is refused by the desk in the end, in the same words.
func (s *scenario) openVisit(ctx context.Context, t *dialog.Turn, what string, id int64) error {
	task.Set(t, what)
	which.Set(t, id)
	list, err := s.Diary.Bookings(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	b, found := find(list, id)
	switch {
	case !found:
		task.Set(t, gone)
		t.First("lead", nil)
	case what == toConfirm:
		t.First("come", id)
	default:
		service.Set(t, b.Service)
		office.Set(t, b.Office)
		was.Set(t, b.Start)
		if what == toMove {
			_, err = s.lookUp(ctx, t)
		}
	}
	return err
}

// read returns the days of the office of the form; what it does not serve has
// none.
func (s *scenario) read(ctx context.Context, t *dialog.Turn) ([]visit.Day, error) {
	list, _, err := s.Diary.VisitDays(ctx, visit.Query{
		Conversation: t.Event.Conversation, Office: office.Of(t.Answers), Service: service.Of(t.Answers), Now: t.Event.Now,
	})
	return list, err
}

// lookUp reads the days, and notes which can be booked.
func (s *scenario) lookUp(ctx context.Context, t *dialog.Turn) ([]visit.Day, error) {
	list, err := s.read(ctx, t)
	if err != nil {
		return nil, err
	}
	var free []calendar.Date
	for i := range list {
		if len(list[i].Slots) > 0 {
			free = append(free, list[i].Date)
		}
	}
	days.Set(t, free)
	return list, nil
}
