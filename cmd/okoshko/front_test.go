package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"okoshko/bots/web"
	"okoshko/bots/web/browsertest"
)

// The demo's front page, in a browser: its button asks in the chat, the bot
// answers, and nothing breaks the page's policy.
func TestFrontPage(t *testing.T) {
	t.Parallel()
	if _, err := web.Embedded(); errors.Is(err, web.ErrNotBuilt) && os.Getenv("CI") != "true" {
		t.Skip("the widget is not built: make web")
	}
	s := startServer(t)
	limited, cancel := context.WithTimeout(browsertest.New(t), time.Minute)
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
