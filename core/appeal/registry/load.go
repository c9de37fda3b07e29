package registry

import (
	"context"
	"time"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
)

// Load is how much of what is owed lies with somebody: with who works on it, else
// with who keeps it.
type Load struct {
	// Staff is 0 for what nobody has taken.
	Staff                  int64
	Open, Overdue, Stalled int
	// Since is from when the customer waits who waits longest: the registration of
	// his case, or when he has reopened it.
	Since time.Time
}

// Place is how many of the cases that are owed lie somewhere.
type Place struct {
	// Queue is "" for cases that were not routed yet.
	Queue   string
	Kind    appeal.Kind
	State   life.State
	Cases   int
	Overdue int
	// Free are those that nobody keeps, or works on once they are routed.
	Free int
}

// Loads is where a supervisor looks who has how much (R-5.2.8-e).
type Loads interface {
	// CaseLoads counts what is owed by who has it, without what is about the viewer.
	// Overdue is what is late now by any of its clocks, Stalled what has not moved
	// since stalled.
	CaseLoads(ctx context.Context, viewer int64, now, stalled time.Time) ([]Load, error)
	// CasePlaces counts what is owed by queue, kind and state, without what is about
	// the viewer. Overdue is what is late now by any of its clocks.
	CasePlaces(ctx context.Context, viewer int64, now time.Time) ([]Place, error)
}
