package payment_test

import (
	"testing"

	"okoshko/core/appeal/life"
	"okoshko/core/payment"
)

// Which case is paid, and which payment of it goes back.
func TestService(t *testing.T) {
	t.Parallel()
	paid, again := payment.Payment{Number: "1", State: payment.Paid}, payment.Payment{Number: "2", State: payment.Paid}
	refused := payment.Payment{Number: "3", State: payment.Refused}
	for _, tc := range []struct {
		name string
		c    life.Case
		made []payment.Payment
		bar  payment.Refusal
		owed int
	}{
		{"new", life.Case{Price: 195000, State: life.Registered}, nil, "", 0},
		{"refused by the bank", life.Case{Price: 195000, State: life.Registered}, []payment.Payment{refused}, "", 0},
		{"free", life.Case{State: life.Registered}, nil, payment.NoPrice, 0},
		{"less than can be paid", life.Case{Price: 1, State: life.Registered}, nil, payment.NoPrice, 0},
		{"paid", life.Case{Price: 195000, State: life.Registered}, []payment.Payment{refused, paid}, payment.AlreadyPaid, 0},
		{"paid twice", life.Case{Price: 195000, State: life.Registered}, []payment.Payment{paid, again}, payment.AlreadyPaid, 1},
		{"withdrawn", life.Case{Price: 195000, State: life.Closed, Resolution: life.AsWithdrawn}, nil, payment.Ended, 0},
		{"withdrawn and paid", life.Case{Price: 195000, State: life.Closed, Resolution: life.AsWithdrawn}, []payment.Payment{paid, refused}, payment.AlreadyPaid, 1},
	} {
		owed := 0
		for _, p := range tc.made {
			if p.Owed(&tc.c, tc.made) {
				owed++
			}
		}
		if bar := payment.Bar(&tc.c, tc.made); bar != tc.bar || owed != tc.owed {
			t.Errorf("%s: %q, %d go back; want %q, %d", tc.name, bar, owed, tc.bar, tc.owed)
		}
	}
}
