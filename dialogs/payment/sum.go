package payment

import (
	"context"
	"errors"
	"time"

	"okoshko/core/calendar"
	"okoshko/core/payment"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/rates"
)

// The choices of a sum beside one's own.
const (
	all  = "all"
	late = "late"
	mine = "own"
)

func dayOf(t *dialog.Turn, zone *time.Location) calendar.Date {
	return calendar.DateOf(t.Event.Now, zone)
}

// sumWording: who owes nothing may pay in advance.
func sumWording(t *dialog.Turn) string {
	if due.Of(t.Answers) == 0 {
		return "ahead"
	}
	return "sum"
}

func sumArgs(t *dialog.Turn) []words.Arg {
	return append(limits(t), words.A("title", title.Of(t.Answers)),
		words.A("due", rates.Owed(due.Of(t.Answers))), words.A("overdue", rates.Owed(overdue.Of(t.Answers))))
}

// limits are the sums between which one may be paid, in roubles.
func limits(*dialog.Turn) []words.Arg {
	return []words.Arg{words.A("least", int64(payment.Least/100)), words.A("most", int64(payment.Most/100))}
}

// sumOptions: all of it, what is late if that is less, one's own.
func sumOptions(t *dialog.Turn) []dialog.Option {
	d, o := due.Of(t.Answers), overdue.Of(t.Answers)
	var out []dialog.Option
	if payment.Check(d) == nil {
		out = append(out, dialog.Option{ID: all, Key: "sum.all", Args: sumArgs(t)})
	}
	if o != d && payment.Check(o) == nil {
		out = append(out, dialog.Option{ID: late, Key: "sum.late", Args: sumArgs(t)})
	}
	if d > 0 {
		out = append(out, dialog.Option{ID: mine, Key: "sum.own"})
	}
	return out
}

func takeSum(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	switch t.Picked {
	case all:
		sum.Set(t, due.Of(t.Answers))
		return dialog.Next, nil
	case late:
		sum.Set(t, overdue.Of(t.Answers))
		return dialog.Next, nil
	case mine:
		return dialog.To(own), nil
	}
	if t.Numbered() != "" {
		return dialog.Unclear, nil // no payment is so small
	}
	return takeWritten(ctx, t)
}

func ownOptions(t *dialog.Turn) []dialog.Option {
	if len(sumOptions(t)) == 0 {
		return nil
	}
	return dialog.Options("own", "choices")
}

func takeOwn(ctx context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Picked == "choices" {
		return dialog.To(sum), nil
	}
	return takeWritten(ctx, t)
}

// takeWritten reads a sum that was typed.
func takeWritten(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind != dialog.Text {
		return dialog.Unclear, nil
	}
	k, err := payment.ParseSum(t.Text)
	switch {
	case errors.Is(err, payment.ErrTooLow):
		return dialog.Refuse("sum.low", limits(t)...), nil
	case errors.Is(err, payment.ErrTooHigh):
		return dialog.Refuse("sum.high", limits(t)...), nil
	case payment.Card(t.Text):
		return dialog.Refuse("sum.card"), nil
	case err != nil:
		return dialog.Unclear, nil //nolint:nilerr // no sum: something else, perhaps
	}
	sum.Set(t, k)
	return dialog.Next, nil
}

func showSum(t *dialog.Turn) string { return words.Show(t.Language(), rates.Sum(sum.Of(t.Answers))) }
