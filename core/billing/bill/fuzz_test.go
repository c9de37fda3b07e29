package bill_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
)

// random is an account with a year of bills, read in some months and paid in
// others.
func random(t testing.TB, seed uint64) (*bill.Ledger, []billing.Reading) {
	r := rand.New(rand.NewPCG(seed, 1))
	zones := 1 + r.IntN(3)
	l := household(tariff.Groups()[r.IntN(3)], zones)
	l.Consumer.Heating = r.IntN(2) == 0
	values := make([]billing.KWh, zones)
	var readings []billing.Reading
	for i := range 13 {
		p := month(2025, 10).Add(i)
		for z := range values {
			values[z] += billing.KWh(r.IntN(4000))
		}
		if r.IntN(3) > 0 || i == 0 {
			readings = append(readings, taken(p, values...)...)
		}
		if i == 0 {
			continue
		}
		if r.IntN(6) == 0 { // A check finds less than was sent.
			check := taken(p, values...)
			for z := range check {
				values[z] = max(values[z]-billing.KWh(r.IntN(3000)), readings[z].Value)
				check[z].Value, check[z].At, check[z].Source = values[z], check[z].At.Add(time.Hour), billing.SourceControl
			}
			readings = append(readings, check...)
		}
		issue(t, l, p, p, readings)
		if r.IntN(3) > 0 {
			sum := l.Latest().Charged() + money.Kopecks(r.IntN(20000)-10000)
			named := billing.Period{}
			if r.IntN(2) == 0 {
				named = p.Add(-r.IntN(3))
			}
			pay(l, p.String(), l.Latest().Issued.Add(r.IntN(120)), max(sum, 1), named)
		}
	}
	return l, readings
}

// FuzzBill: the sums of a bill fit, on every day; the causes of an explanation
// sum to the difference; every kilowatt-hour that the meter counted is billed
// once, whatever was estimated on the way.
func FuzzBill(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	// Checks that refute a check, or months without readings.
	for _, seed := range []uint64{245, 351, 88} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		l, readings := random(t, seed)
		for i := range l.Statements {
			s := &l.Statements[i]
			for _, on := range []calendar.Date{s.Issued, s.Due, s.Issued.Add(60), {Year: 2026, Month: time.November, Day: 27}} {
				b, err := l.Bill(s.Period, on, book)
				if err != nil && !on.Before(s.Issued) {
					t.Fatal(err)
				}
				if b.Total != b.Charged+b.Debt+b.Fines-b.Paid-b.Advance {
					t.Fatalf("%s on %s: %+v", s.Period, on, b)
				}
			}
			// Printed, all penalties are billed ones: nothing fresh has grown.
			printed, err := l.Bill(s.Period, s.Issued, book)
			if _, fines := l.Balance(s.Issued).Open(s.Period); err != nil || printed.Fines != fines {
				t.Fatalf("%s: fines %v, billed and open %v, %v", s.Period, printed.Fines, fines, err)
			}
			e, err := l.Explain(s.Period, pricer)
			if err != nil {
				t.Fatal(err)
			}
			if e.Before == nil {
				continue
			}
			sum := money.Kopecks(0)
			for _, c := range e.Causes {
				sum += c.Sum
			}
			if sum != e.Now.Total-e.Before.Total {
				t.Fatalf("%s: the causes sum to %v: %+v", s.Period, sum, e)
			}
		}
		once(t, l, readings)
	})
}

// once compares what was billed up to the last reading with the meter.
func once(t *testing.T, l *bill.Ledger, readings []billing.Reading) {
	t.Helper()
	zones := len(l.Account.Meters[0].Registers)
	counted := billing.KWh(0)
	for i := range zones {
		counted += readings[len(readings)-zones+i].Value - readings[i].Value
	}
	last := readings[len(readings)-1].Period
	billed := billing.KWh(0)
	for i := range l.Statements {
		s := &l.Statements[i]
		if last.Before(s.Period) {
			break
		}
		billed += s.KWh()
		for _, r := range s.Recalculations {
			billed += r.After - r.Before
		}
	}
	if billed != counted {
		t.Fatalf("the meter counted %d kWh, %d were billed", counted, billed)
	}
}

// limit is what a bill may take: it is made while a customer waits for his answer.
const limit = time.Millisecond

// BenchmarkBill is one bill of a year's ledger, made and explained, and the share
// that it takes of its limit.
func BenchmarkBill(b *testing.B) {
	l, _ := random(b, 1)
	p, on := l.Latest().Period, calendar.Date{Year: 2026, Month: time.November, Day: 27}
	b.Run("bill", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := l.Bill(p, on, book); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(limit), "of-limit")
	})
	b.Run("explain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := l.Explain(p, pricer); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(limit), "of-limit")
	})
}
