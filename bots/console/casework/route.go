package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/route"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// proposal is where a case goes by the table, and why.
type proposal struct {
	Queue  string   `json:"queue"`
	People []person `json:"people"`
	Why    []text   `json:"why"`
	// Vacant are the queues in which nobody can work on the case.
	Vacant []string `json:"vacant"`
	// Own: the queue is that of who keeps the case, who has it already.
	Own bool `json:"own"`
}

// proposal finds where a case goes now (R-5.2.6-d, R-5.2.7-d, R-5.2.8-d). At
// hours at which nobody is expected to be there, it does not matter who is.
func (w *Casework) proposal(ctx context.Context, r *registry.Record, books *registry.Books, category *appeal.Category) (*proposal, error) {
	ask := route.Ask{Function: category.Function, Territory: r.Territory, Origin: r.Origin, Day: w.today(), About: r.About}
	var there func(id int64) bool
	if w.Open(w.Now()) {
		present, err := w.Staff.Present(ctx)
		if err != nil {
			return nil, err
		}
		there = func(id int64) bool { return present[id] }
	}
	if err := w.manned(ctx, books, &ask, there); err != nil {
		return nil, err
	}
	p, err := w.propose(ctx, books, ask)
	if err == nil {
		q, _ := books.Routes.Queue(p.Queue)
		p.Own = q.Role == life.KeeperOf(r.Kind)
	}
	return p, err
}

// manned says who works in each queue, and who of them is there; nil: it does not
// matter.
func (w *Casework) manned(ctx context.Context, books *registry.Books, ask *route.Ask, there func(id int64) bool) error {
	list, err := w.Staff.ListStaff(ctx)
	if err != nil {
		return err
	}
	ask.Members = map[string][]int64{}
	if there != nil {
		ask.Present = map[string][]int64{}
	}
	for i := range list {
		id := list[i].ID
		for queue := range life.By(list[i], books.Routes).Queues {
			ask.Members[queue] = append(ask.Members[queue], id)
			if there != nil && there(id) {
				ask.Present[queue] = append(ask.Present[queue], id)
			}
		}
	}
	return nil
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
	p := &proposal{Queue: found.Queue.Code, People: []person{}, Vacant: []string{}}
	for _, q := range books.Routes.Queues() {
		if !slices.ContainsFunc(ask.Members[q.Code], func(id int64) bool { return !slices.Contains(ask.About, id) }) {
			p.Vacant = append(p.Vacant, q.Code)
		}
	}
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
	if err := w.manned(ctx, &books, &ask, there); err != nil {
		return w.fail(c, err)
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
