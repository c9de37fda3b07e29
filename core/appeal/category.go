package appeal

import (
	"slices"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

// ErrNoCategory says that no category had such a code on that day. It is of
// kind fault.NotFound.
var ErrNoCategory error = &fault.Error{Kind: fault.NotFound, Key: "no_category"}

// Category is what an appeal is about (spec §5.6), as it held on a day. Texts are
// by language.
type Category struct {
	// Code is В-1, Ж-5, З-12: in numbers' lists and in letters to staff.
	Code string
	// From is the day since which the category is as it is here.
	From calendar.Date
	Kind Kind
	// Offered: customers can choose it. One that is not any more is kept for its
	// old cases.
	Offered  bool
	Audience knowledge.Audience
	// Function is the code of who answers: see package route.
	Function string
	Names    map[string]string
	// Plain says in everyday words when to choose it.
	Plain map[string]string
	// Form is what is asked, in order, with what every form has.
	Form []Item

	place int // among the categories that are offered; that of the newest version counts
}

// Place is where the category stands among those that are offered, by its newest
// version.
func (b *Book) Place(code string) int {
	list := b.versions[code]
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].place
}

// Item returns the item of a field in the form.
func (c *Category) Item(f Name) (Item, bool) {
	i := slices.IndexFunc(c.Form, func(item Item) bool { return item.Name == f })
	if i < 0 {
		return Item{}, false
	}
	return c.Form[i], true
}

// Secure reports whether the form must be filled in on the secure page, for one
// of the audience: it may ask for what no messenger may carry.
func (c *Category) Secure(who knowledge.Audience) bool {
	return slices.ContainsFunc(c.Form, func(item Item) bool { return item.Secret && item.Concerns(who) })
}

// Asked returns the fields that are of interest by the answers so far, the
// optional ones too.
func (c *Category) Asked(a Answers, who knowledge.Audience) []Item {
	var list []Item
	heard := Answers{} // of fields that are asked: an answer given before a change of mind says nothing
	for _, item := range c.Form {
		if item.Need.applies(heard, who) {
			list = append(list, item)
			heard[item.Name] = a[item.Name]
		}
	}
	return list
}

// Missing returns the fields that must have an answer and have none: the
// checklist of completeness (R-5.2.7-b, R-5.2.8-b). A case is complete without
// them; one whose writer does not know something is, too (Need.Unsure): asking him
// again would not help.
func (c *Category) Missing(a Answers, who knowledge.Audience) []*Field {
	var list []*Field
	for _, item := range c.Asked(a, who) {
		if !item.Need.Optional && a.One(item.Name) == "" {
			list = append(list, item.Field)
		}
	}
	return list
}

// Flaw is an answer that cannot stay.
type Flaw struct {
	Field Name
	// Key is the message: that of one of the Refusals.
	Key string
}

// Flaws returns which answers are wrong on a day, field by field; none if all
// are as Read returns them.
func (c *Category) Flaws(a Answers, today calendar.Date) []Flaw {
	var list []Flaw
	names := make([]Name, 0, len(a))
	for name := range a {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		item, known := c.Item(name)
		if !known {
			list = append(list, Flaw{name, ErrUnknown.Key})
			continue
		}
		if len(a[name]) > 1 && item.Type != Files || len(a[name]) > MostFiles {
			list = append(list, Flaw{name, ErrTooMany.Key})
			continue
		}
		for _, text := range a.All(name) {
			if _, err := item.Read(text, today); err != nil {
				list = append(list, Flaw{name, keyOf(err)})
				break
			}
		}
	}
	return list
}
