package console

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/desk"
)

// What may be tried in a quarter of an hour, on real time: few passwords for a
// login from one address, more for the login and the address each, so that
// nobody can lock a colleague out with a handful of tries.
const (
	tryWindow      = 15 * time.Minute
	triesTogether  = 5
	triesOfLogin   = 50
	triesOfAddress = 50
)

// try is a limit that a sign-in counts against.
type try struct {
	subject string
	limit   int
}

// signIn opens a session.
func (s *Console) signIn(c *fiber.Ctx) error {
	var in struct{ Login, Password string }
	if err := c.BodyParser(&in); err != nil || len(in.Login) > 200 {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	login, address, ctx := strings.ToLower(strings.TrimSpace(in.Login)), s.Address(c), c.UserContext()
	tries := []try{
		{"staff both " + login + " " + address, triesTogether},
		{"staff login " + login, triesOfLogin},
		{"staff address " + address, triesOfAddress},
	}
	event := rand.Text()
	for _, t := range tries { // counted before they are compared: guessing in parallel gains nothing
		counted, err := s.Live.Reserve(ctx, []string{t.subject}, event, time.Now(), tryWindow, t.limit)
		if err != nil {
			return s.fail(c, err)
		}
		if len(counted) == 0 {
			seconds := int(tryWindow.Seconds())
			return c.Status(fiber.StatusTooManyRequests).JSON(fiber.Map{"error": "too_many", "retry_after": seconds})
		}
	}
	account, found, err := s.Staff.FindStaff(ctx, login)
	if err != nil {
		return s.fail(c, err)
	}
	kept := nobodys
	if found {
		kept = account.Password
	}
	right, err := s.verify(ctx, in.Password, kept)
	if err != nil {
		return s.fail(c, err)
	}
	if !right || !found || account.Disabled {
		refused := audit.Entry{Staff: account.ID, Act: audit.SignInRefused, Address: address}
		if err := s.Staff.Audit(ctx, refused); err != nil {
			return s.fail(c, err)
		}
		return refuse(c, fiber.StatusUnauthorized, "wrong")
	}
	subjects := []string{tries[0].subject, tries[1].subject, tries[2].subject}
	if err := s.Live.Forgive(ctx, subjects, event); err != nil {
		return s.fail(c, err)
	}
	return s.admit(c, account)
}

// admit gives a session of its own to whoever has proved who he is.
func (s *Console) admit(c *fiber.Ctx, account desk.Account) error {
	v := visit{Account: account, secret: secret()}
	v.session = desk.Session{Staff: account.ID, Version: account.Version, CSRF: secret(), Until: time.Now().Add(lifetime)}
	c.Locals("visit", v)
	if err := s.audit(c, audit.SignIn, ""); err != nil {
		return s.fail(c, err)
	}
	if err := s.Live.SaveSession(c.UserContext(), v.secret, v.session, idle); err != nil {
		return s.fail(c, err)
	}
	setCookie(c, v.secret, lifetime)
	return s.me(c)
}

// signOut ends the session; its holder has left the desk.
func (s *Console) signOut(c *fiber.Ctx) error {
	v := caller(c)
	if err := s.Live.EndSession(c.UserContext(), v.secret); err != nil {
		return s.fail(c, err)
	}
	if err := s.Staff.Gone(c.UserContext(), v.ID); err != nil {
		return s.fail(c, err)
	}
	setCookie(c, "", 0)
	return c.SendStatus(fiber.StatusNoContent)
}

// me says who is signed in.
func (s *Console) me(c *fiber.Ctx) error {
	v := caller(c)
	if err := s.Staff.Seen(c.UserContext(), v.ID); err != nil {
		return s.fail(c, err)
	}
	return c.JSON(fiber.Map{
		"staff": fiber.Map{"id": v.ID, "login": v.Login, "name": v.Name},
		"csrf":  v.session.CSRF, "now": s.Now().UTC(),
	})
}
