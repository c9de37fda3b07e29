package readings

import (
	"context"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
)

// grace is how long after its message a value may be sent with the time of the
// message: who types it at 23:59 on the 25th and presses "send" a minute later
// has been in time.
const grace = time.Hour

// listed is how many submissions "my readings" shows.
const listed = 5

// submission is what is sent.
func (s *scenario) submission(t *dialog.Turn) any {
	at := t.At()
	if said := entered.Of(t.Answers); !said.IsZero() && at.Sub(said) <= grace {
		at = said
	}
	return billing.Submission{
		Account: account.Of(t.Answers), Meter: chosen.Of(t.Answers).ID, Entries: known(t),
		At: at, AsEntered: as.Of(t.Answers), Evidence: evidence.Of(t.Answers),
	}
}

// accepted tells the customer what became of it.
func (s *scenario) accepted(_ context.Context, t *dialog.Turn, a billing.Accepted) (dialog.Move, error) {
	if a.Refused != 0 { // somebody else has sent values meanwhile
		return dialog.Refuse("late."+a.Refused.String(), t.Contacts()...), nil
	}
	said := t.Say("accepted", words.A("receipt", a.Slip.Receipt), words.A("account", a.Slip.Account.Masked()),
		words.A("month", words.Month(monthOf(a.Slip.Period))), words.A("at", words.Moment(a.Slip.At.In(s.zone))))
	said.Append(s.lines(t, a.Slip)...)
	said.Offer(t.Command("readings.mine", ""), t.Scenario("readings"), t.Menu())
	return dialog.Close, nil
}

// lines are the values of a slip, an item each.
func (s *scenario) lines(t *dialog.Turn, slip billing.Slip) []chat.Block {
	var out []chat.Block
	for _, l := range slip.Lines {
		name := t.Line("zone.single")
		if l.Zone != billing.ZoneSingle {
			name = t.Line("zone."+l.Zone.String(), words.A("t", l.Register))
		}
		out = append(out, chat.Block{Kind: chat.Item, Spans: []chat.Span{
			{Text: name + ": "}, {Text: t.Line("amount", words.A("value", int64(l.Value))), Bold: true},
		}})
	}
	return out
}

// takeCorrection reads a correction in words on the summary: "нет, 4531",
// "ночь 5100", or a photo to go with the values.
func (s *scenario) takeCorrection(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind == dialog.Upload {
		return keepFiles(t), nil
	}
	in, err := s.intake(ctx, t)
	if err != nil {
		return dialog.Unclear, err
	}
	return s.hear(t, in, billing.Parse(t.Text), nil)
}

// summaryArgs name the month.
func (s *scenario) summaryArgs(t *dialog.Turn) []words.Arg {
	return []words.Arg{words.A("month", words.Month(monthOf(period.Of(t.Answers))))}
}

// notes add to the summary what the customer should know about the values.
func notes(t *dialog.Turn) []chat.Block {
	var out []chat.Block
	for _, key := range remarks.Of(t.Answers) {
		out = append(out, t.Blocks(key, words.A("month", words.Month(monthOf(period.Of(t.Answers)))))...)
	}
	if n := len(evidence.Of(t.Answers)); n > 0 {
		out = append(out, t.Blocks("remark.evidence", words.A("n", n))...)
	}
	return out
}

// mine lists what this very conversation has sent: a guest sees nothing else.
func (s *scenario) mine(ctx context.Context, t *dialog.Turn) error {
	slips, err := s.sent.SentReadings(ctx, t.Event.Conversation, listed)
	if err != nil {
		return err
	}
	if len(slips) == 0 {
		t.Say("mine.none").Offer(t.Scenario("readings"), t.Menu())
		return nil
	}
	said := t.Say("mine.list")
	for _, slip := range slips {
		said.Append(t.Blocks("mine.slip",
			words.A("receipt", slip.Receipt), words.A("account", slip.Account.Masked()),
			words.A("month", words.Month(monthOf(slip.Period))), words.A("at", words.Moment(slip.At.In(s.zone))))...)
		said.Append(s.lines(t, slip)...)
	}
	said.Offer(t.Scenario("readings"), t.Menu())
	return nil
}

// monthOf is the first day of a period, for showing it.
func monthOf(p billing.Period) time.Time {
	return time.Date(p.Year, p.Month, 1, 0, 0, 0, 0, time.UTC)
}
