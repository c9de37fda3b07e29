package billing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"okoshko/core/billing"
)

func meterOf(zones, digits int) billing.Meter {
	return billing.Meter{ID: 1, Serial: "011845093", Digits: digits, Registers: billing.Registers(zones)}
}

// entriesOf writes entries as "T1=4521 T2=12*": a star marks a dropped fraction.
func entriesOf(entries []billing.Entry) string {
	var parts []string
	for _, e := range entries {
		s := e.Register + "=" + itoa(int64(e.Value))
		if e.Fraction {
			s += "*"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " ")
}

func TestParseReadings(t *testing.T) {
	t.Parallel()
	one, two, three := meterOf(1, 5), meterOf(2, 6), meterOf(3, 6)
	for _, tc := range []struct {
		text  string
		meter billing.Meter
		want  string
	}{
		// One number, written in every way.
		{"4521", one, "T1=4521"},
		{"4 521", one, "T1=4521"},
		{"4\u00a0521", one, "T1=4521"},
		{"4\u202f521", one, "T1=4521"},
		{"004521", one, "T1=4521"},
		{"4521,6", one, "T1=4521*"},
		{"12345.6 квт*ч", one, "T1=12345*"},
		{"14720,356", one, "T1=14720*"},
		{"12 345,6", one, "T1=12345*"},
		{"12.345", one, "T1=12345"},
		{"4521 кВт·ч", one, "T1=4521"},
		{"4521квт", one, "T1=4521"},
		{"4521 kWh", one, "T1=4521"},
		{"показания 4521", one, "T1=4521"},
		{"Показание: 4521.", one, "T1=4521"},
		{"передать показания 4521", one, "T1=4521"},
		{"Здравствуйте! Примите, пожалуйста, показания счётчика 4521 кВт. Спасибо", one, "T1=4521"},
		{"счетчик 4521", one, "T1=4521"},
		{"４５２１", one, "T1=4521"},
		{"4️⃣5️⃣2️⃣1️⃣", one, "T1=4521"},
		{"٤٥٢١", one, "T1=4521"},
		{"T1 4521", one, "T1=4521"},
		{"всего 4521", one, "T1=4521"},
		{"147205", one, "T1=147205"},
		{"147 205", one, "T1=147205"},
		{"0", one, "T1=0"},
		// Numbers that are not values.
		{"на 24.11.2026 показание 4521", one, "T1=4521"},
		{"24.11 показание 4521", one, "T1=4521"},
		{"2026-11-24 4521", one, "T1=4521"},
		{"24/11/26 4521", one, "T1=4521"},
		{"за ноябрь 4521", one, "T1=4521"},
		{"за ноябрь 2026 года 4521", one, "T1=4521"},
		{"24 ноября 4521", one, "T1=4521"},
		{"вчера в 18:30 было темно, 4521", one, "T1=4521"},
		{"вчера в 18:30 4521", one, "T1=4521"},
		{"в 18.30 4521", one, "T1=4521"},
		{"в 18 часов 30 минут 4521", one, "T1=4521"},
		{"показания за 11.2026: 4521", one, "T1=4521"},
		{"за 11 месяц 4521", one, "T1=4521"},
		{"номер счетчика 011845093, показания 4521", one, "T1=4521"},
		{"4531 вместо 4521", one, "T1=4531"},
		{"25-го 4521", one, "T1=4521"},
		{"25 числа 4521", one, "T1=4521"},
		{"4521, мой телефон +7 912 345-67-89", one, "T1=4521"},
		{"4521 тел 8 (912) 345-67-89", one, "T1=4521"},
		{"4521 89123456789", one, "T1=4521"},
		{"4521 9123456789", one, "T1=4521"},
		{"4521 88000000101", one, "T1=4521"},
		{"4521 ivan1985@mail.ru", one, "T1=4521"},
		{"4521 https://okoshko.example/12345", one, "T1=4521"},
		{"прошлые 4400, сейчас 4521", one, "T1=4521"},
		{"было 4 400 стало 4 521", one, "T1=4521"},
		{"4521, расход 207 квт", one, "T1=4521"},
		{"заплачу 1200 руб, показание 4521", one, "T1=4521"},
		{"дом 5 кв 12 показание 4521", one, "T1=4521"},
		{"квитанция № 77123 показание 4521", one, "T1=4521"},
		// Corrections.
		{"нет, 4531", one, "T1=4531"},
		{"ошибся, 4531", one, "T1=4531"},
		{"не 4521, а 4531", one, "T1=4531"},
		{"вместо 4521 запишите 4531", one, "T1=4531"},
		{"исправьте 4521 на 4531", one, "T1=4531"},
		{"исправьте ночь на 5100", two, "T2=5100"},
		{"ночь не 5095, а 5100", two, "T2=5100"},
		// In words, as dictated.
		{"четырнадцать тысяч девятьсот двадцать", one, "T1=14920"},
		{"Показание: тысяча двести пять киловатт", one, "T1=1205"},
		{"сорок тысяч", one, "T1=40000"},
		{"девятьсот девяносто девять тысяч сто одиннадцать", two, "T1=999111"},
		{"день двенадцать тысяч четыреста двадцать, ночь пять тысяч сто девяносто", two, "T1=12420 T2=5190"},
		{"ошибся, четырнадцать тысяч девятьсот тридцать", one, "T1=14930"},
		// Two zones.
		{"12210 5095", two, "T1=12210 T2=5095"},
		{"12 210 5 095", two, "T1=12210 T2=5095"},
		{"120 345", two, "T1=120 T2=345"},
		{"12210/5095", two, "T1=12210 T2=5095"},
		{"12210, 5095", two, "T1=12210 T2=5095"},
		{"12210,5095", two, "T1=12210 T2=5095"},
		{"12210;5095", two, "T1=12210 T2=5095"},
		{"12210 и 5095", two, "T1=12210 T2=5095"},
		{"12210\n5095", two, "T1=12210 T2=5095"},
		{"12210-5095", two, "T1=12210 T2=5095"},
		{"день 12210 ночь 5095", two, "T1=12210 T2=5095"},
		{"ночь 5095 день 12210", two, "T2=5095 T1=12210"},
		{"Ночь: 5 095, день: 12 210", two, "T2=5095 T1=12210"},
		{"12210 день 5095 ночь", two, "T1=12210 T2=5095"},
		{"5095 - ночь, 12210 - день", two, "T2=5095 T1=12210"},
		{"день/ночь 12210/5095", two, "T1=12210 T2=5095"},
		{"ночь день 5 095 12 210", two, "T2=5095 T1=12210"},
		{"12210 5095 день ночь", two, "T1=12210 T2=5095"},
		{"Т1 12210 Т2 5095 итого 17305", two, "T1=12210 T2=5095"},
		{"TΣ 17305 T1 12210 T2 5095", two, "T1=12210 T2=5095"},
		{"ночной тариф 5095, дневной 12210", two, "T2=5095 T1=12210"},
		{"1) 12210 2) 5095", two, "T1=12210 T2=5095"},
		{"1. 12210\n2. 5095", two, "T1=12210 T2=5095"},
		{"тариф 1 12210 тариф 2 5095", two, "T1=12210 T2=5095"},
		{"1 тариф - 12210, 2 тариф - 5095", two, "T1=12210 T2=5095"},
		{"первый 12210 второй 5095", two, "T1=12210 T2=5095"},
		{"д 12210 н 5095", two, "T2=5095 T1=12210"},
		{"12210д 5095н", two, "T2=5095 T1=12210"},
		{"с 23 до 7: 5095, с 7 до 23: 12210", two, "T2=5095 T1=12210"},
		{"день - 12210\nночь - 5095", two, "T1=12210 T2=5095"},
		{"12210 (день) + 5095 (ночь)", two, "T1=12210 T2=5095"},
		{"day 12210 night 5095", two, "T1=12210 T2=5095"},
		{"12210", two, "T1=12210"},
		{"4 521", two, "T1=4521"},
		{"день 12210,5 ночь 5095,9", two, "T1=12210* T2=5095*"},
		// Three zones.
		{"T1 4120 Т2 6030 T3 8455", three, "T1=4120 T2=6030 T3=8455"},
		{"т1-4120 т2-6030 т3-8455", three, "T1=4120 T2=6030 T3=8455"},
		{"Т1: 4120\nТ2: 6030\nТ3: 8455", three, "T1=4120 T2=6030 T3=8455"},
		{"120 345 678 \n", three, "T1=120 T2=345 T3=678"},
		{"Т1=4120;Т2=6030;Т3=8455", three, "T1=4120 T2=6030 T3=8455"},
		{"4120/6030/8455", three, "T1=4120 T2=6030 T3=8455"},
		{"4120,6030,8455", three, "T1=4120 T2=6030 T3=8455"},
		{"12/10/11", three, "T1=12 T2=10 T3=11"},
		{"120 345 678", three, "T1=120 T2=345 T3=678"},
		{"пик 4120 полупик 8455 ночь 6030", three, "T1=4120 T3=8455 T2=6030"},
		{"полу-пик 8455", three, "T3=8455"},
		{"Т1 (пик) 4120, Т2 (ночь) 6030, Т3 (полупик) 8455", three, "T1=4120 T2=6030 T3=8455"},
		{"T1/T2/T3: 4120/6030/8455", three, "T1=4120 T2=6030 T3=8455"},
		{"4120 6030 8455", three, "T1=4120 T2=6030 T3=8455"},
		// With the account: the SMS grammar of a supplier.
		{"0145201372 4521", one, "T1=4521"},
		{"л/с 0203118468 12210 5095", two, "T1=12210 T2=5095"},
		{"0203118468 12210 5095 demo02@post.example", two, "T1=12210 T2=5095"},
		{"0145-201-372 4521", one, "T1=4521"},
		{"ЭС-0123/26 88400", meterOf(1, 6), "T1=88400"},
	} {
		m := billing.Parse(tc.text)
		got, err := m.Entries(tc.meter)
		if err != nil || entriesOf(got) != tc.want {
			t.Errorf("%q: got %q, %v, want %q (%+v)", tc.text, entriesOf(got), err, tc.want, m)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	one, two := meterOf(1, 5), meterOf(2, 6)
	for _, tc := range []struct {
		text  string
		meter billing.Meter
		want  error
	}{
		{"", one, billing.ErrNoValue},
		{"5, кв. 12", one, billing.ErrNoValue},
		{"тысяча извинений", one, billing.ErrNoValue},
		{"два счетчика", one, billing.ErrNoValue},
		{"двадцать двенадцать", one, billing.ErrNoValue},
		{"двенадцать тысяч сто пять тысяч двести", two, billing.ErrNoValue},
		{"один четыре девять два", one, billing.ErrNoValue},
		{"д. 5, кв. 12", one, billing.ErrNoValue},
		{"добрый день", two, billing.ErrNoValue},
		{"не знаю", one, billing.ErrNoValue},
		{"за ноябрь 2026", one, billing.ErrNoValue},
		{"+7 912 345-67-89", one, billing.ErrNoValue},
		{"0145201372", one, billing.ErrNoValue},
		{"-4521", one, billing.ErrNegative},
		{"минус 4521", one, billing.ErrNegative},
		{strings.Repeat("9", 500), one, billing.ErrTooLong},
		{"4521 5095", one, billing.ErrManyValues},
		{"1 22 333 4444 55555", two, billing.ErrManyValues},
		{"120 345 678", two, billing.ErrUnclear},
		{"T1 12421 T1 12422", two, billing.ErrUnclear},
		{"ночь 5095 Т2 5096", two, billing.ErrUnclear},
		{strings.Repeat("123 ", 200), two, billing.ErrUnclear},
		{"ночь 5095", one, billing.ErrZone},
		{"полупик 5095", two, billing.ErrZone},
		{"T3 5095", two, billing.ErrZone},
		{"T1 ночь 5095", two, billing.ErrZone},
		{"итого 17305", two, billing.ErrTotal},
		{"4521", billing.Meter{ID: 1}, billing.ErrManyValues},
		{"всего 4521", billing.Meter{ID: 1}, billing.ErrZone},
	} {
		m := billing.Parse(tc.text)
		got, err := m.Entries(tc.meter)
		if !errors.Is(err, tc.want) || len(got) != 0 {
			t.Errorf("%.40q: got %q, %v, want %v (%+v)", tc.text, entriesOf(got), err, tc.want, m)
		}
	}
}

func TestParseOpenRegisters(t *testing.T) {
	t.Parallel()
	three := meterOf(3, 6)
	for _, tc := range []struct {
		text string
		open []string
		want string
	}{
		{"6030", []string{"T2", "T3"}, "T2=6030"},
		{"6 030 8 455", []string{"T2", "T3"}, "T2=6030 T3=8455"},
		{"8455", []string{"T3"}, "T3=8455"},
		{"пик 4121", []string{"T3"}, "T1=4121"},
		{"ночь 6030, 8455", []string{"T2", "T3"}, "T2=6030 T3=8455"},
	} {
		m := billing.Parse(tc.text)
		got, err := m.Entries(three, tc.open...)
		if err != nil || entriesOf(got) != tc.want {
			t.Errorf("%q: got %q, %v, want %q", tc.text, entriesOf(got), err, tc.want)
		}
	}
}

func TestParseAccountsInText(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text     string
		want     []billing.AccountNumber
		mistyped bool
		values   int
	}{
		{"0145201372 4521", []billing.AccountNumber{"0145201372"}, false, 1},
		{"л/с 01 4520 1372, 4521", []billing.AccountNumber{"0145201372"}, false, 1},
		{"Лицевой счёт № 0145201372 показания 4521", []billing.AccountNumber{"0145201372"}, false, 1},
		{"лицевой счет показания 4521", nil, false, 1},
		{"0145201373 4521", nil, true, 1},
		{"л/с 014520137 4521", nil, true, 1},
		{"01452013720 4521", nil, true, 1},
		{"0145201372 и 0203118468", []billing.AccountNumber{"0145201372", "0203118468"}, false, 0},
		{"0145201372 0145201372", []billing.AccountNumber{"0145201372"}, false, 0},
		{"Договор эс 123/2026: 88400", []billing.AccountNumber{"ЭС-0123/26"}, false, 1},
		{"3C-0123/26 88400", []billing.AccountNumber{"ЭС-0123/26"}, false, 1},
		{"4120/6030", nil, false, 2},
	} {
		m := billing.Parse(tc.text)
		if len(m.Accounts) != len(tc.want) || len(m.Values) != tc.values || m.Mistyped != tc.mistyped {
			t.Errorf("%q: got %d accounts, %d values, mistyped %v (%+v)",
				tc.text, len(m.Accounts), len(m.Values), m.Mistyped, m.Values)
			continue
		}
		for i := range tc.want {
			if m.Accounts[i] != tc.want[i] {
				t.Errorf("%q: got account %s", tc.text, m.Accounts[i].Full())
			}
		}
	}
}

func TestParseCorrectionPlaceRest(t *testing.T) {
	t.Parallel()
	m := billing.Parse("ой, ошиблась: 4531 фиолетовый, д. 5/2 кв. 12")
	if !m.Correction || m.Place != "5/2 12" || m.Rest != "ой фиолетовый" {
		t.Errorf("got %+v", m)
	}
	for text, place := range map[string]string{"5, кв. 12": "5 12", "18, 40": "", "4521, кв. 12": "12", "5 кв 12 показание 4521": "5 12"} {
		if m := billing.Parse(text); m.Place != place {
			t.Errorf("%q: place %q, want %q (%+v)", text, m.Place, place, m.Values)
		}
	}
	for text, readings := range map[string]bool{
		"4521": false, "показание 4521": true, "4521 квт": true, "ночь 5095": true, "T1 4521": true,
		"показание": false, "кв. 12": false, "0145201372 4521": false, "": false,
	} {
		if m := billing.Parse(text); m.Readings != readings {
			t.Errorf("%q: readings %v (%+v)", text, m.Readings, m)
		}
	}
	for _, text := range []string{"ЭС-0123/26 88800", "4521 ivan1985@mail.ru"} {
		if m := billing.Parse(text); m.Rest != "" {
			t.Errorf("%q: rest %q", text, m.Rest)
		}
	}
	if billing.Parse("показания 4531").Correction {
		t.Error("a plain reading taken for a correction")
	}
}

func TestAssignSeveralMeters(t *testing.T) {
	t.Parallel()
	flat := billing.Meter{ID: 1, Serial: "020731940", Digits: 6, Registers: billing.Registers(2)}
	garage := billing.Meter{ID: 2, Serial: "020731955", Digits: 5, Registers: billing.Registers(1)}
	meters := []billing.Meter{flat, garage}
	for _, tc := range []struct {
		text  string
		want  []string
		error error
	}{
		{"7640 3310 1204", []string{"T1=7640 T2=3310", "T1=1204"}, nil},
		{"7 640 3 310 1 204", []string{"T1=7640 T2=3310", "T1=1204"}, nil},
		{"7640/3310\n1204", []string{"T1=7640 T2=3310", "T1=1204"}, nil},
		{"счетчик № 1955: 1204; счётчик № 1940: день 7640 ночь 3310", []string{"T1=7640 T2=3310", "T1=1204"}, nil},
		{"020731940 7640 3310 020731955 1204", []string{"T1=7640 T2=3310", "T1=1204"}, nil},
		{"счётчик 2: 1204", []string{"", "T1=1204"}, nil},
		{"счётчик 1 7640 3310, счётчик 2 1204", []string{"T1=7640 T2=3310", "T1=1204"}, nil},
		{"764 331 120", []string{"T1=764 T2=331", "T1=120"}, nil},
		{"1204", nil, billing.ErrUnclear},
		{"день 7640 ночь 3310", nil, billing.ErrUnclear},
		{"1 2 3 4", nil, billing.ErrManyValues},
		{"привет", nil, billing.ErrNoValue},
	} {
		m := billing.Parse(tc.text)
		lists, err := m.Assign(meters)
		if !errors.Is(err, tc.error) {
			t.Errorf("%q: got error %v, want %v (%+v)", tc.text, err, tc.error, m.Values)
			continue
		}
		var got []string
		for _, l := range lists {
			got = append(got, entriesOf(l))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%q: -want +got\n%s", tc.text, diff)
		}
	}
}
