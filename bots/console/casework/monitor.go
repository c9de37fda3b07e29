package casework

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/appeal/registry"
)

// load is what lies with somebody; without anybody it is what nobody has taken.
type load struct {
	Person  *person `json:"person"`
	Gone    bool    `json:"gone"` // his account is closed
	Open    int     `json:"open"`
	Overdue int     `json:"overdue"`
	Stalled int     `json:"stalled"`
	// Since is from when the customer waits who waits longest.
	Since *time.Time `json:"since"`
}

// place is what lies in a queue, or with the keepers of a kind before it is
// routed.
type place struct {
	Queue   string `json:"queue"`
	Kind    string `json:"kind"`
	Open    int    `json:"open"`
	Overdue int    `json:"overdue"`
	Free    int    `json:"free"`
}

// monitor shows a supervisor what is owed: in all, by person and by queue
// (R-5.2.8-e).
func (w *Casework) monitor(c *fiber.Ctx) error {
	ctx, a := c.UserContext(), w.actor(c)
	loads, err := w.Register.CaseLoads(ctx, a.Staff, w.Now(), w.stalledSince())
	if err != nil {
		return w.fail(c, err)
	}
	counts, err := w.Register.CasePlaces(ctx, a.Staff, w.Now())
	if err != nil {
		return w.fail(c, err)
	}
	staff, err := w.Staff.ListStaff(ctx)
	if err != nil {
		return w.fail(c, err)
	}
	people, gone := map[int64]string{}, map[int64]bool{}
	for i := range staff {
		people[staff[i].ID], gone[staff[i].ID] = staff[i].Name, staff[i].Disabled
	}
	list := []load{}
	var sum load
	for _, l := range loads {
		list = append(list, load{someone(l.Staff, people), gone[l.Staff], l.Open, l.Overdue, l.Stalled, moment(l.Since)})
		if sum.Since == nil || l.Since.Before(*sum.Since) {
			sum.Since = &l.Since
		}
		sum.Open, sum.Overdue, sum.Stalled = sum.Open+l.Open, sum.Overdue+l.Overdue, sum.Stalled+l.Stalled
	}
	slices.SortStableFunc(list, func(x, y load) int {
		return cmp.Or(cmp.Compare(y.Overdue, x.Overdue), cmp.Compare(y.Stalled, x.Stalled), cmp.Compare(y.Open, x.Open))
	})
	return c.JSON(fiber.Map{
		"open": sum.Open, "overdue": sum.Overdue, "stalled": sum.Stalled, "since": sum.Since, "people": list, "places": places(counts), "stalled_days": w.StalledDays,
	})
}

// places sums what is owed up by queue, the fullest of what is late first.
func places(counts []registry.Place) []place {
	list := []place{}
	for i := range counts {
		n := &counts[i]
		if !n.State.Open() {
			continue
		}
		kind := string(n.Kind)
		if n.Queue != "" {
			kind = ""
		}
		at := slices.IndexFunc(list, func(p place) bool { return p.Queue == n.Queue && p.Kind == kind })
		if at < 0 {
			at = len(list)
			list = append(list, place{Queue: n.Queue, Kind: kind})
		}
		list[at].Open += n.Cases
		list[at].Overdue += n.Overdue
		list[at].Free += n.Free
	}
	slices.SortStableFunc(list, func(x, y place) int {
		return cmp.Or(cmp.Compare(y.Overdue, x.Overdue), cmp.Compare(y.Open, x.Open), cmp.Compare(x.Queue, y.Queue))
	})
	return list
}
