package console

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/desk"
)

// cookieName carries the session. The prefix makes browsers insist on Secure,
// on the path / and on this very host.
const cookieName = "__Host-okoshko-staff"

// How long a session lasts, on real time.
const (
	idle     = 30 * time.Minute
	lifetime = 12 * time.Hour
)

// visit is a request whose caller is known.
type visit struct {
	desk.Account
	session desk.Session
	secret  string
}

// caller returns who sends the request; only the sign-in has none.
func caller(c *fiber.Ctx) visit {
	v, _ := c.Locals("visit").(visit)
	return v
}

// guard lets a request through if it comes from our own page and, unless it is
// the sign-in, from somebody who is signed in. Whatever may change something
// proves by its token that the page itself has sent it.
func (s *Console) guard(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'; sandbox")
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	upgrades := c.Get(fiber.HeaderUpgrade) != ""
	if (!reads || upgrades) && !s.own(c) {
		return refuse(c, fiber.StatusForbidden, "origin")
	}
	if c.Path() == Path+"/sign-in" {
		return c.Next()
	}
	v, ok, err := s.identify(c, !reads || c.Path() == Path+"/me")
	switch {
	case err != nil:
		return s.fail(c, err)
	case !ok:
		return refuse(c, fiber.StatusUnauthorized, "session")
	case !reads && subtle.ConstantTimeCompare([]byte(c.Get("X-CSRF-Token")), []byte(v.session.CSRF)) != 1:
		return refuse(c, fiber.StatusForbidden, "csrf")
	}
	c.Locals("visit", v)
	return c.Next()
}

// own reports whether the browser says that our own page has made the request.
func (s *Console) own(c *fiber.Ctx) bool {
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return c.Get("Sec-Fetch-Site") == "same-origin"
	}
	_, host, ok := strings.Cut(origin, "://")
	return origin == s.public || ok && host == string(c.Request().Host())
}

// identify finds the session of a request. Only use prolongs it: what a page
// asks by itself does not.
func (s *Console) identify(c *fiber.Ctx, used bool) (visit, bool, error) {
	v := visit{secret: c.Cookies(cookieName)}
	if v.secret == "" {
		return v, false, nil
	}
	var prolong time.Duration
	if used {
		prolong = idle
	}
	ctx := c.UserContext()
	session, ok, err := s.Live.Session(ctx, v.secret, prolong)
	if err != nil || !ok || !time.Now().Before(session.Until) {
		return v, false, err
	}
	account, ok, err := s.Staff.StaffByID(ctx, session.Staff)
	if err != nil || !ok || account.Disabled || account.Version != session.Version {
		return v, false, err
	}
	v.Account, v.session = account, session
	return v, true, nil
}

// secret returns 256 random bits.
func secret() string {
	raw := make([]byte, 32)
	rand.Read(raw) //nolint:errcheck // it never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

func setCookie(c *fiber.Ctx, value string, age time.Duration) {
	cookie := &fiber.Cookie{
		Name: cookieName, Value: value, Path: "/", Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode,
		MaxAge: int(age.Seconds()),
	}
	if value == "" {
		cookie.MaxAge, cookie.Expires = 0, time.Unix(1, 0)
	}
	c.Cookie(cookie)
}
