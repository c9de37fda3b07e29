package site_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/bots/site"
	"okoshko/core/chat"
	"okoshko/core/fault"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/wordstest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const token = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c"

// oneLink is a store with one link, good once.
type oneLink struct {
	file    chat.File
	content io.Reader
	err     error // of everything

	mu     sync.Mutex
	used   bool
	closed bool
}

func (l *oneLink) CheckLink(_ context.Context, given string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	if given != token || l.used || !now.Equal(noon) {
		return fault.New(fault.NotFound, "link")
	}
	return nil
}

func (l *oneLink) OpenLink(ctx context.Context, given string, now time.Time) (chat.File, io.ReadCloser, error) {
	if err := l.CheckLink(ctx, given, now); err != nil {
		return chat.File{}, nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.used = true
	return l.file, l, nil
}

func (l *oneLink) Read(p []byte) (int, error) { return l.content.Read(p) }

func (l *oneLink) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return nil
}

func letter(content string) *oneLink {
	return &oneLink{
		file:    chat.File{ID: "f", Name: "Счёт за октябрь.pdf", Type: "application/pdf", Size: int64(len(content))},
		content: strings.NewReader(content),
	}
}

// surface is the site over HTTP.
type surface struct {
	app *fiber.App
	log *bytes.Buffer
}

func mount(l site.Links) *surface {
	s := &surface{app: fiber.New(fiber.Config{Immutable: true}), log: new(bytes.Buffer)}
	site.New(l, func() time.Time { return noon }, slog.New(slog.NewTextHandler(s.log, nil))).Mount(s.app)
	return s
}

func (s *surface) ask(t *testing.T, method, path, language string) (*http.Response, string) {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	request.Header.Set("Accept-Language", language)
	r, err := s.app.Test(request, -1)
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

func TestWords(t *testing.T) {
	t.Parallel()
	wordstest.Check(t, site.Words, ".", "ready.*", "gone.*", "later.*")
}

// A preview fetches the address, as often as it likes; the customer presses
// once.
func TestADocumentIsHandedOverOnce(t *testing.T) {
	t.Parallel()
	const content = "%PDF-1.7 sealed before"
	l := letter(content)
	s := mount(l)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		r, page := s.ask(t, method, "/files/"+token, "ru-RU,ru;q=0.9")
		if r.StatusCode != http.StatusOK || l.used {
			t.Fatalf("%s: %d, used up: %v", method, r.StatusCode, l.used)
		}
		if method == http.MethodGet && !strings.Contains(page, "Скачать документ") {
			t.Errorf("no button on the page:\n%s", page)
		}
		for _, private := range []string{"октябрь", "pdf", token} {
			if strings.Contains(page, private) {
				t.Errorf("the page tells %q to whoever looks", private)
			}
		}
	}
	r, body := s.ask(t, http.MethodPost, "/files/"+token, "ru")
	if r.StatusCode != http.StatusOK || body != content || !l.closed || r.ContentLength != int64(len(content)) {
		t.Errorf("%d with %d of %d bytes, closed: %v", r.StatusCode, len(body), r.ContentLength, l.closed)
	}
	disposition, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	if err != nil || disposition != "attachment" || params["filename"] != "Счёт за октябрь.pdf" {
		t.Errorf("disposition %q: %v", r.Header.Get("Content-Disposition"), err)
	}
	if !strings.Contains(r.Header.Get("Content-Disposition"), "filename*=utf-8''%D0%A1") {
		t.Errorf("the name is sent as %q", r.Header.Get("Content-Disposition"))
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r, page := s.ask(t, method, "/files/"+token, "ru")
		if r.StatusCode != http.StatusNotFound || !strings.Contains(page, "Ссылка больше не действует") || strings.Contains(page, "<form") {
			t.Errorf("%s once more: %d\n%s", method, r.StatusCode, page)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]struct {
		method, path, media, policy string
	}{
		"the page":           {http.MethodGet, token, "text/html; charset=utf-8", "style-src 'self'"},
		"the page of others": {http.MethodGet, "other", "text/html; charset=utf-8", "style-src 'self'"},
		"the document":       {http.MethodPost, token, "application/pdf", "sandbox"},
	} {
		r, _ := mount(letter("%PDF-")).ask(t, ask.method, "/files/"+ask.path, "")
		for header, want := range map[string]string{
			"Content-Type": ask.media, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
			"X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow, noarchive",
		} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || !strings.Contains(policy, ask.policy) || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", name, policy)
		}
	}
}

// The policy forbids everything inline: nothing of it may stand in a page.
func TestThePageObeysItsPolicy(t *testing.T) {
	t.Parallel()
	s := mount(letter("%PDF-"))
	for _, path := range []string{token, "other"} {
		_, page := s.ask(t, http.MethodGet, "/files/"+path, "")
		for _, inline := range []string{"<script", "<style", " style=", " onclick", "http:", "https:"} {
			if strings.Contains(page, inline) {
				t.Errorf("%q stands in the page", inline)
			}
		}
		if !strings.Contains(page, `href="/site/page.css"`) {
			t.Error("the page has no style sheet")
		}
	}
	for _, sheet := range []string{"/site/ground.css", "/site/page.css"} {
		if r, css := s.ask(t, http.MethodGet, sheet, ""); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/css; charset=utf-8" || len(css) < 100 {
			t.Errorf("%s: %d, %s, %d bytes", sheet, r.StatusCode, r.Header.Get("Content-Type"), len(css))
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	s := mount(letter("%PDF-"))
	for language, want := range map[string]words.Lang{
		"ru": words.RU, "en-GB,ru;q=0.5": words.EN,
	} {
		_, page := s.ask(t, http.MethodGet, "/files/"+token, language)
		if !strings.Contains(page, `<html lang="`+string(want)+`">`) || !strings.Contains(page, site.Words.Line(want, "ready.button")) {
			t.Errorf("%q is not answered in %s", language, want)
		}
	}
}

// A failure of ours is said so, and told to the log, without the address.
func TestTrouble(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{fault.Unavailable, fault.Internal} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			l := letter("%PDF-")
			l.err = fault.New(kind, "the store is away")
			s := mount(l)
			r, page := s.ask(t, method, "/files/"+token, "ru")
			if r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" || !strings.Contains(page, "Сейчас открыть не получается") {
				t.Errorf("%s, %v: %d\n%s", method, kind, r.StatusCode, page)
			}
			if said := s.log.String(); !strings.Contains(said, "the store is away") || strings.Contains(said, token) {
				t.Errorf("the log says %q", said)
			}
			l.err = nil
			if r, _ := s.ask(t, http.MethodPost, "/files/"+token, "ru"); r.StatusCode != http.StatusOK {
				t.Errorf("afterwards: %d", r.StatusCode)
			}
		}
	}
}

// A document that breaks off must not look like a whole one.
func TestADocumentThatBreaksOff(t *testing.T) {
	t.Parallel()
	l := letter("%PDF- and the rest")
	l.content = io.MultiReader(strings.NewReader("%PDF-"), iotest.ErrReader(errors.New("damaged")))
	s := mount(l)
	r, err := s.app.Test(httptest.NewRequest(http.MethodPost, "/files/"+token, nil), -1)
	if err == nil {
		var body []byte
		body, err = io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err == nil && int64(len(body)) == l.file.Size {
			t.Error("it looks whole")
		}
	}
	if err == nil {
		t.Error("nobody was told")
	}
	if said := s.log.String(); !strings.Contains(said, "document broke off") {
		t.Errorf("the log says %q", said)
	}
}

// The name of a file is its sender's.
func TestNamesCannotBreakTheHeader(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\r\nSet-Cookie: x=1.pdf", `a";filename="b.exe`, "", "имя\x00.pdf"} {
		l := letter("%PDF-")
		l.file.Name = name
		r, _ := mount(l).ask(t, http.MethodPost, "/files/"+token, "")
		disposition, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
		if err != nil || disposition != "attachment" || r.Header.Get("Set-Cookie") != "" || (params["filename"] != name && params["filename"] != "") {
			t.Errorf("%q is sent as %q: %v", name, r.Header.Get("Content-Disposition"), err)
		}
	}
}
