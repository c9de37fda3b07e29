package privacy

import "strings"

// ValidTaxID reports whether the check digits of an ИНН are right: the last of an
// organisation's ten digits, the last two of a person's twelve (spec/domain.md
// §3.4). Anything but ten or twelve digits is wrong.
func ValidTaxID(number string) bool {
	if !digits(number) {
		return false
	}
	switch len(number) {
	case 10:
		return weighed(number, 2, 4, 10, 3, 5, 9, 4, 6, 8)
	case 12:
		return weighed(number, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) && weighed(number, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
	}
	return false
}

// ValidOGRN reports whether the check digit of an ОГРН (thirteen digits) or an
// ОГРНИП (fifteen) is right: the last one is what remains of the number before it,
// divided by two less than the count of digits (Приказ Минфина № 165н of
// 30.10.2017).
func ValidOGRN(number string) bool {
	if !digits(number) || len(number) != 13 && len(number) != 15 {
		return false
	}
	last := len(number) - 1
	rest := 0
	for i := range last {
		rest = (rest*10 + int(number[i]-'0')) % (last - 1)
	}
	return rest%10 == int(number[last]-'0')
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// weighed checks the digit that follows those which the weights are of.
func weighed(number string, weights ...int) bool {
	sum := 0
	for i, w := range weights {
		sum += int(number[i]-'0') * w
	}
	return sum%11%10 == int(number[len(weights)]-'0')
}
