package main

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"okoshko/bots/webchat/webtest"
)

// replicas starts two servers on the same stores.
func replicas(t *testing.T) (a, b *server) {
	t.Helper()
	var first Config
	busy := func(c *Config) { c.WebChat.MessagesPerMinute = 60000 }
	a = startServer(t, busy, func(c *Config) { first = *c })
	return a, startServer(t, busy, func(c *Config) { c.Postgres.URL, c.Redis.URL = first.Postgres.URL, first.Redis.URL })
}

// page is a visitor's tab in a test of a whole server: what the server may not
// do fails the test, what does not come ends it.
type page struct {
	*webtest.Tab
	t *testing.T
}

// newPage returns a page that is not connected yet.
func newPage(t *testing.T, base string) *page {
	tab := webtest.NewTab(webtest.Browser{Base: base, Language: "ru"}, func(err error) { t.Error(err) })
	return &page{tab, t}
}

// open returns a page that is connected.
func open(t *testing.T, s *server) *page {
	t.Helper()
	p := newPage(t, s.url(t))
	p.mustConnect()
	return p
}

func (p *page) mustConnect() {
	p.t.Helper()
	if err := p.Connect(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.Cut)
}

// await waits until something holds of the page.
func (p *page) await(what string, holds func(v *webtest.View) bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	if err := p.Await(ctx, holds); err != nil {
		p.t.Fatalf("%s: %v; the page has %+v", what, err, p.View())
	}
}

// alike waits until the page shows what another shows.
func (p *page) alike(what string, other *page) {
	p.t.Helper()
	shown := other.View()
	p.await(what, func(v *webtest.View) bool { return slices.Equal(v.Words(), shown.Words()) })
}

func (p *page) greet() {
	p.t.Helper()
	p.Say("меню")
	p.await("the menu", func(v *webtest.View) bool { return len(v.Entries) >= 2 && v.Owed == 0 })
}

func TestWebOnTwoReplicas(t *testing.T) {
	t.Parallel()
	a, b := replicas(t)
	first := open(t, a)
	first.Copies = 2
	first.greet()
	tab := &page{first.Another(b.url(t)), t} // a second tab, on the other replica
	tab.mustConnect()
	tab.alike("the last page", first)
	first.Say("передать показания")
	first.await("the question", func(v *webtest.View) bool { return len(v.Entries) >= 4 })
	tab.alike("what was said in the first tab", first)
	// The first loses its line and misses the rest; it comes back elsewhere.
	first.Cut()
	tab.Say("отмена")
	tab.await("the answer", func(v *webtest.View) bool { return len(v.Entries) >= 6 })
	first.Base = b.url(t)
	first.mustConnect()
	first.alike("what it missed", tab)
	if first.View().Resets+tab.View().Resets > 0 {
		t.Error("a page was reset")
	}
}

// The page's language changes in the middle of a form: nothing is said about
// it, and what follows is in it.
func TestWebSpeaksThePagesLanguage(t *testing.T) {
	t.Parallel()
	p := open(t, startServer(t))
	answered := func(want string, entries int) {
		t.Helper()
		p.await(want, func(v *webtest.View) bool {
			return v.Owed == 0 && len(v.Entries) == entries && strings.HasPrefix(v.Entries[entries-1].Words(), want)
		})
	}
	p.Say("показания")
	answered("Введите номер лицевого счёта", 2)
	p.Tell(webtest.Message{"t": "language", "language": "en-GB"})
	answered("Введите номер лицевого счёта", 2)
	p.Say("0145201372")
	answered("So that nobody sends readings for you", 4)
}

func TestWebFilesAreTheVisitorsOwn(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	a, b := open(t, s), open(t, s)
	a.greet()
	b.greet()
	id, err := a.Upload(t.Context(), "../счётчик.exe", photo())
	if err != nil {
		t.Fatal(err)
	}
	content, header, err := a.Get(t.Context(), "/chat/files/"+id)
	if err != nil || !bytes.Equal(content, photo()) ||
		!strings.HasPrefix(header.Get("Content-Disposition"), "attachment") || header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("own file: %v, %v", err, header)
	}
	if _, _, err := b.Get(t.Context(), "/chat/files/"+id); webtest.Status(err) != http.StatusNotFound {
		t.Errorf("another's file: %v", err)
	}
	answers, err := b.Send(t.Context(), webtest.Message{"t": "files", "id": "message-2", "files": []string{id}})
	if err != nil || len(answers) != 1 || answers[0].Error != "unknown_file" {
		t.Errorf("another's file was taken: %+v, %v", answers, err)
	}
	if _, err := a.Upload(t.Context(), "page.html", []byte("<script>alert(1)</script>")); webtest.Status(err) != http.StatusUnsupportedMediaType {
		t.Errorf("a script was taken: %v", err)
	}
	if _, err := a.Upload(t.Context(), "big.pdf", append([]byte("%PDF-1.7\n"), make([]byte, largestUpload)...)); err == nil {
		t.Error("a file over the limit was taken")
	}
}
