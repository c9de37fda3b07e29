package browsertest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdppage "github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// watch tells the test what a page's policy refuses, from its first moment on and
// on every page that follows it.
const watch = `document.addEventListener("securitypolicyviolation", e => policyRefused(e.violatedDirective + " " + e.blockedURI))`

// Open opens a tab of the shared browser, closed with the test. It believes that it
// is in front, as every tab does. The test fails when a page in it throws, or its
// policy refuses anything.
func Open(t testing.TB, width, height int64) context.Context {
	t.Helper()
	tab, end := chromedp.NewContext(Shared(t))
	tab, cancel := context.WithTimeout(tab, 5*Patience)
	t.Cleanup(func() {
		_ = chromedp.Cancel(tab)
		cancel()
		end()
	})
	chromedp.ListenTarget(tab, func(ev any) {
		switch e := ev.(type) {
		case *cdpruntime.EventExceptionThrown:
			t.Errorf("the page threw: %v", e.ExceptionDetails)
		case *cdpruntime.EventBindingCalled:
			t.Errorf("the page's policy refused %s", e.Payload)
		}
	})
	if err := chromedp.Run(tab, emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(width, height),
		cdpruntime.AddBinding("policyRefused"), chromedp.ActionFunc(func(ctx context.Context) error {
			_, err := cdppage.AddScriptToEvaluateOnNewDocument(watch).Do(ctx)
			return err
		})); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	return tab
}

// Do takes actions in a tab. What goes wrong ends the test, which then says what
// the page shows, a JavaScript expression.
func Do(t testing.TB, tab context.Context, what, shows string, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(tab, actions...); err != nil {
		ctx, cancel := context.WithTimeout(tab, 5*time.Second)
		defer cancel()
		var shown string
		_ = chromedp.Run(ctx, chromedp.Evaluate(shows, &shown))
		t.Fatalf("%s: %v; the page shows:\n%s", what, err, shown)
	}
}

// Body is what a page without shadow roots shows, for Do.
const Body = "document.body.innerText"

// Until waits for a JavaScript expression to be true.
func Until(expression string) chromedp.Action {
	return chromedp.Poll("Boolean("+expression+")", nil, chromedp.WithPollingTimeout(Patience), chromedp.WithPollingInterval(20*time.Millisecond))
}

// Enter is the key as a person strikes it: its letter is a part of it, so that a
// page can prevent both. chromedp.KeyEvent sends the letter apart.
var Enter = chromedp.Tasks{
	input.DispatchKeyEvent(input.KeyDown).WithKey("Enter").WithCode("Enter").WithText("\r").WithWindowsVirtualKeyCode(13),
	input.DispatchKeyEvent(input.KeyUp).WithKey("Enter").WithCode("Enter").WithWindowsVirtualKeyCode(13),
}

// Value evaluates an expression.
func Value[T any](t testing.TB, tab context.Context, expression string) (v T) {
	t.Helper()
	Do(t, tab, expression, Body, chromedp.Evaluate(expression, &v))
	return v
}
