package web_test

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"okoshko/bots/web/browsertest"
	"okoshko/bots/web/bundle"
)

// bundled is the widget as it would be built now.
var bundled = sync.OnceValues(func() (fs.FS, error) { return bundle.Widget(".") })

// policy is the strictest under which the widget has to live: the page allows
// the server's scripts and requests, and no markup made by scripts.
const policy = "default-src 'none'; script-src %[1]s 'nonce-page'; connect-src %[1]s %[2]s; style-src 'self'; " +
	"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// hostPage carries the widget as a supplier's site would.
const hostPage = `<!doctype html><html lang="ru"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Энергосбыт</title>
<link rel="stylesheet" href="/page.css">
<script nonce="page">
heard = [];
for (const name of ["open", "close", "message", "unread"])
  document.addEventListener("okoshko:" + name, e => heard.push(name));
window.okoshko = window.okoshko || function () { (okoshko.q = okoshko.q || []).push(arguments) };
okoshko("on", "open", () => heard.push("early open"));
</script>
<script async src="%s/widget.js" %s></script></head>
<body><header><h1>Энергосбыт</h1></header><main><p>Передавайте показания с 20 по 25 число. Оплатить счёт можно без комиссии.</p>
<p>Офис на Садовой работает с 9 до 18.</p></main></body></html>`

const pageStyle = `html{font-size:62.5%}body{margin:0;font:1.7rem/1.5 Georgia,serif;background:#fff;color:#222}
header{padding:24px 32px;background:#eef1f4}main{padding:24px 32px;max-width:640px}
button{text-transform:uppercase;color:red!important}@media(prefers-color-scheme:dark){body{background:#101418;color:#ddd}header{background:#1a2127}}`

func TestMain(m *testing.M) { browsertest.Main(m) }

// tab is a page with the widget.
type tab struct {
	t    *testing.T
	ctx  context.Context
	page string // its address
}

// newTab opens a page of another origin that carries the widget of s with the
// attributes.
func newTab(t *testing.T, s *server, attributes string) *tab {
	t.Helper()
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page.css" {
			w.Header().Set("Content-Type", "text/css")
			_, _ = w.Write([]byte(pageStyle))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", fmt.Sprintf(policy, s.URL, strings.Replace(s.URL, "http", "ws", 1)))
		_, _ = fmt.Fprintf(w, hostPage, s.URL, attributes)
	}))
	t.Cleanup(host.Close)
	s.set(func(s *server) { s.origin = host.URL })
	p := &tab{t: t, page: host.URL}
	p.begin()
	return p
}

// second opens the same page in another tab.
func (p *tab) second() *tab {
	p.t.Helper()
	other := &tab{t: p.t, page: p.page}
	other.begin()
	return other
}

// begin loads the page in a new tab.
func (p *tab) begin() {
	p.t.Helper()
	p.ctx = browsertest.Open(p.t, 1280, 800)
	p.do("open the page", chromedp.Navigate(p.page), p.until("document.querySelector('okoshko-chat')"))
}

func (p *tab) do(name string, actions ...chromedp.Action) {
	p.t.Helper()
	browsertest.Do(p.t, p.ctx, name, says, actions...)
}

const (
	root = "document.querySelector('okoshko-chat')?.shadowRoot"
	// says is everything that the widget shows.
	says = root + "?.querySelector('.panel')?.innerText ?? '(no panel)'"
	// patience is how long a journey waits for what must come.
	patience = browsertest.Patience
)

// find is a JavaScript expression for the last visible element of the widget
// that matches the selector and has the words as its text or name.
func find(selector, words string) string {
	return fmt.Sprintf("[...%s.querySelectorAll(%q)].findLast(e => e.offsetParent !== null && (!%q || (e.getAttribute('aria-label') ?? e.innerText).trim() === %q))",
		root, selector, words, words)
}

func (p *tab) until(expression string) chromedp.Action { return browsertest.Until(expression) }

// see waits until the log shows the words.
func (p *tab) see(words string) chromedp.Action {
	return p.until(fmt.Sprintf("%s.querySelector('.log')?.innerText.includes(%q)", root, words))
}

// count waits until so many elements match.
func (p *tab) count(selector string, n int) chromedp.Action {
	return p.until(fmt.Sprintf("%s.querySelectorAll(%q).length === %d", root, selector, n))
}

func (p *tab) press(selector, words string) chromedp.Action {
	return browsertest.Click(find(selector, words))
}

// say types and presses Enter, as a customer does.
func (p *tab) say(words string) chromedp.Action {
	return chromedp.Tasks{
		p.until(find("textarea", "")),
		chromedp.Evaluate(find("textarea", "")+".focus()", nil),
		chromedp.KeyEvent(words), browsertest.Enter,
	}
}

func (p *tab) open() chromedp.Action {
	return chromedp.Tasks{p.press(".launcher", ""), p.until(find(".panel", "") + "&& " + find(".state", "На связи"))}
}

func value[T any](p *tab, expression string) T {
	p.t.Helper()
	return browsertest.Value[T](p.t, p.ctx, expression)
}

// offline cuts the tab's network, and tells the page as a browser does; or
// brings it back.
func (p *tab) offline(off bool) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := network.EmulateNetworkConditionsByRule([]*network.Conditions{
			{Offline: off, DownloadThroughput: -1, UploadThroughput: -1},
		}).Do(ctx)
		if err != nil {
			return err
		}
		return network.OverrideNetworkState(off, 0, -1, -1).Do(ctx)
	})
}

// axe runs the accessibility checker on the widget, light and dark.
func (p *tab) axe(moment string) {
	p.t.Helper()
	browsertest.Axe(p.t, p.ctx, "okoshko-chat", moment)
}
