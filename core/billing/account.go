package billing

import (
	"fmt"
	"log/slog"
	"strings"

	"okoshko/core/fault"
)

// What ParseAccount finds wrong; both are Invalid.
var (
	// ErrAccountForm: this is no account number: not ten digits, no contract.
	ErrAccountForm error = &fault.Error{Kind: fault.Invalid, Key: "account_form"}
	// ErrAccountDigits: ten digits whose check digit does not fit: mistyped.
	ErrAccountDigits error = &fault.Error{Kind: fault.Invalid, Key: "account_digits"}
)

// AccountNumber is a personal account, ten digits TTSSSSSSSC with territory,
// serial and Luhn digit, or a contract of a legal entity, a two-letter prefix
// with number and year (spec §3.4, §5.1). ParseAccount makes one.
//
// It belongs to a person: fmt and slog show a mask. Full is for stores and
// letters, and JSON and SQL, which see the plain string, hold it whole. It has
// no String method, because a database driver would then store the mask.
type AccountNumber string

const accountDigits = 10

// Full returns the whole number.
func (a AccountNumber) Full() string { return string(a) }

// Contract reports whether the number is a legal entity's contract.
func (a AccountNumber) Contract() bool { return strings.ContainsRune(string(a), '/') }

// Territory returns the two digits TT of a personal account, nothing of a
// contract.
func (a AccountNumber) Territory() string {
	if a.Contract() || len(a) != accountDigits {
		return ""
	}
	return string(a[:2])
}

// Masked returns ******1372 of a personal account; of a contract the prefix and
// the year (spec §3.3).
func (a AccountNumber) Masked() string {
	if prefix, rest, ok := strings.Cut(string(a), "-"); ok {
		if _, year, ok := strings.Cut(rest, "/"); ok {
			return prefix + "-****/" + year
		}
	}
	return "******" + tail(string(a), 4)
}

// Format writes the mask for every verb, %#v and %d included.
func (a AccountNumber) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(a.Masked())) }

// LogValue masks the number in logs.
func (a AccountNumber) LogValue() slog.Value { return slog.StringValue(a.Masked()) }

// Account is what the rules of readings need to know of a customer's account.
type Account struct {
	Number    AccountNumber
	Territory string // 01–08, company's own code
	Legal     bool   // readings by the rules of legal entities
	Closed    bool
	House     string // of the address, for a guest's proof; a garage's number
	Flat      string // empty for a house
	Meters    []Meter
}

// LogValue shows the masked number only: the address is a person's.
func (a Account) LogValue() slog.Value { return a.Number.LogValue() }

// Format writes the masked number only, for every verb.
func (a Account) Format(f fmt.State, verb rune) { a.Number.Format(f, verb) }

// ParseAccount reads an account number as people write it: with spaces, dashes,
// full-width digits, words around it, the contract's prefix in letters that
// only look right. The text must hold nothing but one number: a message with
// readings in it goes to Parse. The errors are ErrAccountForm and
// ErrAccountDigits.
func ParseAccount(text string) (AccountNumber, error) {
	s := newScan(text)
	if a, ok := wholeContract(s); ok {
		return a, nil
	}
	var digits strings.Builder
	for _, t := range s {
		switch t.kind {
		case number:
			digits.WriteString(t.text)
		case word:
			// Words may stand around the number, not inside it.
			if digits.Len() > 0 && digits.Len() < accountDigits {
				return "", ErrAccountForm
			}
		case sign:
			if t.text == "/" && digits.Len() > 0 {
				return "", ErrAccountForm
			}
		}
	}
	return personal(digits.String())
}

// personal checks the digits of a personal account.
func personal(digits string) (AccountNumber, error) {
	switch {
	case len(digits) != accountDigits || digits[:2] == "00":
		return "", ErrAccountForm
	case !luhn(digits):
		return "", ErrAccountDigits
	default:
		return AccountNumber(digits), nil
	}
}

// NewPersonalAccount makes the number of a territory (1–99) and a serial (0 to
// 9,999,999) by adding the check digit; for generators of demo data.
func NewPersonalAccount(territory, serial int) AccountNumber {
	body := fmt.Sprintf("%02d%07d", territory%100, serial%10_000_000)
	return AccountNumber(body + string(luhnDigit(body)))
}

// wholeContract reads a contract that may stand without its prefix, because
// the whole text is the answer to the question for it.
func wholeContract(s scan) (AccountNumber, bool) {
	for i := range s {
		a, n, ok := s.contract(i, true)
		if !ok {
			continue
		}
		for _, t := range s[i+n:] {
			if t.kind == number {
				return "", false
			}
		}
		return a, true
	}
	return "", false
}

// luhn checks the last digit of s, which holds digits only, by Luhn's formula
// (ISO/IEC 7812-1, annex B).
func luhn(s string) bool {
	return len(s) > 1 && luhnDigit(s[:len(s)-1]) == s[len(s)-1]
}

// luhnDigit returns the digit that luhn expects after body.
func luhnDigit(body string) byte {
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}
