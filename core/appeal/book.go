package appeal

import (
	"fmt"
	"maps"
	"slices"

	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
)

var errIncomplete = fault.New(fault.Invalid, "every kind has a row")

// Kinds returns how customers are told of the kinds, in order.
func (b *Book) Kinds() []Called { return slices.Clone(b.kinds) }

// Fields lists the fields that forms may ask for, by their names.
func (b *Book) Fields() []*Field {
	list := make([]*Field, 0, len(b.fields))
	for _, name := range slices.Sorted(maps.Keys(b.fields)) {
		list = append(list, b.fields[name])
	}
	return list
}

// Field returns a field by its name.
func (b *Book) Field(name Name) (f *Field, found bool) {
	f, found = b.fields[name]
	return f, found
}

// Category returns a category as it held on a day, offered or not. The error is
// ErrNoCategory.
func (b *Book) Category(code string, day calendar.Date) (*Category, error) {
	list := b.versions[code]
	i := current(list, day, func(c Category) calendar.Date { return c.From })
	if i < 0 {
		return nil, fmt.Errorf("category %q on %s: %w", code, day, ErrNoCategory)
	}
	c := list[i]
	c.Form = b.form(code, day)
	return &c, nil
}

// Offered returns the categories of a kind that somebody of the audience
// (anybody if it is not known) can choose on a day, in order.
func (b *Book) Offered(k Kind, who knowledge.Audience, day calendar.Date) []*Category {
	var list []*Category
	for _, code := range b.order {
		if c, err := b.Category(code, day); err == nil && c.Offered && c.Kind == k && c.Audience.Meets(who) {
			list = append(list, c)
		}
	}
	return list
}

// All returns the categories as they held on a day, in order, those that nobody
// can choose any more with them: old cases have them.
func (b *Book) All(day calendar.Date) []*Category {
	var list []*Category
	for _, code := range b.order {
		if c, err := b.Category(code, day); err == nil {
			list = append(list, c)
		}
	}
	return list
}

// form returns what a category asked on a day: its own fields and those of all,
// by their places; its own comes before one of all in the same place, and
// replaces it if it is the same field.
func (b *Book) form(code string, day calendar.Date) []Item {
	var items []placed
	for _, of := range []string{code, everyCategory} {
		list := b.forms[of]
		i := current(list, day, func(f form) calendar.Date { return f.From })
		if i < 0 {
			continue
		}
		for _, p := range list[i].items {
			if !slices.ContainsFunc(items, func(o placed) bool { return o.Name == p.Name }) {
				items = append(items, p)
			}
		}
	}
	slices.SortStableFunc(items, func(x, y placed) int { return x.place - y.place })
	form := make([]Item, len(items))
	for i, p := range items {
		form[i] = p.Item
	}
	return form
}

// current returns the index of the last of a list, sorted by day, that holds on
// a day; -1 if none does.
func current[T any](list []T, day calendar.Date, from func(T) calendar.Date) int {
	n := 0
	for n < len(list) && !day.Before(from(list[n])) {
		n++
	}
	return n - 1
}

// checkForms refuses a form that names a field or a choice that is not there, on
// every day on which a form changes.
func (b *Book) checkForms() error {
	var days []calendar.Date
	for _, list := range b.forms {
		for _, f := range list {
			days = append(days, f.From)
		}
	}
	for code, list := range b.versions {
		for _, version := range list {
			days = append(days, version.From)
		}
		for _, day := range days {
			c, err := b.Category(code, day)
			if err != nil {
				continue // not yet born
			}
			if err := c.check(); err != nil {
				return fault.Wrap(fault.Invalid, fmt.Errorf("table %s: category %s on %s: %w", forms.Name, code, day, err))
			}
		}
	}
	for _, f := range b.fields {
		if (f.Type == Choice) != (len(f.Choices) > 0) {
			return fault.New(fault.Invalid, fmt.Sprintf("table %s: field %s has no choices", choices.Name, f.Name))
		}
	}
	return nil
}

// check refuses a form whose conditions cannot be met, or that lacks what the
// house looks at.
func (c *Category) check() error {
	for _, name := range []Name{Body, Contact, AnswerWay} {
		if item, ok := c.Item(name); !ok || item.Need.String() != "always" {
			return fmt.Errorf("it must always ask for %s", name)
		}
	}
	for i, item := range c.Form {
		if item.Need.Unsure && !item.MayBeUnknown() {
			return fmt.Errorf("%s of type %s must be known", item.Name, item.Type)
		}
		before := c.Form[:i]
		for _, cond := range item.Need.If {
			if err := cond.check(before); err != nil {
				return fmt.Errorf("%s depends on %w", item.Name, err)
			}
		}
		if other := item.Need.Without; other != "" && !slices.ContainsFunc(before, named(other)) {
			return fmt.Errorf("%s stands in for %q, which is not asked before it", item.Name, other)
		}
	}
	return nil
}

func named(name Name) func(Item) bool { return func(o Item) bool { return o.Name == name } }

// check refuses what can never be true after these questions.
func (c Condition) check(before []Item) error {
	possible := func(value string) bool {
		return value == string(knowledge.Individuals) || value == string(knowledge.Companies)
	}
	if c.Field != audience {
		i := slices.IndexFunc(before, named(c.Field))
		if i < 0 {
			return fmt.Errorf("%q, which is not asked before it", c.Field)
		}
		possible = func(value string) bool { _, ok := before[i].Option(value); return ok }
	}
	for _, value := range c.Is {
		if !possible(value) {
			return fmt.Errorf("%s=%q, which cannot be", c.Field, value)
		}
	}
	return nil
}
