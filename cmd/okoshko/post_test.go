package main

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/adapters/files"
	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/fault"
	"okoshko/core/notice"
	"okoshko/core/privacy"
)

// In the demo a notice goes all the way: words, the real exchange, the page.
func TestDemoPost(t *testing.T) {
	t.Parallel()
	c := Default()
	var b boxes
	if err := b.start(&c, func() time.Time { return time.Date(2026, 11, 27, 7, 0, 0, 0, time.UTC) }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.close() })
	p, err := newPost(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	phone, err := privacy.ParsePhone("+7 000 000-00-01")
	if err != nil {
		t.Fatal(err)
	}
	mailbox, err := privacy.ParseEmail("demo01@post.example")
	if err != nil {
		t.Fatal(err)
	}
	n := notice.Notice{Kind: "link_code", Phone: phone, Lang: "ru", Facts: map[string]string{"code": "042117", "account": "******1372"}}
	if err := p.send(t.Context(), "notice/1", n); err != nil {
		t.Fatal(err)
	}
	n.Phone, n.Email = privacy.Phone{}, mailbox
	if err := p.send(t.Context(), "notice/2", n); err != nil {
		t.Fatal(err)
	}
	app := fiber.New()
	b.mount(app, c)
	for path, want := range map[string][]string{
		"/demo/sms":  {"+70000000001", "Старогорэнергосбыт: код", "042117", "27 ноября 2026, 12:00"},
		"/demo/mail": {"demo01@post.example", "Код для привязки лицевого счёта", "042117", "8 800 000-01-01"},
	} {
		r, err := app.Test(mustRequest(t, path), -1)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(html.UnescapeString(string(page)), text) {
				t.Errorf("%s: %q is missing in\n%s", path, text, page)
			}
		}
	}
}

func mustRequest(t *testing.T, path string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "ru")
	return r
}

// A file of the house goes along with a letter as it is kept; one that is gone,
// or too many of them, end the notice for good.
func TestFilesGoAlong(t *testing.T) {
	t.Parallel()
	c := Default()
	var b boxes
	if err := b.start(&c, time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.close() })
	ring, err := files.NewRing(files.Key{ID: "one", Key: bytes.Repeat([]byte{1}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	store := files.New(pgtest.Open(t), ring, largestUpload)
	p, err := newPost(c, store)
	if err != nil {
		t.Fatal(err)
	}
	paper := "%PDF-1.7\n" + strings.Repeat("ёлка ", 200_000) + "\n%%EOF\n"
	id, err := store.Put(t.Context(), files.File{Owner: "reply/1", Name: "reply.pdf"}, strings.NewReader(paper))
	if err != nil {
		t.Fatal(err)
	}
	mailbox, err := privacy.ParseEmail("demo01@post.example")
	if err != nil {
		t.Fatal(err)
	}
	n := notice.Notice{Kind: "case_answer", Email: mailbox, Lang: "ru", Facts: map[string]string{"number": "ОБ-2026-000123"}}
	n.Files = []notice.File{{ID: id, Name: "Ответ ОБ-2026-000123.pdf"}}
	if err := p.send(t.Context(), "notice/1", n); err != nil {
		t.Fatal(err)
	}
	got := b.mail.Letters()
	if len(got) != 1 || len(got[0].Files) != 1 {
		t.Fatalf("letters: %+v", got)
	}
	if f := got[0].Files[0]; f.Name != "Ответ ОБ-2026-000123.pdf" || f.Media != "application/pdf" || string(f.Data) != paper {
		t.Errorf("the file: %q %q, %d bytes", f.Name, f.Media, len(f.Data))
	}
	for range 9 {
		n.Files = append(n.Files, n.Files[0])
	}
	if err := p.send(t.Context(), "notice/2", n); !fault.Is(err, fault.Invalid) {
		t.Errorf("too many: %v", err)
	}
	n.Files = []notice.File{{ID: "gone", Name: "x.pdf"}}
	if err := p.send(t.Context(), "notice/3", n); !fault.Is(err, fault.NotFound) {
		t.Errorf("a file that is gone: %v", err)
	}
}

// A way that nobody has configured is refused for good, not tried for days.
func TestPostWithoutWays(t *testing.T) {
	t.Parallel()
	p, err := newPost(Default(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.send(t.Context(), "notice/1", notice.Notice{Kind: "link_code"}); !fault.Is(err, fault.Denied) {
		t.Errorf("got %v", err)
	}
}
