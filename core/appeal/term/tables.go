package term

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/table"
)

// Schema lists the tables of which a Book is made.
func Schema() []table.Layout { return []table.Layout{terms, alerts} }

var (
	terms = table.Layout{Name: "appeal_terms", Columns: strings.Fields(
		"valid_from clock kind category audience channel company legal law_ru law_en extension how")}
	// alerts holds who hears of a clock since a day; a later day's rows replace
	// them all.
	alerts = table.Layout{Name: "appeal_alerts", Columns: strings.Fields("valid_from clock mark receivers")}
)

// Book is all rules with their history. It is immutable.
type Book struct {
	policies []Policy // by the day since which they hold
	rules    []rule
}

// New makes a book of its tables. The error is of kind fault.Invalid and names
// the row that does not fit.
func New(list []table.Table) (*Book, error) {
	b := &Book{}
	if err := errors.Join(table.Each(list, terms, b.policy), table.Each(list, alerts, b.rule)); err != nil {
		return nil, err
	}
	slices.SortStableFunc(b.policies, func(x, y Policy) int { return x.From.Compare(y.From) })
	return b, nil
}

// optional reads a term that may be missing.
func optional(r *table.Row, column string) calendar.Term {
	if r.Text(column) == "" {
		return calendar.Term{}
	}
	t := table.Value(r, column, calendar.ParseTerm)
	if t.IsZero() || t.N == 0 && column != "company" {
		r.Fail(fmt.Errorf("%s is no time at all", column))
	}
	return t
}

func (b *Book) policy(r *table.Row) {
	p := Policy{
		From: table.Value(r, "valid_from", calendar.ParseDate), Clock: table.OneOf(r, "clock", Clocks()...),
		Subject: Subject{
			Kind: table.OneOf(r, "kind", append(appeal.Kinds(), "")...), Category: r.Text("category"),
			Audience: table.OneOf(r, "audience", knowledge.Individuals, knowledge.Companies, knowledge.Everybody),
			Channel:  r.Text("channel"),
		},
		Company: optional(r, "company"), Legal: optional(r, "legal"), Laws: r.Texts("law"),
		Extension: optional(r, "extension"), How: table.OneOf(r, "how", Add, Total, ""),
	}
	switch {
	case p.Legal.IsZero() != (p.Laws["ru"] == ""):
		r.Fail(errors.New("a legal term names its law, and a law has a term"))
	case p.Extension.IsZero() != (p.How == ""):
		r.Fail(errors.New("an extension says how it is counted: add or total"))
	case p.Extension.Unit == calendar.ClockHours:
		r.Fail(errors.New("an extension is counted in days"))
	case !p.Extension.IsZero() && p.Clock != Answer:
		r.Fail(fmt.Errorf("only the term of an answer can be extended, not that of %s", p.Clock))
	}
	if slices.ContainsFunc(b.policies, func(o Policy) bool { return o.ID() == p.ID() }) {
		r.Fail(errors.New("the rule stands twice"))
	}
	b.policies = append(b.policies, p)
}

func (b *Book) rule(r *table.Row) {
	a := rule{
		from: table.Value(r, "valid_from", calendar.ParseDate), clock: table.OneOf(r, "clock", Clocks()...),
		mark: table.Value(r, "mark", ParseMark),
	}
	for word := range strings.FieldsSeq(r.Text("receivers")) {
		a.to = append(a.to, Receiver(word))
		if !slices.Contains(Receivers(), Receiver(word)) {
			r.Fail(fmt.Errorf("%q is none of %q", word, Receivers()))
		}
	}
	if len(a.to) == 0 {
		r.Fail(errors.New("nobody would hear of it"))
	}
	if slices.ContainsFunc(b.rules, func(o rule) bool { return o.from == a.from && o.clock == a.clock && o.mark == a.mark }) {
		r.Fail(errors.New("the mark stands twice"))
	}
	b.rules = append(b.rules, a)
}
