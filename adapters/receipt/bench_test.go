package receipt_test

import (
	"testing"

	"okoshko/core/billing"
	"okoshko/core/billing/bill"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/debt"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
)

// BenchmarkPrint prints the bill of the demo's account 2, with its code.
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
	for b.Loop() {
		if _, err := p.Print(l, printed); err != nil {
			b.Fatal(err)
		}
	}
}
