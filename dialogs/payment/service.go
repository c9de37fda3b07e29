package payment

import (
	"context"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/payment"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
	"okoshko/dialogs/words/times"
)

// service is the command that pays what a case orders, by the code of its number.
const service = "service"

// beginService pays the case that the command names: there is nothing to ask, and
// whether it can be paid is found out where the payment is started.
func beginService(ctx context.Context, t *dialog.Turn) error {
	switch _, err := appeal.ParseCode(t.Argument()); {
	case !t.May(privacy.Money):
		t.Say("elsewhere").Offer(t.Command("carry.site", "cases"), t.Menu())
		return nil
	case err != nil: // tokens can be made up
		noCase(t)
		return nil
	}
	return t.Begin(ctx, service+":"+t.Argument())
}

// openService finds the case that beginService was given; false if there is none.
func openService(t *dialog.Turn) bool {
	what, code, _ := strings.Cut(t.Argument(), ":")
	n, err := appeal.ParseCode(code)
	if what != service || err != nil {
		return false
	}
	order.Set(t, n)
	t.First("start", with(t))
	return true
}

// noCase says the same of another's case and of one that never was.
func noCase(t *dialog.Turn) {
	t.Say("service.refused.none", t.Contacts()...).Offer(t.Command("cases.mine", ""), t.Menu())
}

// startedService shows the page of a case's payment, or says why there is none.
func (s *scenario) startedService(t *dialog.Turn, o payment.Opened) {
	n := order.Of(t.Answers)
	see := t.Command("cases.see", n.Code())
	if o.Refused && o.Why == payment.NoCase {
		noCase(t)
		return
	}
	args := append(t.Contacts(), words.A("case", n.String()), words.A("number", o.Number.String()))
	switch {
	case o.Refused:
		t.Say("service.refused."+string(o.Why), args...).Offer(see, t.Menu())
	case o.Away:
		t.Say("service.away", args...).Offer(t.Command("payment.service", n.Code()), see, t.Menu())
	case !o.Open(t.Event.Now): // the provider was faster than we
		t.Say("early", args...).Offer(see, t.Menu())
	default:
		s.show(t, "service.page", o.Payment).Offer(see, t.Menu())
	}
}

// toldService says what became of a payment for a case.
func (s *scenario) toldService(ctx context.Context, t *dialog.Turn, p *payment.Payment, state payment.State) error {
	key, at := "service.told."+string(state), ""
	if state == payment.Paid {
		r, found, err := s.Cases.CustomerCase(ctx, t.Event.Conversation, p.Case)
		switch {
		case err != nil:
			return err
		case !found:
		case r.Resolution == life.AsWithdrawn: // he took it back meanwhile
			key = "service.told.needless"
		case r.State == life.Scheduled && !r.Agreed.IsZero():
			key, at = "service.told.agreed", times.Moment(t.Language(), r.Agreed.In(s.zone))
		case !r.State.Open() || r.State == life.Prepared: // what is paid is done
			key = "service.told.done"
		}
	}
	said := t.Say(key, append(t.Contacts(), words.A("case", p.Case.String()), words.A("number", p.Number.String()), words.A("sum", rates.Owed(p.Sum)), words.A("at", at))...)
	switch state {
	case payment.Refused, payment.Expired:
		said.Offer(t.Command("payment.service", p.Case.Code()))
	case payment.Disputed:
		said.Offer(t.Scenario("operator"))
	}
	said.Offer(t.Command("cases.see", p.Case.Code()), t.Menu())
	return nil
}
