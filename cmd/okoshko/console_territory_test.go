package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"okoshko/core/appeal"
	"okoshko/core/audit"
	"okoshko/core/staff"
)

// Where a case belongs that tells nothing of it, or the wrong thing, its keeper says
// for a reason: the table is asked anew, says why, and what the customer says later
// does not undo it (spec §5.7).
func TestATerritoryIsSetByHand(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	olga := s.hire(t, "territory-1", "Ольга", nil, staff.ReceptionSpecialist)
	oleg := s.hire(t, "territory-2", "Олег", nil, staff.ReceptionSpecialist)
	petr := s.hire(t, "territory-3", "Пётр", []string{"raschet-03"}, staff.DirectionSpecialist)
	s.hire(t, "territory-4", "Зоя", []string{"raschet-01", "raschet-04"}, staff.DirectionSpecialist)
	n := s.file(t, appeal.Question, "В-1", map[appeal.Name]string{appeal.Body: "Почему вырос счёт?"})
	seen := olga.does(t, n, "take", nil)
	if why := fmt.Sprint(seen["route"]); !strings.Contains(why, "raschet-01") || !strings.Contains(why, "так сказал клиент") {
		t.Fatalf("before: %v", why)
	}
	for what, c := range map[string]struct {
		more   map[string]any
		status int
		code   string
	}{
		"without a reason": {map[string]any{"territory": "03"}, http.StatusBadRequest, "case_note"},
		"to none":          {map[string]any{"territory": "", "note": "живёт там"}, http.StatusBadRequest, "case_territory"},
		"to nowhere":       {map[string]any{"territory": "99'; --", "note": "живёт там"}, http.StatusBadRequest, "case_territory"},
		"to its own":       {map[string]any{"territory": "01", "note": "живёт там"}, http.StatusBadRequest, "case_territory"},
	} {
		if status, said := olga.deed(t, n, "locate", c.more); status != c.status || said["error"] != c.code {
			t.Errorf("%s: %d %v", what, status, said)
		}
	}
	if status, said := oleg.deed(t, n, "locate", map[string]any{"territory": "03", "note": "живёт там"}); status != http.StatusConflict || said["error"] != "case_taken" {
		t.Errorf("a colleague: %d %v", status, said)
	}
	seen = olga.does(t, n, "locate", map[string]any{"territory": "03", "note": "Дом в Северном районе, номер из старой квитанции"})
	if why := fmt.Sprint(seen["route"]); seen["territory"] != "03" || !strings.Contains(why, "raschet-03") || !strings.Contains(why, "так указал сотрудник") {
		t.Errorf("afterwards: %v", why)
	}
	if line := fmt.Sprint(seen["history"].([]any)[0]); !strings.Contains(line, "Северн") || !strings.Contains(line, "старой квитанции") {
		t.Errorf("its line: %v", line)
	}
	seen = olga.does(t, n, "clarify", map[string]any{"answers": map[string][]string{"account": {"0145201372"}}})
	if seen["territory"] != "03" {
		t.Errorf("the account undoes it: %v", seen["territory"])
	}
	olga.does(t, n, "route", map[string]any{"queue": "raschet-03", "waive": true, "note": "Период назван в тексте"})
	if status, said := petr.deed(t, n, "locate", map[string]any{"territory": "01", "note": "не моя"}); status != http.StatusForbidden {
		t.Errorf("a specialist: %d %v", status, said)
	}
	// What lies in a queue already goes to the keeper to be routed anew.
	seen = olga.does(t, n, "locate", map[string]any{"territory": "04", "note": "Ошиблись районом"})
	if !strings.Contains(fmt.Sprint(seen["work"]), "reroute") || !strings.Contains(fmt.Sprint(seen["route"]), "raschet-04") {
		t.Errorf("what it asks for: %v, %v", seen["work"], seen["route"])
	}
	lines, err := s.stores.db.ListAudit(t.Context(), audit.Filter{Act: audit.CaseStep, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, l := range lines {
		found = found || l.After["event"] == "locate" && l.Before["territory"] == "01" && l.After["territory"] == "03"
	}
	if !found {
		t.Errorf("the book does not say from where to where: %v", lines)
	}
}
