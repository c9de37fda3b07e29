package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"okoshko/bots/web/browsertest"
	"okoshko/core/desk"
)

// with is the element that shows a text, in the page's language.
func with(selector, text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].find(e => e.textContent.includes(%q))`, selector, text)
}

func see(selector, text string) chromedp.Action {
	return chromedp.Poll("!!"+with(selector, text), nil, chromedp.WithPollingTimeout(patience))
}

func press(selector, text string) chromedp.Action {
	return browsertest.Click(with(selector, text))
}

// The page and the server, with nothing between them: an operator signs in,
// takes the customer, talks with him, sends him a file and is left.
func TestConsolePage(t *testing.T) {
	t.Parallel()
	later(t)
	s, customer, c := counter(t)
	ctx := newTab(t, 1440, 900)
	do := func(what string, actions ...chromedp.Action) {
		t.Helper()
		if err := chromedp.Run(ctx, actions...); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	do("sign in", chromedp.Navigate(s.url(t)+"/console/"), chromedp.WaitVisible("#username"),
		chromedp.SendKeys("#username", "anna"), chromedp.SendKeys("#password", s.demoStaff["anna"]), press("button", "Войти"),
		see(".staff", "Анна"), see(".list", "Гость"))
	do("take", chromedp.Click(".take"), see(".log", "Диалог ведёт Анна"))
	hear(t, customer, "подключился специалист")
	do("type", chromedp.SendKeys("#composer", "Здравствуйте!"))
	if err := eventually(ctx, func() (bool, error) { return customer.Typing(), nil }); err != nil {
		t.Errorf("the customer does not see that somebody writes: %v", err)
	}
	do("say", press(".act", "Отправить"), see(".mine .mark", "доставлено"))
	hear(t, customer, "Здравствуйте!")
	bill := filepath.Join(t.TempDir(), "счёт.pdf")
	large := append([]byte("%PDF-1.7\n"), make([]byte, 6<<20)...) // more than http.body_limit
	if err := os.WriteFile(bill, large, 0o600); err != nil {
		t.Fatal(err)
	}
	do("attach", chromedp.SetUploadFiles("input[type=file]", []string{bill}, chromedp.ByQuery), see(".tray", "6 МБ"),
		chromedp.SendKeys("#composer", "Ваш счёт"), press(".act", "Отправить"), see(".log .mine", "Ваш счёт"))
	hear(t, customer, "Ваш счёт")
	if _, err := customer.SendPhoto(photo(), "мой счётчик"); err != nil {
		t.Fatal(err)
	}
	customer.SendLocation(55.1, 60.2)
	do("hear", see(".customer", "мой счётчик"), see(".customer", "55.100000, 60.200000"))
	if _, err := customer.Press("Вернуться к боту"); err != nil {
		t.Fatal(err)
	}
	do("be left", see(".customer", "Вернуться к боту"), see(".log", "Клиент вернулся к боту"))
	hear(t, customer, "дальше отвечаю я")
	if h, found, err := s.stores.db.LatestHandoff(t.Context(), c); err != nil || !found || h.State != desk.Closed {
		t.Errorf("the desk has %+v, %v", h, err)
	}
}
