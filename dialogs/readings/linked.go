package readings

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okoshko/core/billing"
	"okoshko/core/customer"
	"okoshko/core/knowledge"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// link is what the form remembers of an account that its conversation is linked
// to.
type link struct {
	ID      int64                 `json:"i"`
	Account billing.AccountNumber `json:"a"`
	Name    string                `json:"n,omitempty"`
}

func (l link) title() string { return customer.Link{Account: l.Account, Name: l.Name}.Title() }

// named is a meter to choose.
type named struct {
	ID     billing.MeterID `json:"i"`
	Serial string          `json:"s"` // masked
}

// past are the values before, by register.
type past map[string]taken

type taken struct {
	Value billing.KWh `json:"v"`
	At    time.Time   `json:"t"`
}

// remember the links of the conversation, where its channel may carry readings.
func (s *scenario) rememberLinks(ctx context.Context, t *dialog.Turn) error {
	if !t.May(privacy.Reading) {
		return nil
	}
	list, err := s.linked.Links(ctx, t.Event.Conversation, t.Event.Now)
	if err != nil {
		return err
	}
	var out []link
	for _, l := range list {
		out = append(out, link{l.ID, l.Account, l.Name})
	}
	if len(out) > 0 || len(linked.Of(t.Answers)) > 0 {
		linked.Set(t, out)
	}
	return nil
}

// linkOf is the link of the account at work.
func linkOf(t *dialog.Turn) (link, bool) {
	n := account.Of(t.Answers)
	for _, l := range linked.Of(t.Answers) {
		if l.Account == n {
			return l, true
		}
	}
	return link{}, false
}

// guest reports whether the account is not linked: whoever reads its meters has to
// prove that he may. A link is a proof.
func guest(t *dialog.Turn) bool {
	_, ok := linkOf(t)
	return !ok
}

// onward goes on with the account: a linked one is looked at, of any other a
// proof is asked for.
func onward(t *dialog.Turn) dialog.Move {
	if l, ok := linkOf(t); ok && !t.Answers.Has(string(chosen)) {
		return dialog.Do("look", l.ID)
	}
	return dialog.Next
}

// look is one transaction.
func (s *scenario) look(ctx context.Context, e dialog.Effect, id int64) (bool, error) {
	return s.linked.Look(ctx, e, id, "values")
}

// looked goes on with what the customer may see now. A link that has ended
// meanwhile makes a guest of him.
func (s *scenario) looked(ctx context.Context, t *dialog.Turn, holds bool) (dialog.Move, error) {
	if !holds {
		return dialog.Next, s.rememberLinks(ctx, t)
	}
	a, found, err := s.linked.Account(ctx, account.Of(t.Answers))
	if err != nil {
		return dialog.Unclear, err
	}
	if !found {
		return dialog.Next, nil
	}
	proof.Set(t, true)
	several.Set(t, len(a.Meters) > 1)
	if len(a.Meters) > 1 {
		var list []named
		for _, m := range a.Meters {
			list = append(list, named{m.ID, m.Serial.Masked()})
		}
		meters.Set(t, list)
		return dialog.Next, nil
	}
	return s.use(ctx, t, a, append(a.Meters, billing.Meter{})[0])
}

// pick takes a meter that was chosen by button.
func (s *scenario) pick(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	a, _, err := s.linked.Account(ctx, account.Of(t.Answers))
	if err != nil {
		return dialog.Unclear, err
	}
	for _, m := range a.Meters {
		if meterOption(m.ID) == t.Picked {
			return s.use(ctx, t, a, m)
		}
	}
	return dialog.Refuse("meter.unknown"), nil // taken down meanwhile
}

// recall keeps the values before of a linked meter.
func (s *scenario) recall(ctx context.Context, t *dialog.Turn, m billing.Meter) error {
	if _, ok := linkOf(t); !ok {
		return nil
	}
	in, err := s.meters.Intake(ctx, account.Of(t.Answers), m.ID)
	if err != nil {
		return err
	}
	values := past{}
	for _, r := range m.Registers {
		if last, ok := latest(in.History, r.Name); ok {
			values[r.Name] = taken{last.Value, last.At}
		}
	}
	if len(values) > 0 {
		before.Set(t, values)
	}
	return nil
}

// latest is the newest reading of a register.
func latest(history []billing.Reading, register string) (last billing.Reading, ok bool) {
	for _, r := range history {
		if r.Register == register && (!ok || last.At.Before(r.At)) {
			last, ok = r, true
		}
	}
	return last, ok
}

// accountWording are the words by which the account is asked for: an organisation has a
// contract.
func accountWording(t *dialog.Turn) string {
	if len(linked.Of(t.Answers)) > 0 {
		return "account_linked"
	}
	if contract.Of(t.Answers) {
		return "account_contract"
	}
	return "account"
}

// organised reports whether an organisation asks: it comes from its own answer, or has
// chosen its answers before.
func organised(t *dialog.Turn) bool {
	return t.Argument() == forContract || t.KeptBy("questions", "for") == string(knowledge.Companies)
}

func linkedOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, l := range linked.Of(t.Answers) {
		out = append(out, dialog.Option{ID: strconv.FormatInt(l.ID, 10), Label: l.title()})
	}
	return out
}

// picked is the linked account that was chosen, by its button or its number:
// no account and no reading is so short.
func picked(t *dialog.Turn) (link, bool) {
	list, id := linked.Of(t.Answers), cmp.Or(t.Picked, t.Numbered())
	i := slices.IndexFunc(list, func(l link) bool { return strconv.FormatInt(l.ID, 10) == id })
	if i < 0 {
		return link{}, false
	}
	return list[i], true
}

func meterWording(t *dialog.Turn) string {
	if len(meters.Of(t.Answers)) > 0 {
		return "meter_linked"
	}
	return "meter"
}

func meterOption(id billing.MeterID) string { return "m" + strconv.FormatInt(int64(id), 10) }

func meterOptions(t *dialog.Turn) []dialog.Option {
	var out []dialog.Option
	for _, m := range meters.Of(t.Answers) {
		out = append(out, dialog.Option{ID: meterOption(m.ID), Label: m.Serial})
	}
	return out
}

// knowing returns the words of a key for somebody who may see the values before,
// if there are such words and each of these registers has one.
func knowing(t *dialog.Turn, key string, registers []string) string {
	values := before.Of(t.Answers)
	if len(registers) != 1 {
		return key
	}
	if _, ok := values[registers[0]]; !ok {
		return key
	}
	return key + "_linked"
}

// beforeArgs fill {before}, {on} and {used} for a register.
func (s *scenario) beforeArgs(t *dialog.Turn, register string) []words.Arg {
	last, ok := before.Of(t.Answers)[register]
	if !ok {
		return nil
	}
	args := []words.Arg{
		words.A("before", words.Of(privacy.Reading, int64(last.Value))), words.A("on", words.Of(privacy.Reading, last.At.In(s.zone))),
	}
	for i, r := range chosen.Of(t.Answers).Registers {
		if e, said := values[i].In(t.Answers); said && r.Name == register {
			args = append(args, words.A("used", words.Of(privacy.Reading, int64(e.Value-last.Value))))
		}
	}
	return args
}

// listBefore names the values before of all registers.
func (s *scenario) listBefore(t *dialog.Turn) string {
	var out []string
	for _, r := range chosen.Of(t.Answers).Registers {
		if last, ok := before.Of(t.Answers)[r.Name]; ok {
			out = append(out, t.Line("past", words.A("name", strings.TrimSpace(inRegisters(t, []string{r.Name}))),
				words.A("value", int64(last.Value)), words.A("on", last.At.In(s.zone))))
		}
	}
	return strings.Join(out, "; ")
}
