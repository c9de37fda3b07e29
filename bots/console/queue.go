package console

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/errgroup"

	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/dialogs/dialog/turn"
)

const (
	// mostListed is how many open hand-offs a list shows.
	mostListed = 200
	// glance is how far back the log is looked at for a list, by lookers at a time.
	glance  = 30
	lookers = 16
	// mostTopic is how much of what the customer wrote a list shows, in runes.
	mostTopic = 160
)

// handoff is a hand-off as the page sees it.
type handoff struct {
	ID           int64             `json:"id"`
	Conversation chat.Conversation `json:"conversation"`
	Channel      string            `json:"channel"`
	Customer     string            `json:"customer"`
	Topic        string            `json:"topic"`
	Since        time.Time         `json:"since"`
	HeldBy       *desk.Member      `json:"held_by,omitempty"`
	State        desk.State        `json:"state"`
	Position     string            `json:"position"`
	Unread       int               `json:"unread"`
}

// guest is what a customer is called whose name nobody knows; the page says it
// in its own words.
const guest = ""

// queue lists the open hand-offs.
func (s *Console) queue(c *fiber.Ctx) error {
	ctx, me := c.UserContext(), caller(c)
	if err := s.present(ctx, me); err != nil {
		return s.fail(c, err)
	}
	list, err := s.Desk.Handoffs(ctx, mostListed)
	if err != nil {
		return s.fail(c, err)
	}
	shown := make([]handoff, len(list))
	looks, ctx := errgroup.WithContext(ctx)
	looks.SetLimit(lookers)
	for i, h := range list {
		looks.Go(func() (err error) {
			shown[i], err = s.glance(ctx, h)
			return err
		})
	}
	if err := looks.Wait(); err != nil {
		return s.fail(c, err)
	}
	waiting, mine, others := []handoff{}, []handoff{}, []handoff{}
	for _, h := range shown {
		switch {
		case h.HeldBy == nil:
			waiting = append(waiting, h)
		case h.HeldBy.ID == me.ID:
			mine = append(mine, h)
		default:
			others = append(others, h)
		}
	}
	now := s.Now()
	answer := fiber.Map{"waiting": waiting, "mine": mine, "others": others, "open": s.Hours.Open(now)}
	if at, ok := s.Hours.NextOpening(now); ok {
		answer["opens_at"] = at.UTC()
	}
	return c.JSON(answer)
}

// glance looks at the end of a conversation for a list.
func (s *Console) glance(ctx context.Context, h desk.Handoff) (handoff, error) {
	out := handoff{
		ID: h.ID, Conversation: h.Conversation, Channel: h.Conversation.Channel(), Customer: guest,
		Since: h.Since, HeldBy: h.Holder, State: h.State,
	}
	page, err := s.Engine.Before(ctx, h.Conversation, turn.Position{}, glance)
	if err != nil {
		return out, err
	}
	for _, l := range page.Lines {
		out.Position = l.Position.String()
		switch {
		case l.Kind == turn.Came:
			out.Unread++
			if l.Text != "" && l.Did == "text" {
				out.Topic = shorten(l.Text)
			}
		case l.Kind == turn.Said && l.Message.By != "":
			out.Unread = 0
		}
	}
	return out, nil
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= mostTopic {
		return text
	}
	return string(runes[:mostTopic]) + "…"
}

// take gives the caller a dialog; of many who try, one has it.
func (s *Console) take(c *fiber.Ctx) error {
	return s.change(c, audit.Take, func(ctx context.Context, id int64) (desk.Handoff, error) {
		return s.Desk.TakeHandoff(ctx, id, caller(c).ID)
	})
}

// end gives a dialog back to the bot, or closes it.
func (s *Console) end(did desk.Did) fiber.Handler {
	return func(c *fiber.Ctx) error {
		return s.change(c, audit.Act(did), func(ctx context.Context, id int64) (desk.Handoff, error) {
			return s.Desk.EndHandoff(ctx, id, caller(c).ID, did)
		})
	}
}

// change does something to the hand-off that the request names. The
// conversation hears of it before the caller does, so that what he writes next
// finds him the holder; if it cannot now, the queue of jobs tells it.
func (s *Console) change(c *fiber.Ctx, act audit.Act, do func(ctx context.Context, id int64) (desk.Handoff, error)) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return refuse(c, fiber.StatusNotFound, "not_found")
	}
	ctx := c.UserContext()
	h, err := do(ctx, id)
	if err != nil {
		return s.fail(c, err)
	}
	if err := s.Apply(ctx, h.ID); err != nil {
		s.Log.Warn("change of hand-off put off", "handoff", h.ID, "error", err)
	}
	if err := s.audit(c, act, h.Conversation); err != nil {
		return s.fail(c, err)
	}
	shown, err := s.glance(ctx, h)
	if err != nil {
		return s.fail(c, err)
	}
	return c.JSON(shown)
}
