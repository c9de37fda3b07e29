package journal

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/audit"
	"okoshko/core/calendar"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
	"okoshko/dialogs/words/times"
)

// text is what the page shows in the language that its reader has chosen.
type text = map[string]string

// change is a field of a line: what stood in it, and what stands there now.
type change struct {
	// Field is what the page has a word for: the name in the line, that of a case's
	// with "case_" before it where both have one, and a column of the tables as
	// "terms.company".
	Field string `json:"field"`
	// Of names the row of a table, the number of a window.
	Of     []text  `json:"of,omitempty"`
	Before *string `json:"before,omitempty"`
	After  *string `json:"after,omitempty"`
	// Names says what codes among the values mean. Those that are missing the page
	// has words for: roles, visits' states, yes and no.
	Names map[string]text `json:"names,omitempty"`
}

// kind is what a code names: the codes of one are called by one list.
type kind string

// glossary is what codes are called, by kind.
type glossary map[kind]map[string]text

// kinds tells of which kind the codes in a field are. A column of the tables is of the
// kind of its name.
var kinds = map[string]kind{
	"case_state": "state", "event": "event", "step": "step", "queue": "queue", "deputy": "queue", "addressee": "addressee",
	"person": "person", "territory": "territory", "territories": "territory", "teams": "team", "field": "field", "category": "category",
	"kind": "kind", "clock": "clock", "function": "function", "office": "office", "service": "service", "way": "way", "contact": "contact",
}

// lists are the fields with several codes, a comma between them.
var lists = []string{"teams", "territories", "roles"}

// rows are the kinds of what names a row of a table, in their order.
var rows = map[string][]kind{
	"categories": {"category"}, "forms": {"category", "field"}, "fields": {"field"}, "terms": {"clock", "kind", "category"}, "alerts": {"clock"},
	"routes": {"function", "territory"}, "queues": {"queue"},
}

// subjects are those of the parts of a subject, by its first.
var subjects = map[string][]kind{
	"category": {"category"}, "form": {"category"}, "field": {"field"}, "route": {"function", "territory"}, "queue": {"queue"},
	"term": {"clock", "kind", "category"}, "alerts": {"clock"}, "office": {"office"},
}

// glossary reads what codes are called now. What is gone keeps its code.
func (p *Part) glossary(ctx context.Context) (glossary, error) {
	books, err := p.Store.CaseBooks(ctx)
	if err != nil {
		return nil, err
	}
	g := glossary{}
	g["way"], g["contact"] = options(books.Forms, appeal.AnswerWay), options(books.Forms, appeal.Contact)
	for _, s := range life.States() {
		g.name("state", string(s), words.InEach(func(l words.Lang) string { return cases.State(l, s) }))
	}
	for _, r := range life.Rules() {
		g.name("event", string(r.Event), words.InEach(func(l words.Lang) string { return cases.Event(l, r.Event) }))
	}
	for _, s := range life.PublicationSteps() {
		g.name("step", string(s), words.InEach(func(l words.Lang) string { return cases.Published(l, s) }))
	}
	for _, c := range term.Clocks() {
		g.name("clock", string(c), words.InEach(func(l words.Lang) string { return cases.Clock(l, c) }))
	}
	for _, k := range books.Forms.Kinds() {
		g.name("kind", string(k.Kind), k.Names)
	}
	for _, c := range books.Forms.All(calendar.DateOf(p.Now(), p.Zone)) {
		g.name("category", c.Code, words.InEach(func(l words.Lang) string { return c.Code + " " + c.Names[string(l)] }))
	}
	for _, f := range books.Forms.Fields() {
		g.name("field", string(f.Name), f.Labels)
	}
	for _, q := range books.Routes.Queues() {
		g.name("queue", q.Code, q.Names)
	}
	for _, f := range books.Routes.Functions() {
		g.name("function", f.Code, f.Names)
	}
	return g, p.others(ctx, g)
}

// others adds what the tables of cases do not name: people, teams, places.
func (p *Part) others(ctx context.Context, g glossary) error {
	people, err := p.Store.ListStaff(ctx)
	if err != nil {
		return err
	}
	for i := range people {
		g.name("person", strconv.FormatInt(people[i].ID, 10), words.Plain(people[i].Name))
	}
	teams, err := p.Store.Teams(ctx)
	if err != nil {
		return err
	}
	for _, t := range teams {
		g.name("team", t.Code, words.Plain(t.Name))
	}
	places, err := p.Store.Territories(ctx)
	if err != nil {
		return err
	}
	for _, t := range places {
		g.name("territory", t.Code, t.Name)
	}
	links, err := p.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, l := range links {
		g.name("addressee", l.Kind, l.Names)
	}
	offices, err := p.Store.OfficesNow(ctx)
	if err != nil {
		return err
	}
	for _, o := range offices.Offices("", "") {
		g.name("office", o.Code, o.Names)
	}
	for _, s := range offices.Services("") {
		g.name("service", s.Code, s.Names)
	}
	return nil
}

func options(b *appeal.Book, name appeal.Name) map[string]text {
	said := map[string]text{}
	if f, known := b.Field(name); known {
		for _, o := range f.Choices {
			said[o.Code] = o.Names
		}
	}
	return said
}

func (g glossary) name(k kind, code string, names text) {
	if g[k] == nil {
		g[k] = map[string]text{}
	}
	g[k][code] = names
}

// about names the parts of a subject, or a team; none if it is no address such as
// "office/01".
func (g glossary) about(e *audit.Entry) []text {
	if e.Act == audit.TeamSave || e.Act == audit.TeamDrop {
		return g.called([]kind{"team"}, []string{e.Subject})
	}
	parts := strings.Split(e.Subject, "/")
	of, known := subjects[parts[0]]
	if !known {
		return nil
	}
	return g.called(of, parts[1:])
}

// called names codes, of which each may be of one of some kinds. The sign for all
// territories and what no kind has a name for stay as they are.
func (g glossary) called(of []kind, codes []string) []text {
	said := make([]text, 0, len(codes))
	for _, code := range codes {
		name := words.Plain(code)
		for _, k := range of {
			if known, ok := g[k][code]; ok {
				name = known
				break
			}
		}
		said = append(said, name)
	}
	return said
}

// changes are the fields of a line, in an order of their own. What stayed as it was,
// empty as well, says nothing.
func (g glossary) changes(e *audit.Entry) []change {
	list := []change{}
	names := map[string]bool{}
	for _, of := range []map[string]string{e.Before, e.After} {
		for name := range of {
			names[name] = true
		}
	}
	for _, name := range slices.SortedFunc(maps.Keys(names), inOrder) {
		was, known := e.Before[name]
		is, left := e.After[name]
		if was == is {
			continue
		}
		c := g.change(e, name)
		if known {
			c.Before = &was
		}
		if left {
			c.After = &is
		}
		for _, value := range []*string{c.Before, c.After} {
			if value != nil {
				g.explain(&c, name, *value)
			}
		}
		list = append(list, c)
	}
	return list
}

// first are the fields that say the most; all others follow by their names.
var first = []string{"event", "state", "queue", "first", "last"}

func inOrder(a, b string) int {
	at := func(name string) int {
		if i := slices.Index(first, name); i >= 0 {
			return i
		}
		return len(first)
	}
	if x, y := at(a), at(b); x != y {
		return x - y
	}
	return strings.Compare(a, b)
}

// change says which field of the page's a name in a line is.
func (g glossary) change(e *audit.Entry, name string) change {
	parts := strings.Fields(name)
	switch {
	case e.Act == audit.TablesChange && len(parts) > 2:
		table, column := parts[0], parts[len(parts)-1]
		return change{Field: table + "." + column, Of: g.called(rows[table], parts[1:len(parts)-1])}
	case len(parts) > 1: // "window 3"
		return change{Field: parts[0], Of: g.called(nil, parts[1:])}
	case name == "event" && e.Act == audit.CasePublish:
		return change{Field: "step"}
	case name == "by" && e.Act == audit.Erasure:
		return change{Field: "eraser"}
	case name == "last" && e.Act == audit.AuditPrune:
		return change{Field: "through"}
	case name == "hours" && e.Act == audit.CalendarAdd:
		return change{Field: "norm"}
	case name == "state" && (e.Act == audit.CaseStep || e.Act == audit.CaseResend || e.Act == audit.CasePublish):
		return change{Field: "case_state"}
	case name == "way" && e.After["reply"] == "": // by which he was reached, not answered
		return change{Field: "contact"}
	}
	return change{Field: name}
}

// explain names what stands in a value.
func (g glossary) explain(c *change, name, value string) {
	field := c.Field
	if _, column, ok := strings.Cut(field, "."); ok {
		field = column
	}
	note := func(code string, said text) {
		if c.Names == nil {
			c.Names = map[string]text{}
		}
		c.Names[code] = said
	}
	codes := []string{value}
	if slices.Contains(lists, field) {
		codes = strings.Split(value, ", ")
	}
	for _, code := range codes {
		if said, known := g[kinds[field]][code]; known {
			note(code, said)
		}
	}
	switch {
	case field == "hours":
		if week, err := calendar.ParseWeek(value); err == nil {
			note(value, words.InEach(func(l words.Lang) string { return times.Week(l, week) }))
		} else if spans, err := calendar.ParseSpans(value); err == nil {
			note(value, words.InEach(func(l words.Lang) string { return times.Spans(l, spans) }))
		}
	case field == "sanitary":
		if days, err := calendar.ParseDays(value); err == nil {
			note(value, words.InEach(func(l words.Lang) string {
				said := make([]string, len(days))
				for i, d := range days {
					said[i] = times.Weekday(l, d)
				}
				return strings.Join(said, ", ")
			}))
		}
	case strings.HasPrefix(name, "window "):
		note(value, g.window(value))
	}
}

// window says what a window serves, and from when to when: "charges debts
// 2026-11-01..".
func (g glossary) window(value string) text {
	parts := strings.Fields(value)
	if len(parts) == 0 {
		return words.Plain(value)
	}
	first, last, _ := strings.Cut(parts[len(parts)-1], "..")
	return words.InEach(func(l words.Lang) string {
		var said []string
		for _, service := range g.called([]kind{"service"}, parts[:len(parts)-1]) {
			said = append(said, service[string(l)])
		}
		if first != "" || last != "" {
			said = append(said, dated(first)+"–"+dated(last))
		}
		return strings.Join(said, ", ")
	})
}

// dated shows a day in figures, which are the same in both languages.
func dated(day string) string {
	d, err := calendar.ParseDate(day)
	if err != nil {
		return "…"
	}
	return d.At(0, time.UTC).Format("02.01.2006")
}
