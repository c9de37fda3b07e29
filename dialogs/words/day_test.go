package words_test

import (
	"testing"
	"time"

	"okoshko/core/calendar"
	"okoshko/dialogs/words"
)

// friday is the 27th of November 2026.
var friday = calendar.Date{Year: 2026, Month: time.November, Day: 27}

func TestFindDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"сегодня":                "2026-11-27",
		"Завтра после обеда":     "2026-11-28",
		"послезавтра":            "2026-11-29",
		"tomorrow":               "2026-11-28",
		"во вторник":             "2026-12-01",
		"в пятницу":              "2026-11-27",
		"на среду пожалуйста":    "2026-12-02",
		"пн":                     "2026-11-30",
		"on Monday":              "2026-11-30",
		"thu":                    "2026-12-03",
		"1 декабря":              "2026-12-01",
		"на 5 января":            "2027-01-05",
		"01.12.2026":             "2026-12-01",
		"2026-12-01":             "2026-12-01",
		"30":                     "2026-11-30",
		"30-го":                  "2026-11-30",
		"26го":                   "2026-12-26",
		"запишите на 30-е число": "2026-11-30",
		"31":                     "2026-12-31",
		"the 3rd":                "2026-12-03",
		"29 февраля":             "2028-02-29",
		"в декабре":              "",
		"2027":                   "",
		"запишите меня":          "",
		"":                       "",
		"32":                     "",
		"нас 3 человека":         "",
		"среди прочего":          "",
	} {
		got := ""
		if d, ok := words.FindDay(text, friday); ok {
			got = d.String()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// FuzzFindDay: whatever is typed, a day that is found is one of the calendar.
func FuzzFindDay(f *testing.F) {
	for _, text := range []string{"завтра", "29 февраля", "30-го", "во вторник", "31", "1.1.1", "31 апреля"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := words.FindDay(text, friday)
		if at := d.At(0, time.UTC); ok && (at.Year() != d.Year || at.Month() != d.Month || at.Day() != d.Day) {
			t.Errorf("%q is %v", text, d)
		}
	})
}
