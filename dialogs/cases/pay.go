package cases

import (
	"context"

	"okoshko/core/appeal/registry"
	"okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// addPayment says of a case that orders a service with a price whether it is paid,
// and offers to pay it while that makes sense (R-5.1.3-f).
func (s *scenario) addPayment(ctx context.Context, t *dialog.Turn, m dialog.Said, r *registry.Record) error {
	if s.Payments == nil || r.Price == 0 || !t.May(privacy.Money) {
		return nil
	}
	made, err := s.Payments.PaymentsOfCase(ctx, r.Number)
	if err != nil {
		return err
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
