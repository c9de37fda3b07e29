package customer

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
)

// Link is a conversation's right to an account: its customer has proven that
// the account is his, and agreed to its being shown there (spec §3.7). Whoever
// shows an account's data takes a Link, never a number that somebody typed.
type Link struct {
	ID           int64
	Conversation chat.Conversation
	Account      billing.AccountNumber
	// Name is the customer's own name for it; "" if he gave none.
	Name string
	// Active: the account that is meant when none is named. Of a conversation's
	// links one is.
	Active bool
	// From is the conversation that it was carried from; "" if it was made here.
	From chat.Conversation
	// Since is when it was made, Used when it was last made use of, Confirmed
	// when its customer last entered a code; zero if never.
	Since, Used, Confirmed time.Time
}

// Title is what its customer calls the account: his own name for it beside the
// masked number, or the number alone.
func (l Link) Title() string {
	if l.Name == "" {
		return l.Account.Masked()
	}
	return l.Name + " (" + l.Account.Masked() + ")"
}

// LogValue hides everything but which link it is.
func (l Link) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("id", l.ID), slog.Any("account", l.Account))
}

const (
	// UnusedMonths is after how many months without use a link is over (spec
	// §3.7).
	UnusedMonths = 12
	// FreshFor is how long after a code was entered personal data is shown
	// without another one.
	FreshFor = 30 * time.Minute
	// MostLinks is the most accounts that one conversation may be linked to.
	MostLinks = 40
	// LongestName is the most characters of a customer's own name for an account.
	LongestName = 30
)

// UsedSince returns the instant after which a link must have been used to hold.
func UsedSince(now time.Time) time.Time { return now.AddDate(0, -UnusedMonths, 0) }

// Holds reports whether the link is not over.
func (l Link) Holds(now time.Time) bool { return l.Used.After(UsedSince(now)) }

// Fresh reports whether a code was entered so lately that personal data may be
// shown.
func (l Link) Fresh(now time.Time) bool {
	return !l.Confirmed.IsZero() && now.Before(l.Confirmed.Add(FreshFor))
}

// Carries reports whether the link may be carried to another channel: its
// customer has proven here that the account is his.
func (l Link) Carries() bool { return l.From == "" || !l.Confirmed.IsZero() }

// Links finds what a conversation may see.
type Links interface {
	// Links returns the conversation's links that hold, the oldest first; none is
	// no error. The error is fault.Unavailable.
	Links(ctx context.Context, c chat.Conversation, now time.Time) ([]Link, error)
}

// Active returns the link that is meant when no account is named.
func Active(links []Link) (Link, bool) {
	i := slices.IndexFunc(links, func(l Link) bool { return l.Active })
	if i < 0 {
		return Link{}, false
	}
	return links[i], true
}

// Find returns the link of that ID.
func Find(links []Link, id int64) (Link, bool) {
	i := slices.IndexFunc(links, func(l Link) bool { return l.ID == id })
	if i < 0 {
		return Link{}, false
	}
	return links[i], true
}

// LinkedTo reports whether one of the links is to the account.
func LinkedTo(links []Link, n billing.AccountNumber) bool {
	return slices.ContainsFunc(links, func(l Link) bool { return l.Account == n })
}
