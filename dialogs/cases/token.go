package cases

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/appeal"
)

// A button names a case by the place of its kind, its year and its serial:
// "0.2026.123", and a moment by the seconds of Unix.

func token(n appeal.Number) string {
	return strconv.Itoa(slices.Index(appeal.Kinds(), n.Kind)) + "." + strconv.Itoa(n.Year) + "." + strconv.Itoa(n.Serial)
}

// findNumber reads what token has written, or a number in a text.
func findNumber(text string) (appeal.Number, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return appeal.FindNumber(text)
	}
	var read [3]int
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 31)
		if err != nil {
			return appeal.FindNumber(text)
		}
		read[i] = int(n)
	}
	if read[0] >= len(appeal.Kinds()) {
		return appeal.Number{}, false
	}
	return appeal.Number{Kind: appeal.Kinds()[read[0]], Year: read[1], Serial: read[2]}, true
}

func timeID(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

func parseTime(text string) (time.Time, bool) {
	n, err := strconv.ParseUint(text, 10, 40)
	return time.Unix(int64(n), 0).UTC(), err == nil //nolint:gosec // 40 bits
}
