package visit

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"okoshko/core/customer"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
)

// document: a guest gives his name and phone for the booking alone, and agrees to
// that apart (152-FZ, art. 9; spec §3.1).
func (s *scenario) document(t *dialog.Turn) customer.Document {
	return s.Documents.Text(customer.ForVisit, string(t.Language()))
}

// declined: whose account is linked need not say who he is.
func declined(t *dialog.Turn) {
	t.Say("consent.refused", t.Contacts()...).Offer(t.Through("account", "visit"), t.Menu())
}

// The shortest and the longest name that somebody can be called by.
const (
	shortestName = 2
	longestName  = 60
)

func takeName(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	if t.Event.Kind != dialog.Text {
		return dialog.Unclear, nil
	}
	text := strings.Join(strings.Fields(t.Text), " ")
	letters := strings.IndexFunc(text, unicode.IsLetter) >= 0
	strange := strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(" -'’.", r) })
	switch n := utf8.RuneCountInString(text); {
	case !letters:
		return dialog.Refuse("name.letters"), nil
	case strange: // a question, perhaps
		return dialog.Unclear, nil
	case n < shortestName || n > longestName:
		return dialog.Refuse("name.length", words.A("n", longestName)), nil
	}
	name.Set(t, privacy.NewPersonName(text))
	return dialog.Next, nil
}

func takePhone(_ context.Context, t *dialog.Turn) (dialog.Move, error) {
	typed := t.Text
	switch {
	case t.Event.Kind == dialog.Contact && t.Event.Phone != nil:
		typed = t.Event.Phone.Phone
	case t.Event.Kind != dialog.Text || !strings.ContainsFunc(typed, unicode.IsDigit):
		return dialog.Unclear, nil
	}
	number, err := privacy.ParsePhone(typed)
	if err != nil {
		return dialog.Refuse("phone.wrong"), nil //nolint:nilerr // it is told to the customer
	}
	phone.Set(t, number)
	return dialog.Next, nil
}

func showName(t *dialog.Turn) string { return name.Of(t.Answers).Reveal() }

// showPhone parts a Russian number as people do.
func showPhone(t *dialog.Turn) string {
	n := phone.Of(t.Answers).Reveal()
	if len(n) != len("+79990001122") || !strings.HasPrefix(n, "+7") {
		return n
	}
	return n[:2] + " " + n[2:5] + " " + n[5:8] + "-" + n[8:10] + "-" + n[10:]
}

func (s *scenario) showService(t *dialog.Turn) string {
	one, _ := s.Offices.Offices().Service(service.Of(t.Answers))
	return in(t, one.Names)
}

func (s *scenario) showOffice(t *dialog.Turn) string {
	o, _ := s.hours(t)
	return t.Line("office.place", words.A("name", in(t, o.Names)), words.A("address", addressOf(t.Language(), o)))
}

func (s *scenario) showTime(t *dialog.Turn) string {
	_, hours := s.hours(t)
	return times.Moment(t.Language(), start.Of(t.Answers).In(hours.Zone))
}
