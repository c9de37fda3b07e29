package readings

import (
	"context"
	"slices"

	"okoshko/core/billing"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// takeValue reads the value of the register that was asked for, or of several.
func (s *scenario) takeValue(ctx context.Context, t *dialog.Turn, i int) (dialog.Move, error) {
	if t.Event.Kind == dialog.Upload {
		return s.keep(ctx, t)
	}
	if t.Event.Kind != dialog.Text {
		return dialog.Unclear, nil
	}
	in, err := s.intake(ctx, t)
	if err != nil {
		return dialog.Unclear, err
	}
	open := missing(t)
	if t.Answers.Has(string(values[i])) { // it is being changed
		open = []string{chosen.Of(t.Answers).Registers[i].Name}
	}
	return s.hear(t, in, billing.Parse(t.Text), open)
}

// keep puts photos away as evidence; values in the caption count.
func (s *scenario) keep(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Text != "" {
		in, err := s.intake(ctx, t)
		if err != nil {
			return dialog.Unclear, err
		}
		if entries, err := entriesOf(t, billing.Parse(t.Text), missing(t)); err == nil {
			s.store(t, in, entries)
		}
	}
	return keepFiles(t), nil
}

// hear takes the values of a message; those without a zone are for the
// registers of open.
func (s *scenario) hear(t *dialog.Turn, in billing.Intake, said billing.Message, open []string) (dialog.Move, error) {
	entries, err := entriesOf(t, said, open)
	if err != nil {
		return refusal(err), nil
	}
	if j := s.store(t, in, entries); j.Action == billing.Refuse {
		return refuse(t, j), nil
	}
	return dialog.Next, nil
}

// entriesOf are all the values of the submission with those just said.
func entriesOf(t *dialog.Turn, said billing.Message, open []string) ([]billing.Entry, error) {
	fresh, err := said.Entries(chosen.Of(t.Answers).billing(), open...)
	if err != nil {
		return nil, err
	}
	all := known(t)
	for _, e := range fresh {
		all = slices.DeleteFunc(all, func(o billing.Entry) bool { return o.Register == e.Register })
		all = append(all, e)
	}
	return all, nil
}

// missing are the registers without a value.
func missing(t *dialog.Turn) []string {
	var out []string
	for i, r := range chosen.Of(t.Answers).Registers {
		if !t.Answers.Has(string(values[i])) {
			out = append(out, r.Name)
		}
	}
	return out
}

// known are the values answered so far.
func known(t *dialog.Turn) []billing.Entry {
	var out []billing.Entry
	for _, slot := range values {
		if e, ok := slot.In(t.Answers); ok {
			out = append(out, e)
		}
	}
	return out
}

// store judges the values and keeps them unless they are refused.
func (s *scenario) store(t *dialog.Turn, in billing.Intake, entries []billing.Entry) billing.Judgement {
	j := in.Judge(entries...)
	if j.Action == billing.Refuse {
		return j
	}
	for _, line := range j.Lines {
		for i, r := range chosen.Of(t.Answers).Registers {
			if r.Name == line.Register.Name {
				values[i].Set(t, line.Entry)
			}
		}
	}
	doubt.Clear(t)
	if j.Action == billing.Confirm || j.Action == billing.Offer {
		doubt.Set(t, doubtOf(j))
	}
	entered.Set(t, t.At())
	period.Set(t, j.Period)
	remarks.Set(t, remarksOf(j))
	return j
}

// remarksOf are the keys of what the summary adds to the values.
func remarksOf(j billing.Judgement) []string {
	var out []string
	for _, c := range []billing.Case{
		billing.CaseFraction, billing.CaseRepeated, billing.CaseControl, billing.CaseNextPeriod, billing.CaseUnverified,
	} {
		if j.Remarks.Has(c) {
			out = append(out, "remark."+c.String())
		}
	}
	return out
}

// refuse says why values cannot be taken as they are.
func refuse(t *dialog.Turn, j billing.Judgement) dialog.Move {
	return dialog.Refuse("case."+j.Case.String(), append(t.Contacts(),
		words.A("in", inRegister(t, j.Register)))...)
}

// registerName is what customers call a register: the T-number with its zone
// in words, since the mapping differs from meter to meter (spec §2.1).
func registerName(t *dialog.Turn, name string) string {
	r, ok := chosen.Of(t.Answers).billing().Register(name)
	if !ok || r.Zone == billing.ZoneSingle {
		return t.Line("zone.single")
	}
	return t.Line("zone."+r.Zone.String(), words.A("t", r.Name))
}

// inRegister names a register inside a sentence; a meter with one needs no name.
func inRegister(t *dialog.Turn, name string) string {
	r, ok := chosen.Of(t.Answers).billing().Register(name)
	if !ok || r.Zone == billing.ZoneSingle {
		return ""
	}
	return " " + t.Line("in."+r.Zone.String(), words.A("t", r.Name))
}

func valueArgs(t *dialog.Turn, i int) []words.Arg {
	m := chosen.Of(t.Answers)
	if i >= len(m.Registers) {
		return nil
	}
	return []words.Arg{
		words.A("what", registerName(t, m.Registers[i].Name)),
		words.A("n", m.Digits),
	}
}

// valueWording: the first of several registers is asked for with a hint that
// all may come in one message.
func valueWording(t *dialog.Turn, i int) string {
	if len(chosen.Of(t.Answers).Registers) > 1 && i == 0 {
		return "values"
	}
	return "value"
}

func showValue(t *dialog.Turn, i int) string {
	return t.Line("amount", words.A("value", int64(values[i].Of(t.Answers).Value)))
}
