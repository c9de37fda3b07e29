package times_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"okoshko/core/calendar"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/times"
	"okoshko/dialogs/words/wordstest"
)

func TestWords(t *testing.T) {
	t.Parallel()
	c, err := words.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	wordstest.Check(t, c, ".", "weekday.*", "month.*")
}

// plain returns the text with ordinary blanks: which words must not part is the
// catalogue's affair.
func plain(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

func TestWeek(t *testing.T) {
	t.Parallel()
	for written, want := range map[string][2]string{
		"Mon-Fri 08:00-19:00; Sat 09:00-15:00":     {"пн–пт 08:00–19:00, сб 09:00–15:00", "Mon–Fri 08:00–19:00, Sat 09:00–15:00"},
		"Mon,Wed 09:00-15:00":                      {"пн и ср 09:00–15:00", "Mon and Wed 09:00–15:00"},
		"Mon-Wed,Fri 08:30-17:30; Thu 08:30-20:00": {"пн–ср и пт 08:30–17:30, чт 08:30–20:00", "Mon–Wed and Fri 08:30–17:30, Thu 08:30–20:00"},
		"Tue-Sat 09:00-13:00 14:00-18:00":          {"вт–сб 09:00–13:00 и 14:00–18:00", "Tue–Sat 09:00–13:00 and 14:00–18:00"},
		"Mon-Sun 09:00-21:00":                      {"ежедневно 09:00–21:00", "daily 09:00–21:00"},
		"Mon-Sun 00:00-24:00":                      {"круглосуточно", "round the clock"},
		"Mon,Tue,Thu,Sun 10:00-11:00":              {"пн, вт, чт и вс 10:00–11:00", "Mon, Tue, Thu and Sun 10:00–11:00"},
		"":                                         {"", ""},
	} {
		var week calendar.Week
		if written != "" {
			var err error
			if week, err = calendar.ParseWeek(written); err != nil {
				t.Fatal(err)
			}
		}
		for i, lang := range []words.Lang{words.RU, words.EN} {
			if got := plain(times.Week(lang, week)); got != want[i] {
				t.Errorf("%s in %s: %q, want %q", written, lang, got, want[i])
			}
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	day := func(year int, month time.Month, day int) calendar.Date {
		return calendar.Date{Year: year, Month: month, Day: day}
	}
	for _, row := range []struct {
		first, last calendar.Date
		want        string
	}{
		{day(2026, 12, 1), day(2026, 12, 1), "1 декабря 2026"},
		{day(2026, 12, 1), day(2026, 12, 15), "1–15 декабря 2026"},
		{day(2026, 11, 28), day(2026, 12, 15), "28 ноября – 15 декабря 2026"},
		{day(2026, 12, 31), day(2027, 1, 8), "31 декабря 2026 – 8 января 2027"},
	} {
		if got := plain(times.Days(words.RU, row.first, row.last)); got != row.want {
			t.Errorf("%s to %s: %q, want %q", row.first, row.last, got, row.want)
		}
	}
}

func TestBrief(t *testing.T) {
	t.Parallel()
	d := calendar.Date{Year: 2026, Month: time.November, Day: 30}
	if ru, en := times.Brief(words.RU, d), times.Brief(words.EN, d); ru != "пн 30 ноя" || en != "Mon 30 Nov" {
		t.Errorf("%q, %q", ru, en)
	}
}

// A moment is that of its own zone, be it another day in Greenwich.
func TestMoment(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 30, 0, 5, 0, 0, time.FixedZone("UTC+5", 5*60*60))
	if ru, en := times.Moment(words.RU, at), times.Moment(words.EN, at); ru != "пн 30 ноя, 00:05" || en != "Mon 30 Nov, 00:05" {
		t.Errorf("%q, %q", ru, en)
	}
}

func TestLength(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration][2]string{
		15 * time.Minute: {"15 минут", "15 minutes"},
		time.Hour:        {"1 час", "1 hour"},
		2 * time.Hour:    {"2 часа", "2 hours"},
		90 * time.Minute: {"90 минут", "90 minutes"},
		time.Minute:      {"1 минуту", "1 minute"},
	} {
		for i, lang := range []words.Lang{words.RU, words.EN} {
			if got := plain(times.Length(lang, d)); got != want[i] {
				t.Errorf("%s in %s: %q, want %q", d, lang, got, want[i])
			}
		}
	}
}
