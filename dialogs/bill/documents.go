package bill

import (
	"context"
	"slices"
	"strings"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/chat"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// mostDocumentMonths is how many other months are offered by button.
const mostDocumentMonths = 3

// filed are the choices that lead to an organisation's documents, on channels that
// may carry them or lead to them.
func (s *scenario) filed(t *dialog.Turn, a *account) chat.Choice {
	if len(a.Documents) == 0 || !carries(t, documents) {
		return chat.Choice{}
	}
	return t.Command("bill.documents", "")
}

// documents lists what there is for a month, the latest if none of it is named,
// with a choice for each file.
func (s *scenario) documents(t *dialog.Turn, a *account) {
	months := a.DocumentMonths()
	if len(months) == 0 {
		s.offer(t, t.Say("documents.none", append(t.Contacts(), words.A("title", a.link.Title()))...), a, t.Scenario("bill"))
		return
	}
	month := months[0]
	if p := of.Of(t.Answers); slices.Contains(months, p) {
		month = p
	}
	said := t.Say("documents.lead", words.A("title", a.link.Title()), words.A("month", rates.Month(month))).InPlace()
	var choices []chat.Choice
	for _, kind := range bill.DocumentKinds() {
		d := a.Document(kind, month)
		if d == nil {
			continue
		}
		key := "documents.line"
		args := []words.Arg{
			words.A("kind", t.Line("kind."+string(kind))), words.A("number", words.Of(privacy.Money, d.Number)), words.A("issued", dated(d.Issued)),
		}
		if d.Total() != 0 && kind != bill.HourPrices {
			key, args = "documents.sum", append(args, words.A("sum", rates.Owed(d.Total())))
		}
		said.Append(t.Blocks(key, args...)...)
		choices = append(choices, labelled(t.Command("bill.document", string(kind)+"."+month.String()), t.Line("kind."+string(kind))))
	}
	others := slices.DeleteFunc(months, func(p billing.Period) bool { return p == month })
	for _, p := range others[:min(len(others), mostDocumentMonths)] {
		choices = append(choices, labelled(t.Command("bill.documents", p.String()), t.Line("documents.of", words.A("month", rates.Month(p)))))
	}
	s.offer(t, said, a, append(choices, t.Scenario("bill"))...)
}

// labelled gives a choice another label.
func labelled(c chat.Choice, label string) chat.Choice {
	if c.Label != "" {
		c.Label = label
	}
	return c
}

// named reads which document a button means: its kind and month.
func named(argument string) (kind bill.DocumentKind, month string) {
	text, month, _ := strings.Cut(argument, ".")
	return bill.DocumentKind(text), month
}

// write makes the file of a document; nil if there is none.
func (s *scenario) write(ctx context.Context, e dialog.Effect, a *account, what errand) (*chat.File, error) {
	d := a.Document(what.Kind, what.Of)
	if d == nil {
		return nil, nil
	}
	name := s.words.Line(what.Language, "document.file", words.A("kind", s.words.Line(what.Language, "kind."+string(d.Kind))),
		words.A("month", rates.Month(d.Period)))
	file, err := s.Papers.Document(ctx, e, &a.Ledger, d, name)
	return &file, err
}

// document sends the file of a document.
func (s *scenario) document(t *dialog.Turn, a *account, file *chat.File) {
	d := a.Document(kind.Of(t.Answers), of.Of(t.Answers))
	if d == nil || file == nil {
		s.documents(t, a)
		return
	}
	key := "document.ready"
	if d.Kind == bill.HourPrices {
		key = "document.hours"
	}
	said := t.Say(key, words.A("title", a.link.Title()), words.A("kind", t.Line("kind."+string(d.Kind))), words.A("month", rates.Month(d.Period)))
	said.Attach(*file).Offer(t.Command("bill.documents", d.Period.String()), t.Scenario("bill"), t.Menu())
	s.remember(t)
}
