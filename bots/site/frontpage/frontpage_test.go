package frontpage_test

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/frontpage"
	"okoshko/dialogs/words"
)

func get(t *testing.T, path, language string) (*http.Response, string) {
	t.Helper()
	app := fiber.New()
	frontpage.Mount(app)
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
	for _, lang := range []words.Lang{words.RU, words.EN} {
		_, page := get(t, "/?lang="+string(lang), "")
		if strings.Contains(page, "‹") {
			t.Errorf("%s: a line is missing", lang)
		}
		said := html.UnescapeString(page)
		for _, key := range frontpage.Words.Keys() {
			if line := frontpage.Words.Line(lang, key); !strings.Contains(said, line) {
				t.Errorf("%s: nobody says %s: %q", lang, key, line)
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
		{"/", "", words.RU},
		{"/", "ru-RU,ru;q=0.9,en;q=0.8", words.RU},
		{"/", "en-GB,en;q=0.9", words.EN},
		{"/?lang=ru", "en", words.RU},
		{"/?lang=en", "ru", words.EN},
		{"/?lang=%22%3E%3Cscript%3E", "en", words.RU},
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
