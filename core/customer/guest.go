// Package customer decides who is on the other side of a conversation: so far,
// whether a guest may act for an account.
package customer

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
)

// Directory finds accounts.
type Directory interface {
	// Account returns the account with its meters, and whether there is one. It
	// does the same work either way.
	Account(ctx context.Context, number billing.AccountNumber) (billing.Account, bool, error)
}

// Tries counts guesses. A try is named by the event that made it, so a turn
// that is taken twice counts once.
type Tries interface {
	// Reserve counts a try against each subject and returns those that it counts
	// against; of the others the limit of the window is reached.
	Reserve(ctx context.Context, subjects []string, event string, now time.Time, window time.Duration, limit int) ([]string, error)
	// Forgive takes a counted try back: it was right.
	Forgive(ctx context.Context, subjects []string, event string) error
}

// Window is the time in which wrong tries count (spec §3.7: five an hour for
// an account and for a chat).
const Window = time.Hour

// Guests checks what guests say of an account.
type Guests struct {
	directory Directory
	tries     Tries
	limit     int
}

// NewGuests returns a check that allows limit wrong tries an hour.
func NewGuests(d Directory, t Tries, limit int) *Guests {
	return &Guests{directory: d, tries: t, limit: limit}
}

// Claim is what a guest says: an account, and something that only its people
// know.
type Claim struct {
	Number       billing.AccountNumber
	Proof        billing.Proof
	Conversation chat.Conversation
	// Event names the try, Now is its time.
	Event string
	Now   time.Time
}

// LogValue hides the claim but for its conversation.
func (c Claim) LogValue() slog.Value {
	return slog.GroupValue(slog.String("conversation", string(c.Conversation)))
}

// Verdict is what became of a claim.
type Verdict uint8

// The verdicts. Wrong does not tell an unknown account from a wrong proof.
const (
	Wrong Verdict = iota
	Proven
	Blocked
)

// Check compares the claim with the account. Wrong claims are limited by
// account and by conversation; the try is counted before the comparison, so
// that guessing in parallel gains nothing.
func (g *Guests) Check(ctx context.Context, c Claim) (billing.Account, Verdict, error) {
	subjects := []string{"account:" + c.Number.Full(), "chat:" + string(c.Conversation)}
	counted, err := g.tries.Reserve(ctx, subjects, c.Event, c.Now, Window, g.limit)
	if err != nil {
		return billing.Account{}, Wrong, fmt.Errorf("count try: %w", err)
	}
	if len(counted) < len(subjects) {
		return billing.Account{}, Blocked, g.forgive(ctx, counted, c.Event)
	}
	account, _, err := g.directory.Account(ctx, c.Number)
	if err != nil {
		return billing.Account{}, Wrong, fmt.Errorf("find account: %w", err)
	}
	if !c.Proof.Matches(account) {
		return billing.Account{}, Wrong, nil
	}
	if err := g.forgive(ctx, subjects, c.Event); err != nil {
		return billing.Account{}, Wrong, err
	}
	return account, Proven, nil
}

func (g *Guests) forgive(ctx context.Context, subjects []string, event string) error {
	if len(subjects) == 0 {
		return nil
	}
	if err := g.tries.Forgive(ctx, subjects, event); err != nil {
		return fmt.Errorf("forgive try: %w", err)
	}
	return nil
}
