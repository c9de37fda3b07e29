package casework

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/console"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/billing/money"
	"okoshko/core/fault"
	"okoshko/core/payment"
	"okoshko/core/staff"
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
	// Owed: it has to go back. Returnable: the reader may give it back.
	Owed       bool `json:"owed"`
	Returnable bool `json:"returnable"`
}

// Why money does not go back.
var (
	errNotOwed     error = &fault.Error{Kind: fault.Conflict, Key: "case_not_owed"}
	errBank        error = &fault.Error{Kind: fault.Unavailable, Key: "case_bank"}
	errBankRefused error = &fault.Error{Kind: fault.Conflict, Key: "case_bank_refused"}
)

// fee is nil for a case that orders nothing, or what costs nothing before.
func (w *Casework) fee(ctx context.Context, r *registry.Record, returns bool) (*fee, error) {
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
			owed := p.Owed(&r.Case, made)
			f.Payments = append(f.Payments, paid{p.Number.String(), p.Sum, p.State, p.Moved, owed, owed && returns})
		}
	}
	return f, nil
}

// returns reports whether the caller may give back what was paid for a case: who
// keeps it, if his role allows that, and the supervisor.
func (w *Casework) returns(c *fiber.Ctx, one *life.Case) bool {
	return w.Refund != nil && console.Caller(c).May(staff.RefundCases) && one.KeptBy(w.actor(c))
}

// refund has the bank give back what has to go back of a case (R-5.1.3-f). Who asks
// is written down before the bank is; asked twice, the money goes once.
func (w *Casework) refund(c *fiber.Ctx) error {
	r, err := w.find(c)
	if err != nil {
		return w.fail(c, err)
	}
	if !w.returns(c, &r.Case) {
		return w.fail(c, life.ErrRole)
	}
	ctx := c.UserContext()
	made, err := w.Payments.PaymentsOfCase(ctx, r.Number)
	if err != nil {
		return w.fail(c, err)
	}
	n, err := payment.ParseNumber(parameter(c, "p"))
	i := slices.IndexFunc(made, func(p payment.Payment) bool { return p.Number == n })
	switch {
	case err != nil || i < 0:
		return w.fail(c, errNotFound)
	case made[i].State == payment.Refunded:
		return w.again(c, r.Number)
	case !made[i].Owed(&r.Case, made):
		return w.fail(c, errNotOwed)
	}
	by := w.by(c)
	by.Act, by.Subject, by.After = audit.CaseRefund, r.Number.String(), map[string]string{"payment": n.String()}
	if err := w.Staff.Audit(ctx, by); err != nil {
		return w.fail(c, err)
	}
	switch err := w.Refund(ctx, n); {
	case fault.Is(err, fault.Unavailable):
		w.Log.Warn("money not given back", "case", r.Number.String(), "payment", n.String(), "error", err)
		return w.fail(c, errBank)
	case fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound):
		w.Log.Error("the bank refuses to give money back", "case", r.Number.String(), "payment", n.String(), "error", err)
		return w.fail(c, errBankRefused)
	case err != nil:
		return w.fail(c, err)
	}
	w.tell(c)
	return w.again(c, r.Number)
}
