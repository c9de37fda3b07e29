package console

import (
	"context"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/desk"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// Limits of what an operator says; api.md names them.
const (
	mostText    = 4000 // characters
	mostFiles   = 10
	mostChoices = 8
	mostLabel   = 64 // characters
	pageLines   = 50
)

// clientID is what clients call their messages.
var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// conversation returns the one that the request names. Staff see those whose
// customer has asked for a person, no others.
func (s *Console) conversation(c *fiber.Ctx) (desk.Handoff, error) {
	name, err := url.PathUnescape(c.Params("c"))
	if err != nil {
		return desk.Handoff{}, fault.New(fault.NotFound, "no such conversation")
	}
	return s.known(c.UserContext(), chat.Conversation(name))
}

func (s *Console) known(ctx context.Context, c chat.Conversation) (desk.Handoff, error) {
	h, found, err := s.Desk.LatestHandoff(ctx, c)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "no such conversation")
	}
	return h, err
}

// log shows a page of what was said.
func (s *Console) log(c *fiber.Ctx) error {
	h, err := s.conversation(c)
	if err != nil {
		return s.fail(c, err)
	}
	after, err1 := turn.ParsePosition(c.Query("after"))
	before, err2 := turn.ParsePosition(c.Query("before"))
	if err1 != nil || err2 != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	ctx := c.UserContext()
	var page turn.Page
	if c.Query("after") != "" {
		page, err = s.Engine.Log(ctx, h.Conversation, after, pageLines)
	} else {
		// A page that asks for what is new is looking already.
		if err := s.audit(c, audit.Look, h.Conversation); err != nil {
			return s.fail(c, err)
		}
		page, err = s.Engine.Before(ctx, h.Conversation, before, pageLines)
	}
	if err != nil {
		return s.fail(c, err)
	}
	fates, err := s.fates(ctx, h.Conversation, page)
	if err != nil {
		return s.fail(c, err)
	}
	more := page.Older
	if c.Query("after") != "" && !page.Reset {
		more = page.Newer
	}
	answer := fiber.Map{"entries": entries(h.Conversation, page, fates), "more": more, "reset": page.Reset}
	if n := len(page.Lines); n > 0 {
		answer["position"] = page.Lines[n-1].Position.String()
	} else {
		answer["position"] = after.String()
	}
	return c.JSON(answer)
}

// fates finds what became of the replies of a page; some of it may be told
// after the page.
func (s *Console) fates(ctx context.Context, c chat.Conversation, page turn.Page) (map[turn.Position]turn.Line, error) {
	out := map[turn.Position]turn.Line{}
	missing := 0
	collect := func(lines []turn.Line) {
		for _, l := range lines {
			if l.Kind == turn.Receipt {
				out[l.About] = l
			}
		}
	}
	collect(page.Lines)
	for _, l := range page.Lines {
		if _, known := out[l.Position]; l.Kind == turn.Said && !known {
			missing++
		}
	}
	if missing == 0 {
		return out, nil
	}
	next, err := s.Engine.Log(ctx, c, page.Lines[len(page.Lines)-1].Position, pageLines)
	if err == nil && !next.Reset {
		collect(next.Lines)
	}
	return out, err
}

// message is what an operator sends.
type message struct {
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Files   []string `json:"files"`
	Choices []string `json:"choices"`
}

// say sends an operator's message; the same ID is taken once.
func (s *Console) say(c *fiber.Ctx) error {
	h, err := s.conversation(c)
	if err != nil {
		return s.fail(c, err)
	}
	var in message
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	reply, err := s.reply(c.UserContext(), h.Conversation, in)
	if err != nil {
		return s.fail(c, err)
	}
	me := caller(c)
	return s.send(c, audit.Say, dialog.Event{
		ID: "op:" + strconv.FormatInt(me.ID, 10) + ":" + in.ID, Conversation: h.Conversation,
		Kind: dialog.Operator, Reply: &reply,
	})
}

// reply reads an operator's message. The error is Invalid.
func (s *Console) reply(ctx context.Context, c chat.Conversation, in message) (m chat.Message, err error) {
	text := strings.TrimSpace(strings.ToValidUTF8(in.Text, ""))
	switch {
	case !clientID.MatchString(in.ID), text == "" && len(in.Files) == 0,
		len(in.Files) > mostFiles, len(in.Choices) > mostChoices:
		return m, ErrInvalid
	case utf8.RuneCountInString(text) > mostText:
		return m, &fault.Error{Kind: fault.Invalid, Key: "too_long"}
	}
	for part := range strings.SplitSeq(text, "\n") {
		if part = strings.TrimSpace(part); part != "" {
			m.Blocks = append(m.Blocks, chat.Linked(part))
		}
	}
	for _, label := range in.Choices {
		label = strings.Join(strings.Fields(label), " ")
		if label == "" || utf8.RuneCountInString(label) > mostLabel {
			return m, ErrInvalid
		}
		m.Choices = append(m.Choices, chat.Choice{Label: label})
	}
	for _, id := range in.Files {
		f, err := s.Files.Stored(ctx, c, id)
		if err != nil {
			if fault.Is(err, fault.NotFound) {
				err = &fault.Error{Kind: fault.Invalid, Key: "unknown_file"}
			}
			return m, err
		}
		m.Files = append(m.Files, f)
	}
	return m, nil
}

// send takes an event of the caller's and answers with its place in the log.
func (s *Console) send(c *fiber.Ctx, act audit.Act, ev dialog.Event) error {
	me, now := caller(c), s.Now()
	ev.By, ev.At, ev.Now = &me.Member, now, now
	ack, err := s.Engine.Take(c.UserContext(), ev)
	if err != nil {
		return s.fail(c, err)
	}
	if err := s.audit(c, act, ev.Conversation); err != nil {
		return s.fail(c, err)
	}
	if ev.Kind != dialog.Note {
		ack.Position.N = 1 // what came stands at 0, what is said begins at 1
	}
	return c.JSON(fiber.Map{"position": ack.Position.String()})
}

// note tells colleagues something.
func (s *Console) note(c *fiber.Ctx) error {
	h, err := s.conversation(c)
	if err != nil {
		return s.fail(c, err)
	}
	var in message
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	text := strings.TrimSpace(strings.ToValidUTF8(in.Text, ""))
	if !clientID.MatchString(in.ID) || text == "" || utf8.RuneCountInString(text) > mostText {
		return s.fail(c, ErrInvalid)
	}
	return s.send(c, audit.Note, dialog.Event{
		ID:           "note:" + strconv.FormatInt(caller(c).ID, 10) + ":" + in.ID,
		Conversation: h.Conversation, Kind: dialog.Note, Text: text,
	})
}

// retry says again what could not be delivered. Doing it twice is doing it
// once; what fails again has a new position, and can be sent from there.
func (s *Console) retry(c *fiber.Ctx) error {
	h, err := s.conversation(c)
	if err != nil {
		return s.fail(c, err)
	}
	var in struct{ Position string }
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	at, err := turn.ParsePosition(in.Position)
	if err != nil || in.Position == "" {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	ctx := c.UserContext()
	line, found, err := s.Engine.Line(ctx, h.Conversation, at)
	if err == nil && (!found || line.Kind != turn.Said) {
		err = fault.New(fault.NotFound, "no such message")
	}
	if err != nil {
		return s.fail(c, err)
	}
	failed, err := s.failed(ctx, h.Conversation, at)
	if err != nil {
		return s.fail(c, err)
	}
	if !failed {
		return refuse(c, fiber.StatusConflict, "not_failed")
	}
	return s.send(c, audit.Retry, dialog.Event{
		ID:           "retry:" + string(h.Conversation) + ":" + at.String(),
		Conversation: h.Conversation, Kind: dialog.Resend, Reply: &line.Message,
	})
}

// failed reports whether a reply's delivery has failed for good.
func (s *Console) failed(ctx context.Context, c chat.Conversation, at turn.Position) (bool, error) {
	after := at
	for range 10 { // a receipt follows its reply closely
		page, err := s.Engine.Log(ctx, c, after, pageLines)
		if err != nil {
			return false, err
		}
		for _, l := range page.Lines {
			if l.Kind == turn.Receipt && l.About == at {
				return l.Fate == turn.Refused.String(), nil
			}
			after = l.Position
		}
		if !page.Newer {
			break
		}
	}
	return false, nil
}

// typing shows the customer that the holder of his dialog writes.
func (s *Console) typing(c *fiber.Ctx) error {
	h, err := s.conversation(c)
	if err != nil {
		return s.fail(c, err)
	}
	me := caller(c)
	if h.State != desk.Held || h.Holder.ID != me.ID {
		return s.fail(c, desk.ErrNotHolder)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), time.Second)
	defer cancel()
	if err := s.Live.Publish(ctx, turn.Hint{Conversation: h.Conversation, Kind: turn.Typing, By: me.Name}); err != nil {
		return s.fail(c, err)
	}
	s.ShowTyping(ctx, h.Conversation)
	return c.SendStatus(fiber.StatusNoContent)
}
