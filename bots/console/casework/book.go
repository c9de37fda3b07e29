package casework

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/staff"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// colleague is one of the staff who can be chosen.
type colleague struct {
	person
	Roles []staff.Role `json:"roles"`
	Teams []string     `json:"teams"`
}

// queue is where cases wait: for a direction, or for a role.
type queue struct {
	named
	Role staff.Role `json:"role"`
}

// category is what an appeal can be about.
type category struct {
	named
	Kind    string `json:"kind"`
	Offered bool   `json:"offered"`
}

// organisation can help with what is not our business.
type organisation struct {
	named
	About text `json:"about"`
	// Turn is the line of a letter that sends somebody there.
	Turn text `json:"turn"`
}

// book is what hardly changes: names, and what there is to choose from.
func (w *Casework) book(c *fiber.Ctx) error {
	ctx := c.UserContext()
	books, err := w.Register.CaseBooks(ctx)
	if err != nil {
		return w.fail(c, err)
	}
	kinds, functions, territories := []named{}, []named{}, []named{}
	queues := []queue{}
	categories := []category{}
	for _, k := range books.Forms.Kinds() {
		kinds = append(kinds, named{string(k.Kind), k.Names})
	}
	for _, v := range books.Forms.All(w.today()) {
		categories = append(categories, category{named{v.Code, v.Names}, string(v.Kind), v.Offered})
	}
	for _, q := range books.Routes.Queues() {
		queues = append(queues, queue{named{q.Code, q.Names}, q.Role})
	}
	for _, f := range books.Routes.Functions() {
		functions = append(functions, named{f.Code, f.Names})
	}
	list, err := w.Staff.Territories(ctx)
	if err != nil {
		return w.fail(c, err)
	}
	for _, t := range list {
		territories = append(territories, named{t.Code, t.Name})
	}
	people, err := w.colleagues(c)
	if err != nil {
		return w.fail(c, err)
	}
	others, err := w.organisations(ctx)
	if err != nil {
		return w.fail(c, err)
	}
	body := names()
	for name, value := range map[string]any{
		"kinds": kinds, "categories": categories, "queues": queues, "functions": functions, "territories": territories,
		"people": people, "addressees": others, "stalled_days": w.StalledDays, "hats": hats(w.actor(c)), "paper": w.Letters != nil,
	} {
		body[name] = value
	}
	return c.JSON(body)
}

// names are what states, events, work and clocks are called.
func names() fiber.Map {
	states, events, work, clocks := []named{}, []named{}, []named{}, []named{}
	for _, s := range life.States() {
		states = append(states, named{string(s), words.InEach(func(l words.Lang) string { return cases.State(l, s) })})
	}
	known := map[life.Event]bool{}
	for _, r := range life.Rules() {
		if !known[r.Event] {
			known[r.Event] = true
			events = append(events, named{string(r.Event), words.InEach(func(l words.Lang) string { return cases.Event(l, r.Event) })})
		}
	}
	steps := []named{}
	for _, s := range life.PublicationSteps() {
		steps = append(steps, named{string(s), words.InEach(func(l words.Lang) string { return cases.Published(l, s) })})
	}
	for _, k := range life.Works() {
		work = append(work, named{string(k), words.InEach(func(l words.Lang) string { return cases.Work(l, k) })})
	}
	for _, k := range term.Clocks() {
		clocks = append(clocks, named{string(k), words.InEach(func(l words.Lang) string { return cases.Clock(l, k) })})
	}
	resolutions := []named{}
	for _, r := range []life.Resolution{life.ByAnswer, life.ByTypical, life.AsOffTopic, life.AsDuplicate, life.AsWithdrawn} {
		resolutions = append(resolutions, named{string(r), words.InEach(func(l words.Lang) string { return cases.Resolution(l, r) })})
	}
	return fiber.Map{"states": states, "events": events, "publication": steps, "work": work, "clocks": clocks, "resolutions": resolutions}
}

// colleagues lists those who work with cases.
func (w *Casework) colleagues(c *fiber.Ctx) ([]colleague, error) {
	list, err := w.Staff.ListStaff(c.UserContext())
	if err != nil {
		return nil, err
	}
	people := []colleague{}
	for i := range list {
		a := &list[i]
		if a.Disabled {
			continue
		}
		people = append(people, colleague{person{a.ID, a.Name}, append([]staff.Role{}, a.Roles...), append([]string{}, a.Teams...)})
	}
	return people, nil
}

func (w *Casework) organisations(ctx context.Context) ([]organisation, error) {
	list, err := w.Library.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	others := []organisation{}
	for _, l := range list {
		where := strings.Join(filled(l.Phone, l.Address), ", ")
		turn := words.InEach(func(lang words.Lang) string { return cases.TurnTo(lang, l.Names[string(lang)], where) })
		others = append(others, organisation{named{l.Kind, l.Names}, l.About, turn})
	}
	return others, nil
}

func filled(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// mostSought is how much of what is sought for is read, in bytes.
const mostSought = 300

// articles finds published questions for an answer to point to.
func (w *Casework) articles(c *fiber.Ctx) error {
	sought := strings.TrimSpace(c.Query("q"))
	if len(sought) > mostSought || !utf8.ValidString(sought) {
		return w.fail(c, console.ErrInvalid)
	}
	list := []Article{}
	if sought != "" {
		found, err := w.Library.Articles(c.UserContext(), sought, c.Query("lang", string(words.RU)))
		if err != nil {
			return w.fail(c, err)
		}
		list = append(list, found...)
	}
	return c.JSON(fiber.Map{"articles": list})
}
