package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"okoshko/adapters/files"
	"okoshko/adapters/receipt"
	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// papers prints bills and keeps them sealed, to be sent or linked to once.
type papers struct {
	db interface {
		bill.Ledgers
		Prices(ctx context.Context) (*tariff.Book, error)
	}
	printer bill.Printer
	files   *files.Store
	zone    *time.Location
}

// newPapers puts a printer on the stores.
func newPapers(c Config, s *stores) (*papers, error) {
	zone, err := c.Company.Location()
	if err != nil {
		return nil, err
	}
	printer, err := receipt.New(c.Company.Supplier())
	if err != nil {
		return nil, err
	}
	return &papers{db: s.db, printer: printer, files: s.files, zone: zone}, nil
}

// Paper returns the bill of a month of a linked account as a file that is
// personal, called name: as the bill stands on the day of the effect. An effect
// has one file: repeated, it returns the same. The error is Denied for a link
// that holds no longer or belongs to another conversation, bill.ErrNoBill, or
// Unavailable.
func (p *papers) Paper(ctx context.Context, e dialog.Effect, link customer.Link, month billing.Period, name string) (chat.File, error) {
	if link.Conversation != e.Conversation || !link.Holds(e.At) {
		return chat.File{}, fault.New(fault.Denied, "print a bill: the account is not linked")
	}
	l, found, err := p.db.Ledger(ctx, link.Account)
	if err != nil {
		return chat.File{}, err
	}
	if !found {
		return chat.File{}, bill.ErrNoBill
	}
	prices, err := p.db.Prices(ctx)
	if err != nil {
		return chat.File{}, err
	}
	b, err := l.Bill(month, calendar.DateOf(e.At, p.zone), prices)
	if err != nil {
		return chat.File{}, err
	}
	paper, err := p.printer.Print(&l, &b)
	if err != nil {
		return chat.File{}, fmt.Errorf("print a bill: %w", err)
	}
	owner := files.File{Owner: "paper/" + e.ID, Conversation: e.Conversation, Name: name}
	id, err := p.files.Put(ctx, owner, bytes.NewReader(paper))
	if err != nil {
		return chat.File{}, err
	}
	return chat.File{ID: id, Name: name, Type: "application/pdf", Size: int64(len(paper)), Personal: true}, nil
}
