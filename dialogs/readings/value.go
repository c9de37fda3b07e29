package readings

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/fault"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// takeValue reads the value of the register that was asked for, or of several.
func (s *scenario) takeValue(ctx context.Context, t *dialog.Turn, i int) (dialog.Move, error) {
	if t.Event.Kind == dialog.Upload {
		return s.keep(ctx, t)
	}
	said := billing.Parse(t.Text)
	if t.Event.Kind != dialog.Text || said.Rest != "" && strings.HasSuffix(t.Text, "?") { // «до 25 надо?»
		return dialog.Unclear, nil
	}
	asked := chosen.Of(t.Answers).Registers[i].Name
	open := missing(t)
	if t.Answers.Has(string(values[i])) { // it is being changed
		open = []string{asked}
	}
	no, err := s.hear(ctx, t, said, open, t.At())
	switch {
	case err != nil:
		return dialog.Unclear, err
	case no == nil:
		return onward(t), nil
	case no.register == asked:
		return no.refuse(), nil
	}
	return again(t, no), nil
}

// keep puts files away as evidence; values in the caption count.
func (s *scenario) keep(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	said := billing.Parse(t.Text)
	if another(t, said) {
		move(t, said)
		t.Say("resend")
		return onward(t), nil
	}
	if len(said.Values) > 0 {
		no, err := s.hear(ctx, t, said, missing(t), t.At())
		if err != nil {
			return dialog.Unclear, err
		}
		if no != nil {
			t.Say(no.key, no.args...)
		}
	}
	return keepFiles(t), nil
}

// objection is why values cannot be taken as they are.
type objection struct {
	key  string
	args []words.Arg
	// register whose value is refused; empty if the values were not understood.
	register string
	// unclear: there is no value in the text at all.
	unclear bool
	// final: no other value can be taken either.
	final bool
}

// refuse lets the question stand.
func (o *objection) refuse() dialog.Move {
	if o.unclear {
		return dialog.Unclear
	}
	return dialog.Refuse(o.key, o.args...)
}

// again says what is wrong with a value and asks for it anew. What was not
// understood leaves the question as it is.
func again(t *dialog.Turn, no *objection) dialog.Move {
	switch {
	case no.final:
		t.Say(no.key, no.args...).Offer(t.Menu())
		return dialog.Close
	case no.register == "":
		return no.refuse()
	}
	t.Say(no.key, no.args...)
	forget(t, []string{no.register})
	return dialog.Next
}

// forget empties the values of registers, of none: all of them.
func forget(t *dialog.Turn, registers []string) {
	for i, r := range chosen.Of(t.Answers).Registers {
		if len(registers) == 0 || slices.Contains(registers, r.Name) {
			values[i].Clear(t)
		}
	}
	doubt.Clear(t)
}

// hear takes the values of a message that was said at an instant; those without a zone are for the
// registers of open. A new value makes what was said of a swap void.
func (s *scenario) hear(ctx context.Context, t *dialog.Turn, said billing.Message, open []string, at time.Time) (*objection, error) {
	switch {
	case len(said.Accounts) > 1:
		return &objection{key: "account.several"}, nil
	case said.Mistyped && len(said.Values) > 0:
		return &objection{key: "account.mistyped"}, nil
	case another(t, said):
		move(t, said)
		return nil, nil
	}
	in, err := s.intake(ctx, t)
	if err != nil {
		return nil, err
	}
	in.At = at
	entries, err := entriesOf(t, said, open)
	if err != nil {
		return misheard(err), nil
	}
	return s.store(t, in, entries), nil
}

// another reports whether the message is about another account.
func another(t *dialog.Turn, said billing.Message) bool {
	return len(said.Accounts) == 1 && said.Accounts[0] != account.Of(t.Answers)
}

// move goes on with another account: values said with it are its own.
func move(t *dialog.Turn, said billing.Message) {
	account.Set(t, said.Accounts[0])
	if len(said.Values) > 0 {
		remember(t)
	}
	t.Say("moved")
}

// errWhich: a bare value stands for none of several registers.
var errWhich error = &fault.Error{Kind: fault.Invalid, Key: "which"}

// entriesOf are all the values of the submission with those just said.
func entriesOf(t *dialog.Turn, said billing.Message, open []string) ([]billing.Entry, error) {
	m := chosen.Of(t.Answers)
	fresh, err := said.Entries(m.billing(), open...)
	if errors.Is(err, billing.ErrManyValues) && len(open) > 0 { // all of them anew?
		all, again := said.Entries(m.billing())
		if again == nil && len(all) == len(m.Registers) {
			fresh, err = all, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if len(open) == 0 && len(fresh) < len(m.Registers) && !labelled(said) {
		return nil, errWhich
	}
	return merge(known(t), fresh), nil
}

// labelled reports whether the customer has named the zones of all values.
func labelled(said billing.Message) bool {
	return !slices.ContainsFunc(said.Values, func(v billing.Value) bool {
		return v.Number == 0 && v.Zone == billing.ZoneUnknown
	})
}

// merge puts changed values in place of the old ones of their registers.
func merge(entries, changed []billing.Entry) []billing.Entry {
	for _, e := range changed {
		entries = slices.DeleteFunc(entries, func(o billing.Entry) bool { return o.Register == e.Register })
		entries = append(entries, e)
	}
	return entries
}

// misheard finds the words for values that cannot be told apart.
func misheard(err error) *objection {
	var f *fault.Error
	if !errors.As(err, &f) || errors.Is(err, billing.ErrNoValue) {
		return &objection{unclear: true}
	}
	return &objection{key: "value." + f.Key}
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

// store judges the values and keeps those that are not refused.
func (s *scenario) store(t *dialog.Turn, in billing.Intake, entries []billing.Entry) *objection {
	j := in.Judge(entries...)
	kept := false
	for _, line := range j.Lines {
		if j.Action == billing.Refuse && line.Action == billing.Refuse {
			continue
		}
		kept = true
		for i, r := range chosen.Of(t.Answers).Registers {
			if r.Name == line.Register.Name {
				values[i].Set(t, line.Entry)
			}
		}
	}
	if !kept {
		return s.objectionTo(t, j)
	}
	doubt.Clear(t)
	if j.Action == billing.Confirm || j.Action == billing.Offer {
		doubt.Set(t, doubtOf(j))
	}
	entered.Set(t, in.At)
	as.Set(t, in.AsEntered)
	remarks.Set(t, remarksOf(j))
	if j.Action == billing.Refuse {
		return s.objectionTo(t, j)
	}
	return nil
}

// remarksOf are the keys of what the summary adds to the values. The month is
// told at its own time.
func remarksOf(j billing.Judgement) []string {
	var out []string
	for _, c := range []billing.Case{
		billing.CaseFraction, billing.CaseRepeated, billing.CaseControl, billing.CaseUnverified,
	} {
		if j.Remarks.Has(c) {
			out = append(out, "remark."+c.String())
		}
	}
	return out
}

// objectionTo says why values cannot be taken as they are. Below an
// inspector's reading is another thing than below one's own (V15).
func (s *scenario) objectionTo(t *dialog.Turn, j billing.Judgement) *objection {
	c := j.Case
	if line := j.Line(j.Register); line != nil && c == billing.CaseLower && line.Remarks.Has(billing.CaseControl) {
		c = billing.CaseControl
	}
	key := "case." + c.String()
	if c == billing.CaseLower {
		key = knowing(t, key, []string{j.Register})
	}
	return &objection{
		key:      key,
		args:     slices.Concat(t.Contacts(), s.beforeArgs(t, j.Register), []words.Arg{words.A("in", inRegisters(t, []string{j.Register}))}),
		register: j.Register, final: j.Register == "",
	}
}

// nameOf returns what customers call a register: the T-number with its zone in
// words, since the mapping differs from meter to meter (spec §2.1). The words
// of group are for one place in a sentence.
func nameOf(t *dialog.Turn, group string, r billing.Register) string {
	if r.Zone == billing.ZoneSingle {
		return t.Line(group + ".single")
	}
	return t.Line(group+"."+r.Zone.String(), words.A("t", r.Name))
}

// inRegisters names registers inside a sentence, with a space before; a meter
// with one needs no name.
func inRegisters(t *dialog.Turn, names []string) string {
	var out []string
	for _, r := range chosen.Of(t.Answers).Registers {
		if r.Zone != billing.ZoneSingle && slices.Contains(names, r.Name) {
			out = append(out, nameOf(t, "in", r))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return " " + strings.Join(out, ", ")
}

func (s *scenario) valueArgs(t *dialog.Turn, i int) []words.Arg {
	m := chosen.Of(t.Answers)
	if i >= len(m.Registers) {
		return nil
	}
	return append(s.beforeArgs(t, m.Registers[i].Name),
		words.A("what", nameOf(t, "zone", m.Registers[i])), words.A("title", nameOf(t, "title", m.Registers[i])),
		words.A("n", m.Digits), words.A("past", words.Of(privacy.Reading, s.listBefore(t))))
}

// valueWording: the first of several registers is asked for with a hint that
// all may come in one message.
func valueWording(t *dialog.Turn, i int) string {
	m := chosen.Of(t.Answers)
	if len(m.Registers) > 1 && len(known(t)) == 0 {
		if len(before.Of(t.Answers)) > 0 {
			return "values_linked"
		}
		return "values"
	}
	if i >= len(m.Registers) {
		return "value"
	}
	return knowing(t, "value", []string{m.Registers[i].Name})
}

func showValue(t *dialog.Turn, i int) string {
	return t.Line("amount", words.A("value", int64(values[i].Of(t.Answers).Value)))
}
