package clock_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/clock"
)

// watch is a clock that stands still between moves.
type watch struct{ now time.Time }

func (w *watch) Now() time.Time { return w.now }

func (w *watch) Set(at time.Time) error {
	if at.Before(w.now) {
		return errors.New("the clock only goes forward")
	}
	w.now = at
	return nil
}

// A program moves it by JSON, a person by a form; what cannot be is refused in the
// words of each, and moves nothing.
func TestMove(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 5*60*60)
	const asJSON, asForm = "application/json", "application/x-www-form-urlencoded"
	for name, row := range map[string]struct {
		media, body string
		status      int
		says, now   string
	}{
		"an instant":           {asJSON, `{"now":"2026-11-25T23:59:00+05:00"}`, 200, `"now"`, "2026-11-25 23:59"},
		"a length":             {asJSON, `{"advance":"26h"}`, 200, `"now"`, "2026-11-25 12:00"},
		"a button":             {asForm, "advance=168h", 303, "", "2026-12-01 10:00"},
		"the field":            {asForm, "now=2026-11-26T08%3A30", 303, "", "2026-11-26 08:30"},
		"back, a program":      {asJSON, `{"now":"2026-11-23T10:00:00+05:00"}`, 400, "only goes forward", "2026-11-24 10:00"},
		"back, a person":       {asForm, "now=2026-11-23T08%3A30", 400, "Назад время не идёт: сейчас уже", "2026-11-24 10:00"},
		"back, by a length":    {asForm, "advance=-1h", 400, "Назад время не идёт", "2026-11-24 10:00"},
		"nothing, a program":   {asJSON, `{}`, 400, "advance", "2026-11-24 10:00"},
		"nothing, a person":    {asForm, "now=", 400, "не получилось разобрать", "2026-11-24 10:00"},
		"not a time":           {asForm, "now=%3Cscript%3E", 400, "не получилось разобрать", "2026-11-24 10:00"},
		"not JSON":             {asJSON, `{"now"`, 400, "send", "2026-11-24 10:00"},
		"a length of nobody":   {asJSON, `{"advance":"9999999999h"}`, 400, "send", "2026-11-24 10:00"},
		"a time of no program": {asJSON, `{"now":5}`, 400, "send", "2026-11-24 10:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &watch{time.Date(2026, 11, 24, 10, 0, 0, 0, zone)}
			app := fiber.New(fiber.Config{DisableStartupMessage: true})
			clock.Mount(app, "/demo/clock", zone, w)
			req := httptest.NewRequest(http.MethodPost, "/demo/clock?lang=ru", strings.NewReader(row.body))
			req.Header.Set("Content-Type", row.media)
			resp, err := app.Test(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != row.status || !strings.Contains(string(body), row.says) {
				t.Errorf("%d %s, %v", resp.StatusCode, body, err)
			}
			if now := w.now.In(zone).Format("2006-01-02 15:04"); now != row.now {
				t.Errorf("it is %s, want %s", now, row.now)
			}
		})
	}
}

// Whoever asks for nothing in particular is a program.
func TestShow(t *testing.T) {
	t.Parallel()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	clock.Mount(app, "/demo/clock", time.UTC, &watch{time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)})
	for accept, want := range map[string]string{
		"": `{"now":"2026-11-24T10:00:00Z"}`, "*/*": `{"now":`, "application/json": `{"now":`, "text/html,application/xhtml+xml,*/*;q=0.8": "<h1>The demo&#39;s clock</h1>",
	} {
		req := httptest.NewRequest(http.MethodGet, "/demo/clock?lang=en", http.NoBody)
		req.Header.Set("Accept", accept)
		resp, err := app.Test(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !strings.Contains(string(body), want) {
			t.Errorf("%q: %s, %v", accept, body, err)
		}
	}
}
