package privacy

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed scrubs.txt
var scrubsFile string

// scrub is what may tell of a person, and what is put in its place.
type scrub struct {
	pattern *regexp.Regexp
	instead string
}

var scrubs = readScrubs(scrubsFile)

func readScrubs(file string) (list []scrub) {
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		pattern, instead, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		list = append(list, scrub{regexp.MustCompile(pattern), instead})
	}
	return list
}

// Scrub returns a text of a customer's without what may tell who he is: numbers
// of five digits and more, mailboxes, addresses, names with a patronymic or
// initials. It is for lists that outlive a conversation; a text that is to be
// published needs more (spec §3.5).
func Scrub(text string) string {
	for _, s := range scrubs {
		text = s.pattern.ReplaceAllString(text, s.instead)
	}
	return strings.TrimSpace(text)
}
