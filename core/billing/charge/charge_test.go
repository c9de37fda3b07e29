package charge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/billing/tariff/demo"
	"okoshko/core/calendar"
	"okoshko/core/fault"
)

var book = demo.Book()

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func month(year int, m time.Month) billing.Period { return billing.Period{Year: year, Month: m} }

// volumes puts values to the zones of a plan: one rate; day, night; peak,
// half-peak, night.
func volumes(kwh ...billing.KWh) []charge.Volume {
	zones := tariff.Plan(len(kwh)).Zones()
	list := make([]charge.Volume, len(kwh))
	for i, v := range kwh {
		list[i] = charge.Volume{Zone: zones[i], KWh: v, Method: charge.ByReadings}
	}
	return list
}

// show prints lines as zone, range, volume × price.
func show(lines []charge.Line) string {
	var list []string
	for _, l := range lines {
		list = append(list, fmt.Sprintf("%s %d %d×%s", l.Zone, l.Range, l.KWh, l.Price))
	}
	return strings.Join(list, "; ")
}

func TestCharge(t *testing.T) {
	t.Parallel()
	city, electric := charge.Consumer{Group: tariff.City}, charge.Consumer{Group: tariff.Electric}
	house := charge.Consumer{Group: tariff.Rural, Territory: "04"}
	heated := house
	heated.Heating = true
	garden := charge.Consumer{Group: tariff.Equated, Rural: true, Households: 60}
	once := charge.Rules{Months: charge.Once}
	dearest := charge.Rules{Zones: charge.DearestFirst}
	two := func(m time.Month, v ...billing.KWh) charge.Stretch {
		s := charge.Month(month(2026, m), volumes(v...))
		s.To = charge.First(month(2026, m+2))
		return s
	}
	for _, tc := range []struct {
		name    string
		c       charge.Consumer
		rules   charge.Rules
		used    charge.Stretch
		sum     string
		details string
	}{
		// spec §5.1
		{"account 2", electric, charge.Rules{}, charge.Month(month(2026, 10), volumes(210, 95)), "1604.60", "day 1 210×6.13; night 1 95×3.34"},
		{"account 4", house, charge.Rules{}, charge.Month(month(2026, 11), volumes(4500)), "22776.00", "single 1 3900×4.64; single 2 600×7.80"},
		{"account 4, heated", heated, charge.Rules{}, charge.Month(month(2026, 11), volumes(4500)), "20880.00", "single 1 4500×4.64"},
		{"account 4, heated, summer", heated, charge.Rules{}, charge.Month(month(2026, 5), volumes(4500)), "19926.00", "single 1 3900×4.06; single 2 600×6.82"},
		// spec §2.3: where the ranges end.
		{"end of I", city, charge.Rules{}, charge.Month(month(2026, 10), volumes(3900)), "24141.00", "single 1 3900×6.19"},
		{"begin of II", city, charge.Rules{}, charge.Month(month(2026, 10), volumes(3901)), "24151.40", "single 1 3900×6.19; single 2 1×10.40"},
		{"end of II", city, charge.Rules{}, charge.Month(month(2026, 10), volumes(6000)), "45981.00", "single 1 3900×6.19; single 2 2100×10.40"},
		{"begin of III", city, charge.Rules{}, charge.Month(month(2026, 10), volumes(6001)), "45992.88", "single 1 3900×6.19; single 2 2100×10.40; single 3 1×11.88"},
		{"heated, III", heated, charge.Rules{}, charge.Month(month(2026, 12), volumes(10801)), "62065.71", "single 1 7020×4.64; single 2 3780×7.80; single 3 1×8.91"},
		{"no ranges in 2024", city, charge.Rules{}, charge.Month(month(2024, 12), volumes(10000)), "48600.00", "single 0 10000×4.86"},
		{"nothing used", electric, charge.Rules{}, charge.Month(month(2026, 10), volumes(0, 0)), "0.00", "day 1 0×6.13; night 1 0×3.34"},
		{"three zones", house, charge.Rules{}, charge.Month(month(2026, 10), volumes(70, 126, 84)), "1191.96", "peak 1 70×5.34; half_peak 1 126×4.64; night 1 84×2.78"},
		{"zones pro rata", city, charge.Rules{}, charge.Month(month(2026, 10), volumes(4001, 2999)), "51250.58", "day 1 2229×6.81; day 2 1200×11.44; day 3 572×13.07; night 1 1671×3.71; night 2 900×6.24; night 3 428×7.13"},
		{"dearest zone first", city, dearest, charge.Month(month(2026, 10), volumes(4001, 2999)), "47318.20", "day 1 3900×6.81; day 2 101×11.44; night 2 1999×6.24; night 3 1000×7.13"},
		{"two months", city, charge.Rules{}, two(10, 7801), "48292.40", "single 1 7800×6.19; single 2 1×10.40"},
		{"two months, one limit", city, once, two(10, 7801), "67376.88", "single 1 3900×6.19; single 2 2100×10.40; single 3 1801×11.88"},
		{"one limit over a change", city, once, two(9, 7801), "64010.36", "single 1 1918×5.56; single 2 1033×9.34; single 3 886×10.68; single 1 1982×6.19; single 2 1067×10.40; single 3 915×11.88"},
		{"half a month", city, charge.Rules{}, charge.Stretch{From: date(t, "2026-10-01"), To: date(t, "2026-10-17"), Volumes: volumes(2014)}, "12470.87", "single 1 2013×6.19; single 2 1×10.40"},
		{"gardens share", garden, charge.Rules{}, charge.Month(month(2026, 10), volumes(9100)), "42224.00", "single 1 9100×4.64"},
		{"change by days", city, charge.Rules{}, two(9, 610), "3586.90", "single 1 300×5.56; single 1 310×6.19"},
		{"change, first day", city, charge.Rules{Changes: charge.FirstDay}, two(9, 610), "3391.60", "single 1 610×5.56"},
		{"change, last day", city, charge.Rules{Changes: charge.LastDay}, two(9, 610), "3775.90", "single 1 610×6.19"},
		{"ranges begin in 2025", city, charge.Rules{}, charge.Stretch{From: date(t, "2024-12-01"), To: date(t, "2025-02-01"), Volumes: volumes(8200)}, "40512.00", "single 0 4100×4.86; single 1 3900×4.86; single 2 200×8.16"},
	} {
		lines, err := charge.Pricer{Book: book, Rules: tc.rules}.Charge(tc.c, tc.used)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if got := charge.Sum(lines).String(); got != tc.sum || show(lines) != tc.details {
			t.Errorf("%s:\n got %s: %s\nwant %s: %s", tc.name, got, show(lines), tc.sum, tc.details)
		}
	}
}

// A reading on the day of the change decides, and the month's limits hold for
// both stretches together.
func TestReadingOnTheDayOfChange(t *testing.T) {
	t.Parallel()
	from, on, to := date(t, "2026-09-16"), date(t, "2026-10-01"), date(t, "2026-10-16")
	p, city := charge.Pricer{Book: book}, charge.Consumer{Group: tariff.City}
	lines, err := p.Charge(city, charge.Stretch{From: from, To: on, Volumes: volumes(100)}, charge.Stretch{From: on, To: to, Volumes: volumes(300)})
	if err != nil || show(lines) != "single 1 100×5.56; single 1 300×6.19" {
		t.Errorf("by reading: %s, %v", show(lines), err)
	}
	for name, s := range map[string][]charge.Stretch{
		"gap":       {{from, on, volumes(1)}, {on.Add(1), to, volumes(1)}},
		"backwards": {{to, from, volumes(1)}},
		"negative":  {{from, to, volumes(-1)}},
		"absurd":    {{from, to, volumes(charge.MostKWh + 1)}},
		"zone":      {{from, to, []charge.Volume{{KWh: 1}}}},
		"before":    {{date(t, "2024-05-01"), to, volumes(1)}},
	} {
		if _, err := p.Charge(city, s...); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (charge.Pricer{Book: book, Rules: charge.Rules{Zones: "by_moon"}}).Charge(city); !fault.Is(err, fault.Invalid) {
		t.Errorf("rules that do not exist: %v", err)
	}
}

func TestVolumes(t *testing.T) {
	t.Parallel()
	meter := billing.Meter{ID: 1, Digits: 5, Registers: billing.Registers(1)}
	r := func(v billing.KWh, rollover bool) []billing.Reading {
		return []billing.Reading{{Register: "T1", Value: v, Rollover: rollover}}
	}
	// spec §2.1: N=5, prev 99850, cur 120 → 270 kWh.
	if v, err := charge.Between(meter, r(99850, false), r(120, true)); err != nil || v[0].KWh != 270 {
		t.Errorf("through zero: %+v, %v", v, err)
	}
	if v, err := charge.Between(meter, r(99850, false), r(120, false)); !fault.Is(err, fault.Invalid) {
		t.Errorf("lower without a mark: %+v, %v", v, err)
	}
	if _, err := charge.Between(meter, nil, r(1, false)); !fault.Is(err, fault.Invalid) {
		t.Errorf("no reading: %v", err)
	}
	// spec §2.1: 210, 195, 220, 205, 198, 214 → 207.
	var history []charge.Used
	for i, kwh := range []billing.KWh{210, 195, 220, 205, 198, 214} {
		history = append(history, charge.Used{Period: month(2026, 3).Add(i), Volumes: volumes(kwh)})
	}
	home := charge.Consumer{Group: tariff.City, Stove: tariff.GasStove, Rooms: 2, Residents: 3}
	for _, tc := range []struct {
		name    string
		nth     int
		history []charge.Used
		want    billing.KWh
		method  charge.Method
	}{
		{"first month", 1, history, 207, charge.ByAverage},
		{"third month", 3, history, 207, charge.ByAverage},
		{"fourth month", 4, history, 3 * 60, charge.ByNorm},
		{"three months of history", 1, history[:3], 208, charge.ByAverage},
		{"half a kilowatt-hour", 1, history[:4], 208, charge.ByAverage},
		{"a year and a month", 1, append([]charge.Used{{Period: month(2025, 8), Volumes: volumes(90000)}}, history...), 207, charge.ByAverage},
		{"two months of history", 1, history[:2], 3 * 60, charge.ByNorm},
		{"old history", 1, append([]charge.Used{{Period: month(2024, 1), Volumes: volumes(90000)}}, history...), 207, charge.ByAverage},
	} {
		v, err := charge.Estimate(book, home, month(2026, 9), tc.nth, tc.history)
		if err != nil || len(v) != 1 || v[0].KWh != tc.want || v[0].Method != tc.method {
			t.Errorf("%s: %+v, %v; want %d by %s", tc.name, v, err, tc.want, tc.method)
		}
	}
	if v, err := charge.Norm(book, charge.Consumer{Stove: tariff.GasStove, Rooms: 1, Residents: 5}, month(2026, 9), true); err != nil || v[0].KWh != 248 {
		t.Errorf("raised norm: 5 × 33 × 1.5 = %+v, %v", v, err) // 247.5, half-up
	}
}

// A value after two months by average: evenly over the days, every month at its
// own tariff.
func TestLateReading(t *testing.T) {
	t.Parallel()
	p, city := charge.Pricer{Book: book}, charge.Consumer{Group: tariff.City}
	var months []charge.Billed
	for m := time.September; m <= time.November; m++ {
		v := volumes(170)
		lines, err := p.Charge(city, charge.Month(month(2026, m), v))
		if err != nil {
			t.Fatal(err)
		}
		months = append(months, charge.Billed{Period: month(2026, m), KWh: 170, Sum: charge.Sum(lines)})
	}
	list, lines, err := p.Late(city, months, volumes(910), charge.LateReading)
	if err != nil {
		t.Fatal(err)
	}
	// 910 kWh over 91 days: 300, 310, 300.
	want := []charge.Recalculation{
		{Period: month(2026, 9), Reason: charge.LateReading, Before: 170, After: 300, Sum: 72280},  // 130 × 5.56
		{Period: month(2026, 10), Reason: charge.LateReading, Before: 170, After: 310, Sum: 86660}, // 140 × 6.19
	}
	if fmt.Sprint(list) != fmt.Sprint(want) || show(lines) != "single 1 300×6.19" {
		t.Errorf("got %+v and %s", list, show(lines))
	}
	if list, _, err := p.Late(city, months, volumes(0), charge.Control); err != nil || list[0].Sum != -94520 {
		t.Errorf("nothing was used: %+v, %v", list, err)
	}
	if _, _, err := p.Late(city, nil, volumes(1), charge.Control); !fault.Is(err, fault.Invalid) {
		t.Errorf("no months: %v", err)
	}
	if _, _, err := p.Late(city, []charge.Billed{months[0], months[2]}, volumes(1), charge.Control); !fault.Is(err, fault.Invalid) {
		t.Errorf("a month is missing: %v", err)
	}
}

func TestCategory1(t *testing.T) {
	t.Parallel()
	v := charge.Volume{KWh: 3040, Method: charge.ByReadings}
	l, err := charge.Category1(book, month(2026, 10), v, tariff.LV, tariff.Under670kW)
	// 3040 × 10.38 = 31 555.20; VAT 22 % = 6 942.144.
	if err != nil || l.Net != 3155520 || l.VAT != 694214 || l.Sum != 3849734 {
		t.Errorf("October: %+v, %v", l, err)
	}
	if l, err := charge.Category1(book, month(2025, 10), v, tariff.MV2, tariff.Under670kW); err != nil || l.Rate != money.MustFactor("0.20") {
		t.Errorf("VAT of 2025: %+v, %v", l, err)
	}
	if _, err := charge.Category1(book, month(2026, 11), v, tariff.LV, tariff.Under670kW); !fault.Is(err, fault.NotFound) {
		t.Errorf("prices that are not out: %v", err)
	}
	if _, err := charge.Category1(book, month(2026, 10), charge.Volume{KWh: -1}, tariff.LV, tariff.Under670kW); !fault.Is(err, fault.Invalid) {
		t.Errorf("negative: %v", err)
	}
	if _, err := charge.Category1(book, month(2026, 10), v, "lv", tariff.Under670kW); !fault.Is(err, fault.Invalid) {
		t.Errorf("voltage: %v", err)
	}
}
