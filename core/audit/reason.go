package audit

import "unicode"

// leastReason is how many letters and digits a reason has.
const leastReason = 5

// Tells reports whether a reason tells why something was done: it has five letters or
// digits at least. «.» and «-----» are none.
func Tells(reason string) bool {
	n := 0
	for _, r := range reason {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n >= leastReason
}
