package main

import (
	"context"

	"okoshko/adapters/postgres"
	"okoshko/core/appeal/registry"
	"okoshko/dialogs/dialog/turn"
)

// caseCounter is where customers file and follow their cases: the consoles hear of
// what they do. Whoever does not hear of it reads again by himself.
type caseCounter struct {
	*postgres.DB
	hints turn.Hints
}

// RegisterCase implements the scenario's port.
func (c caseCounter) RegisterCase(ctx context.Context, e registry.Effect, f registry.Filing) (registry.Filed, error) {
	done, err := c.DB.RegisterCase(ctx, e, f)
	c.tell(ctx, err)
	return done, err
}

// DoCase implements the scenario's port.
func (c caseCounter) DoCase(ctx context.Context, e registry.Effect, a registry.Act) (registry.Outcome, error) {
	done, err := c.DB.DoCase(ctx, e, a)
	c.tell(ctx, err)
	return done, err
}

func (c caseCounter) tell(ctx context.Context, err error) {
	if err == nil {
		_ = c.hints.Publish(ctx, turn.Hint{Kind: turn.AtCase})
	}
}
