package edit

import (
	"slices"
	"strconv"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

// Category adds a category, or a version of one. One that is not offered is
// retired: cases that have it keep it, customers cannot choose it any more, and
// who is in the middle of its form ends it.
type Category struct {
	Code string `json:"code"`
	// New: there must be none with the code yet, else there must be one.
	New      bool               `json:"new"`
	From     calendar.Date      `json:"from"`
	Offered  bool               `json:"offered"`
	Kind     appeal.Kind        `json:"kind"`
	Audience knowledge.Audience `json:"audience"`
	Function string             `json:"function"`
	Place    int                `json:"place"`
	Names    Texts              `json:"name"`
	Plain    Texts              `json:"plain"`
	// Fields are what the form of a new one asks, beside what all ask.
	Fields []Item `json:"fields"`
}

// Item is a field of a form. Need is as tables have it: see appeal.Need.
type Item struct {
	Field appeal.Name `json:"field"`
	Need  string      `json:"need"`
}

func (e *Category) subject() string { return "category/" + e.Code }

const (
	mostPlace  = 9_999
	mostFields = 30
)

func (e *Category) write(s *sheet) error {
	c := cell{
		"code": e.Code, "valid_from": e.From.String(), "offered": strconv.FormatBool(e.Offered), "kind": string(e.Kind),
		"audience": string(e.Audience), "function": e.Function, "place": strconv.Itoa(e.Place),
	}
	known := s.find("appeal_categories", cell{"code": e.Code})
	switch {
	case !categoryCode.MatchString(e.Code):
		return ErrCode
	case e.New && len(known) > 0:
		return ErrTaken
	case !e.New && len(known) == 0:
		return ErrUnknown
	case !e.Kind.Exists() || len(known) > 0 && known[0]["kind"] != c["kind"]:
		return ErrKind
	case e.Place < 0 || e.Place > mostPlace:
		return ErrPlace
	case !oneOf(e.Audience, []knowledge.Audience{knowledge.Individuals, knowledge.Companies, knowledge.Everybody}),
		s.books.routes.Function(e.Function).Code == "":
		return ErrUnknown
	}
	if err := e.Names.put(c, "name", mostTitle, ErrTitle); err != nil {
		return err
	}
	if err := e.Plain.put(c, "plain", mostPlain, ErrText); err != nil {
		return err
	}
	if err := s.hold(e.From, 0); err != nil {
		return err
	}
	s.categories = append(s.categories, e.Code)
	s.put("appeal_categories", c)
	if !e.New {
		s.note(!e.Offered, "retired")
		return nil
	}
	return s.form(e.Code, e.From, e.Fields)
}

// Form sets what a category's form asks beside what all ask, in order. Who is in
// the middle of it goes on with the new questions: what he has answered stays.
type Form struct {
	Category string        `json:"category"`
	From     calendar.Date `json:"from"`
	Fields   []Item        `json:"fields"`
}

func (e *Form) subject() string { return "form/" + e.Category }

func (e *Form) write(s *sheet) error {
	if len(s.find("appeal_categories", cell{"code": e.Category})) == 0 {
		return ErrUnknown
	}
	if err := s.hold(e.From, 1); err != nil {
		return err
	}
	s.categories = append(s.categories, e.Category)
	s.note(true, "forms")
	s.drop("appeal_forms", cell{"category": e.Category, "valid_from": e.From.String()})
	if len(e.Fields) == 0 { // a version has rows: it says what is said for all
		e.Fields = []Item{{appeal.Body, "always"}}
	}
	return s.form(e.Category, e.From, e.Fields)
}

// form writes the rows of a form. They stand before what every form asks, whose
// places begin at a hundred times more.
func (s *sheet) form(code string, from calendar.Date, fields []Item) error {
	if len(fields) > mostFields {
		return ErrField
	}
	const step = 10
	var before []appeal.Name
	for i, item := range fields {
		f, known := s.books.forms.Field(item.Field)
		if !known || slices.Contains(before, item.Field) {
			return ErrField
		}
		need, err := appeal.ParseNeed(strings.TrimSpace(item.Need))
		if err != nil || need.Unsure && !f.MayBeUnknown() || !s.reachable(need, before) {
			return ErrNeed
		}
		s.note(f.Secret, "secret")
		before = append(before, item.Field)
		place := (i + 1) * step
		if item.Field == appeal.Body {
			place = bodyPlace
		}
		s.put("appeal_forms", cell{
			"category": code, "valid_from": from.String(), "place": strconv.Itoa(place), "field": string(item.Field), "needed": need.String(),
		})
	}
	return nil
}

// bodyPlace is where the forms of all ask for the text.
const bodyPlace = 500

// reachable reports whether what a need looks at is asked before.
func (s *sheet) reachable(n appeal.Need, before []appeal.Name) bool {
	if n.Without != "" && !slices.Contains(before, n.Without) {
		return false
	}
	for _, cond := range n.If {
		if cond.Field == "audience" {
			continue
		}
		f, known := s.books.forms.Field(cond.Field)
		if !known || !slices.Contains(before, cond.Field) {
			return false
		}
		for _, value := range cond.Is {
			if _, ok := f.Option(value); !ok {
				return false
			}
		}
	}
	return true
}

// Field adds a field, or changes how one is asked for, at once. Its type, and
// what of an account fills it, stay: answers that were given are read by them.
type Field struct {
	Name   appeal.Name `json:"name"`
	New    bool        `json:"new"`
	Type   appeal.Type `json:"type"`
	Labels Texts       `json:"label"`
	Asks   Texts       `json:"ask"`
	Hints  Texts       `json:"hint"`
}

func (e *Field) subject() string { return "field/" + string(e.Name) }

func (e *Field) write(s *sheet) error {
	known := s.find("appeal_fields", cell{"name": string(e.Name)})
	c := cell{"name": string(e.Name), "type": string(e.Type), "secret": "false"}
	switch {
	case !fieldName.MatchString(string(e.Name)) || e.Name == "audience":
		return ErrCode
	case e.New && len(known) > 0:
		return ErrTaken
	case !e.New && len(known) == 0:
		return ErrUnknown
	case e.New && !MayAdd(e.Type):
		return ErrUnknown
	case !e.New:
		c = known[0]
	}
	if err := e.Labels.put(c, "label", mostTitle, ErrTitle); err != nil {
		return err
	}
	if err := e.Asks.put(c, "ask", mostQuestion, ErrText); err != nil {
		return err
	}
	c["hint_ru"], c["hint_en"] = "", ""
	if !e.Hints.empty() {
		if err := e.Hints.put(c, "hint", mostPlain, ErrText); err != nil {
			return err
		}
	}
	s.put("appeal_fields", c)
	return nil
}

// MayAdd reports whether a new field may be of a type. What one chooses from, and
// what is secret, stands in the tables that a company begins with.
func MayAdd(t appeal.Type) bool {
	return oneOf(t, appeal.Types()) && t != appeal.Choice && t != appeal.Passport
}
