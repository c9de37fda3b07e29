package operator

import (
	"context"

	"okoshko/core/desk"
	"okoshko/dialogs/dialog"
)

// Desk is where people sit. Both methods are one transaction that first looks
// for the effect's ID and then returns the result of the first time.
type Desk interface {
	// CallDesk puts the conversation into the queue. One that waits, or is
	// served, stays where it is.
	CallDesk(ctx context.Context, e dialog.Effect) (desk.Standing, error)
	// LeaveDesk ends the conversation's hand-off, whoever holds it. The
	// standing is empty if there is none.
	LeaveDesk(ctx context.Context, e dialog.Effect) (desk.Standing, error)
}
