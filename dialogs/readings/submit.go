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

// counts returns the time by which the values count.
func counts(t *dialog.Turn) time.Time {
	return inTime(t, entered.Of(t.Answers))
}

// inTime returns the time of what was said at an instant: that instant, or now
// if it is too long ago.
func inTime(t *dialog.Turn, said time.Time) time.Time {
	if t.At().Sub(said) <= grace {
		return said
	}
	return t.At()
}

// submission is what is sent.
func submission(t *dialog.Turn) any {
	return billing.Submission{
		Account: account.Of(t.Answers), Meter: chosen.Of(t.Answers).ID, Entries: known(t),
		At: counts(t), AsEntered: as.Of(t.Answers), Evidence: evidence.Of(t.Answers),
	}
}

// accepted tells the customer what became of it.
func (s *scenario) accepted(ctx context.Context, t *dialog.Turn, a billing.Accepted) (dialog.Move, error) {
	if a.Refused != 0 { // the account or the meter has changed meanwhile
		return s.late(ctx, t)
	}
	said := t.Say("accepted", words.A("receipt", a.Slip.Receipt), words.A("account", a.Slip.Account.Masked()),
		words.A("month", words.Month(monthOf(a.Slip.Period))), words.A("at", words.Moment(a.Slip.At.In(s.zone))))
	said.Append(s.lines(t, a.Slip)...)
	if s.nextMonth(a.Slip.At, a.Slip.Period) {
		said.Append(t.Blocks("remark.next_period")...)
	}
	if severalMeters(t) {
		said.Append(t.Blocks("accepted_more")...)
	}
	said.Offer(t.Command("readings.mine", ""), t.Scenario("readings"), t.Menu())
	return dialog.Close, nil
}

// late judges the values anew by what is known now.
func (s *scenario) late(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	in, err := s.intake(ctx, t)
	if err != nil {
		return dialog.Unclear, err
	}
	in.At, in.AsEntered = counts(t), as.Of(t.Answers)
	t.Say("late")
	if no := s.store(t, in, known(t)); no != nil {
		return again(t, no), nil
	}
	return dialog.Next, nil
}

// lines are the values of a slip, an item each.
func (s *scenario) lines(t *dialog.Turn, slip billing.Slip) []chat.Block {
	var out []chat.Block
	for _, l := range slip.Lines {
		name := nameOf(t, "title", billing.Register{Name: l.Register, Zone: l.Zone})
		out = append(out, chat.Block{Kind: chat.Item, Spans: []chat.Span{
			{Text: name + ": "}, {Text: t.Line("amount", words.A("value", int64(l.Value))), Bold: true},
		}})
	}
	return out
}

// takeCorrection reads a correction in words on the summary: "no, 4531",
// "night 5100", or a photo to go with the values. A value that cannot be taken
// leaves the old one.
func (s *scenario) takeCorrection(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind == dialog.Upload {
		return s.keep(ctx, t)
	}
	no, err := s.hear(ctx, t, billing.Parse(t.Text), nil, t.At())
	if err != nil || no == nil {
		return onward(t), err
	}
	return no.refuse(), nil
}

// period returns the month that the values count for if they are sent now, and
// the time by which they do.
func (s *scenario) period(t *dialog.Turn) (billing.Period, time.Time) {
	at := counts(t)
	return billing.PeriodAt(at, s.zone, chosen.Of(t.Answers).Legal), at
}

// nextMonth reports whether a value of that time counts for a later month (V12).
func (s *scenario) nextMonth(at time.Time, p billing.Period) bool {
	year, month, _ := at.In(s.zone).Date()
	return billing.Period{Year: year, Month: month}.Before(p)
}

// summaryArgs name the month.
func (s *scenario) summaryArgs(t *dialog.Turn) []words.Arg {
	p, _ := s.period(t)
	return []words.Arg{words.A("month", words.Month(monthOf(p)))}
}

// notes add to the summary what the customer should know about the values.
func (s *scenario) notes(t *dialog.Turn) []chat.Block {
	var out []chat.Block
	if p, at := s.period(t); s.nextMonth(at, p) {
		out = t.Blocks("remark.next_period")
	}
	for _, key := range remarks.Of(t.Answers) {
		out = append(out, t.Blocks(key, t.Contacts()...)...)
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
		t.Say("mine.none").Offer(t.Scenario("readings"), everything(t), t.Menu())
		return nil
	}
	said := t.Say("mine.list")
	for _, slip := range slips {
		said.Append(t.Blocks("mine.slip",
			words.A("receipt", slip.Receipt), words.A("account", slip.Account.Masked()),
			words.A("month", words.Month(monthOf(slip.Period))), words.A("at", words.Moment(slip.At.In(s.zone))))...)
		said.Append(s.lines(t, slip)...)
	}
	said.Offer(t.Scenario("readings"), everything(t), t.Menu())
	return nil
}

// everything is the choice that shows all readings of the linked account, and
// leads a guest to linking first.
func everything(t *dialog.Turn) chat.Choice {
	c := t.Command("account.show", "readings")
	if c.Label != "" {
		c.Label = t.Line("mine.everything")
	}
	return c
}

// monthOf is the first day of a period, for showing it.
func monthOf(p billing.Period) time.Time {
	return time.Date(p.Year, p.Month, 1, 0, 0, 0, 0, time.UTC)
}
