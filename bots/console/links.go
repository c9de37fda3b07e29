package console

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
)

// Links are which chats see which accounts.
type Links interface {
	// AccountLinks returns the links to an account that hold, the oldest first, and
	// whether there is such an account.
	AccountLinks(ctx context.Context, n billing.AccountNumber, now time.Time) ([]customer.Link, bool, error)
	// EndLink ends a link: the line of who did it and why is written with it, and
	// the chat is told. The error is NotFound if there is no such link.
	EndLink(ctx context.Context, link int64, by audit.Entry) error
}

// link is a link as the page sees it: which chat, without telling whose it is.
type link struct {
	ID      int64     `json:"id"`
	Channel string    `json:"channel"`
	Chat    string    `json:"chat"`
	Since   time.Time `json:"since"`
	Used    time.Time `json:"used"`
	// From is the channel that it was carried from; "" if it was made here.
	From string `json:"from,omitempty"`
}

// links lists the chats that see an account. Its number comes in the body, so
// that no address holds it; the look is written down before anything is shown.
func (s *Console) links(c *fiber.Ctx) error {
	var in struct{ Account string }
	if err := c.BodyParser(&in); err != nil {
		return s.fail(c, ErrInvalid)
	}
	n, err := billing.ParseAccount(in.Account)
	if err != nil {
		return s.fail(c, &fault.Error{Kind: fault.Invalid, Key: "account"})
	}
	if err := s.noteDown(c, audit.Entry{Act: audit.LinksLook, Subject: n.Masked()}); err != nil {
		return s.fail(c, err)
	}
	list, found, err := s.Links.AccountLinks(c.UserContext(), n, s.Now())
	if err == nil && !found {
		err = &fault.Error{Kind: fault.NotFound, Key: "account"}
	}
	if err != nil {
		return s.fail(c, err)
	}
	shown := make([]link, len(list))
	for i, l := range list {
		shown[i] = link{l.ID, l.Conversation.Channel(), masked(l.Conversation), l.Since, l.Used, l.From.Channel()}
	}
	return c.JSON(fiber.Map{"account": n.Full(), "links": shown})
}

// masked is the end of a chat's name, enough to tell two of them apart.
func masked(c chat.Conversation) string {
	peer := c.Peer()
	return "…" + peer[max(0, len(peer)-4):]
}

// endLink ends one, for a reason.
func (s *Console) endLink(c *fiber.Ctx) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return refuse(c, fiber.StatusNotFound, "not_found")
	}
	var in struct{ Reason string }
	if err := c.BodyParser(&in); err != nil {
		return s.fail(c, ErrInvalid)
	}
	by := s.by(c)
	if by.Reason, err = Reason(in.Reason); err != nil {
		return s.fail(c, err)
	}
	if err := s.Links.EndLink(c.UserContext(), id, by); err != nil {
		return s.fail(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}
