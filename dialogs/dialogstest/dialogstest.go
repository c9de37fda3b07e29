// Package dialogstest is the house of the fictional supplier (spec §5.1) without
// its stores, for the tests of scenarios.
package dialogstest

import (
	"context"
	"sync"
	"testing"
	"time"

	cases "okoshko/core/appeal/demo"
	"okoshko/core/billing"
	"okoshko/core/billing/payqr"
	prices "okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	directory "okoshko/core/knowledge/demo"
	"okoshko/core/privacy"
	offices "okoshko/core/visit/demo"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/questions/figures"
	"okoshko/dialogs/words"
)

// Zone is the supplier's, UTC+5.
var Zone = time.FixedZone("UTC+5", 5*60*60)

// Noon is when tests begin that do not care: a Tuesday, in the supplier's zone.
var Noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, Zone)

// House is the supplier's, as customers are told about it.
func House() dialog.House {
	return dialog.House{
		Zone:    Zone,
		Company: map[words.Lang]string{words.RU: "Старогорэнергосбыт", words.EN: "Starogorenergosbyt"},
		Phone:   "8 800 000-01-01",
		Hours: map[words.Lang]string{
			words.RU: "пн–пт 08:00–20:00, сб 09:00–15:00", words.EN: "Mon–Fri 08:00–20:00, Sat 09:00–15:00",
		},
		RemindAfter: 30 * time.Minute, SetAsideAfter: 24 * time.Hour, Largest: 20 << 20,
	}
}

// Open returns the house with its whole catalogue on the ports that are given;
// colleagues stand behind w.
func Open(t testing.TB, ports dialogs.Ports, w *transcript.Window) *dialog.Book {
	t.Helper()
	ports.Answers = answers()
	return OpenAs(t, ports, w)
}

// OpenAs returns the house on all ports that are given, the answers included.
func OpenAs(t testing.TB, ports dialogs.Ports, w *transcript.Window) *dialog.Book {
	t.Helper()
	return OpenUnder(t, nil, ports, w)
}

// OpenUnder is OpenAs for a house whose channels keep to a policy.
func OpenUnder(t testing.TB, policy privacy.Policy, ports dialogs.Ports, w *transcript.Window) *dialog.Book {
	t.Helper()
	ports.Staff, ports.Hours, ports.Handling = w, transcript.Hours(Zone), transcript.Handling
	if ports.Links == nil {
		ports = NewBureau().Serve(ports)
	}
	if book, ok := ports.Cases.(*Casebook); ok {
		book.Desk = w
	}
	house := House()
	house.Policy = policy
	book, err := dialog.NewBook(house, dialogs.Scenarios(ports, Zone)...)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// NewStage returns a stage for conversations that need no accounts.
func NewStage(t *testing.T) *transcript.Engine {
	t.Helper()
	w := transcript.NewWindow()
	return transcript.NewEngine(Open(t, Ports(), w), nil).Behind(w)
}

// Ports are those of a town without accounts: enough for menus, and for forms to
// be in the middle of.
func Ports() dialogs.Ports {
	return NewBureau().Serve(dialogs.Ports{Guests: nobody{}, Meters: nobody{}, Desk: nobody{}, Sent: nobody{}})
}

// answers is the content that comes with the program, made once: it is immutable.
var answers = sync.OnceValue(func() *questions.Shelf {
	catalogue := dialogs.Scenarios(Ports(), Zone)
	content, err := questions.NewContent(knowledge.Published(), Facts(), prices.Book(), offices.Directory(), new(caseBooks()), dialog.Openings(catalogue...))
	if err != nil {
		panic(err)
	}
	shelf := new(questions.Shelf)
	shelf.Put(content)
	return shelf
})

// Facts are what the supplier tells in its answers.
func Facts() *figures.Facts {
	h := House()
	return &figures.Facts{
		Company: figures.Company{
			Brand: h.Company, Hours: h.Hours, Phone: h.Phone, Site: "https://starogorenergosbyt.example",
			Payee: payqr.Payee{
				Name: "АО «Старогорская энергосбытовая компания»", Account: "40702810900000000101", Bank: "ФИЛИАЛ «УЧЕБНЫЙ» АО БАНК",
				BIC: "040000777", Corresp: "30101810900000000777", INN: "0000123450", KPP: "000101001",
			},
			MailPersonalData: "pdn@sesk.example", MailBusiness: "biz@sesk.example", KeepDialogs: 12, KeepAppeals: 60,
		},
		Zone: Zone, Prices: prices.Book(), Days: calendar.Published(), Directory: directory.Directory(),
		Offices: offices.Directory(), Terms: cases.Terms(),
	}
}

type nobody struct{}

func (nobody) Check(context.Context, customer.Claim) (billing.Account, customer.Verdict, error) {
	return billing.Account{}, customer.Wrong, nil
}

func (nobody) Intake(context.Context, billing.AccountNumber, billing.MeterID) (billing.Intake, error) {
	return billing.Intake{}, nil
}

func (nobody) SubmitReadings(context.Context, dialog.Effect, billing.Submission) (billing.Accepted, error) {
	return billing.Accepted{}, nil
}

func (nobody) KeepEvidence(context.Context, dialog.Effect, billing.AccountNumber, []chat.File) (billing.Evidence, error) {
	return billing.Evidence{}, nil
}

func (nobody) SentReadings(context.Context, chat.Conversation, int) ([]billing.Slip, error) {
	return nil, nil
}
