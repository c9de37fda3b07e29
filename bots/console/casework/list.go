package casework

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/appeal/term"
)

// tab is a cut through what a hat shows.
type tab string

const (
	toCheck  tab = "check"    // for a keeper: whose is it, is it complete; for a direction: nobody has taken it
	waiting  tab = "waiting"  // for the customer
	inWork   tab = "work"     // somebody works on it
	prepared tab = "prepared" // the answer is there and not sent
	overdue  tab = "overdue"
	stalled  tab = "stalled" // has not moved for days
	mine     tab = "mine"
	all      tab = "all"
	answered tab = "answered"
	closed   tab = "closed"
	refunds  tab = "refund" // money has to go back
)

// states are those that a tab shows under a hat; none: it cuts otherwise.
func (t tab) states(h hat) []life.State {
	switch {
	case t == toCheck && h == directing:
		return []life.State{life.Routed}
	case t == toCheck:
		return []life.State{life.Registered}
	case t == waiting:
		return []life.State{life.NeedInfo}
	case t == inWork && h == directing:
		return []life.State{life.InWork, life.Scheduling, life.Scheduled}
	case t == inWork:
		return []life.State{life.Routed, life.InWork, life.Scheduling, life.Scheduled}
	case t == prepared:
		return []life.State{life.Prepared}
	default:
		return nil
	}
}

// row is a case in a list.
type row struct {
	Number     string          `json:"number"`
	Kind       appeal.Kind     `json:"kind"`
	Category   string          `json:"category"`
	Territory  string          `json:"territory"`
	State      life.State      `json:"state"`
	Resolution life.Resolution `json:"resolution"`
	Queue      string          `json:"queue"`
	Keeper     *person         `json:"keeper"`
	Assignee   *person         `json:"assignee"`
	Registered time.Time       `json:"registered"`
	Moved      time.Time       `json:"moved"`
	Due        *time.Time      `json:"due"`
	Waits      []wait          `json:"waits"`
	Stalled    bool            `json:"stalled"`
	Work       []life.Work     `json:"work"`
}

// wait is a clock of a case that runs, or stands still.
type wait struct {
	Clock  term.Clock `json:"clock"`
	At     time.Time  `json:"at"`
	Paused *time.Time `json:"paused"`
}

// person is one of the staff.
type person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// mostTasks is how many of his tasks are shown beside somebody's cases.
const mostTasks = 500

// list is a page of a tab.
func (w *Casework) list(c *fiber.Ctx) error {
	ctx, a := c.UserContext(), w.actor(c)
	h, err := parseHat(c.Query("hat"), a)
	if err != nil {
		return w.fail(c, err)
	}
	f, err := w.filter(c, h, a)
	if err != nil {
		return w.fail(c, err)
	}
	page, err := w.Register.ListCases(ctx, f)
	if err != nil {
		return w.fail(c, err)
	}
	people, err := w.people(ctx)
	if err != nil {
		return w.fail(c, err)
	}
	tasks, err := w.Register.CaseTasks(ctx, a, 0, mostTasks)
	if err != nil {
		return w.fail(c, err)
	}
	work := map[appeal.Number][]life.Work{}
	for _, t := range tasks {
		if !slices.Contains(work[t.Number], t.What) {
			work[t.Number] = append(work[t.Number], t.What)
		}
	}
	rows := make([]row, len(page.Lines))
	for i := range page.Lines {
		rows[i] = w.row(&page.Lines[i], people)
		rows[i].Work = append(rows[i].Work, work[page.Lines[i].Number]...)
	}
	return c.JSON(fiber.Map{"cases": rows, "next": page.Next})
}

// filter reads what a list is asked for.
func (w *Casework) filter(c *fiber.Ctx, h hat, a life.Actor) (registry.Filter, error) {
	f := registry.Filter{
		Category: c.Query("category"), Territory: c.Query("territory"), After: c.Query("after"), Now: w.Now(), Limit: registry.PageSize,
	}
	h.narrow(&f, a)
	if kind := appeal.Kind(c.Query("kind")); kind != "" {
		if len(f.Kinds) > 0 && !slices.Contains(f.Kinds, kind) || !kind.Exists() {
			return f, console.ErrInvalid
		}
		f.Kinds = []appeal.Kind{kind}
	}
	if queue := c.Query("queue"); queue != "" {
		if len(f.Queues) > 0 && !slices.Contains(f.Queues, queue) {
			return f, console.ErrInvalid
		}
		f.Queues = []string{queue}
	}
	var who int64
	if text := c.Query("person"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			return f, console.ErrInvalid
		}
		who = n
	}
	return f, w.cut(&f, tab(c.Query("tab")), h, a, who)
}

// owed are the tabs of what is owed: those that are counted.
func owed() []tab {
	return []tab{toCheck, waiting, inWork, prepared, overdue, stalled, mine, all, refunds}
}

// cut keeps a filter to a tab, and to what somebody has, whoever he is.
func (w *Casework) cut(f *registry.Filter, t tab, h hat, a life.Actor, who int64) error {
	switch t {
	case toCheck, waiting, inWork, prepared:
		f.States = t.states(h)
	case overdue:
		f.Overdue = true
	case stalled:
		f.Stalled = w.stalledSince()
	case mine:
		who = cmp.Or(who, a.Staff)
	case answered:
		f.Scope = registry.Answered
	case closed:
		f.Scope = registry.Archived
	case refunds:
		f.Scope = registry.Indebted
	case all, "":
	default:
		return console.ErrInvalid
	}
	if h == directing {
		f.Assignee = who
	} else {
		f.Keeper = who
	}
	return nil
}

// stalledSince is the moment before which the last step of a stalled case lies.
func (w *Casework) stalledSince() time.Time { return w.Now().AddDate(0, 0, -w.StalledDays) }

func (w *Casework) row(l *registry.Line, people map[int64]string) row {
	r := row{
		Number: l.Number.String(), Kind: l.Kind, Category: l.Category, Territory: l.Territory, State: l.State, Resolution: l.Resolution,
		Queue: l.Queue, Keeper: someone(l.Keeper, people), Assignee: someone(l.Assignee, people), Registered: l.Registered, Moved: l.Moved,
		Stalled: l.State.Open() && l.Moved.Before(w.stalledSince()), Waits: []wait{}, Work: []life.Work{},
	}
	for _, x := range l.Waits {
		r.Waits = append(r.Waits, wait{x.Clock, x.At, moment(x.Paused)})
	}
	if l.State.Open() && !l.Due.IsZero() {
		r.Due = &l.Due
	}
	return r
}

// someone is somebody by his number; nil for nobody.
func someone(id int64, people map[int64]string) *person {
	if id == 0 {
		return nil
	}
	return &person{id, people[id]}
}

// counts says how much lies in the tabs of a hat: as much as their lists show.
func (w *Casework) counts(c *fiber.Ctx) error {
	a := w.actor(c)
	h, err := parseHat(c.Query("hat"), a)
	if err != nil {
		return w.fail(c, err)
	}
	filters := make([]registry.Filter, len(owed()))
	for i, t := range owed() {
		filters[i].Now = w.Now()
		h.narrow(&filters[i], a)
		if err := w.cut(&filters[i], t, h, a, 0); err != nil {
			return w.fail(c, err)
		}
	}
	list, err := w.Register.CountCases(c.UserContext(), filters)
	if err != nil {
		return w.fail(c, err)
	}
	counts := map[tab]int{}
	for i, t := range owed() {
		counts[t] = list[i]
	}
	return c.JSON(fiber.Map{"tabs": counts, "hats": hats(a), "hat": h, "own": console.Caller(c).ID})
}
