package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

const (
	// Route is where Mount puts the webhook.
	Route = "/telegram/webhook"
	// secretHeader carries the secret (core.telegram.org/bots/api#setwebhook).
	secretHeader = "X-Telegram-Bot-Api-Secret-Token" //nolint:gosec // its name is no secret
	// maxUpdate is the largest update that is read. Telegram's own are below
	// 100 KB.
	maxUpdate = 1 << 20
	// retryAfter is when Telegram should come again, in seconds, while a store
	// of ours is away.
	retryAfter = "2"
	// takeLimit is how long a turn may hold one of Telegram's connections: a
	// store that neither answers nor refuses must not keep the others waiting.
	takeLimit = 10 * time.Second
)

// Mount adds the webhook's route. A caller without the secret gets 403 before
// anything of the body is looked at.
func (b *Bot) Mount(r fiber.Router, engine Engine) {
	r.Post(Route, func(c *fiber.Ctx) error {
		if !b.trusted(c) {
			return c.SendStatus(http.StatusForbidden)
		}
		ctx, cancel := context.WithTimeout(c.UserContext(), takeLimit)
		defer cancel()
		answer, err := b.take(ctx, engine, c.Request().Body())
		if err != nil {
			c.Set(fiber.HeaderRetryAfter, retryAfter)
			return c.SendStatus(http.StatusServiceUnavailable)
		}
		if answer.query != "" {
			c.Response().Header.SetContentType(fiber.MIMEApplicationJSON)
			c.Response().SwapBody(appendAnswer(c.Response().SwapBody(nil)[:0],
				`{"method":"answerCallbackQuery",`, answer.query, answer.toast))
		}
		return nil
	})
}

// TooLarge answers a request that the server itself has refused for its size,
// before any handler saw it. The program's error handler calls it with 413s; it
// reports whether the request was an update of Telegram's: that is put aside
// and acknowledged, because Telegram would bring it for a day and nothing else
// of that chat.
func (b *Bot) TooLarge(c *fiber.Ctx) bool {
	if c.Path() != Route || !b.trusted(c) {
		return false
	}
	drain(c.Context().Conn())
	now := b.cfg.Now()
	id := fmt.Sprintf("%s:%s:large:%d:%d", Name, b.id, c.Request().Header.ContentLength(), now.UnixNano())
	if b.putAside(c.UserContext(), id, "", errTooLarge, nil) != nil {
		c.Set(fiber.HeaderRetryAfter, retryAfter)
		_ = c.SendStatus(http.StatusServiceUnavailable)
		return true
	}
	c.Status(http.StatusOK)
	return true
}

// drain reads what the caller still sends. Without that the connection would be
// reset under him, and he would never see the answer.
func drain(conn net.Conn) {
	const patience, most = 100 * time.Millisecond, 64 << 20
	buffer := make([]byte, 32<<10)
	for left := most; left > 0; {
		if conn.SetReadDeadline(time.Now().Add(patience)) != nil {
			return
		}
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		left -= n
	}
}

var errTooLarge = errors.New("the update is too large")

// trusted compares the secret, in a time that tells nothing about it.
func (b *Bot) trusted(c *fiber.Ctx) bool {
	given := sha256.Sum256(c.Request().Header.Peek(secretHeader))
	return subtle.ConstantTimeCompare(given[:], b.digest[:]) == 1
}

// answer is what a press is told.
type answer struct{ query, toast string }

// take decodes one update and brings it to its end. raw is not kept.
func (b *Bot) take(ctx context.Context, engine Engine, raw []byte) (answer, error) {
	if len(raw) > maxUpdate {
		return answer{}, b.reject(ctx, unreadable, raw, "", errTooLarge)
	}
	a, err := b.decode(raw)
	return b.settle(ctx, engine, &a, err, raw)
}

// unreadable is the kind of an update that could not be decoded.
const unreadable = "unreadable"

// settle brings an update to its end: taken, without meaning, or put aside. An
// error asks for it again. unread says why it could not be decoded.
func (b *Bot) settle(ctx context.Context, engine Engine, a *arrival, unread error, raw []byte) (out answer, err error) {
	if unread != nil {
		return answer{}, b.reject(ctx, unreadable, raw, "", unread)
	}
	defer func() {
		if p := recover(); p != nil {
			// A crash would come back with the update, for a day.
			out, err = answer{query: a.query}, b.reject(ctx, a.kind, raw, a.conversation(), errPanic)
		}
	}()
	if a.event != nil {
		return b.takeEvent(ctx, engine, a, raw)
	}
	b.cfg.Meter.Update(a.kind, "ignored")
	return answer{query: a.query}, nil
}

var errPanic = errors.New("taking it panicked")

func (b *Bot) takeEvent(ctx context.Context, engine Engine, a *arrival, raw []byte) (answer, error) {
	if phone := a.event.Phone; phone != nil && phone.Own {
		if id, ok := chatOf(a.event.Conversation); ok {
			b.keyboards.add(id) // the key that sent it is still there
		}
	}
	ack, err := engine.Take(ctx, *a.event)
	switch {
	case err == nil:
		b.cfg.Meter.Update(a.kind, "taken")
		return answer{a.query, ack.Toast}, nil
	case fault.Is(err, fault.Unavailable) || ctx.Err() != nil:
		b.cfg.Meter.Update(a.kind, "unavailable")
		return answer{}, err
	}
	// The engine has no other error; whoever stands in for it may.
	cause := errors.New("taking it failed: " + fault.Of(err).String())
	return answer{query: a.query}, b.reject(ctx, a.kind, raw, a.event.Conversation, cause)
}

// reject puts an update aside for good; its error asks for the update again.
func (b *Bot) reject(ctx context.Context, kind string, raw []byte, c chat.Conversation, cause error) error {
	if err := b.putAside(ctx, b.casualtyID(raw), c, cause, raw); err != nil {
		b.cfg.Meter.Update(kind, "unavailable")
		return err
	}
	b.cfg.Meter.Update(kind, "quarantined")
	return nil
}

// maxPayload is how much of an update quarantine keeps.
const maxPayload = 64 << 10

func (b *Bot) putAside(ctx context.Context, id string, c chat.Conversation, cause error, raw []byte) error {
	b.cfg.Log.Error("update put aside", "event", id, "cause", cause)
	err := b.cfg.Quarantine.Put(ctx, turn.Casualty{
		ID: id, Conversation: c, At: b.cfg.Now(), Cause: cause.Error(),
		Payload: append([]byte(nil), raw[:min(len(raw), maxPayload)]...),
	})
	return fault.Wrap(fault.Unavailable, err)
}

var (
	_ turn.Channel = (*Bot)(nil)
	_ Engine       = (*turn.Engine)(nil)
)
