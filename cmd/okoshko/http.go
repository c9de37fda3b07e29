package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"okoshko/core/fault"
)

// Time-outs of the public side: a slow or silent client costs a connection for
// so long, not for ever.
const (
	readTimeout  = 15 * time.Second
	writeTimeout = 30 * time.Second
	idleTimeout  = 75 * time.Second
)

// statuses say what a kind of failure is over HTTP.
var statuses = map[fault.Kind]int{
	fault.Internal:    fiber.StatusInternalServerError,
	fault.Invalid:     fiber.StatusBadRequest,
	fault.NotFound:    fiber.StatusNotFound,
	fault.Conflict:    fiber.StatusConflict,
	fault.Denied:      fiber.StatusForbidden,
	fault.Unavailable: fiber.StatusServiceUnavailable,
}

// newApp returns the public side without its routes. tooLarge may answer, in
// the way of its route, a request whose body is over the limit.
func newApp(c Config, log *slog.Logger, tooLarge func(*fiber.Ctx) bool) *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: "okoshko", DisableStartupMessage: true, Immutable: true,
		BodyLimit: int(c.HTTP.BodyLimit), StreamRequestBody: true,
		ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ErrorHandler: func(ctx *fiber.Ctx, err error) error {
			var known *fiber.Error
			if errors.Is(err, fiber.ErrRequestEntityTooLarge) && tooLarge(ctx) {
				return nil
			}
			if errors.As(err, &known) {
				return ctx.Status(known.Code).SendString(known.Message)
			}
			status := statuses[fault.Of(err)]
			if status == fiber.StatusServiceUnavailable {
				ctx.Set(fiber.HeaderRetryAfter, "2")
			} else if status == fiber.StatusInternalServerError {
				log.Error("request failed", "route", ctx.Route().Path, "error", err)
			}
			return ctx.Status(status).SendString(fault.Of(err).String())
		},
	})
	streamUploads(app)
	app.Use(readBody(int(c.HTTP.BodyLimit)))
	return app
}

// health is what /readyz says of this replica.
type health struct {
	// Ready: this replica can take a turn.
	Ready bool `json:"ready"`
	// Stopping: it is about to end and takes no more.
	Stopping bool   `json:"stopping,omitempty"`
	Redis    string `json:"redis"`
	Postgres string `json:"postgres"`
	// Durability is what the configured Redis promises for what is accepted.
	Durability any `json:"durability,omitempty"`
	// Channels by name, as each describes itself.
	Channels map[string]any `json:"channels"`
	// OldestUndelivered is how long the conversation that waits longest has
	// been due, in seconds.
	OldestUndelivered float64 `json:"oldest_undelivered_seconds"`
}

// readyTimeout bounds each look at a store.
const readyTimeout = 2 * time.Second

// mountHealth adds /healthz, which speaks of the process alone, and /readyz.
func mountHealth(app *fiber.App, look func(ctx context.Context) health) {
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/readyz", func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.Context(), readyTimeout)
		defer cancel()
		h := look(ctx)
		if !h.Ready {
			c.Status(fiber.StatusServiceUnavailable)
		}
		return c.JSON(h)
	})
}

// adminServer serves /metrics and /debug/pprof to those who run the machine.
func adminServer(listen string, m *metrics) *http.Server {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return &http.Server{Addr: listen, Handler: mux, ReadHeaderTimeout: readTimeout}
}
