// Package press decides what of a case may be read by everybody (R-5.2.10-b to -e;
// spec §3.5): a short question and a short answer, written apart from the letter,
// in which nothing tells of a person. What the detector of package detect has found
// must be taken out, or let stand for a reason, before the step is taken; a finding
// that is certain only by a second person.
package press

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/fault"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/core/privacy/detect"
)

// Why an excerpt cannot go out, beside registry.ErrExcerpt. Keys are those of
// messages.
var (
	ErrLong  error = &fault.Error{Kind: fault.Invalid, Key: "excerpt_long"}  // longer than a button, or a message
	ErrSigns error = &fault.Error{Kind: fault.Invalid, Key: "excerpt_signs"} // signs that mean something in answers
)

// Check refuses an excerpt that could not be shown beside the articles: its question
// stands on a button, its answer is one message. The errors are registry.ErrExcerpt,
// ErrLong and ErrSigns.
func Check(x registry.Excerpt) error {
	switch {
	case strings.TrimSpace(x.Question) == "" || strings.TrimSpace(x.Answer) == "" || !utf8.ValidString(x.Question+x.Answer):
		return registry.ErrExcerpt
	case utf8.RuneCountInString(x.Question) > knowledge.MaxTitle || utf8.RuneCountInString(x.Answer) > knowledge.MaxBody:
		return ErrLong
	case strings.ContainsAny(x.Question, "{}[]*\n\r") || strings.ContainsAny(x.Answer, "{}[]*\x00"):
		return ErrSigns
	}
	return nil
}

// Field is one of the two texts.
type Field string

// The fields.
const (
	Question Field = "question"
	Answer   Field = "answer"
)

// Finding is a stretch of a text that tells of a person: bytes Start to End of the
// field.
type Finding struct {
	Field      Field  `json:"field"`
	Start      int    `json:"start"`
	End        int    `json:"end"`
	Kind       string `json:"kind"`
	Words      string `json:"words"`
	Certain    bool   `json:"certain"`
	Unresolved bool   `json:"unresolved"` // nobody who may has let it stand
}

// Dismissal lets what is found stand, wherever it stands, for a reason that tells
// something (audit.Tells).
type Dismissal struct {
	Kind   string `json:"kind"`
	Words  string `json:"words"`
	Reason string `json:"reason"`
}

// Finder finds what in a text tells of a person; a detect.Detector is one. It leaves
// what the company says of itself: its own names, phones and addresses.
type Finder interface {
	Find(text string, author detect.Author) []detect.Finding
}

// Censor looks at what is to be published.
type Censor struct{ finder Finder }

// NewCensor returns a censor that goes by what f finds.
func NewCensor(f Finder) *Censor { return &Censor{f} }

// Look finds what in an excerpt tells of a person; author is the profile of the one
// whose letter it is. second says that whoever lets findings stand is not the one
// who has written the excerpt: then he may let stand the certain ones too.
func (c *Censor) Look(x registry.Excerpt, author detect.Author, dismissed []Dismissal, second bool) (list []Finding) {
	for _, f := range []struct {
		Field
		text string
	}{{Question, x.Question}, {Answer, x.Answer}} {
		for _, found := range c.finder.Find(f.text, author) {
			finding := Finding{
				Field: f.Field, Start: found.Start, End: found.End, Kind: found.Kind.String(), Words: f.text[found.Start:found.End], Certain: found.Certain,
			}
			finding.Unresolved = !stands(finding, dismissed, second)
			list = append(list, finding)
		}
	}
	return list
}

// stands reports whether somebody who may has let a finding stand.
func stands(f Finding, dismissed []Dismissal, second bool) bool {
	if f.Certain && !second {
		return false
	}
	for _, d := range dismissed {
		if d.Kind == f.Kind && d.Words == f.Words && audit.Tells(d.Reason) {
			return true
		}
	}
	return false
}

// Unresolved reports whether a text may not go out yet.
func Unresolved(list []Finding) bool {
	for _, f := range list {
		if f.Unresolved {
			return true
		}
	}
	return false
}

// Author is what a case tells of the one who wrote it, by the types of its fields.
func Author(forms *appeal.Book, a appeal.Answers) (author detect.Author) {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		f, found := forms.Field(name)
		if !found {
			continue
		}
		if a.Unsure(name) {
			continue
		}
		for _, value := range a[name] {
			add(&author, f.Type, value)
		}
	}
	return author
}

func add(author *detect.Author, t appeal.Type, value privacy.Text) {
	switch t {
	case appeal.Person:
		author.Names = append(author.Names, privacy.NewPersonName(value.Reveal()))
	case appeal.Address:
		author.Addresses = append(author.Addresses, value)
	case appeal.Tel:
		if p, err := privacy.ParsePhone(value.Reveal()); err == nil {
			author.Phones = append(author.Phones, p)
		}
	case appeal.Mailbox:
		if e, err := privacy.ParseEmail(value.Reveal()); err == nil {
			author.Emails = append(author.Emails, e)
		}
	case appeal.Account:
		author.Accounts = append(author.Accounts, value)
	case appeal.Meter:
		author.Meters = append(author.Meters, value)
	}
}
