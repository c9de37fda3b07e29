package casework

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/staff"
	"okoshko/dialogs/words/cases"
)

// Casework is the part.
type Casework struct{ Config }

// New returns the part.
func New(c Config) *Casework { return &Casework{c} }

// Doors lists its addresses, for the console.
func (w *Casework) Doors() []console.Door {
	return []console.Door{
		console.NewDoor("GET", "/cases", staff.SeeCases, w.list),
		console.NewDoor("GET", "/cases/book", staff.SeeCases, w.book),
		console.NewDoor("GET", "/cases/counts", staff.SeeCases, w.counts),
		console.NewDoor("GET", "/cases/articles", staff.WorkCases, w.articles),
		console.NewDoor("GET", "/cases/route", staff.SeeCases, w.whatIf),
		console.NewDoor("GET", "/cases/monitor", staff.WatchCases, w.monitor),
		console.NewDoor("POST", "/cases/files", staff.WorkCases, w.enclose),
		console.NewDoor("GET", "/cases/:n", staff.SeeCases, w.show),
		console.NewDoor("GET", "/cases/:n/files/:id", staff.SeeCases, w.download),
		console.NewDoor("POST", "/cases/:n/do", staff.WorkCases, w.do),
		console.NewDoor("POST", "/cases/:n/tasks/:id/finish", staff.WorkCases, w.finish),
		console.NewDoor("POST", "/cases/:n/reveal", staff.RevealCases, w.reveal),
		console.NewDoor("POST", "/cases/:n/payments/:p/refund", staff.RefundCases, w.refund),
		console.NewDoor("POST", "/cases/:n/replies", staff.WorkCases, w.saveReply),
		console.NewDoor("GET", "/cases/:n/replies/:nth/files/:k", staff.SeeCases, w.enclosure),
		console.NewDoor("POST", "/cases/:n/replies/:nth/paper", staff.WorkCases, w.paper),
	}
}

// text is what the page shows in the language that its reader has chosen.
type text map[string]string

// named is a code with its words.
type named struct {
	Code string `json:"code"`
	Name text   `json:"name"`
}

// fail answers an error, with the words of those that staff can do something
// about.
func (w *Casework) fail(c *fiber.Ctx, err error) error {
	var flaws *registry.FlawsError
	body := fiber.Map{}
	if errors.As(err, &flaws) {
		fields := map[string]text{}
		for name, key := range flaws.Fields {
			fields[name] = cases.RefusedInEach(&fault.Error{Kind: fault.Invalid, Key: key})
		}
		body["fields"] = fields
	}
	if said := cases.RefusedInEach(err); said != nil {
		body["said"] = said
	}
	return console.Fail(c, w.Log, err, body)
}

var errNotFound error = &fault.Error{Kind: fault.NotFound, Key: "not_found"}

// parameter returns a part of the address as it was meant.
func parameter(c *fiber.Ctx, name string) string {
	value, err := url.PathUnescape(c.Params(name))
	if err != nil {
		return ""
	}
	return value
}

// number reads the number in the address as people type it: without zeros, in
// other letters, without its year.
func (w *Casework) number(c *fiber.Ctx) (appeal.Number, error) {
	n, err := appeal.ParseNumber(parameter(c, "n"), w.today().Year)
	if err != nil {
		return n, registry.ErrNoCase
	}
	return n, nil
}

func (w *Casework) today() calendar.Date { return calendar.DateOf(w.Now(), w.Zone) }

// actor is the caller as package life knows him.
func (w *Casework) actor(c *fiber.Ctx) life.Actor { return console.Actor(c, w.Register, w.Log) }

// by is the caller as the audit knows him.
func (w *Casework) by(c *fiber.Ctx) audit.Entry {
	return audit.Entry{Staff: console.Caller(c).ID, Address: w.Address(c)}
}

// find returns the case that the request names, if the caller may see it: one
// that he may not is told from none by nothing.
func (w *Casework) find(c *fiber.Ctx) (registry.Record, error) {
	n, err := w.number(c)
	if err != nil {
		return registry.Record{}, err
	}
	return w.seen(c, n)
}

// seen returns a case that the caller may see.
func (w *Casework) seen(c *fiber.Ctx, n appeal.Number) (registry.Record, error) {
	r, err := w.Register.FindCase(c.UserContext(), n)
	if err != nil {
		return r, err
	}
	if !r.SeenBy(w.actor(c)) {
		return registry.Record{}, registry.ErrNoCase
	}
	return r, nil
}

// replyOf names the answer in the address.
func replyOf(c *fiber.Ctx, n appeal.Number) string {
	return n.String() + "/" + strings.TrimSpace(parameter(c, "nth"))
}
