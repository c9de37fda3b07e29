package customer

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"math/big"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/notice"
)

// Code is a number that is sent to a customer's phone or mailbox to be told
// back: six digits, good for ten minutes and for one use. Nothing prints it.
type Code string

const (
	// CodeDigits is the length of a code.
	CodeDigits = 6
	// CodeLife is how long one is good.
	CodeLife = 10 * time.Minute
	// CodeTries is how often one may be entered wrongly.
	CodeTries = 5
)

// NewCode draws a code.
func NewCode() Code {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // the system's source of chance never fails
	}
	return Code(fmt.Sprintf("%06d", n.Int64()))
}

// ParseCode reads a code as people type it: "123 456", "код 123-456". ok is
// false if the text is anything else.
func ParseCode(text string) (code Code, ok bool) {
	var digits strings.Builder
	letters := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r >= '０' && r <= '９':
			digits.WriteRune(r - '０' + '0')
		case strings.ContainsRune(" -\u00a0\u202f.:№", r):
		default:
			letters++
		}
	}
	return Code(digits.String()), digits.Len() == CodeDigits && letters <= len("code")
}

// Equal compares in a time that tells nothing about either code.
func (c Code) Equal(other Code) bool {
	a, b := sha256.Sum256([]byte(c)), sha256.Sum256([]byte(other))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && c != ""
}

// Format hides the code under every verb.
func (c Code) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("******")) }

// LogValue hides the code in logs.
func (Code) LogValue() slog.Value { return slog.StringValue("******") }

// Redeemed is what became of a code that was entered.
type Redeemed uint8

// The outcomes. A code that was never sent, has run out or is used up is Gone:
// nobody learns which.
const (
	CodeRight Redeemed = iota
	CodeWrong
	CodeGone
)

// Sent is a code that waits to be told back.
type Sent struct {
	Code  Code
	Until time.Time
	Tries int // wrong ones so far
}

// Redeem compares what was entered. The last wrong try spends the code.
func (s Sent) Redeem(entered Code, now time.Time) Redeemed {
	right := s.Code.Equal(entered)
	switch {
	case s.Code == "" || !now.Before(s.Until) || s.Tries >= CodeTries:
		return CodeGone
	case right:
		return CodeRight
	case s.Tries+1 >= CodeTries:
		return CodeGone
	}
	return CodeWrong
}

// CodeOrder asks for a code to be sent to the phone or the mailbox on file. It
// holds no address: the store knows it.
type CodeOrder struct {
	Account billing.AccountNumber `json:"account"`
	Way     notice.Way            `json:"way"`
	Lang    string                `json:"lang"`
	// Again: for personal data, by somebody who is linked.
	Again bool `json:"again,omitempty"`
}

// CodeSent is what became of an order. To is where the code went, masked; ""
// if there is nothing on file.
type CodeSent struct {
	To string `json:"to,omitempty"`
}
