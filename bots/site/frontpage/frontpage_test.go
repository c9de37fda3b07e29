package frontpage_test

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/frontpage"
	"okoshko/dialogs/dialogstest"
	"okoshko/dialogs/words"
)

// today is the eve of the last day for readings.
var today = time.Date(2026, time.November, 24, 10, 0, 0, 0, time.UTC)

func get(t *testing.T, path, language string) (*http.Response, string) {
	t.Helper()
	return getOn(t, today, path, language)
}

func getOn(t *testing.T, now time.Time, path, language string) (*http.Response, string) {
	t.Helper()
	app := fiber.New()
	frontpage.Mount(app, func() time.Time { return now }, func() *frontpage.Facts {
		f := dialogstest.Facts()
		return &frontpage.Facts{Prices: f.Prices, Days: f.Days, Directory: f.Directory, Offices: f.Offices, Figures: f}
	})
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Accept-Language", language)
	r, err := app.Test(request, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

// Every line of the catalogue stands on the page, and the page says nothing
// that the catalogue has not.
func TestWords(t *testing.T) {
	t.Parallel()
	var blanks []words.Arg // other tests know what is filled in
	for _, name := range []string{"month", "day", "days", "tariff_from", "range_one", "tariff_act", "night_hours", "price", "percent"} {
		blanks = append(blanks, words.A(name, "…"))
	}
	for _, lang := range []words.Lang{words.RU, words.EN} {
		_, page := get(t, "/?lang="+string(lang), "")
		if strings.Contains(page, "‹") {
			t.Errorf("%s: a line is missing", lang)
		}
		said := html.UnescapeString(page)
		for _, key := range frontpage.Words.Keys() {
			line := frontpage.Words.Line(lang, key, blanks...)
			for part := range strings.SplitSeq(line, "…") {
				if !strings.Contains(said, part) {
					t.Errorf("%s: nobody says %s: %q", lang, key, line)
				}
			}
		}
	}
}

// The page speaks of the reader's month: until the 25th readings are those of
// this one, until the 15th the bill is that of the last one.
func TestMonths(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		year  int
		month time.Month
		day   int
		want  []string
	}{
		{2026, time.November, 24, []string{"Показания за ноябрь 2026", "<b>25</b> ноября 2026", "Счёт за ноябрь 2026 оплатите до 15 декабря 2026"}},
		{2026, time.November, 25, []string{"<b>25</b> ноября 2026"}},
		{2026, time.December, 26, []string{"Показания за январь 2027", "<b>25</b> января 2027", "Счёт за декабрь 2026 оплатите до 15 января 2027"}},
		{2027, time.January, 15, []string{"Счёт за декабрь 2026 оплатите до 15 января 2027"}},
		{2027, time.January, 31, []string{"<b>25</b> февраля 2027", "до 15 февраля 2027"}},
		{2026, time.September, 30, []string{"октябрь 2026"}},
	} {
		now := time.Date(row.year, row.month, row.day, 23, 59, 0, 0, time.UTC)
		_, page := getOn(t, now, "/?lang=ru", "")
		for _, want := range row.want {
			if !strings.Contains(page, want) {
				t.Errorf("on %s the page does not say %q", now.Format(time.DateOnly), want)
			}
		}
	}
}

// What the page says of prices, offices, payments and news is what the data say
// on that day.
func TestFigures(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		month      time.Month
		day        int
		want, lack []string
	}{
		{
			time.September, 14,
			[]string{"С 1 января 2026 года"},
			[]string{"Новые тарифы с 1 октября", "Закрыт "},
		},
		{
			time.November, 24,
			[]string{
				"С 1 октября 2026 года", "№ 120-э от 18 декабря 2025", "до 3 900 кВт·ч", "6,19 ₽", "3,71 ₽", "4,64 ₽", "23:00–07:00",
				"«Верхние Поляны»", "Закрыт 1–15 декабря 2026", "Только организации", "пн–чт 08:00–12:00 и 13:00–17:00", "1,5 %", "Новые тарифы с 1 октября",
			},
			[]string{"Как мы работаем в праздники"},
		},
		{time.December, 20, []string{"Как мы работаем в праздники"}, []string{"Закрыт 1–15"}},
	} {
		now := time.Date(2026, row.month, row.day, 12, 0, 0, 0, time.UTC)
		_, page := getOn(t, now, "/?lang=ru", "")
		page = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(html.UnescapeString(page))
		for _, want := range row.want {
			if !strings.Contains(page, want) {
				t.Errorf("on %s the page does not say %q", now.Format(time.DateOnly), want)
			}
		}
		for _, lack := range row.lack {
			if strings.Contains(page, lack) {
				t.Errorf("on %s the page says %q", now.Format(time.DateOnly), lack)
			}
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		path, browser string
		want          words.Lang
	}{
		{"/", "en-GB,en;q=0.9", words.EN},
		{"/?lang=ru", "en", words.RU},
	} {
		_, page := get(t, row.path, row.browser)
		if !strings.Contains(page, `<html lang="`+string(row.want)+`">`) || !strings.Contains(page, `data-language="`+string(row.want)+`"`) {
			t.Errorf("%s in a browser of %q is not in %s", row.path, row.browser, row.want)
		}
	}
}

// The policy forbids everything inline, and what the page names is served.
func TestThePageObeysItsPolicy(t *testing.T) {
	t.Parallel()
	r, page := get(t, "/", "")
	policy := r.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("policy %q", policy)
	}
	for _, inline := range []string{"<style", " style=", " onclick", "javascript:", "http:", "https:"} {
		if strings.Contains(page, inline) {
			t.Errorf("%q stands in the page", inline)
		}
	}
	for _, script := range regexp.MustCompile(`<script[^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(script, `src="/`) {
			t.Errorf("%s", script)
		}
	}
	for path, media := range map[string]string{"/site/front.css": "text/css", "/site/front.js": "text/javascript"} {
		if !strings.Contains(page, `"`+path+`"`) {
			t.Errorf("the page does not load %s", path)
		}
		r, body := get(t, path, "")
		if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), media) || len(body) < 100 {
			t.Errorf("%s: %d %s, %d bytes", path, r.StatusCode, r.Header.Get("Content-Type"), len(body))
		}
	}
}

// What the menu and the buttons lead to stands on the page.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	_, page := get(t, "/", "")
	links := regexp.MustCompile(`href="#([a-z]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 5 {
		t.Fatalf("only %d links", len(links))
	}
	for _, link := range links {
		if !strings.Contains(page, ` id="`+link[1]+`"`) {
			t.Errorf("#%s leads nowhere", link[1])
		}
	}
}
