package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"okoshko/core/audit"
	"okoshko/core/staff"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/turn"
)

// put has something stand in quarantine.
func (g *telegramStage) put(t *testing.T, id string, payload any) {
	t.Helper()
	c := turn.Casualty{ID: id, At: g.Now(), Cause: "step on text: a mistake of ours"}
	switch p := payload.(type) {
	case string: // an update that could not be read
		c.Payload, c.Cause = []byte(p), "it is no update"
	case dialog.Event:
		c.Conversation = p.Conversation
		var err error
		if c.Payload, err = json.Marshal(map[string]any{"kind": p.Kind.String(), "event": p}); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.s.stores.db.Put(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// What could not be taken is looked after: its text shown to those alone who
// may read it, taken once more, its conversation begun anew, put away; each for a reason
// that is written down.
func TestStaffReleaseWhatCouldNotBeTaken(t *testing.T) {
	t.Parallel()
	g := newTelegramStage(t)
	in := &codeStage{Stage: g, s: g.s}
	lidia, admin := g.s.hire(t, "aside-lidia", "Лидия", nil, staff.Supervisor), g.s.hire(t, "aside-admin", "Админ", nil, staff.Admin)
	anna := g.s.hire(t, "aside-anna", "Анна", nil, staff.Operator)
	acts(t, in, "/start", "Передать показания")
	event := dialog.Event{ID: "tg:b:77", Conversation: g.conversation(), Kind: dialog.Text, Text: "меню", At: g.Now(), Now: g.Now()}
	g.put(t, "tg:b:77", event)
	update := fmt.Sprintf(`{"update_id":990001,"message":{"message_id":99001,"date":%d,"text":"меню","chat":{"id":%[2]d,"type":"private"},"from":{"id":%[2]d,"is_bot":false,"first_name":"Мария"}}}`,
		g.Now().Unix(), g.customer.ID())
	g.put(t, "tg:b:990001", update)
	g.put(t, "tg:b:x1", `{"update_id":`)
	timer := event
	timer.ID, timer.Kind, timer.Text = "timer:1", dialog.Timer, "remind"
	g.put(t, "timer:1", timer)

	listed := func(k *clerk) map[string]map[string]any {
		t.Helper()
		said, err := k.must(http.MethodGet, "/quarantine", nil)
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(said); strings.Contains(text, "меню") || strings.Contains(text, "Мария") {
			t.Errorf("the list tells what was written: %s", text)
		}
		list, _ := said["casualties"].([]any)
		found := map[string]map[string]any{}
		for _, one := range list {
			row, _ := one.(map[string]any)
			found[fmt.Sprint(row["id"])] = row
		}
		return found
	}
	asks := func(k *clerk, what, id, reason, want string) map[string]any {
		t.Helper()
		status, said, err := k.ask(http.MethodPost, "/quarantine/"+what, map[string]string{"id": id, "reason": reason})
		got := fmt.Sprint(status)
		if said["error"] != nil {
			got = fmt.Sprint(status, " ", said["error"])
		}
		if err != nil || got != want {
			t.Errorf("%s %s of %s: %s, %v; not %s", k.login, what, id, got, err, want)
		}
		return said
	}
	found := listed(admin)
	if len(found) != 4 || found["tg:b:x1"]["channel"] != "tg" || found["tg:b:77"]["conversation"] != string(g.conversation()) {
		t.Errorf("listed: %v", found)
	}
	const reason = "ошибка исправлена"
	if status, _, _ := anna.ask(http.MethodGet, "/quarantine", nil); status != http.StatusForbidden {
		t.Errorf("an operator sees it: %d", status)
	}
	asks(anna, "again", "tg:b:77", reason, "403 permission")
	asks(admin, "look", "tg:b:77", reason, "403 permission")
	asks(lidia, "look", "tg:b:77", "", "400 reason")
	if said := asks(lidia, "look", "tg:b:77", reason, "200"); said["text"] != "меню" {
		t.Errorf("the message: %v", said)
	}
	asks(lidia, "again", "nothing", reason, "404 not_found")
	asks(lidia, "again", "tg:b:x1", reason, "409 casualty_final")
	asks(lidia, "again", "timer:1", reason, "409 casualty_final")
	asks(lidia, "reset", "tg:b:x1", reason, "409 casualty_nobody")
	if heard, _ := in.Hear(t.Context(), 0); len(heard) != 0 {
		t.Fatalf("the customer hears %v", heard)
	}

	asks(admin, "again", "tg:b:77", reason, "204")
	if heard, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(heard[0].Text, "Выберите действие") {
		t.Errorf("taken again: %v, %v", heard, err)
	}
	asks(lidia, "again", "tg:b:990001", reason, "204")
	if heard, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(heard[0].Text, "Выберите действие") {
		t.Errorf("an update taken again: %v, %v", heard, err)
	}
	acts(t, in, "Передать показания", "0145201372")
	asks(lidia, "reset", "timer:1", reason, "204")
	if heard, err := in.Hear(t.Context(), 1); err != nil || !strings.Contains(heard[0].Text, "начали его заново") {
		t.Errorf("begun anew: %v, %v", heard, err)
	}
	if heard := acts(t, in, "5093"); !strings.Contains(heard, "Введите номер лицевого счёта") {
		t.Errorf("the form that was open still is: %q", heard)
	}
	asks(admin, "drop", "tg:b:x1", reason, "204")
	asks(admin, "drop", "tg:b:x1", reason, "404 not_found")
	if left := listed(lidia); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	for act, want := range map[audit.Act]int{audit.QuarantineLook: 1, audit.QuarantineAgain: 2, audit.QuarantineReset: 1, audit.QuarantineDrop: 1} {
		lines, err := g.s.stores.db.ListAudit(t.Context(), audit.Filter{Act: act, Limit: 10})
		if err != nil || len(lines) != want {
			t.Errorf("%s: %d lines, %v", act, len(lines), err)
		}
		for _, l := range lines {
			if l.Staff == 0 || l.Reason != reason || l.Subject == "" || strings.Contains(fmt.Sprint(l), "меню") {
				t.Errorf("%s: %+v", act, l)
			}
		}
	}
}
