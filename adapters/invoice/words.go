package invoice

import (
	"fmt"
	"strings"

	"okoshko/adapters/paper"
	"okoshko/core/billing/money"
)

// comma writes a number as Russian spreadsheets read it, without groups.
func comma(s string) string { return strings.ReplaceAll(s, ".", ",") }

// perKW writes a price of a MW as that of a kW, unrounded: at least kopecks are
// shown.
func perKW(ofMW money.Kopecks) string {
	s := fmt.Sprintf("%d.%05d", ofMW/100_000, ofMW%100_000)
	for range 3 {
		s = strings.TrimSuffix(s, "0")
	}
	return paper.Number(s)
}

// owed is a sum in the column that it belongs to.
func owed(here bool, sum money.Kopecks) string {
	if !here {
		return ""
	}
	return paper.Roubles(sum.Abs())
}
