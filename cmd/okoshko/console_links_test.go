package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"okoshko/core/audit"
	"okoshko/core/staff"
)

// A customer calls that a chat is not his: whoever may looks for the account,
// ends the link for a reason, the chat is told, and the audit knows all of it.
func TestStaffEndALink(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t)
	in := &codeStage{Stage: g, s: g.s}
	acts(t, in, "Лицевой счёт", "[Согласен]", "0145201372", "5093", "[СМС на ***01]", "(code)")
	k := g.s.employ(t, "caller", staff.Operator)
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]string{
		"0145201373": "400 account", // a typing mistake
		"0100000009": "404 account", "": "400 account", "'; DROP TABLE links; --": "400 account", strings.Repeat("9", 4000): "400 account",
	} {
		status, said, err := k.ask("POST", "/links", map[string]string{"account": account})
		if got := fmt.Sprint(status, " ", said["error"]); err != nil || got != want {
			t.Errorf("%.20q: %s, %v", account, got, err)
		}
	}
	said, err := k.must("POST", "/links", map[string]string{"account": "0145201372"})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := said["links"].([]any)
	if len(list) != 1 {
		t.Fatalf("links: %v", said)
	}
	link, _ := list[0].(map[string]any)
	if link["channel"] != "tg" || strings.Contains(fmt.Sprint(link), string(g.conversation())) {
		t.Errorf("the page is told whose chat it is: %v", link)
	}
	path := fmt.Sprintf("/links/%v/end", link["id"])
	for _, reason := range []string{"", "  ", "нет", strings.Repeat("д", 301)} {
		if status, said, _ := k.ask("POST", path, map[string]string{"reason": reason}); status != http.StatusBadRequest || said["error"] != "reason" {
			t.Errorf("ended for %.10q: %d %v", reason, status, said)
		}
	}
	const reason = "Владелец позвонил: чат не его"
	if status, said, err := k.ask("POST", path, map[string]string{"reason": reason}); status != http.StatusNoContent || err != nil {
		t.Fatalf("%d %v, %v", status, said, err)
	}
	if status, _, _ := k.ask("POST", path, map[string]string{"reason": reason}); status != http.StatusNotFound {
		t.Errorf("ended again: %d", status)
	}
	if heard, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(heard[0].Text, "отвязан от этого чата нашим сотрудником") {
		t.Errorf("the chat hears %v, %v", heard, err)
	}
	if left, err := g.s.stores.db.Links(t.Context(), g.conversation(), g.Now()); err != nil || len(left) != 0 {
		t.Errorf("still linked: %v, %v", left, err)
	}
	for act, want := range map[audit.Act]int{audit.LinksLook: 2, audit.LinkEnd: 1} {
		lines, err := g.s.stores.db.ListAudit(t.Context(), audit.Filter{Act: act, Limit: 10})
		if err != nil || len(lines) != want {
			t.Fatalf("%s: %d lines, %v", act, len(lines), err)
		}
		for _, l := range lines {
			if l.Staff == 0 || strings.Contains(fmt.Sprint(l), "0145201372") || act == audit.LinkEnd && (l.Reason != reason || l.Subject != "******1372") {
				t.Errorf("%s: %+v", act, l)
			}
		}
	}
}

// The same on the page: a wrong number, an account without chats, a chat that is
// kept, and then ended for a reason.
func TestLinksPage(t *testing.T) {
	t.Parallel()
	later(t)
	g := newTelegramStage(t)
	in := &codeStage{Stage: g, s: g.s}
	acts(t, in, "Лицевой счёт", "[Согласен]", "0145201372", "5093", "[СМС на ***01]", "(code)")
	k := g.s.employ(t, "caller", staff.Operator)
	o := &office{t, newTab(t, 1280, 800)}
	o.do("sign in", chromedp.Navigate(apart(g.s.url(t))+"/console/"), o.signIn(k.login, k.password),
		see(".sections", "Привязки"), press(".sections button", "Привязки"), chromedp.WaitVisible("#links-number"))
	find := func(number string) chromedp.Action {
		return chromedp.Tasks{fill("#links-number", number), press(".line button", "Найти")}
	}
	o.do("mistype the number", find("0145201373"), see(".trouble", "Такого счёта нет"))
	o.at("links-01-mistyped")
	o.do("look at an account without chats", find("0344172085"), see(".empty", "не привязан ни один чат"))
	o.do("look at one with a chat", find("0145201372"), see(".links", "Телеграм"))
	o.at("links-02-found")
	o.do("keep it", press(".links button", "Отвязать…"), chromedp.WaitVisible(".ending"), press(".ending button", "Оставить"), see(".links", "Отвязать…"))
	o.do("begin to end it", press(".links button", "Отвязать…"), chromedp.WaitVisible(".ending"))
	var off bool
	o.do("see that a reason is needed", chromedp.Evaluate(`document.querySelector(".ending .act").disabled`, &off))
	if !off {
		t.Error("a link can be ended without a reason")
	}
	o.do("say why", chromedp.SendKeys(".ending input", "Клиент звонил: это не его чат"))
	o.at("links-03-reason")
	o.do("end it", press(".ending .act", "Отвязать чат"), see("#page", "Чат отвязан"), see(".empty", "не привязан ни один чат"))
	left, found, err := g.s.stores.db.AccountLinks(t.Context(), "0145201372", g.s.clock.Now())
	if err != nil || !found || len(left) != 0 {
		t.Errorf("%d links are left, %v, %v", len(left), found, err)
	}
}
