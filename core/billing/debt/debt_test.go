package debt_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

var days = calendar.Published()

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func month(year int, m time.Month) billing.Period { return billing.Period{Year: year, Month: m} }

// spec §2.4.
func TestTerms(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		p           billing.Period
		payer       debt.Payer
		issued, due string
	}{
		{month(2026, 10), debt.Household, "2026-11-05", "2026-11-16"}, // 15.11.2026 is a Sunday
		{month(2027, 4), debt.Household, "2027-05-05", "2027-05-17"},  // 15.05.2027 is a Saturday
		{month(2026, 11), debt.Household, "2026-12-05", "2026-12-15"},
		{month(2026, 12), debt.Household, "2027-01-05", "2027-01-15"},
		{month(2026, 1), debt.Household, "2026-02-01", "2026-02-10"},
		{month(2026, 2), debt.Household, "2026-03-05", "2026-03-16"}, // 15.03.2026 is a Sunday
		{month(2025, 12), debt.Household, "2026-01-01", "2026-01-12"},
		{month(2026, 10), debt.Business, "2026-11-05", "2026-11-18"},
		{month(2026, 9), debt.Business, "2026-10-05", "2026-10-19"},
		{month(2025, 10), debt.Equated, "2025-11-05", "2025-11-17"},
	} {
		got, err := debt.TermOf(tc.p, tc.payer, days)
		if err != nil || got.Issued.String() != tc.issued || got.Due.String() != tc.due {
			t.Errorf("%s, %s: %+v, %v; want %s, %s", tc.p, tc.payer, got, err, tc.issued, tc.due)
		}
	}
	if _, err := debt.TermOf(month(2031, 1), debt.Household, days); !errors.Is(err, calendar.ErrUnpublished) {
		t.Errorf("a year without a calendar: %v", err)
	}
}

// constant is a rate that never changes.
type constant string

func (c constant) PenaltyRate(tariff.Audience, calendar.Date) (money.Factor, error) {
	return money.ParseFactor(string(c))
}

// The vectors of spec §2.5: 1 842.53 due on 16.11.2026, 9.5 %.
func TestPenalty(t *testing.T) {
	t.Parallel()
	due := date(t, "2026-11-16")
	c := []debt.Charge{{Period: month(2026, 10), Due: due, Sum: 184253}}
	for _, tc := range []struct {
		n    int
		want string
	}{
		{-5, "0.00"},
		{0, "0.00"},
		{30, "0.00"},
		{31, "0.58"},
		{60, "17.50"},
		{90, "35.01"},
		{91, "36.35"},
		{135, "95.60"},
	} {
		open := debt.Allocate(c, nil)
		p, err := open.Tranches[0].Penalty(debt.Household, constant("9.5%"), due.Add(tc.n))
		if err != nil || p.Sum.String() != tc.want || p.Days != max(tc.n, 0) {
			t.Errorf("after %d days: %+v, %v; want %s", tc.n, p, err, tc.want)
		}
		// Paid on that day is the same, whenever it is looked at.
		paid := debt.Allocate(c, []debt.Payment{{ID: "1", Date: due.Add(tc.n), Sum: 184253}})
		if p, err := paid.Tranches[0].Penalty(debt.Household, constant("9.5%"), due.Add(400)); err != nil || p.Sum.String() != tc.want {
			t.Errorf("paid after %d days: %+v, %v; want %s", tc.n, p, err, tc.want)
		}
	}
}

func TestPenaltyOfParts(t *testing.T) {
	t.Parallel()
	due := date(t, "2026-03-16")
	c := []debt.Charge{{Period: month(2026, 2), Due: due, Sum: 300000}}
	b := debt.Allocate(c, []debt.Payment{{ID: "a", Date: due.Add(40), Sum: 100000}, {ID: "b", Date: due.Add(100), Sum: 100000}})
	// 1000 × 10/300 + 1000 × (60/300 + 10/130) + 1000 × (60/300 + 30/130), × 0.095.
	if p, err := b.Tranches[0].Penalty(debt.Household, demo.Book(), due.Add(120)); err != nil || p.Sum != 7040 || p.Days != 120 {
		t.Errorf("in three parts: %+v, %v", p, err)
	}
	// Before the payments came, they had not come.
	if p, err := b.Tranches[0].Penalty(debt.Household, demo.Book(), due.Add(31)); err != nil || p.Sum != 95 {
		t.Errorf("on the 31st day: %+v, %v", p, err)
	}
	// A business: 3000 × 10/130 × 14.5 %.
	b = debt.Allocate([]debt.Charge{{Period: month(2026, 7), Due: date(t, "2026-08-18"), Sum: 300000}}, nil)
	if p, err := b.Tranches[0].Penalty(debt.Business, demo.Book(), date(t, "2026-08-28")); err != nil || p.Sum != 3346 {
		t.Errorf("a business: %+v, %v", p, err)
	}
	// The shipped table has no rate after 31.12.2026.
	if p, err := b.Penalties(debt.Household, demo.Book(), date(t, "2027-01-01")); !errors.Is(err, tariff.ErrNoRate) {
		t.Errorf("a rate of 2027 is guessed: %+v, %v", p, err)
	}
	b = debt.Allocate([]debt.Charge{{Period: month(2026, 11), Due: date(t, "2026-12-15"), Sum: 100}}, nil)
	if p, err := b.Penalties(debt.Household, demo.Book(), date(t, "2027-01-10")); err != nil || p != 0 {
		t.Errorf("within 30 days no rate is needed: %v, %v", p, err)
	}
	b = debt.Allocate([]debt.Charge{{Period: month(2026, 1), Due: date(t, "2026-02-10"), Sum: 1 << 62}}, nil)
	if _, err := b.Penalties(debt.Household, demo.Book(), date(t, "2026-12-31")); err != nil && !fault.Is(err, fault.Invalid) {
		t.Errorf("a huge debt: %v", err)
	}
}

func TestAllocate(t *testing.T) {
	t.Parallel()
	charges := []debt.Charge{
		{Period: month(2026, 9), Issued: date(t, "2026-10-05"), Due: date(t, "2026-10-15"), Sum: 1000},
		{Period: month(2026, 8), Issued: date(t, "2026-09-05"), Due: date(t, "2026-09-15"), Sum: 500},
		{Period: month(2026, 10), Issued: date(t, "2026-11-05"), Due: date(t, "2026-11-16"), Sum: -200},
	}
	for _, tc := range []struct {
		name     string
		payments []debt.Payment
		open     [3]money.Kopecks // August, September, October
		advance  money.Kopecks
		owed     money.Kopecks
		overdue  money.Kopecks
	}{
		{"nothing paid", nil, [3]money.Kopecks{300, 1000, 0}, 0, 1300, 1300},
		{"the oldest first", []debt.Payment{{ID: "1", Date: date(t, "2026-10-10"), Sum: 600}}, [3]money.Kopecks{0, 700, 0}, 0, 700, 700},
		{"the named first", []debt.Payment{{ID: "1", Date: date(t, "2026-10-10"), Sum: 600, Period: month(2026, 9)}}, [3]money.Kopecks{300, 400, 0}, 0, 700, 700},
		{"more than the named", []debt.Payment{{ID: "1", Date: date(t, "2026-10-10"), Sum: 1200, Period: month(2026, 9)}}, [3]money.Kopecks{100, 0, 0}, 0, 100, 100},
		{"a month that is not there", []debt.Payment{{ID: "1", Date: date(t, "2026-10-10"), Sum: 1, Period: month(2020, 9)}}, [3]money.Kopecks{299, 1000, 0}, 0, 1299, 1299},
		{"too much", []debt.Payment{{ID: "1", Date: date(t, "2026-10-10"), Sum: 5000}}, [3]money.Kopecks{}, 3700, -3700, 0},
		{"no money", []debt.Payment{{ID: "1", Date: date(t, "2026-10-10"), Sum: -5}, {ID: "2", Date: date(t, "2026-10-10")}}, [3]money.Kopecks{300, 1000, 0}, 0, 1300, 1300},
	} {
		b := debt.Allocate(charges, tc.payments)
		got := [3]money.Kopecks{b.Tranches[0].Open, b.Tranches[1].Open, b.Tranches[2].Open}
		if got != tc.open || b.Advance != tc.advance || b.Owed() != tc.owed || b.Overdue(date(t, "2026-11-27")) != tc.overdue {
			t.Errorf("%s: %+v, advance %v, owed %v, overdue %v", tc.name, got, b.Advance, b.Owed(), b.Overdue(date(t, "2026-11-27")))
		}
	}
	// Fines come last, whatever their month, and bear nothing.
	charges = append(charges[:2:2], debt.Charge{Period: month(2026, 8), Due: date(t, "2026-09-15"), Sum: 50, Fine: true})
	b := debt.Allocate(charges, []debt.Payment{{ID: "1", Date: date(t, "2026-10-10"), Sum: 1510}})
	if owed, fines := b.Open(month(2026, 10)); owed != 0 || fines != 40 {
		t.Errorf("owed %v, fines %v", owed, fines)
	}
	if p, err := b.Tranches[2].Penalty(debt.Household, constant("9.5%"), date(t, "2030-01-01")); err != nil || p.Sum != 0 {
		t.Errorf("a penalty of a penalty: %+v, %v", p, err)
	}
	if !debt.MayRestrict(2001, 1000) || debt.MayRestrict(2000, 1000) {
		t.Error("more than two payments by norm")
	}
}

func TestInstallments(t *testing.T) {
	t.Parallel()
	list, err := debt.Installments(month(2026, 10), 1000001, 1100000, days)
	want := []debt.Installment{
		{30, date(t, "2026-10-12"), 300000}, // 10.10.2026 is a Saturday
		{40, date(t, "2026-10-26"), 400000}, // 25.10.2026 is a Sunday
		{0, date(t, "2026-11-18"), 400000},
	}
	if err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("%+v, %v", list, err)
	}
}

// FuzzAllocate: no kopeck is lost or made, and the order of the list does not
// matter.
func FuzzAllocate(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(9))
	f.Add(uint64(7), uint8(0), uint8(3))
	f.Fuzz(func(t *testing.T, seed uint64, n, m uint8) {
		r := rand.New(rand.NewPCG(seed, 0))
		var charges []debt.Charge
		var payments []debt.Payment
		charged, paid := money.Kopecks(0), money.Kopecks(0)
		start := calendar.Date{Year: 2025, Month: 1, Day: 1}
		for i := range int(n % 30) {
			p := month(2025, 1).Add(i)
			issued := calendar.Date{Year: p.Year, Month: p.Month, Day: 28}
			c := debt.Charge{Period: p, Issued: issued, Due: issued.Add(15), Sum: money.Kopecks(r.IntN(5000) - 1000)}
			if i%4 == 3 {
				c.Sum, c.Fine = c.Sum.Abs(), true
			}
			charged += c.Sum
			charges = append(charges, c)
		}
		for i := range int(m % 30) {
			p := debt.Payment{ID: string(rune('a' + i)), Date: start.Add(r.IntN(900)), Sum: money.Kopecks(r.IntN(4000))}
			if r.IntN(2) == 0 {
				p.Period = month(2025, 1).Add(r.IntN(30))
			}
			paid += p.Sum
			payments = append(payments, p)
		}
		b := debt.Allocate(charges, payments)
		if b.Owed() != charged-paid {
			t.Fatalf("charged %v, paid %v, owed %v", charged, paid, b.Owed())
		}
		sum, err := b.Penalties(debt.Household, constant("9.5%"), start.Add(1000))
		if err != nil || sum < 0 {
			t.Fatalf("penalties %v, %v", sum, err)
		}
		r.Shuffle(len(payments), func(i, j int) { payments[i], payments[j] = payments[j], payments[i] })
		r.Shuffle(len(charges), func(i, j int) { charges[i], charges[j] = charges[j], charges[i] })
		if again := debt.Allocate(charges, payments); !reflect.DeepEqual(b, again) {
			t.Fatalf("in another order:\n%+v\n%+v", b, again)
		}
	})
}
