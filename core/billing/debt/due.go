package debt

import (
	"okoshko/core/billing"
	"okoshko/core/calendar"
)

// Payer is by whose rules an account pays.
type Payer string

// The payers.
const (
	// Household pays by ч. 1 ст. 155 ЖК РФ.
	Household Payer = "household"
	// Equated is a legal entity that pays as the population does (Act 442,
	// п. 81).
	Equated Payer = "equated"
	// Business is every other legal entity (Act 442, п. 82).
	Business Payer = "business"
)

// Days of the month after the billed one.
const (
	issueDay, payDay       = 5, 15 // 177-ФЗ of 24.06.2025, since 01.03.2026
	oldIssueDay, oldPayDay = 1, 10 // before
	equatedDay             = 15    // Act 442, п. 81
	finalDay               = 18    // Act 442, п. 82
)

// newTerms is the first month billed by 177-ФЗ. It is in force since
// 01.03.2026, when the bill for February was issued: of the two readings of the
// law (10 or 15 March, spec §2.4) the one that is better for the customer.
var newTerms = billing.Period{Year: 2026, Month: 2}

// Term is when a month's bill is issued and by which day it is to be paid.
type Term struct {
	// Issued is the last day for issuing the bill.
	Issued calendar.Date
	// Due is the last day for paying it: a working day (ст. 193 ГК РФ).
	Due calendar.Date
	// Law is the day that the law names, before a day off moved it.
	Law calendar.Date
}

// TermOf returns the term of a month's bill. The error is
// calendar.ErrUnpublished if the production calendar does not reach so far.
func TermOf(p billing.Period, payer Payer, days *calendar.Production) (Term, error) {
	issue, pay := issueDay, payDay
	switch {
	case payer == Business:
		pay = finalDay
	case payer == Equated:
		pay = equatedDay
	case p.Before(newTerms):
		issue, pay = oldIssueDay, oldPayDay
	}
	next := p.Add(1)
	t := Term{
		Issued: calendar.Date{Year: next.Year, Month: next.Month, Day: issue},
		Law:    calendar.Date{Year: next.Year, Month: next.Month, Day: pay},
	}
	var err error
	t.Due, err = days.Roll(t.Law)
	return t, err
}
