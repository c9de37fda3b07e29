// Package frontpage is the front page of the demo's supplier: a believable site for
// the chat to stand on. Everything on it is fictional (spec §5), and a real
// supplier has a page of his own with the same script tag.
package frontpage

import (
	"bytes"
	"embed"
	"html/template"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

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
	//go:embed page.js
	script []byte

	pages = template.Must(template.New("frontpage").Parse(pageFile))
)

// policy lets the page load what this origin serves, and nothing inline. The
// widget lives under it: its styles are objects, not markup.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Mount adds GET / and what the page loads. now is the company's time, in its
// zone: the page speaks of this month.
func Mount(r fiber.Router, now func() time.Time) {
	r.Get("/", show(now))
	r.Get("/site/front.css", file(style, "text/css; charset=utf-8"))
	r.Get("/site/front.js", file(script, "text/javascript; charset=utf-8"))
}

func file(content []byte, media string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, media)
		c.Set(fiber.HeaderCacheControl, "public, max-age=300")
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		return c.Send(content)
	}
}

// languageKey is the parameter that the switch of languages sets.
const languageKey = "lang"

// show renders the page in the language of the switch, else of the browser.
func show(now func() time.Time) fiber.Handler {
	return func(c *fiber.Ctx) error {
		tag, _, _ := strings.Cut(c.Query(languageKey, c.Get(fiber.HeaderAcceptLanguage)), ",")
		tag, _, _ = strings.Cut(tag, ";")
		var b bytes.Buffer
		if err := pages.Execute(&b, newPage(words.ParseLang(strings.TrimSpace(tag)), now())); err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		c.Set(fiber.HeaderCacheControl, "no-cache")
		c.Vary(fiber.HeaderAcceptLanguage)
		return c.Send(b.Bytes())
	}
}
