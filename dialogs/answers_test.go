package dialogs_test

import (
	"regexp"
	"slices"
	"testing"

	"okoshko/core/appeal"
	cases "okoshko/core/appeal/demo"
	"okoshko/core/calendar"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/words"
)

// A form that an answer names is one that its reader may file, and the answer has the
// button that leads to it; an answer that sends people to the forms says to which.
func TestAnswersNameForms(t *testing.T) {
	t.Parallel()
	book, day := cases.Book(), calendar.DateOf(dialogstest.Noon, dialogstest.Zone)
	for _, a := range knowledge.Published().Articles {
		if files := slices.Contains(a.Actions, "appeal"); files != (len(a.Forms) > 0) {
			t.Errorf("%s: forms %v beside actions %v", a.Slug, a.Forms, a.Actions)
		}
		for _, code := range a.Forms {
			c, err := book.Category(code, day)
			if err != nil || !slices.ContainsFunc(book.Offered(c.Kind, a.Audience, day), func(o *appeal.Category) bool { return o.Code == code }) {
				t.Errorf("%s names %s, which is not offered to its readers (%v)", a.Slug, code, err)
			}
		}
	}
}

// quoted are the words between quotes: of either language.
var quoted = regexp.MustCompile(`«([^»]+)»|"([^"]+)"`)

// explained are words between quotes that are no buttons under the answer, each with
// what it is.
var explained = map[knowledge.Slug][]string{
	"account-number-where":  {"Лицевой счёт", "л/с"},                           // printed on the bill
	"appointment-how":       {"Сообщить, когда освободится"},                   // offered where all is taken
	"bill-electronic":       {"Спам"},                                          // a folder of mail
	"bill-not-received":     {"Спам"},                                          // the same
	"bill-read":             {"Итого к оплате", "Total to pay"},                // printed on the bill
	"bill-recalc":           {"Перерасчёт"},                                    // the same
	"fraud":                 {"поменяйте сегодня, иначе штраф"},                // said by swindlers
	"lk-register":           {"Регистрация", "Registration", "Спам"},           // in the cabinet; a folder
	"readings-smart":        {"Показания", "Readings"},                         // in the card of the account
	"readings-which-digits": {"013857,6", "13857", "00987", "987", "013857.6"}, // on displays
}

// What an answer tells people to press stands under it, or among the forms to which
// its button leads.
func TestAnswersHaveTheirButtons(t *testing.T) {
	t.Parallel()
	book, forms, day := newBook(t), cases.Book(), calendar.DateOf(dialogstest.Noon, dialogstest.Zone)
	used := map[string]bool{}
	for _, a := range knowledge.Published().Articles {
		var labels []string
		for _, l := range questions.Links(book, &a, words.Lang(a.Lang)) {
			labels = append(labels, l.Label)
		}
		for _, code := range a.Forms {
			if c, err := forms.Category(code, day); err == nil {
				labels = append(labels, c.Names[a.Lang])
			}
		}
		for _, m := range quoted.FindAllStringSubmatch(a.Body, -1) {
			said := m[1] + m[2]
			used[string(a.Slug)+" "+said] = true
			if !slices.Contains(labels, said) && !slices.Contains(explained[a.Slug], said) {
				t.Errorf("%s/%s speaks of %q, under it stand %q", a.Lang, a.Slug, said, labels)
			}
		}
	}
	for slug, list := range explained {
		for _, said := range list {
			if !used[string(slug)+" "+said] {
				t.Errorf("%s does not say %q any more", slug, said)
			}
		}
	}
}

// Every button of an answer can be given by a link, since pages show them, too; but
// for what the house has not built.
func TestAnswersAreLinked(t *testing.T) {
	t.Parallel()
	book := newBook(t)
	const unbuilt = "outages"
	fits := regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)
	for _, a := range knowledge.Published().Articles {
		built := slices.DeleteFunc(slices.Clone(a.Actions), func(action string) bool { return action == unbuilt })
		links := questions.Links(book, &a, words.Lang(a.Lang))
		if len(links) != len(built) {
			t.Errorf("%s: %d links of %v", a.Slug, len(links), built)
		}
		for _, l := range links {
			if !fits.MatchString(l.Start) || l.Label == "" {
				t.Errorf("%s: %+v", a.Slug, l)
			}
		}
	}
	if l, ok := book.Link("cases.withdraw", "1.2026.1", words.RU); ok {
		t.Errorf("a link withdraws a case: %+v", l)
	}
}

// A link opens what it names and says it as the button would; one to what the house
// has not, or may not be told from outside, shows the menu, and a ticket stays one.
func TestArrivingAlongALink(t *testing.T) {
	t.Parallel()
	book := newBook(t)
	for start, want := range map[string]struct{ answer, latest string }{
		"readings":                          {"Передать показания", "readings"},
		"tariffs-business":                  {"Цены для организаций", ""},
		"appeal-heard-account-number-where": {"Оформить обращение", "appeal"},
		"cases-withdraw-1.2026.1":           {"Продолжаю разговор", ""},
		"questions-helped-norms":            {"Продолжаю разговор", ""},
		"nothing":                           {"Продолжаю разговор", ""},
		"-":                                 {"Продолжаю разговор", ""},
	} {
		out, err := book.Step(t.Context(), &dialog.State{}, 1, dialog.Event{
			ID: "web:1:1", Conversation: "web:1", Kind: dialog.Arrive, Text: start, At: dialogstest.Noon, Now: dialogstest.Noon, Language: "ru",
		})
		if err != nil || out.State.Latest != want.latest || out.Answer != want.answer || len(out.Said) == 0 {
			t.Errorf("%s: %q, %q (%v)", start, out.Answer, out.State.Latest, err)
		}
	}
	const slug = "an-answer-with-thirty-letters0" // its link would be as long as a ticket
	l, ok := book.Link("appeal.heard", slug, words.RU)
	if _, ticket := customer.ReadTicket(l.Start); !ok || ticket {
		t.Errorf("%+v is a ticket", l)
	}
	if _, ticket := customer.ReadTicket("appeal-heard-" + slug); !ticket {
		t.Error("this test tries nothing")
	}
}
