package debt

import (
	"fmt"

	"github.com/govalues/decimal"

	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

// Scale of penalties. Households: nothing for 30 days, then 1/300 of the rate
// for a day, from the 91st day 1/130 (ч. 14 ст. 155 ЖК РФ). Others: 1/130 from
// the first day (ст. 37 35-ФЗ).
const (
	freeDays      = 30
	firstDays     = 90
	firstDivisor  = 300
	secondDivisor = 130
	common        = 3900 // of both divisors
)

// Rates tells the yearly rate on a day, 9.5 % as 0.095; tariff.Book is one. It
// refuses to guess a rate that is not published.
type Rates interface {
	PenaltyRate(tariff.Audience, calendar.Date) (money.Factor, error)
}

// Penalty is what a month costs for being paid late.
type Penalty struct {
	Sum money.Kopecks
	// Days is how many days after the due date the last of it was paid, or is
	// not.
	Days int
}

// Penalty counts what a tranche costs by the end of a day. Each part counts to
// the day of its payment, that day included, at the rate of that day; what is
// open, to the day on and its rate. The sum is rounded once (spec §2.5). The
// error is tariff.ErrNoRate where a rate is needed and not known.
func (t *Tranche) Penalty(payer Payer, rates Rates, on calendar.Date) (p Penalty, err error) {
	if t.Fine {
		return p, nil
	}
	roubles := decimal.Zero
	add := func(part money.Kopecks, until calendar.Date) error {
		late := until.Sub(t.Due)
		weight := weigh(payer, late)
		if part <= 0 || late <= 0 {
			return nil
		}
		p.Days = max(p.Days, late)
		if weight == 0 {
			return nil
		}
		rate, err := rates.PenaltyRate(payer.audience(), until)
		if err != nil {
			return fmt.Errorf("penalty of %s: %w", t.Period, err)
		}
		roubles, err = sum(roubles, part, weight, rate)
		return err
	}
	for _, paid := range t.Paid {
		until := paid.Date
		if on.Before(until) { // Not paid yet on that day.
			until = on
		}
		if err := add(paid.Sum, until); err != nil {
			return Penalty{}, err
		}
	}
	if err := add(t.Open, on); err != nil {
		return Penalty{}, err
	}
	p.Sum, err = money.Round(roubles, common)
	return p, err
}

// Penalties sums the penalties of all months.
func (b Balance) Penalties(payer Payer, rates Rates, on calendar.Date) (sum money.Kopecks, err error) {
	for i := range b.Tranches {
		p, err := b.Tranches[i].Penalty(payer, rates, on)
		if err != nil {
			return 0, err
		}
		sum += p.Sum
	}
	return sum, nil
}

func (p Payer) audience() tariff.Audience {
	if p == Household {
		return tariff.Household
	}
	return tariff.Business
}

// weigh returns the days of a delay, each by its share of the rate, in 3900ths.
func weigh(payer Payer, days int) int64 {
	if payer != Household {
		return int64(max(days, 0)) * (common / secondDivisor)
	}
	first := max(min(days, firstDays)-freeDays, 0)
	second := max(days-firstDays, 0)
	return int64(first)*(common/firstDivisor) + int64(second)*(common/secondDivisor)
}

// sum adds part × weight × rate, exactly.
func sum(roubles decimal.Decimal, part money.Kopecks, weight int64, rate money.Factor) (decimal.Decimal, error) {
	debt, err := decimal.New(int64(part), 2)
	if err != nil {
		return roubles, tooLarge(err)
	}
	days, err := decimal.New(weight, 0)
	if err != nil {
		return roubles, tooLarge(err)
	}
	weighted, err := debt.MulExact(days, 2)
	if err != nil {
		return roubles, tooLarge(err)
	}
	scale := 2 + rate.Decimal().Scale()
	product, err := weighted.MulExact(rate.Decimal(), scale)
	if err != nil {
		return roubles, tooLarge(err)
	}
	roubles, err = roubles.AddExact(product, max(scale, roubles.Scale()))
	return roubles, tooLarge(err)
}

func tooLarge(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Invalid, fmt.Errorf("count a penalty: %w", err))
}

// MayRestrict reports whether a debt allows the supplier to limit the supply of
// a household: it is larger than two monthly payments by norm (Rules 354,
// п. 119; spec §2.6).
func MayRestrict(overdue, monthByNorm money.Kopecks) bool { return overdue > 2*monthByNorm }
