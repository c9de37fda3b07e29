package edit_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/demo"
	"okoshko/core/appeal/edit"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/term"
	"okoshko/core/calendar"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/table"
)

var today = calendar.Date{Year: 2026, Month: 11, Day: 24}

func state() edit.State {
	zone := time.FixedZone("company", 5*3600)
	return edit.State{
		Tables:  slices.Concat(demo.Tables(), demo.TermTables(), demo.RouteTables()),
		Today:   today,
		Counter: term.Counter{Days: calendar.NewProduction(), Zone: zone},
	}
}

// after returns the tables with a change in them, as a store writes it.
func after(s edit.State, c edit.Change) edit.State {
	list := slices.Clone(s.Tables)
	for i := range list {
		for _, r := range c.Rows {
			if r.Layout.Name != list[i].Name {
				continue
			}
			list[i].Rows = slices.DeleteFunc(slices.Clone(list[i].Rows), func(row []string) bool { return slices.Equal(row, r.Before) })
			if r.After != nil {
				list[i].Rows = append(list[i].Rows, r.After)
			}
		}
	}
	s.Tables = list
	return s
}

func category(change func(*edit.Category)) *edit.Category {
	e := &edit.Category{
		Code: "В-10", New: true, From: today, Offered: true, Kind: appeal.Question, Audience: knowledge.Everybody, Function: "F1", Place: 95,
		Names: edit.Texts{"ru": "Перерасчёт за отъезд", "en": "Recalculation for absence"},
		Plain: edit.Texts{"ru": "Меня не было дома", "en": "I was away"},
		Fields: []edit.Item{
			{Field: "account", Need: "always"}, {Field: "period", Need: "may"},
		},
	}
	if change != nil {
		change(e)
	}
	return e
}

func complaints(change func(*edit.Term)) *edit.Term {
	e := &edit.Term{Clock: term.Answer, Kind: appeal.Complaint, Audience: knowledge.Everybody, From: today.Add(1), Company: "15 calendar_days"}
	if change != nil {
		change(e)
	}
	return e
}

func queue(change func(*edit.Queue)) *edit.Queue {
	e := &edit.Queue{Code: "lgoty", Names: edit.Texts{"ru": "Льготы", "en": "Benefits"}, Email: "lgoty@sesk.example", Deputy: "raschet-03"}
	change(e)
	return e
}

func TestRefused(t *testing.T) {
	t.Parallel()
	kept := func(change func(*edit.Category)) *edit.Category {
		return category(func(e *edit.Category) { e.Code, e.New, e.Fields = "В-1", false, nil; change(e) })
	}
	form := func(items ...edit.Item) *edit.Form {
		return &edit.Form{Category: "В-1", From: today.Add(1), Fields: items}
	}
	for name, tc := range map[string]struct {
		edit edit.Edit
		want error
	}{
		"no title":                   {category(func(e *edit.Category) { e.Names["ru"] = " \t " }), edit.ErrTitle},
		"one language":               {category(func(e *edit.Category) { delete(e.Names, "en") }), edit.ErrTitle},
		"5,000 characters":           {category(func(e *edit.Category) { e.Names["ru"] = strings.Repeat("ш", 5000) }), edit.ErrTitle},
		"5,000 in the explanation":   {category(func(e *edit.Category) { e.Plain["en"] = strings.Repeat("w", 5000) }), edit.ErrText},
		"markup":                     {category(func(e *edit.Category) { e.Names["ru"] = "<b>Льготы</b>" }), edit.ErrTitle},
		"a sign that turns the text": {category(func(e *edit.Category) { e.Names["en"] = "Bills\u202egnp" }), edit.ErrTitle},
		"broken letters":             {category(func(e *edit.Category) { e.Names["ru"] = "Льготы\xff" }), edit.ErrTitle},
		"English in Russian":         {category(func(e *edit.Category) { e.Names["ru"] = "Benefits" }), edit.ErrLanguage},
		"Russian in English":         {category(func(e *edit.Category) { e.Names["en"] = "Льготы" }), edit.ErrLanguage},
		"another alphabet":           {category(func(e *edit.Category) { e.Names["ru"] = "Льготы 税" }), edit.ErrLanguage},
		"a Latin B":                  {category(func(e *edit.Category) { e.Code = "B-10" }), edit.ErrCode},
		"a code that is taken":       {category(func(e *edit.Category) { e.Code = "В-1" }), edit.ErrTaken},
		"a version of none":          {category(func(e *edit.Category) { e.New = false }), edit.ErrUnknown},
		"no such function":           {category(func(e *edit.Category) { e.Function = "F99" }), edit.ErrUnknown},
		"another kind":               {kept(func(e *edit.Category) { e.Kind = appeal.Complaint }), edit.ErrKind},
		"no kind":                    {category(func(e *edit.Category) { e.Kind = "" }), edit.ErrKind},
		"yesterday":                  {kept(func(e *edit.Category) { e.From = today.Add(-1) }), edit.ErrDay},
		"in another age":             {kept(func(e *edit.Category) { e.From = calendar.Date{Year: 2999, Month: 1, Day: 1} }), edit.ErrDay},
		"no field":                   {form(edit.Item{Field: "horoscope", Need: "always"}), edit.ErrField},
		"a field twice":              {form(edit.Item{Field: "account", Need: "always"}, edit.Item{Field: "account", Need: "may"}), edit.ErrField},
		"a need that is none":        {form(edit.Item{Field: "account", Need: "sometimes"}), edit.ErrNeed},
		"a need of what comes after": {form(edit.Item{Field: "phone", Need: "without account"}, edit.Item{Field: "account", Need: "may"}), edit.ErrNeed},
		"a form of none":             {&edit.Form{Category: "Я-1", From: today.Add(1)}, edit.ErrUnknown},
		"a form of today":            {&edit.Form{Category: "В-1", From: today}, edit.ErrDay},
		"a term of today":            {complaints(func(e *edit.Term) { e.From = today }), edit.ErrDay},
		"no time at all":             {complaints(func(e *edit.Term) { e.Company = "0 calendar_days" }), edit.ErrTerm},
		"an age":                     {complaints(func(e *edit.Term) { e.Company = "999 calendar_days" }), edit.ErrTerm},
		"moons":                      {complaints(func(e *edit.Term) { e.Company = "3 moons" }), edit.ErrTerm},
		"a law without a name":       {complaints(func(e *edit.Term) { e.Legal = "10 calendar_days" }), edit.ErrLaw},
		"a name without a law":       {complaints(func(e *edit.Term) { e.Laws = edit.Texts{"ru": "Закон", "en": "Law"} }), edit.ErrLaw},
		"an extension of nothing":    {complaints(func(e *edit.Term) { e.How = term.Add }), edit.ErrExtension},
		"an extension in hours":      {complaints(func(e *edit.Term) { e.Extension, e.How = "10 hours", term.Add }), edit.ErrExtension},
		"a contact extended":         {complaints(func(e *edit.Term) { e.Clock, e.Extension, e.How = term.Contact, "3 calendar_days", term.Add }), edit.ErrExtension},
		"a category of another kind": {complaints(func(e *edit.Term) { e.Category = "В-1" }), edit.ErrUnknown},
		"no mark":                    {&edit.Alerts{Clock: term.Answer, From: today.Add(1)}, edit.ErrMark},
		"a mark twice":               {&edit.Alerts{Clock: term.Answer, From: today.Add(1), Marks: []edit.Mark{{Mark: "80%", To: []term.Receiver{term.Keeper}}, {Mark: "80%", To: []term.Receiver{term.Keeper}}}}, edit.ErrMark},
		"a mark of nobody":           {&edit.Alerts{Clock: term.Answer, From: today.Add(1), Marks: []edit.Mark{{Mark: "80%", To: nil}}}, edit.ErrMark},
		"a mark of a stranger":       {&edit.Alerts{Clock: term.Answer, From: today.Add(1), Marks: []edit.Mark{{Mark: "80%", To: []term.Receiver{"mayor"}}}}, edit.ErrMark},
		"its own deputy":             {queue(func(e *edit.Queue) { e.Deputy = "lgoty" }), edit.ErrDeputy},
		"no deputy such":             {queue(func(e *edit.Queue) { e.Deputy = "mars" }), edit.ErrDeputy},
		"no address":                 {queue(func(e *edit.Queue) { e.Email = "lgoty" }), edit.ErrEmail},
		"no territory":               {&edit.Route{Function: "F1", Territory: "77", From: today, Queue: "lgoty"}, edit.ErrUnknown},
		"no queue":                   {&edit.Route{Function: "F1", Territory: "01", From: today, Queue: "mars"}, edit.ErrUnknown},
		"what is so already":         {&edit.Queue{Code: "lgoty", Names: edit.Texts{"ru": "Льготы", "en": "Benefits"}, Email: "lgoty@sesk.example", Deputy: "raschet-01"}, edit.ErrSame},
		"what holds, withdrawn":      {&edit.Withdraw{Table: "appeal_routes", From: calendar.Date{Year: 2013, Month: 1, Day: 1}, Key: map[string]string{"function": "F1", "territory": "01"}}, edit.ErrHolds},
		"nothing, withdrawn":         {&edit.Withdraw{Table: "appeal_routes", From: today.Add(3), Key: map[string]string{"function": "F1", "territory": "01"}}, edit.ErrUnknown},
		"any table, withdrawn":       {&edit.Withdraw{Table: "accounts", From: today.Add(3), Key: map[string]string{}}, edit.ErrUnknown},
		"a field that is taken":      {&edit.Field{Name: "account", New: true}, edit.ErrTaken},
		"a secret one":               {&edit.Field{Name: "pass", New: true, Type: appeal.Passport}, edit.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := edit.Try(state(), tc.edit)
			if !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
		})
	}
}

// A category whose function nobody answers is refused, by its name; so is one
// whose kind has lost its term.
func TestUnfit(t *testing.T) {
	t.Parallel()
	var unfit *life.UnfitError
	_, err := edit.Try(state(), &edit.Route{Function: "F10", Territory: "*", From: today.Add(5)})
	if !errors.As(err, &unfit) || unfit.Function != "F10" || unfit.Day != today.Add(5) || !fault.Is(err, fault.Invalid) {
		t.Errorf("the last rule of a function ended: %v", err)
	}
	_, err = edit.Try(state(), complaints(func(e *edit.Term) { e.Company = "" }))
	if !errors.As(err, &unfit) || unfit.Category == "" || unfit.Function != "" {
		t.Errorf("complaints without a term: %v", err)
	}
}

func TestAddCategory(t *testing.T) {
	t.Parallel()
	s := state()
	c, err := edit.Try(s, category(nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Ways) != 8 || c.Ways[0].Is != "raschet-01" || len(c.Terms) != 3 || c.Terms[0].Is.Company.N != 3 || c.Terms[0].Audience != knowledge.Everybody {
		t.Errorf("%+v", c.Impact)
	}
	if c.After["categories В-10 name_ru"] != "Перерасчёт за отъезд" || len(c.Before) != 0 || c.Subject != "category/В-10" {
		t.Errorf("%q %q %s", c.Before, c.After, c.Subject)
	}
	book, err := appeal.New(after(s, c).Tables)
	if err != nil {
		t.Fatal(err)
	}
	born, err := book.Category("В-10", today)
	if err != nil || !born.Offered {
		t.Fatal(born, err)
	}
	if born.Form[0].Name != "account" || born.Form[1].Name != "period" || born.Form[2].Name != appeal.Body {
		t.Errorf("%v", born.Form)
	}
	if _, err := book.Category("В-10", today.Add(-1)); err == nil {
		t.Error("it holds on the day before")
	}
}

// A retired category is not offered, is there for its cases, and stands where its
// newest version says.
func TestRetire(t *testing.T) {
	t.Parallel()
	s := state()
	c, err := edit.Try(s, category(func(e *edit.Category) {
		e.Code, e.New, e.Offered, e.Fields, e.Place = "В-2", false, false, nil, 5
	}))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(c.Notices, edit.Retired) || len(c.Terms) != 0 {
		t.Errorf("%+v", c.Impact)
	}
	book, err := appeal.New(after(s, c).Tables)
	if err != nil {
		t.Fatal(err)
	}
	offered := book.Offered(appeal.Question, "", today)
	if len(offered) == 0 || slices.ContainsFunc(offered, func(one *appeal.Category) bool { return one.Code == "В-2" }) {
		t.Errorf("it is offered, or nothing else is: %v", offered)
	}
	if old, err := book.Category("В-2", today.Add(-1)); err != nil || !old.Offered {
		t.Errorf("before: %v %v", old, err)
	}
	if got := book.All(today)[0].Code; got != "В-2" || book.Place("В-2") != 5 {
		t.Errorf("%s comes first", got)
	}
	// The last edit of the day counts.
	if c, err = edit.Try(after(s, c), category(func(e *edit.Category) { e.Code, e.New, e.Fields = "В-2", false, nil })); err != nil || c.After["categories В-2 offered"] != "true" {
		t.Errorf("%v %v", c.After, err)
	}
}

func TestForm(t *testing.T) {
	t.Parallel()
	s := state()
	c, err := edit.Try(s, &edit.Form{Category: "В-1", From: today.Add(1), Fields: []edit.Item{{Field: "period", Need: "always"}, {Field: "paid_sum", Need: "may"}}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Asked, []appeal.Name{"paid_sum"}) || !slices.Equal(c.Dropped, []appeal.Name{"account"}) {
		t.Errorf("asked %v, dropped %v, needed %v", c.Asked, c.Dropped, c.Needed)
	}
	if c.Before["forms В-1 account needed"] == "" || c.After["forms В-1 account needed"] != "" || c.After["forms В-1 paid_sum needed"] != "may" {
		t.Errorf("%v %v", c.Before, c.After)
	}
	// What does not hold yet can be changed, and withdrawn; then all is as it was.
	next := after(s, c)
	if c, err = edit.Try(next, &edit.Form{Category: "В-1", From: today.Add(1)}); err != nil {
		t.Fatal(err)
	}
	none := after(next, c)
	book, err := appeal.New(none.Tables)
	if err != nil {
		t.Fatal(err)
	}
	if f, _ := book.Category("В-1", today.Add(1)); f.Form[0].Name != appeal.Body {
		t.Errorf("%v", f.Form)
	}
	c, err = edit.Try(none, &edit.Withdraw{Table: "appeal_forms", From: today.Add(1), Key: map[string]string{"category": "В-1"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := edit.Try(after(none, c), &edit.Withdraw{Table: "appeal_forms", From: today.Add(1), Key: map[string]string{"category": "В-1"}}); !errors.Is(err, edit.ErrUnknown) {
		t.Errorf("withdrawn twice: %v", err)
	}
}

func TestTerm(t *testing.T) {
	t.Parallel()
	s := state()
	c, err := edit.Try(s, complaints(nil))
	if err != nil {
		t.Fatal(err)
	}
	first := c.Terms[0]
	if first.Category != "Ж-1" || first.Was.Company.N != 20 || first.Is.Company.N != 15 || !first.Is.Last.Before(first.Was.Last) || c.From != today.Add(1) {
		t.Errorf("%+v", first)
	}
	if c.Before["terms answer complaint both company"] != "20 calendar_days" || c.After["terms answer complaint both company"] != "15 calendar_days" {
		t.Errorf("%v %v", c.Before, c.After)
	}
	book, err := term.New(after(s, c).Tables)
	if err != nil {
		t.Fatal(err)
	}
	subject := term.Subject{Kind: appeal.Complaint, Category: "Ж-1", Audience: knowledge.Individuals}
	for day, want := range map[calendar.Date]int{today: 20, today.Add(1): 15} {
		if p, _ := book.Policy(term.Answer, subject, day); p.Company.N != want {
			t.Errorf("on %s %d days", day, p.Company.N)
		}
	}
	c, err = edit.Try(s, complaints(func(e *edit.Term) {
		e.Legal, e.Laws = "10 calendar_days", edit.Texts{"ru": "Закон, ст. 1", "en": "Law, art. 1"}
	}))
	if err != nil || !slices.Contains(c.Notices, edit.LawShorter) {
		t.Errorf("a law that is shorter: %v %v", c.Notices, err)
	}
	// What the standard does not allow is said, and taken: R-5.2.11-b to -d.
	for name, row := range map[string]struct {
		change func(*edit.Term)
		beyond bool
	}{
		"20 days":         {func(e *edit.Term) { e.Company = "20 calendar_days" }, false},
		"30 days":         {func(e *edit.Term) { e.Company = "30 calendar_days" }, true},
		"20 working days": {func(e *edit.Term) { e.Company = "20 working_days" }, true},
		"30 under a short law": {func(e *edit.Term) {
			e.Company, e.Legal, e.Laws = "30 calendar_days", "10 calendar_days", edit.Texts{"ru": "Закон", "en": "Law"}
		}, false},
		"an extension": {func(e *edit.Term) { e.Company, e.Extension, e.How = "5 calendar_days", "1 calendar_days", term.Add }, true},
		"a question, 3 and 10": {func(e *edit.Term) {
			e.Kind, e.Company, e.Extension, e.How = appeal.Question, "3 calendar_days", "10 calendar_days", term.Add
		}, false},
		"a question, 3 and 11": {func(e *edit.Term) {
			e.Kind, e.Company, e.Extension, e.How = appeal.Question, "3 calendar_days", "11 calendar_days", term.Add
		}, true},
		"a question, 13 in all": {func(e *edit.Term) {
			e.Kind, e.Company, e.Extension, e.How = appeal.Question, "3 calendar_days", "13 calendar_days", term.Total
		}, false},
		"an application":   {func(e *edit.Term) { e.Kind, e.Company = appeal.Application, "40 working_days" }, false},
		"any kind, 4 days": {func(e *edit.Term) { e.Kind, e.Company = "", "4 calendar_days" }, true},
	} {
		c, err := edit.Try(s, complaints(row.change))
		if err != nil || slices.Contains(c.Notices, edit.Beyond) != row.beyond {
			t.Errorf("%s: %v %v", name, c.Notices, err)
		}
	}
}

func TestRouteAndQueue(t *testing.T) {
	t.Parallel()
	c, err := edit.Try(state(), &edit.Route{Function: "F2", Territory: "04", From: today, Queue: "uchet-01"})
	if err != nil {
		t.Fatal(err)
	}
	if want := (edit.WayChange{Function: "F2", Territory: "04", Was: "uchet-04", Is: "uchet-01"}); len(c.Ways) != 1 || c.Ways[0] != want {
		t.Errorf("%+v", c.Ways)
	}
	c, err = edit.Try(state(), queue(func(e *edit.Queue) { e.Code, e.Deputy = "raschet-01", "raschet-04" }))
	if err != nil || !slices.Contains(c.Notices, edit.Circle) {
		t.Errorf("deputies in a circle: %v %v", c.Notices, err)
	}
	c, err = edit.Try(state(), queue(func(e *edit.Queue) { e.Deputy = "" }))
	if err != nil || !slices.Equal(c.Notices, []edit.Notice{edit.NoDeputy}) || c.Before["queues lgoty deputy"] != "raschet-01" {
		t.Errorf("no deputy: %v %v %v", c.Notices, c.Before, err)
	}
}

// Every row of the demo could have been written here: nobody edits it into a
// corner.
func TestDemoStands(t *testing.T) {
	t.Parallel()
	s := state()
	book, err := appeal.New(s.Tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range book.All(today) {
		e := &edit.Category{
			Code: c.Code, From: today, Offered: c.Offered, Kind: c.Kind, Audience: c.Audience, Function: c.Function, Place: book.Place(c.Code) + 1,
			Names: c.Names, Plain: c.Plain,
		}
		if _, err := edit.Try(s, e); err != nil {
			t.Errorf("category %s: %v", c.Code, err)
		}
		form := &edit.Form{Category: c.Code, From: today.Add(1)}
		for _, row := range s.Tables[slices.IndexFunc(s.Tables, func(t table.Table) bool { return t.Name == "appeal_forms" })].Rows {
			if row[0] == c.Code {
				form.Fields = append(form.Fields, edit.Item{Field: appeal.Name(row[3]), Need: row[4]})
			}
		}
		if _, err := edit.Try(s, form); err != nil && !errors.Is(err, edit.ErrSame) {
			t.Errorf("form %s: %v", c.Code, err)
		}
	}
}
