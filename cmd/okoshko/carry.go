package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"okoshko/bots/site/form"
	"okoshko/bots/telegram"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/notice"
	"okoshko/dialogs/dialog"
)

// chatPage is the page that the chat stands on, to which customers are led.
func (c Config) chatPage() string { return cmp.Or(c.WebChat.PageURL, c.HTTP.PublicURL) }

// ticketAddress opens the address at which a customer goes on in another channel:
// from Telegram the page with the chat on it, from the site the bot. The ticket
// stands behind the number sign, which browsers send to nobody; the widget reads
// it and takes it out of the address.
func (s *server) ticketAddress(c chat.Conversation, sealed []byte) string {
	if ticket, ok := s.stores.db.FormTicket(c, sealed); ok { // it leads to a page of ours, from any channel
		return strings.TrimSuffix(s.config.HTTP.PublicURL, "/") + form.Path + "/" + ticket
	}
	ticket, err := s.stores.db.OpenTicket(c, sealed)
	if err != nil {
		s.log.Error("ticket not opened", "conversation", string(c), "error", err)
		return ""
	}
	if c.Channel() == telegram.Name {
		return strings.TrimSuffix(s.config.chatPage(), "/") + "/#okoshko=" + ticket.Reveal()
	}
	bot := s.botAddress()
	if bot == "" {
		return ""
	}
	return bot + "?start=" + ticket.Reveal()
}

// botAddress is where the bot is found; "" while Telegram has not told its name.
// The demo's own Telegram is a page of ours.
func (s *server) botAddress() string {
	if s.emulator != nil {
		return strings.TrimSuffix(s.config.HTTP.PublicURL, "/") + "/demo/telegram"
	}
	if s.bot == nil {
		return ""
	}
	status, _ := s.bot.Status().(telegram.Status)
	if status.Username == "" {
		return ""
	}
	return "https://t.me/" + status.Username
}

// tellCarried says in a conversation that its accounts were carried elsewhere,
// with the way to undo it.
func (s *server) tellCarried(ctx context.Context, n customer.Carried) error {
	zone, err := s.config.Company.Location()
	if err != nil {
		return err
	}
	_, err = s.engine.Take(ctx, dialog.Event{
		ID: fmt.Sprintf("job:carried/%d", n.Link), Conversation: n.From,
		Kind: dialog.Tell, Text: "carry.told." + n.Channel, Offers: []string{"carry.undo"},
		Facts: map[string]string{"at": notice.Instant(n.At.In(zone))}, At: n.At, Now: s.clock.Now(),
	})
	return err
}

// tellEnded says in a conversation that a link of its has ended without its
// customer's doing.
func (s *server) tellEnded(ctx context.Context, n customer.Ended) error {
	now := s.clock.Now()
	_, err := s.engine.Take(ctx, dialog.Event{
		ID: fmt.Sprintf("job:ended/%d", n.Link), Conversation: n.Conversation, Kind: dialog.Tell, Text: "account.ended." + n.By,
		Facts: map[string]string{"account": n.Account.Masked()}, At: now, Now: now,
	})
	return err
}
