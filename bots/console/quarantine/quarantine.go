// Package quarantine is the part of the console in which supervisors and
// administrators look after events that could not be taken: what a customer has sent
// and no step, or no channel, could read. They have it taken once more when its
// reason is mended, begin its conversation anew, or put it away. All of it is written
// down with a reason; what the customer wrote is shown to those alone who have
// a permission of its own.
package quarantine

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// Store keeps what could not be taken.
type Store interface {
	// Casualties lists the newest, without their payloads.
	Casualties(ctx context.Context, limit int) ([]turn.Casualty, error)
	// Casualty and DropCasualty refuse one that is not there with NotFound.
	Casualty(ctx context.Context, id string) (turn.Casualty, error)
	DropCasualty(ctx context.Context, by audit.Entry, id string) error
	Audit(ctx context.Context, e audit.Entry) error
}

// Engine takes events.
type Engine interface {
	Take(ctx context.Context, ev dialog.Event) (turn.Ack, error)
	// Again takes an event once more; ok is false if it failed again. The errors are
	// turn.ErrNotAgain and those of Take.
	Again(ctx context.Context, c turn.Casualty) (ok bool, err error)
}

// Config is what the part stands on.
type Config struct {
	Store  Store
	Engine Engine
	// Raw takes an update of a channel once more that was no event yet; nil: there is
	// none. The errors are turn.ErrNotAgain and fault.Unavailable.
	Raw func(ctx context.Context, c turn.Casualty) error
	// Kept is how long they wait for somebody to look.
	Kept    time.Duration
	Address func(c *fiber.Ctx) string
	Now     func() time.Time
	Log     *slog.Logger
}

// Part is the part.
type Part struct{ Config }

// New returns the part.
func New(c Config) *Part { return &Part{c} }

// Doors lists its addresses, for the console.
func (p *Part) Doors() []console.Door {
	return []console.Door{
		console.NewDoor("GET", "/quarantine", staff.SeeQuarantine, p.list),
		console.NewDoor("POST", "/quarantine/look", staff.ReadQuarantine, p.look),
		console.NewDoor("POST", "/quarantine/again", staff.KeepQuarantine, p.again),
		console.NewDoor("POST", "/quarantine/reset", staff.KeepQuarantine, p.reset),
		console.NewDoor("POST", "/quarantine/drop", staff.KeepQuarantine, p.drop),
	}
}

// mostShown is how many are listed, the newest first.
const mostShown = 200

var (
	// errNobody says that there is no conversation that could be begun anew.
	errNobody error = &fault.Error{Kind: fault.Conflict, Key: "casualty_nobody"}
	// errFailed says that an event has failed once more.
	errFailed error = &fault.Error{Kind: fault.Conflict, Key: "casualty_failed"}
)

// casualty is one as the page sees it.
type casualty struct {
	ID           string            `json:"id"`
	At           time.Time         `json:"at"`
	Channel      string            `json:"channel"`
	Conversation chat.Conversation `json:"conversation"`
	Cause        string            `json:"cause"`
}

func (p *Part) list(c *fiber.Ctx) error {
	found, err := p.Store.Casualties(c.UserContext(), mostShown)
	if err != nil {
		return p.fail(c, err)
	}
	list := []casualty{}
	for i := range found {
		one := &found[i]
		list = append(list, casualty{one.ID, one.At, channelOf(one), one.Conversation, one.Cause})
	}
	return c.JSON(fiber.Map{"casualties": list, "days": int(p.Kept.Hours() / 24)})
}

// channelOf is the channel that one came by: that of its conversation, or the
// beginning of its name where nobody knows whose it was.
func channelOf(c *turn.Casualty) string {
	if c.Conversation != "" {
		return c.Conversation.Channel()
	}
	channel, _, _ := strings.Cut(c.ID, ":")
	return channel
}

// wish names a casualty, and why something is to be done about it.
type wish struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// reads reads a wish, the casualty that it is about, and what is written down.
func (p *Part) reads(c *fiber.Ctx, act audit.Act) (one turn.Casualty, by audit.Entry, err error) {
	var in wish
	if err := c.BodyParser(&in); err != nil || in.ID == "" {
		return one, by, console.ErrInvalid
	}
	reason, err := console.Reason(in.Reason)
	if err != nil {
		return one, by, err
	}
	if one, err = p.Store.Casualty(c.UserContext(), in.ID); err != nil {
		return one, by, err
	}
	by = audit.Entry{
		Staff: console.Caller(c).ID, Act: act, Conversation: string(one.Conversation), Subject: one.ID, Reason: reason, Address: p.Address(c),
	}
	return one, by, nil
}

// look shows what the customer had sent.
func (p *Part) look(c *fiber.Ctx) error {
	one, by, err := p.reads(c, audit.QuarantineLook)
	if err == nil {
		err = p.Store.Audit(c.UserContext(), by)
	}
	if err != nil {
		return p.fail(c, err)
	}
	text := string(one.Payload)
	if ev, ok := one.Event(); ok {
		text = ev.Text
	}
	return c.JSON(fiber.Map{"text": strings.ToValidUTF8(text, "\uFFFD")})
}

// again has one taken once more, and puts it away: what fails again stands there
// under a new name. Who asks twice has it taken once.
func (p *Part) again(c *fiber.Ctx) error {
	ctx := c.UserContext()
	one, by, err := p.reads(c, audit.QuarantineAgain)
	if err != nil {
		return p.fail(c, err)
	}
	ok := true
	if _, event := one.Event(); event {
		ok, err = p.Engine.Again(ctx, one)
	} else if p.Raw == nil {
		err = turn.ErrNotAgain
	} else {
		err = p.Raw(ctx, one)
	}
	if err != nil {
		return p.fail(c, err)
	}
	if err := p.Store.DropCasualty(ctx, by, one.ID); err != nil {
		return p.fail(c, err)
	}
	if !ok {
		return p.fail(c, errFailed)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// reset begins the conversation anew, and puts the event away that failed in it.
func (p *Part) reset(c *fiber.Ctx) error {
	ctx := c.UserContext()
	one, by, err := p.reads(c, audit.QuarantineReset)
	if err == nil && one.Conversation == "" {
		err = errNobody
	}
	if err != nil {
		return p.fail(c, err)
	}
	now := p.Now()
	if _, err := p.Engine.Take(ctx, dialog.Event{ID: "reset:" + one.ID, Conversation: one.Conversation, Kind: dialog.Reset, At: now, Now: now}); err != nil {
		return p.fail(c, err)
	}
	if err := p.Store.DropCasualty(ctx, by, one.ID); err != nil {
		return p.fail(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// drop puts one away that nothing is to be done about.
func (p *Part) drop(c *fiber.Ctx) error {
	one, by, err := p.reads(c, audit.QuarantineDrop)
	if err == nil {
		err = p.Store.DropCasualty(c.UserContext(), by, one.ID)
	}
	if err != nil {
		return p.fail(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (p *Part) fail(c *fiber.Ctx, err error) error { return console.Fail(c, p.Log, err, nil) }
