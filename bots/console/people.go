package console

import (
	"crypto/rand"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/staff"
)

// person is one of the staff as the page sees him.
type person struct {
	ID          int64        `json:"id"`
	Login       string       `json:"login"`
	Name        string       `json:"name"`
	Roles       []staff.Role `json:"roles"`
	Teams       []string     `json:"teams"`
	Territories []string     `json:"territories"`
	Disabled    bool         `json:"disabled"`
	Temporary   bool         `json:"temporary"`
	Second      bool         `json:"second"`
	Needs       bool         `json:"needs_second"`
	AtDesk      bool         `json:"at_desk"`
}

func (s *Console) person(a staff.Account) person {
	return person{
		ID: a.ID, Login: a.Login, Name: a.Name, Roles: a.Roles, Teams: a.Teams, Territories: a.Territories,
		Disabled: a.Disabled, Temporary: a.Temporary, Second: a.Second, AtDesk: a.SeenAt != nil,
		Needs: slices.ContainsFunc(a.Roles, func(r staff.Role) bool { return r.NeedsSecond(s.Demo) }),
	}
}

// people lists who there is, and what can be said of them.
func (s *Console) people(c *fiber.Ctx) error {
	ctx := c.UserContext()
	list, err := s.Staff.ListStaff(ctx)
	if err != nil {
		return s.fail(c, err)
	}
	teams, err := s.Staff.Teams(ctx)
	if err != nil {
		return s.fail(c, err)
	}
	territories, err := s.Staff.Territories(ctx)
	if err != nil {
		return s.fail(c, err)
	}
	shown := make([]person, len(list))
	for i, a := range list {
		shown[i] = s.person(a)
	}
	roles := []fiber.Map{}
	for _, r := range staff.Roles() {
		may := slices.DeleteFunc(staff.Permissions(), func(p staff.Permission) bool { return !r.May(p) })
		roles = append(roles, fiber.Map{"role": r, "may": may, "needs_second": r.NeedsSecond(s.Demo)})
	}
	return c.JSON(fiber.Map{"people": shown, "teams": append([]staff.Team{}, teams...), "territories": append([]staff.Territory{}, territories...), "roles": roles})
}

// card is what the page says of somebody.
type card struct {
	Login       string   `json:"login"`
	Name        string   `json:"name"`
	Roles       []string `json:"roles"`
	Teams       []string `json:"teams"`
	Territories []string `json:"territories"`
}

func (in card) read() (out staff.Card, err error) {
	if out.Name, err = staff.ParseName(in.Name); err != nil {
		return out, err
	}
	if out.Roles, err = staff.ParseRoles(in.Roles); err != nil {
		return out, err
	}
	if out.Teams, err = parseCodes(in.Teams, "team"); err != nil {
		return out, err
	}
	out.Territories, err = parseCodes(in.Territories, "territory")
	return out, err
}

// parseCodes reads codes of what the key names. The error is Invalid with it.
func parseCodes(list []string, key string) ([]string, error) {
	out := make([]string, len(list))
	for i, text := range list {
		code, err := staff.ParseCode(text)
		if err != nil {
			return nil, &fault.Error{Kind: fault.Invalid, Key: key, Err: err}
		}
		out[i] = code
	}
	return out, nil
}

// addPerson adds an account. Its password is made up and shown once, to whoever
// hands it over; its owner sets one of his own before anything else.
func (s *Console) addPerson(c *fiber.Ctx) error {
	var in card
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	login, err := staff.ParseLogin(in.Login)
	if err != nil {
		return s.fail(c, err)
	}
	said, err := in.read()
	if err != nil {
		return s.fail(c, err)
	}
	password, hash, err := temporary()
	if err != nil {
		return s.fail(c, err)
	}
	a, err := s.Staff.AddStaff(c.UserContext(), s.by(c), login, hash, true, said)
	if err != nil {
		return s.fail(c, err)
	}
	return c.JSON(fiber.Map{"person": s.person(a), "password": password})
}

// temporary makes a password that is to be replaced.
func temporary() (password, hash string, err error) {
	password = strings.ToLower(rand.Text()[:16])
	hash, err = HashPassword(password)
	return password, hash, err
}

// changePerson makes a card somebody's.
func (s *Console) changePerson(c *fiber.Ctx) error {
	var in card
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	said, err := in.read()
	if err != nil {
		return s.fail(c, err)
	}
	return s.toPerson(c, func(id int64) (staff.Account, error) {
		return s.Staff.ChangeStaff(c.UserContext(), s.by(c), id, said)
	})
}

// toPerson does something to the account that the request names, and shows it.
func (s *Console) toPerson(c *fiber.Ctx, do func(id int64) (staff.Account, error)) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return refuse(c, fiber.StatusNotFound, "not_found")
	}
	a, err := do(id)
	if err != nil {
		return s.fail(c, err)
	}
	return c.JSON(fiber.Map{"person": s.person(a)})
}

// disable closes an account, or opens it again.
func (s *Console) disable(disabled bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		return s.toPerson(c, func(id int64) (staff.Account, error) {
			return s.Staff.SetDisabled(c.UserContext(), s.by(c), id, disabled)
		})
	}
}

// resetPassword gives somebody a temporary password.
func (s *Console) resetPassword(c *fiber.Ctx) error {
	password, hash, err := temporary()
	if err != nil {
		return s.fail(c, err)
	}
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return refuse(c, fiber.StatusNotFound, "not_found")
	}
	if id == caller(c).ID {
		return s.fail(c, staff.ErrSelf) // his own he changes by the old one
	}
	by := s.by(c)
	by.Act = audit.StaffPassword
	a, err := s.Staff.SetPassword(c.UserContext(), by, id, hash, true)
	if err != nil {
		return s.fail(c, err)
	}
	return c.JSON(fiber.Map{"person": s.person(a), "password": password})
}

// resetSecond takes somebody's second factor away who has lost it.
func (s *Console) resetSecond(c *fiber.Ctx) error {
	return s.toPerson(c, func(id int64) (staff.Account, error) {
		if id == caller(c).ID {
			return staff.Account{}, staff.ErrSelf
		}
		return s.Staff.DropSecond(c.UserContext(), s.by(c), id)
	})
}

// endSessions ends all sessions of somebody.
func (s *Console) endSessions(c *fiber.Ctx) error {
	return s.toPerson(c, func(id int64) (staff.Account, error) {
		return s.Staff.EndSessions(c.UserContext(), s.by(c), id)
	})
}

// saveTeam adds a team or renames it.
func (s *Console) saveTeam(c *fiber.Ctx) error {
	var in staff.Team
	if err := c.BodyParser(&in); err != nil {
		return refuse(c, fiber.StatusBadRequest, "invalid")
	}
	code, err := staff.ParseCode(in.Code)
	if err != nil {
		return s.fail(c, err)
	}
	name, err := staff.ParseName(in.Name)
	if err == nil {
		err = s.Staff.SaveTeam(c.UserContext(), s.by(c), staff.Team{Code: code, Name: name})
	}
	if err != nil {
		return s.fail(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// dropTeam removes a team that nobody belongs to.
func (s *Console) dropTeam(c *fiber.Ctx) error {
	code, err := staff.ParseCode(c.Params("code"))
	if err != nil {
		return refuse(c, fiber.StatusNotFound, "not_found")
	}
	if err := s.Staff.DropTeam(c.UserContext(), s.by(c), code); err != nil {
		return s.fail(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}
