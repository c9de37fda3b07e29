package dialogstest

import (
	"context"
	"slices"
	"strings"
	"time"

	"okoshko/core/appeal/enquiry"
	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
)

// Bureau is what linking stands on, in memory, with some of the supplier's
// accounts: the rules are the same, letters are a number.
type Bureau struct {
	*customer.Linkers
	Arrivals *customer.Arrivals
	tickets  map[customer.Ticket]left
	// Agenda is the visits, Cases the register of cases.
	Agenda   *Agenda
	Cases    *Casebook
	holders  map[billing.AccountNumber]customer.Holder
	ledgers  map[billing.AccountNumber]bill.Ledger
	links    []customer.Link
	codes    map[string]customer.Sent
	consents []customer.Given
	vouched  []billing.AccountNumber
	effects  map[string]any
	tries    map[string]map[string]time.Time
	// Real is the ticket that was made last, as its customer holds it.
	Real string
	// Looked is what was shown, as it is noted: "<account> <what>".
	Looked []string
	// Made is what was made as a file: "<account> <month> <sum to pay>".
	Made []string
	// Charts are what was drawn.
	Charts []bill.Chart
	// Away: nobody's links can be read.
	Away bool
	// Tables are what was written for spreadsheets, titles first.
	Tables [][][]string
	last   customer.Code
	drawn  int
	made   int64
	// payments that were started, the provider's being away, or faster than we.
	payments   []owned
	away, fast bool
}

// Limits are those of the supplier.
var Limits = customer.Limits{Tries: 5, Address: 20, Codes: 5}

// NewBureau returns a bureau.
func NewBureau() *Bureau {
	b := &Bureau{
		holders: map[billing.AccountNumber]customer.Holder{}, ledgers: map[billing.AccountNumber]bill.Ledger{},
		tickets: map[customer.Ticket]left{}, codes: map[string]customer.Sent{}, effects: map[string]any{}, tries: map[string]map[string]time.Time{},
	}
	b.Linkers, b.Arrivals = customer.NewLinkers(b, b, Limits), customer.NewArrivals(b, b, Limits)
	b.Agenda, b.Cases = NewAgenda(), NewCasebook()
	b.Cases.Linked = b.Links
	b.add("0145201372", "011845093", "+79990001122", "plankov@post.example")
	b.add("0203118468", "027710462", "+79990001122", "")
	b.add("0207319526", "020731955", "", "demo10@post.example")
	b.add("0344172085", "039902117", "", "")
	b.add("ЭС-0123/26", "901230045", "+79990001133", "office@post.example")
	b.bills()
	return b
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Serve returns the ports with those that linking stands on.
func (b *Bureau) Serve(p dialogs.Ports) dialogs.Ports {
	if p.Linked == nil {
		p.Linked = b
	}
	p.Linkers, p.Records, p.Links, p.Papers, p.Till = b, b, b, b, b
	p.Arrivals, p.Tickets, p.Site, p.Telegram = b.Arrivals, b, true, true
	p.Diary, p.Visits, p.Invitations, p.Days = b.Agenda, b.Agenda, b.Agenda, calendar.Published()
	p.Cases, p.Askers, p.Letters, p.Redact = b.Cases, enquiry.NewAskers(b.Cases, b, Limits), b.Cases, redact
	p.CaseLimits.Hourly, p.CaseLimits.Twins = 5, 10*time.Minute
	p.Documents = customer.Documents{"ru": "АО «Старогорская энергосбытовая компания»", "en": "Starogorsk Energy Sales Company"}
	return p
}

// Order carries out what happens behind the customer's back:
//
//	! vouch 0145201372      the page around the chat vouches for accounts, parted by blanks
//	! elsewhere 0145201372  the links of a conversation to it are ended
//	! empty 0145201372      neither phone nor e-mail are on file any more
//	! link 0145201372 Дом   the conversation is linked to an account, which its customer calls so, or calls nothing
//	! ticket bill 0145…     a conversation on the other channel, linked to an account, leaves a ticket
//	                        to go on with a scenario; the transcript comes with it by (arrive)
//	! followed              somebody goes on elsewhere with the ticket of the conversation
//	! undo                  that conversation ends what was carried from it
//	! fill                  the conversation is linked to as many accounts as it may be
//	! close 0145201372      the account is closed
//	! bank away             the provider of payments cannot be reached; back: it can, fast: it is paid before its page is known
func (b *Bureau) Order(c chat.Conversation, now time.Time, what string) bool {
	f := strings.Fields(what)
	switch f[0] {
	case "vouch":
		b.vouched = nil
		for _, n := range f[1:] {
			b.vouched = append(b.vouched, billing.AccountNumber(n))
		}
	case "elsewhere":
		b.links = slices.DeleteFunc(b.links, func(l customer.Link) bool { return l.Account == billing.AccountNumber(f[1]) })
	case "empty":
		h := b.holders[billing.AccountNumber(f[1])]
		h.Phone, h.Email = privacy.Phone{}, privacy.Email{}
		b.holders[h.Account.Number] = h
	case "link":
		b.put(c, billing.AccountNumber(f[1]), now)
		b.links[len(b.links)-1].Name = strings.Join(f[2:], " ")
	case "ticket":
		b.leave(c, f[1], f[2:], now)
	case "followed":
		b.followed(c, now)
	case "undo":
		b.unlinkFrom(otherOf(c))
	case "fill":
		for i := range customer.MostLinks {
			b.put(c, billing.NewPersonalAccount(99, i), now)
		}
	case "close":
		l := b.ledgers[billing.AccountNumber(f[1])]
		l.Account.Closed = true
		b.ledgers[l.Account.Number] = l
	case "bank":
		b.away, b.fast = f[1] == "away", f[1] == "fast"
		return b.away || b.fast || f[1] == "back"
	default:
		return false
	}
	return true
}

// Last is the code that was sent last.
func (b *Bureau) Last() string {
	if b.last == "" {
		return "000000"
	}
	return string(b.last)
}

// Holder implements customer.Registry.
func (b *Bureau) Holder(_ context.Context, n billing.AccountNumber) (customer.Holder, bool, error) {
	h, ok := b.holders[n]
	return h, ok, nil
}

// Account implements customer.Directory.
func (b *Bureau) Account(_ context.Context, n billing.AccountNumber) (billing.Account, bool, error) {
	h, ok := b.holders[n]
	return h.Account, ok, nil
}

// Reserve implements customer.Tries.
func (b *Bureau) Reserve(_ context.Context, subjects []string, event string, now time.Time, window time.Duration, limit int) (counted []string, err error) {
	for _, subject := range subjects {
		mine := b.tries[subject]
		if mine == nil {
			mine = map[string]time.Time{}
			b.tries[subject] = mine
		}
		for id, at := range mine {
			if now.Sub(at) >= window {
				delete(mine, id)
			}
		}
		if _, again := mine[event]; again || len(mine) < limit {
			mine[event] = now
			counted = append(counted, subject)
		}
	}
	return counted, nil
}

// Forgive implements customer.Tries.
func (b *Bureau) Forgive(_ context.Context, subjects []string, event string) error {
	for _, subject := range subjects {
		delete(b.tries[subject], event)
	}
	return nil
}

// Links implements customer.Links.
func (b *Bureau) Links(_ context.Context, c chat.Conversation, now time.Time) (out []customer.Link, err error) {
	if b.Away {
		return nil, fault.New(fault.Unavailable, "the links are away")
	}
	for _, l := range b.links {
		if l.Conversation == c && l.Holds(now) {
			out = append(out, l)
		}
	}
	return out, nil
}

// Consents implements customer.Consents.
func (b *Bureau) Consents(_ context.Context, c chat.Conversation) (out []customer.Given, err error) {
	for _, g := range b.consents {
		if g.Of == c {
			out = append(out, g)
		}
	}
	return out, nil
}

// Vouched implements the scenario's Records.
func (b *Bureau) Vouched(context.Context, chat.Conversation, time.Time) ([]billing.AccountNumber, error) {
	return b.vouched, nil
}

// LinkedLedger implements the scenario's Records.
func (b *Bureau) LinkedLedger(_ context.Context, l customer.Link) (bill.Ledger, bool, error) {
	if !slices.ContainsFunc(b.links, func(o customer.Link) bool { return o.ID == l.ID && o.Account == l.Account }) {
		return bill.Ledger{}, false, nil
	}
	ledger, ok := b.ledgers[l.Account]
	return ledger, ok, nil
}

// act carries an effect out once.
func act[R any](b *Bureau, e dialog.Effect, do func() R) (R, error) {
	if done, ok := b.effects[e.ID]; ok {
		return done.(R), nil //nolint:forcetypeassert // an effect has one kind of result
	}
	done := do()
	b.effects[e.ID] = done
	return done, nil
}

// Look implements the scenario's Desk.
func (b *Bureau) Look(_ context.Context, e dialog.Effect, link int64, what string) (bool, error) {
	return b.change(e, link, func(l *customer.Link) {
		l.Used = e.At
		b.Looked = append(b.Looked, l.Account.Full()+" "+what)
	})
}

// Paper implements the bill's Papers: the name alone.
func (b *Bureau) Paper(_ context.Context, e dialog.Effect, l *bill.Ledger, of *bill.Bill, name string) (chat.File, error) {
	b.Made = append(b.Made, l.Account.Number.Full()+" "+of.Period.String()+" "+of.ToPay().String())
	return chat.File{ID: "made-" + e.ID, Name: name + ".pdf", Type: "application/pdf", Size: 40_000, Personal: true}, nil
}

// Document implements the bill's Papers.
func (b *Bureau) Document(_ context.Context, e dialog.Effect, l *bill.Ledger, d *bill.Document, name string) (chat.File, error) {
	b.Made = append(b.Made, l.Account.Number.Full()+" "+string(d.Kind)+" "+d.Period.String())
	f := chat.File{ID: "made-" + e.ID, Name: name + ".pdf", Type: "application/pdf", Size: 40_000, Personal: true}
	if d.Kind == bill.HourPrices {
		f.Name, f.Type = name+".csv", "text/csv"
	}
	return f, nil
}

// Table implements the tariffs' Papers: its size, first and last rows.
func (b *Bureau) Table(_ context.Context, e dialog.Effect, columns []string, rows [][]string, name string) (chat.File, error) {
	b.Tables = append(b.Tables, append([][]string{columns}, rows...))
	return chat.File{ID: "made-" + e.ID, Name: name + ".csv", Type: "text/csv", Size: 40_000}, nil
}

// Chart implements the bill's Papers: what stands on it.
func (b *Bureau) Chart(_ context.Context, e dialog.Effect, c bill.Chart, name string) (chat.File, error) {
	b.Charts = append(b.Charts, c)
	return chat.File{ID: "made-" + e.ID, Name: name + ".png", Type: "image/png", Size: 20_000, Image: true}, nil
}

// Consent implements the scenario's Desk.
func (b *Bureau) Consent(_ context.Context, e dialog.Effect, g customer.Given) (struct{}, error) {
	return act(b, e, func() struct{} {
		b.give(e, g)
		if g.Withdraw && g.Purpose == customer.ForLinking {
			b.links = slices.DeleteFunc(b.links, func(l customer.Link) bool { return l.Conversation == e.Conversation })
		}
		return struct{}{}
	})
}
