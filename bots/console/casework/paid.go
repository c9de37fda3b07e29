package casework

import (
	"context"
	"time"

	"okoshko/core/appeal/registry"
	"okoshko/core/billing/money"
	"okoshko/core/payment"
)

// fee is what the ordered service costs, and what came of it.
type fee struct {
	Price    money.Kopecks `json:"price"` // kopecks
	Payments []paid        `json:"payments"`
}

// paid is a payment whose money came, or went back.
type paid struct {
	Number string        `json:"number"`
	Sum    money.Kopecks `json:"sum"` // kopecks
	State  payment.State `json:"state"`
	At     time.Time     `json:"at"`
	// Owed: it has to go back.
	Owed bool `json:"owed"`
}

// fee is nil for a case that orders nothing, or what costs nothing before.
func (w *Casework) fee(ctx context.Context, r *registry.Record) (*fee, error) {
	if r.Price == 0 {
		return nil, nil //nolint:nilnil // nothing to pay is no mistake
	}
	made, err := w.Payments.PaymentsOfCase(ctx, r.Number)
	if err != nil {
		return nil, err
	}
	f := &fee{Price: r.Price, Payments: []paid{}}
	for _, p := range made {
		if p.State == payment.Paid || p.State == payment.Refunded || p.State == payment.Disputed {
			f.Payments = append(f.Payments, paid{p.Number.String(), p.Sum, p.State, p.Moved, p.Owed(&r.Case, made)})
		}
	}
	return f, nil
}
