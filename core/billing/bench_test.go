package billing_test

import (
	"testing"
	"time"

	"okoshko/core/billing"
)

func BenchmarkJudge(b *testing.B) {
	for _, bc := range []struct {
		name   string
		zones  int
		values []billing.KWh
	}{
		{"one zone", 1, []billing.KWh{12_200}},
		{"three zones", 3, []billing.KWh{12_200, 12_200, 12_200}},
		{"rearranged", 3, []billing.KWh{12_200, 12_200, 11_000}},
	} {
		var history []billing.Reading
		for m := range 12 {
			for _, r := range billing.Registers(bc.zones) {
				at := local(2025, time.November+time.Month(m), 24, 12)
				history = append(history, billing.Reading{
					Meter: 1, Register: r.Name, Value: billing.KWh(9_800 + 200*m), At: at,
					Source: billing.SourceCustomer, Period: billing.PeriodAt(at, zone, false),
				})
			}
		}
		in := intake(bc.zones, 6, history...)
		list := entries(bc.values...)
		b.Run(bc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				in.Judge(list...)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	meter := meterOf(2, 6)
	for _, text := range []string{
		"4521", "12 210 5 095", "ночь 5095 день 12210",
		"Здравствуйте! л/с 0203118468, на 24.11.2026 в 18:30 день 12 210, ночь 5 095 кВт*ч. Спасибо",
	} {
		b.Run(itoa(int64(len(text)))+" bytes", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m := billing.Parse(text)
				if _, err := m.Entries(meter); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkProofMatches(b *testing.B) {
	p := billing.Proof{Serial: "5093"}
	known := billing.Account{House: "5", Flat: "12", Meters: []billing.Meter{{ID: 1, Serial: "011845093"}}}
	for name, a := range map[string]billing.Account{"known": known, "unknown": {}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Matches(a)
			}
		})
	}
}
