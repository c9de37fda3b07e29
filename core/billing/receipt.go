package billing

import (
	"fmt"
	"strconv"
	"strings"

	"okoshko/core/fault"
)

// What ParseReceipt finds wrong; both are Invalid.
var (
	// ErrReceiptForm: this is no receipt number.
	ErrReceiptForm error = &fault.Error{Kind: fault.Invalid, Key: "receipt_form"}
	// ErrReceiptDigits: the check digit does not fit: mistyped or misheard.
	ErrReceiptDigits error = &fault.Error{Kind: fault.Invalid, Key: "receipt_digits"}
)

// Receipt is the number that a customer gets for an accepted submission. It is
// printed as two letters, the year, the sequence number in groups of three and
// a check digit, PP-26-000-123-5 in Cyrillic letters: short enough to be read
// out, and a single wrong digit is noticed.
//
// Year and Sequence come from the store, which counts; the zero Receipt is
// none.
type Receipt struct {
	Year     int   // 2000–2099
	Sequence int64 // from 1, of the year or of all years
}

// receiptDigits is the shortest form of a sequence number.
const receiptDigits = 6

// String returns the receipt as it is printed.
func (r Receipt) String() string {
	body := r.body()
	var b strings.Builder
	b.WriteString(words().receipt)
	b.WriteByte('-')
	b.WriteString(body[:2])
	sequence := body[2:]
	for i := range len(sequence) {
		if (len(sequence)-i)%3 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(sequence[i])
	}
	b.WriteByte('-')
	b.WriteByte(luhnDigit(body))
	return b.String()
}

// body returns the digits that the check digit covers; the sequence is filled
// up to whole groups of three.
func (r Receipt) body() string {
	sequence := strconv.FormatInt(max(r.Sequence, 0), 10)
	width := max(receiptDigits, (len(sequence)+2)/3*3)
	return fmt.Sprintf("%02d%0*d", r.Year%100, width, max(r.Sequence, 0))
}

// ParseReceipt reads a receipt number as people type or dictate it: without
// dashes, with spaces, with Latin letters or none. The errors are
// ErrReceiptForm and ErrReceiptDigits.
func ParseReceipt(text string) (Receipt, error) {
	var digits strings.Builder
	for _, t := range newScan(text) {
		switch {
		case t.kind == number:
			digits.WriteString(t.text)
		case t.kind == word && (digits.Len() > 0 || !words().receipts[t.text]):
			return Receipt{}, ErrReceiptForm
		}
	}
	d := digits.String()
	if len(d)%3 != 0 || len(d) < 2+receiptDigits+1 || len(d) > 2+15+1 {
		return Receipt{}, ErrReceiptForm
	}
	if !luhn(d) {
		return Receipt{}, ErrReceiptDigits
	}
	sequence, err := strconv.ParseInt(d[2:len(d)-1], 10, 64)
	if err != nil || sequence == 0 {
		return Receipt{}, ErrReceiptForm
	}
	return Receipt{Year: 2000 + int(d[0]-'0')*10 + int(d[1]-'0'), Sequence: sequence}, nil
}
