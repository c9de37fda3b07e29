package browsertest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okoshko/bots/web/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// accused takes down what a test would fail of.
type accused struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

func (a *accused) Errorf(format string, _ ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said = append(a.said, format)
}

func (a *accused) of(what string) (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.said {
		n += strings.Count(s, what)
	}
	return n
}

// What a page does wrong while it loads, and the page after it, too, fails its
// test.
func TestAPageThatDoesWrongIsNoticed(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'nonce-ours'")
		_, _ = w.Write([]byte(`<!doctype html><title>x</title><script>refused()</script><script nonce="ours">setTimeout(() => { throw new Error("ours") })</script>`))
	}))
	t.Cleanup(s.Close)
	a := &accused{TB: t}
	tab := browsertest.Open(a, 320, 240)
	for page := range 2 {
		browsertest.Do(t, tab, "load", browsertest.Body, chromedp.Navigate(s.URL), browsertest.Until("document.title === 'x'"))
		for _, what := range []string{"the page's policy refused", "the page threw"} {
			for end := time.Now().Add(browsertest.Patience); a.of(what) <= page; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("page %d: nobody noticed: %s", page, what)
				}
			}
		}
	}
}
