// Package customer decides who is on the other side of a conversation: whether
// a guest may act for an account, who may link a conversation to one and be
// shown its data, and what he has agreed to.
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
	guard     Guard
}

// NewGuests returns a check within the limits.
func NewGuests(d Directory, t Tries, limits Limits) *Guests {
	return &Guests{d, NewGuard(t, limits)}
}

// Claim is what a guest says: an account, and something that only its people
// know.
type Claim struct {
	Number       billing.AccountNumber
	Proof        billing.Proof
	Conversation chat.Conversation
	// Address is the network address that it comes from; "" where the channel
	// knows none.
	Address string
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
// account, by conversation and by address; the try is counted before the
// comparison, so that guessing in parallel gains nothing.
func (g *Guests) Check(ctx context.Context, c Claim) (billing.Account, Verdict, error) {
	allowed, err := g.guard.Admit(ctx, c.atAccount())
	switch {
	case err != nil:
		return billing.Account{}, Wrong, err
	case !allowed:
		return billing.Account{}, Blocked, nil
	}
	account, _, err := g.directory.Account(ctx, c.Number)
	if err != nil {
		return billing.Account{}, Wrong, fmt.Errorf("find account: %w", err)
	}
	if !c.Proof.Matches(account) {
		return billing.Account{}, Wrong, nil
	}
	if err := g.guard.Forgive(ctx, c.atAccount()); err != nil {
		return billing.Account{}, Wrong, err
	}
	return account, Proven, nil
}
