package cases

import (
	"strconv"
	"time"

	"okoshko/core/appeal"
)

// findNumber reads the number of a button, or of a text.
func findNumber(text string) (appeal.Number, bool) {
	if n, err := appeal.ParseCode(text); err == nil {
		return n, true
	}
	return appeal.FindNumber(text)
}

// A moment stands in a button as seconds of Unix.
func timeID(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

func parseTime(text string) (time.Time, bool) {
	n, err := strconv.ParseUint(text, 10, 40)
	return time.Unix(int64(n), 0).UTC(), err == nil //nolint:gosec // 40 bits
}
