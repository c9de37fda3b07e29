package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"okoshko/bots/console"
	"okoshko/core/appeal"
	"okoshko/core/appeal/registry"
	"okoshko/core/audit"
	"okoshko/core/chat"
	"okoshko/core/knowledge"
	"okoshko/core/staff"
)

// hire adds somebody to a server's staff who has come to work.
func (s *server) hire(t *testing.T, login, name string, teams []string, roles ...staff.Role) *clerk {
	t.Helper()
	const password = "a password of his own"
	hash, err := console.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.stores.db.AddStaff(t.Context(), audit.Entry{}, login, hash, false, staff.Card{Name: name, Roles: roles, Teams: teams}); err != nil {
		t.Fatal(err)
	}
	k := s.clerk(login)
	k.password = password
	if err := k.come(); err != nil {
		t.Fatal(err)
	}
	return k
}

// file registers a case of a conversation, with what a customer would have said.
func (s *server) file(t *testing.T, kind appeal.Kind, category string, said map[appeal.Name]string) appeal.Number {
	t.Helper()
	// A chat on the site: Telegram would say that nobody is behind it.
	const who chat.Conversation = "web:7001"
	answers := appeal.Answers{}.With(appeal.Contact, "chat").With(appeal.AnswerWay, "chat")
	for name, value := range said {
		answers = answers.With(name, value)
	}
	filed, err := s.stores.db.RegisterCase(t.Context(), registry.Effect{ID: fmt.Sprintf("test/%s", strings.ToLower(t.Name()+said[appeal.Body])), Conversation: who, At: s.clock.Now()},
		registry.Filing{Kind: kind, Category: category, Audience: knowledge.Individuals, Lang: "ru", Channel: "web", Answers: answers, Territory: "01"})
	if err != nil {
		t.Fatal(err)
	}
	return filed.Number
}

func caseAt(n appeal.Number, more ...string) string {
	return "/cases/" + url.PathEscape(n.String()) + strings.Join(more, "")
}

// deed does something to a case at the revision that its page has.
func (k *clerk) deed(t *testing.T, n appeal.Number, event string, more map[string]any) (int, map[string]any) {
	t.Helper()
	seen, err := k.must(http.MethodGet, caseAt(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	k.sent++
	body := map[string]any{"id": fmt.Sprintf("deed-%s-%06d", event, k.sent), "revision": seen["revision"], "event": event}
	for name, value := range more {
		body[name] = value
	}
	status, said, err := k.ask(http.MethodPost, caseAt(n, "/do"), body)
	if err != nil {
		t.Fatal(err)
	}
	return status, said
}

// does what must work.
func (k *clerk) does(t *testing.T, n appeal.Number, event string, more map[string]any) map[string]any {
	t.Helper()
	status, said := k.deed(t, n, event, more)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %v", k.login, event, status, said)
	}
	return said
}

func textsIn(v any) []string {
	var list []string
	all, _ := v.([]any)
	for _, one := range all {
		text, _ := one.(string)
		list = append(list, text)
	}
	return list
}

// zonedDay is today in the company's zone.
func zonedDay(t *testing.T, s *server) string {
	t.Helper()
	zone, err := s.config.Company.Location()
	if err != nil {
		t.Fatal(err)
	}
	return s.clock.Now().In(zone).Format("2006-01-02")
}

// A complaint goes its way through the console: a router asks, enters what is
// missing, routes it; a specialist prepares the answer; the router sends it.
func TestAComplaintGoesThroughTheConsole(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	igor := s.hire(t, "router-1", "Игорь", nil, staff.ComplaintRouter)
	oleg := s.hire(t, "router-2", "Олег", nil, staff.ComplaintRouter)
	petr := s.hire(t, "petr", "Пётр", []string{"raschet-01"}, staff.DirectionSpecialist)
	n := s.file(t, appeal.Complaint, "Ж-1", map[appeal.Name]string{appeal.Body: "Начислили вдвое больше обычного."})

	list, err := igor.must(http.MethodGet, "/cases?tab=check", nil)
	if err != nil || !strings.Contains(fmt.Sprint(list["cases"]), n.String()) {
		t.Fatalf("the router's list: %v, %v", list, err)
	}
	if list, _ := petr.must(http.MethodGet, "/cases?tab=all", nil); strings.Contains(fmt.Sprint(list["cases"]), n.String()) {
		t.Error("a specialist sees what is not in his queue")
	}
	if status, said, _ := petr.ask(http.MethodGet, caseAt(n), nil); status != http.StatusNotFound || said["error"] != "case_unknown" {
		t.Errorf("he opens it all the same: %d %v", status, said)
	}
	seen := igor.does(t, n, "take", nil)
	if !slices.Contains(textsIn(seen["possible"]), "route") || seen["route"] == nil {
		t.Fatalf("the router cannot route: %v", seen)
	}
	if status, said := oleg.deed(t, n, "ask", map[string]any{"note": "Какой у вас лицевой счёт?", "way": "chat"}); status != http.StatusConflict || said["error"] != "case_taken" {
		t.Errorf("a colleague asks in his stead: %d %v", status, said)
	}
	queue := seen["route"].(map[string]any)["queue"]
	if status, said := igor.deed(t, n, "route", map[string]any{"queue": queue}); status != http.StatusBadRequest || said["error"] != "case_complete" ||
		!strings.Contains(fmt.Sprint(said["said"]), "не хватает") {
		t.Errorf("an incomplete case is routed: %d %v", status, said)
	}
	if status, said := igor.deed(t, n, "route", map[string]any{"queue": "dolg-01", "waive": false}); status == http.StatusOK {
		t.Errorf("to another queue without a reason: %v", said)
	}
	igor.does(t, n, "ask", map[string]any{"note": "Какой у вас лицевой счёт?", "way": "chat"})
	if status, said := igor.deed(t, n, "clarify", map[string]any{"answers": map[string][]string{"account": {"12"}}}); status != http.StatusBadRequest ||
		!strings.Contains(fmt.Sprint(said["fields"]), "10 цифр") {
		t.Errorf("an account of two digits: %d %v", status, said)
	}
	igor.does(t, n, "clarify", map[string]any{"answers": map[string][]string{"account": {"0145201372"}}})
	igor.does(t, n, "route", map[string]any{"queue": "raschet-01", "waive": true, "note": "Период назван в тексте"})

	petr.does(t, n, "accept", nil)
	saved, err := petr.must(http.MethodPost, caseAt(n, "/replies"), map[string]any{"text": "Мы сделали перерасчёт."})
	if err != nil {
		t.Fatal(err)
	}
	petr.does(t, n, "prepare", map[string]any{"reply": saved["id"]})
	last := igor.does(t, n, "answer", map[string]any{"reply": saved["id"]})
	if last["state"] != "answered" || !strings.Contains(fmt.Sprint(last["replies"]), "перерасчёт") {
		t.Errorf("answered: %v", last)
	}
	history := last["history"].([]any)
	if len(history) != 8 {
		t.Errorf("%d lines of history: %v", len(history), history)
	}
}

// Two colleagues at one case: the slower is told what has happened, and shown
// the case as it is; the same press sent twice is one deed.
func TestTwoAtOneCase(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	olga := s.hire(t, "olga-1", "Ольга", nil, staff.ReceptionSpecialist)
	lidia := s.hire(t, "lidia-1", "Лидия", nil, staff.Supervisor)
	n := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Когда вы работаете?"})
	seen, err := olga.must(http.MethodGet, caseAt(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	lidia.does(t, n, "notify", map[string]any{"day": zonedDay(t, s)})
	body := map[string]any{"id": "slow-press-1", "revision": seen["revision"], "event": "take"}
	status, said, _ := olga.ask(http.MethodPost, caseAt(n, "/do"), body)
	now, _ := said["case"].(map[string]any)
	if status != http.StatusConflict || said["error"] != "case_moved" || now == nil || now["revision"] == seen["revision"] {
		t.Fatalf("a stale press: %d %v", status, said)
	}
	body["revision"], body["id"] = now["revision"], "slow-press-2"
	for range 2 {
		if said, err = olga.must(http.MethodPost, caseAt(n, "/do"), body); err != nil {
			t.Fatal(err)
		}
	}
	if history := said["history"].([]any); len(history) != 3 {
		t.Errorf("pressed twice: %v", history)
	}
	// A press is one case's: the same ID at another case is another deed.
	other := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Где ваш офис?"})
	if seen, err = olga.must(http.MethodGet, caseAt(other), nil); err != nil {
		t.Fatal(err)
	}
	body["revision"] = seen["revision"]
	for range 2 {
		if said, err = olga.must(http.MethodPost, caseAt(other, "/do"), body); err != nil {
			t.Fatal(err)
		}
	}
	keeper, _ := said["keeper"].(map[string]any)
	if history := said["history"].([]any); len(history) != 2 || said["number"] != other.String() || keeper["name"] != "Ольга" {
		t.Errorf("pressed at another case: %v", said)
	}
}

// Whoever a case is about sees it in no list, opens it by no address, does
// nothing to it; he is not offered as somebody to whom it could be handed.
func TestNobodySeesACaseAboutHimself(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	igor := s.hire(t, "about-1", "Игорь", nil, staff.ComplaintRouter, staff.Supervisor, staff.ContentEditor)
	oleg := s.hire(t, "about-2", "Олег", nil, staff.ComplaintRouter)
	n := s.file(t, appeal.Complaint, "Ж-3", map[appeal.Name]string{appeal.Body: "Сотрудник Игорь был груб."})
	oleg.does(t, n, "name", map[string]any{"person": s.accountOf(t, igor).ID})
	_, saved, err := oleg.keeps(n, "", "Мы разобрались и извинились.")
	if err != nil {
		t.Fatal(err)
	}
	oleg.does(t, n, "answer", map[string]any{"reply": saved["id"]})
	now, err := oleg.must(http.MethodGet, caseAt(n), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := oleg.must(http.MethodPost, "/publications/"+url.PathEscape(n.String()), map[string]any{
		"id": "propose-1", "revision": now["revision"], "step": "propose", "section": "bills", "audience": "both", "lang": "ru",
		"question": "Что делать, если сотрудник груб?", "answer": "Напишите нам жалобу.",
	}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/cases?tab=all", "/cases?tab=answered", "/cases?tab=check", "/cases?tab=all&hat=keep", "/cases?tab=mine"} {
		if list, err := igor.must(http.MethodGet, path, nil); err != nil || strings.Contains(fmt.Sprint(list), n.String()) {
			t.Errorf("%s: %v, %v", path, list, err)
		}
	}
	if list, err := igor.must(http.MethodGet, "/publications?stage=proposed", nil); err != nil || strings.Contains(fmt.Sprint(list), n.String()) {
		t.Errorf("what is to be published of it: %v, %v", list, err)
	}
	// Every address that names a case, whichever will be added.
	doors := 0
	for _, d := range s.doors() {
		if !strings.Contains(d.Path, "/:n") || !strings.HasPrefix(d.Path, "/cases/") && !strings.HasPrefix(d.Path, "/publications/") {
			continue
		}
		doors++
		path := strings.NewReplacer(":nth", "1", ":n", url.PathEscape(n.String()), ":id", "1", ":k", "1").Replace(d.Path)
		body := map[string]any{
			"id": "about-me-1", "revision": 2, "event": "take", "step": "approve", "field": "passport", "reason": "хочу посмотреть", "text": "Ответ", "way": "post",
			"question": "Вопрос?", "answer": "Ответ.", "section": "bills", "audience": "both", "lang": "ru",
		}
		if status, said, _ := igor.ask(d.Method, path, body); status != http.StatusNotFound || said["error"] != "case_unknown" {
			t.Errorf("%s %s: %d %v", d.Method, d.Path, status, said)
		}
	}
	if doors < 11 {
		t.Errorf("only %d addresses were tried", doors)
	}
	if status, said, _ := igor.bring("/cases/files", "case", n.String(), "а.pdf", sheet); status != http.StatusNotFound || said["error"] != "case_unknown" {
		t.Errorf("a file for the answer: %d %v", status, said)
	}
	if status, said := oleg.deed(t, n, "hand", map[string]any{"person": s.accountOf(t, igor).ID}); status != http.StatusForbidden || said["error"] != "case_about" {
		t.Errorf("it is handed to him: %d %v", status, said)
	}
	if status, said := oleg.deed(t, n, "name", map[string]any{"person": s.accountOf(t, oleg).ID}); status != http.StatusOK || said["gone"] != true {
		t.Errorf("who names himself sees it no more: %d %v", status, said)
	}
}

// Secret answers are shown to nobody without a reason, nor through a role that
// may not; the book says who has seen them, and why.
func TestSecretAnswersAreRevealedForAReason(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	igor := s.hire(t, "secret-1", "Игорь", nil, staff.ComplaintRouter)
	n := s.file(t, appeal.Complaint, "Ж-5", map[appeal.Name]string{appeal.Body: "Лампы мигают.", "passport": "6500123456"})
	seen, err := igor.must(http.MethodGet, caseAt(n), nil)
	if err != nil || strings.Contains(fmt.Sprint(seen), "6500123456") || !strings.Contains(fmt.Sprint(seen["answers"]), "hidden:true") {
		t.Fatalf("before a reason: %v, %v", seen, err)
	}
	for reason, code := range map[string]string{"": "case_reason", "  ab  ": "case_reason", strings.Repeat("а", 301): "case_reason"} {
		if status, said, _ := igor.ask(http.MethodPost, caseAt(n, "/reveal"), map[string]any{"field": "passport", "reason": reason}); status != http.StatusBadRequest || said["error"] != code {
			t.Errorf("%q: %d %v", reason, status, said)
		}
	}
	if status, _, _ := igor.ask(http.MethodPost, caseAt(n, "/reveal"), map[string]any{"field": "text", "reason": "запрос в сети"}); status != http.StatusNotFound {
		t.Errorf("a field that is none: %d", status)
	}
	if said, err := igor.must(http.MethodPost, caseAt(n, "/reveal"), map[string]any{"field": "passport", "reason": "запрос в сетевую компанию"}); err != nil || !strings.Contains(fmt.Sprint(said), "6500123456") {
		t.Fatalf("for a reason: %v, %v", said, err)
	}
	lines, err := s.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.CaseReveal, Limit: 10})
	if err != nil || len(lines) != 1 || lines[0].Reason != "запрос в сетевую компанию" || lines[0].Subject != n.String() {
		t.Errorf("the book: %v, %v", lines, err)
	}
	if lines, _ = s.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.CaseLook, Limit: 10}); len(lines) == 0 {
		t.Error("looks are not written down")
	}
}

// What the page cannot send is refused by name, and nothing is done.
func TestHostileCasework(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	olga := s.hire(t, "hostile-1", "Ольга", nil, staff.ReceptionSpecialist)
	n := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Вопрос?"})
	for what, c := range map[string]struct {
		change map[string]any
		code   string
	}{
		"no event":               {map[string]any{"event": ""}, "invalid"},
		"an event of nobody":     {map[string]any{"event": "drop table"}, "invalid"},
		"a registration":         {map[string]any{"event": "register"}, "case_role"},
		"a rating in his stead":  {map[string]any{"event": "rate"}, "case_role"},
		"a short ID":             {map[string]any{"id": "x"}, "invalid"},
		"an ID with a slash":     {map[string]any{"id": "../../../../x"}, "invalid"},
		"no revision":            {map[string]any{"revision": 0}, "invalid"},
		"a revision as a text":   {map[string]any{"revision": "x"}, "invalid"},
		"a note with a zero":     {map[string]any{"event": "ask", "note": "а\x00б"}, "field_signs"},
		"a note without end":     {map[string]any{"event": "ask", "note": strings.Repeat("ы", 5000)}, "case_note_long"},
		"a blank note":           {map[string]any{"event": "ask", "note": " \n\t "}, "case_note"},
		"a day that is none":     {map[string]any{"event": "notify", "day": "2026-02-31"}, "case_day"},
		"a number that is none":  {map[string]any{"event": "duplicate", "other": "abc"}, "case_number"},
		"itself as another":      {map[string]any{"event": "duplicate", "other": n.String()}, "case_other"},
		"a queue that is none":   {map[string]any{"event": "route", "queue": "'; --"}, "case_queue"},
		"somebody who is nobody": {map[string]any{"event": "hand", "person": 99999}, "case_person"},
		"an answer of nobody":    {map[string]any{"event": "answer", "reply": "ОБ-2026-000999/1"}, "case_letter"},
		"a secret by hand":       {map[string]any{"event": "clarify", "answers": map[string]any{"passport": []string{"6500123456"}}}, "invalid"},
	} {
		body := map[string]any{"id": "hostile-press-1", "revision": 1, "event": "take"}
		for name, value := range c.change {
			body[name] = value
		}
		status, said, err := olga.ask(http.MethodPost, caseAt(n, "/do"), body)
		if err != nil || status < 400 || status >= 500 || said["error"] != c.code {
			t.Errorf("%s: %d %v, %v", what, status, said, err)
		}
	}
	for _, path := range []string{
		"/cases?tab=none", "/cases?kind=none", "/cases?person=x", "/cases?person=-1", "/cases?after=x.y", "/cases?after=99999999999999999999.1",
		"/cases/route?function=none", "/cases/route?function=F1&day=x", "/cases/route?function=F1&present=maybe", "/cases/route?function=F1&absent=1,x",
		"/cases/articles?q=" + strings.Repeat("a", 400),
	} {
		if status, said, _ := olga.ask(http.MethodGet, path, nil); status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", path, status, said)
		}
	}
	if status, _, _ := olga.ask(http.MethodGet, "/cases?hat=watch", nil); status != http.StatusForbidden {
		t.Errorf("a hat that is not hers: %d", status)
	}
	for _, path := range []string{"/cases/abc", "/cases/%00", "/cases/%D0%9E%D0%91-2026-999999", caseAt(n, "/files/0"), caseAt(n, "/files/x")} {
		if status, _, _ := olga.ask(http.MethodGet, path, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if seen, err := olga.must(http.MethodGet, caseAt(n), nil); err != nil || seen["revision"] != 1.0 {
		t.Errorf("something was done: %v, %v", seen["revision"], err)
	}
	// The number is found as people type it.
	if seen, err := olga.must(http.MethodGet, "/cases/"+url.PathEscape(strings.ToLower(strings.ReplaceAll(n.String(), "-", " "))), nil); err != nil || seen["number"] != n.String() {
		t.Errorf("a number as it is typed: %v", err)
	}
}

// The supervisor sees who has how much, and the test of routes says why.
func TestMonitorAndRoutes(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	lidia := s.hire(t, "watch-1", "Лидия", nil, staff.Supervisor)
	olga := s.hire(t, "watch-2", "Ольга", nil, staff.ReceptionSpecialist)
	n := s.file(t, appeal.Question, "В-1", map[appeal.Name]string{appeal.Body: "Вопрос о счёте?"})
	olga.does(t, n, "take", nil)
	monitor, err := lidia.must(http.MethodGet, "/cases/monitor", nil)
	if err != nil || monitor["open"].(float64) < 1 || !strings.Contains(fmt.Sprint(monitor["people"]), "Ольга") {
		t.Errorf("the monitor: %v, %v", monitor, err)
	}
	route, err := olga.must(http.MethodGet, "/cases/route?function=F1&territory=03&present=all", nil)
	if err != nil || !strings.Contains(fmt.Sprint(route["why"]), "Расчёты, Северная") {
		t.Errorf("where and why: %v, %v", route, err)
	}
	found, err := olga.must(http.MethodGet, "/cases/articles?q="+url.QueryEscape("почему такой большой счёт"), nil)
	if list, _ := found["articles"].([]any); err != nil || len(list) == 0 {
		t.Errorf("articles: %v, %v", found, err)
	}
	counts, err := olga.must(http.MethodGet, "/cases/counts", nil)
	if tabs, _ := counts["tabs"].(map[string]any); err != nil || tabs["check"].(float64) < 1 {
		t.Errorf("counts: %v, %v", counts, err)
	}
}
