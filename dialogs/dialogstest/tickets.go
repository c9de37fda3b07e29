package dialogstest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
)

// left is a ticket that waits.
type left struct {
	from  chat.Conversation
	topic string
	until time.Time
}

// Sealed is what a ticket stands for in a message, before it is opened.
const Sealed = "sealed "

// otherOf is a conversation of the same customer on the other channel.
func otherOf(c chat.Conversation) chat.Conversation {
	if c.Channel() == privacy.Web {
		return privacy.Telegram + ":other"
	}
	return privacy.Web + ":other"
}

// leave makes a ticket on the other channel.
func (b *Bureau) leave(c chat.Conversation, topic string, accounts []string, now time.Time) {
	from := otherOf(c)
	for _, n := range accounts {
		if !slices.ContainsFunc(b.links, func(l customer.Link) bool { return l.Conversation == from && l.Account.Full() == n }) {
			b.put(from, billing.AccountNumber(n), now)
		}
	}
	b.draw(from, topic, now)
}

// followed goes on elsewhere with what the conversation has left.
func (b *Bureau) followed(c chat.Conversation, now time.Time) {
	t, _ := customer.ReadTicket(b.Real)
	b.made++
	e := dialog.Effect{ID: fmt.Sprint("followed/", b.made), Conversation: otherOf(c), At: now}
	must(b.Arrive(context.Background(), e, customer.Arrival{Ticket: t, Link: true}))
}

func (b *Bureau) draw(from chat.Conversation, topic string, now time.Time) string {
	real, t := customer.NewTicket()
	for other, l := range b.tickets {
		if l.from == from {
			delete(b.tickets, other)
		}
	}
	b.tickets[t] = left{from, topic, now.Add(customer.TicketLife)}
	b.Real = real.Reveal()
	return b.Real
}

// MakeTicket implements the scenario's Desk.
func (b *Bureau) MakeTicket(_ context.Context, e dialog.Effect, o customer.TicketOrder) (customer.TicketMade, error) {
	return act(b, e, func() customer.TicketMade {
		return customer.TicketMade{Sealed: []byte(Sealed + b.draw(e.Conversation, o.Topic, e.At))}
	})
}

// Ticket implements customer.Tickets.
func (b *Bureau) Ticket(ctx context.Context, t customer.Ticket, to chat.Conversation, now time.Time) (g customer.Baggage, good bool, err error) {
	l, ok := b.tickets[t]
	if !ok || !now.Before(l.until) || l.from == to {
		return g, false, nil
	}
	links, err := b.Links(ctx, l.from, now)
	for _, link := range links {
		if link.Carries() {
			g.Accounts = append(g.Accounts, link.Account)
		}
	}
	g.Channel, g.Topic = l.from.Channel(), l.topic
	return g, true, err
}

// Arrive implements the scenario's Desk.
func (b *Bureau) Arrive(ctx context.Context, e dialog.Effect, a customer.Arrival) (customer.Arrived, error) {
	from := b.tickets[a.Ticket].from
	g, good, err := b.Ticket(ctx, a.Ticket, e.Conversation, e.At)
	if err != nil {
		return customer.Arrived{}, err
	}
	return act(b, e, func() (done customer.Arrived) {
		if done.Good = good; !good {
			return done
		}
		delete(b.tickets, a.Ticket)
		if done.Topic = g.Topic; !a.Link {
			return done
		}
		for _, n := range g.Accounts {
			mine, _ := b.Links(ctx, e.Conversation, e.At)
			switch {
			case customer.LinkedTo(mine, n):
				continue
			case len(mine) >= customer.MostLinks:
				done.TooMany = true
				continue
			}
			b.put(e.Conversation, n, e.At)
			b.links[len(b.links)-1].From = from
			done.Linked++
		}
		b.give(e, a.Consent)
		return done
	})
}

// EndCarried implements the scenario's Desk.
func (b *Bureau) EndCarried(_ context.Context, e dialog.Effect) (int, error) {
	return act(b, e, func() int { return b.unlinkFrom(e.Conversation) })
}

func (b *Bureau) unlinkFrom(c chat.Conversation) int {
	before := len(b.links)
	b.links = slices.DeleteFunc(b.links, func(l customer.Link) bool { return l.From == c })
	for t, l := range b.tickets {
		if l.from == c {
			delete(b.tickets, t)
		}
	}
	return before - len(b.links)
}
