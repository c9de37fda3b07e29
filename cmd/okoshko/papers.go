package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"okoshko/adapters/chart"
	"okoshko/adapters/files"
	"okoshko/adapters/invoice"
	"okoshko/adapters/receipt"
	"okoshko/core/billing/bill"
	"okoshko/core/chat"
	"okoshko/core/table"
	"okoshko/dialogs/dialog"
)

// papers makes files of accounts and keeps them sealed, to be sent or linked to
// once.
type papers struct {
	printer bill.Printer
	clerk   bill.Clerk
	plotter bill.Plotter
	files   *files.Store
}

// madePrefix begins the owner of a file that was made for a conversation.
const madePrefix = "made/"

// newPapers puts the supplier's printer on the store.
func newPapers(c Config, f *files.Store) (*papers, error) {
	printer, err := receipt.New(c.Company.Supplier())
	if err != nil {
		return nil, err
	}
	return &papers{printer, invoice.New(c.Company.Supplier()), chart.Plotter{}, f}, nil
}

// Paper implements the scenario's Papers.
func (p *papers) Paper(ctx context.Context, e dialog.Effect, l *bill.Ledger, b *bill.Bill, name string) (chat.File, error) {
	paper, err := p.printer.Print(l, b)
	if err != nil {
		return chat.File{}, fmt.Errorf("print a bill: %w", err)
	}
	file, err := p.keep(ctx, e, paper, files.File{Name: name})
	file.Personal = true
	return file, err
}

// Document implements the scenario's Papers.
func (p *papers) Document(ctx context.Context, e dialog.Effect, l *bill.Ledger, d *bill.Document, name string) (chat.File, error) {
	made, err := p.clerk.Write(l, d)
	if err != nil {
		return chat.File{}, fmt.Errorf("write %s: %w", d.Kind, err)
	}
	file, err := p.keep(ctx, e, made, files.File{Name: name, Table: d.Kind == bill.HourPrices})
	file.Personal = true
	return file, err
}

// Chart implements the scenario's Papers.
func (p *papers) Chart(ctx context.Context, e dialog.Effect, c bill.Chart, name string) (chat.File, error) {
	picture, err := p.plotter.Plot(c)
	if err != nil {
		return chat.File{}, fmt.Errorf("draw a chart: %w", err)
	}
	return p.keep(ctx, e, picture, files.File{Name: name})
}

// Table implements the scenario's Papers.
func (p *papers) Table(ctx context.Context, e dialog.Effect, columns []string, rows [][]string, name string) (chat.File, error) {
	var out bytes.Buffer
	if err := table.WriteCSV(&out, columns, rows); err != nil {
		return chat.File{}, fmt.Errorf("write a table: %w", err)
	}
	return p.keep(ctx, e, out.Bytes(), files.File{Name: name, Table: true})
}

// keep stores what was made for an effect's conversation. The owner of a file is
// its content, conversation and day: made twice, it is stored once, and nobody else
// has it.
func (p *papers) keep(ctx context.Context, e dialog.Effect, made []byte, f files.File) (chat.File, error) {
	digest := sha256.Sum256(made)
	owner := madePrefix + string(e.Conversation) + "/" + e.At.UTC().Format(time.DateOnly) + "/" + hex.EncodeToString(digest[:16])
	f.Owner, f.Conversation = owner, e.Conversation
	return putFile(ctx, p.files, f, bytes.NewReader(made))
}
