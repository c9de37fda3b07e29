package registry

import (
	"path"
	"slices"
	"strings"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/chat"
)

// Limits keep a chat from flooding the people who answer. They are held where the
// case is made, so that two filings at one moment do not pass side by side.
type Limits struct {
	// Hourly is how many cases a conversation may file in an hour; 0: any number.
	Hourly int
	// Twins is for how long the same text in the same category counts as the same
	// case; 0: never.
	Twins time.Duration
}

// Back is how far back filings count; 0: there are no limits.
func (l Limits) Back() time.Duration {
	if l.Hourly <= 0 {
		return l.Twins
	}
	return max(time.Hour, l.Twins)
}

// Check refuses a filing at an instant, given the cases that the same conversation
// has filed since Back before it, in any order: a TwinError or ErrMany.
func (l Limits) Check(at time.Time, category string, text string, before []life.Case) error {
	hour := 0
	for i := range before {
		c := &before[i]
		since := at.Sub(c.Registered)
		if since < l.Twins && c.Category == category && c.Answers.One(appeal.Body) == text {
			return &TwinError{c.Number}
		}
		if since < time.Hour {
			hour++
		}
	}
	if l.Hourly > 0 && hour >= l.Hourly {
		return ErrMany
	}
	return nil
}

// extensions are the kinds of files that are taken, as adapters/files knows them by
// what is in them. Here they are only known by what they are called, so that a
// customer hears at once what would be refused later.
var (
	images     = []string{".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}
	extensions = append([]string{".pdf", ".docx", ".xlsx", ".odt", ".txt"}, images...)
)

// Void reports whether there can be nothing in a file, as far as its size tells.
func Void(f chat.File) bool {
	picture := f.Image || slices.Contains(images, strings.ToLower(path.Ext(f.Name)))
	return picture && 0 < f.Size && f.Size < chat.LeastPicture
}

// Taken reports whether a file is of a kind that is taken, as far as its name tells.
func Taken(f chat.File) bool {
	return f.Image || f.Name == "" || slices.Contains(extensions, strings.ToLower(path.Ext(f.Name)))
}
