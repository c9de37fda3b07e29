package exchange

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/fault"
	"okoshko/core/table"
)

// RowError is why a line is not taken. It names the column and never quotes a
// cell: what stands there may be somebody's.
type RowError struct {
	Line  int // of the file, the names of the columns being the first
	Cause error
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Cause) }
func (e *RowError) Unwrap() error { return e.Cause }

// Row is what a line says. Its cells have been read once: setting them again does
// not fail.
type Row struct {
	Line    int
	Number  billing.AccountNumber
	Serial  billing.MeterSerial // empty: the line is about no meter
	Reading *billing.Reading    // nil: about no reading; its meter is the line's

	zone    *time.Location
	account []cell[Account]
	meter   []cell[billing.Meter]
}

// cell is a column with what a line says there.
type cell[T any] struct {
	of   *column[T]
	said string
}

func (c cell[T]) set(t *T, zone *time.Location) error {
	if c.said == nothing {
		if c.of.clear == nil {
			return fmt.Errorf("%s cannot be nothing", c.of.name)
		}
		c.of.clear(t)
		return nil
	}
	if err := c.of.set(t, c.said, zone); err != nil {
		return fmt.Errorf("%s %w", c.of.name, err)
	}
	return nil
}

// SaysAccount reports whether the line says anything of the account itself.
func (r *Row) SaysAccount() bool { return len(r.account) > 0 }

// SetAccount puts into an account what the line says of it.
func (r *Row) SetAccount(a *Account) { set(r.account, a, r.zone) }

// SetMeter puts into a meter what the line says of it.
func (r *Row) SetMeter(m *billing.Meter) {
	m.Serial = r.Serial
	set(r.meter, m, r.zone)
}

func set[T any](cells []cell[T], t *T, zone *time.Location) {
	for _, c := range cells {
		_ = c.set(t, zone) // it has been set before, when the line was read
	}
}

// Reader reads lines.
type Reader struct {
	csv     *csv.Reader
	zone    *time.Location
	columns []string
}

// NewReader reads the names of the columns: any of Columns, in any order, the
// account's number among them. Cells are parted by commas or semicolons; a mark of
// UTF-8 may stand before. Days begin in the zone. The error is fault.Invalid.
func NewReader(r io.Reader, zone *time.Location) (*Reader, error) {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	in := &Reader{csv: csv.NewReader(b), zone: zone}
	in.csv.ReuseRecord = true
	if first, _ := b.Peek(b.Size()); semicolons(string(first)) {
		in.csv.Comma = ';'
	}
	names, err := in.csv.Read()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, errors.New("the first line does not hold the names of the columns"))
	}
	known := Columns()
	for i, name := range names {
		name = strings.TrimSpace(name)
		switch {
		case !slices.Contains(known, name):
			return nil, fault.New(fault.Invalid, fmt.Sprintf("column %q is not known; known are %s", name, strings.Join(known, ", ")))
		case slices.Contains(names[:i], name):
			return nil, fault.New(fault.Invalid, fmt.Sprintf("column %q stands twice", name))
		}
		in.columns = append(in.columns, name)
	}
	if !slices.Contains(in.columns, accountColumn) {
		return nil, fault.New(fault.Invalid, "there is no column "+accountColumn)
	}
	return in, nil
}

// semicolons reports whether the first line is parted by semicolons.
func semicolons(text string) bool {
	line, _, _ := strings.Cut(text, "\n")
	return strings.Count(line, ";") > strings.Count(line, ",")
}

// Next returns the next line that says anything; io.EOF after the last. After a
// *RowError the next line can be read; after any other error none can.
func (in *Reader) Next() (Row, error) {
	for {
		cells, err := in.csv.Read()
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			return Row{}, &RowError{broken.Line, broken.Err}
		case err != nil:
			return Row{}, err
		}
		line, _ := in.csv.FieldPos(0)
		said := map[string]string{}
		for i, c := range cells {
			if c = strings.TrimSpace(table.Live(c)); c != "" {
				said[in.columns[i]] = c
			}
		}
		if len(said) == 0 {
			continue
		}
		r, err := in.row(said)
		if r.Line = line; err != nil {
			return r, &RowError{line, err}
		}
		return r, nil
	}
}

func (in *Reader) row(said map[string]string) (r Row, err error) {
	r.zone = in.zone
	if r.Number, err = billing.ParseAccount(said[accountColumn]); err != nil {
		return r, errors.New("account is no number of an account: ten digits with their check digit, or a contract")
	}
	scratch := NewAccount(r.Number)
	if r.account, err = cells(accountColumns, said, &scratch, in.zone); err != nil {
		return r, err
	}
	r.Serial = billing.MeterSerial(said[meterColumn])
	if err := short(r.Serial.Full()); err != nil {
		return r, fmt.Errorf("%s %w", meterColumn, err)
	}
	var m billing.Meter
	if r.meter, err = cells(meterColumns, said, &m, in.zone); err != nil {
		return r, err
	}
	reading := billing.Reading{Register: strings.ToUpper(said[registerColumn])}
	readings, err := cells(readingColumns, said, &reading, in.zone)
	switch {
	case err != nil:
		return r, err
	case r.Serial == nothing:
		return r, errors.New("meter cannot be nothing: one is never taken away, it goes out of service")
	case r.Serial == "" && len(r.meter)+len(readings)+len(reading.Register) > 0:
		return r, errors.New("meter is missing: nobody can tell which one is meant")
	case reading.Register == "" && len(readings) > 0:
		return r, errors.New("register is missing: T1, T2 or T3")
	case reading.Register != "":
		for _, c := range readingColumns[:neededReading] {
			if said[c.name] == "" {
				return r, fmt.Errorf("%s is missing", c.name)
			}
		}
		r.Reading = &reading
	}
	return r, nil
}

// cells lists what a line says in the columns, and puts it into t.
func cells[T any](columns []column[T], said map[string]string, t *T, zone *time.Location) (list []cell[T], err error) {
	for i := range columns {
		if s := said[columns[i].name]; s != "" {
			c := cell[T]{&columns[i], s}
			if err := c.set(t, zone); err != nil {
				return nil, err
			}
			list = append(list, c)
		}
	}
	return list, nil
}
