package words_test

import (
	"testing"
	"time"

	"okoshko/core/notice"
	"okoshko/dialogs/words"
)

func TestFindDate(t *testing.T) {
	t.Parallel()
	full := words.Date{Year: 2025, Month: time.January, Day: 1}
	for text, want := range map[string]words.Date{
		"1 января 2025":                full,
		"тариф на 1 января 2025 года?": full,
		"01.01.2025":      full,
		"1.1.25":          full,
		"1/1/2025":        full,
		"2025-01-01":      full,
		"January 1, 2025": full,
		"1 January 2025":  full,
		"на 31 мая":       {Month: time.May, Day: 31},
		"в январе 2025":   {Year: 2025, Month: time.January},
		"за март 2026 г.": {Year: 2026, Month: time.March},
		"29 февраля":      {Month: time.February, Day: 29},
		"старые тарифы за 2025 год":   {Year: 2025},
		"тарифы с октября 2026":       {Year: 2026, Month: time.October},
		"31 февраля 2025":             {},
		"30.02.2025":                  {},
		"may I ask":                   {},
		"мама мыла раму":              {},
		"1234":                        {},
		"350 кВт":                     {},
		"01.13.2025":                  {},
		"+2025":                       {Year: 2025},
		"2025":                        {Year: 2025},
		"тариф за август":             {Month: time.August},
		"99.99.9999":                  {},
		"":                            {},
		"\x00":                        {},
		"99999999999999999999 января": {Month: time.January},
	} {
		got, _, found := words.FindDate(text)
		if got != want || found != (want != words.Date{}) {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, found, want)
		}
	}
	if _, rest, _ := words.FindDate("Тариф на 1 января 2025 года, пожалуйста"); rest != "тариф на пожалуйста" {
		t.Errorf("around the date: %q", rest)
	}
}

// Whatever is typed, a date that is found is one of the calendar.
func FuzzFindDate(f *testing.F) {
	for _, text := range []string{"1 января 2025", "31.02.2024", "may 5", "2025-1-1", "29 февраля 2023 г"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, _, found := words.FindDate(text)
		if !found {
			return
		}
		if d.Day != 0 {
			year := d.Year
			if year == 0 {
				year = 2000
			}
			if day := time.Date(year, d.Month, d.Day, 0, 0, 0, 0, time.UTC); day.Day() != d.Day {
				t.Errorf("%q: %+v is no day", text, d)
			}
		}
		if d.Year != 0 && (d.Year < 2000 || d.Year > 2099) {
			t.Errorf("%q: the year %d", text, d.Year)
		}
	})
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		value  any
		ru, en string
	}{
		{words.Roubles("1604.60"), "1\u202f604,60\u00a0₽", "1,604.60\u00a0₽"},
		{words.Roubles("6.1"), "6,10\u00a0₽", "6.10\u00a0₽"},
		{words.Roubles("5"), "5,00\u00a0₽", "5.00\u00a0₽"},
		{words.Roubles("-0.05"), "\u22120,05\u00a0₽", "\u22120.05\u00a0₽"},
		{words.Roubles("10.38417"), "10,38417\u00a0₽", "10.38417\u00a0₽"},
		{words.KWh(12305), "12\u202f305\u00a0кВт·ч", "12,305\u00a0kWh"},
	} {
		if got := words.Show(words.RU, tc.value); got != tc.ru {
			t.Errorf("%v: got %q, want %q", tc.value, got, tc.ru)
		}
		if got := words.Show(words.EN, tc.value); got != tc.en {
			t.Errorf("%v: got %q, want %q", tc.value, got, tc.en)
		}
	}
}

// An instant that travels as a fact is shown as a moment, in its own zone and in the
// language of who is told; other facts are shown as they are.
func TestFact(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.December, 10, 9, 5, 0, 0, time.FixedZone("", 5*60*60))
	for lang, want := range map[words.Lang]string{words.RU: "10 декабря 2026, 09:05", words.EN: "10 December 2026, 09:05"} {
		if got := words.Show(lang, words.Fact(notice.Instant(at))); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	for _, fact := range []string{"", "ЗВ-2026-000001", "2026-12-10"} {
		if got := words.Show(words.RU, words.Fact(fact)); got != fact {
			t.Errorf("%q became %q", fact, got)
		}
	}
}
