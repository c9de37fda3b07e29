package webchat

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// guard lets in pages of our origins alone, and tells their browsers so. A
// browser leaves Origin out of downloads to the same origin; those are
// authorised by their token.
func (w *Chat) guard(c *fiber.Ctx) error {
	origin := c.Get(fiber.HeaderOrigin)
	c.Vary(fiber.HeaderOrigin)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	own := origin == "" && c.Method() == fiber.MethodGet && strings.HasPrefix(c.Path(), UploadPath+"/")
	if !own && !w.allowed(origin) {
		return refuse(c, fiber.StatusForbidden, "origin", 0)
	}
	if own {
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	if c.Method() != fiber.MethodOptions {
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, POST")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Authorization, Content-Type")
	c.Set(fiber.HeaderAccessControlMaxAge, "600")
	return c.SendStatus(fiber.StatusNoContent)
}

func (w *Chat) allowed(origin string) bool {
	if w.origins[origin] {
		return true
	}
	if !w.Local {
		return false
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && origin == "http://"+u.Host &&
		(u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1")
}

// refuse answers with an error; after is when to come again, in seconds.
func refuse(c *fiber.Ctx, status int, code string, after int) error {
	said := fiber.Map{"error": code}
	if after > 0 {
		said["retry_after"] = after
	}
	return c.Status(status).JSON(said)
}

// unavailable answers while a store of ours is away.
func (w *Chat) unavailable(c *fiber.Ctx, what string, err error) error {
	w.Log.Warn("web request put off", "step", what, "error", err)
	return refuse(c, fiber.StatusServiceUnavailable, "unavailable", retryUnavailable)
}

// retryUnavailable is when to come again while a store is away, in seconds.
const retryUnavailable = 2
