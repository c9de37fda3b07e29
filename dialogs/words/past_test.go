package words_test

import (
	"strconv"
	"testing"
	"time"

	"okoshko/dialogs/words"
)

func TestFindPast(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"сегодня":           "2026-11-27",
		"вчера в 18:30":     "2026-11-26 18:30",
		"позавчера":         "2026-11-25",
		"yesterday at 7:05": "2026-11-26 07:05",
		"24.11":             "2026-11-24",
		"24.11 18.30":       "2026-11-24 18:30",
		"24.11.2026, 18:30": "2026-11-24 18:30",
		"24 ноября около 7 часов":       "2026-11-24 07:00",
		"24 ноября":                     "2026-11-24",
		"30 ноября":                     "2025-11-30",
		"в понедельник":                 "2026-11-23",
		"в пятницу вечером":             "2026-11-27",
		"29 февраля":                    "2024-02-29",
		"5-го":                          "2026-11-05",
		"30-го":                         "2026-10-30",
		"1.12.2026":                     "2026-12-01",
		"2026-11-01":                    "2026-11-01",
		"12 мая 1987":                   "1987-05-12",
		"вчера в 6 вечера":              "2026-11-26 18:00",
		"вчера в 6 часов вечера":        "2026-11-26 18:00",
		"yesterday at 6 pm":             "2026-11-26 18:00",
		"yesterday, 6pm":                "2026-11-26 18:00",
		"6 PM yesterday":                "2026-11-26 18:00",
		"yesterday 6:45PM":              "2026-11-26 18:45",
		"24 ноября в 18ч":               "2026-11-24 18:00",
		"вчера в 6вечера":               "2026-11-26 18:00",
		"5th":                           "2026-11-05",
		"вчера, уже 3 дня":              "2026-11-26",
		"вчера в 2 ночи":                "2026-11-26 02:00",
		"вчера в 12 часов дня":          "2026-11-26 12:00",
		"вчера в 12 ночи":               "2026-11-26 00:00",
		"вчера в 7:30 утра":             "2026-11-26 07:30",
		"в 18:30":                       "",
		"давно":                         "",
		"":                              "",
		"31.02":                         "",
		"в октябре":                     "",
		"November 3, 2026 at 9 o'clock": "2026-11-03 09:00",
	} {
		got := ""
		if at, ok := words.FindPast(text, friday); ok {
			if got = at.Day.String(); at.Timed {
				got += " " + at.At.String()
			}
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestFindMonths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"октябрь":              "2026-10 2026-10",
		"за октябрь 2025":      "2025-10 2025-10",
		"10.2026":              "2026-10 2026-10",
		"2026-10":              "2026-10 2026-10",
		"с августа по октябрь": "2026-08 2026-10",
		"август–октябрь 2025":  "2025-08 2025-10",
		"с декабря по январь":  "2025-12 2026-01",
		"декабрь":              "2025-12 2025-12",
		"май":                  "2026-05 2026-05",
		"с 09.2026 по 10.2026": "2026-09 2026-10",
		"October":              "2026-10 2026-10",
		"июль, август и сентябрь": "2026-07 2026-09",
		"прошлый месяц":           "2026-10 2026-10",
		"за прошлый месяц":        "2026-10 2026-10",
		"в прошлом месяце":        "2026-10 2026-10",
		"позапрошлый месяц":       "2026-09 2026-09",
		"за этот месяц":           "2026-11 2026-11",
		"с октября по этот месяц": "2026-10 2026-11",
		"last month":      "2026-10 2026-10",
		"for this month":  "2026-11 2026-11",
		"последний месяц": "",
		"не помню":        "",
		"13.2026":         "",
		"":                "",
	} {
		got := ""
		if from, to, ok := words.FindMonths(text, friday); ok {
			got = from.String() + " " + to.String()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// FuzzFindPast: whatever is typed, a day that is found is one of the calendar.
func FuzzFindPast(f *testing.F) {
	for _, text := range []string{"вчера в 18:30", "29 февраля", "30-го", "24.11 18.30", "31", "с августа по октябрь", "6pm вчера", "прошлый месяц", "31.02", "31 апреля 2026"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := words.FindPast(text, friday)
		d := at.Day
		if on := d.At(0, time.UTC); ok && (on.Year() != d.Year || on.Month() != d.Month || on.Day() != d.Day) || at.At < 0 || at.At >= 24*60 {
			t.Errorf("%q is %v", text, at)
		}
		if no, ok := words.FindNoDay(text, friday); ok && (no.Month < 1 || no.Month > 12 || no.Days < 28 || no.Days > 31) {
			t.Errorf("%q is no day of %v", text, no)
		}
		if from, to, ok := words.FindMonths(text, friday); ok && (from.Month < 1 || from.Month > 12 || to.Month < 1 || to.Month > 12) {
			t.Errorf("%q is from %v to %v", text, from, to)
		}
	})
}

func TestFindNoDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"31.02":           "феврале 28",
		"31.02.2026":      "феврале 28",
		"30 февраля":      "феврале 28",
		"29.02.2026":      "феврале 28 2026",
		"29 февраля 2025": "феврале 28 2025",
		"29.02.2024":      "",
		"31.04.2026":      "апреле 30",
		"2026-06-31":      "июне 30",
		"31 сентября":     "сентябре 30",
		"32.01.2026":      "январе 31",
		"on 31 June":      "июне 30",
		"31.12":           "",
		"24.11.2026":      "",
		"45":              "",
		"давно":           "",
	} {
		got := ""
		if no, ok := words.FindNoDay(text, friday); ok {
			got = no.In(words.RU) + " " + strconv.Itoa(no.Days)
			if no.Year != 0 {
				got += " " + strconv.Itoa(no.Year)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
