package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okoshko/bots/web"
)

// The demo's front page, in a browser: its button asks in the chat, the bot
// answers, and nothing breaks the page's policy.
func TestFrontPage(t *testing.T) {
	t.Parallel()
	if _, err := web.Embedded(); errors.Is(err, web.ErrNotBuilt) && os.Getenv("CI") != "true" {
		t.Skip("the widget is not built: make web")
	}
	i := slices.IndexFunc([]string{"chromium", "chromium-browser", "google-chrome"}, func(name string) bool {
		_, err := exec.LookPath(name)
		return err == nil
	})
	if i < 0 && os.Getenv("CI") != "true" {
		t.Skip("there is no Chromium on the PATH")
	}
	s := startServer(t)
	dir, err := os.MkdirTemp("", "okoshko-front-") // Chromium may still write while it ends
	if err != nil {
		t.Fatal(err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.NoSandbox, chromedp.UserDataDir(dir),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-dev-shm-usage", true))
	ctx, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until it has ended
		end()
		stop()
		_ = os.RemoveAll(dir)
	})
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as the first context that it is given
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var refused []string
	says := func(words string) chromedp.Action {
		return chromedp.Poll(fmt.Sprintf(`document.querySelector("okoshko-chat")?.shadowRoot.textContent.includes(%q)`, words), nil)
	}
	if err := chromedp.Run(limited,
		chromedp.Navigate(s.url(t)+"/?lang=ru"),
		chromedp.Evaluate(`refused = []; document.addEventListener("securitypolicyviolation", e => refused.push(e.violatedDirective + " " + e.blockedURI)); 0`, nil),
		chromedp.Poll(`customElements.get("okoshko-chat")`, nil),
		chromedp.Click(".button", chromedp.ByQuery),
		says("номер лицевого счёта"),
		chromedp.Evaluate(`okoshko("send", "0145201372")`, nil),
		says("последние 4 цифры"),
		chromedp.Evaluate("refused", &refused),
	); err != nil {
		t.Fatal(err)
	}
	if len(refused) > 0 {
		t.Errorf("the page's policy refused %v", refused)
	}
}
