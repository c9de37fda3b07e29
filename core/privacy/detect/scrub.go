package detect

import (
	"regexp"
	"strings"
)

var (
	everybody = New(Allow{})
	longRun   = regexp.MustCompile(`\p{Nd}{5,}`)
)

// Scrub returns a text of a customer's without what may tell who he is, each
// stretch replaced by its mark. It is for lists that outlive a conversation and
// that nobody reads before they are kept: of numbers it leaves those of four
// digits at most. A text that is to be published goes through Find and a
// person's eyes (domain.md §3.5).
func Scrub(text string) string {
	text = Redact(text, everybody.Find(text, Author{}))
	return strings.TrimSpace(longRun.ReplaceAllString(text, Number.Mark()))
}
