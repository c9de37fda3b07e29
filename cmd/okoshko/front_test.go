package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// The demo's front page, in a browser: its button asks in the chat, the bot
// answers, and nothing breaks the page's policy.
func TestFrontPage(t *testing.T) {
	t.Parallel()
	later(t)
	tab, s := newTab(t, 1440, 900), startServer(t)
	says := func(words string) chromedp.Action {
		return chromedp.Poll(fmt.Sprintf(`document.querySelector("okoshko-chat")?.shadowRoot.textContent.includes(%q)`, words), nil)
	}
	if err := chromedp.Run(tab,
		chromedp.Navigate(s.url(t)+"/?lang=ru"),
		chromedp.Poll(`customElements.get("okoshko-chat")`, nil),
		chromedp.Click(".button", chromedp.ByQuery),
		says("номер лицевого счёта"),
		chromedp.Evaluate(`okoshko("send", "0145201372")`, nil),
		says("последние 4 цифры"),
		// Another way in: from an answer's page, without a script of its own.
		chromedp.Navigate(s.url(t)+"/answers/readings-how?lang=ru"),
		chromedp.Click(".ask .button", chromedp.ByQuery),
		chromedp.WaitVisible("okoshko-chat", chromedp.ByQuery), // the front page is there
		chromedp.Poll(`document.querySelector("okoshko-chat").shadowRoot.querySelector("[role=dialog]")?.hidden === false`, nil),
		// And its own buttons come with a wish, which is said once.
		chromedp.Navigate(s.url(t)+"/answers/calculator?lang=ru"),
		chromedp.Click(`.acts a[href$="=tariffs"]`, chromedp.ByQuery),
		chromedp.WaitVisible("okoshko-chat", chromedp.ByQuery),
		says("Тарифы и калькулятор"),
		chromedp.Poll(`!location.hash`, nil),
	); err != nil {
		t.Fatal(err)
	}
}
