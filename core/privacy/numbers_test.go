package privacy_test

import (
	"testing"

	"okoshko/core/privacy"
)

// True numbers of spec/domain.md §3.4; whichever single digit of one is mistyped,
// an ОГРН is found wrong, and so is an ИНН but for the rare eleven that passes as
// zero.
func TestCheckDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		valid  func(string) bool
		number string
		missed int // how many slips of one digit pass
	}{
		{privacy.ValidTaxID, "7707083893", 0},
		{privacy.ValidTaxID, "0000123450", 10},
		{privacy.ValidTaxID, "500100732259", 0},
		{privacy.ValidOGRN, "1027700132195", 20},
		{privacy.ValidOGRN, "304500116000157", 20},
	} {
		if !c.valid(c.number) {
			t.Errorf("%s is right", c.number)
		}
		passed := 0
		for i := range c.number {
			for d := byte('0'); d <= '9'; d++ {
				slip := c.number[:i] + string(d) + c.number[i+1:]
				if d != c.number[i] && c.valid(slip) {
					passed++
				}
			}
		}
		if passed > c.missed {
			t.Errorf("%s: %d slips of one digit pass", c.number, passed)
		}
	}
	for _, wrong := range []string{"", "0", "770708389", "77070838931", "770708389А", "7707083893 ", "５００１００７３２２５９", "1027700132196", "10277001321950"} {
		if privacy.ValidTaxID(wrong) || privacy.ValidOGRN(wrong) {
			t.Errorf("%q is wrong", wrong)
		}
	}
}
