package console

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/staff"
)

// What may be tried in a quarter of an hour, on real time: few passwords for a
// login from one address, more for the login and the address each, so that
// nobody can lock a colleague out with a handful of tries. Who tries codes has
// the password already, so a login has fewer of those: with three good codes in
// a million at a time, a day of guessing opens one in three hundred.
const (
	tryWindow       = 15 * time.Minute
	triesTogether   = 5
	triesOfPassword = 50
	triesOfCode     = 10
	triesOfAddress  = 50
)

// branch is one of the ways to prove who one is; each counts its own tries.
type branch struct {
	name    string
	ofLogin int
}

var (
	byPassword = branch{"staff", triesOfPassword}
	byCode     = branch{"staff code", triesOfCode} // of the second factor, or a recovery code
)

// attempt counts a try of a branch before anything is compared: guessing in
// parallel gains nothing. If the try is allowed, forgive takes it back, which
// whoever proves to be right deserves; otherwise it is nil and the request is
// answered.
func (s *Console) attempt(c *fiber.Ctx, b branch, login string) (forgive func() error, err error) {
	address, event, ctx := s.Address(c), rand.Text(), c.UserContext()
	subjects := []string{b.name + " both " + login + " " + address, b.name + " login " + login, b.name + " address " + address}
	for i, limit := range []int{triesTogether, b.ofLogin, triesOfAddress} {
		counted, err := s.Live.Reserve(ctx, subjects[i:i+1], event, time.Now(), tryWindow, limit)
		if err != nil {
			return nil, s.fail(c, err)
		}
		if len(counted) == 0 {
			seconds := int(tryWindow.Seconds())
			return nil, c.Status(fiber.StatusTooManyRequests).JSON(fiber.Map{"error": "too_many", "retry_after": seconds})
		}
	}
	return func() error { return s.Live.Forgive(ctx, subjects, event) }, nil
}

// wrong answers a try that was wrong, in the same words whatever was.
func (s *Console) wrong(c *fiber.Ctx, id int64, what string) error {
	refused := audit.Entry{
		Staff: id, Act: audit.SignInRefused, After: map[string]string{"by": what}, Address: s.Address(c),
	}
	if err := s.Staff.Audit(c.UserContext(), refused); err != nil {
		return s.fail(c, err)
	}
	status := fiber.StatusUnauthorized
	if v := caller(c); v.ID != 0 && !v.session.Half {
		status = fiber.StatusForbidden // his session stands
	}
	return refuse(c, status, "wrong")
}

// signIn opens a session by login and password; one of somebody with a second
// factor is good for nothing but to enter it.
func (s *Console) signIn(c *fiber.Ctx) error {
	var in struct{ Login, Password string }
	if err := c.BodyParser(&in); err != nil || len(in.Login) > 200 {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	login, ctx := strings.ToLower(strings.TrimSpace(in.Login)), c.UserContext()
	forgive, err := s.attempt(c, byPassword, login)
	if forgive == nil {
		return err
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
		return s.wrong(c, account.ID, "password")
	}
	if err := forgive(); err != nil {
		return s.fail(c, err)
	}
	if account.Second {
		v, err := s.open(c, account, true)
		if err != nil {
			return s.fail(c, err)
		}
		return c.JSON(fiber.Map{"second": true, "csrf": v.session.CSRF})
	}
	return s.admit(c, account)
}

// signInCode goes on where signIn has left: by a code of the second factor, or
// a recovery code.
func (s *Console) signInCode(c *fiber.Ctx) error {
	v := caller(c)
	var in struct{ Code string }
	if err := c.BodyParser(&in); err != nil || len(in.Code) > 200 {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	if !v.session.Half {
		return s.me(c) // the answer was lost: he is in
	}
	forgive, err := s.attempt(c, byCode, v.Login)
	if forgive == nil {
		return err
	}
	by, right, err := s.proves(c.UserContext(), v.Account, in.Code)
	if err != nil {
		return s.fail(c, err)
	}
	if !right {
		return s.wrong(c, v.ID, "code")
	}
	if err := forgive(); err != nil {
		return s.fail(c, err)
	}
	if by == recovery {
		if err := s.noteDown(c, audit.Entry{Act: audit.RecoveryUsed, Subject: v.Login}); err != nil {
			return s.fail(c, err)
		}
	}
	return s.admit(c, v.Account)
}

// admit gives a session to whoever has proved who he is, and says who that is.
func (s *Console) admit(c *fiber.Ctx, account staff.Account) error {
	if _, err := s.open(c, account, false); err != nil {
		return s.fail(c, err)
	}
	if err := s.noteDown(c, audit.Entry{Act: audit.SignIn, Subject: account.Login}); err != nil {
		return s.fail(c, err)
	}
	return s.me(c)
}

// open makes a session with a secret of its own and makes it the request's; the
// one before, if there was one, is over: no secret outlives what it has proved.
func (s *Console) open(c *fiber.Ctx, account staff.Account, half bool) (visit, error) {
	ctx, now := c.UserContext(), time.Now()
	life, unused := lifetime, idle
	if half {
		life, unused = halfLife, halfLife
	}
	v := visit{Account: account, secret: secret(), session: staff.Session{
		Staff: account.ID, Version: account.Version, CSRF: secret(), Until: now.Add(life), Half: half,
		Since: now.UTC().Truncate(time.Second), Address: s.Address(c), Agent: shortAgent(c.Get(fiber.HeaderUserAgent)),
	}}
	if err := s.Live.SaveSession(ctx, v.secret, v.session, unused); err != nil {
		return v, err
	}
	if old := c.Cookies(s.cookie()); old != "" {
		if err := s.Live.EndSession(ctx, old); err != nil {
			return v, err
		}
	}
	c.Locals("visit", v)
	s.setCookie(c, v.secret, life)
	return v, nil
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
	if err := s.noteDown(c, audit.Entry{Act: audit.SignOut, Subject: v.Login}); err != nil {
		return s.fail(c, err)
	}
	s.setCookie(c, "", 0)
	return c.SendStatus(fiber.StatusNoContent)
}

// me says who is signed in, what he may, and what he owes.
func (s *Console) me(c *fiber.Ctx) error {
	v := caller(c)
	owes := v.Owes(s.Demo)
	if len(owes) == 0 {
		if err := s.present(c.UserContext(), v); err != nil {
			return s.fail(c, err)
		}
	}
	return c.JSON(fiber.Map{
		"staff": fiber.Map{
			"id": v.ID, "login": v.Login, "name": v.Name, "roles": v.Roles,
			"may": v.Permissions(), "owes": owes, "second": v.Second,
		},
		"csrf": v.session.CSRF, "now": s.Now().UTC(), "zone": s.Hours.Zone.String(),
	})
}

// present notes that somebody is there who could take a dialog.
func (s *Console) present(ctx context.Context, v visit) error {
	if !v.May(staff.AnswerDesk) {
		return nil
	}
	return s.Staff.Seen(ctx, v.ID)
}

// mostAgent is how much is kept of what a browser calls itself, in bytes.
const mostAgent = 200

func shortAgent(agent string) string {
	agent = strings.ToValidUTF8(agent, "")
	return strings.ToValidUTF8(agent[:min(len(agent), mostAgent)], "")
}
