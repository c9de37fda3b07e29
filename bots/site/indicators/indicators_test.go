package indicators_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/indicators"
	"okoshko/core/appeal"
	"okoshko/core/appeal/indicator"
	"okoshko/dialogs/words/wordstest"
)

var now = time.Date(2026, 12, 1, 0, 30, 0, 0, time.FixedZone("UTC+5", 5*60*60))

// counted are two kinds of a month; any other period has nothing.
func counted(_ context.Context, p indicator.Period) (indicators.Figures, error) {
	f := indicators.Figures{At: now, Called: []appeal.Called{
		{Kind: appeal.Question, Names: map[string]string{"ru": "Вопрос", "en": "Question"}},
		{Kind: appeal.Complaint, Names: map[string]string{"ru": "=Жалоба", "en": "Complaint"}},
	}}
	if p.String() != "2026-11" {
		return f, nil
	}
	question := indicator.Row{Group: "question", InTime: indicator.Share{Part: 59, Whole: 60}, Answered: 60, Median: 26 * time.Hour, Tenth: 70 * time.Hour, Rated: 2, Stars: 9}
	complaint := indicator.Row{Group: "complaint", InTime: indicator.Share{Part: 1, Whole: 1}, Answered: 1, Median: 5 * 24 * time.Hour, Tenth: 5 * 24 * time.Hour}
	f.All = indicator.Row{InTime: indicator.Share{Part: 60, Whole: 61}, Answered: 61, Median: 27 * time.Hour, Tenth: 71 * time.Hour, Rated: 2, Stars: 9}
	f.Kinds, f.Fresh = []indicator.Row{complaint, question}, indicator.Share{Part: 3, Whole: 3}
	return f, nil
}

func get(t *testing.T, source indicators.Source, path string) (*http.Response, string) {
	t.Helper()
	app := fiber.New()
	indicators.Mount(app, func() time.Time { return now }, source)
	r, err := app.Test(httptest.NewRequest(http.MethodGet, path, nil), -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, strings.ReplaceAll(string(body), "\u00a0", " ")
}

func TestPage(t *testing.T) {
	t.Parallel()
	r, page := get(t, counted, "/indicators?period=2026-11&lang=ru")
	if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %v", r.StatusCode, r.Header)
	}
	for _, want := range []string{
		"Как мы отвечаем: ноябрь 2026", "<dd>98,3 %</dd>", "<dd>27 ч</dd>", "<dd>2 дня 23 ч</dd>", "4,5 <small>из 5", "Вопрос</th>", "98.3%", "100 %",
		`aria-current="page">ноябрь 2026`, "/indicators?period=2026-Q4&amp;lang=ru", "/indicators.csv?period=2026-11&amp;lang=ru", "1 декабря 2026, 00:30",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if question, complaint := strings.Index(page, "Вопрос</th>"), strings.Index(page, "=Жалоба</th>"); question > complaint {
		t.Error("the kinds are not in their order")
	}
}

// A period that is none, or has not begun, is the month that is running in the
// company's zone; hostile text never comes back.
func TestPeriod(t *testing.T) {
	t.Parallel()
	for _, period := range []string{"", "2027-01", "2026-13", `"><script>`, strings.Repeat("9", 4000)} {
		r, page := get(t, counted, "/indicators?lang=en&period="+url.QueryEscape(period))
		if r.StatusCode != http.StatusOK || !strings.Contains(page, "How we answer: December 2026") || !strings.Contains(page, "There are no answers") {
			t.Errorf("%.20q: %d\n%s", period, r.StatusCode, page)
		}
		if strings.Contains(page, "<script") {
			t.Errorf("%.20q comes back", period)
		}
	}
}

// A month in which only what was late before it was answered has answers, and nothing
// of which a share could be told.
func TestAnswersWithoutShare(t *testing.T) {
	t.Parallel()
	late := func(context.Context, indicator.Period) (f indicators.Figures, err error) {
		f.All = indicator.Row{Answered: 1, Median: 100 * time.Hour, Tenth: 100 * time.Hour}
		return f, nil
	}
	if _, page := get(t, late, "/indicators?period=2026-11&lang=ru"); !strings.Contains(page, "<dd>–</dd>") || !strings.Contains(page, "<dd>4 дня 4 ч</dd>") {
		t.Errorf("got\n%s", page)
	}
}

// The spreadsheet holds numbers, and nothing that it would run.
func TestSpreadsheet(t *testing.T) {
	t.Parallel()
	r, text := get(t, counted, "/indicators.csv?period=2026-11&lang=ru")
	want := "\ufeffВид;Отвечено;В срок или просрочено;В срок;В срок, %;Срок продлён;Половина ответов, не дольше, ч;Девять из десяти, не дольше, ч;Оценили;Средняя оценка\r\n" +
		"Все обращения;61;61;60;98,3;0;27,0;71,0;2;4,50\r\nВопрос;60;60;59;98,3;0;26,0;70,0;2;4,50\r\n'=Жалоба;1;1;1;100;0;120,0;120,0;0;\r\n"
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if d := r.Header.Get("Content-Disposition"); d != `attachment; filename="indicators-2026-11.csv"` {
		t.Errorf("it is called %s", d)
	}
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	broken := func(context.Context, indicator.Period) (indicators.Figures, error) {
		return indicators.Figures{}, errors.New("the database is away")
	}
	for _, path := range []string{"/indicators", "/indicators.csv"} {
		if r, page := get(t, broken, path); r.StatusCode != http.StatusInternalServerError && !strings.Contains(page, "Вопрос") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	wordstest.Check(t, indicators.Words, ".", "*")
}
