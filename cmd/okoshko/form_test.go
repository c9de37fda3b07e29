package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"okoshko/bots/site/form"
	"okoshko/core/appeal/registry"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
)

// A customer fills in the secure form in a browser without JavaScript: wrong and
// hostile answers stand again beside what is wrong, the case is made once, the chat
// hears its number; tickets that are old, others' or cut open nothing.
func TestSecureFormInABrowser(t *testing.T) {
	t.Parallel()
	later(t)
	tab := newTab(t, 360, 800)
	g := newTelegramStage(t)
	if err := g.Do(t.Context(), "меню"); err != nil {
		t.Fatal(err)
	}
	address := func(c chat.Conversation) string {
		t.Helper()
		made, err := g.s.stores.db.OrderForm(t.Context(), registry.Effect{ID: "form", Conversation: c, At: g.Now()}, registry.FormOrder{
			Category: "Ж-5", Audience: knowledge.Individuals, Lang: "ru",
		})
		if err != nil {
			t.Fatal(err)
		}
		ticket, ok := g.s.stores.db.FormTicket(c, made.Sealed)
		if !ok {
			t.Fatal("the form opens nothing")
		}
		return g.s.url(t) + form.Path + "/" + ticket
	}
	run := func(actions ...chromedp.Action) {
		t.Helper()
		if err := chromedp.Run(tab, actions...); err != nil {
			t.Fatal(err)
		}
	}
	page := func() (at, text string) {
		t.Helper()
		run(chromedp.WaitVisible("main"), chromedp.Location(&at), chromedp.Text("main", &text))
		return at, text
	}
	fill := func(values map[string]string) {
		t.Helper()
		for name, value := range values {
			run(chromedp.SetValue("#"+name, value, chromedp.ByQuery))
		}
	}
	run(emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(address(g.conversation())))
	if at, text := page(); at != g.s.url(t)+form.Path || !strings.Contains(text, "Качество и надёжность") {
		t.Fatalf("%s shows\n%s", at, text)
	}
	shoot(t, tab, "form-empty")
	fill(map[string]string{
		"name": "Иванова Мария Петровна", "address": "г. Старогорск, ул. Садовая, 5-12", "event_at": "давно",
		"demand": strings.Repeat("я", 40_000), "birth_date": "04.05.1980", "birth_place": "г. Старогорск", "passport": "4500 12345",
		"phone": "+7 999 000-11-22", "email": "m@post.example", "text": `"><script>alert(1)</script>`,
	})
	run(chromedp.Click(`input[name="contact"][value="chat"]`), chromedp.Click(`input[name="answer_way"][value="chat"]`), chromedp.Click("button"), chromedp.WaitVisible("#trouble"))
	_, text := page()
	var written, passport string
	run(chromedp.Value("#text", &written), chromedp.Value("#passport", &passport))
	if !strings.Contains(text, "Проверьте 2 ответа") || !strings.Contains(text, "Напишите день, месяц и год") || written != `"><script>alert(1)</script>` || passport != "" {
		t.Fatalf("%q and %q stand in\n%s", written, passport, text)
	}
	shoot(t, tab, "form-flaws")
	fill(map[string]string{"event_at": "20.11.2026 18:30", "passport": "4500 123456", "birth_date": "04.05.1980", "birth_place": "г. Старогорск"})
	run(chromedp.Click("button"), chromedp.WaitVisible("main.done"))
	_, text = page()
	list, err := g.s.stores.db.CustomerCases(t.Context(), g.conversation(), "", 10)
	if err != nil || len(list.Lines) != 1 || !strings.Contains(text, list.Lines[0].Number.String()) {
		t.Fatalf("%d cases, %v\n%s", len(list.Lines), err, text)
	}
	shoot(t, tab, "form-done")
	run(chromedp.Navigate(g.s.url(t) + form.Path))
	if _, again := page(); !strings.Contains(again, list.Lines[0].Number.String()) {
		t.Errorf("shown again:\n%s", again)
	}
	told := func() (bool, error) {
		for _, m := range g.customer.Messages() {
			if strings.Contains(m.Text, list.Lines[0].Number.String()) {
				return true, nil
			}
		}
		return false, nil
	}
	if err := eventually(t.Context(), told); err != nil {
		t.Errorf("the chat does not hear of it: %v", err)
	}
	old, others := address(g.conversation()), address("tg:4040")
	// Somebody else's form is a blank one: nothing of him stands there.
	run(chromedp.Navigate(others))
	if _, text := page(); strings.Contains(text, list.Lines[0].Number.String()) || !strings.Contains(text, "Качество") {
		t.Errorf("somebody else's form shows\n%s", text)
	}
	g.s.clock.ahead.Add(int64(registry.FormLife + time.Minute))
	for name, address := range map[string]string{"an old one": old, "a cut one": old[:len(old)-9], "a changed one": old[:len(old)-9] + "AAAAAAAAA"} {
		var shown string
		run(chromedp.Navigate(address), chromedp.WaitVisible("main"), chromedp.AttributeValue("main", "class", &shown, nil))
		if shown != "gone" {
			t.Errorf("%s shows a page that is %q", name, shown)
		}
	}
	shoot(t, tab, "form-gone")
}

// shoot keeps pictures of the tab, as a phone and a desk have it, for a person to
// look at when the test is run with -artifacts.
func shoot(t *testing.T, tab context.Context, name string) {
	t.Helper()
	if !keeping {
		return
	}
	for _, width := range []int64{360, 1280} {
		var png []byte
		if err := chromedp.Run(tab, cdppage.BringToFront(), chromedp.EmulateViewport(width, 800), chromedp.CaptureScreenshot(&png)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d.png", name, width))
		if err := os.WriteFile(path, png, 0o644); err != nil { //nolint:gosec // a picture to look at
			t.Fatal(err)
		}
	}
	if err := chromedp.Run(tab, chromedp.EmulateViewport(360, 800)); err != nil {
		t.Fatal(err)
	}
}
