package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"okoshko/adapters/postgres/pgtest"
	"okoshko/core/appeal"
	"okoshko/core/staff"
	"okoshko/dialogs/words"
	"okoshko/dialogs/words/cases"
)

// A complaint is closed as a repetition of a complaint of the same customer that is
// still answered, and of nothing else; whoever was wrong takes it back.
func TestNoComplaintIsBuriedAsARepetition(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	igor := s.hire(t, "bury-1", "Игорь", nil, staff.ComplaintRouter)
	n := s.file(t, appeal.Complaint, "Ж-3", map[appeal.Name]string{appeal.Body: "Долго ждала по записи."})
	first := s.file(t, appeal.Complaint, "Ж-3", map[appeal.Name]string{appeal.Body: "Запись не действует."})
	question := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Когда вы работаете?"})
	if status, said := igor.deed(t, n, "duplicate", map[string]any{"other": question.String()}); status != http.StatusBadRequest ||
		said["error"] != "case_other_kind" || !strings.Contains(fmt.Sprint(said["said"]), "другого вида") {
		t.Errorf("a complaint that repeats a question: %d %v", status, said)
	}
	closed := igor.does(t, n, "duplicate", map[string]any{"other": first.String()})
	if possible := textsIn(closed["possible"]); closed["state"] != "closed" || !slices.Equal(possible, []string{"reopen"}) {
		t.Fatalf("closed as a repetition: %v, possible %v", closed["state"], possible)
	}
	back := igor.does(t, n, "reopen", map[string]any{"note": "Это другая запись"})
	if back["state"] != "registered" || back["other"] != "" || back["due"] == nil || back["reopened"] != 0.0 {
		t.Errorf("taken back: %v", back)
	}
	_, saved, err := igor.keeps(first, "", "Мы разобрались.")
	if err != nil {
		t.Fatal(err)
	}
	done := igor.does(t, first, "answer", map[string]any{"reply": saved["id"]})
	if slices.Contains(textsIn(done["possible"]), "reopen") {
		t.Error("the router is offered to open again what was answered")
	}
	if status, said := igor.deed(t, n, "duplicate", map[string]any{"other": first.String()}); status != http.StatusBadRequest || said["error"] != "case_other_ended" {
		t.Errorf("a repetition of what was answered: %d %v", status, said)
	}
}

// The supervisor who takes a case keeps it, and takes it once.
func TestTheSupervisorTakesACase(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	lidia := s.hire(t, "taker-1", "Лидия", nil, staff.Supervisor)
	igor := s.hire(t, "taker-2", "Игорь", nil, staff.ComplaintRouter)
	n := s.file(t, appeal.Complaint, "Ж-3", map[appeal.Name]string{appeal.Body: "Сотрудник был груб."})
	taken := lidia.does(t, n, "take", nil)
	if tasks := fmt.Sprint(taken["tasks"]); !strings.Contains(tasks, "own:true") || !strings.Contains(tasks, "Лидия") || strings.Contains(tasks, "complaint_router") {
		t.Errorf("whose it is to check: %v", tasks)
	}
	if keeper, _ := taken["keeper"].(map[string]any); keeper["name"] != "Лидия" || slices.Contains(textsIn(taken["possible"]), "take") {
		t.Errorf("kept by %v, possible %v", taken["keeper"], taken["possible"])
	}
	if status, said := lidia.deed(t, n, "take", nil); status != http.StatusConflict || said["error"] != "case_kept" {
		t.Errorf("taken again: %d %v", status, said)
	}
	if status, said := igor.deed(t, n, "ask", map[string]any{"note": "Когда это было?", "way": "chat"}); status != http.StatusConflict || said["error"] != "case_taken" {
		t.Errorf("a colleague works on it: %d %v", status, said)
	}
	// A question, too, may be about one of the staff.
	question := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Когда вы работаете?"})
	seen := lidia.does(t, question, "take", nil)
	if !slices.Contains(textsIn(seen["possible"]), "name") {
		t.Error("it is not offered to name whom a question is about")
	}
	if named := lidia.does(t, question, "name", map[string]any{"person": s.accountOf(t, igor).ID}); !strings.Contains(fmt.Sprint(named["about"]), "Игорь") {
		t.Errorf("a question about somebody: %v", named["about"])
	}
}

// What falls back to the supervisor is told to her, she takes it on and gives it
// back; a queue in which nobody works takes nothing unless that is confirmed, and
// one's own takes nothing (spec §5.7).
func TestTheFallbackIsNoDeadEnd(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	lidia := s.hire(t, "fall-1", "Лидия", nil, staff.Supervisor)
	igor := s.hire(t, "fall-2", "Игорь", nil, staff.ComplaintRouter)
	n := s.file(t, appeal.Complaint, "Ж-3", map[appeal.Name]string{appeal.Body: "Грубили."})
	seen := igor.does(t, n, "take", nil)
	route, _ := seen["route"].(map[string]any)
	if route["queue"] != "kontrol" || !slices.Contains(textsIn(route["vacant"]), "servis") || slices.Contains(textsIn(route["vacant"]), "kontrol") ||
		!strings.Contains(fmt.Sprint(route["why"]), "там не работает ни один сотрудник") {
		t.Errorf("where nobody works: %v", route)
	}
	servis := map[string]any{"queue": "servis", "waive": true, "note": "Разбирают там"}
	if status, said := igor.deed(t, n, "route", servis); status != http.StatusConflict || said["error"] != "case_unmanned" || said["said"] == nil {
		t.Errorf("to nobody: %d %v", status, said)
	}
	if status, said := igor.deed(t, n, "route", map[string]any{"queue": "zhaloby", "waive": true, "note": "Пусть лежит"}); status != http.StatusConflict && status != http.StatusBadRequest ||
		said["error"] != "case_own_queue" {
		t.Errorf("to himself: %d %v", status, said)
	}
	servis["unmanned"] = true
	if history := fmt.Sprint(igor.does(t, n, "route", servis)["history"]); !strings.Contains(history, "В очередь, где сейчас никого нет") {
		t.Errorf("the history does not say that nobody is there: %s", history)
	}
	if history := fmt.Sprint(igor.does(t, n, "route", map[string]any{"queue": "kontrol", "waive": true, "note": "Никого нет", "unmanned": true})["history"]); strings.Count(history, "В очередь, где сейчас никого нет") != 1 {
		t.Errorf("the history says so of a queue in which somebody works: %s", history)
	}

	own, err := lidia.must(http.MethodGet, "/cases?hat=direct&tab=check", nil)
	if err != nil || !strings.Contains(fmt.Sprint(own["cases"]), n.String()) || !strings.Contains(fmt.Sprint(own["cases"]), "work") {
		t.Errorf("her queue: %v, %v", own, err)
	}
	if task, err := lidia.must(http.MethodGet, caseAt(n), nil); err != nil || !strings.Contains(fmt.Sprint(task["tasks"]), "own:true") {
		t.Errorf("she is told nothing: %v, %v", task["tasks"], err)
	}
	var mailed int
	if err := pgtest.Conn(t, s.config.Postgres.URL.Reveal()).QueryRow(t.Context(),
		`SELECT count(*) FROM river_job WHERE kind = 'mail_case' AND args->>'queue' = 'kontrol' AND args->>'what' = 'work'`).Scan(&mailed); err != nil {
		t.Fatal(err)
	}
	if mailed != 1 {
		t.Errorf("%d letters to the supervisor", mailed)
	}
	lidia.does(t, n, "assign", map[string]any{"person": s.accountOf(t, lidia).ID})
	taken := lidia.does(t, n, "return", map[string]any{"note": "Разберите сами"})
	if taken["state"] != "registered" || taken["queue"] != "" {
		t.Errorf("given back: %v", taken)
	}
	igor.does(t, n, "route", map[string]any{"queue": "kontrol", "waive": true, "note": "Никого нет"})
	if taken = lidia.does(t, n, "accept", nil); !slices.Contains(textsIn(taken["possible"]), "prepare") || slices.Contains(textsIn(taken["possible"]), "accept") {
		t.Errorf("taken on: %v", taken["possible"])
	}
	// A question of which nobody knows whose it is stays with the reception.
	olga := s.hire(t, "fall-3", "Ольга", nil, staff.ReceptionSpecialist)
	q := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Где вы?"})
	if status, said := olga.deed(t, q, "route", map[string]any{"queue": "vp", "waive": true, "note": "Отвечу сама"}); said["error"] != "case_own_queue" {
		t.Errorf("to herself: %d %v", status, said)
	}
}

// A letter that closes a case as off-topic says that nothing of substance can be
// said, and names who can help: whoever has written it, and however it came.
func TestOffTopicSaysSo(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	olga := s.hire(t, "topic-1", "Ольга", nil, staff.ReceptionSpecialist)
	n := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Когда придёт счёт за газ?"})
	book, err := olga.must(http.MethodGet, "/cases/book", nil)
	if err != nil {
		t.Fatal(err)
	}
	one := book["addressees"].([]any)[0].(map[string]any)
	turn := one["turn"].(map[string]any)["ru"].(string)
	refusal := cases.NotOurs(words.RU)
	for text, code := range map[string]string{"Новый текст": "case_not_ours", refusal: "case_not_ours", turn: "case_not_ours"} {
		_, saved, err := olga.keeps(n, "", text)
		if err != nil {
			t.Fatal(err)
		}
		if status, said := olga.deed(t, n, "off_topic", map[string]any{"reply": saved["id"], "addressee": one["code"]}); status != http.StatusBadRequest || said["error"] != code || said["said"] == nil {
			t.Errorf("%q: %d %v", text, status, said)
		}
	}
	_, saved, err := olga.keeps(n, "", "Здравствуйте!\n\n"+strings.Replace(refusal, " по ", "\nпо ", 1)+"\n\n"+turn)
	if err != nil {
		t.Fatal(err)
	}
	if status, said := olga.deed(t, n, "off_topic", map[string]any{"reply": saved["id"], "addressee": "nobody"}); status != http.StatusBadRequest || said["error"] != "case_addressee" {
		t.Errorf("to an organisation that is none: %d %v", status, said)
	}
	olga.does(t, n, "off_topic", map[string]any{"reply": saved["id"], "addressee": one["code"]})
}
