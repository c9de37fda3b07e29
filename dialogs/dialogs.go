// Package dialogs is the catalogue: the one list of what customers can talk
// about. A new scenario is a folder here, a line below, and its ports in
// cmd/okoshko/wire.go.
package dialogs

import (
	"cmp"
	"time"

	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/customer"
	"okoshko/dialogs/account"
	"okoshko/dialogs/appeal"
	"okoshko/dialogs/bill"
	"okoshko/dialogs/calculator"
	"okoshko/dialogs/carry"
	"okoshko/dialogs/cases"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/menu"
	"okoshko/dialogs/operator"
	"okoshko/dialogs/payment"
	"okoshko/dialogs/questions"
	"okoshko/dialogs/readings"
	"okoshko/dialogs/tariffs"
	"okoshko/dialogs/visit"
)

// Ports are what the scenarios stand on.
type Ports struct {
	Linked readings.Linked
	Guests readings.Guests
	Meters readings.Meters
	Desk   readings.Desk
	Sent   readings.Sent
	// Linkers, Records and Links are what linking stands on, Documents its
	// consents.
	Linkers   account.Linkers
	Records   account.Records
	Links     account.Desk
	Documents customer.Documents
	// Papers makes what is sent as files.
	Papers Papers
	// Arrivals and Tickets carry conversations from one channel to another; Site
	// and Telegram say where one can go on.
	Arrivals       carry.Arrivals
	Tickets        carry.Desk
	Site, Telegram bool
	// Till takes payments; nil: nobody does, and nothing is offered.
	Till Till
	// Days is the production calendar.
	Days *calendar.Production
	// Diary, Visits and Invitations are what booking stands on.
	Diary       visit.Diary
	Visits      visit.Desk
	Invitations visit.Invitations
	// Cases is the register of cases, Askers those who may ask after one that was
	// filed elsewhere, Letters the documents of answers.
	Cases   Register
	Askers  cases.Askers
	Letters cases.Papers
	// Redact returns a text without what tells of a person.
	Redact func(text string) string
	// CaseLimits keep a chat from flooding the register.
	CaseLimits registry.Limits
	// Staff is the desk at which people sit, Hours when they do, Handling how long
	// a dialog there lasts while nobody knows better; 0: nothing is said.
	Staff    operator.Desk
	Hours    calendar.Hours
	Handling time.Duration
	// Answers are what questions are answered with, and prices; nil: none yet.
	Answers *questions.Shelf
}

// Papers makes files: of accounts, and of what is published.
type Papers interface {
	bill.Papers
	tariffs.Papers
}

// Till takes payments, and knows those that were made.
type Till interface {
	payment.Till
	cases.Payments
}

// Register is where cases are filed and found again.
type Register interface {
	cases.Register
	appeal.Registry
}

// Scenarios returns the catalogue, in the order in which free text is offered
// to it. zone is the company's.
func Scenarios(p Ports, zone *time.Location) []*dialog.Scenario {
	shelf := cmp.Or(p.Answers, new(questions.Shelf))
	list := []*dialog.Scenario{
		menu.New(),
		readings.New(p.Linked, p.Guests, p.Meters, p.Desk, p.Sent, zone),
		questions.New(shelf, p.Records, p.Hours, zone),
		bill.New(bill.Ports{Prices: shelf, Records: p.Records, Desk: p.Links, Papers: p.Papers, Days: p.Days}, zone),
		tariffs.New(shelf, p.Papers, p.Days, zone),
		calculator.New(shelf, p.Records, p.Links, zone),
		account.New(account.Ports{
			Linkers: p.Linkers, Records: p.Records, Desk: p.Links, Documents: p.Documents,
		}, zone),
		carry.New(carry.Ports{
			Arrivals: p.Arrivals, Desk: p.Tickets, Links: p.Records, Documents: p.Documents, Site: p.Site, Telegram: p.Telegram,
		}),
		visit.New(visit.Ports{
			Offices: shelf, Diary: p.Diary, Desk: p.Visits, Links: p.Records, Invitations: p.Invitations, Days: p.Days,
			Documents: p.Documents,
		}, zone),
		cases.New(cases.Ports{Register: p.Cases, Askers: p.Askers, Links: p.Records, Looks: p.Links, Papers: p.Letters, Payments: p.Till, Redact: p.Redact}, zone),
		appeal.New(appeal.Ports{Shelf: shelf, Records: p.Records, Registry: p.Cases, Limits: p.CaseLimits}, zone),
		operator.New(p.Staff, p.Hours, p.Handling),
	}
	if p.Till != nil {
		list = append(list, payment.New(payment.Ports{Prices: shelf, Records: p.Records, Desk: p.Links, Till: p.Till, Cases: p.Cases}, zone))
	}
	return list
}
