package tables

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/edit"
	"okoshko/core/appeal/life"
	"okoshko/core/audit"
	"okoshko/core/staff"
	"okoshko/dialogs/words/cases"
)

// Store holds the tables.
type Store interface {
	// CaseTables returns the tables as they stand, and their revision.
	CaseTables(ctx context.Context) (now edit.State, revision string, err error)
	// PreviewTables returns what SaveTables would do, and of which revision. Errors
	// are those of edit.Try.
	PreviewTables(ctx context.Context, e edit.Edit) (edit.Change, string, error)
	// SaveTables saves an edit of a revision, whole or not at all, and returns the
	// new one. Errors are those of edit.Try, edit.ErrStale too.
	SaveTables(ctx context.Context, by audit.Entry, revision string, e edit.Edit) (edit.Change, string, error)
	Territories(ctx context.Context) ([]staff.Territory, error)
}

// Config is what the part stands on.
type Config struct {
	Store   Store
	Address func(c *fiber.Ctx) string
	Log     *slog.Logger
}

// Part is the part.
type Part struct{ Config }

// New returns the part.
func New(c Config) *Part { return &Part{c} }

// Doors lists its addresses, for the console.
func (p *Part) Doors() []console.Door {
	return []console.Door{
		console.NewDoor("GET", "/tables", staff.SeeTables, p.show),
		console.NewDoor("POST", "/tables/preview", staff.KeepTables, p.edit(false)),
		console.NewDoor("POST", "/tables", staff.KeepTables, p.edit(true)),
	}
}

type named struct {
	Code string            `json:"code"`
	Name map[string]string `json:"name"`
}

// show sends the tables: rows that hold, and those that are planned.
func (p *Part) show(c *fiber.Ctx) error {
	ctx := c.UserContext()
	now, revision, err := p.Store.CaseTables(ctx)
	if err != nil {
		return p.fail(c, err)
	}
	list, err := p.Store.Territories(ctx)
	if err != nil {
		return p.fail(c, err)
	}
	names := map[string]map[string]string{}
	for _, t := range list {
		names[t.Code] = t.Name
	}
	territories := []named{}
	for _, code := range now.Territories() {
		t := named{code, names[code]}
		if t.Name == nil {
			t.Name = map[string]string{"ru": code, "en": code}
		}
		territories = append(territories, t)
	}
	body := fiber.Map{"revision": revision, "today": now.Today, "territories": territories, "types": types()}
	for _, name := range append(edit.Editable(), "appeal_kinds", "appeal_functions", "appeal_choices") {
		rows := []map[string]string{}
		for _, r := range now.Shown(name) {
			if r.Planned {
				r.Cells["planned"] = "yes"
			}
			rows = append(rows, r.Cells)
		}
		body[strings.TrimPrefix(name, "appeal_")] = rows
	}
	return c.JSON(body)
}

// types are those that a new field may have.
func types() []appeal.Type {
	var list []appeal.Type
	for _, t := range appeal.Types() {
		if edit.MayAdd(t) {
			list = append(list, t)
		}
	}
	return list
}

// edition is an edit as the page sends it: one of its parts.
type edition struct {
	Revision string         `json:"revision"`
	Category *edit.Category `json:"category"`
	Form     *edit.Form     `json:"form"`
	Field    *edit.Field    `json:"field"`
	Term     *edit.Term     `json:"term"`
	Alerts   *edit.Alerts   `json:"alerts"`
	Route    *edit.Route    `json:"route"`
	Queue    *edit.Queue    `json:"queue"`
	Withdraw *edit.Withdraw `json:"withdraw"`
}

// read returns the one edit that was sent.
func (in *edition) read() (edit.Edit, error) {
	var list []edit.Edit
	add := func(sent bool, e edit.Edit) {
		if sent {
			list = append(list, e)
		}
	}
	add(in.Category != nil, in.Category)
	add(in.Form != nil, in.Form)
	add(in.Field != nil, in.Field)
	add(in.Term != nil, in.Term)
	add(in.Alerts != nil, in.Alerts)
	add(in.Route != nil, in.Route)
	add(in.Queue != nil, in.Queue)
	add(in.Withdraw != nil, in.Withdraw)
	if len(list) != 1 {
		return nil, console.ErrInvalid
	}
	return list[0], nil
}

// edit previews an edit, or saves it.
func (p *Part) edit(save bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in edition
		if err := c.BodyParser(&in); err != nil {
			return p.fail(c, console.ErrInvalid)
		}
		e, err := in.read()
		if err != nil {
			return p.fail(c, err)
		}
		var change edit.Change
		var revision string
		if save {
			by := audit.Entry{Staff: console.Caller(c).ID, Address: p.Address(c)}
			change, revision, err = p.Store.SaveTables(c.UserContext(), by, in.Revision, e)
		} else if change, revision, err = p.Store.PreviewTables(c.UserContext(), e); err == nil && revision != in.Revision {
			err = edit.ErrStale
		}
		if err != nil {
			return p.fail(c, err)
		}
		return c.JSON(shown(change, revision))
	}
}

// fail answers an error with what to do about it, and which category it is about.
func (p *Part) fail(c *fiber.Ctx, err error) error {
	body := fiber.Map{}
	if said := cases.RefusedInEach(err); said != nil {
		body["said"] = said
	}
	var unfit *life.UnfitError
	if errors.As(err, &unfit) {
		body["category"], body["function"] = unfit.Category, unfit.Function
	}
	return console.Fail(c, p.Log, err, body)
}
