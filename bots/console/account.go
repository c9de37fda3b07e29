package console

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// trusted is how long after signing in nobody is asked for his password again:
// what he changes then, he changes himself.
const trusted = 10 * time.Minute

// account shows somebody his own.
func (s *Console) account(c *fiber.Ctx) error {
	v, ctx := caller(c), c.UserContext()
	left, err := s.Staff.RecoveryLeft(ctx, v.ID)
	if err != nil {
		return s.fail(c, err)
	}
	open, err := s.Live.Sessions(ctx, v.ID, v.secret)
	if err != nil {
		return s.fail(c, err)
	}
	sessions := []fiber.Map{}
	for _, one := range open {
		if one.Version != v.Version || one.Half || !time.Now().Before(one.Until) {
			continue // it opens nothing
		}
		sessions = append(sessions, fiber.Map{"id": one.ID, "own": one.Own, "since": one.Since, "address": one.Address, "agent": one.Agent})
	}
	needed := v.Account
	needed.Second = false
	required := false
	for _, debt := range needed.Owes(s.Demo) {
		required = required || debt == staff.OwesSecond
	}
	return c.JSON(fiber.Map{
		"second": v.Second, "required": required, "recovery": left, "sessions": sessions, "ask": !v.trusted(),
	})
}

// trusted reports whether the session is so young that its holder is believed
// to be who has signed in.
func (v visit) trusted() bool { return time.Since(v.session.Since) < trusted }

// confirms asks for the caller's password, unless he has just signed in: who
// finds a console open must not make it his own. If ok is false the request
// is answered.
func (s *Console) confirms(c *fiber.Ctx, password string, always bool) (ok bool, err error) {
	v := caller(c)
	if v.trusted() && !always {
		return true, nil
	}
	forgive, err := s.attempt(c, byPassword, v.Login)
	if forgive == nil {
		return false, err
	}
	right, err := s.verify(c.UserContext(), password, v.Password)
	if err != nil {
		return false, s.fail(c, err)
	}
	if !right {
		return false, s.wrong(c, v.ID, "password")
	}
	if err := forgive(); err != nil {
		return false, s.fail(c, err)
	}
	return true, nil
}

// changePassword sets a password of one's own. All sessions are over; the one
// that asked goes on under a new secret.
func (s *Console) changePassword(c *fiber.Ctx) error {
	v := caller(c)
	var in struct{ Password, New string }
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	// Who was given a temporary password has just typed it.
	if ok, err := s.confirms(c, in.Password, !v.Temporary); !ok {
		return err
	}
	same, err := s.verify(c.UserContext(), in.New, v.Password)
	if err != nil {
		return s.fail(c, err)
	}
	if same {
		return refuse(c, fiber.StatusBadRequest, "same")
	}
	hash, err := HashPassword(in.New)
	if err != nil {
		return refuse(c, fiber.StatusBadRequest, "weak")
	}
	by := s.by(c)
	by.Act = audit.OwnPassword
	changed, err := s.Staff.SetPassword(c.UserContext(), by, v.ID, hash, false)
	if err != nil {
		return s.fail(c, err)
	}
	return s.reopen(c, changed, nil)
}

// reopen goes on under a new session after a change that has ended all, and
// answers with who is signed in and what else there is to say.
func (s *Console) reopen(c *fiber.Ctx, changed staff.Account, more fiber.Map) error {
	v, err := s.open(c, changed, false)
	if err != nil {
		return s.fail(c, err)
	}
	answer := fiber.Map{"csrf": v.session.CSRF}
	for key, value := range more {
		answer[key] = value
	}
	return c.JSON(answer)
}

// beginSecond makes a key; it opens nothing until a code of it is entered.
func (s *Console) beginSecond(c *fiber.Ctx) error {
	v := caller(c)
	var in struct{ Password string }
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	if v.Temporary {
		return refuse(c, fiber.StatusForbidden, "owes")
	}
	if ok, err := s.confirms(c, in.Password, false); !ok {
		return err
	}
	key, typed, squares, err := newKey(s.Company, v.Login)
	if err == nil {
		err = s.Staff.BeginSecond(c.UserContext(), v.ID, key)
	}
	if err != nil {
		return s.fail(c, err)
	}
	return c.JSON(fiber.Map{"key": typed, "squares": squares})
}

// confirmSecond makes the key the second factor, and hands out recovery codes,
// once.
func (s *Console) confirmSecond(c *fiber.Ctx) error {
	v, ctx := caller(c), c.UserContext()
	var in struct{ Code string }
	if err := c.BodyParser(&in); err != nil || len(in.Code) > 200 {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	forgive, err := s.attempt(c, byCode, v.Login)
	if forgive == nil {
		return err
	}
	key, found, err := s.Staff.SecondKey(ctx, v.ID, true)
	if err != nil {
		return s.fail(c, err)
	}
	step, right, err := int64(0), false, error(nil)
	if found {
		step, right, err = stepOf(key, spaces.Replace(in.Code), time.Now())
	}
	if err != nil {
		return s.fail(c, err)
	}
	codes, hashes := newRecovery()
	var changed staff.Account
	if right {
		changed, err = s.Staff.ConfirmSecond(ctx, s.by(c), v.ID, step, hashes)
		if fault.Is(err, fault.Conflict) {
			right, err = false, nil
		}
	}
	if err != nil {
		return s.fail(c, err)
	}
	if !right {
		return s.wrong(c, v.ID, "code")
	}
	if err := forgive(); err != nil {
		return s.fail(c, err)
	}
	return s.reopen(c, changed, fiber.Map{"recovery": codes})
}

// dropSecond takes one's own second factor away, where no role needs it.
func (s *Console) dropSecond(c *fiber.Ctx) error {
	v := caller(c)
	var in struct{ Password string }
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	if ok, err := s.confirms(c, in.Password, true); !ok {
		return err
	}
	after := v.Account
	after.Second = false
	if len(after.Owes(s.Demo)) > 0 {
		return refuse(c, fiber.StatusConflict, "required")
	}
	changed, err := s.Staff.DropSecond(c.UserContext(), s.by(c), v.ID)
	if err != nil {
		return s.fail(c, err)
	}
	return s.reopen(c, changed, nil)
}

// renewRecovery makes new recovery codes; the old ones are worthless.
func (s *Console) renewRecovery(c *fiber.Ctx) error {
	v := caller(c)
	var in struct{ Password string }
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	if ok, err := s.confirms(c, in.Password, true); !ok {
		return err
	}
	if !v.Second {
		return refuse(c, fiber.StatusConflict, "no_second")
	}
	codes, hashes := newRecovery()
	if err := s.Staff.SetRecovery(c.UserContext(), s.by(c), v.ID, hashes); err != nil {
		return s.fail(c, err)
	}
	return c.JSON(fiber.Map{"recovery": codes})
}

// endSession ends another of one's own sessions.
func (s *Console) endSession(c *fiber.Ctx) error {
	v := caller(c)
	found, err := s.Live.EndSessionOf(c.UserContext(), v.ID, c.Params("id"))
	if err == nil && !found {
		err = fault.New(fault.NotFound, "no such session")
	}
	if err == nil {
		err = s.noteDown(c, audit.Entry{Act: audit.SessionEnd, Subject: v.Login})
	}
	if err != nil {
		return s.fail(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// endOthers ends all of one's own sessions but this one.
func (s *Console) endOthers(c *fiber.Ctx) error {
	changed, err := s.Staff.EndSessions(c.UserContext(), s.by(c), caller(c).ID)
	if err != nil {
		return s.fail(c, err)
	}
	return s.reopen(c, changed, nil)
}
