package readings

import (
	"context"
	"errors"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/core/fault"
	"okoshko/dialogs/dialog"
)

// open takes what the customer has said already: the account, the values.
func (s *scenario) open(_ context.Context, t *dialog.Turn) error {
	if t.Event.Kind != dialog.Text || t.Text == "" || t.Text[0] == '/' {
		return nil
	}
	said := billing.Parse(t.Text)
	if len(said.Accounts) == 1 {
		account.Set(t, said.Accounts[0])
	}
	if len(said.Values) > 0 {
		heard.Set(t, t.Text)
	}
	return nil
}

// takeAccount reads an account number, and keeps values that came with it.
func (s *scenario) takeAccount(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind != dialog.Text {
		return dialog.Unclear, nil
	}
	number, err := billing.ParseAccount(t.Text)
	if err == nil {
		account.Set(t, number)
		return dialog.Next, nil
	}
	said := billing.Parse(t.Text)
	switch {
	case len(said.Accounts) == 1:
		account.Set(t, said.Accounts[0])
		if len(said.Values) > 0 {
			heard.Set(t, t.Text)
		}
		return dialog.Next, nil
	case len(said.Accounts) > 1:
		return dialog.Refuse("account.several"), nil
	case errors.Is(err, billing.ErrAccountDigits) || said.Mistyped:
		return dialog.Refuse("account.mistyped"), nil
	case len(said.Values) > 0:
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
		return dialog.Unclear, nil
	}
	said, err := billing.ParseProof(t.Text)
	if err != nil {
		return dialog.Unclear, nil //nolint:nilerr // it may be something else that the customer says
	}
	a, verdict, err := s.guests.Check(ctx, customer.Claim{
		Number: account.Of(t.Answers), Proof: said,
		Conversation: t.Event.Conversation, Event: t.Event.ID, Now: t.Event.Now,
	})
	switch {
	case err != nil:
		return dialog.Unclear, err
	case verdict == customer.Blocked:
		return dialog.Refuse("proof.blocked", t.Contacts()...), nil
	case verdict == customer.Wrong:
		return dialog.Refuse("proof.wrong"), nil
	}
	proof.Set(t, true)
	return s.chooseMeter(ctx, t, a, said)
}

// chooseMeter goes on with the meter that the guest has named, with the only
// one, or asks which.
func (s *scenario) chooseMeter(ctx context.Context, t *dialog.Turn, a billing.Account, said billing.Proof) (dialog.Move, error) {
	var all, named []meter
	for _, m := range a.Meters {
		known := meter{ID: m.ID, Digits: m.Digits, Registers: m.Registers, Serial: m.Serial}
		all = append(all, known)
		if said.Serial != "" && said.Matches(billing.Account{Number: a.Number, Meters: []billing.Meter{m}}) {
			named = append(named, known)
		}
	}
	if len(named) == 1 {
		all = named
	}
	if len(all) > 1 {
		meters.Set(t, all)
		return dialog.Next, nil
	}
	var only meter
	if len(all) == 1 {
		only = all[0]
	}
	return s.use(ctx, t, only)
}

// takeMeter chooses among several meters by the end of the serial, which the
// customer types: showing it would give away what proves an account.
func (s *scenario) takeMeter(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	said, err := billing.ParseProof(t.Text)
	if err != nil || said.Serial == "" {
		return dialog.Unclear, nil //nolint:nilerr // it may be something else that the customer says
	}
	for _, m := range meters.Of(t.Answers) {
		if said.Matches(billing.Account{Number: account.Of(t.Answers), Meters: []billing.Meter{m.billing()}}) {
			return s.use(ctx, t, m)
		}
	}
	return dialog.Refuse("meter.unknown"), nil
}

// use goes on with a meter: is it read by customers at all, and have its
// values been said already?
func (s *scenario) use(ctx context.Context, t *dialog.Turn, m meter) (dialog.Move, error) {
	m.Serial = ""
	chosen.Set(t, m)
	in, err := s.intake(ctx, t)
	if err != nil {
		return dialog.Unclear, err
	}
	if j := in.Judge(); j.Action == billing.Refuse {
		t.Say("case."+j.Case.String(), t.Contacts()...).Offer(t.Menu())
		return dialog.Close, nil
	}
	if text, ok := heard.In(t.Answers); ok {
		heard.Clear(t)
		return s.hear(t, in, billing.Parse(text), missing(t))
	}
	return dialog.Next, nil
}

// intake reads what the values are judged by, at the time they were said.
func (s *scenario) intake(ctx context.Context, t *dialog.Turn) (billing.Intake, error) {
	in, err := s.meters.Intake(ctx, account.Of(t.Answers), chosen.Of(t.Answers).ID)
	if err != nil {
		return in, err
	}
	in.At, in.Zone, in.AsEntered = t.At(), s.zone, as.Of(t.Answers)
	return in, nil
}

func severalMeters(t *dialog.Turn) bool { return len(meters.Of(t.Answers)) > 1 }

func otherAccount(*dialog.Turn) []dialog.Option {
	return []dialog.Option{{ID: "other", Key: "proof.another"}}
}

func showAccount(t *dialog.Turn) string { return account.Of(t.Answers).Masked() }

// photos are files to be kept as evidence.
type photos struct {
	Account billing.AccountNumber `json:"account"`
	Files   []chat.File           `json:"files"`
}

func keepFiles(t *dialog.Turn) dialog.Move {
	return dialog.Do("keep", photos{account.Of(t.Answers), t.Event.Files})
}

func (s *scenario) keepEvidence(ctx context.Context, e dialog.Effect, p photos) (billing.Evidence, error) {
	return s.desk.KeepEvidence(ctx, e, p.Account, p.Files)
}

// kept goes on after a photo was put away.
func (s *scenario) kept(_ context.Context, t *dialog.Turn, kept billing.Evidence) (dialog.Move, error) {
	evidence.Set(t, append(evidence.Of(t.Answers), kept.IDs...))
	t.Say("photo.kept")
	return dialog.Next, nil
}

// refusal finds the words for a reading that cannot be understood. A text
// without any may be something else that the customer says.
func refusal(err error) dialog.Move {
	var f *fault.Error
	if !errors.As(err, &f) || errors.Is(err, billing.ErrNoValue) {
		return dialog.Unclear
	}
	return dialog.Refuse("value." + f.Key)
}
