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
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
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

// charge says what an ordered service costs, and adds to the history what went back; a
// case that orders nothing, or what costs nothing before, has neither.
func (w *Casework) charge(ctx context.Context, p *page, r *registry.Record, people map[int64]string, returns bool) error {
	if r.Price == 0 {
		return nil
	}
	made, err := w.Payments.PaymentsOfCase(ctx, r.Number)
	if err != nil {
		return err
	}
	back, err := w.refunds(ctx, r, made, people)
	if err != nil {
		return err
	}
	p.Fee, p.History = feeOf(r, made, returns), among(p.History, back)
	return nil
}

func feeOf(r *registry.Record, made []payment.Payment, returns bool) *fee {
	f := &fee{Price: r.Price, Payments: []paid{}}
	for _, p := range made {
		if p.State == payment.Paid || p.State == payment.Refunded || p.State == payment.Disputed {
			owed := p.Owed(&r.Case, made)
			f.Payments = append(f.Payments, paid{p.Number.String(), p.Sum, p.State, p.Moved, owed, owed && returns})
		}
	}
	return f
}

// refunds are the lines of a case's history that its payments add: what went back, when,
// and who has asked for it, as the audit has it. Nobody of the staff: it was done at the
// bank, or at a terminal of the server.
func (w *Casework) refunds(ctx context.Context, r *registry.Record, made []payment.Payment, people map[int64]string) ([]step, error) {
	if len(made) == 0 {
		return nil, nil
	}
	asked, err := w.Staff.ListAudit(ctx, audit.Filter{Act: audit.CaseRefund, About: r.Number.String(), Limit: mostAsked})
	if err != nil {
		return nil, err
	}
	var list []step
	for i := range made {
		p := &made[i]
		s := step{At: p.Moved, Refund: true}
		k := slices.IndexFunc(asked, func(e audit.Entry) bool { return e.After["payment"] == p.Number.String() })
		if k >= 0 {
			s.At, s.By = asked[k].At, someone(asked[k].Staff, people)
		}
		var back time.Time
		if p.State == payment.Refunded {
			back = p.Moved.In(w.Zone)
		}
		if back.IsZero() && k < 0 {
			continue
		}
		s.Details = []detail{
			{inEvery("sum"), words.InEach(func(lang words.Lang) string { return words.Show(lang, words.Roubles(p.Sum.String())) })},
			{inEvery("payment"), words.Plain("№\u00a0" + p.Number.String())},
			{inEvery("money"), words.InEach(func(lang words.Lang) string { return cases.MoneyBack(lang, back) })},
		}
		list = append(list, s)
	}
	return list, nil
}

// mostAsked is how many tries to give money back are looked through, the newest first.
const mostAsked = 100

// among puts steps into a history, the newest first.
func among(history, steps []step) []step {
	for _, s := range steps {
		i := slices.IndexFunc(history, func(h step) bool { return !h.At.After(s.At) })
		if i < 0 {
			i = len(history)
		}
		history = slices.Insert(history, i, s)
	}
	return history
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
