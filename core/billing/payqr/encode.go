package payqr

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
)

// Lengths that every reader takes (spec §2.7).
const (
	mostName     = 160 // letters
	mostBank     = 34
	mostPurpose  = 160
	leastName    = 20  // letters of a name that must stay readable
	mandatoryMax = 300 // bytes of the mandatory block, in the chosen charset
)

// separators are tried in this order.
const separators = "|#;:^_~{}!$%&()*+,/@"

// Housing is the technical code of payments for housing and utilities.
const Housing = "02"

// Payee is to whom is paid, and where.
type Payee struct {
	Name     string
	Account  string // 20 characters
	Bank     string
	BIC      string
	Corresp  string // empty for an account without one
	INN, KPP string // empty: left out
}

// Check reports whether a payment to the payee can be offered at all; errors are
// those of Order.Encode.
func (p Payee) Check() error {
	_, err := Order{Payee: p}.Encode()
	return err
}

// Field is a key of the standard with its value.
type Field struct{ Key, Value string }

// Order is a payment to be offered.
type Order struct {
	Payee
	// Sum to pay; zero leaves it to the payer.
	Sum     money.Kopecks
	Purpose string
	// PersAcc is the payer's account at the supplier.
	PersAcc  string
	Period   billing.Period
	TechCode string
	// More fields, in this order after the others.
	More []Field
}

// Encode returns the text of the code, in UTF-8 or, where only so the payee's
// name stays readable, in Windows-1251. Long values are cut: the bank's name
// to 34 letters, the purpose to 160, the payee's name at the border of a word
// if the mandatory fields would exceed 300 bytes. The error is Invalid and
// names the field, not its value: a missing one, a wrong check digit, a
// negative sum.
func (o Order) Encode() ([]byte, error) {
	fields, err := o.fields()
	if err != nil {
		return nil, err
	}
	encode, charset := utf8Bytes, byte('2')
	if size(fields, encode) > mandatoryMax {
		name := cutWords(fields[0].Value, len(fields[0].Value)-(size(fields, encode)-mandatoryMax))
		if letters(name) >= leastName {
			fields[0].Value = name
		} else {
			encode, charset = windows1251, '1'
		}
	}
	if size(fields, encode) > mandatoryMax {
		return nil, invalid("Name", "and BankName are too long together")
	}
	separator, err := separatorFor(fields)
	if err != nil {
		return nil, err
	}
	text := append([]byte("ST0001"), charset)
	for _, f := range fields {
		text = append(text, separator)
		text = append(text, f.Key+"="...)
		text = append(text, encode(f.Value)...)
	}
	return text, nil
}

// fields returns the checked fields in their order.
func (o Order) fields() ([]Field, error) {
	if o.Sum < 0 {
		return nil, invalid("Sum", "is negative")
	}
	corresp := o.Corresp
	if corresp == "" {
		corresp = "0"
	}
	fields := []Field{
		{"Name", cut(o.Name, mostName)},
		{"PersonalAcc", o.Account},
		{"BankName", cut(o.Bank, mostBank)},
		{"BIC", o.BIC},
		{"CorrespAcc", corresp},
	}
	for _, f := range fields {
		if f.Value == "" {
			return nil, invalid(f.Key, "is missing")
		}
	}
	if err := checkBank(o.Account, o.BIC, corresp); err != nil {
		return nil, err
	}
	period := ""
	if !o.Period.IsZero() {
		period = fmt.Sprintf("%02d%04d", int(o.Period.Month), o.Period.Year)
	}
	sum := ""
	if o.Sum > 0 {
		sum = strconv.FormatInt(int64(o.Sum), 10)
	}
	more := append([]Field{
		{"PayeeINN", o.INN},
		{"KPP", o.KPP},
		{"Sum", sum},
		{"Purpose", cut(o.Purpose, mostPurpose)},
		{"PersAcc", o.PersAcc},
		{"PaymPeriod", period},
		{"TechCode", o.TechCode},
	}, o.More...)
	seen := map[string]bool{}
	for _, f := range more {
		if f.Value = clean(f.Value); f.Value != "" {
			fields = append(fields, f)
		}
	}
	for _, f := range fields {
		if seen[f.Key] {
			return nil, invalid(f.Key, "stands twice")
		}
		seen[f.Key] = true
		if err := checkField(f.Key, f.Value, letters(f.Value)); err != nil && (f.Key != "CorrespAcc" || f.Value != "0") {
			return nil, err
		}
	}
	return fields, nil
}

// clean puts every line and blank in order and drops what is no text.
func clean(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

func letters(s string) int { return utf8.RuneCountInString(s) }

// cut returns the first n letters of a cleaned text.
func cut(s string, n int) string {
	s = clean(s)
	for i := range s {
		if n--; n < 0 {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// cutWords returns as many whole words as fit into n bytes, nothing if the
// first one does not.
func cutWords(s string, n int) string {
	if len(s) <= n {
		return s
	}
	end := strings.LastIndexByte(s[:max(n, 0)+1], ' ')
	return strings.TrimRight(s[:max(end, 0)], " ,.;:-–—")
}

// size is the length of the mandatory block: everything after the eight
// service bytes up to the first additional field, with its separator.
func size(fields []Field, encode func(string) []byte) int {
	n := len(mandatory)
	for i, key := range mandatory {
		n += len(key) + 1 + len(encode(fields[i].Value))
	}
	return n
}

// separatorFor returns a sign that stands in no value.
func separatorFor(fields []Field) (byte, error) {
	for i := range len(separators) {
		free := true
		for _, f := range fields {
			free = free && strings.IndexByte(f.Value, separators[i]) < 0
		}
		if free {
			return separators[i], nil
		}
	}
	return 0, invalid("values", "use every sign that could separate them")
}

func utf8Bytes(s string) []byte { return []byte(s) }

// windows1251 writes what the charset does not have as "?".
func windows1251(s string) []byte {
	text := make([]byte, 0, len(s))
	for _, r := range s {
		b, ok := charmap.Windows1251.EncodeRune(r)
		if !ok {
			b = '?'
		}
		text = append(text, b)
	}
	return text
}
