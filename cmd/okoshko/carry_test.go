package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/bots/telegram/telegramtest"
)

// acts plays a customer of Telegram up to the end of what he hears.
func acts(t *testing.T, g *codeStage, all ...string) (heard string) {
	t.Helper()
	for _, act := range all {
		if err := g.Do(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		list, err := g.Hear(t.Context(), 1)
		if err != nil {
			t.Fatalf("after %q: %v", act, err)
		}
		heard = list[len(list)-1].Text
	}
	return heard
}

// follow returns what a browser does with the newest link of that name: the same
// address, on this server.
func follow(t *testing.T, g *telegramStage, label string) string {
	t.Helper()
	record := g.customer.Messages()
	for i := len(record) - 1; i >= 0; i-- {
		if b, ok := record[i].Button(label); ok && b.URL != "" {
			u, err := url.Parse(b.URL)
			if err != nil || u.RawQuery != "" || u.Host != "chat.example" {
				t.Fatalf("a ticket must not be sent to a server: %s, %v", u.Redacted(), err)
			}
			return g.s.url(t) + "/?lang=ru#" + u.Fragment
		}
	}
	t.Fatalf("no link %q in\n%s", label, g.customer)
	return ""
}

// A conversation goes from Telegram to the widget in a browser, with its account
// and what its customer was at, and back; the link opens nothing a second time,
// no address, log or row keeps it, and where it came from ends it with one press.
func TestCarriedToTheSiteAndBack(t *testing.T) {
	t.Parallel()
	var database string
	g := newTelegramStage(t, func(c *Config) {
		c.HTTP.PublicURL, database = "https://chat.example", c.Postgres.URL.Reveal()
	})
	in := &codeStage{Stage: g, s: g.s}
	acts(t, in, "Лицевой счёт", "[Согласен]", "0145201372", "5093", "[СМС на ***01]", "(code)", "Счёт и оплата", "Продолжить на сайте")
	link := follow(t, g, "Открыть сайт")

	maria := enter(t, g.s, link, "okoshko-chat")
	maria.do("be asked", maria.hears("Чтобы показывать здесь ******1372"))
	var address string
	maria.do("see the address", chromedp.Evaluate("location.href", &address))
	if strings.Contains(address, "okoshko=") {
		t.Errorf("the ticket stays in the address: %s", address)
	}
	maria.at("16-carried")
	maria.do("agree", maria.clicks(".choice", "Согласен"), maria.hears("разговор из Telegram перенесён"),
		maria.hears("Из чего сложилось")) // the bill, which he was at
	maria.at("17-arrived")
	told, err := in.Hear(t.Context(), 1)
	if err != nil || !strings.Contains(told[0].Text, "продолжен на сайте") {
		t.Fatalf("Telegram hears %v, %v", told, err)
	}
	maria.do("follow it again", chromedp.Navigate("about:blank"), chromedp.Navigate(link), maria.hears("уже не действует"))

	maria.do("go back", maria.writes("Продолжить в Telegram"), maria.sees(".choice", "Открыть Telegram"))
	var back string
	maria.do("see the way back", chromedp.Evaluate(fmt.Sprintf(element, ".choice", "Открыть Telegram")+".href", &back))
	bot, err := url.Parse(back)
	if err != nil || bot.Path != "/demo/telegram" || bot.Query().Get("start") == "" {
		t.Fatalf("back by %s, %v", bot.Redacted(), err)
	}
	g.customer.Start(bot.Query().Get("start"))
	if heard, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(heard[0].Text, "продолжаем разговор с сайта") {
		t.Errorf("back in Telegram: %v, %v", heard, err)
	}
	acts(t, in, "[Это не я, отвязать]")
	maria.do("be told", maria.hears("отвязан от этого чата"))
	maria.at("18-undone")

	for _, secret := range []string{link[strings.LastIndex(link, "=")+1:], bot.Query().Get("start")} {
		if secret == "" || strings.Contains(kept(t, database), secret) {
			t.Errorf("a ticket of %d letters is kept in the database", len(secret))
		}
	}
}

// kept is what the database holds of conversations.
func kept(t *testing.T, database string) string {
	t.Helper()
	var all string
	if err := pgtest.Conn(t, database).QueryRow(t.Context(), `
		SELECT concat((SELECT string_agg(e::text, '') FROM effects e), (SELECT string_agg(k::text, '') FROM tickets k),
			(SELECT string_agg(encode(body, 'escape'), '') FROM messages), (SELECT string_agg(encode(state, 'escape'), '') FROM conversations),
			(SELECT string_agg(args::text, '') FROM river_job))`).Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// In Telegram somebody else's link opens for whoever has it, once, with his own
// consent, and shows no more than a new link does; the customer whose it was hears
// of it at once and ends it. Text that is no ticket is a greeting.
func TestASlippedTicket(t *testing.T) {
	t.Parallel()
	g := newWebStage(t, 7)
	in := &codeStage{Stage: g, s: g.s}
	acts(t, in, "Лицевой счёт", "[Согласен]", "0145201372", "5093", "[СМС на ***01]", "(code)", "Продолжить в Telegram")
	start := ""
	for _, e := range g.client.View().Entries {
		if e.Message == nil {
			continue
		}
		for _, ch := range e.Message.Choices {
			if _, payload, ok := strings.Cut(ch.Link, "?start="); ok {
				start = payload
			}
			if ch.Ticket != nil {
				t.Error("the widget is given what is sealed")
			}
		}
	}
	if len(start) != 43 {
		t.Fatalf("no ticket in the widget's log")
	}
	stranger := &telegramStage{s: g.s, customer: g.s.emulator.Customer(666, telegramtest.Profile{First: "Пётр", Language: "ru"})}
	stranger.customer.Start("readings")
	stranger.customer.Start(strings.ToUpper(start))
	their := &codeStage{Stage: stranger, s: g.s}
	stranger.customer.Start(start)
	var asked string // after what the other two starts are answered with, however many messages that is
	for !strings.Contains(asked, "******1372") {
		heard, err := their.Hear(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range heard {
			asked = h.Text
			if strings.Contains(asked, "0145201372") {
				t.Fatalf("a stranger is told: %s", asked)
			}
		}
	}
	acts(t, their, "[Согласен]")
	told, err := in.Hear(t.Context(), 1)
	if err != nil || !strings.Contains(told[len(told)-1].Text, "продолжен в Telegram") {
		t.Fatalf("the customer hears %v, %v", told, err)
	}
	acts(t, in, "[Это не я, отвязать]")
	if list, err := g.s.stores.db.Links(t.Context(), stranger.conversation(), g.Now()); err != nil || len(list) != 0 {
		t.Errorf("the stranger keeps %v, %v", list, err)
	}
	mine, err := g.conversation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if list, err := g.s.stores.db.Links(t.Context(), mine, g.Now()); err != nil || len(list) != 1 {
		t.Errorf("the customer has %v, %v", list, err)
	}
}
