package main

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// mountClock adds the demo's clock: GET shows it, POST {"now": …} or
// {"advance": "26h"} moves it, forward only.
func mountClock(app *fiber.App, c *clock) {
	show := func(ctx *fiber.Ctx) error { return ctx.JSON(fiber.Map{"now": c.Now().Format(time.RFC3339)}) }
	app.Get("/demo/clock", show)
	app.Post("/demo/clock", func(ctx *fiber.Ctx) error {
		var move struct {
			Now     time.Time `json:"now"`
			Advance string    `json:"advance"`
		}
		if err := ctx.BodyParser(&move); err != nil {
			return fiber.NewError(fiber.StatusBadRequest, `send {"now": "2026-11-25T23:59:00+05:00"} or {"advance": "26h"}`)
		}
		var err error
		switch {
		case !move.Now.IsZero():
			err = c.Set(move.Now)
		case move.Advance != "":
			var d time.Duration
			if d, err = time.ParseDuration(move.Advance); err == nil {
				err = c.Advance(d)
			}
		default:
			return fiber.NewError(fiber.StatusBadRequest, `send "now" or "advance"`)
		}
		if err != nil {
			return fiber.NewError(fiber.StatusBadRequest, err.Error())
		}
		return show(ctx)
	})
}
