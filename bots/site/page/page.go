// Package page is what the pages of the site share: how one is sent, in whose
// language, and the colours of the house.
package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/dialogs/words"
)

// Ground is the address of the style sheet with the house's colours and type,
// which every page loads before its own.
const Ground = "/site/ground.css"

//go:embed ground.css
var ground []byte

// Mount serves what every page loads.
func Mount(r fiber.Router) { r.Get(Ground, Asset(ground, "text/css; charset=utf-8")) }

// Asset serves a file that pages load.
func Asset(content []byte, media string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, media)
		c.Set(fiber.HeaderCacheControl, "public, max-age=300")
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		return c.Send(content)
	}
}

// LanguageKey is the parameter that a switch of languages sets.
const LanguageKey = "lang"

// Language returns the reader's: that of the switch, else of his browser.
func Language(c *fiber.Ctx) words.Lang {
	tag, _, _ := strings.Cut(c.Query(LanguageKey, c.Get(fiber.HeaderAcceptLanguage)), ",")
	tag, _, _ = strings.Cut(tag, ";")
	return words.ParseLang(strings.TrimSpace(tag))
}

// In returns the address of a page of this site in a language.
func In(path string, l words.Lang) string {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return path + mark + LanguageKey + "=" + string(l)
}

// Absolute returns the address of a page for who comes from elsewhere: a letter, a
// message, a search engine. In Russian it names no language, so that it is short
// enough to be typed off paper; who reads English there changes over on the page.
func Absolute(public, path string, l words.Lang) string {
	if l != words.RU {
		path = In(path, l)
	}
	return strings.TrimSuffix(public, "/") + path
}

// policy lets a page load style sheets of this origin and stand in no other's
// frame; the rest each page asks for. Nothing inline, ever.
const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "

// Send renders a page for its one reader: no cache keeps it. may is what its
// content security policy allows beyond style sheets, and must name form-action,
// which has no default.
func Send(c *fiber.Ctx, t *template.Template, data any, may string) error {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentSecurityPolicy, policy+may)
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Vary(fiber.HeaderAcceptLanguage)
	return c.Send(b.Bytes())
}

// Share renders a page that is the same for everybody who reads its language: caches
// may keep it, and ask before each use whether it still holds.
func Share(c *fiber.Ctx, t *template.Template, data any, may string) error {
	err := Send(c, t, data, may)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return err
}
