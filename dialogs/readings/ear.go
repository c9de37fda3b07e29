package readings

import (
	"slices"
	"strings"

	"okoshko/core/billing"
)

// hears reports whether a text is nothing but what the form asks for: an
// account or readings, the words that people send them with, and nothing else
// ("0145201372 14800", as suppliers take by SMS; «передать показания 4521»).
// What is said in other words, the examples under "opens" tell; a question
// about readings is none of ours.
func hears(text string) bool {
	said := billing.Parse(text)
	return said.Rest == "" && (len(said.Accounts) == 1 || mayRead(said) && said.Place == "")
}

// leastDigits is how many digits a bare number has at least to be taken for a
// reading that nobody asked for.
const leastDigits = 3

// mayRead reports whether there are values that may be readings.
func mayRead(said billing.Message) bool {
	return said.Readings || slices.ContainsFunc(said.Values, func(v billing.Value) bool {
		return len(strings.Join(v.Groups, "")) >= leastDigits
	})
}
