// Package notice is what the house tells a customer or a colleague outside of
// the chats: a text message to a phone, a letter to a mailbox.
package notice

import (
	"context"
	"log/slog"
	"time"

	"okoshko/core/privacy"
)

// Kind names what a notice says; its words are those of that name in
// dialogs/letters.
type Kind string

// Way is how a notice goes out.
type Way string

// The ways.
const (
	SMS  Way = "sms"
	Mail Way = "mail"
)

// Notice is one message to one person. It holds personal data: stores seal it.
type Notice struct {
	Kind Kind `json:"kind"`
	// Phone or Email, one of them, is where it goes.
	Phone privacy.Phone `json:"phone,omitzero"`
	Email privacy.Email `json:"email,omitzero"`
	// Lang is the language of the receiver, "ru" or "en".
	Lang string `json:"lang"`
	// Facts fill the words, by the names of their placeholders.
	Facts map[string]string `json:"facts,omitempty"`
	// Files go along with a letter, in order; a text message carries none.
	Files []File `json:"files,omitempty"`
	// Until is when it becomes useless, as a code does; zero: never.
	Until time.Time `json:"until,omitzero"`
}

// Instant writes a time as a fact, in the time's own zone; whoever puts the fact into
// words shows it as their language does.
func Instant(at time.Time) string { return at.Format(time.RFC3339) }

// ParseInstant reads what Instant wrote; false for any other fact.
func ParseInstant(fact string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, fact)
	return at, err == nil
}

// File is a file that the house keeps: its ID, and how it is called where it
// arrives.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Way returns how the notice goes out.
func (n Notice) Way() Way {
	if n.Phone.IsZero() {
		return Mail
	}
	return SMS
}

// LogValue hides what the notice says and to whom.
func (n Notice) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", string(n.Kind)), slog.String("way", string(n.Way())))
}

// Letter is a notice in words. A text message has no subject and no files.
type Letter struct {
	Subject, Text string
	Files         []Enclosure
}

// Enclosure is a file as it lies in a letter.
type Enclosure struct {
	Name  string
	Media string // its media type (RFC 6838)
	Data  []byte
}

// Sender sends a notice that has been put into words. The ID is the same
// whenever the same notice is sent again, so that whoever passes it on can leave
// out what he has had. Errors of kind Invalid, NotFound and Denied are final,
// any other may pass; none holds the receiver or the text.
type Sender interface {
	Send(ctx context.Context, id string, n Notice, l Letter) error
}
