package bill

import "okoshko/core/billing/payqr"

// Supplier is who issues the bills and how he is reached.
type Supplier struct {
	Payee payqr.Payee
	Phone string
	Hours string
	Site  string
	Email string
}

// Printer makes the paper of a bill (Rules 354, п. 69; R-5.1.3-a).
type Printer interface {
	// Print returns the bill of a ledger as a PDF, ready to be sent: with all the
	// contents that the law asks for and, if something is to be paid, a QR code for
	// it. What does not fit is shortened visibly or goes to another page, whatever
	// the length of names and the number of lines. It holds the payer's data in the
	// clear. The error is Invalid for a bill without a statement and for requisites
	// to which nothing can be paid.
	Print(l *Ledger, b *Bill) ([]byte, error)
}

// Clerk makes the documents of organisations (spec §2.2).
type Clerk interface {
	// Write returns a document of a ledger as a file, ready to be sent: a PDF, or, of
	// HourPrices, a table for spreadsheets (docs/hour-prices.md). It holds the payer's data in the clear. The error is
	// Invalid for a document that lacks what its kind needs.
	Write(l *Ledger, d *Document) ([]byte, error)
}
