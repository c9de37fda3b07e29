package appeal

import (
	"context"

	"okoshko/core/appeal/registry"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/core/visit"
)

// Shelf tells what is published; each is nil while nothing is known yet.
type Shelf interface {
	// Cases are the tables by which cases live.
	Cases() *registry.Books
	Prices() *tariff.Book
	Offices() *visit.Directory
	// Forms are the categories that an answer names (knowledge.Article.Forms), none
	// if there is no such answer on the day.
	Forms(answer knowledge.Slug, day calendar.Date) []string
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
}

// Ports are what the scenario stands on.
type Ports struct {
	Shelf    Shelf
	Records  Records
	Registry Registry
	Limits   registry.Limits
}
