package appeal

import (
	"context"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/tariff"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/visit"
)

// Shelf tells what is published; each is nil while nothing is known yet.
type Shelf interface {
	// Cases are the tables by which cases live.
	Cases() *registry.Books
	Prices() *tariff.Book
	Offices() *visit.Directory
}

// Records is what is known of a conversation's accounts.
type Records interface {
	customer.Links
	// LinkedLedger returns the ledger of a link's account; false if the link does
	// not hold any more.
	LinkedLedger(ctx context.Context, l customer.Link) (bill.Ledger, bool, error)
}

// Registry is where cases are filed.
type Registry interface {
	// RegisterCase makes a case. The same effect is the same case.
	RegisterCase(ctx context.Context, e registry.Effect, f registry.Filing) (registry.Filed, error)
	// CustomerCases lists the cases of a conversation and of its accounts, the
	// newest first.
	CustomerCases(ctx context.Context, c chat.Conversation, after string, limit int) (registry.Page, error)
	// CustomerCase returns one of them; false for any other.
	CustomerCase(ctx context.Context, c chat.Conversation, n appeal.Number) (registry.Record, bool, error)
}

// Limits keep a chat from flooding the people who answer.
type Limits struct {
	// Hourly is how many cases a conversation may file in an hour; 0: any number.
	Hourly int
	// Twins is for how long the same text in the same category counts as the same
	// case; 0: never.
	Twins time.Duration
}

// Ports are what the scenario stands on.
type Ports struct {
	Shelf    Shelf
	Records  Records
	Registry Registry
	Limits   Limits
}
