package postgres

import (
	"context"
	"time"

	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
)

// Past fills the register with what happened before, such as the demo's cases:
// everything follows as it did then, but nobody is told of it, nothing is written
// into the audit, and of alerts that are over only the last is told. A customer's
// act need not be about a case of his conversation.
type Past struct{ d *DB }

// Past returns the register as it is filled with what happened before.
func (d *DB) Past() Past { return Past{d} }

// RegisterCase is that of registry.Counter.
func (p Past) RegisterCase(ctx context.Context, e registry.Effect, f registry.Filing) (registry.Filed, error) {
	return p.d.registerCase(ctx, e, f, silent)
}

// DoCase is that of registry.Counter.
func (p Past) DoCase(ctx context.Context, e registry.Effect, a registry.Act) (registry.Outcome, error) {
	return p.d.doCase(ctx, e, a, silent)
}

// PublishCase is that of registry.Press.
func (p Past) PublishCase(ctx context.Context, e registry.Effect, a registry.PublicationAct) (registry.Publication, error) {
	return p.d.publishCase(ctx, e, a, silent)
}

// SaveReply is that of registry.Letters, at a moment.
func (p Past) SaveReply(ctx context.Context, author int64, r registry.Reply, at time.Time) (registry.Reply, error) {
	return p.d.saveReply(ctx, audit.Entry{Staff: author}, r, at, silent)
}
