package main

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"okoshko/bots/console"
	"okoshko/bots/webchat"
)

// Bodies are streamed to uploads. For every other route they are read before its
// handler, up to http.body_limit, as if nothing were streamed.

// uploads are the routes that take files.
var uploads = map[string]bool{webchat.UploadPath: true, console.UploadPath: true, console.EnclosurePath: true}

const (
	// prefetched is what the server has read of a streamed body, whatever the
	// route; fasthttp's readBodyWithStreaming.
	prefetched = 8 << 10
	// uploadTime is how long an upload may take: 20 MB over a poor connection.
	uploadTime = 5 * time.Minute
	// formAround is what a form puts around its file.
	formAround = 64 << 10
	// leftOver is how much of a body that is too large is read on for nothing.
	leftOver = 1 << 20
)

// streamUploads lets the server take larger and slower requests on the routes of
// uploads. Whoever hijacks a connection closes it himself from now on.
func streamUploads(app *fiber.App) {
	app.Server().KeepHijackedConns = true
	app.Server().HeaderReceived = func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		path, _, _ := strings.Cut(string(h.RequestURI()), "?")
		if !uploads[path] || !h.IsPost() {
			return fasthttp.RequestConfig{}
		}
		return fasthttp.RequestConfig{MaxRequestBodySize: largestUpload + formAround, ReadTimeout: uploadTime}
	}
}

// readBody is the first handler of every request.
func readBody(limit int) fiber.Handler {
	return func(c *fiber.Ctx) error {
		stream := c.Context().RequestBodyStream()
		switch length := c.Request().Header.ContentLength(); {
		case stream == nil:
			return c.Next()
		case uploads[c.Path()] && c.Method() == fiber.MethodPost:
			err := c.Next()
			discard(c, stream, largestUpload+formAround)
			return err
		case length >= 0 && length <= prefetched:
			c.Request().Body()
			return c.Next()
		}
		body, err := io.ReadAll(io.LimitReader(stream, int64(limit)+1))
		switch {
		case len(body) > limit:
			discard(c, stream, leftOver)
			return fiber.ErrRequestEntityTooLarge
		case err != nil:
			c.Context().SetConnectionClose()
			return fiber.ErrBadRequest
		}
		c.Request().SetBodyRaw(body)
		return c.Next()
	}
}

// discard reads what a handler has left of a body, up to most: a connection that
// is closed on unread bytes is reset, and its sender may never see the answer.
func discard(c *fiber.Ctx, stream io.Reader, most int64) {
	_, err := io.CopyN(io.Discard, stream, most)
	if !errors.Is(err, io.EOF) || c.Request().Header.ContentLength() < 0 {
		c.Context().SetConnectionClose() // what is left of it is no request
	}
}
