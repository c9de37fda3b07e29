package indicators

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okoshko/core/appeal/indicator"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

func TestWords(t *testing.T) {
	t.Parallel()
	wordstest.Check(t, catalogue, ".", "head.*", "by.*")
}

func TestTook(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration][2]string{
		0:                               {"0 мин", "0 min"},
		59*time.Minute + 59*time.Second: {"59 мин", "59 min"},
		time.Hour:                       {"1 ч", "1 h"},
		47*time.Hour + 59*time.Minute:   {"47 ч", "47 h"},
		48 * time.Hour:                  {"2 дня", "2 days"},
		5*24*time.Hour + 3*time.Hour:    {"5 дней 3 ч", "5 days 3 h"},
		21 * 24 * time.Hour:             {"21 день", "21 days"},
	} {
		for i, lang := range []words.Lang{words.RU, words.EN} {
			if got := strings.ReplaceAll(Took(lang, d), "\u00a0", " "); got != want[i] {
				t.Errorf("%v: %q, want %q", d, got, want[i])
			}
		}
	}
}

// All means all: a share is never rounded up to it.
func TestCells(t *testing.T) {
	t.Parallel()
	r := indicator.Row{
		InTime: indicator.Share{Part: 9999, Whole: 10000}, Answered: 9000, Extended: 3, Median: 26*time.Hour + 30*time.Minute, Tenth: 71 * time.Hour, Rated: 3, Stars: 14,
	}
	for lang, want := range map[words.Lang][]string{
		words.RU: {"Жалоба", "9000", "10000", "9999", "99,9", "3", "26,5", "71,0", "3", "4,67"},
		words.EN: {"Жалоба", "9000", "10000", "9999", "99.9", "3", "26.5", "71.0", "3", "4.67"},
	} {
		if got := Cells(lang, "Жалоба", r); !slices.Equal(got, want) || len(got) != len(Heads(lang, "")) {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	none := indicator.Row{}
	if Share(words.RU, none.InTime) != "" || Rating(words.RU, none) != "" || Share(words.RU, indicator.Share{Part: 2, Whole: 2}) != "100\u00a0%" {
		t.Errorf("of nothing: %q, %q; of all: %q", Share(words.RU, none.InTime), Rating(words.RU, none), Share(words.RU, indicator.Share{Part: 2, Whole: 2}))
	}
}

// On a page a share has a decimal where there is one, a rating has one always; neither is
// rounded up to all.
func TestSharesAndRatings(t *testing.T) {
	t.Parallel()
	for s, want := range map[indicator.Share]string{
		{Part: 1, Whole: 2}: "50\u00a0%", {Part: 3, Whole: 4}: "75\u00a0%", {Part: 59, Whole: 60}: "98,3\u00a0%", {Part: 9999, Whole: 10000}: "99,9\u00a0%", {Part: 2, Whole: 2}: "100\u00a0%", {}: "",
	} {
		if got := Share(words.RU, s); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
	for r, want := range map[[2]int]string{{1, 2}: "2,0", {2, 5}: "2,5", {3, 14}: "4,7", {100, 499}: "4,9", {3, 15}: "5,0", {}: ""} {
		if got := Rating(words.RU, indicator.Row{Rated: r[0], Stars: r[1]}); got != want {
			t.Errorf("%d ratings, %d stars: %q, want %q", r[0], r[1], got, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for p, want := range map[string][2]string{
		"2026-11": {"ноябрь 2026", "November 2026"}, "2026-Q4": {"4 квартал 2026", "Q4 2026"}, "2026": {"2026 год", "2026"},
	} {
		period, err := indicator.ParsePeriod(p)
		if err != nil {
			t.Fatal(err)
		}
		for i, lang := range []words.Lang{words.RU, words.EN} {
			if got := strings.ReplaceAll(Period(lang, period), "\u00a0", " "); got != want[i] {
				t.Errorf("%s: %q, want %q", p, got, want[i])
			}
		}
	}
}
