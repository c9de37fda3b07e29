package inbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site/inbox"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

var zone = time.FixedZone("UTC+5", 5*60*60)

func get(t *testing.T, kind inbox.Kind, path string, items ...inbox.Item) (*http.Response, string) {
	t.Helper()
	app := fiber.New()
	inbox.Mount(app, "/demo/box", kind, zone, func() []inbox.Item { return items })
	r, err := app.Test(httptest.NewRequest(http.MethodGet, path, nil), -1)
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

// What was sent is shown as text, whatever it is, its code apart; its time is
// the company's.
func TestItemsAreText(t *testing.T) {
	t.Parallel()
	r, page := get(t, inbox.Mailbox, "/demo/box?lang=ru", inbox.Item{
		To: "demo01@post.example", Subject: "Код <b>", Text: "Ваш код: 042117, счёт ******1372.\n\n<script>alert(1)</script>",
		At: time.Date(2026, 11, 27, 19, 30, 0, 0, time.UTC),
	})
	for _, want := range []string{
		"demo01@post.example", "Код &lt;b&gt;", `<strong class="code">042117</strong>, счёт ******1372.`, "&lt;script&gt;", "28 ноября 2026, 00:30",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers: %v", r.Header)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for kind, want := range map[inbox.Kind]string{inbox.Phone: "No text messages yet", inbox.Mailbox: "No letters yet"} {
		if _, page := get(t, kind, "/demo/box?lang=en"); !strings.Contains(page, want) {
			t.Errorf("%s: %s", kind, page)
		}
	}
	for _, path := range []string{"/demo/box/page.css", "/demo/box/page.js"} {
		if r, _ := get(t, inbox.Phone, path); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	wordstest.Check(t, inbox.Words, ".")
	if _, page := get(t, inbox.Phone, "/demo/box?lang="+string(words.EN)); strings.Contains(page, "‹") {
		t.Error("a line is missing")
	}
}
