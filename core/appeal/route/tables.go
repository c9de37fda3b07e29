package route

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/core/staff"
	"okoshko/core/table"
)

// Schema lists the tables of which a Book is made.
func Schema() []table.Layout { return []table.Layout{functions, queues, routes, places} }

var (
	functions = layout("appeal_functions", "code name_ru name_en")
	queues    = layout("appeal_queues", "code role deputy email name_ru name_en")
	// routes holds the queue of a function in a territory, or in all ("*"), since
	// a day; without a queue the rule ends.
	routes = layout("appeal_routes", "function territory valid_from queue")
	// places holds what addresses of a territory name: words in small letters with
	// е for ё, "*" for any ending. A street counts within its place.
	places = layout("appeal_places", "territory place street")
)

func layout(name, columns string) table.Layout {
	return table.Layout{Name: name, Columns: strings.Fields(columns)}
}

// everywhere stands in routes for all territories.
const everywhere = "*"

// Book is all queues and routes with their history. It is immutable.
type Book struct {
	functions []Function
	queues    map[string]Queue
	routes    map[key][]version
	places    []place
}

type key struct{ function, territory string }

type version struct {
	from  calendar.Date
	queue string
}

// place is words by which an address tells its territory.
type place struct {
	territory     string
	words, street []string
}

// New makes a book of its tables. The error is of kind fault.Invalid and names
// the row that does not fit.
func New(list []table.Table) (*Book, error) {
	b := &Book{queues: map[string]Queue{}, routes: map[key][]version{}}
	for _, t := range []struct {
		table.Layout
		read func(*table.Row)
	}{{functions, b.function}, {queues, b.queue}, {routes, b.route}, {places, b.place}} {
		if err := table.Each(list, t.Layout, t.read); err != nil {
			return nil, err
		}
	}
	for _, versions := range b.routes {
		slices.SortFunc(versions, func(x, y version) int { return x.from.Compare(y.from) })
	}
	return b, b.check()
}

var (
	codeForm      = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	territoryForm = regexp.MustCompile(`^(\d\d|\*)$`)
)

func (b *Book) function(r *table.Row) {
	f := Function{Code: r.Needed("code"), Names: r.Texts("name")}
	if b.Function(f.Code).Code != "" || f.Names["ru"] == "" {
		r.Fail(errors.New("a function has a code of its own, and a name"))
	}
	b.functions = append(b.functions, f)
}

func (b *Book) queue(r *table.Row) {
	q := Queue{
		Code: r.Needed("code"), Names: r.Texts("name"), Deputy: r.Text("deputy"),
		Role: table.OneOf(r, "role", append(slices.Clone(desks), "")...),
	}
	if email, err := privacy.ParseEmail(r.Text("email")); err != nil {
		r.Fail(err)
	} else {
		q.Email = email.Reveal()
	}
	if _, twice := b.queues[q.Code]; twice || !codeForm.MatchString(q.Code) || q.Names["ru"] == "" {
		r.Fail(errors.New("a queue has a code of its own in small Latin letters, and a name"))
	}
	if q.Role != "" && b.Desk(q.Role).Code != "" {
		r.Fail(fmt.Errorf("%s has two queues", q.Role))
	}
	b.queues[q.Code] = q
}

func (b *Book) route(r *table.Row) {
	k := key{r.Needed("function"), r.Needed("territory")}
	v := version{table.Value(r, "valid_from", calendar.ParseDate), r.Text("queue")}
	_, known := b.queues[v.queue]
	switch {
	case b.Function(k.function).Code == "":
		r.Fail(fmt.Errorf("there is no function %q", k.function))
	case !territoryForm.MatchString(k.territory):
		r.Fail(fmt.Errorf("%q is no code of a territory", k.territory))
	case !known && v.queue != "":
		r.Fail(fmt.Errorf("there is no queue %q", v.queue))
	case slices.ContainsFunc(b.routes[k], func(o version) bool { return o.from == v.from }):
		r.Fail(errors.New("the route stands twice"))
	}
	b.routes[k] = append(b.routes[k], v)
}

func (b *Book) place(r *table.Row) {
	p := place{r.Needed("territory"), strings.Fields(r.Needed("place")), strings.Fields(r.Text("street"))}
	if !territoryForm.MatchString(p.territory) || p.territory == everywhere {
		r.Fail(fmt.Errorf("%q is no code of a territory", p.territory))
	}
	for _, word := range slices.Concat(p.words, p.street) {
		if plain := strings.TrimSuffix(word, "*"); plain == "" || strings.Join(wordsOf(plain), " ") != plain {
			r.Fail(fmt.Errorf("%q is no word in small letters", word))
		}
	}
	b.places = append(b.places, p)
}

// desks are the duties of the house that have a queue.
var desks = []staff.Role{staff.ReceptionSpecialist, staff.ApplicationRouter, staff.ComplaintRouter, staff.Supervisor}

// check refuses what rows say of each other.
func (b *Book) check() error {
	for _, role := range desks {
		if b.Desk(role).Code == "" {
			return fault.New(fault.Invalid, fmt.Sprintf("table %s: %s has no queue", queues.Name, role))
		}
	}
	for _, q := range b.Queues() {
		if _, known := b.queues[q.Deputy]; q.Deputy != "" && (!known || q.Deputy == q.Code) {
			return fault.New(fault.Invalid, fmt.Sprintf("table %s: %s has the deputy %q, which is none", queues.Name, q.Code, q.Deputy))
		}
	}
	return nil
}

// Queues returns all queues by their codes.
func (b *Book) Queues() []Queue {
	list := make([]Queue, 0, len(b.queues))
	for _, q := range b.queues {
		list = append(list, q)
	}
	slices.SortFunc(list, func(x, y Queue) int { return cmp.Compare(x.Code, y.Code) })
	return list
}

// Queue returns a queue by its code.
func (b *Book) Queue(code string) (q Queue, found bool) {
	q, found = b.queues[code]
	return q, found
}

// Desk returns the queue of a role: where letters to it go.
func (b *Book) Desk(d staff.Role) Queue {
	for _, q := range b.queues {
		if q.Role == d {
			return q
		}
	}
	return Queue{}
}

// Functions returns all functions, in the order of the table.
func (b *Book) Functions() []Function { return slices.Clone(b.functions) }

// Function returns a function by its code, the zero one if there is none.
func (b *Book) Function(code string) Function {
	i := slices.IndexFunc(b.functions, func(f Function) bool { return f.Code == code })
	if i < 0 {
		return Function{}
	}
	return b.functions[i]
}

// Answered reports whether a function has a rule on a day, in some territory at
// least.
func (b *Book) Answered(function string, day calendar.Date) bool {
	for k := range b.routes {
		if _, ok := b.on(k, day); ok && k.function == function {
			return true
		}
	}
	return false
}

// on returns the queue that a rule names on a day.
func (b *Book) on(k key, day calendar.Date) (queue string, ok bool) {
	for _, v := range b.routes[k] {
		if !day.Before(v.from) {
			queue = v.queue
		}
	}
	return queue, queue != ""
}
