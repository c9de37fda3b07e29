package web

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"path"

	"github.com/gofiber/fiber/v2"
)

// ConsolePolicy is the Content-Security-Policy that the console's page lives
// under: nothing inline, nothing foreign, no markup made by scripts.
const ConsolePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

const consolePage = "console.html"

// Console serves the staff console's page and what it loads. The API that the
// page speaks to is bots/console's.
type Console struct {
	page  []byte
	files map[string]asset
}

// NewConsole reads the console out of a bundle: console.html, and what lies
// under console/assets/. A bundle without them is ErrNotBuilt.
func NewConsole(files fs.FS) (*Console, error) {
	page, err := fs.ReadFile(files, consolePage)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	}
	if err != nil {
		return nil, fmt.Errorf("read the console's page: %w", err)
	}
	c := &Console{page: page, files: map[string]asset{}}
	err = fs.WalkDir(files, "console/assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		c.files["/"+name], err = readAsset(files, name, mime.TypeByExtension(path.Ext(name)), forEver)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the console's bundle: %w", err)
	}
	return c, nil
}

// Mount adds the routes: GET /console/, the page, for everybody (it holds
// nothing; what it shows it asks the API for), and GET /console/assets/*.
func (c *Console) Mount(r fiber.Router) {
	r.Get("/console/", c.servePage)
	r.Get("/console/assets/*", c.serveFile)
}

func (c *Console) servePage(ctx *fiber.Ctx) error {
	ctx.Set(fiber.HeaderContentSecurityPolicy, ConsolePolicy)
	ctx.Set(fiber.HeaderXFrameOptions, "DENY")
	ctx.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	ctx.Set(fiber.HeaderReferrerPolicy, "same-origin")
	ctx.Set("Cross-Origin-Opener-Policy", "same-origin")
	ctx.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	ctx.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	ctx.Set(fiber.HeaderCacheControl, "no-cache") // it names files that a newer build has not
	return ctx.Send(bytes.Clone(c.page))
}

func (c *Console) serveFile(ctx *fiber.Ctx) error {
	file, ok := c.files[ctx.Path()]
	if !ok {
		return fiber.ErrNotFound
	}
	ctx.Set("Cross-Origin-Resource-Policy", "same-origin")
	return file.send(ctx)
}
