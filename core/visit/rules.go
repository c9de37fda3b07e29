package visit

import (
	"embed"
	"fmt"
	"slices"
	"time"

	"okoshko/core/fault"
	"okoshko/core/table"
)

// Rules are the company's rules of booking (spec §5.2).
type Rules struct {
	// Days is how far ahead a visit can be booked, Lead how soon the first one.
	Days int
	Lead time.Duration
	// Active is how many bookings a person may have at a time.
	Active int
	// WalkIn is the share of a day's slots, per cent and rounded down, that is
	// left for those who come without a booking.
	WalkIn int
	// Hold is how long a chosen slot is kept while its customer books it, Offer
	// how long one that somebody waited for.
	Hold, Offer time.Duration
	// Waiting is how many wishes a person may have on the waiting list.
	Waiting int
}

// Rule is one of the rules, as staff see and set it.
type Rule struct {
	Name string
	// Value holds, Standard would if nobody had set another.
	Value, Standard int
	// Least and Most are what may be set.
	Least, Most int
}

// ErrRule: there is no such rule, or its value is out of bounds.
var ErrRule error = &fault.Error{Kind: fault.Invalid, Key: "rule"}

// The standard rules and their bounds. Those of spec §5.2 are days, lead_minutes,
// active and walk_in_percent; how long slots are held and how many wishes may
// wait, it leaves to us.
//
//go:embed rules.tsv
var rulesFile embed.FS

var standard = readStandard()

func readStandard() []Rule {
	rules := layout("rules", "name value least most")
	tables, err := table.Read(rulesFile, []table.Layout{rules})
	var list []Rule
	if err == nil {
		err = table.Each(tables, rules, func(r *table.Row) {
			rule := Rule{Name: r.Needed("name"), Least: table.Number(r, "least", 0, 10_000), Most: table.Number(r, "most", 0, 10_000)}
			rule.Standard = table.Number(r, "value", rule.Least, rule.Most)
			rule.Value = rule.Standard
			list = append(list, rule)
		})
	}
	if err != nil {
		panic(err) // the file is part of the program
	}
	return list
}

// StandardRules returns the rules that hold where the company has set no others.
func StandardRules() Rules { return rulesOf(standard) }

// MostAhead is how many days ahead a visit can be booked at most, whatever rule
// is set.
func MostAhead() int {
	return standard[slices.IndexFunc(standard, func(r Rule) bool { return r.Name == "days" })].Most
}

func rulesOf(list []Rule) Rules {
	value := func(name string) int {
		return list[slices.IndexFunc(list, func(r Rule) bool { return r.Name == name })].Value
	}
	minutes := func(name string) time.Duration { return time.Duration(value(name)) * time.Minute }
	return Rules{
		Days: value("days"), Lead: minutes("lead_minutes"), Active: value("active"), WalkIn: value("walk_in_percent"),
		Hold: minutes("hold_minutes"), Offer: minutes("offer_minutes"), Waiting: value("waiting"),
	}
}

// FindRule returns a rule by its name. The error is ErrRule.
func (d *Directory) FindRule(name string) (Rule, error) {
	i := slices.IndexFunc(d.rules, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return Rule{}, fmt.Errorf("there is no rule %q: %w", name, ErrRule)
	}
	return d.rules[i], nil
}

// Check returns ErrRule for a value that the rule must not have.
func (r Rule) Check(value int) error {
	if value < r.Least || value > r.Most {
		return fmt.Errorf("%s: %d is not within %d and %d: %w", r.Name, value, r.Least, r.Most, ErrRule)
	}
	return nil
}

// Rules returns the rules of booking.
func (d *Directory) Rules() Rules { return rulesOf(d.rules) }

// ListRules returns them one by one.
func (d *Directory) ListRules() []Rule { return slices.Clone(d.rules) }

// rule reads what the company has set.
func (d *reader) rule(r *table.Row) {
	name := r.Needed("name")
	for i := range d.rules {
		if d.rules[i].Name == name {
			d.rules[i].Value = table.Number(r, "value", d.rules[i].Least, d.rules[i].Most)
			return
		}
	}
	r.Fail(fmt.Errorf("there is no rule %q", name))
}
