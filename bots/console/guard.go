package console

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/staff"
)

// Names of the cookie that carries the session. The prefix of the first makes
// browsers insist on https (or localhost), on the path / and on this very host;
// the second is the demo's on a plain http address, where nothing is secret.
const (
	cookieName = "__Host-okoshko-staff"
	demoCookie = "okoshko-staff"
)

// How long a session lasts, on real time: without use, in any case, and while
// the second factor is awaited.
const (
	idle     = 30 * time.Minute
	lifetime = 12 * time.Hour
	halfLife = 5 * time.Minute
)

// visit is a request whose caller is known.
type visit struct {
	staff.Account
	session staff.Session
	secret  string
}

// caller returns who sends the request; only the sign-in has none.
func caller(c *fiber.Ctx) visit {
	v, _ := c.Locals("visit").(visit)
	return v
}

// guard lets a request through that comes from our own page; the gate of its
// route then asks who sends it.
func (s *Console) guard(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'; sandbox")
	if (!reads(c) || c.Get(fiber.HeaderUpgrade) != "") && !s.own(c) {
		return refuse(c, fiber.StatusForbidden, "origin")
	}
	return c.Next()
}

// reads reports whether a request can change nothing.
func reads(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
}

// gate lets a request through whose caller may pass the door. Whatever may
// change something proves by its token that the page itself has sent it.
func (s *Console) gate(needs staff.Permission) fiber.Handler {
	if needs == anybody {
		return func(c *fiber.Ctx) error { return c.Next() }
	}
	return func(c *fiber.Ctx) error {
		v, ok, err := s.identify(c, !reads(c) || c.Path() == Path+"/me")
		switch {
		case err != nil:
			return s.fail(c, err)
		case !ok && v.session.Ended != "":
			return c.Status(fiber.StatusUnauthorized).JSON(fiber.Map{"error": "session", "why": v.session.Ended})
		case !ok:
			return refuse(c, fiber.StatusUnauthorized, "session")
		case !reads(c) && subtle.ConstantTimeCompare([]byte(c.Get("X-CSRF-Token")), []byte(v.session.CSRF)) != 1:
			return refuse(c, fiber.StatusForbidden, "csrf")
		}
		c.Locals("visit", v)
		switch {
		case needs == proven:
			return c.Next()
		case v.session.Half:
			return refuse(c, fiber.StatusUnauthorized, "second")
		case needs == owing:
			return c.Next()
		case len(v.Owes(s.Demo)) > 0:
			return refuse(c, fiber.StatusForbidden, "owes")
		case !v.allows(needs):
			return refuse(c, fiber.StatusForbidden, "permission")
		}
		return c.Next()
	}
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
// asks by itself does not. Of one that is over it says why, to nobody but who has its
// secret.
func (s *Console) identify(c *fiber.Ctx, used bool) (visit, bool, error) {
	v := visit{secret: c.Cookies(s.cookie())}
	if v.secret == "" {
		return v, false, nil
	}
	var prolong time.Duration
	if used {
		prolong = idle
	}
	ctx := c.UserContext()
	session, ok, err := s.Live.Session(ctx, v.secret, prolong)
	v.session.Ended = session.Ended
	if err != nil || !ok {
		return v, false, err
	}
	account, ok, err := s.Staff.StaffByID(ctx, session.Staff)
	switch {
	case err != nil || !ok:
		return v, false, err
	case account.Disabled:
		v.session.Ended = staff.EndedAccount
		return v, false, nil
	case account.Version != session.Version:
		v.session.Ended = account.Ended
		return v, false, nil
	case !time.Now().Before(session.Until):
		v.session.Ended = staff.EndedAge
		return v, false, nil
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

// cookie names the cookie of a session.
func (s *Console) cookie() string {
	if s.Demo && !strings.HasPrefix(s.public, "https:") {
		return demoCookie
	}
	return cookieName
}

func (s *Console) setCookie(c *fiber.Ctx, value string, age time.Duration) {
	cookie := &fiber.Cookie{
		Name: s.cookie(), Value: value, Path: "/", Secure: s.cookie() == cookieName, HTTPOnly: true, SameSite: fiber.CookieSameSiteStrictMode,
		MaxAge: int(age.Seconds()),
	}
	if value == "" {
		cookie.MaxAge, cookie.Expires = 0, time.Unix(1, 0)
	}
	c.Cookie(cookie)
}
