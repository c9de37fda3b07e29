package edit

import (
	"cmp"
	"slices"

	"okoshko/core/appeal"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/knowledge"
)

// Notice is something that whoever edits should know; it refuses nothing.
type Notice string

// The notices.
const (
	Retired    Notice = "retired"     // open cases stay, customers cannot choose it
	Forms      Notice = "forms"       // who is in the middle of the form goes on with the new questions
	Secret     Notice = "secret"      // the form asks for what only the secure page takes
	LawShorter Notice = "law_shorter" // the law's term is shorter, and counts
	Beyond     Notice = "beyond"      // the standard asks for a shorter term
	NoBreach   Notice = "no_breach"   // nobody hears of a breach
	Circle     Notice = "circle"      // the deputies lead back: then the supervisor
	NoDeputy   Notice = "no_deputy"   // nobody stands in: the supervisor does
)

// Notices lists them.
func Notices() []Notice {
	return []Notice{Retired, Forms, Secret, LawShorter, Beyond, NoBreach, Circle, NoDeputy}
}

func (s *sheet) note(holds bool, n Notice) {
	if holds && !slices.Contains(s.notices, n) {
		s.notices = append(s.notices, n)
	}
}

// Impact is what an edit comes to.
type Impact struct {
	// From is the day since which it holds; zero: at once.
	From    calendar.Date
	Notices []Notice
	// Terms are the promises that change, Ways the queues to which cases go.
	Terms []TermChange
	Ways  []WayChange
	// Asked are fields that a form asks from then on, Dropped those that it does
	// not any more, Needed those that must be answered by everybody and had not to.
	Asked, Dropped, Needed []appeal.Name
	// Categories are those that it is about, Queue a queue: cases of them are
	// counted. Open are not answered yet, Recent were registered in RecentDays.
	Categories   []string
	Queue        string
	Open, Recent int
}

// RecentDays is how many days back Impact.Recent counts.
const RecentDays = 30

// TermChange is a promise of a category to an audience, before and after, with
// the last day of a case that would be registered on the day of the change.
type TermChange struct {
	Clock    term.Clock
	Category string
	Audience knowledge.Audience
	Was, Is  Promise
}

// Promise is a policy with the last day that it gives; zero: it makes none.
type Promise struct {
	Company, Legal, Extension calendar.Term
	How                       term.How
	Last                      calendar.Date
}

// WayChange is the queue of a function in a territory, before and after. They are
// the same where a category comes to a function.
type WayChange struct{ Function, Territory, Was, Is string }

// impact compares the tables on the day on which the edit begins to hold.
func impact(now State, s *sheet, before, after books) (Impact, error) {
	day := s.since
	if day.IsZero() {
		day = now.Today
	}
	i := Impact{From: s.since, Notices: s.notices, Categories: s.categories, Queue: s.queue}
	for _, code := range s.categories {
		i.forms(code, before, after, day)
		was, err1 := before.forms.Category(code, day)
		is, err2 := after.forms.Category(code, day)
		if err2 == nil && (err1 != nil || was.Function != is.Function) && is.Offered {
			old := ""
			if err1 == nil {
				old = was.Function
			}
			for _, territory := range s.territories() {
				w := WayChange{Function: is.Function, Territory: territory, Is: goes(after.routes, is.Function, territory, day)}
				if old != "" {
					w.Was = goes(before.routes, old, territory, day)
				}
				i.Ways = append(i.Ways, w)
			}
		}
	}
	for _, function := range s.functions {
		for _, territory := range s.territories() {
			was, is := goes(before.routes, function, territory, day), goes(after.routes, function, territory, day)
			if was != is {
				i.Ways = append(i.Ways, WayChange{function, territory, was, is})
			}
		}
		for _, c := range after.forms.All(day) {
			if c.Function == function && !slices.Contains(i.Categories, c.Code) {
				i.Categories = append(i.Categories, c.Code)
			}
		}
	}
	if err := i.terms(before, after, day); err != nil {
		return i, err
	}
	return i, nil
}

func (i *Impact) forms(code string, before, after books, day calendar.Date) {
	is, err := after.forms.Category(code, day)
	if err != nil {
		return
	}
	was, err := before.forms.Category(code, day)
	if err != nil {
		return // it is new
	}
	for _, item := range is.Form {
		old, had := was.Item(item.Name)
		switch {
		case !had:
			i.Asked = append(i.Asked, item.Name)
		case item.Need.String() == "always" && old.Need.String() != "always":
			i.Needed = append(i.Needed, item.Name)
		}
	}
	for _, item := range was.Form {
		if _, has := is.Item(item.Name); !has {
			i.Dropped = append(i.Dropped, item.Name)
		}
	}
}

// terms finds which promises change. A new category's are all new.
func (i *Impact) terms(before, after books, day calendar.Date) error {
	for _, clock := range term.Clocks() {
		for _, c := range after.forms.All(day) {
			_, err := before.forms.Category(c.Code, day)
			fresh := err != nil
			if !c.Offered || clock == term.Content {
				continue
			}
			var both []TermChange
			for _, who := range []knowledge.Audience{knowledge.Individuals, knowledge.Companies} {
				if !c.Audience.Meets(who) {
					continue
				}
				t := TermChange{Clock: clock, Category: c.Code, Audience: who}
				subject := term.Subject{Kind: c.Kind, Category: c.Code, Audience: who}
				if !fresh {
					if t.Was, err = promise(before, clock, subject, day); err != nil {
						return err
					}
				}
				if t.Is, err = promise(after, clock, subject, day); err != nil {
					return err
				}
				if t.Was != t.Is {
					both = append(both, t)
				}
			}
			if len(both) == 2 && both[0].Was == both[1].Was && both[0].Is == both[1].Is {
				both[0].Audience = knowledge.Everybody
				both = both[:1]
			}
			if len(both) > 0 && !slices.Contains(i.Categories, c.Code) {
				i.Categories = append(i.Categories, c.Code)
			}
			i.Terms = append(i.Terms, both...)
		}
	}
	slices.SortStableFunc(i.Terms, func(x, y TermChange) int { return cmp.Compare(x.Category, y.Category) })
	return nil
}

func promise(b books, clock term.Clock, s term.Subject, day calendar.Date) (Promise, error) {
	p, runs := b.terms.Policy(clock, s, day)
	if !runs {
		return Promise{}, nil
	}
	d, err := b.machine.Counter.Due(p, day.At(noon, b.machine.Counter.Zone), calendar.Term{})
	return Promise{p.Company, p.Legal, p.Extension, p.How, d.Last}, err
}
