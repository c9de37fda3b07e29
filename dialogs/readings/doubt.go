package readings

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"okoshko/core/billing"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// doubtful is a submission that waits for the customer's word: nothing used,
// unusually much, past zero, too many digits, zones swapped.
type doubtful struct {
	Case billing.Case `json:"c"`
	// Offered: a change of the values is offered, not a mere yes or no.
	Offered bool             `json:"a,omitempty"`
	Options []billing.Option `json:"o"`
	// Changed are the values with the offered change.
	Changed []billing.Entry `json:"e,omitempty"`
	// Registers whose values are in doubt; none: all of them together.
	Registers []string `json:"r,omitempty"`
}

func doubtOf(j billing.Judgement) doubtful {
	d := doubtful{Case: j.Case, Offered: j.Action == billing.Offer, Options: j.Options, Changed: j.Swap}
	for _, line := range j.Lines {
		if line.Case != j.Case || line.Action != j.Action {
			continue
		}
		d.Registers = append(d.Registers, line.Register.Name)
		if line.Truncated > 0 {
			changed := line.Entry
			changed.Value = line.Truncated
			d.Changed = append(d.Changed, changed)
		}
	}
	return d
}

func inDoubt(t *dialog.Turn) bool { return t.Answers.Has(string(doubt)) }

func doubtWording(t *dialog.Turn) string {
	d := doubt.Of(t.Answers)
	key := "doubt." + d.Case.String()
	switch d.Case {
	case billing.CaseZero, billing.CaseHigh, billing.CaseRollover:
		return knowing(t, key, d.Registers)
	}
	return key
}

func (s *scenario) doubtArgs(t *dialog.Turn) []words.Arg {
	d := doubt.Of(t.Answers)
	var amounts []string
	for _, e := range d.Changed {
		amounts = append(amounts, t.Line("bare", words.A("value", int64(e.Value))))
	}
	args := []words.Arg{
		words.A("in", inRegisters(t, d.Registers)), words.A("n", chosen.Of(t.Answers).Digits),
		words.A("value", strings.Join(amounts, ", ")),
	}
	if len(d.Registers) == 1 {
		args = append(args, s.beforeArgs(t, d.Registers[0])...)
	}
	return args
}

// shown are the ways on that this conversation can offer. The others lead to
// applications; until there are any, the words name the contact centre.
var shown = []billing.Option{billing.OptionSwap, billing.OptionTruncate, billing.OptionKeep, billing.OptionReenter}

func doubtOptions(t *dialog.Turn) []dialog.Option {
	d := doubt.Of(t.Answers)
	if !d.Offered {
		return []dialog.Option{{ID: string(billing.OptionKeep), Key: "yes"}, {ID: string(billing.OptionReenter), Key: "no"}}
	}
	var out []dialog.Option
	for _, o := range shown {
		if slices.Contains(d.Options, o) {
			out = append(out, dialog.Option{ID: string(o), Key: "option." + string(o)})
		}
	}
	return out
}

// takeDoubt takes the customer's word, or another value.
func (s *scenario) takeDoubt(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind == dialog.Upload {
		return s.keep(ctx, t)
	}
	d := doubt.Of(t.Answers)
	t.Picked = cmp.Or(t.Picked, t.Numbered()) // no register that anybody reads stands so low
	if t.Picked == string(billing.OptionReenter) {
		forget(t, d.Registers)
		return dialog.Next, nil
	}
	if t.Picked == "" {
		var into []string
		if len(d.Registers) == 1 {
			into = d.Registers
		}
		no, err := s.hear(ctx, t, billing.Parse(t.Text), into, t.At())
		if err != nil || no == nil {
			return onward(t), err
		}
		return again(t, no), nil
	}
	in, err := s.intake(ctx, t)
	if err != nil {
		return dialog.Unclear, err
	}
	in.At, in.AsEntered = counts(t), as.Of(t.Answers) || d.Case == billing.CaseSwapped
	if no := s.store(t, in, d.settle(known(t), billing.Option(t.Picked))); no != nil {
		return again(t, no), nil
	}
	return dialog.Next, nil
}

// settle applies the customer's word to the values.
func (d doubtful) settle(entries []billing.Entry, picked billing.Option) []billing.Entry {
	if picked != billing.OptionKeep {
		return merge(entries, d.Changed)
	}
	for i := range entries {
		if slices.Contains(d.Registers, entries[i].Register) {
			entries[i].Confirmed = d.Case
		}
	}
	return entries
}
