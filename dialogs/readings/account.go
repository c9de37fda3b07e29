package readings

import (
	"context"
	"errors"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

// open takes what the customer has said already: the account, the values.
func (s *scenario) open(ctx context.Context, t *dialog.Turn) error {
	if err := s.rememberLinks(ctx, t); err != nil {
		return err
	}
	if t.Event.Kind == dialog.Text && !strings.HasPrefix(t.Text, "/") {
		said := billing.Parse(t.Text)
		if len(said.Accounts) == 1 {
			account.Set(t, said.Accounts[0])
		}
		if mayRead(said) && len(said.Accounts) < 2 {
			remember(t)
		}
	}
	if organised(t) {
		contract.Set(t, true)
	}
	if list := linked.Of(t.Answers); len(list) == 1 && !t.Answers.Has(string(account)) {
		account.Set(t, list[0].Account)
	}
	if l, ok := linkOf(t); ok {
		t.First("look", l.ID)
	}
	return nil
}

// saying is a text with values, and when it was said.
type saying struct {
	Text string    `json:"t"`
	At   time.Time `json:"at"`
}

// remember keeps a text with values until the meter is known.
func remember(t *dialog.Turn) { heard.Set(t, saying{t.Text, t.At()}) }

// takeAccount reads an account number, and keeps values that came with it.
func (s *scenario) takeAccount(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	if l, ok := picked(t); ok {
		account.Set(t, l.Account)
		return onward(t), nil
	}
	if t.Event.Kind != dialog.Text {
		return early(t, "account"), nil
	}
	number, err := billing.ParseAccount(t.Text)
	if err == nil {
		account.Set(t, number)
		return onward(t), nil
	}
	said := billing.Parse(t.Text)
	switch {
	case len(said.Accounts) == 1:
		account.Set(t, said.Accounts[0])
		if len(said.Values) > 0 {
			remember(t)
		}
		return onward(t), nil
	case len(said.Accounts) > 1:
		return dialog.Refuse("account.several"), nil
	case errors.Is(err, billing.ErrAccountDigits) || said.Mistyped:
		return dialog.Refuse("account.mistyped"), nil
	case said.Readings:
		remember(t)
		if contract.Of(t.Answers) {
			return dialog.Refuse("account_contract.first"), nil
		}
		return dialog.Refuse("account.first"), nil
	case len(said.Values) > 0 && !contract.Of(t.Answers):
		return dialog.Refuse("account.short"), nil
	}
	return dialog.Unclear, nil
}

// takeProof checks the guest. An unknown account and a wrong proof get the same
// words in the same time.
func (s *scenario) takeProof(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Picked == "other" {
		return dialog.To(account), nil
	}
	if t.Event.Kind != dialog.Text {
		return early(t, "proof"), nil
	}
	if move, ok := beforeProof(t); ok {
		return move, nil
	}
	said, err := billing.ParseProof(t.Text)
	if err != nil {
		return dialog.Unclear, nil //nolint:nilerr // it may be something else that the customer says
	}
	a, refused, err := s.check(ctx, t, said, "proof.wrong")
	if err != nil || a.Number == "" {
		return refused, err
	}
	proof.Set(t, true)
	return s.chooseMeter(ctx, t, a, said, dialog.Next)
}

// check compares a proof with the account, within the limits of guessing. The
// account is empty when the proof is refused.
func (s *scenario) check(ctx context.Context, t *dialog.Turn, said billing.Proof, wrong string) (billing.Account, dialog.Move, error) {
	a, verdict, err := s.guests.Check(ctx, customer.Claim{
		Number: account.Of(t.Answers), Proof: said,
		Conversation: t.Event.Conversation, Address: t.Event.Address, Event: t.Event.ID, Now: t.Event.Now,
	})
	switch {
	case err != nil:
		return billing.Account{}, dialog.Unclear, err
	case verdict == customer.Proven:
		return a, dialog.Next, nil
	case verdict == customer.Blocked:
		return billing.Account{}, dialog.Refuse("proof.blocked", t.Contacts()...), nil
	}
	return billing.Account{}, dialog.Refuse(wrong), nil
}

// early answers a file that comes before anybody knows what it proves; a
// value in its caption is kept.
func early(t *dialog.Turn, question string) dialog.Move {
	if t.Event.Kind != dialog.Upload {
		return dialog.Unclear
	}
	if len(billing.Parse(t.Text).Values) > 0 {
		remember(t)
	}
	return dialog.Refuse(question + ".early")
}

// beforeProof takes what is no proof, but worth keeping: an account once more,
// a reading too early. A bare number is a proof, right or wrong.
func beforeProof(t *dialog.Turn) (dialog.Move, bool) {
	said := billing.Parse(t.Text)
	switch {
	case len(said.Accounts) == 1:
		account.Set(t, said.Accounts[0])
		if len(said.Values) > 0 {
			remember(t)
		}
		return onward(t), true
	case said.Readings:
		remember(t)
		return dialog.Refuse("proof.first"), true
	}
	return dialog.Move{}, false
}

// chooseMeter goes on with the meter that the guest has named, or with the only
// one; otherwise is what to do while none is chosen.
func (s *scenario) chooseMeter(ctx context.Context, t *dialog.Turn, a billing.Account, said billing.Proof, otherwise dialog.Move) (dialog.Move, error) {
	several.Set(t, len(a.Meters) > 1)
	if len(a.Meters) < 2 {
		return s.use(ctx, t, a, append(a.Meters, billing.Meter{})[0])
	}
	var named []billing.Meter
	for _, m := range a.Meters {
		if said.Matches(billing.Account{Number: a.Number, Meters: []billing.Meter{m}}) {
			named = append(named, m)
		}
	}
	if len(named) != 1 {
		return otherwise, nil
	}
	return s.use(ctx, t, a, named[0])
}

// takeMeter chooses among several meters by the end of the serial, which the
// customer types: showing it would give away what proves an account, and so
// would letting it be guessed.
func (s *scenario) takeMeter(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Picked != "" {
		return s.pick(ctx, t)
	}
	if t.Event.Kind != dialog.Text {
		return early(t, "meter"), nil
	}
	said, err := billing.ParseProof(t.Text)
	if err != nil || said.Serial == "" {
		return dialog.Unclear, nil //nolint:nilerr // it may be something else that the customer says
	}
	a, refused, err := s.check(ctx, t, said, "meter.unknown")
	if err != nil || a.Number == "" {
		return refused, err
	}
	return s.chooseMeter(ctx, t, a, said, dialog.Refuse("meter.longer"))
}

// use goes on with a meter: is it read by customers at all, and have its
// values been said already?
func (s *scenario) use(ctx context.Context, t *dialog.Turn, a billing.Account, m billing.Meter) (dialog.Move, error) {
	chosen.Set(t, meter{ID: m.ID, Digits: m.Digits, Registers: m.Registers, Legal: a.Legal})
	if err := s.recall(ctx, t, m); err != nil {
		return dialog.Unclear, err
	}
	in := billing.Intake{Account: a, Meter: m, At: t.At(), Zone: s.zone} // no value is judged yet, so no history
	if j := in.Judge(); j.Action == billing.Refuse {
		return again(t, s.objectionTo(t, j)), nil
	}
	before, ok := heard.In(t.Answers)
	if !ok {
		return dialog.Next, nil
	}
	heard.Clear(t)
	values := billing.Parse(before.Text)
	values.Accounts, values.Mistyped = nil, false // of these one was chosen since
	no, err := s.hear(ctx, t, values, missing(t), inTime(t, before.At))
	if err != nil {
		return dialog.Unclear, err
	}
	if no != nil && !no.unclear {
		t.Say(no.key, no.args...)
	}
	return dialog.Next, nil
}

// intake reads what the values are judged by, at the time they were said.
func (s *scenario) intake(ctx context.Context, t *dialog.Turn) (billing.Intake, error) {
	in, err := s.meters.Intake(ctx, account.Of(t.Answers), chosen.Of(t.Answers).ID)
	if err != nil {
		return in, err
	}
	in.At, in.Zone = t.At(), s.zone
	return in, nil
}

func severalMeters(t *dialog.Turn) bool { return several.Of(t.Answers) }

func otherAccount(*dialog.Turn) []dialog.Option {
	return []dialog.Option{{ID: "other", Key: "proof.another"}}
}

func showAccount(t *dialog.Turn) string {
	if l, ok := linkOf(t); ok {
		return l.title()
	}
	return account.Of(t.Answers).Masked()
}

// files are to be kept as evidence.
type files struct {
	Account billing.AccountNumber `json:"account"`
	Files   []chat.File           `json:"files"`
}

func keepFiles(t *dialog.Turn) dialog.Move {
	return dialog.Do("keep", files{account.Of(t.Answers), t.Event.Files})
}

func (s *scenario) keepEvidence(ctx context.Context, e dialog.Effect, p files) (billing.Evidence, error) {
	return s.desk.KeepEvidence(ctx, e, p.Account, p.Files)
}

// kept goes on after files were put away.
func (s *scenario) kept(_ context.Context, t *dialog.Turn, kept billing.Evidence) (dialog.Move, error) {
	evidence.Set(t, append(evidence.Of(t.Answers), kept.IDs...))
	t.Say("kept")
	return dialog.Next, nil
}
