package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"time"

	"okoshko/core/billing"
	"okoshko/core/table"
)

// Writer writes lines: one for each account, meter and reading. The order is the
// caller's: an account before its meters, a meter before its readings.
type Writer struct {
	csv  *csv.Writer
	zone *time.Location
	row  []string
}

// NewWriter writes the names of the columns. Moments are told in the zone.
func NewWriter(w io.Writer, zone *time.Location) (*Writer, error) {
	out := &Writer{csv.NewWriter(w), zone, make([]string, len(Columns()))}
	return out, out.write(Columns())
}

// Account writes an account.
func (w *Writer) Account(a *Account) error {
	w.begin(a.Number, "", "")
	fill(w, 1, accountColumns, a)
	return w.write(w.row)
}

// Meter writes a meter of an account.
func (w *Writer) Meter(n billing.AccountNumber, m *billing.Meter) error {
	w.begin(n, m.Serial, "")
	fill(w, meterPlace+1, meterColumns, m)
	return w.write(w.row)
}

// Reading writes a reading of an account's meter.
func (w *Writer) Reading(n billing.AccountNumber, s billing.MeterSerial, r *billing.Reading) error {
	w.begin(n, s, r.Register)
	fill(w, registerPlace+1, readingColumns, r)
	return w.write(w.row)
}

// Flush writes what is still held back.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// Where the columns stand that a line is found by.
var (
	meterPlace    = 1 + len(accountColumns)
	registerPlace = meterPlace + 1 + len(meterColumns)
)

func (w *Writer) begin(n billing.AccountNumber, s billing.MeterSerial, register string) {
	clear(w.row)
	w.row[0], w.row[meterPlace], w.row[registerPlace] = n.Full(), table.Inert(s.Full()), register
}

func fill[T any](w *Writer, from int, columns []column[T], t *T) {
	for i, c := range columns {
		w.row[from+i] = table.Inert(c.get(t, w.zone))
		if w.row[from+i] == "" && c.clear != nil {
			w.row[from+i] = nothing // so that reading it again takes away what is there
		}
	}
}

func (w *Writer) write(row []string) error {
	if err := w.csv.Write(row); err != nil {
		return fmt.Errorf("write register: %w", err)
	}
	return nil
}
