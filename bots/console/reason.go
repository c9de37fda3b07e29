package console

import (
	"strings"
	"unicode/utf8"

	"okoshko/core/audit"
	"okoshko/core/fault"
)

// ErrInvalid says that a request is none that a page would send.
var ErrInvalid error = &fault.Error{Kind: fault.Invalid, Key: "invalid"}

// errUntold says that a reason tells nothing, or too much.
var errUntold error = &fault.Error{Kind: fault.Invalid, Key: "reason"}

// mostReason is how many characters a reason has that is written down; api.md names
// it, and the least.
const mostReason = 300

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
// is Invalid for one that tells nothing (audit.Tells), or too much.
func Reason(said string) (string, error) {
	reason := strings.Join(strings.Fields(strings.ToValidUTF8(said, "")), " ")
	if !audit.Tells(reason) || utf8.RuneCountInString(reason) > mostReason {
		return "", errUntold
	}
	return reason, nil
}
