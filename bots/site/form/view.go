package form

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// view is what the template sees.
type view struct {
	Lang    words.Lang
	State   string // form, done, gone, later
	Trouble string // why the form stands here again; "": it does not
	Title   string // of the category
	Tie     string
	Until   string
	Number  string
	Filed   bool // the case was registered before, and lacks these answers
	Due     string
	Fields  []field
}

// Style is the address of the style sheet.
func (v *view) Style() string { return stylePath }

// Say returns a line of the page's words.
func (v *view) Say(key string) string {
	return Words.Line(v.Lang, key, words.A("number", v.Number), words.A("due", v.Due), words.A("until", v.Until), words.A("n", len(v.Wrong())))
}

// Seal is the name of the field that ties the sheet to its ticket.
func (v *view) Seal() string { return seal }

// Wrong are the fields with something wrong.
func (v *view) Wrong() (list []field) {
	for _, f := range v.Fields {
		if f.Flaw != "" {
			list = append(list, f)
		}
	}
	return list
}

// Sends reports whether the form can still be sent.
func (v *view) Sends() bool { return v.Trouble != "late" }

// field is a question of the form.
type field struct {
	Name    string
	Kind    string // line, prose, choice, consent
	Mode    string // of the keyboard
	Ask     string
	Hint    string
	Value   string
	Flaw    string
	May     bool // it can be left out
	Unsure  bool // words that say that he does not know it are an answer
	When    bool // it depends on other answers
	Secret  bool
	Again   bool // a secret that was right has to be written again
	Most    int
	Choices []choice
}

type choice struct {
	Code, Name string
	Chosen     bool
}

// Described names what describes the field, for who does not see.
func (f field) Described() string {
	var list []string
	if f.Hint != "" {
		list = append(list, "hint-"+f.Name)
	}
	if f.Unsure {
		list = append(list, "unsure-"+f.Name)
	}
	if f.Flaw != "" {
		list = append(list, "flaw-"+f.Name)
	}
	return strings.Join(list, " ")
}

// Bounds that the page tells browsers; the reader of the fields has them, too.
const (
	mostLine  = 300
	mostProse = 50_000
)

func (p *Page) view(c *fiber.Ctx, f *registry.Form, written func(appeal.Name) string, flaws map[appeal.Name]error) *view {
	lang := words.ParseLang(f.Lang)
	if c.Query(page.LanguageKey) != "" || f.Lang == "" {
		lang = page.Language(c)
	}
	v := &view{
		Lang: lang, State: "form", Title: f.Of.Names[string(lang)], Tie: tie(c.Cookies(p.cookie())),
		Until: words.Show(lang, words.Clock(f.Until.In(p.Zone))), Number: f.Number.String(), Filed: !f.Number.IsZero(),
	}
	if f.Done != nil {
		v.Number, v.Due = f.Done.Number.String(), ""
		if !f.Done.Due.IsZero() {
			v.Due = words.Show(lang, f.Done.Due.At(0, p.Zone))
		}
		return v
	}
	for _, item := range f.Fields {
		v.Fields = append(v.Fields, p.field(v, f, item, written, flaws[item.Name]))
	}
	return v
}

func (p *Page) field(v *view, f *registry.Form, item appeal.Item, written func(appeal.Name) string, flaw error) field {
	lang := string(v.Lang)
	out := field{
		Name: string(item.Name), Kind: "line", Ask: item.Asks[lang], Hint: item.Hints[lang], Secret: item.Secret, Most: mostLine,
		May: item.Need.Optional, Unsure: item.Need.Unsure, When: !item.Need.Optional && !p.needed(f, item, appeal.Answers{}),
	}
	if written != nil && !item.Secret {
		out.Value = written(item.Name)
	}
	if written != nil && item.Secret && flaw == nil {
		out.Again = strings.TrimSpace(written(item.Name)) != ""
	}
	if flaw != nil {
		out.Flaw = refused(v.Lang, flaw)
	}
	switch item.Type {
	case appeal.Prose:
		out.Kind, out.Most = "prose", mostProse
	case appeal.Consent:
		out.Kind = "consent"
	case appeal.Choice:
		out.Kind = "choice"
		for _, o := range item.Choices {
			out.Choices = append(out.Choices, choice{o.Code, o.Names[lang], o.Code == out.Value})
		}
	case appeal.Tel:
		out.Mode = "tel"
	case appeal.Mailbox:
		out.Mode = "email"
	case appeal.Passport, appeal.Account, appeal.TaxID, appeal.OGRN, appeal.Count:
		out.Mode = "numeric"
	case appeal.Money:
		out.Mode = "decimal"
	}
	return out
}

// refused says what is wrong with an answer; of what has no words, that it cannot be
// read.
func refused(lang words.Lang, flaw error) string {
	said, ok := cases.Refused(lang, flaw)
	if !ok {
		said, _ = cases.Refused(lang, appeal.ErrSigns)
	}
	return said
}
