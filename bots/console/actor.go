package console

import (
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// Actor is the caller as package life knows him, once for a request. While the tables
// cannot be read he works in the queues of his teams alone.
func Actor(c *fiber.Ctx, tables registry.Tables, log *slog.Logger) life.Actor {
	type known struct{}
	if a, ok := c.Locals(known{}).(life.Actor); ok {
		return a
	}
	books, err := tables.CaseBooks(c.UserContext())
	if err != nil {
		log.Warn("whose queues are whose cannot be read", "error", err)
	}
	a := life.By(Caller(c), books.Routes)
	c.Locals(known{}, a)
	return a
}
