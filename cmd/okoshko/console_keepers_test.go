package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/staff"
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
	if keeper, _ := taken["keeper"].(map[string]any); keeper["name"] != "Лидия" || slices.Contains(textsIn(taken["possible"]), "take") {
		t.Errorf("kept by %v, possible %v", taken["keeper"], taken["possible"])
	}
	if status, said := lidia.deed(t, n, "take", nil); status != http.StatusConflict || said["error"] != "case_kept" {
		t.Errorf("taken again: %d %v", status, said)
	}
	if status, said := igor.deed(t, n, "ask", map[string]any{"note": "Когда это было?", "way": "chat"}); status != http.StatusConflict || said["error"] != "case_taken" {
		t.Errorf("a colleague works on it: %d %v", status, said)
	}
	// A question is about nobody of the staff: a complaint is.
	question := s.file(t, appeal.Question, "В-0", map[appeal.Name]string{appeal.Body: "Когда вы работаете?"})
	seen := lidia.does(t, question, "take", nil)
	if slices.Contains(textsIn(seen["possible"]), "name") {
		t.Error("it is offered to name whom a question is about")
	}
	if status, said := lidia.deed(t, question, "name", map[string]any{"person": s.accountOf(t, igor).ID}); status != http.StatusConflict || said["error"] != "case_state" {
		t.Errorf("a question about somebody: %d %v", status, said)
	}
}
