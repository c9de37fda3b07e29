package payment

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"okoshko/core/fault"
)

// Number is the number of a payment: eleven digits of chance and a check digit
// (Luhn), so that it says nothing, is not guessed, and can be read out. It is the
// order's number at the provider, too.
type Number string

const digits = 12

// ErrNumber says that a text is no number of a payment; it is Invalid.
var ErrNumber error = &fault.Error{Kind: fault.Invalid, Key: "payment_number"}

// NewNumber draws a number.
func NewNumber() Number {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000_000))
	if err != nil {
		panic(err) // the system has no randomness: nothing is safe
	}
	body := fmt.Sprintf("%011d", n)
	return Number(body + string('0'+byte((10-luhn(body+"0"))%10)))
}

// ParseNumber reads a number as it is stored or printed.
func ParseNumber(s string) (Number, error) {
	n := strings.ReplaceAll(strings.TrimSpace(s), "-", "")
	if len(n) != digits || strings.Trim(n, "0123456789") != "" || luhn(n) != 0 {
		return "", ErrNumber
	}
	return Number(n), nil
}

// String returns the number as it is printed, 4821-0937-5516.
func (n Number) String() string {
	if len(n) != digits {
		return string(n)
	}
	return string(n[:4] + "-" + n[4:8] + "-" + n[8:])
}

// luhn is the check sum of digits, 0 for a number with the right check digit.
func luhn(s string) int {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum % 10
}
