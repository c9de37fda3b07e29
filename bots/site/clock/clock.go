// Package clock is the demo's clock: a page and an address at which it is read and
// moved forward, so that terms run out, reminders come and schedules are due.
package clock

import (
	"embed"
	"errors"
	"html/template"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Words is what the page says.
var Words = words.Must(texts)

var (
	//go:embed page.html
	pageFile string
	//go:embed page.css
	style []byte

	pages = template.Must(template.New("clock").Parse(pageFile))
)

// Clock is what is shown and moved.
type Clock interface {
	Now() time.Time
	// Set moves it forward; the error is one for a moment that is over.
	Set(at time.Time) error
}

// Mount adds the clock at path, for programs and for people: GET shows it, POST
// {"now": …} or {"advance": "26h"} moves it, forward only; a browser gets a page with
// a form that does the same. The zone is that of what people type.
func Mount(r fiber.Router, path string, zone *time.Location, c Clock) {
	b := &board{path: path, zone: zone, clock: c}
	r.Get(path, b.show)
	r.Post(path, b.move)
	r.Get(path+"/page.css", page.Asset(style, "text/css; charset=utf-8"))
}

type board struct {
	path  string
	zone  *time.Location
	clock Clock
}

// local is how a browser's field of a day and a time writes it.
const local = "2006-01-02T15:04"

// may is what the page does beyond being read: its form comes back to it.
const may = "form-action 'self'"

var errUnread = errors.New(`send {"now": "2026-11-25T23:59:00+05:00"} or {"advance": "26h"}`)

func (b *board) show(c *fiber.Ctx) error {
	if c.Accepts(fiber.MIMEApplicationJSON, fiber.MIMETextHTML) != fiber.MIMETextHTML {
		return c.JSON(fiber.Map{"now": b.clock.Now().Format(time.RFC3339)})
	}
	return b.page(c, "")
}

func (b *board) page(c *fiber.Ctx, trouble string) error {
	v := &view{Lang: page.Language(c), Path: b.path, Trouble: trouble, now: b.clock.Now().In(b.zone)}
	if query := c.Request().URI().QueryString(); len(query) > 0 {
		v.Path += "?" + string(query)
	}
	v.Style = b.path + "/page.css"
	return page.Send(c, pages, v, may)
}

// move moves the clock and shows it, or says why it cannot.
func (b *board) move(c *fiber.Ctx) error {
	form := strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationForm)
	var asked struct {
		Now     string `json:"now" form:"now"`
		Advance string `json:"advance" form:"advance"`
	}
	if err := c.BodyParser(&asked); err != nil {
		return b.refuse(c, form, "unread", errUnread)
	}
	at, err := b.moment(asked.Now, asked.Advance)
	if err != nil {
		return b.refuse(c, form, "unread", err)
	}
	if err := b.clock.Set(at); err != nil {
		return b.refuse(c, form, "past", err)
	}
	if form {
		return c.Redirect(c.OriginalURL(), fiber.StatusSeeOther)
	}
	return b.show(c)
}

// moment is where the clock is to be moved.
func (b *board) moment(now, advance string) (time.Time, error) {
	switch {
	case now != "":
		if at, err := time.Parse(time.RFC3339, now); err == nil {
			return at, nil
		}
		if at, err := time.ParseInLocation(local, now, b.zone); err == nil {
			return at, nil
		}
	case advance != "":
		if d, err := time.ParseDuration(advance); err == nil {
			return b.clock.Now().Add(d), nil
		}
	}
	return time.Time{}, errUnread
}

func (b *board) refuse(c *fiber.Ctx, form bool, trouble string, err error) error {
	if !form {
		return fiber.NewError(fiber.StatusBadRequest, err.Error())
	}
	c.Status(fiber.StatusBadRequest)
	return b.page(c, trouble)
}

// view is what the template sees.
type view struct {
	Lang                 words.Lang
	Path, Style, Trouble string
	now                  time.Time
}

// Say is one of the page's words.
func (v *view) Say(key string) string { return Words.Line(v.Lang, key) }

// Now and Field are the time, for people and for the field.
func (v *view) Now() string   { return words.Show(v.Lang, words.Moment(v.now)) }
func (v *view) Field() string { return v.now.Format(local) }

// Complaint says why the clock was not moved.
func (v *view) Complaint() string {
	if v.Trouble == "" {
		return ""
	}
	return Words.Line(v.Lang, "trouble."+v.Trouble, words.A("now", v.Now()))
}

// Leap is a button that moves the clock by a length.
type Leap struct{ By, Key string }

// Leaps are those that terms and reminders are counted in.
func (v *view) Leaps() []Leap {
	return []Leap{{"1h", "leap.hour"}, {"24h", "leap.day"}, {"168h", "leap.week"}}
}
