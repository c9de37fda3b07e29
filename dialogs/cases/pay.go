package cases

import (
	"context"

	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// addPayment says of a case that orders a service with a price whether it is paid,
// which money goes back, and offers to pay while that makes sense (R-5.1.3-f).
func (s *scenario) addPayment(ctx context.Context, t *dialog.Turn, m dialog.Said, r *registry.Record) error {
	if s.Payments == nil || r.Price == 0 || !t.May(privacy.Money) {
		return nil
	}
	made, err := s.Payments.PaymentsOfCase(ctx, r.Number)
	if err != nil {
		return err
	}
	withdrawn := r.Resolution == life.AsWithdrawn
	for _, p := range made {
		key := ""
		switch {
		case p.Owed(&r.Case, made):
			key = "pay.owed"
		case p.State == payment.Refunded && withdrawn:
			key = "pay.back"
		default:
			continue
		}
		m.Append(t.Blocks(key, append(t.Contacts(), words.A("sum", rates.Owed(p.Sum)), words.A("day", words.DayMonth(p.Moved.In(s.zone))))...)...)
	}
	if withdrawn {
		return nil
	}
	if p, paid := payment.Received(made); paid {
		m.Append(t.Blocks("pay.paid", words.A("sum", rates.Owed(p.Sum)), words.A("day", words.DayMonth(p.Moved.In(s.zone))))...)
		return nil
	}
	if payment.Bar(&r.Case, made) == "" {
		m.Append(t.Blocks("pay.unpaid", words.A("sum", rates.Owed(r.Price)))...).Offer(t.Command("payment.service", r.Number.Code()))
	}
	return nil
}

// warnOfMoney keeps what who withdraws a case that is paid is told of his money.
func (s *scenario) warnOfMoney(ctx context.Context, t *dialog.Turn, r *registry.Record) error {
	if s.Payments == nil || r.Price == 0 || !t.May(privacy.Money) {
		return nil
	}
	made, err := s.Payments.PaymentsOfCase(ctx, r.Number)
	if err != nil {
		return err
	}
	if p, paid := payment.Received(made); paid {
		query.Set(t, t.Line("pay.returns", words.A("sum", rates.Sum(p.Sum))))
	}
	return nil
}

func sureWording(t *dialog.Turn) string {
	if query.Of(t.Answers) != "" {
		return "sure.paid"
	}
	return "sure"
}
