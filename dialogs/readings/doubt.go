package readings

import (
	"context"
	"slices"

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
	// Register whose value is in doubt; empty for all of them.
	Register string `json:"r,omitempty"`
	// Confirmed names the registers whose case a yes confirms.
	Confirmed []string `json:"y,omitempty"`
}

func doubtOf(j billing.Judgement) doubtful {
	d := doubtful{
		Case: j.Case, Offered: j.Action == billing.Offer, Options: j.Options,
		Register: j.Register, Changed: j.Swap,
	}
	for _, line := range j.Lines {
		if line.Action == billing.Confirm {
			d.Confirmed = append(d.Confirmed, line.Register.Name)
		}
		if line.Truncated > 0 && line.Register.Name == j.Register {
			changed := line.Entry
			changed.Value = line.Truncated
			d.Changed = append(d.Changed, changed)
		}
	}
	return d
}

func inDoubt(t *dialog.Turn) bool { return t.Answers.Has(string(doubt)) }

func doubtWording(t *dialog.Turn) string { return "doubt." + doubt.Of(t.Answers).Case.String() }

func doubtArgs(t *dialog.Turn) []words.Arg {
	d := doubt.Of(t.Answers)
	args := []words.Arg{words.A("in", inRegister(t, d.Register)), words.A("n", chosen.Of(t.Answers).Digits)}
	if len(d.Changed) > 0 {
		args = append(args, words.A("value", int64(d.Changed[0].Value)))
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
	if t.Picked == string(billing.OptionReenter) {
		return s.reenter(t, d)
	}
	in, err := s.intake(ctx, t)
	if err != nil {
		return dialog.Unclear, err
	}
	if t.Picked == "" {
		var into []string
		if d.Register != "" {
			into = []string{d.Register}
		}
		return s.hear(t, in, billing.Parse(t.Text), into)
	}
	entries := known(t)
	switch billing.Option(t.Picked) {
	case billing.OptionSwap, billing.OptionTruncate:
		entries = merge(entries, d.Changed)
	case billing.OptionKeep:
		if d.Case == billing.CaseSwapped {
			as.Set(t, true)
			in.AsEntered = true
		}
		for i := range entries {
			if slices.Contains(d.Confirmed, entries[i].Register) {
				entries[i].Confirmed = d.Case
			}
		}
	default:
		return dialog.Unclear, nil
	}
	if j := s.store(t, in, entries); j.Action == billing.Refuse {
		return refuse(t, j), nil
	}
	return dialog.Next, nil
}

// reenter asks for the value in doubt once more.
func (s *scenario) reenter(t *dialog.Turn, d doubtful) (dialog.Move, error) {
	doubt.Clear(t)
	first := -1
	for i, r := range chosen.Of(t.Answers).Registers {
		if d.Register == "" || d.Register == r.Name {
			values[i].Clear(t)
			if first < 0 {
				first = i
			}
		}
	}
	return dialog.To(values[max(first, 0)]), nil
}

// merge puts changed values in place of the old ones of their registers.
func merge(entries, changed []billing.Entry) []billing.Entry {
	for _, e := range changed {
		entries = slices.DeleteFunc(entries, func(o billing.Entry) bool { return o.Register == e.Register })
		entries = append(entries, e)
	}
	return entries
}
