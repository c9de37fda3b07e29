package site

import (
	"cmp"
	"embed"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"mime"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/core/fault"
	"okoshko/dialogs/words"
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

	pages = template.Must(template.New("page").Parse(pageFile))
)

// stylePath lies outside of /files: there, every name is a token.
const stylePath = "/site/page.css"

// may is what a page does beyond being read: it sends its form.
const may = "form-action 'self'"

// Site is the pages.
type Site struct {
	links Links
	now   func() time.Time
	log   *slog.Logger
}

// New returns the pages; now is the program's clock.
func New(links Links, now func() time.Time, log *slog.Logger) *Site {
	return &Site{links: links, now: now, log: log}
}

// Mount adds the routes.
func (s *Site) Mount(r fiber.Router) {
	page.Mount(r)
	r.Get(stylePath, page.Asset(style, "text/css; charset=utf-8"))
	r.Get("/files/:token", s.look)
	r.Post("/files/:token", s.hand)
}

// look shows the page of an address.
func (s *Site) look(c *fiber.Ctx) error {
	if err := s.links.CheckLink(c.UserContext(), c.Params("token"), s.now()); err != nil {
		return s.excuse(c, err)
	}
	return s.page(c, ready)
}

// hand gives the document out.
func (s *Site) hand(c *fiber.Ctx) error {
	f, content, err := s.links.OpenLink(c.UserContext(), c.Params("token"), s.now())
	if err != nil {
		return s.excuse(c, err)
	}
	discreet(c)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderContentDisposition, attachment(f.Name))
	return c.SendStream(&watched{content, s.log}, int(f.Size))
}

// attachment asks for the document to be saved, never shown: it is not of our
// making, and this address is ours. Names beyond ASCII are sent as filename*
// (RFC 6266).
func attachment(name string) string {
	return cmp.Or(mime.FormatMediaType("attachment", map[string]string{"filename": name}), "attachment")
}

// watched logs why a document broke off: the answer has begun by then, and its
// receiver only sees that it ends too early.
type watched struct {
	io.ReadCloser
	log *slog.Logger
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.log.Error("document broke off", "error", err)
	}
	return n, err
}

// state is what a page says; its name begins the keys of its words.
type state struct {
	name   string
	status int
}

var (
	ready = state{"ready", fiber.StatusOK}
	gone  = state{"gone", fiber.StatusNotFound}
	later = state{"later", fiber.StatusServiceUnavailable}
)

// excuse shows the page of an address that cannot be served.
func (s *Site) excuse(c *fiber.Ctx, err error) error {
	if fault.Is(err, fault.NotFound) {
		return s.page(c, gone)
	}
	s.log.Error("document not served", "error", err)
	c.Set(fiber.HeaderRetryAfter, "60")
	return s.page(c, later)
}

// content is what the template fills in.
type content struct {
	Lang, Style, Name     string
	Title, Text, Note, Do string
}

func (s *Site) page(c *fiber.Ctx, p state) error {
	lang := page.Language(c)
	say := func(key string) string { return Words.Line(lang, p.name+"."+key) }
	shown := content{Lang: string(lang), Style: stylePath, Name: p.name, Title: say("title"), Text: say("text"), Note: say("note")}
	if p == ready {
		shown.Do = say("button")
	}
	err := page.Send(c.Status(p.status), pages, shown, may)
	discreet(c)
	return err
}

// discreet keeps the answer, and the address that it came from, to the one who
// asked.
func discreet(c *fiber.Ctx) {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
}
