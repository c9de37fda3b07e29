package cases

import (
	"context"

	"okoshko/core/appeal"
	"okoshko/core/appeal/enquiry"
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
	"okoshko/core/calendar"
	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	said "okoshko/dialogs/words/cases"
)

// A case that was filed in another chat, at an office or by phone is found by its
// number and by what its customer has said of how he is reached. Who has both is
// told how far it has come, and nothing of what it says: see package enquiry.

// exampleArgs give an example of a number, of this year.
func (s *scenario) exampleArgs(t *dialog.Turn) []words.Arg {
	example := appeal.Number{Kind: appeal.Question, Year: s.year(t), Serial: 123}
	return []words.Arg{words.A("example", example.String())}
}

func (s *scenario) year(t *dialog.Turn) int { return calendar.DateOf(t.Event.Now, s.zone).Year }

// openFind takes the number that the command names, if it does.
func (s *scenario) openFind(ctx context.Context, t *dialog.Turn) error {
	n := number.Of(t.Answers)
	if n.IsZero() {
		return nil
	}
	own, err := s.owns(ctx, t, n)
	if own {
		lookInstead(t, "")
	}
	sought.Set(t, []appeal.Number{n})
	return err
}

// owns reports whether a case is the customer's own: that is shown whole.
func (s *scenario) owns(ctx context.Context, t *dialog.Turn, n appeal.Number) (bool, error) {
	_, own, err := s.Register.CustomerCase(ctx, t.Event.Conversation, n)
	return own, err
}

// takeSought reads the number.
func (s *scenario) takeSought(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind != dialog.Text {
		return dialog.Unclear, nil
	}
	list := appeal.ParseNumbers(t.Text, s.year(t))
	if len(list) == 0 {
		return dialog.Unclear, nil
	}
	return s.seek(ctx, t, list)
}

func (s *scenario) seek(ctx context.Context, t *dialog.Turn, list []appeal.Number) (dialog.Move, error) {
	if len(list) == 1 {
		own, err := s.owns(ctx, t, list[0])
		if err != nil {
			return dialog.Unclear, err
		}
		if own {
			return dialog.Leave("cases." + toSee + ":" + list[0].Code()), nil
		}
	}
	sought.Set(t, list)
	return dialog.Next, nil
}

// proofWording names the case, if it is known which one is meant.
func proofWording(t *dialog.Turn) string {
	if len(sought.Of(t.Answers)) == 1 {
		return "proof.named"
	}
	return "proof"
}

func proofArgs(t *dialog.Turn) []words.Arg {
	list := append(sought.Of(t.Answers), appeal.Number{})
	return said.Named(t.Language(), list[0])
}

func proofOptions(*dialog.Turn) []dialog.Option {
	return dialog.Options("proof", "another")
}

// takeProof compares what the customer says of himself within the limits of
// guessing. A case that there is not and a wrong proof get the same words after
// the same work.
func (s *scenario) takeProof(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch {
	case t.Picked == "another":
		return dialog.To(sought), nil
	case t.Event.Kind != dialog.Text:
		return dialog.Unclear, nil
	}
	if n, found := appeal.FindNumber(t.Text); found { // the number once more, or another one
		return s.seek(ctx, t, []appeal.Number{n})
	}
	contact, ok := enquiry.Parse(t.Text)
	if !ok {
		return dialog.Unclear, nil
	}
	proven, verdict, err := s.Askers.Check(ctx, enquiry.Claim{
		Numbers: sought.Of(t.Answers), Contact: contact,
		Conversation: t.Event.Conversation, Address: t.Event.Address, Event: t.Event.ID, Now: t.Event.Now,
	})
	switch {
	case err != nil:
		return dialog.Unclear, err
	case verdict == customer.Blocked:
		return dialog.Refuse("proof.blocked", t.Contacts()...), nil
	case verdict != customer.Proven:
		return dialog.Refuse("proof.wrong"), nil
	}
	s.tellStanding(t, proven)
	return dialog.Close, nil
}

// tellStanding says how far cases have come; several, if the typed number was that
// of several of the customer's.
func (s *scenario) tellStanding(t *dialog.Turn, proven []registry.Standing) {
	var m dialog.Said
	for i := range proven {
		p := &proven[i]
		args := append(t.Contacts(), words.A("number", p.Number.String()),
			words.A("until", words.DayMonth(p.Due.Add(-1).In(s.zone))), words.A("at", words.DayMonth(p.Answered.In(s.zone))),
			words.A("other", p.Other.String()))
		args = append(args, words.A("state", t.Line(stateKey(p.State, p.Resolution, p.Answered))), words.A("next", t.Line(foundKey(t, p), args...)))
		if i == 0 {
			m = t.Say("found.case", args...)
			continue
		}
		m.Append(t.Blocks("found.case", args...)...)
	}
	m.Append(t.Blocks("found.more")...).Holding(privacy.Case).
		Offer(t.Command("cases."+toFind, ""), t.Scenario("account"), t.Scenario("operator"), t.Menu())
}

// foundKey says what comes next, and where the customer has to look.
func foundKey(t *dialog.Turn, p *registry.Standing) string {
	by := func(key, way string) string {
		if catalogue.Has(key + "." + way) {
			return key + "." + way
		}
		return key + "." + appeal.InChat
	}
	switch {
	case !p.Answered.IsZero():
		return by("found.answered", p.AnswerWay)
	case p.State == life.Closed && p.Resolution == life.AsDuplicate:
		return "next.duplicate_over"
	case p.State == life.Closed:
		return "next.closed"
	case p.State == life.NeedInfo, p.State == life.Scheduling:
		return by("found."+string(p.State), p.Contact)
	case p.State == life.Scheduled:
		return "found.scheduled"
	case p.Late(t.Event.Now):
		return "next.late"
	default:
		return "next.open"
	}
}
