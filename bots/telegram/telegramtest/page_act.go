package telegramtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// maxPresses is how many presses of a chat the page hears about.
const maxPresses = 64

// pageActions are what the page's customer can do. The result, if any, goes
// to the page; an error is shown as a refusal.
var pageActions = map[string]func(*Customer, *fiber.Ctx) (any, error){
	"say": taking(func(c *Customer, in struct{ Text string }) (any, error) {
		text := strings.TrimSpace(in.Text)
		if text == "" || utf16Len(text) > maxText {
			return nil, errors.New("a text has 1 to 4096 characters")
		}
		c.Say(text)
		return nil, nil
	}),
	"press":   taking(pressOnPage),
	"contact": taking(contactOnPage),
	"location": taking(func(c *Customer, in pageLocation) (any, error) {
		if in.Lat < -90 || in.Lat > 90 || in.Lon < -180 || in.Lon > 180 {
			return nil, errors.New("there is no such point on the globe")
		}
		c.SendLocation(in.Lat, in.Lon)
		return nil, nil
	}),
	"photo": func(c *Customer, ctx *fiber.Ctx) (any, error) {
		_, err := c.SendPhoto(bytes.Clone(ctx.Body()), strings.Clone(ctx.Query("caption")))
		return nil, err
	},
	"document": func(c *Customer, ctx *fiber.Ctx) (any, error) {
		if len(ctx.Body()) == 0 {
			return nil, errors.New("the file is empty")
		}
		name := cmp.Or(strings.Clone(ctx.Query("name")), "file")
		c.SendDocument(name, bytes.Clone(ctx.Body()), strings.Clone(ctx.Query("caption")))
		return nil, nil
	},
	"sticker": taking(func(c *Customer, _ struct{}) (any, error) { c.SendSticker(); return nil, nil }),
	"voice":   taking(func(c *Customer, _ struct{}) (any, error) { c.SendVoice(4); return nil, nil }),
	"edit": taking(func(c *Customer, in struct {
		Message int
		Text    string
	},
	) (any, error) {
		text := strings.TrimSpace(in.Text)
		if text == "" || utf16Len(text) > maxText {
			return nil, errors.New("a text has 1 to 4096 characters")
		}
		_, err := c.Edit(Message{ID: in.Message}, text)
		return nil, err
	}),
	"block": taking(func(c *Customer, in struct{ On bool }) (any, error) {
		c.chat.setBlocked(in.On)
		return nil, nil
	}),
}

// taking makes an action of a function whose input comes as JSON.
func taking[T any](do func(*Customer, T) (any, error)) func(*Customer, *fiber.Ctx) (any, error) {
	return func(c *Customer, ctx *fiber.Ctx) (any, error) {
		var in T
		if err := json.Unmarshal(ctx.Body(), &in); err != nil {
			return nil, errors.New("the request is not JSON")
		}
		return do(c, in)
	}
}

func (s *Server) act(c *fiber.Ctx, who *Customer) error {
	do, ok := pageActions[c.Params("action")]
	if !ok {
		return problem(c, fiber.StatusNotFound, "there is no such action")
	}
	result, err := do(who, c)
	if err != nil {
		return problem(c, fiber.StatusBadRequest, err.Error())
	}
	if result == nil {
		result = fiber.Map{}
	}
	return c.JSON(result)
}

type pagePress struct {
	Message int
	Data    string
}

// pressOnPage presses what the page shows. The bot may have changed the
// message meanwhile, or it is from the time before a restart: then it is
// inaccessible, as messages of real clients may be.
func pressOnPage(c *Customer, in pagePress) (any, error) {
	if in.Message <= 0 || in.Data == "" || len(in.Data) > maxCallbackData {
		return nil, ErrNoButton
	}
	p := c.chat.press(Message{ID: in.Message}, Button{Data: in.Data})
	c.chat.mu.Lock()
	defer c.chat.mu.Unlock()
	c.chat.presses = append(c.chat.presses, p)
	if len(c.chat.presses) > maxPresses {
		c.chat.presses = slices.Delete(c.chat.presses, 0, 1)
	}
	if p.version != 0 { // the bot was faster than this line
		c.chat.version++
		p.version = c.chat.version
		c.chat.wake()
	}
	return map[string]string{"query": p.Query}, nil
}

func contactOnPage(c *Customer, in struct {
	Own bool
	pageContact
},
) (any, error) {
	switch {
	case in.Own:
		c.ShareContact()
	case !phoneShape.MatchString(in.Phone) || in.First == "":
		return nil, errors.New("a card has a name and a phone number")
	default:
		c.SendContact(Contact{Phone: in.Phone, First: in.First, Last: in.Last})
	}
	return nil, nil
}

// Misfortunes that the page can order. Those of calls hit the page's own chat
// alone; outage and copies are Telegram's and concern everybody.
var pageFaults = map[string]Fault{
	"flood": {Method: "sendMessage", Code: 429, RetryAfter: 5, Hold: true},
	"down":  {Times: 3, Code: 502},
	"lost":  {Method: "sendMessage", Effect: ResetAfter},
	"slow":  {Method: "sendMessage", Times: 3, Effect: Slow, Delay: 3 * time.Second},
}

func (s *Server) orderFault(c *fiber.Ctx, who *Customer) error {
	var in struct {
		Kind string `json:"kind"`
		On   bool   `json:"on"`
	}
	if err := json.Unmarshal(c.Body(), &in); err != nil {
		return problem(c, fiber.StatusBadRequest, "the request is not JSON")
	}
	f, ok := pageFaults[in.Kind]
	switch {
	case ok:
		f.Chat = who.ID()
		s.Fault(f)
	case in.Kind == "outage":
		s.Outage(in.On)
	case in.Kind == "copies" && in.On:
		s.Deliver(Delivery{Copies: 2})
	case in.Kind == "copies":
		s.Deliver(Delivery{})
	case in.Kind == "none":
		s.ClearFaults()
		s.Deliver(Delivery{})
		s.Outage(false)
	default:
		return problem(c, fiber.StatusBadRequest, "there is no such fault")
	}
	s.announce()
	return s.showTools(c, who)
}

// pageCall is a line of the journal.
type pageCall struct {
	Method      string `json:"method"`
	At          int64  `json:"at"` // Unix ms of real time
	Took        int64  `json:"took"`
	Code        int    `json:"code"`
	Description string `json:"description,omitempty"`
	Lost        bool   `json:"lost,omitempty"`
	Text        string `json:"text,omitempty"`
}

const journalLines = 40

// showTools tells what the drawer shows: the orders that stand, and the last
// calls that concern the customer's chat, newest first.
func (s *Server) showTools(c *fiber.Ctx, who *Customer) error {
	lines := []pageCall{}
	s.journal.mu.Lock()
	for _, call := range slices.Backward(s.journal.calls) {
		if call.Chat != who.ID() || len(lines) == journalLines {
			continue
		}
		lines = append(lines, pageCall{
			Method: call.Method, At: call.At.UnixMilli(), Took: call.Took.Milliseconds(), Code: call.Code,
			Description: call.Description, Lost: call.Lost, Text: cmp.Or(call.Params["text"], call.Params["caption"]),
		})
	}
	s.journal.mu.Unlock()
	return c.JSON(fiber.Map{
		"outage": s.outage.Load() != nil, "copies": s.copies().Copies > 0, "faults": s.faults.standing(who.ID()),
		"pending": s.Pending(), "now": s.cfg.Now().UnixMilli(), "calls": lines, "id": who.ID(),
	})
}
