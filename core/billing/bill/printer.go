package bill

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
