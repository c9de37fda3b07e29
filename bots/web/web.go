// Package web holds what browsers load, embedded: the chat widget, written in
// plain TypeScript, and the staff console. `make build` bundles the sources
// beside this file into dist, which the program carries.
//
//	ui/      tokens shared with the staff console, and why they are so
//	widget/  launcher.ts, the script of a page; chat.ts and what it loads
//	console/ the console, with Preact
//	bundle/  the bundler, which runs at build time
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
)

//go:embed all:dist
var dist embed.FS

// ErrNotBuilt means that the program was built without them.
var ErrNotBuilt = errors.New("the pages for browsers are not built into this program: run `make build`, or `go run ./cmd/webbuild` before `go build`")

// Embedded returns the bundle that the program was built with; a build without
// one is ErrNotBuilt.
func Embedded() (fs.FS, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open the embedded bundle: %w", err)
	}
	if _, err := fs.Stat(files, launcher); err != nil {
		return nil, ErrNotBuilt
	}
	return files, nil
}

const (
	launcher = "widget.js"
	script   = "text/javascript; charset=utf-8"

	// The launcher keeps its address, so pages must ask for it again; chunks
	// carry their hash in their name.
	fresh   = "public, max-age=300, stale-while-revalidate=86400"
	forEver = "public, max-age=31536000, immutable"
)

// Assets serves the bundle.
type Assets struct {
	files map[string]asset
}

// asset is one file, ready to be handed out.
type asset struct {
	plain, gzipped    []byte
	kind, etag, cache string
}

func readAsset(files fs.FS, name, kind, cache string) (asset, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return asset{}, err
	}
	packed, err := pack(data)
	if err != nil {
		return asset{}, err
	}
	sum := sha256.Sum256(data)
	return asset{plain: data, gzipped: packed, kind: kind, etag: `"` + hex.EncodeToString(sum[:8]) + `"`, cache: cache}, nil
}

// send answers with the file, packed for who takes that, or with nothing for
// who has it already.
func (a asset) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderContentType, a.kind)
	c.Set(fiber.HeaderCacheControl, a.cache)
	c.Set(fiber.HeaderETag, a.etag)
	c.Vary(fiber.HeaderAcceptEncoding)
	if c.Get(fiber.HeaderIfNoneMatch) == a.etag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	if strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(a.gzipped)
	}
	return c.Send(a.plain)
}

// New reads a bundle: widget.js, and what lies under widget/.
func New(files fs.FS) (*Assets, error) {
	a := &Assets{files: map[string]asset{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".js" {
			return err
		}
		cache := forEver
		if name == launcher {
			cache = fresh
		}
		a.files["/"+name], err = readAsset(files, name, script, cache)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the widget's bundle: %w", err)
	}
	if _, ok := a.files["/"+launcher]; !ok {
		return nil, ErrNotBuilt
	}
	return a, nil
}

// Mount adds the routes: GET /widget.js and GET /widget/*.
func (a *Assets) Mount(r fiber.Router) {
	r.Get("/"+launcher, a.serve)
	r.Get("/widget/*", a.serve)
}

// serve hands a file out to a page of any site: there is nothing secret in it,
// and modules of another origin are loaded only if that origin says so.
func (a *Assets) serve(c *fiber.Ctx) error {
	file, ok := a.files[c.Path()]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return file.send(c)
}

func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
