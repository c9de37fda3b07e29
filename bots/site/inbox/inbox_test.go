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
	"okoshko/core/notice"
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
		To: "demo01@post.example", Subject: "Код <b>", Text: "Ваш код: 042117, счёт ******1372, обращение ОБ-2026-000123 от 27.11.2026.\n\n<script>alert(1)</script>\n\nОткрыть: https://chat.sesk.example/console/#cases/1.",
		At: time.Date(2026, 11, 27, 19, 30, 0, 0, time.UTC),
	})
	for _, want := range []string{
		"demo01@post.example", "Код &lt;b&gt;", `<strong class="code">042117</strong>, счёт ******1372, обращение ОБ-2026-000123 от 27.11.2026.</p>`, `<a href="https://chat.sesk.example/console/#cases/1">https://chat.sesk.example/console/#cases/1</a>.</p>`, "&lt;script&gt;", "28 ноября 2026, 00:30",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers: %v", r.Header)
	}
}

// A file of a letter is offered under its name and comes as it is, to be saved.
func TestFilesOfALetter(t *testing.T) {
	t.Parallel()
	letter := inbox.Item{
		ID: "notice/7@sesk.example", To: "demo01@post.example", Subject: "Ответ", Text: "Ответ приложен.",
		Files: []notice.Enclosure{{Name: "Ответ <1>.pdf", Media: "application/pdf", Data: []byte("%PDF-1.7")}},
	}
	_, page := get(t, inbox.Mailbox, "/demo/box?lang=ru", letter)
	const address = "/demo/box/file?of=notice%2f7%40sesk.example&amp;n=0"
	if !strings.Contains(page, `<a href="`+address+`" download>Ответ &lt;1&gt;.pdf</a>`) {
		t.Errorf("the file is not offered:\n%s", page)
	}
	r, body := get(t, inbox.Mailbox, strings.ReplaceAll(address, "&amp;", "&"), letter)
	if r.StatusCode != http.StatusOK || body != "%PDF-1.7" || r.Header.Get("Content-Type") != "application/pdf" ||
		!strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") || r.Header.Get("Content-Security-Policy") != "sandbox" {
		t.Errorf("%d %q %v", r.StatusCode, body, r.Header)
	}
	for _, bad := range []string{"", "?of=&n=0", "?of=notice/7@sesk.example", "?of=notice/7@sesk.example&n=1", "?of=notice/7@sesk.example&n=-1", "?of=other&n=0", "?of=notice/7@sesk.example&n=x"} {
		if r, _ := get(t, inbox.Mailbox, "/demo/box/file"+bad, letter); r.StatusCode != http.StatusNotFound {
			t.Errorf("%q: %d", bad, r.StatusCode)
		}
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
