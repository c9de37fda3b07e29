package charge_test

import (
	"testing"

	"okoshko/core/billing"
	"okoshko/core/billing/charge"
	"okoshko/core/billing/money"
	"okoshko/core/billing/tariff"
	"okoshko/core/calendar"
)

// FuzzCharge holds whatever is charged to what is always true: every kilowatt-
// hour stands on one line, the lines sum to the total and to the price list,
// more energy never costs less, and a stretch that is split at any day costs
// the same but for what rounding moves.
func FuzzCharge(f *testing.F) {
	f.Add(uint8(0), uint8(1), uint8(0), uint16(0), uint16(31), uint32(4500), uint32(0), uint32(0))
	f.Add(uint8(1), uint8(2), uint8(1), uint16(600), uint16(61), uint32(4001), uint32(2999), uint32(0))
	f.Add(uint8(2), uint8(3), uint8(5), uint16(150), uint16(400), uint32(9000), uint32(1), uint32(70000))
	f.Fuzz(func(t *testing.T, group, plan, rules uint8, start, length uint16, a, b, c uint32) {
		if length == 0 || length > 800 || start > 900 {
			return
		}
		consumer := charge.Consumer{Group: tariff.Groups()[group%3], Heating: group&4 != 0, Territory: "04"}
		p := charge.Pricer{Book: book, Rules: charge.Rules{
			Zones:   []charge.ZoneSplit{charge.ProRata, charge.DearestFirst}[rules%2],
			Months:  []charge.MonthLimits{charge.EachMonth, charge.Once}[rules/2%2],
			Changes: []charge.ChangeSplit{charge.ByDays, charge.FirstDay, charge.LastDay}[rules/4%3],
		}}
		from := calendar.Date{Year: 2024, Month: 7, Day: 1}.Add(int(start))
		kwh := []billing.KWh{billing.KWh(a % 100_000), billing.KWh(b % 100_000), billing.KWh(c % 100_000)}[:1+plan%3]
		used := charge.Stretch{From: from, To: from.Add(int(length)), Volumes: volumes(kwh...)}
		lines, err := p.Charge(consumer, used)
		if err != nil {
			t.Fatal(err)
		}
		sum := check(t, lines, used.Volumes)
		more := append([]billing.KWh{}, kwh...)
		more[int(start)%len(more)]++
		dearer, err := p.Charge(consumer, charge.Stretch{From: used.From, To: used.To, Volumes: volumes(more...)})
		if err != nil {
			t.Fatal(err)
		}
		if charge.Sum(dearer) < sum {
			t.Fatalf("%v cost %v, %v only %v\n%s\n%s", kwh, sum, more, charge.Sum(dearer), show(lines), show(dearer))
		}
		split(t, p, consumer, used, lines)
	})
}

// check returns the sum of lines that are right.
func check(t *testing.T, lines []charge.Line, used []charge.Volume) (sum money.Kopecks) {
	t.Helper()
	zones := map[billing.Zone]billing.KWh{}
	for _, l := range lines {
		zones[l.Zone] += l.KWh
		sum += l.Sum
		v, err := book.On(l.Group, l.Since)
		if err != nil || v.Quote(max(l.Range, 1), l.Zone).Price != l.Price || v.Act.Number != l.Act {
			t.Fatalf("line %+v does not stand in the book: %v", l, err)
		}
		if want, err := l.Price.Times(int64(l.KWh)); err != nil || want != l.Sum || l.KWh < 0 {
			t.Fatalf("line %+v: %v", l, err)
		}
	}
	for _, v := range used {
		if zones[v.Zone] != v.KWh {
			t.Fatalf("%s: %d of %d kWh stand on lines", v.Zone, zones[v.Zone], v.KWh)
		}
	}
	if sum != charge.Sum(lines) {
		t.Fatal("the sum of the lines is not the total")
	}
	return sum
}

// split charges the same in two stretches, as a reading in the middle would.
func split(t *testing.T, p charge.Pricer, c charge.Consumer, used charge.Stretch, whole []charge.Line) {
	t.Helper()
	length := used.To.Sub(used.From)
	if p.Rules.Changes != charge.ByDays || length < 2 {
		return
	}
	first := charge.Stretch{From: used.From, To: used.From.Add(length / 2)}
	second := charge.Stretch{From: first.To, To: used.To}
	for _, v := range used.Volumes {
		half := v
		half.KWh = v.KWh * billing.KWh(length/2) / billing.KWh(length)
		first.Volumes = append(first.Volumes, half)
		half.KWh = v.KWh - half.KWh
		second.Volumes = append(second.Volumes, half)
	}
	lines, err := p.Charge(c, first, second)
	if err != nil {
		t.Fatal(err)
	}
	// A kilowatt-hour of each zone may fall to another day, tariff or range at
	// each of at most a dozen borders; none costs more than 14 roubles.
	slack := money.Kopecks(14_00 * 12 * len(used.Volumes))
	if d := charge.Sum(lines) - charge.Sum(whole); d.Abs() > slack {
		t.Fatalf("in one: %v, in two: %v\n%s\n%s", charge.Sum(whole), charge.Sum(lines), show(whole), show(lines))
	}
}

func FuzzLate(f *testing.F) {
	f.Add(uint8(3), uint32(910), uint32(170))
	f.Add(uint8(1), uint32(0), uint32(0))
	f.Fuzz(func(t *testing.T, n uint8, actual, billed uint32) {
		p, city := charge.Pricer{Book: book}, charge.Consumer{Group: tariff.City}
		var months []charge.Billed
		was := money.Kopecks(0)
		for i := range int(n%20) + 1 {
			m := charge.Billed{Period: month(2025, 1).Add(i), KWh: billing.KWh(billed % 20_000)}
			lines, err := p.Charge(city, charge.Month(m.Period, volumes(m.KWh)))
			if err != nil {
				t.Fatal(err)
			}
			if m.Sum = charge.Sum(lines); i < int(n%20) {
				was += m.Sum
			}
			months = append(months, m)
		}
		list, lines, err := p.Late(city, months, volumes(billing.KWh(actual%200_000)), charge.LateReading)
		if err != nil {
			t.Fatal(err)
		}
		total := was + charge.Sum(lines)
		moved := billing.KWh(len(months)-1)*billing.KWh(billed%20_000) + charge.Total(linesOf(lines))
		for _, r := range list {
			total += r.Sum
			moved += r.After - r.Before
		}
		if moved != billing.KWh(actual%200_000) {
			t.Fatalf("%d of %d kWh are billed in the end", moved, actual%200_000)
		}
		if total < 0 || actual%200_000 == 0 && total != 0 {
			t.Fatalf("in all %v for %d kWh", total, actual%200_000)
		}
	})
}

func linesOf(lines []charge.Line) (list []charge.Volume) {
	for _, l := range lines {
		list = append(list, charge.Volume{Zone: l.Zone, KWh: l.KWh})
	}
	return list
}

func BenchmarkCharge(b *testing.B) {
	c := charge.Consumer{Group: tariff.City, Territory: "01"}
	used := charge.Month(month(2026, 10), volumes(2400, 2600, 1500))
	p := charge.Pricer{Book: book}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Charge(c, used); err != nil {
			b.Fatal(err)
		}
	}
}
