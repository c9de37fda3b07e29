package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/appeal/life"
	"okoshko/core/audit"
	"okoshko/core/privacy"
	"okoshko/core/staff"
)

// An answer is proposed by one and published by another; what tells of a person
// holds it up until it is taken out or somebody who may has said why it can stay
// (R-5.2.10-d; spec §3.5).
func TestPublicationInTheConsole(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "chat", "chat")
	olga, lidia := o.clerk("olga"), o.clerk("lidia")
	for _, k := range []*clerk{olga, lidia} {
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
	}
	path, clicks := "/publications/"+url.PathEscape(n.String()), 0
	take := func(k *clerk, step string, more map[string]any) (int, map[string]any) {
		t.Helper()
		now, err := k.must("GET", path, nil)
		if err != nil {
			t.Fatal(err)
		}
		clicks++
		body := map[string]any{"id": fmt.Sprintf("click-%04d", clicks), "revision": now["revision"], "step": step, "section": "bills", "audience": "both", "lang": "ru"}
		for name, value := range more {
			body[name] = value
		}
		status, said, err := k.ask("POST", path, body)
		if err != nil {
			t.Fatal(err)
		}
		return status, said
	}
	words := func(question, answer string) map[string]any {
		return map[string]any{"question": question, "answer": answer}
	}
	good := words("Почему вырос счёт?", "Расход вырос: работал обогреватель. Спросите у Анны Сергеевны.")

	// Nothing to publish before the customer has his answer.
	if status, said := take(olga, "propose", good); status != http.StatusConflict || said["error"] != "case_state" {
		t.Errorf("before the answer: %d %v", status, said)
	}
	o.answers("olga", n, "Расход вырос.")
	for name, row := range map[string]struct {
		more  map[string]any
		error string
	}{
		"nothing":           {words("", ""), "case_excerpt"},
		"a long question":   {words(strings.Repeat("я", 61), "Да."), "excerpt_long"},
		"a placeholder":     {words("Сколько?", "{phone}"), "excerpt_signs"},
		"another section":   {map[string]any{"question": "Сколько?", "answer": "Много.", "section": "'; DROP TABLE"}, "case_excerpt"},
		"the customer":      {words("Почему вырос счёт у Ивановой?", "Расход вырос."), "excerpt_open"},
		"his address":       {words("Почему вырос счёт?", "На Лыжной, 14 меняли счётчик."), "excerpt_open"},
		"his mailbox":       {words("Почему вырос счёт?", "Написали на demo01@post.example."), "excerpt_open"},
		"a likely name":     {good, "excerpt_open"},
		"a step that is no": {map[string]any{"step": "burn"}, "invalid"},
	} {
		step := "propose"
		if s, ok := row.more["step"].(string); ok {
			step = s
		}
		status, said := take(olga, step, row.more)
		if status < 400 || said["error"] != row.error {
			t.Errorf("%s: %d %v, want %s", name, status, said, row.error)
		}
	}
	// Who has written it lets stand what is likely, never what is certain.
	let := func(kind, words, reason string) []map[string]string {
		return []map[string]string{{"kind": kind, "words": words, "reason": reason}}
	}
	certain := words("Почему вырос счёт у Ивановой?", "Расход вырос.")
	certain["dismissed"] = let("name", "Ивановой", "так надо")
	if status, said := take(olga, "propose", certain); status != http.StatusConflict || said["error"] != "excerpt_open" || len(said["findings"].([]any)) != 1 {
		t.Errorf("certain, by its author: %d %v", status, said)
	}
	good["dismissed"] = let("name", "Анны Сергеевны", ".")
	if status, said := take(olga, "propose", good); status != http.StatusConflict || said["error"] != "excerpt_open" {
		t.Errorf("for no reason: %d %v", status, said)
	}
	good["dismissed"] = let("name", "Анны Сергеевны", "Это имя сотрудницы офиса")
	status, said := take(olga, "propose", good)
	if status != http.StatusOK {
		t.Fatalf("proposed: %d %v", status, said)
	}
	// The same eyes approve nothing; the second decide anew about each finding.
	if status, said := take(olga, "approve", map[string]any{"dismissed": good["dismissed"]}); status != http.StatusForbidden || said["error"] != "case_same_eyes" {
		t.Errorf("by its author: %d %v", status, said)
	}
	if status, said := take(lidia, "approve", nil); status != http.StatusConflict || said["error"] != "excerpt_open" {
		t.Errorf("approved unseen: %d %v", status, said)
	}
	if status, said := take(lidia, "approve", map[string]any{"dismissed": let("name", "Анны Сергеевны", "-----")}); status != http.StatusConflict || said["error"] != "excerpt_open" {
		t.Errorf("approved for no reason: %d %v", status, said)
	}
	if status, said := take(lidia, "approve", map[string]any{"dismissed": good["dismissed"]}); status != http.StatusOK || said["publication"].(map[string]any)["stage"] != "published" {
		t.Errorf("approved: %d %v", status, said)
	}
	list, err := lidia.must("GET", "/publications?stage=published", nil)
	if err != nil || len(list["publications"].([]any)) != 1 {
		t.Errorf("published: %v, %v", list, err)
	}
	if status, said := take(lidia, "retract", map[string]any{"reason": "Попросил клиент"}); status != http.StatusOK || said["publication"].(map[string]any)["stage"] != "retracted" {
		t.Errorf("withdrawn: %d %v", status, said)
	}
	// Who let something stand, and why, is written down.
	lines, err := o.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.CasePublish, Limit: 10})
	if err != nil || len(lines) != 3 || !strings.Contains(fmt.Sprint(lines), "Это имя сотрудницы офиса") {
		t.Errorf("the audit: %v, %v", lines, err)
	}
	// A case of somebody else's number, or none.
	for _, bad := range []string{"ОБ-2026-999999", "x", strings.Repeat("9", 3000), "%00"} {
		if status, said, _ := olga.ask("GET", "/publications/"+url.PathEscape(bad), nil); status != http.StatusNotFound {
			t.Errorf("%.20q: %d %v", bad, status, said)
		}
	}
}

// What is found in a draft tells of the customer: who may not open a case, and does
// not decide about what was proposed of it, is told nothing, whatever he guesses.
func TestPublicationsTellStrangersNothing(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "chat", "chat")
	o.answers("olga", n, "Расход вырос.")
	igor := o.hire(t, "stranger-1", "Игорь", nil, staff.ComplaintRouter)
	vera := o.hire(t, "stranger-2", "Вера", nil, staff.ReceptionSpecialist)
	eva := o.hire(t, "stranger-3", "Ева", nil, staff.ContentEditor)
	path := "/publications/" + url.PathEscape(n.String())
	guess := map[string]any{"question": "Почему жалуется Иванова?", "answer": "Написали на demo01@post.example.", "audience": "both", "lang": "ru", "section": "bills"}
	ask := func(k *clerk) []int {
		t.Helper()
		var got []int
		for _, one := range []struct {
			method, path string
			body         map[string]any
		}{{"GET", path, nil}, {"POST", path + "/look", guess}} {
			status, said, err := k.ask(one.method, one.path, one.body)
			if err != nil || status != http.StatusOK && (said["error"] != "case_unknown" || said["findings"] != nil) {
				t.Errorf("%s: %v, %v", one.path, said, err)
			}
			got = append(got, status)
		}
		list, err := k.must("GET", "/publications?stage=proposed", nil)
		if err != nil {
			t.Fatal(err)
		}
		return append(got, len(list["publications"].([]any)))
	}
	check := func(when string, k *clerk, want ...int) {
		t.Helper()
		if got := ask(k); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s, %s: %v, want %v", when, k.login, got, want)
		}
	}
	check("nothing is proposed", igor, http.StatusNotFound, http.StatusNotFound, 0)
	check("nothing is proposed", eva, http.StatusNotFound, http.StatusNotFound, 0)
	check("nothing is proposed", vera, http.StatusOK, http.StatusOK, 0)
	now, err := vera.must("GET", path, nil)
	if err != nil {
		t.Fatal(err)
	}
	good := map[string]any{"id": "stranger-click", "revision": now["revision"], "step": "propose", "question": "Почему вырос счёт?", "answer": "Расход вырос.", "audience": "both", "lang": "ru", "section": "bills"}
	olga := o.clerk("olga")
	if err := olga.come(); err != nil {
		t.Fatal(err)
	}
	if _, err := olga.must("POST", path, good); err != nil {
		t.Fatal(err)
	}
	check("it is proposed", igor, http.StatusNotFound, http.StatusNotFound, 0)
	check("it is proposed", eva, http.StatusOK, http.StatusOK, 1)
	// Who works in the queue of his role sees the case, and so what is published of it.
	routed := o.file("В-0", appeal.Question, "chat", "chat")
	o.does("lidia", routed, life.Do{Event: life.Route, Queue: "zhaloby", Override: true, Waive: true, Note: privacy.NewText("Похоже на жалобу")})
	o.answers("olga", routed, "Расход вырос.")
	path = "/publications/" + url.PathEscape(routed.String())
	if status, said, err := igor.ask("GET", caseAt(routed), nil); err != nil || status != http.StatusOK {
		t.Fatalf("it is not in his queue: %d %v, %v", status, said, err)
	}
	check("in his role's queue", igor, http.StatusOK, http.StatusOK, 0)
	if now, err = olga.must("GET", path, nil); err != nil {
		t.Fatal(err)
	}
	good["id"], good["revision"] = "stranger-click-2", now["revision"]
	if _, err := olga.must("POST", path, good); err != nil {
		t.Fatal(err)
	}
	check("in his role's queue, proposed", igor, http.StatusOK, http.StatusOK, 1)
}

// A supervisor's indicators are by whatever he asks for, in a spreadsheet too; who
// watches nothing sees none.
func TestIndicatorsInTheConsole(t *testing.T) {
	t.Parallel()
	o := &bureau{server: startServer(t), t: t}
	n := o.file("В-0", appeal.Question, "chat", "chat")
	o.answers("olga", n, "Расход вырос.")
	lidia, nina := o.clerk("lidia"), o.employ(t, "watches-nothing", staff.OfficeClerk)
	for _, k := range []*clerk{lidia, nina} {
		if err := k.come(); err != nil {
			t.Fatal(err)
		}
	}
	for _, by := range []string{"kind", "category", "queue", "territory"} {
		said, err := lidia.must("GET", "/indicators?by="+by, nil)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := said["all"].(map[string]any)
		if rows, _ := said["rows"].([]any); len(rows) == 0 || all["answered"].(float64) < 1 || said["by"] != by {
			t.Errorf("%s: %v", by, said)
		}
	}
	for _, bad := range []string{"by=name", "period=2026-13", "period=%3Cscript%3E"} {
		if status, said, _ := lidia.ask("GET", "/indicators?"+bad, nil); status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", bad, status, said)
		}
	}
	for _, path := range []string{"/indicators", "/indicators.csv"} {
		if status, said, _ := nina.ask("GET", path, nil); status != http.StatusForbidden {
			t.Errorf("%s for a clerk of an office: %d %v", path, status, said)
		}
	}
}
