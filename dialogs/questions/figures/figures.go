// Package figures makes the figures of articles from data: whatever may change,
// and therefore never stands typed in an answer. core/knowledge/articles/README.md
// says which there are and what each means; a test holds both together.
package figures

import (
	"embed"
	"maps"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/term"
	"okoshko/core/billing/payqr"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
	"okoshko/dialogs/words"
)

//go:embed text.ru.yaml text.en.yaml
var texts embed.FS

var catalogue = words.Must(texts)

// Company is what customers are told about the supplier, texts by language.
type Company struct {
	Brand, Hours map[words.Lang]string
	Phone        string
	Site         string // https://…
	// Payee is to whom bills are paid: its requisites are shown as they stand.
	Payee payqr.Payee
	// MailPersonalData and MailBusiness are the mailboxes for matters of
	// personal data and of the department for organisations.
	MailPersonalData, MailBusiness string
	// KeepDialogs and KeepAppeals are for how many months dialogs and appeals
	// are kept (spec §3.1).
	KeepDialogs, KeepAppeals int
}

// Facts are the data that figures are made of, as of one moment. They are
// immutable and safe for concurrent use.
type Facts struct {
	Company   Company
	Zone      *time.Location
	Prices    *tariff.Book
	Days      *calendar.Production
	Directory *knowledge.Directory
	Offices   *visit.Directory
	// Terms are those by which cases are answered.
	Terms *term.Book
}

// view is the facts as a reader sees them at a moment.
type view struct {
	*Facts
	at     time.Time
	day    calendar.Date // on which the moment lies
	lang   words.Lang
	reader knowledge.Reader
}

// figure makes a value that words.A takes; nil, "" and no blocks: the data do
// not have it.
type figure func(*view) any

// Args returns the values of the figures that are named, for a reader at a
// moment and in his language: a string, or a value that package words shows; a
// list is words.Blocks, an item for each element. A figure that the data do not
// have, or that is not known at all, says where to ask, and is named in missing.
func (f *Facts) Args(names []string, at time.Time, r knowledge.Reader) (args []words.Arg, missing []string) {
	v := &view{Facts: f, at: at, day: calendar.DateOf(at, f.Zone), lang: words.RU, reader: r}
	if words.Lang(r.Lang) == words.EN {
		v.lang = words.EN
	}
	args = make([]words.Arg, 0, len(names))
	for _, name := range names {
		value := v.value(name)
		if isEmpty(value) {
			missing = append(missing, name)
			value = v.say("missing", words.A("phone", f.Company.Phone))
		}
		args = append(args, words.A(name, value))
	}
	return args, missing
}

func (v *view) value(name string) any {
	if value, known := all[name]; known {
		return value(v)
	}
	family, member, _ := strings.Cut(name, "_")
	if value, known := families[family]; known {
		return value(v, member)
	}
	return nil
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case words.Blocks:
		return len(v) == 0
	default:
		return false
	}
}

// all is every figure by its name, but for families.
var all = together(ofCompany, ofMetering, ofPayment, ofTariffs, ofExamples, ofOffices, ofAppeals, ofBusiness, ofNews)

func together(groups ...map[string]figure) map[string]figure {
	figures := map[string]figure{}
	for _, group := range groups {
		maps.Copy(figures, group)
	}
	return figures
}

// families are figures whose names are made of a prefix and a member's name:
// price_u01, name_grid.
var families = map[string]func(v *view, member string) any{
	"price": func(v *view, member string) any { return v.price(member) },
	"term":  func(v *view, member string) any { return v.term(member) },
	"name":  func(v *view, member string) any { return v.in(v.link(member).Names) },
	"phone": func(v *view, member string) any { return v.link(member).Phone },
	"link":  func(v *view, member string) any { return v.link(member).Address },
}

var ofCompany = map[string]figure{
	"brand":         func(v *view) any { return v.Company.Brand[v.lang] },
	"phone":         func(v *view) any { return v.Company.Phone },
	"hours":         func(v *view) any { return v.Company.Hours[v.lang] },
	"site":          func(v *view) any { return v.Company.Site },
	"requisites":    requisites,
	"mail_pdn":      func(v *view) any { return v.Company.MailPersonalData },
	"mail_business": func(v *view) any { return v.Company.MailBusiness },
	"keep_dialogs":  func(v *view) any { return v.kept(v.Company.KeepDialogs) },
	"keep_appeals":  func(v *view) any { return v.kept(v.Company.KeepAppeals) },
}

// requisites lists those of the payee that are known.
func requisites(v *view) any {
	p := v.Company.Payee
	var list words.Blocks
	for _, r := range []struct{ key, value string }{
		{"name", p.Name},
		{"inn", p.INN},
		{"kpp", p.KPP},
		{"account", p.Account},
		{"bank", p.Bank},
		{"bic", p.BIC},
		{"corresp", p.Corresp},
	} {
		if r.value != "" {
			list = append(list, item(v.say("requisites."+r.key, words.A("value", r.value))))
		}
	}
	return list
}

// kept says for how many months something is kept; whole years from two on are
// said as such.
func (v *view) kept(months int) any {
	const year = 12
	switch {
	case months <= 0:
		return nil
	case months > year && months%year == 0:
		return v.count("years", months/year)
	default:
		return v.count("months", months)
	}
}

// Link returns an adjacent organisation, the zero Link and false if the table has
// none.
func (f *Facts) Link(kind string) (knowledge.Link, bool) { return f.Directory.Link(kind) }

// link returns an adjacent organisation, the zero Link if the table has none.
func (v *view) link(kind string) knowledge.Link {
	l, _ := v.Link(kind)
	return l
}

var ofAppeals = map[string]figure{
	"appeal_days":      func(v *view) any { return v.length(v.terms().Answer) },
	"appeal_more_days": func(v *view) any { return v.length(v.terms().More) },
	"complaint_days":   func(v *view) any { return v.length(v.terms().Complaint) },
	"certificate_days": func(v *view) any { return v.length(v.application(certificate)) },
	"appeal_until":     func(v *view) any { return v.until(v.terms().Answer) },
	"complaint_until":  func(v *view) any { return v.until(v.terms().Complaint) },
}

// certificate is the category of an application for one: its kind's letter and its
// number among them (spec §5.6).
const certificate = string('З') + "-6"

// terms are those of anybody's question and complaint on the day, zero where none
// holds.
func (v *view) terms() appeal.Terms {
	t, err := v.Terms.Quoted(v.day)
	if err != nil {
		return appeal.Terms{}
	}
	return t
}

// application is the term that the form of a category promises, zero for none.
func (v *view) application(category string) calendar.Term {
	p, _ := v.Terms.Policy(term.Answer, term.Subject{Kind: appeal.Application, Category: category}, v.day)
	return p.Company
}

// length says how long a term is.
func (v *view) length(t calendar.Term) any {
	switch {
	case t.N <= 0:
		return nil
	case t.Unit == calendar.WorkingDays:
		return v.count("working_days", t.N)
	default:
		return v.count("days", t.N)
	}
}

// until is the last day of a term that begins today.
func (v *view) until(t calendar.Term) any {
	due, err := v.Days.Due(v.day, t)
	if t.N <= 0 || err != nil {
		return nil
	}
	return v.time(due.Date)
}

// item is an element of a list.
func item(text string) chat.Block {
	return chat.Block{Kind: chat.Item, Spans: []chat.Span{{Text: text}}}
}
