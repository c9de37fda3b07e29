package customer

import (
	"context"
	"fmt"
	"slices"
)

// guard counts wrong tries against what they are made at and where they come
// from.
type guard struct {
	tries  Tries
	limits Limits
}

// counted is a set of subjects with the same limit.
type counted struct {
	subjects []string
	limit    int
}

func (g guard) counted(c Claim) []counted {
	sets := []counted{{[]string{"account:" + c.Number.Full(), "chat:" + string(c.Conversation)}, g.limits.Tries}}
	if c.Address != "" {
		sets = append(sets, counted{[]string{"address:" + c.Address}, g.limits.Address})
	}
	return sets
}

// admit counts a try before anything is compared, so that guessing in parallel
// gains nothing. A try that is not admitted counts against nobody.
func (g guard) admit(ctx context.Context, c Claim) (bool, error) {
	return g.reserve(ctx, c, g.counted(c))
}

// spend counts a code that is to be sent.
func (g guard) spend(ctx context.Context, c Claim) (bool, error) {
	sets := g.counted(c)
	for i := range sets {
		sets[i].limit = g.limits.Codes
		if i > 0 {
			sets[i].limit = g.limits.Address
		}
		for j, s := range sets[i].subjects {
			sets[i].subjects[j] = "code " + s
		}
	}
	return g.reserve(ctx, c, sets)
}

// arriving are the limits of those who come with a ticket.
func (g guard) arriving(c Claim) []counted {
	sets := []counted{{[]string{"ticket chat:" + string(c.Conversation)}, g.limits.Tries}}
	if c.Address != "" {
		sets = append(sets, counted{[]string{"ticket address:" + c.Address}, g.limits.Address})
	}
	return sets
}

func (g guard) reserve(ctx context.Context, c Claim, sets []counted) (bool, error) {
	var taken []string
	for _, set := range sets {
		got, err := g.tries.Reserve(ctx, set.subjects, c.Event, c.Now, Window, set.limit)
		if err != nil {
			return false, fmt.Errorf("count try: %w", err)
		}
		taken = append(taken, got...)
		if len(got) < len(set.subjects) {
			return false, g.release(ctx, taken, c.Event)
		}
	}
	return true, nil
}

// forgive takes an admitted try back: it was right.
func (g guard) forgive(ctx context.Context, c Claim) error {
	var subjects []string
	for _, set := range g.counted(c) {
		subjects = append(subjects, set.subjects...)
	}
	return g.release(ctx, slices.Clip(subjects), c.Event)
}

func (g guard) release(ctx context.Context, subjects []string, event string) error {
	if len(subjects) == 0 {
		return nil
	}
	if err := g.tries.Forgive(ctx, subjects, event); err != nil {
		return fmt.Errorf("forgive try: %w", err)
	}
	return nil
}
