package telegramtest

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"html"
	"io/fs"
	"mime"
	"path"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
)

//go:embed page
var pageFiles embed.FS

// pageCSP lets the page load nothing from elsewhere and run nothing inline;
// blob: is for the preview of a photo before it is sent.
const pageCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"base-uri 'self'; form-action 'none'; frame-ancestors 'self'"

// customerHeader carries the key of the customer whose phone the page is.
const customerHeader = "X-Customer"

var customerKey = regexp.MustCompile(`^[0-9a-f]{32}$`)

// Mount serves the phone in the browser under r, e.g. the group
// "/demo/telegram": the page, and the API that it calls. Every browser brings
// its own customer, known by a random key; whoever has no key sees no chat.
//
// The page waits for news by long polls of some seconds. Close ends them, so
// it should come before the shutdown of the app.
func (s *Server) Mount(r fiber.Router) {
	index, err := fs.ReadFile(pageFiles, "page/index.html")
	if err != nil {
		panic(err) // the file is compiled in
	}
	r.Use(func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentSecurityPolicy, pageCSP)
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
		c.Set(fiber.HeaderCacheControl, "no-cache")
		return c.Next()
	})
	r.Get("/", func(c *fiber.Ctx) error {
		base := html.EscapeString(strings.TrimRight(c.Path(), "/") + "/")
		c.Type("html", "utf-8")
		return c.SendString(strings.Replace(string(index), "{base}", base, 1))
	})
	r.Get("/page/:name", pageAsset)
	r.Get("/file/:id", s.pageFile)
	r.Post("/api/hello", s.hello)
	r.Get("/api/changes", s.known(s.changes))
	r.Get("/api/tools", s.known(s.showTools))
	r.Post("/api/fault", s.known(s.orderFault))
	r.Post("/api/:action", s.known(s.act))
}

func pageAsset(c *fiber.Ctx) error {
	name := path.Base(c.Params("name"))
	data, err := fs.ReadFile(pageFiles, "page/"+name)
	if err != nil || path.Ext(name) == ".html" {
		return problem(c, fiber.StatusNotFound, "no such file")
	}
	c.Set(fiber.HeaderContentType, mimeOf[path.Ext(name)])
	return c.Send(data)
}

// mimeOf does not ask the system, whose tables differ.
var mimeOf = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// pageFile serves a file of a chat to whoever knows its unguessable ID:
// photos to look at, everything else only to save.
func (s *Server) pageFile(c *fiber.Ctx) error {
	f := s.fileByID(c.Params("id"))
	if f == nil {
		return problem(c, fiber.StatusNotFound, "no such file")
	}
	c.Set(fiber.HeaderCacheControl, "private, max-age=86400")
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	if f.Kind == "photo" {
		c.Set(fiber.HeaderContentType, f.MIME)
	} else {
		c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	}
	return c.Send(f.data)
}

// customerOf derives the Telegram ID from the key, so that a browser that
// comes back after a restart is the same person, and so that the ID, which
// logs and journals show, opens no chat. The range is that of today's
// accounts.
func customerOf(key string) int64 {
	sum := sha256.Sum256([]byte(key))
	return 1_000_000_000 + int64(binary.BigEndian.Uint64(sum[:8])%7_000_000_000)
}

// hello opens the customer's chat, after a restart of the emulator too: the
// page brings what it remembers.
func (s *Server) hello(c *fiber.Ctx) error {
	key := c.Get(customerHeader)
	if !customerKey.MatchString(key) {
		return problem(c, fiber.StatusForbidden, "the request has no customer's key")
	}
	var in struct {
		pageProfile
		Started bool `json:"started"`
		Blocked bool `json:"blocked"`
		Last    int  `json:"last"` // the newest message_id that the page has
	}
	if err := json.Unmarshal(c.Body(), &in); err != nil {
		return problem(c, fiber.StatusBadRequest, "the request is not JSON")
	}
	p, err := in.check()
	if err != nil {
		return problem(c, fiber.StatusBadRequest, err.Error())
	}
	who := s.Customer(customerOf(key), p)
	if who.Profile() != p {
		who.SetProfile(p)
	}
	if in.Started {
		who.chat.resume(in.Last, in.Blocked)
	}
	return c.JSON(s.state(who.chat, 0))
}

// resume takes up a chat that an earlier emulator has begun. A chat that is
// known already stays as it is.
func (c *chat) resume(last int, blocked bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started {
		return
	}
	c.started, c.blocked = true, blocked
	if last < 1<<31 {
		c.lastID = max(c.lastID, last)
	}
	c.version++
	c.wake()
}

// known passes on the customer of a request; after a restart of the emulator
// the page gets 404 and says hello again.
func (s *Server) known(next func(*fiber.Ctx, *Customer) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		key := c.Get(customerHeader)
		if !customerKey.MatchString(key) {
			return problem(c, fiber.StatusForbidden, "the request has no customer's key")
		}
		id := customerOf(key)
		s.mu.RLock()
		who := s.chats[id]
		s.mu.RUnlock()
		if who == nil {
			return problem(c, fiber.StatusNotFound, "the customer is not known")
		}
		return next(c, &Customer{who})
	}
}

// problem answers for the page, which shows its own words: text is for
// developers.
func problem(c *fiber.Ctx, status int, text string) error {
	return c.Status(status).JSON(fiber.Map{"error": text})
}

// pageProfile is what the page may say about its customer.
type pageProfile struct {
	First    string `json:"first"`
	Last     string `json:"surname"`
	Phone    string `json:"phone"`
	Language string `json:"language"`
}

// maxName is the limit of a first or last name in Telegram, in UTF-16 units.
const maxName = 64

var phoneShape = regexp.MustCompile(`^\+?[0-9]{7,15}$`)

func (p pageProfile) check() (Profile, error) {
	switch {
	case utf16Len(p.First) > maxName || utf16Len(p.Last) > maxName:
		return Profile{}, errors.New("the name is too long")
	case !phoneShape.MatchString(p.Phone):
		return Profile{}, errors.New("the phone number has 7 to 15 digits")
	case !languageShape.MatchString(p.Language):
		return Profile{}, errors.New("the language has two letters")
	}
	return Profile{Language: p.Language, First: p.First, Last: p.Last, Phone: p.Phone}, nil
}
