package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/route"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/staff"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// proposal is where a case goes by the table, and why.
type proposal struct {
	Queue  string   `json:"queue"`
	People []person `json:"people"`
	Why    []text   `json:"why"`
}

// proposal finds where a case goes now (R-5.2.6-d, R-5.2.7-d, R-5.2.8-d). At
// hours at which nobody is expected to be there, it does not matter who is.
func (w *Casework) proposal(ctx context.Context, r *registry.Record, books *registry.Books, category *appeal.Category) (*proposal, error) {
	ask := route.Ask{Function: category.Function, Territory: r.Territory, Origin: r.Origin, Day: w.today(), About: r.About}
	if w.Open(w.Now()) {
		present, err := w.Staff.Present(ctx)
		if err != nil {
			return nil, err
		}
		if ask.Present, err = w.present(ctx, books, func(id int64) bool { return present[id] }); err != nil {
			return nil, err
		}
	}
	return w.propose(ctx, books, ask)
}

// present lists who is there, by queue: of its team, or of its role.
func (w *Casework) present(ctx context.Context, books *registry.Books, there func(id int64) bool) (map[string][]int64, error) {
	list, err := w.Staff.ListStaff(ctx)
	if err != nil {
		return nil, err
	}
	here := map[string][]int64{}
	for _, q := range books.Routes.Queues() {
		for i := range list {
			a := &list[i]
			belongs := slices.Contains(a.Teams, q.Code) && slices.Contains(a.Roles, staff.DirectionSpecialist) || q.Role != "" && slices.Contains(a.Roles, q.Role)
			if belongs && !a.Disabled && there(a.ID) {
				here[q.Code] = append(here[q.Code], a.ID)
			}
		}
	}
	return here, nil
}

func (w *Casework) propose(ctx context.Context, books *registry.Books, ask route.Ask) (*proposal, error) {
	people, err := w.people(ctx)
	if err != nil {
		return nil, err
	}
	places, err := w.places(ctx)
	if err != nil {
		return nil, err
	}
	found := books.Routes.Find(ask)
	p := &proposal{Queue: found.Queue.Code, People: []person{}}
	for _, id := range found.People {
		p.People = append(p.People, *someone(id, people))
	}
	p.Why = lines(func(lang words.Lang) []chat.Block {
		return cases.Came(lang, found, books.Routes, func(code string) string { return places[code].or(code)[string(lang)] })
	})
	return p, nil
}

// places names the territories.
func (w *Casework) places(ctx context.Context) (map[string]text, error) {
	list, err := w.Staff.Territories(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[string]text, len(list))
	for _, t := range list {
		names[t.Code] = t.Name
	}
	return names, nil
}

// whatIf answers where a case would go: function, territory, day, who is there
// ("": it does not matter; now; all), without those that are named as absent,
// and without those whom it is about.
func (w *Casework) whatIf(c *fiber.Ctx) error {
	ctx := c.UserContext()
	books, err := w.Register.CaseBooks(ctx)
	if err != nil {
		return w.fail(c, err)
	}
	ask := route.Ask{Function: c.Query("function"), Territory: c.Query("territory"), Day: w.today()}
	if day := c.Query("day"); day != "" {
		if ask.Day, err = calendar.ParseDate(day); err != nil {
			return w.fail(c, console.ErrInvalid)
		}
	}
	absent, err := parseIDs(c.Query("absent"))
	if err == nil {
		ask.About, err = parseIDs(c.Query("about"))
	}
	if err != nil || !slices.ContainsFunc(books.Routes.Functions(), func(f route.Function) bool { return f.Code == ask.Function }) {
		return w.fail(c, console.ErrInvalid)
	}
	there := func(id int64) bool { return !slices.Contains(absent, id) }
	switch c.Query("present") {
	case "":
		there = nil
	case "all":
	case "now":
		present, err := w.Staff.Present(ctx)
		if err != nil {
			return w.fail(c, err)
		}
		there = func(id int64) bool { return present[id] && !slices.Contains(absent, id) }
	default:
		return w.fail(c, console.ErrInvalid)
	}
	if there != nil {
		if ask.Present, err = w.present(ctx, &books, there); err != nil {
			return w.fail(c, err)
		}
	}
	p, err := w.propose(ctx, &books, ask)
	if err != nil {
		return w.fail(c, err)
	}
	return c.JSON(p)
}

// parseIDs reads numbers of staff with commas between them.
func parseIDs(list string) ([]int64, error) {
	var ids []int64
	for part := range strings.SplitSeq(list, ",") {
		if part == "" {
			continue
		}
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil || id <= 0 {
			return nil, console.ErrInvalid
		}
		ids = append(ids, id)
	}
	return ids, nil
}
