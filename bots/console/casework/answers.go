package casework

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// answer is a field of the form with what the customer has said.
type answer struct {
	Field  appeal.Name `json:"field"`
	Label  text        `json:"label"`
	Type   appeal.Type `json:"type"`
	Values []text      `json:"values"`
	Files  []file      `json:"files"`
	// Secret: it is shown for a reason alone; Hidden: there is one.
	Secret bool `json:"secret"`
	Hidden bool `json:"hidden"`
	// Missing: the case is not complete without it (R-5.2.7-b).
	Missing bool `json:"missing"`
	// Unsure: he does not know it himself, which somebody else is to find out.
	Unsure  bool    `json:"unsure"`
	Options []named `json:"options"`
}

// answers lists what the form asks for, what he has written in his own words
// first, how to reach him last, the rest in the order of the form.
func (w *Casework) answers(r *registry.Record, category *appeal.Category, files []file) []answer {
	missing := category.Missing(r.Answers, r.Audience)
	list := []answer{}
	for _, item := range category.Asked(r.Answers, r.Audience) {
		a := w.field(r, item.Field, files)
		a.Missing = slices.ContainsFunc(missing, func(f *appeal.Field) bool { return f.Name == item.Name })
		if a.Missing || len(a.Values) > 0 || len(a.Files) > 0 || a.Hidden {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b answer) int { return cmp.Compare(rank(a.Field), rank(b.Field)) })
	return list
}

// rank puts his own words before all else, and ways of reaching him last.
func rank(f appeal.Name) int {
	switch f {
	case appeal.Body:
		return 0
	case appeal.Contact, appeal.AnswerWay, appeal.Phone, appeal.Email:
		return 2
	default:
		return 1
	}
}

func (w *Casework) field(r *registry.Record, f *appeal.Field, files []file) answer {
	a := answer{Field: f.Name, Label: f.Labels, Type: f.Type, Secret: f.Secret, Values: []text{}, Files: []file{}, Options: []named{}}
	for _, o := range f.Choices {
		a.Options = append(a.Options, named{o.Code, o.Names})
	}
	if f.Secret {
		a.Hidden = slices.Contains(r.Secret, f.Name)
		return a
	}
	a.Unsure = r.Answers.Unsure(f.Name)
	for _, value := range r.Answers.All(f.Name) {
		if f.Type == appeal.Files {
			if one, ok := fileIn(r, files, value); ok {
				a.Files = append(a.Files, one)
			}
			continue
		}
		a.Values = append(a.Values, w.say(f, value))
	}
	return a
}

// say is a canonical value as people read it.
func (w *Casework) say(f *appeal.Field, value string) text {
	switch value {
	case appeal.Unknown:
		return words.InEach(func(lang words.Lang) string { return cases.Detail(lang, "unsure") })
	case appeal.Bare:
		return words.InEach(func(lang words.Lang) string { return cases.Detail(lang, "bare") })
	}
	switch f.Type {
	case appeal.Choice:
		if o, ok := f.Option(value); ok {
			return o.Names
		}
	case appeal.Past, appeal.Future, appeal.Moment:
		day, clock, timed := strings.Cut(value, " ")
		if d, err := calendar.ParseDate(day); err == nil {
			return words.InEach(func(lang words.Lang) string {
				said := words.Show(lang, d.At(0, time.UTC))
				if timed {
					said += ", " + clock
				}
				return said
			})
		}
	case appeal.Service:
		if titles, ok := w.Library.Service(value, w.today()); ok {
			return words.InEach(func(lang words.Lang) string { return titles[string(lang)] + " (" + value + ")" })
		}
	case appeal.Money:
		return words.InEach(func(lang words.Lang) string { return words.Show(lang, words.Roubles(value)) })
	case appeal.Months:
		return words.InEach(func(lang words.Lang) string { return cases.Months(lang, value) })
	case appeal.Consent:
		return words.InEach(func(lang words.Lang) string { return cases.Detail(lang, "yes") })
	}
	return words.Plain(value)
}

// revealed is what a secret field holds, as people read it.
func (w *Casework) revealed(f *appeal.Field, values []privacy.Text) []text {
	list := []text{}
	for _, v := range values {
		list = append(list, w.say(f, v.Reveal()))
	}
	return list
}

func (w *Casework) day(at time.Time) calendar.Date { return calendar.DateOf(at, w.Zone) }
