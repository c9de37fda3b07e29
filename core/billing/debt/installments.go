package debt

import (
	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/calendar"
)

// Installment is a part of what a business pays for a month.
type Installment struct {
	// Percent of the basis; zero is the final settlement.
	Percent int
	Due     calendar.Date
	Sum     money.Kopecks
}

// Advances of a month (Act 442, п. 82; spec §2.2).
var advances = [...]struct{ percent, day int }{{30, 10}, {40, 25}}

// Installments returns how a business pays a month: 30 % by the 10th and 40 %
// by the 25th of the month itself, of a basis that is the cost of the month
// before, and the rest by the 18th of the next one; a negative rest is in
// favour of the customer. Days off move as everywhere (ст. 193 ГК РФ). The
// error is calendar.ErrUnpublished.
func Installments(p billing.Period, basis, total money.Kopecks, days *calendar.Production) ([]Installment, error) {
	list := make([]Installment, 0, len(advances)+1)
	rest := total
	for _, a := range advances {
		due, err := days.Roll(calendar.Date{Year: p.Year, Month: p.Month, Day: a.day})
		if err != nil {
			return nil, err
		}
		// Half-up, as every sum.
		sum := (max(basis, 0)*money.Kopecks(a.percent) + 50) / 100
		rest -= sum
		list = append(list, Installment{a.percent, due, sum})
	}
	term, err := TermOf(p, Business, days)
	return append(list, Installment{0, term.Due, rest}), err
}
