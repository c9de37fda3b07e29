package receipt_test

import (
	"syscall"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
)

// limit is what a paper may take: a customer waits for it in his chat.
const limit = 15 * time.Millisecond

// BenchmarkPrint prints the bill of the demo's account 2, with its code, and tells
// the share that it takes of its limit: by the clock, and of the processor alone,
// which neighbours on the machine change less.
func BenchmarkPrint(b *testing.B) {
	p := printer(b)
	read := func(n billing.KWh) *bill.Taken { return &bill.Taken{Value: n, On: issued} }
	line := func(zone billing.Zone, n billing.KWh, price string, sum money.Kopecks) charge.Line {
		return charge.Line{
			Zone: zone, Range: 1, KWh: n, Method: charge.ByReadings, Group: tariff.Electric, Act: "120-э", Since: issued,
			Price: money.MustPrice(price), Sum: sum,
		}
	}
	l := &bill.Ledger{
		Account:  billing.Account{Number: "0203118468"},
		Payer:    bill.Payer{Kind: debt.Household},
		Contract: bill.Contract{Number: "0203118468", Unified: "00AA000002"},
		Consumer: charge.Consumer{Group: tariff.Electric},
	}
	s := &bill.Statement{
		Period: october, Issued: issued, Due: today,
		Registers: []bill.State{
			{Serial: "027710462", Register: "T1", Zone: billing.ZoneDay, Before: read(12000), After: read(12210)},
			{Serial: "027710462", Register: "T2", Zone: billing.ZoneNight, Before: read(5000), After: read(5095)},
		},
		Lines: []charge.Line{line(billing.ZoneDay, 210, "6.13", 128730), line(billing.ZoneNight, 95, "3.34", 31730)},
	}
	printed := &bill.Bill{Statement: s, On: issued, Charged: 160460, Total: 160460}
	b.ReportAllocs()
	before := spent(b)
	for b.Loop() {
		if _, err := p.Print(l, printed); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(limit), "of-limit")
	b.ReportMetric(float64(spent(b)-before)/float64(b.N)/float64(limit), "cpu-of-limit")
}

// spent is the processor time of this process.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
