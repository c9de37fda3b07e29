package console

import (
	"strings"
	"unicode/utf8"

	"okoshko/core/fault"
)

// ErrInvalid says that a request is none that a page would send.
var ErrInvalid error = &fault.Error{Kind: fault.Invalid, Key: "invalid"}

// errUntold says that a reason tells nothing, or too much.
var errUntold error = &fault.Error{Kind: fault.Invalid, Key: "reason"}

// A reason that is written down has so many characters; api.md names them.
const (
	leastReason = 5
	mostReason  = 300
)

// Line makes one line of what was typed.
func Line(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, text))
}

// Reason returns why something is done, as it is written down: on one line. The error
// is Invalid for one that is too short to tell anything, or too long.
func Reason(said string) (string, error) {
	reason := strings.Join(strings.Fields(strings.ToValidUTF8(said, "")), " ")
	if n := utf8.RuneCountInString(reason); n < leastReason || n > mostReason {
		return "", errUntold
	}
	return reason, nil
}
