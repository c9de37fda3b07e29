package consoletest_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
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

// open opens the console in a tab; every tab believes that it is in front, and
// shares the cookies of the server's other tabs.
func open(t *testing.T, s *consoletest.Server) *tab {
	t.Helper()
	ctx, end := chromedp.NewContext(browsertest.Shared(t))
	ctx, cancel := context.WithTimeout(ctx, 5*browsertest.Patience)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		end()
	})
	p := &tab{t, ctx, s}
	chromedp.ListenTarget(ctx, func(ev any) {
		if e, ok := ev.(*cdpruntime.EventExceptionThrown); ok {
			t.Errorf("the page threw: %v", e.ExceptionDetails)
		}
	})
	const watch = `refused = []; document.addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI))`
	p.do("open the page", emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(1440, 900), emulation.SetTimezoneOverride("Europe/Moscow"),
		chromedp.Navigate(s.URL+"/console/"), chromedp.Evaluate(watch, nil), p.until("document.querySelector('form, .list')"))
	t.Cleanup(func() {
		var refused []string
		if err := chromedp.Run(ctx, chromedp.Evaluate("globalThis.refused ?? []", &refused)); err == nil && len(refused) > 0 {
			t.Errorf("the page's policy refused: %v", refused)
		}
	})
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
	return chromedp.Tasks{p.fill("#username", who.Login), p.fill("#password", who.Password), enter()}
}

func (p *tab) do(name string, actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		var says string
		ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
		defer cancel()
		_ = chromedp.Run(ctx, chromedp.Evaluate("document.body.innerText", &says))
		p.t.Fatalf("%s: %v; the page says:\n%s", name, err, says)
	}
}

// find is a JavaScript expression for the last visible element that matches
// the selector and has the words as its text or name.
func find(selector, words string) string {
	return fmt.Sprintf("[...document.querySelectorAll(%q)].filter(e => e.getClientRects().length && (!%q || (e.getAttribute('aria-label') ?? e.innerText).trim() === %q)).at(-1)",
		selector, words, words)
}

// until waits for a JavaScript expression to be true.
func (p *tab) until(expression string) chromedp.Action {
	return chromedp.Poll("Boolean("+expression+")", nil, chromedp.WithPollingTimeout(browsertest.Patience), chromedp.WithPollingInterval(20*time.Millisecond))
}

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

// enter presses Enter as a keyboard does: a page that prevents the press gets
// no new line, which chromedp's own event would still bring.
func enter() chromedp.Action {
	event := func(kind input.KeyType) *input.DispatchKeyEventParams {
		return input.DispatchKeyEvent(kind).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13).WithNativeVirtualKeyCode(13)
	}
	return chromedp.Tasks{event(input.KeyRawDown), event(input.KeyChar).WithText("\r").WithUnmodifiedText("\r"), event(input.KeyUp)}
}

// say types into the composer and presses Enter.
func (p *tab) say(words string) chromedp.Action {
	return chromedp.Tasks{p.fill("#composer", words), enter()}
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
	var v T
	p.do(expression, chromedp.Evaluate(expression, &v))
	return v
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
