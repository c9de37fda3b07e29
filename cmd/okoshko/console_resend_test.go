package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// An answer goes once more when who may answer says so, and never because two have
// pressed or one request came twice; that it went stands in the case (R-5.2.6-e).
func TestAnAnswerIsSentAgainOnPurpose(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	olga := o.hire(t, "again-1", "Ольга", nil, staff.ReceptionSpecialist)
	vera := o.hire(t, "again-2", "Вера", nil, staff.ReceptionSpecialist)
	n := o.file("В-0", appeal.Question, "email", "email")
	olga.does(t, n, "take", nil)
	_, saved, err := olga.keeps(n, "", "Расход вырос.")
	if err != nil {
		t.Fatal(err)
	}
	id, _ := saved["id"].(string)
	by := func(way string, more ...string) map[string]any {
		body := map[string]any{"reply": id, "way": way}
		for _, m := range more {
			body[m] = true
		}
		return body
	}
	if status, said := olga.deed(t, n, "resend", by("email", "again")); status != http.StatusBadRequest {
		t.Errorf("a draft: %d %v", status, said)
	}
	olga.does(t, n, "answer", map[string]any{"reply": id})
	o.delivered(id, "email", registry.Sent)
	refused := func(what string, k *clerk, body map[string]any, event string, status int, code string) {
		t.Helper()
		if got, said := k.deed(t, n, event, body); got != status || said["error"] != code || said["said"] == nil {
			t.Errorf("%s: %d %v, want %d %s", what, got, said, status, code)
		}
	}
	refused("it has gone", olga, by("email"), "resend", http.StatusConflict, "case_delivered")
	refused("another's case", vera, by("email", "again"), "resend", http.StatusConflict, "case_taken")
	refused("by pigeon", olga, by("pigeon", "again"), "resend", http.StatusBadRequest, "case_way")
	refused("another case's answer", olga, map[string]any{"reply": "ОБ-2026-000999/1", "way": "email"}, "resend", http.StatusBadRequest, "case_letter")
	refused("no answer", olga, map[string]any{"way": "email"}, "resend", http.StatusBadRequest, "case_reply")
	refused("a letter that nobody prints", olga, by("post"), "posted", http.StatusConflict, "case_no_letter")
	refused("an e-mail in the post", olga, by("email"), "posted", http.StatusBadRequest, "case_way")

	// The same request three times, and a second one from a page that has not seen it.
	seen, err := olga.must(http.MethodGet, caseAt(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	body := by("email", "again")
	body["id"], body["revision"], body["event"] = "again-and-again", seen["revision"], "resend"
	for range 3 {
		if status, said, err := olga.ask(http.MethodPost, caseAt(n, "/do"), body); err != nil || status != http.StatusOK {
			t.Fatalf("%d %v, %v", status, said, err)
		}
	}
	body["id"] = "another-press"
	if status, said, err := olga.ask(http.MethodPost, caseAt(n, "/do"), body); err != nil || status != http.StatusConflict || said["error"] != "case_moved" {
		t.Errorf("from a page that is late: %d %v, %v", status, said, err)
	}
	o.within("the second letter", func() bool {
		list, err := o.stores.db.Deliveries(t.Context(), id)
		return err == nil && len(list) == 2 && list[1].Status == registry.Sent && list[1].By == o.accountOf(t, olga).ID
	})

	// By post it waits for the person who posts it, who alone says that it has gone.
	olga.does(t, n, "resend", by("post"))
	refused("it waits to be posted", olga, by("post", "again"), "resend", http.StatusConflict, "case_sending")
	refused("posted by another", vera, by("post"), "posted", http.StatusConflict, "case_taken")
	last := olga.does(t, n, "posted", by("post"))
	refused("posted twice", olga, by("post"), "posted", http.StatusConflict, "case_no_letter")
	if history := fmt.Sprint(last["history"]); strings.Count(history, "event:resend") != 2 || strings.Count(history, "event:posted") != 1 || !strings.Contains(history, "Письмом по почте") {
		t.Errorf("the history: %s", history)
	}
	if lines, err := o.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.CaseResend, Limit: 10}); err != nil || len(lines) != 2 {
		t.Errorf("the audit: %v, %v", lines, err)
	}
}
