package telegram

import (
	"context"

	"okoshko/core/fault"
	"okoshko/dialogs/dialog/turn"
)

// Again takes an update once more that was put aside since nobody could read it. The
// errors are turn.ErrNotAgain if it still cannot be read, and fault.Unavailable.
func (b *Bot) Again(ctx context.Context, engine Engine, raw []byte) error {
	if len(raw) >= maxPayload { // quarantine has not kept the whole of it
		return turn.ErrNotAgain
	}
	a, err := b.decode(raw)
	if err != nil || a.event == nil {
		return turn.ErrNotAgain
	}
	if _, err = b.settle(ctx, engine, &a, nil, raw); err != nil {
		return fault.Wrap(fault.Unavailable, err)
	}
	return nil
}
