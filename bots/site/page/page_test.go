package page_test

import (
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/page"
	"okoshko/dialogs/words"
)

// ask fetches a path of an app with one page, which says its language and what
// it is given, and returns the answer with its text.
func ask(t *testing.T, path, browser string) (*http.Response, string) {
	t.Helper()
	app := fiber.New()
	page.Mount(app)
	shown := template.Must(template.New("").Parse(`{{.Lang}} {{.Text}}`))
	app.Get("/", func(c *fiber.Ctx) error {
		return page.Send(c, shown, struct {
			Lang words.Lang
			Text string
		}{page.Language(c), "<script>"}, "img-src 'self'; form-action 'none'")
	})
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Accept-Language", browser)
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

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		path, browser string
		want          words.Lang
	}{
		{"/", "", words.RU},
		{"/", "ru-RU,ru;q=0.9,en;q=0.8", words.RU},
		{"/", "en-GB,ru;q=0.5", words.EN},
		{"/", "de;q=0.9, ru", words.EN},
		{"/", "kk-KZ", words.RU},
		{"/", "<script>", words.RU},
		{"/?lang=ru", "en", words.RU},
		{"/?lang=en", "ru", words.EN},
		{"/?lang=%22%3E%3Cscript%3E", "en", words.RU},
	} {
		if _, text := ask(t, row.path, row.browser); !strings.HasPrefix(text, string(row.want)+" ") {
			t.Errorf("%s in a browser of %q is in %s", row.path, row.browser, text)
		}
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	r, text := ask(t, "/", "")
	if !strings.Contains(text, "&lt;script&gt;") {
		t.Errorf("what it is given is not text on the page: %s", text)
	}
	for header, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Vary": "Accept-Language", "Referrer-Policy": "same-origin",
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; img-src 'self'; form-action 'none'",
	} {
		if got := r.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
}

func TestGround(t *testing.T) {
	t.Parallel()
	r, css := ask(t, page.Ground, "")
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(css, "prefers-color-scheme: dark") {
		t.Errorf("%d, %s, %d bytes", r.StatusCode, r.Header.Get("Content-Type"), len(css))
	}
}
