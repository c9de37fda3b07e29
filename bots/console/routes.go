package console

import (
	"github.com/gofiber/fiber/v2"

	"okoshko/core/audit"
	"okoshko/core/desk"
	"okoshko/core/staff"
)

// The doors that no role opens. A route needs one of these, or a permission;
// one that says nothing is closed to everybody.
const (
	anybody  staff.Permission = "anybody"   // without a session
	proven   staff.Permission = "proven"    // the password was right, a second factor may be owed
	owing    staff.Permission = "owing"     // signed in, before a password or second factor of one's own is set
	signedIn staff.Permission = "signed_in" // whatever his roles
)

// Door is one address of the API and who may ask it.
type Door struct {
	Method, Path string
	Needs        staff.Permission
	handle       fiber.Handler
}

// NewDoor returns a door of a part that stands in a folder of its own. needs is
// a permission: such a part opens nothing to those who are not signed in.
func NewDoor(method, path string, needs staff.Permission, handle fiber.Handler) Door {
	return Door{method, path, needs, handle}
}

// Caller returns who sends a request that has come through a door.
func Caller(c *fiber.Ctx) staff.Account { return caller(c).Account }

// Doors lists the whole API.
func (s *Console) Doors() []Door {
	return append([]Door{
		{"POST", "/sign-in", anybody, s.signIn},
		{"POST", "/sign-in/code", proven, s.signInCode},
		{"POST", "/sign-out", proven, s.signOut},
		{"GET", "/me", owing, s.me},

		{"GET", "/account", owing, s.account},
		{"POST", "/account/password", owing, s.changePassword},
		{"POST", "/account/second/begin", owing, s.beginSecond},
		{"POST", "/account/second/confirm", owing, s.confirmSecond},
		{"POST", "/account/second/drop", signedIn, s.dropSecond},
		{"POST", "/account/recovery", signedIn, s.renewRecovery},
		{"POST", "/account/sessions/:id/end", signedIn, s.endSession},
		{"POST", "/account/sessions/end", signedIn, s.endOthers},

		{"GET", "/queue", staff.SeeDesk, s.queue},
		{"POST", "/handoffs/:id/take", staff.AnswerDesk, s.take},
		{"POST", "/handoffs/:id/return", staff.AnswerDesk, s.end(desk.Returned)},
		{"POST", "/handoffs/:id/close", staff.AnswerDesk, s.end(desk.Ended)},
		{"GET", "/conversations/:c/log", staff.SeeDesk, s.log},
		{"POST", "/conversations/:c/say", staff.AnswerDesk, s.say},
		{"POST", "/conversations/:c/note", staff.SeeDesk, s.note},
		{"POST", "/conversations/:c/retry", staff.AnswerDesk, s.retry},
		{"POST", "/conversations/:c/typing", staff.AnswerDesk, s.typing},
		{"POST", "/files", staff.AnswerDesk, s.upload},
		{"GET", "/files/*", staff.SeeDesk, s.download},
		{"GET", "/live", signedIn, s.live}, // each hint asks for its own permission: hints

		{"POST", "/links", staff.KeepLinks, s.links},
		{"POST", "/links/:id/end", staff.KeepLinks, s.endLink},

		{"GET", "/offices", staff.SeeVisits, s.offices},
		{"GET", "/offices/:office/day", staff.SeeVisits, s.day},
		{"POST", "/offices/:office/day/find", staff.SeeVisits, s.findVisit},
		{"POST", "/offices/:office/day/visits/:id/look", staff.KeepVisits, s.lookAtVisit},
		{"POST", "/offices/:office/day/visits/:id/step", staff.KeepVisits, s.stepVisit},
		{"POST", "/offices/:office/day/walk-ins", staff.KeepVisits, s.addWalkIn},

		{"GET", "/schedules", staff.SeeSchedules, s.schedules},
		{"POST", "/schedules/rules", staff.KeepSchedules, s.setRule},
		{"GET", "/offices/:office/schedule", staff.SeeSchedules, s.schedule},
		{"POST", "/offices/:office/schedule/preview", staff.KeepSchedules, s.edit(false)},
		{"POST", "/offices/:office/schedule", staff.KeepSchedules, s.edit(true)},
		{"GET", "/calendar", staff.SeeSchedules, s.calendar},
		{"POST", "/calendar/preview", staff.KeepSchedules, s.addCalendar(false)},
		{"POST", "/calendar", staff.KeepSchedules, s.addCalendar(true)},

		{"GET", "/people", staff.SeeStaff, s.people},
		{"POST", "/people", staff.KeepStaff, s.addPerson},
		{"POST", "/people/:id", staff.KeepStaff, s.changePerson},
		{"POST", "/people/:id/disable", staff.KeepStaff, s.disable(true)},
		{"POST", "/people/:id/enable", staff.KeepStaff, s.disable(false)},
		{"POST", "/people/:id/password", staff.KeepStaff, s.resetPassword},
		{"POST", "/people/:id/second", staff.KeepStaff, s.resetSecond},
		{"POST", "/people/:id/sessions", staff.KeepStaff, s.endSessions},
		{"POST", "/teams", staff.KeepStaff, s.saveTeam},
		{"POST", "/teams/:code/drop", staff.KeepStaff, s.dropTeam},
	}, s.Parts...)
}

// hints are the frames that pages are sent, and whom. What stands in no line is
// sent to nobody.
var hints = map[string]staff.Permission{
	"queue":        staff.SeeDesk,
	"conversation": staff.SeeDesk,
	"typing":       staff.SeeDesk,
	"office":       staff.SeeVisits,
	"cases":        staff.SeeCases,
	"bye":          signedIn,
}

// Mount adds the routes.
func (s *Console) Mount(app fiber.Router) {
	r := app.Group(Path, s.guard)
	for _, d := range s.Doors() {
		r.Add(d.Method, d.Path, s.gate(d.Needs), d.handle)
	}
	r.Use(s.gate(proven), func(c *fiber.Ctx) error { return refuse(c, fiber.StatusNotFound, "not_found") })
}

// allows reports whether somebody who is signed in may pass a door.
func (v visit) allows(needs staff.Permission) bool { return needs == signedIn || v.May(needs) }

// noteDown writes what the caller did into the audit. What cannot be noted is not
// done.
func (s *Console) noteDown(c *fiber.Ctx, e audit.Entry) error {
	by := s.by(c)
	e.Staff, e.Address = by.Staff, by.Address
	return s.Staff.Audit(c.UserContext(), e)
}

// by is who does something, for the store to write down with it.
func (s *Console) by(c *fiber.Ctx) audit.Entry {
	return audit.Entry{Staff: caller(c).ID, Address: s.Address(c)}
}
