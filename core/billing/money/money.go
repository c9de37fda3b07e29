// Package money holds sums in kopecks, prices and factors: exact decimal
// arithmetic, one way to round (spec §2.3: half-up to a kopeck per line of a
// bill), no floating point. What does not fit is an error of kind
// fault.Invalid, never a wrong sum.
package money

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"okoshko/core/fault"
)

// Kopecks is a sum of money; debts, charges and payments are whole kopecks.
// A negative sum is in favour of the customer.
type Kopecks int64

// String returns the sum in roubles with two digits: "1604.60", "-0.05".
func (k Kopecks) String() string {
	sign := ""
	u := uint64(k)
	if k < 0 {
		sign, u = "-", -u
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// Abs returns the sum without its sign.
func (k Kopecks) Abs() Kopecks {
	if k < 0 {
		return -k
	}
	return k
}

// ParseKopecks reads roubles with at most two digits after a point or a comma:
// "1604.60", "1604,6", "1604". Anything else is Invalid.
func ParseKopecks(s string) (Kopecks, error) {
	d, err := parse(strings.ReplaceAll(s, ",", "."))
	if err != nil {
		return 0, err
	}
	if d.MinScale() > 2 {
		return 0, fault.Wrap(fault.Invalid, fmt.Errorf("sum %q has parts of a kopeck", s))
	}
	return Round(d, 1)
}

// Price is an amount of roubles for one unit, as it is printed: a kilowatt-hour
// costs 6.19, or 10.38417 where prices have five digits.
type Price struct{ d decimal.Decimal }

// ParsePrice reads "6.19". A negative price, one with more than seven digits
// after the point, or no number is Invalid.
func ParsePrice(s string) (Price, error) {
	d, err := parse(s)
	return Price{d}, err
}

// MustPrice is ParsePrice for constants of tests and tables of the program.
func MustPrice(s string) Price {
	p, err := ParsePrice(s)
	if err != nil {
		panic(err)
	}
	return p
}

// String returns the price with the digits that it was given with.
func (p Price) String() string { return p.d.String() }

// IsZero reports whether nothing is to be paid, or no price is set.
func (p Price) IsZero() bool { return p.d.IsZero() }

// Compare orders prices: -1, 0 or 1.
func (p Price) Compare(o Price) int { return p.d.Cmp(o.d) }

// Equal reports whether prices are the same amount; go-cmp asks it.
func (p Price) Equal(o Price) bool { return p.d.Equal(o.d) }

// Times returns the price of n units, rounded half-up to a kopeck.
func (p Price) Times(n int64) (Kopecks, error) {
	units, err := decimal.New(n, 0)
	if err != nil {
		return 0, tooLarge(err)
	}
	sum, err := p.d.MulExact(units, p.d.Scale())
	if err != nil {
		return 0, tooLarge(err)
	}
	return Round(sum, 1)
}

// By returns the price multiplied by a factor and rounded half-up to a kopeck:
// how a zone's price is made from the printed one (spec §2.3).
func (p Price) By(f Factor) (Price, error) {
	d, err := p.d.MulExact(f.d, p.d.Scale()+f.d.Scale())
	if err != nil {
		return Price{}, tooLarge(err)
	}
	k, err := Round(d, 1)
	if err != nil {
		return Price{}, err
	}
	return PriceOf(k), nil
}

// Minus returns how much dearer p is than o; it may be negative.
func (p Price) Minus(o Price) (Price, error) {
	d, err := p.d.SubExact(o.d, max(p.d.Scale(), o.d.Scale()))
	return Price{d}, tooLarge(err)
}

// PriceOf returns a price of whole kopecks.
func PriceOf(k Kopecks) Price {
	return Price{decimal.MustNew(int64(k), 2)}
}

// Kopecks returns the price of one unit, rounded half-up.
func (p Price) Kopecks() (Kopecks, error) { return Round(p.d, 1) }

// MarshalText returns the form of String.
func (p Price) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (p *Price) UnmarshalText(text []byte) (err error) {
	p.d, err = signed(string(text))
	return err
}

// Factor is a number without a unit: a zone's multiplier, a rate of tax or a
// yearly rate (9.5 % is 0.095).
type Factor struct{ d decimal.Decimal }

// ParseFactor reads "1.92" or, as a share, "9.5%". A negative number, one with
// more than seven digits after the point, or no number is Invalid.
func ParseFactor(s string) (Factor, error) {
	number, percent := strings.CutSuffix(s, "%")
	d, err := parse(strings.TrimSpace(number))
	if err != nil || !percent {
		return Factor{d}, err
	}
	d, err = d.MulExact(decimal.MustNew(1, 2), d.Scale()+2)
	return Factor{d.Trim(0)}, tooLarge(err)
}

// MustFactor is ParseFactor for constants of tests and tables of the program.
func MustFactor(s string) Factor {
	f, err := ParseFactor(s)
	if err != nil {
		panic(err)
	}
	return f
}

// Decimal returns the number itself, for sums that are rounded later.
func (f Factor) Decimal() decimal.Decimal { return f.d }

// IsZero reports whether the factor is zero or not set.
func (f Factor) IsZero() bool { return f.d.IsZero() }

// String returns the factor as a plain number, "0.095".
func (f Factor) String() string { return f.d.String() }

// Percent returns the factor as a number of per cents, "9.5".
func (f Factor) Percent() string {
	d, err := f.d.MulExact(decimal.MustNew(100, 0), f.d.Scale())
	if err != nil {
		return f.String()
	}
	return d.Trim(0).String()
}

// Equal reports whether factors are the same number; go-cmp asks it.
func (f Factor) Equal(o Factor) bool { return f.d.Equal(o.d) }

// Of returns that share of a sum, rounded half-up to a kopeck.
func (f Factor) Of(k Kopecks) (Kopecks, error) {
	roubles, err := decimal.New(int64(k), 2)
	if err != nil {
		return 0, tooLarge(err)
	}
	d, err := roubles.MulExact(f.d, f.d.Scale()+2)
	if err != nil {
		return 0, tooLarge(err)
	}
	return Round(d, 1)
}

// MarshalText returns the form of String.
func (f Factor) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (f *Factor) UnmarshalText(text []byte) (err error) {
	*f, err = ParseFactor(string(text))
	return err
}

// Round returns roubles/divisor in kopecks, rounded once, half-up; halves of
// negative sums go away from zero, so that a line and its reversal cancel. The
// divisor must be positive.
func Round(roubles decimal.Decimal, divisor int64) (Kopecks, error) {
	if divisor <= 0 {
		return 0, fault.New(fault.Internal, "round: the divisor is not positive")
	}
	// Exact integers: kopecks and what is left of them.
	unit, err := decimal.New(divisor, 2)
	if err != nil {
		return 0, tooLarge(err)
	}
	q, r, err := roubles.Abs().QuoRem(unit)
	if err != nil {
		return 0, tooLarge(err)
	}
	whole, _, ok := q.Int64(0)
	if !ok || whole == math.MaxInt64 {
		return 0, tooLarge(fmt.Errorf("%v roubles", roubles))
	}
	rest, err := r.AddExact(r, r.Scale())
	if err != nil {
		return 0, tooLarge(err)
	}
	if rest.Cmp(unit) >= 0 {
		whole++
	}
	if roubles.IsNeg() {
		whole = -whole
	}
	return Kopecks(whole), nil
}

const mostDigits = 7 // after the point, of a price or a factor

func parse(s string) (decimal.Decimal, error) {
	d, err := signed(s)
	if err == nil && d.IsNeg() {
		err = fault.Wrap(fault.Invalid, fmt.Errorf("%q is negative", s))
	}
	return d, err
}

func signed(s string) (decimal.Decimal, error) {
	// The library reads exponents, which nobody prints, and rounds what is too
	// long, which would change the sum.
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r != '.' && (r != '-' || i > 0):
			return decimal.Decimal{}, notNumber(s)
		}
	}
	if digits == 0 || digits > 18 {
		return decimal.Decimal{}, notNumber(s)
	}
	d, err := decimal.Parse(s)
	if err != nil || d.Scale() > mostDigits {
		return decimal.Decimal{}, notNumber(s)
	}
	return d, nil
}

func notNumber(s string) error {
	return fault.New(fault.Invalid, strconv.QuoteToASCII(s)+" is no decimal number")
}

func tooLarge(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Invalid, fmt.Errorf("count money: %w", err))
}
