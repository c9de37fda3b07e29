package bill

import (
	"context"
	"errors"

	"okoshko/core/billing/bill"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/chat"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// Papers makes files of an account and keeps them, sealed, for the conversation of
// an effect alone. The same one of a day is kept once.
type Papers interface {
	// Paper prints a bill (bill.Printer) as a personal file called name. The error
	// is the printer's, or Unavailable.
	Paper(ctx context.Context, e dialog.Effect, l *bill.Ledger, b *bill.Bill, name string) (chat.File, error)
	// Document writes a document (bill.Clerk) as a personal file called name. The
	// error is the clerk's, or Unavailable.
	Document(ctx context.Context, e dialog.Effect, l *bill.Ledger, d *bill.Document, name string) (chat.File, error)
	// Chart draws what was used (bill.Plotter) as a picture called name. The error is
	// the plotter's, or Unavailable.
	Chart(ctx context.Context, e dialog.Effect, c bill.Chart, name string) (chat.File, error)
}

// once is begin for what is sent as a file: whoever presses twice has it once.
func once(what string) func(context.Context, *dialog.Turn) error {
	return func(ctx context.Context, t *dialog.Turn) error {
		if t.SentAlready(what + "." + t.Argument()) {
			t.Toast("already")
			return nil
		}
		return begin(what)(ctx, t)
	}
}

// file makes what an errand is to be shown in; nil if it is a look at words, or
// there is nothing to make a file of.
func (s *scenario) file(ctx context.Context, e dialog.Effect, what errand) (*chat.File, error) {
	if what.What != paper && what.What != chart && what.What != document {
		return nil, nil
	}
	a, holds, err := s.account(ctx, e.Conversation, e.At, what.Link)
	if err != nil || !holds {
		return nil, err
	}
	switch what.What {
	case chart:
		return s.draw(ctx, e, a, what.Language)
	case document:
		return s.write(ctx, e, a, what)
	default:
		return s.print(ctx, e, a, what)
	}
}

// print makes the paper of a month; nil if it has no bill.
func (s *scenario) print(ctx context.Context, e dialog.Effect, a *account, what errand) (*chat.File, error) {
	prices, st := s.Prices.Prices(), a.month(what.Of)
	if prices == nil || st == nil {
		return nil, nil
	}
	b, err := a.Bill(st.Period, calendar.DateOf(e.At, s.zone), prices)
	if errors.Is(err, bill.ErrNoBill) { // not issued yet on the day of the event
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	name := s.words.Line(what.Language, "paper.file", words.A("month", rates.Month(st.Period)))
	file, err := s.Papers.Paper(ctx, e, &a.Ledger, &b, name)
	return &file, err
}

// printed is the choice that sends the paper of a month, on channels that may carry
// it or lead to it.
func (s *scenario) printed(t *dialog.Turn, st *bill.Statement) chat.Choice {
	if !carries(t, paper) {
		return chat.Choice{}
	}
	return t.Command("bill.paper", st.Period.String())
}

// paper sends the paper of a month.
func (s *scenario) paper(t *dialog.Turn, a *account, st *bill.Statement, book *tariff.Book, file *chat.File) error {
	if file == nil {
		s.offer(t, t.Say("paper.none", words.A("title", a.link.Title()), words.A("month", rates.Month(st.Period))), a, t.Command("bill.months", ""))
		return nil
	}
	b, err := a.Bill(st.Period, s.today(t), book)
	if err != nil {
		return err
	}
	key := "paper.paid"
	if b.ToPay() > 0 {
		key = "paper.due"
	}
	said := t.Say(key, words.A("title", a.link.Title()), words.A("month", rates.Month(st.Period)), words.A("sum", rates.Owed(b.ToPay())))
	said.Attach(*file).Offer(t.Scenario("bill"), t.Command("bill.months", ""), t.Menu())
	s.remember(t)
	return nil
}

// remember keeps what was sent.
func (s *scenario) remember(t *dialog.Turn) {
	month := ""
	if p := of.Of(t.Answers); !p.IsZero() {
		month = p.String()
	}
	if k := kind.Of(t.Answers); k != "" {
		month = string(k) + "." + month
	}
	t.Sent(view.Of(t.Answers) + "." + month)
}
