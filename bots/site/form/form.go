// Package form is the page on which a customer writes what no messenger may carry:
// passports and the like (spec §3.6). Package registry says what the ticket is good
// for that leads to it.
//
// The ticket leaves the address at once: the first page puts it into a cookie that
// no script reads and leads to an address without it, so that neither the history
// nor a referrer has it. A messenger that looks at the address for a preview uses
// nothing up. Nothing here needs JavaScript, and nothing of the customer is shown.
package form

import (
	"crypto/sha256"
	"crypto/subtle"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"log/slog"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

// Words is what the pages say.
var Words = words.Must(texts)

var (
	//go:embed page.html
	pageFile string
	//go:embed page.css
	style []byte

	pages = template.Must(template.New("form").Parse(pageFile))
)

// Path is where the form stands; a ticket follows it in an address.
const Path = "/form"

const (
	stylePath = "/site/form.css"
	// may is what the page does beyond being read: it sends its form.
	may = "form-action 'self'"
	// The first cookie's prefix makes browsers insist on TLS and on no domain; a
	// page without TLS, the demo's, has the other.
	secureCookie = "__Host-okoshko-form"
	plainCookie  = "okoshko-form"
	// seal is the field that ties a sheet to its ticket.
	seal = "_form"
)

// Config is what the page stands on.
type Config struct {
	Forms registry.Forms
	// Public is the address of the site, as browsers have it.
	Public string
	Zone   *time.Location // the company's, in which days begin
	Now    func() time.Time
	Log    *slog.Logger
}

// Page is the form's.
type Page struct{ Config }

// New returns the page.
func New(c Config) *Page { return &Page{c} }

// Mount adds the routes.
func (p *Page) Mount(r fiber.Router) {
	r.Get(stylePath, page.Asset(style, "text/css; charset=utf-8"))
	r.Get(Path, p.show)
	r.Post(Path, p.send)
	r.Get(Path+"/:ticket", p.arrive)
}

// arrive takes the ticket out of the address.
func (p *Page) arrive(c *fiber.Ctx) error {
	discreet(c)
	if _, err := p.Forms.FindForm(c.UserContext(), c.Params("ticket")); err != nil {
		return p.excuse(c, err)
	}
	name := p.cookie()
	c.Cookie(&fiber.Cookie{
		Name: name, Value: c.Params("ticket"), Path: "/", Secure: name == secureCookie, HTTPOnly: true,
		// Lax: a customer comes from a messenger's page, and the way on still counts
		// as coming from there.
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(registry.FormLife.Seconds()),
	})
	return c.Redirect(Path, fiber.StatusSeeOther)
}

func (p *Page) cookie() string {
	if strings.HasPrefix(p.Public, "https:") {
		return secureCookie
	}
	return plainCookie
}

// show shows the form of the cookie, empty, or what became of it.
func (p *Page) show(c *fiber.Ctx) error {
	f, err := p.Forms.FindForm(c.UserContext(), c.Cookies(p.cookie()))
	if err != nil {
		return p.excuse(c, err)
	}
	return p.sheet(c, &f, nil, nil, "")
}

// send reads what was written. Whatever is wrong stands beside its field, with all
// that was written; secrets alone are to be written again.
func (p *Page) send(c *fiber.Ctx) error {
	if !p.own(c) {
		return p.excuse(c, registry.ErrNoForm)
	}
	f, err := p.Forms.FindForm(c.UserContext(), c.Cookies(p.cookie()))
	if err != nil {
		return p.excuse(c, err)
	}
	written := func(name appeal.Name) string { return strings.ToValidUTF8(c.FormValue(string(name)), "\uFFFD") }
	a, flaws := p.read(&f, written)
	switch {
	case f.Done != nil:
		return c.Redirect(Path, fiber.StatusSeeOther)
	case !p.Now().Before(f.Until):
		return p.sheet(c, &f, written, flaws, "late")
	case subtle.ConstantTimeCompare([]byte(c.FormValue(seal)), []byte(tie(c.Cookies(p.cookie())))) != 1:
		return p.sheet(c, &f, written, flaws, "switched")
	case len(flaws) > 0:
		return p.sheet(c, &f, written, flaws, "flaws")
	}
	_, err = p.Forms.SendForm(c.UserContext(), f, a)
	var refused *registry.FlawsError
	switch {
	case errors.As(err, &refused):
		for name, key := range refused.Fields {
			flaws[appeal.Name(name)] = &fault.Error{Kind: fault.Invalid, Key: key}
		}
		return p.sheet(c, &f, written, flaws, "flaws")
	case fault.Is(err, fault.Unavailable):
		return p.sheet(c, &f, written, flaws, "away")
	case err != nil:
		return p.excuse(c, err)
	}
	return c.Redirect(Path, fiber.StatusSeeOther)
}

// own reports whether a page of ours has sent the request.
func (p *Page) own(c *fiber.Ctx) bool {
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "same-origin":
		return true
	case "":
		_, host, ok := strings.Cut(c.Get(fiber.HeaderOrigin), "://")
		return ok && host == string(c.Request().Host())
	}
	return false
}

// tie names a ticket in a sheet, without being it.
func tie(ticket string) string {
	sum := sha256.Sum256([]byte(seal + ticket))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// read reads the answers, and what is wrong with them by field.
func (p *Page) read(f *registry.Form, written func(appeal.Name) string) (appeal.Answers, map[appeal.Name]error) {
	today := calendar.DateOf(p.Now(), p.Zone)
	a, flaws := appeal.Answers{}, map[appeal.Name]error{}
	for _, item := range f.Fields {
		text := written(item.Name)
		if strings.TrimSpace(text) == "" {
			continue
		}
		value, err := cases.Read(item, text, today)
		if err != nil {
			flaws[item.Name] = err
			continue
		}
		a = a.With(item.Name, value)
	}
	for _, item := range f.Fields {
		if a.One(item.Name) == "" && flaws[item.Name] == nil && p.needed(f, item, a) {
			flaws[item.Name] = appeal.ErrEmpty
		}
	}
	return a, flaws
}

// needed reports whether a field must have an answer by the others.
func (p *Page) needed(f *registry.Form, item appeal.Item, a appeal.Answers) bool {
	if !f.Number.IsZero() {
		return !item.Need.Optional
	}
	for _, missing := range f.Of.Missing(a, f.Audience) {
		if missing.Name == item.Name {
			return true
		}
	}
	return false
}

// excuse shows why there is no form.
func (p *Page) excuse(c *fiber.Ctx, err error) error {
	v := &view{Lang: page.Language(c), State: "gone"}
	switch {
	case fault.Is(err, fault.NotFound):
		c.Status(fiber.StatusNotFound)
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Invalid), fault.Is(err, fault.Denied):
		c.Status(fiber.StatusConflict)
	default:
		p.Log.Error("form not served", "error", err)
		v.State = "later"
		c.Status(fiber.StatusServiceUnavailable)
		c.Set(fiber.HeaderRetryAfter, "60")
	}
	err = page.Send(c, pages, v, may)
	discreet(c)
	return err
}

// discreet keeps the answer, and the address that it came from, to the one who
// asked.
func discreet(c *fiber.Ctx) {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
}

func (p *Page) sheet(c *fiber.Ctx, f *registry.Form, written func(appeal.Name) string, flaws map[appeal.Name]error, trouble string) error {
	v := p.view(c, f, written, flaws)
	v.Trouble = trouble
	switch {
	case f.Done != nil:
		v.State = "done"
	case trouble == "" && !p.Now().Before(f.Until):
		v.State = "gone"
		c.Status(fiber.StatusNotFound)
	case trouble == "away":
		c.Status(fiber.StatusServiceUnavailable)
	case trouble != "":
		c.Status(fiber.StatusUnprocessableEntity)
	}
	err := page.Send(c, pages, v, may)
	discreet(c)
	return err
}
