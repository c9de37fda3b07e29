package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

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
