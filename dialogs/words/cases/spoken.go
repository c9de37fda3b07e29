package cases

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/payment"
	"okoshko/dialogs/words"
)

// digitsIn finds the first whole number of a text.
var digitsIn = regexp.MustCompile(`\d+`)

// numberSigns stand before numbers, and within those of passports: «65 14 № 123456».
var numberSigns = strings.NewReplacer("№", "", "#", "")

// Read reads what people write as the answer to a field, its canonical form. Where one
// may not know it, words that say so are an answer, too. The errors are those of
// Item.Read, and Refused has words for them.
func Read(item appeal.Item, text string, today calendar.Date) (string, error) {
	if item.Need.Unsure && Unsure(text) {
		return appeal.Unknown, nil
	}
	value, err := item.Read(spoken(item.Type, text, today), today)
	if errors.Is(err, appeal.ErrDate) {
		if no, found := words.FindNoDay(text, today); found {
			err = &noDayError{no}
		}
	}
	return value, err
}

// Unsure reports whether who writes says that he does not know what he is asked.
func Unsure(text string) bool { return catalogue.Matches("unsure", text) }

// noDayError is ErrDate of a day that its month does not have: Refused says so.
type noDayError struct{ words.NoDay }

func (e *noDayError) Error() string {
	return fmt.Sprintf("%s: %s has %d days", appeal.ErrDate, e.Month, e.Days)
}
func (e *noDayError) Unwrap() error { return appeal.ErrDate }

// spoken brings what people write to what Item.Read takes; what it cannot read is
// left for that to refuse.
func spoken(of appeal.Type, text string, today calendar.Date) string {
	switch of {
	case appeal.Past:
		if at, ok := words.FindPast(text, today); ok {
			return at.Day.String()
		}
	case appeal.Moment:
		if at, ok := words.FindPast(text, today); ok {
			if at.Timed {
				return at.Day.String() + " " + at.At.String()
			}
			return at.Day.String()
		}
	case appeal.Future:
		if d, ok := words.FindDay(text, today); ok {
			return d.String()
		}
	case appeal.Months:
		if from, to, ok := words.FindMonths(text, today); ok {
			if from == to {
				return from.String()
			}
			return from.String() + "/" + to.String()
		}
	case appeal.Money:
		if k, err := payment.ParseSum(text); err == nil || k != 0 {
			return k.String()
		}
	case appeal.Count:
		if found := digitsIn.FindAllString(text, -1); len(found) == 1 && !strings.ContainsAny(text, "-−.,") {
			return found[0]
		}
	case appeal.Passport, appeal.TaxID, appeal.KPP, appeal.OGRN, appeal.Meter:
		return strings.Trim(numberSigns.Replace(billing.Fold(text)), " .")
	}
	return text
}
