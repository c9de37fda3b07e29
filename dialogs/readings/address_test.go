package readings_test

import (
	"context"
	"slices"
	"testing"

	"okoshko/core/billing"
	"okoshko/core/customer"
	"okoshko/dialogs"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialogstest"
)

// claimants notes where claims come from.
type claimants struct {
	*customer.Guests
	addresses []string
}

func (c *claimants) Check(ctx context.Context, claim customer.Claim) (billing.Account, customer.Verdict, error) {
	c.addresses = append(c.addresses, claim.Address)
	return c.Guests.Check(ctx, claim)
}

// A guess counts against the network address that it comes from, so that one who
// begins chat after chat gains nothing (spec §3.7).
func TestGuessesCountAgainstTheirAddress(t *testing.T) {
	t.Parallel()
	w := newTown()
	guests := &claimants{Guests: w.guests()}
	book := dialogstest.Open(t, dialogs.Ports{Linked: w, Guests: guests, Meters: w, Desk: w, Sent: w}, w.window)
	state, err := dialog.Decode(nil) // a conversation begins
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"передать показания", "0145201372", "9999"} {
		out, err := book.Step(t.Context(), state, int64(i+1), dialog.Event{
			ID: text, Conversation: "web:1", Kind: dialog.Text, At: dialogstest.Noon, Now: dialogstest.Noon,
			Text: text, Language: "ru", Address: "192.0.2.7",
		})
		if err != nil {
			t.Fatal(err)
		}
		state = out.State
	}
	if !slices.Equal(guests.addresses, []string{"192.0.2.7"}) {
		t.Errorf("claims came from %q", guests.addresses)
	}
}
