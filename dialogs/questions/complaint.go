package questions

import (
	_ "embed"
	"slices"
	"strings"

	"okoshko/dialogs/words"
)

//go:embed complaint.txt
var complaintWords string

// complaints is the scenario that takes complaints (R-5.1.2-o).
const complaints = "appeal"

// complaintBeginnings and greetings are the lines of complaint.txt.
var complaintBeginnings, greetings = readComplaints(complaintWords)

func readComplaints(text string) (beginnings, greetings []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if polite, ok := strings.CutPrefix(line, "="); ok {
			greetings = strings.Fields(polite)
		} else if line != "" && line[0] != '#' {
			beginnings = append(beginnings, line)
		}
	}
	return beginnings, greetings
}

// complains reports whether a text says that it is a complaint: more than that somebody
// wants to complain, and no question how he could.
func complains(text string) bool {
	said := strings.Fields(words.Normalise(text))
	for len(said) > 0 && slices.Contains(greetings, said[0]) {
		said = said[1:]
	}
	whole := strings.Join(said, " ")
	return !strings.Contains(text, "?") && slices.ContainsFunc(complaintBeginnings, func(b string) bool { return strings.HasPrefix(whole, b+" ") })
}
