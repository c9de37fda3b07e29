package payment

import (
	_ "embed"
	"regexp"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/fault"
)

const (
	// Least is the smallest payment: below it the bank's fee is larger.
	Least money.Kopecks = 10_00
	// Most is the largest: what the Faster Payments System carries at once
	// (СБП, правила НСПК: 1 000 000 ₽ per operation).
	Most money.Kopecks = 1_000_000_00
)

// What is wrong with a sum; all are Invalid.
var (
	ErrNoSum   error = &fault.Error{Kind: fault.Invalid, Key: "no_sum"}
	ErrTooLow  error = &fault.Error{Kind: fault.Invalid, Key: "sum_too_low"}
	ErrTooHigh error = &fault.Error{Kind: fault.Invalid, Key: "sum_too_high"}
)

// Check returns ErrTooLow or ErrTooHigh for a sum that cannot be paid at once.
func Check(k money.Kopecks) error {
	switch {
	case k < Least:
		return ErrTooLow
	case k > Most:
		return ErrTooHigh
	}
	return nil
}

//go:embed written.txt
var writtenFile string

// The fewest and the most digits of a card's number (ISO/IEC 7812).
const (
	shortestCard = 13
	longestCard  = 19
)

// Card reports whether a text is the number of a card, right or mistyped: such a
// text is no sum, and its writer has to be told that we do not want it.
func Card(text string) bool {
	n := 0
	for _, r := range billing.Fold(text) {
		switch {
		case r >= '0' && r <= '9':
			n++
		case r != ' ' && r != '-':
			return false
		}
	}
	return n >= shortestCard && n <= longestCard
}

// written is a sum as people write it: the last line of the file.
var written = regexp.MustCompile(strings.TrimSpace(writtenFile[strings.LastIndex(writtenFile, "\n^"):]))

// ParseSum reads roubles as people write them: «1250», «1 250,40», «1250.4 ₽»,
// «1,250.40», «1.250,40», with kopecks after a word, too. The errors are ErrNoSum for what is no sum, and those of
// Check.
func ParseSum(text string) (money.Kopecks, error) {
	plain := strings.Join(strings.Fields(billing.Fold(text)), " ")
	m := written.FindStringSubmatch(plain)
	if m == nil {
		return 0, ErrNoSum
	}
	if m[2] != "" && strings.Contains(m[1], m[2]) && m[2] != "-" {
		return 0, ErrNoSum // 1,234,50
	}
	whole := strings.NewReplacer(" ", "", ",", "", ".", "").Replace(m[1])
	if strings.HasPrefix(whole, "-") {
		return 0, ErrTooLow
	}
	if m[3] != "" {
		whole += "." + m[3]
	}
	k, err := money.ParseKopecks(whole)
	if err != nil {
		return 0, ErrNoSum
	}
	return k, Check(k)
}
