package charge_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
)

// A month by the hour: the lines are the hours', power is that of working days,
// tax comes on top.
func TestByHour(t *testing.T) {
	t.Parallel()
	book, days := demo.Book(), calendar.Published()
	october := billing.Period{Year: 2026, Month: time.October}
	prices, err := book.Hourly(october, 4, tariff.From670kW, tariff.MV1, days)
	if err != nil {
		t.Fatal(err)
	}
	steady, err := charge.ByHour(book, prices, slices.Repeat([]billing.KWh{500}, len(prices.Hours)), days)
	if err != nil {
		t.Fatal(err)
	}
	// 500 kW × 526.40 and 1 929.60 ₽/kW (tariff/demo, October 2026); 22 % of all.
	if steady.Capacity != 500 || steady.CapacitySum != 26_320_000 || steady.Upkeep != 500 || steady.UpkeepSum != 96_480_000 || steady.KWh != 372_000 {
		t.Errorf("%+v", *steady.Brief())
	}
	if vat := (steady.Net*22 + 50) / 100; steady.VAT != vat || steady.Sum != steady.Net+vat || steady.Net != steady.Energy+26_320_000+96_480_000 {
		t.Errorf("net %s, tax %s, all %s", steady.Net, steady.VAT, steady.Sum)
	}
	// A day off weighs nothing in what is paid for power, whatever is used on it.
	load := slices.Clone(steady.Load)
	for i := range load {
		if works, err := days.Working(charge.First(october).Add(i / 24)); err != nil || !works {
			load[i] = 9000
		}
	}
	weekends, err := charge.ByHour(book, prices, load, days)
	if err != nil || weekends.CapacitySum != steady.CapacitySum || weekends.UpkeepSum != steady.UpkeepSum || weekends.Energy <= steady.Energy {
		t.Errorf("%+v, %v", *weekends.Brief(), err)
	}
}

// Whatever is used, more costs more, and the energy is the sum of the hours.
func TestByHourAddsUp(t *testing.T) {
	t.Parallel()
	book, days := demo.Book(), calendar.Published()
	luck := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same every time
	months := book.HourlyMonths()
	if len(months) == 0 {
		t.Fatal("the demo has no prices by the hour")
	}
	for _, month := range months {
		category := 3 + luck.IntN(4)
		prices, err := book.Hourly(month, category, tariff.Under670kW, tariff.LV, days)
		if err != nil {
			t.Fatal(err)
		}
		load := make([]billing.KWh, len(prices.Hours))
		var want money.Kopecks
		for i := range load {
			load[i] = billing.KWh(luck.IntN(5000))
			want += charge.HourCost(load[i], prices.Hours[i])
		}
		h, err := charge.ByHour(book, prices, load, days)
		if err != nil || h.Energy != want {
			t.Fatalf("%s, category %d: %s, want %s, %v", month, category, h.Energy, want, err)
		}
		load[luck.IntN(len(load))] += 100
		more, err := charge.ByHour(book, prices, load, days)
		if err != nil || more.Net <= h.Net {
			t.Errorf("%s: more energy costs %s after %s, %v", month, more.Net, h.Net, err)
		}
	}
}

// A profile with missing or surplus hours, a negative and an absurd one.
func TestByHourRefuses(t *testing.T) {
	t.Parallel()
	book, days := demo.Book(), calendar.Published()
	prices, err := book.Hourly(billing.Period{Year: 2026, Month: time.February}, 3, tariff.Under670kW, tariff.LV, days)
	if err != nil {
		t.Fatal(err)
	}
	hours := func(n int, used billing.KWh) []billing.KWh { return slices.Repeat([]billing.KWh{used}, n) }
	for name, load := range map[string][]billing.KWh{
		"none": nil, "of January": hours(744, 1), "one less": hours(671, 1), "negative": hours(672, -1), "absurd": hours(672, charge.MostKWh+1),
	} {
		if _, err := charge.ByHour(book, prices, load, days); !errors.Is(err, charge.ErrVolume) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
