package dialogstest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

func codeKey(c chat.Conversation, n billing.AccountNumber) string { return string(c) + " " + n.Full() }

// SendCode implements the scenario's Desk.
func (b *Bureau) SendCode(_ context.Context, e dialog.Effect, o customer.CodeOrder) (customer.CodeSent, error) {
	return act(b, e, func() customer.CodeSent {
		for _, r := range b.holders[o.Account].Reaches() {
			if r.Way != o.Way {
				continue
			}
			b.drawn++
			b.last = customer.Code(fmt.Sprintf("%06d", 100_000+b.drawn*7919%900_000))
			b.codes[codeKey(e.Conversation, o.Account)] = customer.Sent{Code: b.last, Until: e.At.Add(customer.CodeLife)}
			return customer.CodeSent{To: r.To}
		}
		return customer.CodeSent{}
	})
}

func (b *Bureau) redeem(e dialog.Effect, n billing.AccountNumber, entered customer.Code) customer.Redeemed {
	key := codeKey(e.Conversation, n)
	sent := b.codes[key]
	result := sent.Redeem(entered, e.At)
	delete(b.codes, key)
	if result == customer.CodeWrong {
		sent.Tries++
		b.codes[key] = sent
	}
	return result
}

func (b *Bureau) put(c chat.Conversation, n billing.AccountNumber, now time.Time) int64 {
	for i := range b.links {
		if b.links[i].Conversation == c {
			b.links[i].Active = false
		}
	}
	b.made++
	b.links = append(b.links, customer.Link{ID: b.made, Conversation: c, Account: n, Active: true, Since: now, Used: now})
	return b.made
}

// Link implements the scenario's Desk.
func (b *Bureau) Link(ctx context.Context, e dialog.Effect, l customer.Linking) (customer.Linked, error) {
	list, err := b.Links(ctx, e.Conversation, e.At)
	if err != nil {
		return customer.Linked{}, err
	}
	return act(b, e, func() customer.Linked {
		done := customer.Linked{Code: customer.CodeGone}
		switch {
		case len(list) >= customer.MostLinks:
			return customer.Linked{Code: customer.CodeGone, TooMany: true}
		case l.Vouched && slices.Contains(b.vouched, l.Account):
			done.Code = customer.CodeRight
		case !l.Vouched:
			done.Code = b.redeem(e, l.Account, l.Code)
		}
		if done.Code != customer.CodeRight {
			return done
		}
		done.Link = b.put(e.Conversation, l.Account, e.At)
		if !l.Vouched {
			b.links[len(b.links)-1].Confirmed = e.At
		}
		if l.Consent.Version > 0 {
			b.give(e, l.Consent)
		}
		return done
	})
}

func (b *Bureau) give(e dialog.Effect, g customer.Given) {
	b.consents = slices.DeleteFunc(b.consents, func(o customer.Given) bool { return o.Of == e.Conversation && o.Purpose == g.Purpose })
	if g.Of, g.At = e.Conversation, e.At; !g.Withdraw {
		b.consents = append(b.consents, g)
	}
}

// Confirm implements the scenario's Desk.
func (b *Bureau) Confirm(_ context.Context, e dialog.Effect, a customer.Again) (customer.Linked, error) {
	return act(b, e, func() customer.Linked {
		i := b.find(e.Conversation, a.Link)
		if i < 0 {
			return customer.Linked{Code: customer.CodeGone}
		}
		done := customer.Linked{Code: b.redeem(e, b.links[i].Account, a.Code)}
		if done.Code == customer.CodeRight {
			done.Link, b.links[i].Confirmed = a.Link, e.At
		}
		return done
	})
}

func (b *Bureau) find(c chat.Conversation, id int64) int {
	return slices.IndexFunc(b.links, func(l customer.Link) bool { return l.Conversation == c && l.ID == id })
}

// change changes a link; false if there is none.
func (b *Bureau) change(e dialog.Effect, id int64, how func(*customer.Link)) (bool, error) {
	return act(b, e, func() bool {
		i := b.find(e.Conversation, id)
		if i >= 0 {
			how(&b.links[i])
		}
		return i >= 0
	})
}

// Unlink implements the scenario's Desk.
func (b *Bureau) Unlink(_ context.Context, e dialog.Effect, link int64) (bool, error) {
	return act(b, e, func() bool {
		i := b.find(e.Conversation, link)
		if i < 0 {
			return false
		}
		b.links = slices.Delete(b.links, i, i+1)
		for j := range b.links {
			if b.links[j].Conversation == e.Conversation {
				b.links[j].Active = true
				break
			}
		}
		return true
	})
}

// Rename implements the scenario's Desk.
func (b *Bureau) Rename(_ context.Context, e dialog.Effect, link int64, name string) (bool, error) {
	return b.change(e, link, func(l *customer.Link) { l.Name = name })
}

// Activate implements the scenario's Desk.
func (b *Bureau) Activate(_ context.Context, e dialog.Effect, link int64) (bool, error) {
	return b.change(e, link, func(l *customer.Link) {
		for i := range b.links {
			b.links[i].Active = b.links[i].Active && b.links[i].Conversation != e.Conversation
		}
		l.Active = true
	})
}
