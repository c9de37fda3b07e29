package tariff_test

import (
	"errors"
	"strings"
	"testing"

	"okoshko/core/billing"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/table"
)

var lately = billing.Period{Year: 2026, Month: 10}

// The mean of a month's hours is the month's energy with what comes on top, to
// within the rounding of an hour, for every month, category, power and voltage.
func TestHoursKeepTheMean(t *testing.T) {
	t.Parallel()
	b, days := demo.Book(), calendar.Published()
	months := b.HourlyMonths()
	if len(months) < 22 {
		t.Fatalf("%d months of prices by the hour, want those since 2025", len(months))
	}
	for _, month := range months {
		for _, power := range tariff.Powers() {
			for _, v := range tariff.Voltages() {
				three, err := b.Hourly(month, 3, power, v, days)
				if err != nil {
					t.Fatalf("%s: %v", month, err)
				}
				if len(three.Hours) != tariff.HoursOf(month) {
					t.Fatalf("%s has %d hours", month, len(three.Hours))
				}
				one, err := b.Unregulated(month, 1, power)
				if err != nil {
					t.Fatal(err)
				}
				// Category 1 holds the capacity, 3 pays it apart: what is left is its share.
				price, err := one.Prices[v].Times(1000)
				if err != nil {
					t.Fatal(err)
				}
				var sum money.Kopecks
				for _, h := range three.Hours {
					if h <= 0 || h >= 2*price {
						t.Fatalf("%s: an hour costs %s", month, h)
					}
					sum += h
				}
				mean := sum / money.Kopecks(len(three.Hours))
				zones, err := b.ByZone(month, power, v, tariff.OneRate, days)
				if err != nil {
					t.Fatal(err)
				}
				if got := zones[billing.ZoneSingle]; (got - price).Abs() > 1 {
					t.Errorf("%s %s %s: one zone costs %s, category 1 %s", month, power, v, got, price)
				}
				if mean >= price || three.Capacity <= 0 || three.Upkeep != 0 {
					t.Errorf("%s %s %s: mean %s of %s, capacity %s, upkeep %s", month, power, v, mean, price, three.Capacity, three.Upkeep)
				}
			}
		}
	}
}

// Categories differ as the law says: 4 and 6 pay the grid for power, 5 and 6 for
// leaving their plan; nights are cheaper.
func TestCategories(t *testing.T) {
	t.Parallel()
	b, days := demo.Book(), calendar.Published()
	get := func(category int) tariff.Hourly {
		h, err := b.Hourly(lately, category, tariff.From670kW, tariff.MV1, days)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	three, four, five, six := get(3), get(4), get(5), get(6)
	if four.Upkeep == 0 || six.Upkeep == 0 || five.Upkeep != 0 || four.Over != 0 || five.Over == 0 || six.Under == 0 {
		t.Errorf("%v %v %v %v", three.Upkeep, four.Upkeep, five, six)
	}
	if four.Hours[10] >= three.Hours[10] || four.Hours[3] >= four.Hours[10] || three.Hours[10] != five.Hours[10] {
		t.Errorf("hours of 3: %s, of 4: %s; night %s", three.Hours[10], four.Hours[10], four.Hours[3])
	}
	zones, err := b.ByZone(lately, tariff.Under670kW, tariff.LV, tariff.ThreeZones, days)
	if err != nil || zones[billing.ZoneNight] >= zones[billing.ZoneHalfPeak] || zones[billing.ZoneHalfPeak] >= zones[billing.ZonePeak] {
		t.Errorf("zones %v, %v", zones, err)
	}
	for _, category := range []int{-1, 0, 1, 2, 7} {
		if _, err := b.Hourly(lately, category, tariff.Under670kW, tariff.LV, days); !errors.Is(err, tariff.ErrNoPrice) {
			t.Errorf("category %d: %v", category, err)
		}
	}
	for _, month := range []billing.Period{{}, lately.Add(1), {Year: 2013, Month: 1}} {
		if _, err := b.Hourly(month, 4, tariff.Under670kW, tariff.LV, days); !errors.Is(err, tariff.ErrNoPrice) {
			t.Errorf("%s: %v", month, err)
		}
	}
}

// Parts that do not make the published price, stand twice, or belong to nothing,
// are refused with their month.
func TestComponentsAreChecked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"a kopeck more": {"2026-10\tenergy\t\t1986", "2026-10\tenergy\t\t1986.01"},
		"power":         {"2026-10\tenergy\t\t", "2026-10\tenergy\tfrom_10mw\t"},
		"no month":      {"2026-10\tsales\tfrom_10mw", "2031-10\tsales\tfrom_10mw"},
		"unknown":       {"2026-10\tlosses", "2026-10\tgifts"},
		"negative":      {"2026-10\tcapacity\t\t", "2026-10\tcapacity\t\t-"},
		"twice":         {"2026-10\tplan_over", "2026-10\tplan_under"},
	} {
		tables := demo.Tables()
		for i := range tables {
			if tables[i].Name == "price_components" {
				tables[i] = changed(t, tables[i], change[0], change[1])
			}
		}
		if _, err := tariff.New(tables); err == nil || !strings.Contains(err.Error(), "price_components") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func changed(t *testing.T, from table.Table, old, text string) table.Table {
	t.Helper()
	found := false
	rows := make([][]string, len(from.Rows))
	for i, row := range from.Rows {
		line := strings.Join(row, "\t")
		if strings.HasPrefix(line, old) && !found {
			found, line = true, text+strings.TrimPrefix(line, old)
		}
		rows[i] = strings.Split(line, "\t")
	}
	if !found {
		t.Fatalf("no row begins with %q", old)
	}
	from.Rows = rows
	return from
}
