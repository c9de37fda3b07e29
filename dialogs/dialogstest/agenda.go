package dialogstest

import (
	"context"
	"slices"
	"strings"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/visit"
	offices "okoshko/core/visit/demo"
	"okoshko/dialogs/dialog"
)

// Agenda is the visits to the supplier's offices, in memory: the rules are the
// same, but everybody has one code.
type Agenda struct {
	bookings []visit.Booking
	wishes   []visit.Waiting
	effects  map[string]any
	made     int64
}

// Code is that of every visit here, where a server draws them.
const Code = "0000"

// NewAgenda returns an agenda without visits.
func NewAgenda() *Agenda { return &Agenda{effects: map[string]any{}} }

func plan(office, service string) (visit.Plan, bool) {
	return offices.Directory().Plan(office, service, calendar.Published(), Zone)
}

// busy is what is taken for a conversation: what it holds itself is not.
func (a *Agenda) busy(c chat.Conversation, office string, now time.Time) []visit.Busy {
	var list []visit.Busy
	for _, b := range a.bookings {
		held := b.Status == visit.Held && b.Conversation != c && now.Before(b.Until)
		if b.Office == office && (held || b.Status.Active()) {
			list = append(list, visit.Busy{Window: b.Window, Start: b.Start, End: b.End})
		}
	}
	return list
}

// VisitDays implements visit.Diary.
func (a *Agenda) VisitDays(_ context.Context, q visit.Query) ([]visit.Day, visit.Refusal, error) {
	p, served := plan(q.Office, q.Service)
	if !served {
		return nil, visit.NotServed, nil
	}
	return p.Days(q.Now, a.busy(q.Conversation, q.Office, q.Now)), "", nil
}

// Bookings implements visit.Diary.
func (a *Agenda) Bookings(_ context.Context, c chat.Conversation, now time.Time) ([]visit.Booking, error) {
	var list []visit.Booking
	for _, b := range a.bookings {
		if b.Conversation == c && b.Status.Active() && b.End.After(now) {
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b visit.Booking) int { return a.Start.Compare(b.Start) })
	return list, nil
}

// PastVisits implements visit.Diary.
func (a *Agenda) PastVisits(_ context.Context, c chat.Conversation, now time.Time) ([]visit.Booking, error) {
	var list []visit.Booking
	for _, b := range a.bookings {
		over := b.Status == visit.Served || b.Status == visit.NoShow || b.Status.Active() && !b.End.After(now)
		if b.Conversation == c && over {
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b visit.Booking) int { return b.Start.Compare(a.Start) })
	return list, nil
}

// once carries an effect out once.
func once[R any](a *Agenda, e dialog.Effect, act func() R) (R, error) {
	if done, ok := a.effects[e.ID].(R); ok {
		return done, nil
	}
	done := act()
	a.effects[e.ID] = done
	return done, nil
}

// judge finds the slot of a choice.
func (a *Agenda) judge(e dialog.Effect, c visit.Choice) (visit.Slot, visit.Refusal) {
	p, served := plan(c.Office, c.Service)
	if !served {
		return visit.Slot{}, visit.NotServed
	}
	return p.Judge(c.Start, e.At, a.busy(e.Conversation, c.Office, e.At))
}

// HoldSlot implements visit.Desk.
func (a *Agenda) HoldSlot(_ context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error) {
	return once(a, e, func() visit.Outcome {
		slot, refused := a.judge(e, c)
		if refused == "" && c.Moving == 0 && a.ahead(e) >= offices.Directory().Rules().Active {
			refused = visit.TooMany
		}
		if refused != "" {
			return visit.Outcome{Refused: refused}
		}
		a.release(e.Conversation)
		b := visit.Booking{
			Conversation: e.Conversation, Office: c.Office, Service: c.Service, Window: slot.Windows[0], Start: slot.Start, End: slot.End,
			Status: visit.Held, Until: e.At.Add(offices.Directory().Rules().Hold),
		}
		a.bookings = append(a.bookings, b)
		return visit.Outcome{Booking: b}
	})
}

// ahead counts the visits that are still to come.
func (a *Agenda) ahead(e dialog.Effect) int {
	n := 0
	for _, b := range a.bookings {
		if b.Conversation == e.Conversation && b.Status.Active() && b.Start.After(e.At) {
			n++
		}
	}
	return n
}

func (a *Agenda) release(c chat.Conversation) {
	a.bookings = slices.DeleteFunc(a.bookings, func(b visit.Booking) bool { return b.Status == visit.Held && b.Conversation == c })
}

// Book implements visit.Desk.
func (a *Agenda) Book(_ context.Context, e dialog.Effect, o visit.Order) (visit.Outcome, error) {
	return once(a, e, func() visit.Outcome {
		slot, refused := a.judge(e, o.Choice)
		if refused == "" && a.ahead(e) >= offices.Directory().Rules().Active {
			refused = visit.TooMany
		}
		if refused != "" {
			return visit.Outcome{Refused: refused}
		}
		a.release(e.Conversation)
		a.made++
		b := visit.Booking{
			ID: a.made, Conversation: e.Conversation, Office: o.Office, Service: o.Service, Window: slot.Windows[0], Start: slot.Start, End: slot.End,
			Status: visit.Booked, Name: o.Name, Phone: o.Phone, Lang: o.Lang, Code: Code,
		}
		a.bookings = append(a.bookings, b)
		return visit.Outcome{Booking: b}
	})
}

// change finds a visit of a conversation that can still be changed.
func (a *Agenda) change(e dialog.Effect, id int64, as func(*visit.Booking) visit.Refusal) (visit.Outcome, error) {
	return once(a, e, func() visit.Outcome {
		i := slices.IndexFunc(a.bookings, func(b visit.Booking) bool { return b.ID == id && b.Conversation == e.Conversation && b.Status.Active() })
		switch {
		case id == 0 || i < 0:
			return visit.Outcome{Refused: visit.Gone}
		case !a.bookings[i].Status.Expected() || !e.At.Before(a.bookings[i].Start):
			return visit.Outcome{Booking: a.bookings[i], Refused: visit.Started}
		}
		refused := as(&a.bookings[i])
		return visit.Outcome{Booking: a.bookings[i], Refused: refused}
	})
}

// MoveBooking implements visit.Desk.
func (a *Agenda) MoveBooking(_ context.Context, e dialog.Effect, c visit.Choice) (visit.Outcome, error) {
	return a.change(e, c.Moving, func(b *visit.Booking) visit.Refusal {
		slot, refused := a.judge(e, c)
		if refused == "" {
			b.Window, b.Start, b.End, b.Status = slot.Windows[0], slot.Start, slot.End, visit.Booked
			b.Sequence++
			defer a.release(e.Conversation)
		}
		return refused
	})
}

// CancelBooking implements visit.Desk.
func (a *Agenda) CancelBooking(_ context.Context, e dialog.Effect, id int64) (visit.Outcome, error) {
	return a.change(e, id, func(b *visit.Booking) visit.Refusal {
		b.Status = visit.Cancelled
		return ""
	})
}

// ConfirmBooking implements visit.Desk.
func (a *Agenda) ConfirmBooking(_ context.Context, e dialog.Effect, id int64) (visit.Outcome, error) {
	return a.change(e, id, func(b *visit.Booking) visit.Refusal {
		b.Confirmed, b.Status = true, visit.Booked
		return ""
	})
}

// JoinWaiting implements visit.Desk.
func (a *Agenda) JoinWaiting(_ context.Context, e dialog.Effect, w visit.Wish) (visit.WaitOutcome, error) {
	return once(a, e, func() visit.WaitOutcome {
		if slices.ContainsFunc(a.wishes, func(other visit.Waiting) bool { return other.Wish == w }) {
			return visit.WaitOutcome{Refused: visit.Waited}
		}
		one := visit.Waiting{ID: int64(len(a.wishes) + 1), Wish: w, Since: e.At}
		a.wishes = append(a.wishes, one)
		return visit.WaitOutcome{Waiting: one}
	})
}

// Consent implements visit.Desk.
func (*Agenda) Consent(context.Context, dialog.Effect, customer.Given) (struct{}, error) {
	return struct{}{}, nil
}

// Invitation implements visit.Invitations.
func (*Agenda) Invitation(_ context.Context, e dialog.Effect, b visit.Booking, w visit.Wording) (chat.File, error) {
	content := strings.Join([]string{w.Title, w.Place, w.Text, b.Start.Format(time.RFC3339)}, "\n")
	return chat.File{ID: "visit/" + e.ID, Name: w.File, Type: "text/calendar", Size: int64(len(content))}, nil
}

// Order carries out what happens at the office behind the customer's back:
//
//	! others 01 charges 2026-12-01T09:00    somebody else books that time in every window
//	! full 05 charges                       everything that can be booked is taken
//	! visit 04 other 2026-12-01T09:00       the customer has booked that time
//	! arrive                                the customer's visit has begun
//	! served, ! missed                      it is over, or he did not come
func (a *Agenda) Order(c chat.Conversation, now time.Time, what string) bool {
	f := strings.Fields(what)
	switch f[0] {
	case "others":
		at, err := time.ParseInLocation("2006-01-02T15:04", f[3], Zone)
		a.fill(f[1], f[2], now, func(s visit.Slot) bool { return err == nil && s.Start.Equal(at) })
	case "full":
		a.fill(f[1], f[2], now, func(visit.Slot) bool { return true })
	case "visit":
		a.made++
		at := parse(f[3])
		a.bookings = append(a.bookings, visit.Booking{
			ID: a.made, Conversation: c, Office: f[1], Service: f[2], Start: at, End: at.Add(15 * time.Minute), Status: visit.Booked, Code: Code,
		})
	case "arrive":
		a.mark(c, visit.Arrived)
	case "served":
		a.mark(c, visit.Served)
	case "missed":
		a.mark(c, visit.NoShow)
	default:
		return false
	}
	return true
}

// mark makes something of the visits that a customer has booked.
func (a *Agenda) mark(c chat.Conversation, s visit.Status) {
	for i := range a.bookings {
		if a.bookings[i].Conversation == c && a.bookings[i].Status == visit.Booked {
			a.bookings[i].Status = s
		}
	}
}

// fill books free slots for others.
func (a *Agenda) fill(office, service string, now time.Time, which func(visit.Slot) bool) {
	p, served := plan(office, service)
	if !served {
		return
	}
	for _, d := range p.Days(now, a.busy("", office, now)) {
		for _, s := range d.Slots {
			if !which(s) {
				continue
			}
			for _, w := range s.Windows {
				a.made++
				a.bookings = append(a.bookings, visit.Booking{
					ID: a.made, Conversation: "test:others", Office: office, Service: service, Window: w, Start: s.Start, End: s.End, Status: visit.Booked,
				})
			}
		}
	}
}
