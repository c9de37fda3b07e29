package consoletest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"okoshko/bots/web"
	"okoshko/bots/web/browsertest"
	"okoshko/bots/web/bundle"
	"okoshko/bots/web/consoletest"
)

type object = consoletest.Object

var (
	anna  = consoletest.Staff{ID: 3, Login: "anna", Name: "Анна", Password: "правильный пароль"}
	boris = consoletest.Staff{ID: 4, Login: "boris", Name: "Борис", Password: "другой пароль"}
)

// assets is the console as it would be built now.
var assets = sync.OnceValues(func() (*web.Console, error) {
	files, err := bundle.Console("..")
	if err != nil {
		return nil, err
	}
	return web.NewConsole(files)
})

func serve(t *testing.T) *consoletest.Server {
	t.Helper()
	a, err := assets()
	if err != nil {
		t.Fatal(err)
	}
	s := consoletest.New(a, anna, boris)
	t.Cleanup(func() {
		s.Drop()
		s.CloseClientConnections()
		s.Close()
		for _, fault := range s.Faults {
			t.Errorf("the page broke the API: %s", fault)
		}
	})
	return s
}

func TestMain(m *testing.M) { browsertest.Main(m) }

// tab is a page with the console.
type tab struct {
	t   *testing.T
	ctx context.Context
	s   *consoletest.Server
}

// open opens the console in a tab, which shares the cookies of the server's other
// tabs.
func open(t *testing.T, s *consoletest.Server) *tab {
	t.Helper()
	p := &tab{t, browsertest.Open(t, 1440, 900), s}
	p.do("open the page", emulation.SetTimezoneOverride("Europe/Moscow"), chromedp.Navigate(s.URL+"/console/"), p.until("document.querySelector('form, .list')"))
	return p
}

// desk opens the console and signs in.
func desk(t *testing.T, s *consoletest.Server, who consoletest.Staff) *tab {
	t.Helper()
	p := open(t, s)
	p.do("sign in", p.signIn(who), p.until("document.querySelector('.list section')"))
	return p
}

func (p *tab) signIn(who consoletest.Staff) chromedp.Action {
	return chromedp.Tasks{p.fill("#username", who.Login), p.fill("#password", who.Password), browsertest.Enter}
}

func (p *tab) do(name string, actions ...chromedp.Action) {
	p.t.Helper()
	browsertest.Do(p.t, p.ctx, name, browsertest.Body, actions...)
}

// find is a JavaScript expression for the last visible element that matches
// the selector and has the words as its text or name.
func find(selector, words string) string {
	return fmt.Sprintf("[...document.querySelectorAll(%q)].filter(e => e.getClientRects().length && (!%q || (e.getAttribute('aria-label') ?? e.innerText).trim() === %q)).at(-1)",
		selector, words, words)
}

func (p *tab) until(expression string) chromedp.Action { return browsertest.Until(expression) }

// see waits until an element shows the words.
func (p *tab) see(selector, words string) chromedp.Action {
	return p.until(fmt.Sprintf("[...document.querySelectorAll(%q)].some(e => e.innerText.includes(%q))", selector, words))
}

func (p *tab) press(selector, words string) chromedp.Action {
	return browsertest.Click(find(selector, words))
}

func (p *tab) fill(selector, words string) chromedp.Action {
	return chromedp.Tasks{p.until("(e => e && (e.focus(), e.select(), true))(" + find(selector, "") + ")"), chromedp.KeyEvent(words)}
}

// focused waits until the keyboard is in an element.
func (p *tab) focused(selector string) chromedp.Action {
	return p.until(fmt.Sprintf("document.activeElement?.matches(%q)", selector))
}

// say types into the composer and presses Enter.
func (p *tab) say(words string) chromedp.Action {
	return chromedp.Tasks{p.fill("#composer", words), browsertest.Enter}
}

// eventually waits until something holds on the server.
func (p *tab) eventually(name string, holds func(s *consoletest.Server) bool) {
	p.t.Helper()
	deadline := time.Now().Add(browsertest.Patience)
	for ok := false; !ok; {
		p.s.Do(func(s *consoletest.Server) { ok = holds(s) })
		if !ok && time.Now().After(deadline) {
			p.t.Fatalf("%s: it never came about", name)
		}
		if !ok {
			time.Sleep(20 * time.Millisecond) // there is no event to wait for
		}
	}
}

func value[T any](p *tab, expression string) T {
	p.t.Helper()
	return browsertest.Value[T](p.t, p.ctx, expression)
}

func offline(off bool) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		return network.OverrideNetworkState(off, 0, -1, -1).Do(ctx)
	})
}

// axe runs the accessibility checker on the whole page, light and dark.
func (p *tab) axe(moment string) {
	p.t.Helper()
	browsertest.Axe(p.t, p.ctx, ":root", moment)
}
