package appeal

import (
	"strings"

	"okoshko/core/appeal"
	"okoshko/core/billing"
	"okoshko/core/calendar"
	"okoshko/core/privacy"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
	"okoshko/dialogs/words/rates"

	"okoshko/core/billing/money"
)

// shown is an answer for the summary.
func (f field) shown(t *dialog.Turn, value string) string {
	whole := t.May(privacy.Identity)
	if value == appeal.Unknown {
		return t.Line(f.unsure() + "_shown")
	}
	switch f.Type {
	case appeal.Choice:
		if o, ok := f.Option(value); ok {
			return in(t, o.Names)
		}
	case appeal.Consent:
		return t.Line("field.yes")
	case appeal.Service:
		return f.serviceName(t, value)
	case appeal.Past, appeal.Future, appeal.Moment:
		day, clock, timed := strings.Cut(value, " ")
		d, err := calendar.ParseDate(day)
		if err != nil {
			return value
		}
		said := words.Show(t.Language(), rates.Day(d))
		if timed {
			said += ", " + clock
		}
		return said
	case appeal.Months:
		return cases.Months(t.Language(), value)
	case appeal.Money:
		if k, err := money.ParseKopecks(value); err == nil {
			return words.Show(t.Language(), rates.Sum(k))
		}
	case appeal.Account:
		if !whole {
			return billing.AccountNumber(value).Masked()
		}
	case appeal.Contract:
		if a, err := billing.ParseAccount(value); err == nil && !whole {
			return a.Masked()
		}
	case appeal.Tel:
		p, err := privacy.ParsePhone(value)
		if err == nil && !whole {
			return p.Listed()
		}
	case appeal.Mailbox:
		e, err := privacy.ParseEmail(value)
		if err == nil && !whole {
			return e.Listed()
		}
	case appeal.Person:
		if !whole {
			return privacy.NewPersonName(value).String()
		}
	case appeal.Address:
		if town, rest, _ := strings.Cut(value, ","); !whole {
			return privacy.NewAddress(town, rest).String()
		}
	case appeal.Meter:
		if !whole {
			return privacy.Tail(value, 4)
		}
	}
	return value
}
