package appeal

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"okoshko/core/calendar"
	"okoshko/core/knowledge"
	"okoshko/core/table"
)

// Schema lists the tables of which a Book is made.
func Schema() []table.Layout { return []table.Layout{kinds, fields, choices, categories, forms} }

var (
	kinds      = layout("appeal_kinds", "place kind name_ru name_en plain_ru plain_en")
	fields     = layout("appeal_fields", "name type from secret label_ru label_en ask_ru ask_en hint_ru hint_en")
	choices    = layout("appeal_choices", "field place code name_ru name_en")
	categories = layout("appeal_categories", "place code valid_from offered kind audience function name_ru name_en plain_ru plain_en")
	// forms holds the fields of a category, or of all ("*"), since a day; a later
	// day's rows replace them all.
	forms = layout("appeal_forms", "category valid_from place field needed")
)

func layout(name, columns string) table.Layout {
	return table.Layout{Name: name, Columns: strings.Fields(columns)}
}

// everyCategory stands in forms for what all of them have.
const everyCategory = "*"

// Book is all kinds, categories and forms with their history. It is immutable.
type Book struct {
	kinds    []Called
	fields   map[Name]*Field
	versions map[string][]Category // by code, the oldest first, without their forms
	order    []string              // codes in the order in which they are offered
	forms    map[string][]form     // by code, the oldest first
}

// New makes a book of its tables. The error is of kind fault.Invalid and names
// the row that does not fit.
func New(list []table.Table) (*Book, error) {
	r := reader{
		Book:   &Book{fields: map[Name]*Field{}, versions: map[string][]Category{}, forms: map[string][]form{}},
		places: map[string]int{},
	}
	for _, t := range []struct {
		table.Layout
		read func(*table.Row)
	}{{kinds, r.kind}, {fields, r.field}, {choices, r.choice}, {categories, r.category}, {forms, r.form}} {
		if err := table.Each(list, t.Layout, t.read); err != nil {
			return nil, err
		}
	}
	return r.Book, r.finish()
}

type reader struct {
	*Book
	places map[string]int
}

const mostPlace = 10_000

var (
	codeForm = regexp.MustCompile(`^[\p{L}\d]{1,4}(-\d{1,3})?$`)
	nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

func (b *reader) kind(r *table.Row) {
	k := Called{Kind: table.OneOf(r, "kind", Kinds()...), Names: texts(r, "name"), Plain: texts(r, "plain")}
	if slices.ContainsFunc(b.kinds, func(o Called) bool { return o.Kind == k.Kind }) {
		r.Fail(fmt.Errorf("kind %s stands twice", k.Kind))
	}
	b.places[string(k.Kind)] = table.Number(r, "place", 0, mostPlace)
	b.kinds = append(b.kinds, k)
}

// texts reads a text that must be there.
func texts(r *table.Row, name string) map[string]string {
	t := r.Texts(name)
	if t["ru"] == "" {
		r.Fail(fmt.Errorf("%s has no value", name))
	}
	return t
}

func (b *reader) field(r *table.Row) {
	f := &Field{
		Name: Name(r.Needed("name")), Type: table.OneOf(r, "type", Types()...),
		From:   table.OneOf(r, "from", append(Sources(), "")...),
		Secret: table.Value(r, "secret", strconv.ParseBool),
		Labels: texts(r, "label"), Asks: texts(r, "ask"), Hints: r.Texts("hint"),
	}
	if _, twice := b.fields[f.Name]; twice || !nameForm.MatchString(string(f.Name)) || f.Name == audience {
		r.Fail(errors.New("a field has a name of its own, in small Latin letters"))
	}
	if f.Secret && f.From != "" {
		r.Fail(errors.New("what is secret is never filled in from an account"))
	}
	b.fields[f.Name] = f
}

func (b *reader) choice(r *table.Row) {
	f, known := b.fields[Name(r.Text("field"))]
	if !known || f.Type != Choice {
		r.Fail(fmt.Errorf("there is no field %q that is a choice", r.Text("field")))
		return
	}
	o := Option{Code: r.Needed("code"), Names: texts(r, "name")}
	place := table.Number(r, "place", 0, mostPlace)
	if _, twice := f.Option(o.Code); twice || !nameForm.MatchString(o.Code) {
		r.Fail(errors.New("a choice has a code of its own, in small Latin letters"))
	}
	b.places[string(f.Name)+"="+o.Code] = place
	f.Choices = append(f.Choices, o)
}

func (b *reader) category(r *table.Row) {
	c := Category{
		Code: r.Needed("code"), From: table.Value(r, "valid_from", calendar.ParseDate),
		Kind: table.OneOf(r, "kind", Kinds()...), Offered: table.Value(r, "offered", strconv.ParseBool),
		Audience: table.OneOf(r, "audience", knowledge.Individuals, knowledge.Companies, knowledge.Everybody),
		Function: r.Needed("function"), Names: texts(r, "name"), Plain: texts(r, "plain"),
	}
	c.place = table.Number(r, "place", 0, mostPlace)
	if !codeForm.MatchString(c.Code) {
		r.Fail(fmt.Errorf("%q is no code of a category", c.Code))
	}
	for _, other := range b.versions[c.Code] {
		switch {
		case other.From == c.From:
			r.Fail(fmt.Errorf("category %s from %s stands twice", c.Code, c.From))
		case other.Kind != c.Kind:
			r.Fail(fmt.Errorf("category %s is of kind %s: another kind needs another code", c.Code, other.Kind))
		}
	}
	if len(b.versions[c.Code]) == 0 {
		b.order = append(b.order, c.Code)
	}
	b.versions[c.Code] = append(b.versions[c.Code], c)
}

func (b *reader) form(r *table.Row) {
	code, from := r.Needed("category"), table.Value(r, "valid_from", calendar.ParseDate)
	f, known := b.fields[Name(r.Text("field"))]
	need := table.Value(r, "needed", ParseNeed)
	place := table.Number(r, "place", 0, mostPlace)
	if _, category := b.versions[code]; !known || !category && code != everyCategory {
		r.Fail(fmt.Errorf("there is no category %q or no field %q", code, r.Text("field")))
		return
	}
	list := b.forms[code]
	i := slices.IndexFunc(list, func(f form) bool { return f.From == from })
	if i < 0 {
		list, i = append(list, form{From: from}), len(list)
	}
	if slices.ContainsFunc(list[i].items, func(p placed) bool { return p.Name == f.Name }) {
		r.Fail(fmt.Errorf("field %s stands twice in the form", f.Name))
	}
	list[i].items = append(list[i].items, placed{place, Item{f, need}})
	b.forms[code] = list
}

// finish puts everything in order and checks what rows say of each other.
func (b *reader) finish() error {
	for code, list := range b.versions {
		slices.SortFunc(list, func(x, y Category) int { return x.From.Compare(y.From) })
		b.places[code] = list[len(list)-1].place
	}
	byPlace := func(x, y string) int { return cmp.Compare(b.places[x], b.places[y]) }
	slices.SortStableFunc(b.kinds, func(x, y Called) int { return byPlace(string(x.Kind), string(y.Kind)) })
	slices.SortStableFunc(b.order, byPlace)
	for _, f := range b.fields {
		prefix := string(f.Name) + "="
		slices.SortStableFunc(f.Choices, func(x, y Option) int { return byPlace(prefix+x.Code, prefix+y.Code) })
	}
	for _, list := range b.forms {
		slices.SortFunc(list, func(x, y form) int { return x.From.Compare(y.From) })
	}
	if len(b.kinds) != len(Kinds()) {
		return fmt.Errorf("table %s: %w", kinds.Name, errIncomplete)
	}
	return b.checkForms()
}
