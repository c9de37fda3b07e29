package customer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"okoshko/core/chat"
)

// Guard counts wrong tries against what they are made at and where they come from:
// all that counts with one Tries counts together.
type Guard struct {
	tries  Tries
	limits Limits
}

// NewGuard returns a guard that keeps to the limits.
func NewGuard(t Tries, limits Limits) Guard { return Guard{t, limits} }

// Try is one: at what, and from where.
type Try struct {
	// At are its subjects, such as "account:0145201372".
	At           []string
	Conversation chat.Conversation
	// Address is the network address that it comes from; "" where the channel knows
	// none.
	Address string
	// Event names it, Now is its time.
	Event string
	Now   time.Time
}

func (c Claim) try(at ...string) Try { return Try{at, c.Conversation, c.Address, c.Event, c.Now} }

func (c Claim) atAccount() Try { return c.try("account:" + c.Number.Full()) }

// counted is a set of subjects with the same limit.
type counted struct {
	subjects []string
	limit    int
}

func (g Guard) counted(t Try) []counted {
	sets := []counted{{append(slices.Clone(t.At), "chat:"+string(t.Conversation)), g.limits.Tries}}
	if t.Address != "" {
		sets = append(sets, counted{[]string{"address:" + t.Address}, g.limits.Address})
	}
	return sets
}

// Admit counts a try before anything is compared, so that guessing in parallel
// gains nothing. A try that is not admitted counts against nobody.
func (g Guard) Admit(ctx context.Context, t Try) (bool, error) {
	return g.reserve(ctx, t, g.counted(t))
}

// spend counts a code that is to be sent.
func (g Guard) spend(ctx context.Context, t Try) (bool, error) {
	sets := g.counted(t)
	for i := range sets {
		sets[i].limit = g.limits.Codes
		if i > 0 {
			sets[i].limit = g.limits.Address
		}
		for j, s := range sets[i].subjects {
			sets[i].subjects[j] = "code " + s
		}
	}
	return g.reserve(ctx, t, sets)
}

// arriving are the limits of those who come with a ticket.
func (g Guard) arriving(t Try) []counted {
	sets := []counted{{[]string{"ticket chat:" + string(t.Conversation)}, g.limits.Tries}}
	if t.Address != "" {
		sets = append(sets, counted{[]string{"ticket address:" + t.Address}, g.limits.Address})
	}
	return sets
}

func (g Guard) reserve(ctx context.Context, t Try, sets []counted) (bool, error) {
	var taken []string
	for _, set := range sets {
		got, err := g.tries.Reserve(ctx, set.subjects, t.Event, t.Now, Window, set.limit)
		if err != nil {
			return false, fmt.Errorf("count try: %w", err)
		}
		taken = append(taken, got...)
		if len(got) < len(set.subjects) {
			return false, g.release(ctx, taken, t.Event)
		}
	}
	return true, nil
}

// Forgive takes an admitted try back: it was right.
func (g Guard) Forgive(ctx context.Context, t Try) error {
	var subjects []string
	for _, set := range g.counted(t) {
		subjects = append(subjects, set.subjects...)
	}
	return g.release(ctx, slices.Clip(subjects), t.Event)
}

func (g Guard) release(ctx context.Context, subjects []string, event string) error {
	if len(subjects) == 0 {
		return nil
	}
	if err := g.tries.Forgive(ctx, subjects, event); err != nil {
		return fmt.Errorf("forgive try: %w", err)
	}
	return nil
}
