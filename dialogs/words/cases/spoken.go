package cases

import (
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

// Spoken brings what people write to what Field.Read takes; what it cannot read is
// left for that to refuse.
func Spoken(of appeal.Type, text string, today calendar.Date) string {
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
